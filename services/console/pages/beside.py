"""Other cases of the same people beside a case, with why it is thought that they are the same."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from services.console.session import Person
from services.console.wording import who_is_who
from shared.problems import NotFound, NotPermitted, Unavailable
from shared.schemas.cases import CaseView, ContactView
from shared.schemas.ids import AgencyId, ChildId, MatchId, PersonId, RecordId
from shared.schemas.joining import CaseBeside, CasesBeside, Tie
from shared.schemas.people_index import Likeness, Match, MatchCandidate, PersonRecord
from shared.schemas.words import LinkState, MatchState, PersonKind

Found = TypeVar("Found")

_LIKELY: Final = 0.5
_AWAY: Final = CasesBeside(items=[], searched=False, why_not="This cannot be looked up just now.")


@dataclass(frozen=True, slots=True)
class TieShown:
    """Somebody who stands, or may stand, in both cases, with what is known of why.

    Attributes:
        person_id: the person an answer is about; None where nobody can be asked just now.
        here: the record in this case.
        there: the record in the other one.
    """

    tie: Tie
    likeness: Likeness | None = None
    person_id: PersonId | None = None
    here: PersonRecord | None = None
    there: PersonRecord | None = None

    @property
    def field(self) -> str:
        """The name of its box on a form."""
        return f"tie-{self.tie.record_id}-{self.tie.of_record_id}"

    @property
    def unconfirmed(self) -> list[RecordId]:
        """The records of the two that the machine alone has linked, this case's first."""
        both = [record for record in (self.here, self.there) if record]
        ids = (each.record_id for each in both if each.link_state is LinkState.PROVISIONAL)
        return [record_id for record_id in ids if record_id is not None]

    @property
    def can_answer(self) -> bool:
        """Whether there is something for a person to say about it."""
        answerable = self.tie.match_id is not None or bool(self.unconfirmed)
        return not self.tie.is_confirmed and self.person_id is not None and answerable

    @property
    def is_likely(self) -> bool:
        """Whether the machine linked it, and nothing warns against that."""
        return self.tie.match_id is None and not (self.likeness and self.likeness.hazards)


@dataclass(frozen=True, slots=True)
class BesideShown:
    """Another case as it stands beside this one.

    Attributes:
        contact: this case's contact that would join it; None where which one cannot be said.
    """

    case: CaseBeside
    ties: Sequence[TieShown]
    contact: ContactView | None

    @property
    def senders(self) -> list[tuple[AgencyId, str]]:
        """Each of its contacts: from whom, and its reference."""
        return list(zip(self.case.agency_ids, self.case.references, strict=False))

    @property
    def is_earlier(self) -> bool:
        """Whether the other case was there first: what comes later joins what is there."""
        return self.contact is not None and self.case.received_at <= self.contact.received_at

    @property
    def is_confirmed(self) -> bool:
        """Whether a person has confirmed that somebody stands in both."""
        return any(tie.tie.is_confirmed for tie in self.ties)

    @property
    def open_ties(self) -> list[TieShown]:
        """What a person can answer."""
        return [tie for tie in self.ties if tie.can_answer]

    @property
    def is_likely(self) -> bool:
        """Whether it is more likely than not that they are the same, or a person has said so."""
        return self.is_confirmed or any(
            tie.likeness is None or tie.likeness.probability >= _LIKELY for tie in self.ties
        )

    @property
    def ticked(self) -> list[TieShown]:
        """Whom a form starts with: every child that is likely, else the first.

        Where somebody is confirmed the case can be joined as it is, and nobody unlikely is confirmed with it.
        """
        children = [tie for tie in self.open_ties if tie.is_likely and tie.tie.kind is PersonKind.CHILD]
        return children or ([] if self.is_confirmed else self.open_ties[:1])

    @property
    def is_choice(self) -> bool:
        """Whether a person ticks whom the answer is about; else it is about the only one there is."""
        return len(self.open_ties) > 1 or (self.is_confirmed and bool(self.open_ties))

    @property
    def field(self) -> str:
        """The name of the reason's field, and where an error points."""
        return f"beside-reason-{self.case.case_id}"

    @property
    def reason(self) -> str:
        """What a form starts with: what was shown, which is no answer yet."""
        confirmed = [tie for tie in self.ties if tie.tie.is_confirmed]
        return " ".join(_reasons([*confirmed, *self.ticked]))


@dataclass(frozen=True, slots=True)
class Beside:
    """All that stands beside a case; empty is no history only where `searched`.

    Attributes:
        restricted_count: further cases, which only a manager is shown.
    """

    items: Sequence[BesideShown]
    searched: bool
    why_not: str | None
    restricted_count: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    """What the index of persons says of those in the ties."""

    matches: dict[MatchId, Match]
    records: dict[RecordId, PersonRecord]


async def beside_of(person: Person, case: CaseView) -> Beside | None:
    """Return the other cases of the same people, with why it is thought so; None for whoever may not know."""
    if not person.sees_all:
        return None
    try:
        found = await person.backend.get_beside(case.case_id)
    except (NotFound, NotPermitted, Unavailable):
        # A case is never held back because its neighbours cannot be read; the page says so.
        found = _AWAY
    known = await _known(person, case, [tie for item in found.items for tie in item.ties])
    items = sorted((_item(case, item, known) for item in found.items), key=_likeliest)
    return Beside(items, found.searched, found.why_not, found.restricted_count)


async def _known(person: Person, case: CaseView, ties: Sequence[Tie]) -> _Known:
    asked = {tie.match_id for tie in ties if tie.match_id and not tie.is_confirmed}
    linked = {tie.record_id for tie in ties if not tie.match_id}
    contacts = [contact.reference for contact in case.contacts] if linked else []
    matches, standings = await asyncio.gather(
        _all(person.people.get_match(each) for each in sorted(asked)),
        _all(person.people.list_of_contact(each) for each in contacts),
    )
    here = [one.record for found in standings for one in found.items if one.record.record_id in linked]
    provisional = {tie.record_id for tie in ties if not tie.match_id and not tie.is_confirmed}
    persons = {record.person_id for record in here if record.record_id in provisional}
    details = await _all(person.people.get_person(each) for each in sorted(persons))
    there = [record for found in details for record in found.records]
    return _Known(
        matches={match.match_id: match for match in matches if match.state is MatchState.OPEN},
        records={record.record_id: record for record in (*here, *there) if record.record_id},
    )


async def _all(asked: Iterable[Coroutine[Any, Any, Found]]) -> list[Found]:
    """Return what could be read; what cannot leaves its tie without words, not without a line."""
    found = await asyncio.gather(*(_or_none(each) for each in asked))
    return [each for each in found if each is not None]


async def _or_none(asked: Coroutine[Any, Any, Found]) -> Found | None:
    try:
        return await asked
    except (NotFound, Unavailable):
        return None


def _item(case: CaseView, item: CaseBeside, known: _Known) -> BesideShown:
    ties = sorted((_tie(tie, known) for tie in item.ties), key=_order)
    return BesideShown(item, ties, _contact(case, ties))


def _likeliest(item: BesideShown) -> tuple[bool, bool, float]:
    """What a person confirmed first, then children before adults, the likeliest first."""
    return (not item.is_confirmed, *_order(item.ties[0])[::2]) if item.ties else (True, True, 0.0)


def _order(shown: TieShown) -> tuple[bool, bool, float]:
    """Children before adults, what a person confirmed before what is asked, the likeliest first."""
    likely = shown.likeness.probability if shown.likeness else 0.0
    return (shown.tie.kind is not PersonKind.CHILD, not shown.tie.is_confirmed, -likely)


def _tie(tie: Tie, known: _Known) -> TieShown:
    match = known.matches.get(tie.match_id) if tie.match_id else None
    if match is not None:
        return _asked(tie, match)
    here, there = known.records.get(tie.record_id), known.records.get(tie.of_record_id)
    likeness = next((each.likeness for each in (here, there) if each and each.likeness), None)
    return TieShown(tie, likeness, here.person_id if here else None, here, there)


def _asked(tie: Tie, match: Match) -> TieShown:
    """Return a tie that a question waits about; which of the two it was raised for does not matter."""
    candidate = next((one for one in match.candidates if _holds(one, tie)), None)
    if candidate is None:
        return TieShown(tie)
    by_id = {record.record_id: record for record in (match.record, *candidate.records)}
    return TieShown(
        tie,
        candidate.likeness,
        candidate.person_id,
        by_id.get(tie.record_id),
        by_id.get(tie.of_record_id),
    )


def _holds(candidate: MatchCandidate, tie: Tie) -> bool:
    return any(record.record_id in {tie.record_id, tie.of_record_id} for record in candidate.records)


def _contact(case: CaseView, ties: Sequence[TieShown]) -> ContactView | None:
    """Return the contact that would move: that of whoever is tied, or the only one there is."""
    told = {child.child_id: child.referral_id for child in case.children}
    referrals = [
        told.get(ChildId(tie.tie.record_id)) or (tie.here.referral_id if tie.here else None) for tie in ties
    ]
    contacts = {contact.referral_id: contact for contact in case.contacts}
    found = (contacts[each] for each in referrals if each in contacts)
    return next(found, case.contacts[0] if len(case.contacts) == 1 else None)


def _reasons(ties: Sequence[TieShown]) -> Iterable[str]:
    for shown in ties:
        name = shown.tie.name or "Somebody whose name is not shown"
        if shown.tie.is_confirmed:
            yield f"{name}: the link is confirmed."
        elif shown.likeness is not None:
            yield f"{name}: {who_is_who.seen_words(shown.likeness)}"
