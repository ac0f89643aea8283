"""Notifications' rules: what each audience may see, what is news to whom, when to try again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Final

from shared.schemas.decisions import DecisionOutcome
from shared.schemas.ids import AgencyId, CaseId, ChildId, DecisionId
from shared.schemas.notices import NoticeType
from shared.schemas.progress import ReferralSender
from shared.schemas.words import Pathway, Role, Sector, WithdrawalState

#: Staff who see what every agency was told, one referral at a time.
SEES_ALL: Final = frozenset({Role.DECISION_MAKER, Role.MANAGER})

_NAMES_AND_ANSWER = frozenset(
    {
        "reference",
        "sender_reference",
        "child_id",
        "sender_child_reference",
        "outcome",
        "decided_at",
        "message",
    }
)
_PARTNER = _NAMES_AND_ANSWER | {"level", "team", "threshold_feedback", "challenge_by"}

#: What of a decision each audience may see. An outcome holds these fields and is empty everywhere else; a
#: field that is not named here reaches nobody.
MAY_SEE: Final[Mapping[Sector, frozenset[str]]] = {
    Sector.POLICE: _PARTNER,
    Sector.HEALTH: _PARTNER,
    Sector.EDUCATION: _PARTNER,
    Sector.SOCIAL_CARE: _PARTNER,
    # Agencies outside the statutory partnership learn what happens next, not how the hub weighed the child.
    Sector.OTHER: _NAMES_AND_ANSWER | {"team"},
}

#: Who to ring about each outcome, where a deployment names nobody else.
TEAM_NAMES: Final[Mapping[Pathway, str]] = {
    Pathway.ADVICE: "Safeguarding hub",
    Pathway.UNIVERSAL: "Safeguarding hub",
    Pathway.EARLY_HELP: "Early help",
    Pathway.CHILD_IN_NEED: "Children's social care: assessment",
    Pathway.STRATEGY_DISCUSSION: "Children's social care: child protection",
    Pathway.OTHER_AUTHORITY: "Safeguarding hub",
    Pathway.ALLOCATED_WORKER: "Children's social care: allocated worker",
}


class Occasion(StrEnum):
    """Why an agency is given a notice, which chooses its words."""

    FURTHER_INFORMATION_REQUESTED = "further_information_requested"
    WITHDRAWAL_AGREED = "withdrawal_agreed"
    WITHDRAWAL_DECLINED = "withdrawal_declined"
    CORRECTED_SINCE_TOLD = "corrected_since_told"
    CORRECTED_SINCE_ASKED = "corrected_since_asked"
    ASKED = "asked"
    REMINDED = "reminded"
    INVITED = "invited"
    INVITED_TO_ANOTHER_TIME = "invited_to_another_time"
    NO_LONGER_INVITED = "no_longer_invited"


#: What each of them is to a partner's system.
NOTICE_TYPES: Final[Mapping[Occasion, NoticeType]] = {
    Occasion.FURTHER_INFORMATION_REQUESTED: "referral.further_information_requested",
    Occasion.WITHDRAWAL_AGREED: "referral.withdrawal_decided",
    Occasion.WITHDRAWAL_DECLINED: "referral.withdrawal_decided",
    Occasion.CORRECTED_SINCE_TOLD: "referral.corrected",
    Occasion.CORRECTED_SINCE_ASKED: "referral.corrected",
    Occasion.ASKED: "information_request.made",
    Occasion.REMINDED: "information_request.reminder",
    Occasion.INVITED: "discussion.invited",
    Occasion.INVITED_TO_ANOTHER_TIME: "discussion.moved",
    Occasion.NO_LONGER_INVITED: "discussion.withdrawn",
}

#: There is none for a wish that nobody has decided on: its sender knows of it.
AFTER_WITHDRAWAL: Final[Mapping[WithdrawalState, Occasion]] = {
    WithdrawalState.AGREED: Occasion.WITHDRAWAL_AGREED,
    WithdrawalState.DECLINED: Occasion.WITHDRAWAL_DECLINED,
}

_JITTER: Final = 0.2
_GONE: Final = 410
_LONGEST_RETRY_AFTER: Final = 40


class DeliveryState(StrEnum):
    """Where a delivery stands; a resend makes any of them due again."""

    DUE = "due"
    DELIVERED = "delivered"
    FAILED = "failed"


class AttemptError(StrEnum):
    """Why a try did not count as delivered."""

    NOT_ACCEPTED = "not_accepted"
    TIMEOUT = "timeout"
    NOT_RESOLVED = "not_resolved"
    BLOCKED_ADDRESS = "blocked_address"
    CONNECTION_FAILED = "connection_failed"
    TLS_FAILED = "tls_failed"
    BAD_ANSWER = "bad_answer"


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one try.

    Attributes:
        status_code: None when no answer came.
        retry_after: the header as the receiver sent it, whatever that is.
    """

    status_code: int | None
    error: AttemptError | None
    retry_after: str | None = None

    @property
    def webhook_is_gone(self) -> bool:
        """Whether the receiver says that it will never take this again."""
        return self.status_code == _GONE


@dataclass(frozen=True, slots=True)
class Told:
    """A decision that a referral's sender has been told for a child."""

    decision_id: DecisionId
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """An agency that is given a notice, and the names it knows things by.

    Attributes:
        reference: the hub's, of the agency's own referral; where it sent none, of the one that has news.
        case_id: where the hub asked the agency for information: its questions name the case.
    """

    agency_id: AgencyId
    audience: Sector
    occasion: Occasion
    reference: str
    sender_reference: str | None = None
    case_id: CaseId | None = None


def limit_to_audience(audience: Sector, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return `known` with None in place of every field that `audience` may not see."""
    return {name: value if name in MAY_SEE[audience] else None for name, value in known.items()}


def is_owed_an_answer(sender: ReferralSender, child_id: ChildId) -> bool:
    """Say whether a referral named this child: its sender learns nothing of any other.

    A case may hold several referrals, and not every one is about every child in it.
    """
    return any(child.child_id == child_id for child in sender.children)


def still_to_tell(
    decisions: Sequence[DecisionOutcome], told: Sequence[Told], *, received_at: datetime
) -> list[DecisionOutcome]:
    """Return which of these decisions the sender of one referral is still to be told, in order.

    Events may come in any order, but what is told last must be what was decided last. So a decision is told
    after the ones it replaces; and one that is late, because a newer one has been told, is told no more.

    Args:
        decisions: for one child, each replaced by the next.
        told: what this sender was told of this child before, in any order.
        received_at: when the hub received the referral. What was replaced before that is no news to its
            sender; the last decision always is.
    """
    chain = [decision.decision_id for decision in decisions]
    places = [chain.index(earlier.decision_id) for earlier in told if earlier.decision_id in chain]
    unrelated = [earlier.decided_at for earlier in told if earlier.decision_id not in chain]
    return [
        decision
        for decision in decisions[max(places, default=-1) + 1 :]
        # Within a chain the order is certain; only where there is none do the clocks decide.
        if all(decision.decided_at >= earlier for earlier in unrelated)
        and (decision is decisions[-1] or decision.decided_at >= received_at)
    ]


def who_hears_of_a_correction(
    told: Iterable[Recipient], asked: Iterable[Recipient], *, sender: AgencyId
) -> list[Recipient]:
    """Return who is given notice of a correction: whoever was told or asked before, each once.

    One that was both has something to check, and is reminded of its own referral: not of another agency's.

    Args:
        told: who was told an outcome of the case, by its own referral.
        asked: who was asked about the case.
        sender: whose correction it is; it knows.
    """
    own = {each.agency_id: each for each in told}
    heard = dict(own)
    for each in asked:
        known = own.get(each.agency_id, each)
        heard[each.agency_id] = replace(
            each, reference=known.reference, sender_reference=known.sender_reference
        )
    return [each for agency_id, each in heard.items() if agency_id != sender]


def next_attempt_at(
    attempts: int, answered: Answered, *, schedule: Sequence[float], now: datetime, dice: float
) -> datetime | None:
    """Return when a delivery that was not taken is tried again, or None when its tries are spent.

    Args:
        attempts: how many tries have been made, this one included.
        answered: what became of this one. A receiver that names a time is heeded, within once and twice what
            the schedule says.
        schedule: seconds before the first try and between one try and the next.
        now: aware.
        dice: from 0 to 1; spreads the tries a fifth to either side, so that receivers that failed together
            are not called together.
    """
    if attempts >= len(schedule):
        return None
    base = schedule[attempts]
    asked = read_retry_after(answered.retry_after, now=now)
    spread = base * (1 - _JITTER + 2 * _JITTER * dice)
    return now + timedelta(seconds=spread if asked is None else min(max(asked, base), 2 * base))


def read_retry_after(value: str | None, *, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, or None when it says nothing readable.

    Args:
        value: seconds or an HTTP date; a date in the past gives a negative number.
        now: aware.
    """
    if value is None or len(value) > _LONGEST_RETRY_AFTER:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
        return (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
