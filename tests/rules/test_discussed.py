"""When a discussion counts, which are owed, and what lowering a 5 needs: tables of cases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.triage import rules
from services.triage.evidence.discussed import (
    Talked,
    called_since,
    discussion_owed,
    is_same_day_owed,
    missing_from,
    views_missing,
)
from services.triage.models import Grade
from services.triage.rules import Times
from shared.clock import LONDON, london_date
from shared.schemas.discussions import Attendance, Attendee, AttendeePart, DiscussionKind, DiscussionRecord
from shared.schemas.ids import AgencyId, ChildId, DiscussionId
from shared.schemas.invitations import Call
from shared.schemas.policy import RecommendationView
from shared.schemas.words import Pathway, Rag, Sector

POLICE, TRUST, SCHOOL, HOSPITAL = (AgencyId(UUID(int=number)) for number in (1, 2, 3, 4))
MAISIE, AGAIN = ChildId(UUID(int=20)), ChildId(UUID(int=21))
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUORUMS = {
    DiscussionKind.STRATEGY: frozenset({Sector.POLICE, Sector.HEALTH, Sector.SOCIAL_CARE}),
    DiscussionKind.THRESHOLD: frozenset({Sector.POLICE}),
}
THREE = ("police", "health", "social_care")


def after(hours: float) -> datetime:
    return NINE + timedelta(hours=hours)


def there(*sectors: str, **given: Any) -> list[Attendee]:
    """Return somebody of each sector, who attended unless otherwise given."""
    return [
        Attendee(
            **{
                "attendee_id": UUID(int=100 + number),
                "name": "Someone",
                "agency_id": UUID(int=200 + number),
                "sector": sector,
                "attendance": Attendance.ATTENDED,
            }
            | given
        )
        for number, sector in enumerate(sectors)
    ]


def graded(agency: AgencyId, figure: int | None, hours: float = 0, **given: Any) -> Grade:
    row = {"given": "when_asked", "child_id": MAISIE, "status": "graded" if figure is not None else "unable"}
    return Grade(
        **row
        | {"agency_id": agency, "grade": figure, "graded_at": after(hours), "grade_id": UUID(int=1)}
        | given
    )


def talked(kind: str = "threshold", hours: float | None = 2, **given: Any) -> Talked:
    """Return a discussion concluded so many hours after nine, with a quorum; None: only called."""
    row: dict[str, Any] = {
        "discussion_id": DiscussionId(UUID(int=50)),
        "kind": DiscussionKind(kind),
        "child_ids": frozenset({MAISIE}),
        "called_at": NINE,
        "concluded_at": None if hours is None else after(hours),
        "called_off": False,
        "quorum_met": None if hours is None else True,
    }
    return Talked(**row | given)


def recommended(discussion: str | None) -> RecommendationView:
    return RecommendationView(
        policy_version="p",
        level=3,
        pathway=Pathway.CHILD_IN_NEED,
        rag=Rag.RED,
        fired=[],
        missing=[],
        provisional=False,
        needs_person=False,
        discussion=discussion,
    )


MANAGER = there("social_care", part=AttendeePart.HUB_MANAGER)
FAMILY = there("health", part=AttendeePart.FAMILY, agency_id=None, organisation=None)


@pytest.mark.parametrize(
    ("kind", "attendees", "missing"),
    [
        ("strategy", there(*THREE), ()),
        ("strategy", there("police", "social_care"), ("health",)),
        ("strategy", [], ("police", "health", "social_care", "second_agency")),
        ("strategy", there(*THREE, attendance=Attendance.SENT_INFORMATION), (*THREE, "second_agency")),
        (
            "strategy",
            there(*THREE, attendance=Attendance.ABSENT, absent_reason="Ill"),
            (*THREE, "second_agency"),
        ),
        ("strategy", [*there("police", "social_care"), *FAMILY], ("health",)),
        ("threshold", [*MANAGER, *there("education", "police")[1:]], ()),
        ("threshold", there("social_care", "police"), ("hub_manager",)),
        ("threshold", MANAGER, ("police", "second_agency")),
        ("multi_agency", there("education", "health"), ()),
        ("multi_agency", there("education"), ("second_agency",)),
        ("multi_agency", [*there("education"), *FAMILY], ("second_agency",)),
    ],
)
def test_a_quorum_is_of_those_who_were_there(
    kind: str, attendees: list[Attendee], missing: tuple[str, ...]
) -> None:
    record = DiscussionRecord(attendees=attendees)
    assert set(missing_from(DiscussionKind(kind), record, QUORUMS)) == set(missing)


def test_a_deployment_says_who_must_be_there() -> None:
    record = DiscussionRecord(attendees=there("police", "education"))
    only = {DiscussionKind.STRATEGY: frozenset({Sector.EDUCATION})}
    assert missing_from(DiscussionKind.STRATEGY, record, only) == ()


@pytest.mark.parametrize(
    ("held", "due"),
    [
        (datetime(2026, 11, 23, 14, tzinfo=UTC), date(2026, 12, 14)),  # three weeks without a holiday
        (datetime(2026, 11, 23, 7, tzinfo=UTC), date(2026, 12, 14)),  # before the office opens: the same day
        (
            datetime(2026, 11, 28, 14, tzinfo=UTC),
            date(2026, 12, 18),
        ),  # a Saturday: Monday counts as the first
        (
            datetime(2026, 12, 14, 14, tzinfo=UTC),
            date(2027, 1, 7),
        ),  # Christmas, Boxing Day's Monday, New Year
        (datetime(2026, 6, 1, 23, 30, tzinfo=UTC), date(2026, 6, 23)),  # already Tuesday in London
    ],
)
def test_a_conference_is_due_fifteen_working_days_on(held: datetime, due: date) -> None:
    due_at = rules.confer_by(held, Times())
    assert (london_date(due_at), due_at.astimezone(LONDON).hour) == (due, 17)


@pytest.mark.parametrize(
    ("call", "discussions", "calls"),
    [
        (None, [], []),
        ("same_day", [], [Call.SAME_DAY]),
        ("same_day", [talked()], []),
        ("same_day", [talked("strategy")], []),
        ("same_day", [talked("multi_agency")], [Call.SAME_DAY]),
        ("recorded", [talked("multi_agency")], []),
        ("same_day", [talked(hours=0.5)], [Call.SAME_DAY]),  # before the grade
        ("same_day", [talked(hours=None)], [Call.SAME_DAY]),
        ("same_day", [talked(hours=None, called_off=True)], [Call.SAME_DAY]),
        ("same_day", [talked(quorum_met=False)], [Call.SAME_DAY]),
        ("same_day", [talked("strategy", quorum_met=False)], [Call.SAME_DAY, Call.HOLD_AGAIN]),
        (None, [talked("strategy", quorum_met=False)], [Call.HOLD_AGAIN]),
        (None, [talked("strategy", quorum_met=False), talked("strategy", 5)], []),
        (None, [talked("strategy", 5, quorum_met=False), talked("strategy")], [Call.HOLD_AGAIN]),
    ],
)
def test_a_discussion_is_owed_until_one_that_covers_it_is_concluded(
    call: str | None, discussions: list[Talked], calls: list[Call]
) -> None:
    owed = discussion_owed(recommended(call), discussions, [graded(POLICE, 5, 1)])
    assert [one.call for one in owed] == calls
    assert is_same_day_owed(owed) is (Call.SAME_DAY in calls)


def test_what_is_owed_names_the_one_that_is_called_and_its_day() -> None:
    (owed,) = discussion_owed(recommended("same_day"), [talked(hours=None)], [graded(POLICE, 5, 1)])
    assert (owed.called, owed.since, owed.due_on) == (UUID(int=50), after(1), date(2026, 11, 23))


def test_without_a_recommendation_nothing_is_owed() -> None:
    assert discussion_owed(None, [], [graded(POLICE, 5)]) == ()


@pytest.mark.parametrize(
    ("call", "grades", "since"),
    [
        (Call.SAME_DAY, [graded(POLICE, 5, 1), graded(POLICE, 5, 4)], 1),  # other words, the same grade
        (Call.SAME_DAY, [graded(POLICE, 5, 1), graded(TRUST, 5, 4)], 4),  # another agency's
        (Call.SAME_DAY, [graded(POLICE, 5, 1), graded(POLICE, 2, 2), graded(POLICE, 5, 3)], 3),
        (Call.SAME_DAY, [graded(POLICE, 5, 1, given="with_referral"), graded(POLICE, 1, 4)], 1),
        (Call.SAME_DAY, [graded(POLICE, 5, 1), graded(POLICE, 5, 4, child_id=AGAIN)], 1),
        (Call.RECORDED, [graded(POLICE, 1, 1), graded(TRUST, 4, 2), graded(SCHOOL, 2, 3)], 2),
        (Call.RECORDED, [graded(POLICE, 1, 1), graded(TRUST, 4, 2), graded(SCHOOL, 0, 3)], 3),  # wider
        (Call.RECORDED, [graded(POLICE, 1, 1), graded(TRUST, 4, 2), graded(TRUST, 2, 3)], 9),
        (Call.RECORDED, [graded(POLICE, 1, 1), graded(TRUST, None, 2)], 9),  # unable is no 0
        (Call.RECORDED, [], 9),
    ],
)
def test_a_discussion_is_called_for_anew_by_what_is_new(
    call: Call, grades: list[Grade], since: float
) -> None:
    assert called_since(call, grades, heard_at=after(9)) == after(since)


@pytest.mark.parametrize(
    ("decided", "discussions", "missing"),
    [
        ((3, Pathway.CHILD_IN_NEED, Rag.RED), [], ()),
        ((4, Pathway.STRATEGY_DISCUSSION, Rag.RED), [], ()),
        ((2, Pathway.EARLY_HELP, Rag.RED), [], (POLICE,)),
        ((3, Pathway.CHILD_IN_NEED, Rag.AMBER), [], (POLICE,)),
        ((1, Pathway.ADVICE, Rag.GREEN), [talked(views_of=frozenset({POLICE}))], ()),
        ((1, Pathway.ADVICE, Rag.GREEN), [talked(views_of=frozenset({TRUST}))], (POLICE,)),
        ((1, Pathway.ADVICE, Rag.GREEN), [talked(hours=0.5, views_of=frozenset({POLICE}))], (POLICE,)),
        ((1, Pathway.ADVICE, Rag.GREEN), [talked(hours=None, views_of=frozenset({POLICE}))], (POLICE,)),
    ],
)
def test_a_five_is_lowered_with_the_view_of_whoever_gave_it(
    decided: tuple[int, Pathway, Rag], discussions: list[Talked], missing: tuple[AgencyId, ...]
) -> None:
    grades = [graded(POLICE, 5, 1), graded(TRUST, 4, 1), graded(SCHOOL, 5, 1), graded(SCHOOL, 2, 2)]
    # What came with its referral stands for the policy; its own later grade is its view of it.
    grades += [graded(HOSPITAL, 5, 0, given="with_referral"), graded(HOSPITAL, 3, 3)]
    assert views_missing(decided, grades, discussions) == missing
