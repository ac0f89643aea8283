"""Put a question to an agency, and its answer, into the shape a reader may see."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.triage.evidence.whom_to_find import adult_to_find, child_to_find
from services.triage.models import CaseChild, Contact, InformationRequest
from shared.schemas.asking import AdultAskedView, InformationRequestView
from shared.schemas.earlier import EarlierStanding
from shared.schemas.ids import ChildId, ReferralId
from shared.schemas.words import AnswerStatus, Handling, LawfulBasis, Sector
from shared.schemas.words_asking import Source

_EARLIER: Final = {
    "child_protection_plan": "A child protection plan before",
    "child_in_need_plan": "A child in need plan before",
    "looked_after": "Looked after before",
}

#: Whether words of an answer are shown, by how far their owner lets them travel.
Reads = Callable[[Handling | None], bool]


@dataclass(frozen=True, slots=True)
class People:
    """The people that questions may be about, as they are told of now."""

    children: Mapping[ChildId, CaseChild]
    contacts: Mapping[ReferralId, Contact]


def request_view(
    request: InformationRequest,
    *,
    reads: Reads = lambda _handling: True,
    named_in: Collection[ReferralId] | None = None,
    people: People | None = None,
) -> InformationRequestView:
    """Return a question and its answer.

    Args:
        named_in: only adults of these contacts are shown; None: all.
        people: for whoever has to find them; None: the reader has not. Once answered nobody has.
    """
    handling = Handling(request.handling) if request.handling else None
    to_find = people if request.answered_at is None else None
    adults = [_adult_view(adult, reads, to_find) for adult in request.adults]
    child = to_find.children.get(request.child_id) if to_find and request.about_child else None
    sector = Sector(request.sector) if request.sector else None
    return InformationRequestView(
        request_id=request.request_id,
        case_id=request.case_id,
        child_id=request.child_id,
        agency_id=request.agency_id,
        sector=sector,
        reason=request.reason,
        asked_at=request.asked_at,
        due_at=request.due_at,
        answered_at=request.answered_at,
        status=AnswerStatus(request.status) if request.status else None,
        text=request.answer if reads(handling) else None,
        handling=handling,
        corrected_at=request.corrected_at,
        corrected_version=request.corrected_version,
        about_child=request.about_child,
        adults=[one for one in adults if named_in is None or one.referral_id in named_in],
        sources=[Source(source) for source in request.sources],
        sources_checked=_sources(request.sources_checked),
        earlier=_earlier(request) if reads(handling) else None,
        asked_by=request.asked_by,
        lawful_basis=LawfulBasis(request.lawful_basis) if request.lawful_basis else None,
        lawful_basis_reason=request.lawful_basis_reason,
        lawful_basis_by=request.lawful_basis_by,
        reminded_at=request.reminded_at,
        reminders=request.reminders,
        look_for=child_to_find(child, sector) if child else None,
    )


def answer_words(request: InformationRequest, reads: Reads, *, with_adults: bool) -> str | None:
    """Return what an agency said, of adults apart too, as far as a reader may read it."""
    handling = Handling(request.handling) if request.handling else None
    said = [request.answer, _earlier_words(request)] if reads(handling) else []
    for adult in request.adults if with_adults else ():
        shown = _adult_view(adult, reads)
        name = " ".join(part for part in (shown.given_name, shown.family_name) if part) or "An adult"
        said.append(f"{name}: {shown.text}" if shown.text else None)
    return "\n".join(words for words in said if words) or None


def _earlier(request: InformationRequest) -> EarlierStanding | None:
    return EarlierStanding.model_validate(request.earlier) if request.earlier else None


def _earlier_words(request: InformationRequest) -> str | None:
    """Return what an answer says of earlier times, in a line; None where it says nothing of them."""
    told = {name: (request.earlier or {}).get(name) for name in _EARLIER}
    words = [
        f"{_EARLIER[name]}: {'yes' if said else 'no'}" for name, said in told.items() if said is not None
    ]
    return "; ".join(words) + "." if words else None


def _sources(named: list[Any] | None) -> list[Source] | None:
    return [Source(source) for source in named] if named is not None else None


def _adult_view(adult: dict[str, Any], reads: Reads, to_find: People | None = None) -> AdultAskedView:
    shown = AdultAskedView.model_validate(adult)
    contact = to_find.contacts.get(shown.referral_id) if to_find else None
    found = {"look_for": adult_to_find(contact, adult)} if contact else {}
    return shown.model_copy(update=found if reads(shown.handling) else found | {"text": None})
