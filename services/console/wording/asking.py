"""How asking is said on a page: where an agency looked, on what ground, whom nobody asked about."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from services.console.wording.codes import SEXES
from services.console.wording.facts import joined
from services.console.wording.people import Named, name_of
from services.console.wording.times import day_words
from shared.schemas.asking import AdultAskedView, InformationRequestView
from shared.schemas.earlier import WhoSaysEarlier
from shared.schemas.sought import SoughtPerson
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


class ToFind(NamedTuple):
    """Somebody whom an asked agency looks for.

    Attributes:
        rows: by what, each with its name; None: the contact no longer names them so.
    """

    name: str
    rows: list[tuple[str, str]] | None


def people_to_find(request: InformationRequestView, child: str) -> list[ToFind]:
    """Return whom a question that is not answered yet is about, the child first, and by what to find them."""
    sought = [(child, request.look_for)] if request.about_child else []
    sought += [(name_of(adult), adult.look_for) for adult in request.adults]
    return [ToFind(name, _rows(name, person)) for name, person in sought]


def _rows(name: str, person: SoughtPerson | None) -> list[tuple[str, str]] | None:
    if person is None:
        return None
    # The page may call a child by the name that another contact of the case gives it.
    names = (joined(one.given_name, one.family_name, by=" ") or "" for one in person.names)
    others = [known_as for known_as in names if known_as.casefold() != name.casefold()]
    born, expected = person.date_of_birth, person.expected_date_of_birth
    pairs = [
        ("Also known as", joined(*others, by="; ")),
        ("Date of birth", day_words(born) if born else None),
        ("Expected to be born", day_words(expected) if expected and not born else None),
        ("Sex", SEXES[person.sex] if person.sex else None),
        ("Lives at", person.address),
        ("NHS number", person.nhs_number),
        ("Unique pupil number", person.upn),
        ("School", person.school),
        ("GP practice", person.practice),
    ]
    return [(name, said) for name, said in pairs if said]


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
