"""Contacts, what is asked about them, and what was refused, as intake gives them."""

from datetime import timedelta
from typing import Any

from shared.schemas.checks import CheckReceipt
from shared.schemas.held_copies import OpenedCopy
from shared.schemas.progress import (
    AcceptedChild,
    Finding,
    FurtherInformation,
    Gap,
    ReferralAccepted,
    ReferralProgress,
    ReferralVersion,
    WithdrawalAsked,
)
from shared.schemas.quality import QualityCheck, QualityCount
from shared.schemas.referrals import ReferralIn
from tests.console.scenes import MAISIE, NOW, POLICE, REFERENCE, an_id

OTHER_REFERENCE = "SH-2M4N6P8Q-W"
REFERRAL = an_id(600)
WISH, HELD, ASKED = an_id(610), an_id(620), an_id(630)
RECEIVED = NOW - timedelta(minutes=45)

#: A contact as the police's system sends it, with something odd or missing in most of its parts.
DOCUMENT: dict[str, Any] = {
    "sender_reference": "NP-2026-114226",
    "kind": "referral",
    "referrer": {
        "name": "J Okafor", "role": "Response officer", "telephone": "01632 960001", "source_code": "6",
        "organisation": {"name": "Northtown police station"}, "family_may_know": False,
    },
    "children": [
        {
            "sender_child_reference": "c1", "given_name": "Maisie", "family_name": "Example",
            "date_of_birth": "2019-04-02", "sex": "F", "nhs_number": "999 123 4560", "ethnicity": "WBRI",
            "disabilities": ["NONE"], "other_names": [{"family_name": "Sample", "kind": "former"}],
            "address": {"lines": ["1 Test Row"], "town": "Northtown", "is_temporary": True},
            "school": {"name": "Little Wick Primary School", "year_group": "Year 2"},
            "whereabouts": "At home with mother.",
            "status": {
                "looked_after": False, "plan": "child_in_need", "allocated_worker": {"name": "K Brandt"},
            },
            "voice": {"seen": True, "seen_alone": False, "views": "Hid upstairs when the shouting began."},
            "grade": {"status": "graded", "grade": 3},
        },
        {"sender_child_reference": "c2", "family_name": "Example", "expected_date_of_birth": "2027-02-14"},
    ],
    "adults": [
        {
            "given_name": "Dean", "family_name": "Example", "role_in_concern": "alleged_perpetrator",
            "safe_to_contact": False, "worker_safety": "Large dog, loose.",
            "relationships": [
                {
                    "child": "c1", "relationship": "father", "parental_responsibility": True,
                    "in_household": True,
                }
            ],
        },
        {"given_name": "Rosa", "role_in_concern": "victim", "safe_contact_note": "Text only, before 3pm."},
    ],
    "professionals": [{"name": "S Moyo", "role": "Health visitor", "telephone": "01632 960777"}],
    "police": {
        "occurrence_number": "14/88213/26", "police_protection": False,
        "risk_assessment": {
            "tool": "dash_2009", "score": 15, "grade": "high", "professional_judgement": False,
        },
    },
    "consent": {
        "sought": False, "not_sought_reason": "risk_of_harm", "lawful_basis": "public_task",
        "lawful_basis_reason": "Asking would put the mother at risk tonight.",
    },
    "family_told": {"told": False},
    "actions_taken": "The house was made safe for the night.",
    "concerns": [
        {
            "indicator": "domestic_abuse.child_present", "children": ["c1"],
            "narrative": "Officers attended at 22:40.\nMother had a cut lip; Maisie on the stairs.",
            "occurred_at": "2026-11-22T22:40:00Z",
        },
        {"narrative": "<b>The kitchen window</b> was broken.", "since_on": "2026-09-01"},
    ],
}  # fmt: skip


def a_document(**given: Any) -> ReferralIn:
    """Return the police's contact as it was sent; changed by what is given, at the top of it."""
    return ReferralIn.model_validate(DOCUMENT | given, strict=False)


def a_finding(pointer: str, detail: str, code: str = "missing") -> Finding:
    """Return something odd or missing."""
    return Finding(pointer=pointer, code=code, detail=detail)


FINDINGS = [
    a_finding("#/children/0/grade/rationale", "Why this grade and not another?", "no_rationale"),
    a_finding("#/children/1/voice", "What did the child say or show, or why is it not known?"),
    a_finding("#/concerns/1/indicator", "Which kind of concern is this?"),
    a_finding("#/family_told/reason_not", "Say why the family was not told."),
    a_finding("#/kind", "Is help or advice wanted?"),
]


def an_asking(**given: Any) -> FurtherInformation:
    """Return what the police's representative asked of the sender, not answered yet."""
    return FurtherInformation(
        **{
            "request_id": ASKED,
            "reference": REFERENCE,
            "sender_reference": "NP-2026-114226",
            "version": 1,
            "gaps": [Gap(pointer="#/children/0/voice", question="Did anyone speak with Maisie alone?")],
            "text": "Please ring the officer who was there.",
            "requested_at": NOW - timedelta(minutes=20),
            "requested_by": "Omar Hill",
            "due_at": NOW + timedelta(hours=3),
            "state": "asked",
        }
        | given
    )


def a_wish(**given: Any) -> WithdrawalAsked:
    """Return the police's wish to take its contact back, not answered yet."""
    return WithdrawalAsked(
        **{
            "withdrawal_id": WISH,
            "reference": REFERENCE,
            "reason": "Sent in error: another family.",
            "requested_at": NOW - timedelta(minutes=10),
            "state": "requested",
            "referral_id": REFERRAL,
            "agency_id": POLICE,
            "sender_reference": "NP-2026-114226",
        }
        | given
    )


def a_progress(**given: Any) -> ReferralProgress:
    """Return where the police's contact is."""
    return ReferralProgress(
        **{
            "reference": REFERENCE,
            "referral_id": REFERRAL,
            "sender_reference": "NP-2026-114226",
            "agency_id": POLICE,
            "kind": "referral",
            "channel": "api",
            "immediate_danger": False,
            "version": 1,
            "received_at": RECEIVED,
            "respond_by": NOW + timedelta(hours=23),
            "stage": "being_considered",
            "held_by": "The hub: agencies asked, decision to come",
            "children": [AcceptedChild(child_id=MAISIE, sender_child_reference="c1")],
            "findings_count": len(FINDINGS),
        }
        | given
    )


def a_version(**given: Any) -> ReferralVersion:
    """Return a version of the police's contact in full."""
    return ReferralVersion(
        **{
            "reference": REFERENCE,
            "referral_id": REFERRAL,
            "version": 1,
            "received_at": RECEIVED,
            "channel": "api",
            "children": [AcceptedChild(child_id=MAISIE, sender_child_reference="c1")],
            "document": a_document(),
            "findings": FINDINGS,
        }
        | given
    )


def a_check(**given: Any) -> QualityCheck:
    """Return the police's contact on its representative's queue."""
    return QualityCheck(
        **{
            "referral_id": REFERRAL,
            "reference": REFERENCE,
            "sender_reference": "NP-2026-114226",
            "agency_id": POLICE,
            "version": 1,
            "received_at": RECEIVED,
            "immediate_danger": False,
            "state": "waiting",
            "findings": FINDINGS,
        }
        | given
    )


def a_count(**given: Any) -> QualityCount:
    """Return how the police's contacts fared."""
    return QualityCount(
        **{
            "agency_id": POLICE, "referrals": 120, "looked_at": 100, "requests": 18, "answered": 12,
            "not_answered": 3,
        }
        | given
    )  # fmt: skip


def a_held_copy(**given: Any) -> OpenedCopy:
    """Return a contact that the police's system sent without a kind, three times; with its words."""
    return OpenedCopy(
        **{
            "held_copy_id": HELD,
            "agency_id": POLICE,
            "client_name": "Northshire Police records system",
            "request": "POST /v1/referrals",
            "path": "/v1/referrals",
            "first_sent_at": NOW - timedelta(hours=2),
            "last_sent_at": NOW - timedelta(hours=1),
            "times_sent": 3,
            "status": 422,
            "code": "invalid",
            "immediate_danger": False,
            "size_bytes": 3120,
            "state": "waiting",
            "content": '{"concerns": [{"narrative": "Shouting <b>again</b>."}], "children": []}',
            "errors": ["#/kind: This is required."],
        }
        | given
    )


def an_acceptance(**given: Any) -> ReferralAccepted:
    """Return the hub's answer to a contact by telephone."""
    return ReferralAccepted(
        **{
            "reference": REFERENCE,
            "referral_id": REFERRAL,
            "version": 1,
            "received_at": NOW,
            "respond_by": NOW + timedelta(days=1),
            "children": [],
            "findings": [],
        }
        | given
    )


def a_receipt(**given: Any) -> CheckReceipt:
    """Return the receipt of a check that nothing was sent after."""
    return CheckReceipt(
        **{
            "receipt_id": an_id(640),
            "agency_id": POLICE,
            "sampled": True,
            "checked_at": NOW - timedelta(days=1),
            "indicators": ["domestic_abuse.child_present", "home.grown"],
            "likely_level": 2,
            "likely_pathway": "early_help",
            "gaps": ["#/children/0/voice"],
            "children_count": 1,
        }
        | given
    )
