"""How asking is said on a page: where an agency looked, on what ground, whom nobody asked about."""

from collections.abc import Iterable, Sequence
from typing import Final

from services.console.wording.people import Named, name_of
from shared.schemas.asking import AdultAskedView, InformationRequestView
from shared.schemas.earlier import WhoSaysEarlier
from shared.schemas.words import LawfulBasis
from shared.schemas.words_asking import SOURCE_WORDS, Source

BASES: Final = {
    LawfulBasis.CONSENT: "Consent",
    LawfulBasis.PUBLIC_TASK: "Public task",
    LawfulBasis.LEGAL_OBLIGATION: "Legal obligation",
    LawfulBasis.VITAL_INTERESTS: "Vital interests: someone's life or safety",
}
_EARLIER: Final = (
    ("child_protection_plan", "child protection plan:"),
    ("child_in_need_plan", "child in need plan:"),
    ("looked_after", "looked after:"),
)


WHO_SAYS_EARLIER: Final = {
    WhoSaysEarlier.DECISION: "an earlier decision of the hub says so",
    WhoSaysEarlier.COUNCIL_CASE_SYSTEM: "the council's case system says so",
}


def sources_words(sources: Iterable[Source]) -> str:
    """Return sources as a list in words, e.g. "GP, midwifery"."""
    return ", ".join(SOURCE_WORDS[source] for source in sources)


def not_looked_in(request: InformationRequestView) -> list[Source]:
    """Return the sources that an answer leaves open; none where it names none."""
    if request.sources_checked is None:
        return []
    return [source for source in request.sources if source not in request.sources_checked]


def about_words(request: InformationRequestView, child: str) -> str:
    """Return whom a question is about, the child first."""
    people = [child] if request.about_child else []
    return ", ".join([*people, *(name_of(adult) for adult in request.adults)])


def earlier_words(request: InformationRequestView) -> str:
    """Return what an answer says of plans and care before now; "" where it says nothing of them."""
    told = request.earlier.model_dump() if request.earlier else {}
    answers = [
        f"{words} {'yes' if told[name] else 'no'}" for name, words in _EARLIER if told.get(name) is not None
    ]
    return "; ".join(answers)


def reminded_words(request: InformationRequestView) -> str:
    """Return how often an agency was reminded; "" where it never was."""
    if not request.reminders:
        return ""
    return "Reminded once" if request.reminders == 1 else f"Reminded {request.reminders} times"


def never_asked_about(adults: Iterable[Named], requests: Sequence[InformationRequestView]) -> list[str]:
    """Return the names of adults whom no question is about."""
    asked = {_key(adult) for request in requests for adult in request.adults}
    return [name_of(adult) for adult in adults if _key(adult) not in asked]


def answers_apart(request: InformationRequestView) -> list[AdultAskedView]:
    """Return the adults of whom an agency said something of their own."""
    return [adult for adult in request.adults if adult.status is not None]


def _key(adult: Named) -> str:
    return name_of(adult).casefold()
