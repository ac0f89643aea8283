"""Discussions, packs and oversight as triage tells of them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx

from shared.schemas.discussion_actions import (
    DiscussionActionView,
)
from shared.schemas.discussions import (
    DiscussionView,
)
from shared.schemas.invitations import Invitation, OwedView, Pack
from shared.schemas.oversight import OversightView
from tests.console.scenes import CASE, COUNCIL, MAISIE, NOW, POLICE, TRUST, an_id

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]

DISCUSSION, ACTION = an_id(700), an_id(710)
OFFICER, NURSE, MANAGER, DOCTOR = (an_id(number) for number in (720, 721, 722, 723))


def attendees() -> list[dict[str, Any]]:
    """Return an officer, a nurse, the hub's manager and a doctor from elsewhere, all invited."""
    return [
        {
            "attendee_id": OFFICER,
            "name": "Omar Hill",
            "role": "Sergeant",
            "agency_id": POLICE,
            "sector": "police",
        },
        {"attendee_id": NURSE, "name": "Nia Morgan", "agency_id": TRUST, "sector": "health"},
        {
            "attendee_id": MANAGER,
            "name": "Marge Hill",
            "agency_id": COUNCIL,
            "sector": "social_care",
            "part": "hub_manager",
        },
        {"attendee_id": DOCTOR, "name": "Dr Lee", "organisation": "Mill Lane practice", "sector": "health"},
    ]


def an_action(**given: Any) -> DiscussionActionView:
    """Return what the police are to do by yesterday; changed by what is given."""
    return DiscussionActionView(
        **{
            "action_id": ACTION,
            "discussion_id": DISCUSSION,
            "case_id": CASE,
            "children": ["Maisie Example"],
            "words": "Ring the school.",
            "owner": "Omar Hill",
            "agency_id": POLICE,
            "due_on": date(2026, 11, 20),
            "overdue": True,
            "done": False,
            "marks": [],
            "added_at": NOW - timedelta(days=4),
            "added_by": "Priya Shah",
        }
        | given
    )


def a_discussion(**given: Any) -> DiscussionView:
    """Return a strategy discussion about Maisie that is called; changed by what is given."""
    return DiscussionView(
        **{
            "discussion_id": DISCUSSION,
            "case_id": CASE,
            "child_ids": [MAISIE],
            "kind": "strategy",
            "state": "called",
            "version": 3,
            "called_because": "Bruising that nobody explains.",
            "called_at": NOW - timedelta(hours=2),
            "called_by": "Priya Shah",
            "record": {"planned_at": NOW + timedelta(hours=3), "attendees": attendees()},
            "history": [
                {
                    "number": 1,
                    "changed": ["attendees", "planned_at"],
                    "recorded_at": NOW - timedelta(hours=2),
                    "recorded_by": "Priya Shah",
                }
            ],
            "quorum": None,
            "conference_due_on": None,
            "warnings": [],
            "conclusion": None,
            "concluded_at": None,
            "concluded_by": None,
            "called_off_at": None,
            "called_off_by": None,
            "called_off_reason": None,
            "actions": [an_action()],
            "issued": [],
            "issued_to_all": False,
        }
        | given
    )


def a_concluded_discussion(**given: Any) -> DiscussionView:
    """Return it after it was held without health, with section 47 begun; changed by what is given."""
    came = [each | {"attendance": "attended"} for each in attendees()]
    came[1] |= {"attendance": "absent", "absent_reason": "On leave."}
    done = {
        "state": "concluded",
        "record": {
            "held_at": NOW - timedelta(hours=1),
            "attendees": came,
            "minutes": "The bruise is not explained.",
            "section_47": {"answer": True, "reason": "A likely inflicted injury."},
            "joint_visit": {"answer": False, "reason": "No officer before six."},
            "medical": {"answer": True, "reason": "At six."},
            "referrer": {"answer": True},
            "interim_safety_plan": "Stays with grandmother.",
            "conference_on": "2026-12-19",
        },
        "quorum": {"met": False, "missing": ["health"], "words": "Held without health: no quorum."},
        "conference_due_on": date(2026, 12, 14),
        "warnings": ["The child protection conference is later than it is due: 14 December 2026."],
        "conclusion": "Enquiries begin today.",
        "concluded_at": NOW - timedelta(minutes=30),
        "concluded_by": "Priya Shah",
        "issued": [
            {
                "attendee_id": OFFICER,
                "issued_at": NOW - timedelta(minutes=10),
                "issued_by": "Priya Shah",
                "record_number": 1,
            }
        ],
    }
    return a_discussion(**done | given)


def an_owed(**given: Any) -> OwedView:
    """Return that Maisie is owed a discussion today."""
    return OwedView(
        **{
            "child_id": MAISIE,
            "call": "same_day",
            "since": NOW - timedelta(minutes=40),
            "due_on": date(2026, 11, 23),
            "called": None,
            "words": "An agency graded 5: police and the hub's manager talk today.",
        }
        | given
    )


def an_entry(**given: Any) -> OversightView:
    """Return a manager's direction about Maisie."""
    return OversightView(
        **{
            "oversight_id": an_id(730),
            "case_id": CASE,
            "child_id": MAISIE,
            "kind": "direction",
            "words": "Do not close before she is seen.",
            "review_on": date(2026, 11, 30),
            "entered_at": NOW - timedelta(minutes=20),
            "entered_by": "Marge Hill",
        }
        | given
    )


def a_pack(**given: Any) -> Pack:
    """Return the nurse's pack before her agency has graded; changed by what is given."""
    child = {"child_id": MAISIE, "given_name": "Maisie", "family_name": "Example"}
    answer = {
        "request_id": an_id(740),
        "child_id": MAISIE,
        "agency_id": POLICE,
        "status": "information",
        "handling": "strategy_meeting",
        "answered_at": NOW - timedelta(hours=1),
        "text": "Four calls this year.",
    }
    return Pack(
        **{
            "discussion_id": DISCUSSION,
            "case_id": None,
            "kind": "strategy",
            "state": "called",
            "planned_at": NOW + timedelta(hours=3),
            "held_at": None,
            "attendee": attendees()[1],
            "children": [child | {"date_of_birth": date(2019, 4, 2), "expected_date_of_birth": None}],
            "called_because": None,
            "answers": [answer],
            "kept_back": 1,
            "minutes": None,
            "withheld": ["Why it was called is shown once the agency has graded."],
        }
        | given
    )


def an_invitation(**given: Any) -> Invitation:
    """Return the nurse's invitation; changed by what is given."""
    return Invitation(
        **{
            "discussion_id": DISCUSSION,
            "kind": "strategy",
            "state": "called",
            "called_at": NOW - timedelta(hours=2),
            "planned_at": NOW + timedelta(hours=3),
            "held_at": None,
            "children": a_pack().children,
            "invited": [attendees()[1]],
        }
        | given
    )
