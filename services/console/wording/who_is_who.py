"""Who is who, in words: people as contacts describe them, how alike two are, what was decided of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.console.wording.codes import SEXES
from services.console.wording.people import name_of
from services.console.wording.times import day_words
from shared.schemas.people_index import FieldAgreement, Likeness, NameGiven, PersonRecord, Told
from shared.schemas.words import (
    BirthFound,
    LinkState,
    LinkVerdict,
    MatchState,
    MatchVerdict,
    PersonKind,
    SearchPurpose,
)

LINK_STATES: Final = {
    LinkState.OWN: "The first that the hub heard of this person",
    LinkState.PROVISIONAL: "Linked provisionally by the hub: nobody has confirmed it",
    LinkState.CONFIRMED: "Link confirmed by a person",
}
MATCH_STATES: Final = {
    MatchState.OPEN: "To answer",
    MatchState.DECIDED: "Answered",
    MatchState.OVERTAKEN: "Nothing left to ask",
}
MATCH_VERDICTS: Final = {
    MatchVerdict.LINKED: "The same person: linked",
    MatchVerdict.NOT_THE_SAME: "Not the same",
    MatchVerdict.UNSURE: "Unsure",
}
LINK_VERDICTS: Final = {
    LinkVerdict.LINKED: "Linked",
    LinkVerdict.NOT_THE_SAME: "Not the same",
    LinkVerdict.UNSURE: "Unsure",
    LinkVerdict.UNLINKED: "Link undone",
}
PURPOSES: Final = {
    SearchPurpose.NEW_CONTACT: "A new contact",
    SearchPurpose.CALL: "Someone is on the telephone",
    SearchPurpose.OPEN_CASE: "An open case",
    SearchPurpose.POSSIBLE_MATCH: "Whether two records are one person",
    SearchPurpose.STRATEGY_DISCUSSION: "A strategy discussion",
    SearchPurpose.AUDIT: "An audit of practice",
    SearchPurpose.OTHER: "Another reason",
}
BIRTHS_FOUND: Final = {
    BirthFound.BORN_ELSEWHERE: "The child is born",
    BirthFound.NOT_CONTINUED: "The pregnancy did not continue",
    BirthFound.WRONG_DATE: "The date is wrong",
}
NOT_SAID: Final = "Not said"
RESTRICTED: Final = "Restricted record"
#: Fewer points than this would be shown as none.
_COUNTS: Final = 0.05
_PARENTS: Final = frozenset({"mother", "mum", "mam", "mummy", "father", "dad", "daddy", "parent"})
#: From which probability a likeness is called so.
_LIKELIHOODS: Final = ((0.95, "Very likely the same"), (0.8, "Likely the same"), (0.5, "May be the same"))
#: What each row of a comparison is called, and the pieces of evidence that speak of it.
_ROWS: Final = (
    ("Given name", ("given",)),
    ("Family name", ("family",)),
    ("Date of birth", ("birth",)),
    ("Sex", ("sex",)),
    ("NHS number", ("number",)),
    ("Pupil number", ("upn",)),
    ("Address", ("address",)),
    ("Telephone", ("telephone",)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of two records side by side.

    Attributes:
        agreement: in words; None where nothing was compared.
        bits: how it counts.
    """

    name: str
    left: str
    right: str
    agreement: str | None
    bits: float


def told_name(told: Told) -> str:
    """Return the name a contact gives someone; a child not yet born is called so."""
    family, given = (told.name.family_name or "").strip(), (told.name.given_name or "").strip()
    if told.expected_date_of_birth and not told.date_of_birth and not given:
        return f"Unborn child ({family})" if family else "Unborn child"
    return name_of(told.name)


def record_name(record: PersonRecord) -> str:
    """Return the name of a record's person, or that only managers may read it."""
    return RESTRICTED if record.record_id is None else told_name(record.told)


def other_names(told: Told) -> str:
    """Return someone's other names with what kind each is, "" for none."""
    return "; ".join(name_with_kind(name) for name in told.other_names)


def name_with_kind(name: NameGiven) -> str:
    """Return a name, with what kind of name it is where that is known."""
    return f"{name_of(name)} ({name.kind})" if name.kind else name_of(name)


def born(told: Told) -> str:
    """Return when someone was born, or is due, as it was told; "" where it was not."""
    if told.date_of_birth:
        return f"Born {_day(told.date_of_birth)}"
    return f"Due {_day(told.expected_date_of_birth)}" if told.expected_date_of_birth else ""


def address(told: Told) -> str:
    """Return an address on one line, "" for none."""
    return ", ".join(part for part in (*told.address_lines, told.town, told.postcode) if part)


def likelihood(probability: float) -> str:
    """Return a probability in words and in whole hundredths; never a certainty, either way."""
    words = next((words for least, words in _LIKELIHOODS if probability >= least), "Unlikely to be the same")
    return f"{words}: {hundredths(probability)}"


def hundredths(probability: float) -> str:
    """Return a probability as "91 in 100", from 1 to 99: the figures are never sure."""
    return f"{min(max(int(probability * 100), 1), 99)} in 100"


def compare(left: Told, right: Told, likeness: Likeness) -> list[Row]:
    """Return two descriptions row by row; a row of which neither says anything is left out."""
    found = {line.evidence: line for line in likeness.fields}
    sides = [_values(left), _values(right)]
    rows = []
    for place, (name, evidence) in enumerate(_ROWS):
        lines = [found[kind] for kind in evidence if kind in found]
        values = [side[place] for side in sides]
        if any(values):
            rows.append(_row(name, values, lines))
    names = [other_names(left), other_names(right)]
    return [*rows[:2], _row("Other names", names, []), *rows[2:]] if any(names) else rows


def beside(likeness: Likeness) -> list[FieldAgreement]:
    """Return what was weighed that belongs to no single row."""
    named = {kind for _, evidence in _ROWS for kind in evidence}
    return [line for line in likeness.fields if line.evidence not in named]


def speaks_for(likeness: Likeness) -> list[str]:
    """Return what agrees, the weightiest first."""
    found = sorted((line for line in likeness.fields if line.bits >= _COUNTS), key=lambda line: -line.bits)
    return [line.words for line in found]


def speaks_against(likeness: Likeness) -> list[str]:
    """Return what differs, the weightiest first.

    What somebody else may have as much in common is weighed with every pair. It is no difference, and stands
    in the full comparison alone.
    """
    told = [line for line in likeness.fields if line not in beside(likeness)]
    found = sorted((line for line in told if line.bits <= -_COUNTS), key=lambda line: line.bits)
    return [line.words for line in found]


def seen_words(likeness: Likeness) -> str:
    """Return what a person has before them, as a reason starts: it is no answer yet."""
    agrees = "; ".join(speaks_for(likeness)) or "nothing"
    differs = "; ".join(speaks_against(likeness))
    return f"Compared side by side. For: {agrees}." + (f" Against: {differs}." if differs else "")


def weight(bits: float) -> str:
    """Return how a piece of evidence counts: each point doubles or halves the odds."""
    if abs(bits) < _COUNTS:
        return "counts neither way"
    return f"speaks for it: {bits:.1f}" if bits > 0 else f"speaks against it: {-bits:.1f}"


def closest(records: Sequence[PersonRecord], record_id: object) -> PersonRecord:
    """Return the record with this id; the newest where a later version took it elsewhere."""
    return next((record for record in records if record.record_id == record_id), records[0])


def same_question(kind: PersonKind) -> str:
    """Return the question of a task."""
    return "Is this the same child?" if kind is PersonKind.CHILD else "Is this the same person?"


def kinds_words(records: Iterable[PersonRecord]) -> str:
    """Return what somebody is in contacts: a child, an adult, or both, as a girl with a child of her own."""
    known = list(records)
    kinds = {record.kind for record in known}
    if len(kinds) < 2:
        return "Child" if PersonKind.CHILD in kinds else "Adult"
    said = {word for record in known for tie in record.told.relationships for word in tie.casefold().split()}
    return "Child and parent" if said & _PARENTS else "Child in one contact, adult in another"


def names_words(names: Iterable[NameGiven]) -> str:
    """Return names as a list, "Name not known" for none."""
    return ", ".join(name_of(name) for name in names) or "Name not known"


def _row(name: str, values: Sequence[str], lines: Sequence[FieldAgreement]) -> Row:
    words = "; ".join(line.words for line in lines)
    return Row(
        name,
        values[0] or NOT_SAID,
        values[1] or NOT_SAID,
        words[:1].upper() + words[1:] or None,
        sum(line.bits for line in lines),
    )


def _values(told: Told) -> list[str]:
    return [
        (told.name.given_name or "").strip(),
        (told.name.family_name or "").strip(),
        born(told),
        SEXES.get(told.sex or "", told.sex or ""),
        told.nhs_number or "",
        told.upn or "",
        address(told),
        told.telephone or "",
    ]


def _day(text: str) -> str:
    try:
        return day_words(date.fromisoformat(text))
    except ValueError:
        return text
