"""What arrives at the hub and what becomes of it, in words: contacts, requests for more, held copies."""

from datetime import date
from typing import Final

from services.console.wording.times import day_words
from shared.codes.indicators import INDICATORS
from shared.schemas.case_details import TakenBack
from shared.schemas.reference import read_reference
from shared.schemas.words import (
    Channel,
    FurtherInformationState,
    HeldCopyState,
    QualityState,
    ReferralKind,
    Stage,
    WithdrawalState,
)

CHANNELS: Final = {Channel.API: "From its system", Channel.TELEPHONE: "By telephone"}
KINDS: Final = {ReferralKind.REFERRAL: "Asks the hub to act", ReferralKind.ENQUIRY: "Asks for advice"}
STAGES: Final = {
    Stage.RECEIVED: "Received, not screened yet",
    Stage.BEING_CONSIDERED: "Being considered",
    Stage.DECIDED: "Decided and answered",
}
FURTHER_INFORMATION: Final = {
    FurtherInformationState.ASKED: "Further information requested",
    FurtherInformationState.ANSWERED: "Answered",
    FurtherInformationState.NOT_ANSWERED: "Asked, not answered",
}
WITHDRAWALS: Final = {
    WithdrawalState.REQUESTED: "The sender wishes to take this contact back",
    WithdrawalState.AGREED: "Taken back, with the hub's agreement",
    WithdrawalState.DECLINED: "Not taken back: the contact stands",
}
QUALITY_STATES: Final = {
    QualityState.WAITING: "Waiting for a look",
    QualityState.CONTENT: "Content",
    QualityState.FURTHER_INFORMATION_REQUESTED: "Further information requested",
    QualityState.OVERTAKEN: "A later version came first",
}
HELD_COPY_STATES: Final = {
    HeldCopyState.WAITING: "Nobody has read it",
    HeldCopyState.OPENED: "Read, not settled yet",
    HeldCopyState.TAKEN_UP: "Taken up as a contact",
    HeldCopyState.SET_ASIDE: "Set aside",
}
#: What a later version may say otherwise, by the code that triage gives it.
TAKEN_BACK: Final = {
    "immediate_danger": "that a child is in danger now",
    "date_of_birth": "the date of birth",
    "unborn": "that the child is not yet born",
    "given_name": "the first name",
    "family_name": "the family name",
    "looked_after": "that a council looks after the child",
    "private_fostering": "that the child is privately fostered",
    "plan": "the plan the child is on",
}
_REFUSALS: Final = {
    "unreadable": "The hub could not read it: it is not in the form that systems agree on",
    "invalid": "It was read, but something in it is missing or cannot be taken",
    "unsupported_media": "It came in a form that the hub does not take",
    "protocol_misuse": "The system did not follow the rules for sending",
    "not_permitted": "The system may not send contacts",
    "not_found": "It was sent to a place that does not exist",
    "method_not_allowed": "It was sent in a way that the hub does not take",
    "duplicate_reference": "Its reference was used before, for other words",
    "idempotency_key_reused": "It was sent as a repeat of another, with other words",
}
_REQUESTS: Final = {
    "/v1/referrals": "A new contact",
    "/versions": "A correction, or an answer to a request for more",
    "/withdrawal": "A wish to take a contact back",
    "/check": "A check before sending",
}


def refusal_words(code: str) -> str:
    """Return why something was refused, for someone who has never seen a protocol."""
    return _REFUSALS.get(code, f"The hub refused it ({code.replace('_', ' ')})")


def request_words(request: str) -> str:
    """Return what a system tried to do, from the method and route that the hub noted."""
    return next((words for end, words in _REQUESTS.items() if request.endswith(end)), request)


def receipt_words(indicators: list[str]) -> list[str]:
    """Return indicator codes in words; a code that is not on the hub's list is not kept."""
    unknown = "A concern that is not on the hub's list"
    return [INDICATORS[code].words if code in INDICATORS else unknown for code in indicators]


def contact_named_in(path: str) -> str | None:
    """Return the reference of the contact that a system wrote to, if its address names one."""
    for step in path.split("/"):
        try:
            return read_reference(step)
        except ValueError:
            continue
    return None


def taken_back_words(fact: TakenBack) -> str:
    """Return what was said before a later version took it back; nothing for what has no words of its own."""
    if fact.fact in {"immediate_danger", "unborn", "looked_after", "private_fostering"}:
        return ""
    try:
        return day_words(date.fromisoformat(fact.said))
    except ValueError:
        return fact.said
