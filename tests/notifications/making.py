"""Invented decisions, referrals and callers for the tests of notifications."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.notifications.actions.giving_notice import Announcement, announce_request
from services.notifications.actions.telling import Addressee, News, Terms
from shared.platform.auth import Caller, CallerKind
from shared.schemas.decisions import DecisionOutcome
from shared.schemas.events import CaseCorrected
from shared.schemas.ids import (
    AgencyId,
    CaseId,
    ChildId,
    DecisionId,
    EventId,
    FurtherInformationId,
    ReferralId,
    WithdrawalId,
    new_id,
)
from shared.schemas.outcomes import Team
from shared.schemas.progress import (
    AcceptedChild,
    FurtherInformationAsked,
    Gap,
    ReferralSender,
    WithdrawalAsked,
)
from shared.schemas.reference import new_reference
from shared.schemas.words import FurtherInformationState, Pathway, Role, Scope, Sector, WithdrawalState

TEN_ON_MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
POLICE = AgencyId(new_id())
SCHOOL = AgencyId(new_id())
HEALTH = AgencyId(new_id())

TERMS = Terms(
    teams={pathway: Team(name="Duty team", telephone="01632 960001") for pathway in Pathway},
    challenge_days=10,
)


def a_decision(**given: Any) -> DecisionOutcome:
    facts: dict[str, Any] = {
        "decision_id": DecisionId(new_id()),
        "case_id": CaseId(new_id()),
        "child_id": ChildId(new_id()),
        "pathway": Pathway.EARLY_HELP,
        "level": 2,
        "decided_at": TEN_ON_MONDAY,
        "supersedes": None,
        "threshold_feedback": ["The family would do better with some early help."],
    }
    return DecisionOutcome(**facts | given)


def a_sender(child_id: ChildId, **given: Any) -> ReferralSender:
    facts: dict[str, Any] = {
        "referral_id": ReferralId(new_id()),
        "reference": new_reference(),
        "sender_reference": "SYP-2026-114226",
        "agency_id": POLICE,
        "received_at": TEN_ON_MONDAY - timedelta(hours=3),
        "children": [AcceptedChild(child_id=child_id, sender_child_reference="c1")],
    }
    return ReferralSender(**facts | given)


def news_of(*decisions: DecisionOutcome, sender: ReferralSender, audience: Sector = Sector.POLICE) -> News:
    return News(decisions, [Addressee(sender, audience)])


def some_news(*, agency_id: AgencyId = POLICE, audience: Sector = Sector.POLICE, **given: Any) -> News:
    decision = a_decision(**given)
    return news_of(decision, sender=a_sender(decision.child_id, agency_id=agency_id), audience=audience)


def a_request(**given: Any) -> FurtherInformationAsked:
    facts: dict[str, Any] = {
        "request_id": FurtherInformationId(new_id()),
        "referral_id": ReferralId(new_id()),
        "agency_id": POLICE,
        "reference": new_reference(),
        "sender_reference": "SYP-2026-114226",
        "version": 1,
        "gaps": [Gap(pointer="#/children/0/voice", question="Did anyone speak with Maisie on her own?")],
        "text": "Please ring the officer who was there.",
        "requested_at": TEN_ON_MONDAY,
        "requested_by": "Omar Khan",
        "due_at": TEN_ON_MONDAY + timedelta(hours=24),
        "state": FurtherInformationState.ASKED,
    }
    return FurtherInformationAsked(**facts | given)


def a_withdrawal(**given: Any) -> WithdrawalAsked:
    facts: dict[str, Any] = {
        "withdrawal_id": WithdrawalId(new_id()),
        "referral_id": ReferralId(new_id()),
        "agency_id": POLICE,
        "reference": new_reference(),
        "sender_reference": "SYP-2026-114226",
        "reason": "Sent in error: another family.",
        "requested_at": TEN_ON_MONDAY - timedelta(hours=1),
        "state": WithdrawalState.DECLINED,
        "decided_at": TEN_ON_MONDAY,
        "decision_reason": "The worry stands whoever noticed it.",
    }
    return WithdrawalAsked(**facts | given)


def a_correction(corrected: ReferralSender, **given: Any) -> CaseCorrected:
    facts: dict[str, Any] = {
        "occurred_at": TEN_ON_MONDAY,
        "case_id": CaseId(new_id()),
        "referral_id": corrected.referral_id,
        "referral_version": 2,
        "asked_agency_ids": (),
        "version": 9,
    }
    return CaseCorrected(**facts | given)


def some_notice(agency_id: AgencyId = POLICE, **given: Any) -> Announcement:
    asked = a_request(agency_id=agency_id, **given)
    return announce_request(EventId(new_id()), asked, Sector.POLICE)


def a_client(agency_id: AgencyId = POLICE, *scopes: Scope) -> Caller:
    held = scopes or (Scope.OUTCOME_READ, Scope.REFERRAL_READ, Scope.WEBHOOK_MANAGE)
    return Caller(CallerKind.CLIENT, f"client-{agency_id}", "Records", agency_id, frozenset(held))


def a_member_of_staff(role: Role, agency_id: AgencyId = SCHOOL) -> Caller:
    return Caller(CallerKind.STAFF, str(new_id()), "A Person", agency_id, roles=frozenset({role}))
