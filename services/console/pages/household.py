"""Who stands in several contacts of one case: adults shown once, and children of whom it is not settled."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.console.session import Person
from services.console.wording import name_of
from shared.problems import NotFound, Unavailable
from shared.schemas.case_details import AdultView
from shared.schemas.cases import CaseChildView, CaseView
from shared.schemas.families import RecordStanding
from shared.schemas.ids import ChildId, MatchId, PersonId
from shared.schemas.people_index import Likeness, Match
from shared.schemas.words import LinkState, MatchState, RoleInConcern

#: How triage ends what it says of a tie to a child.
_NEAR = ("has parental responsibility", "lives in the household")


@dataclass(frozen=True, slots=True)
class AdultShown:
    """An adult by name, with what each contact says of them, the first to name them first."""

    told: Sequence[AdultView]

    @property
    def name(self) -> str:
        """As the first contact writes it."""
        return name_of(self.told[0])

    @property
    def is_unsafe(self) -> bool:
        """Whether any contact says that reaching them is not safe: a later silence takes nothing back."""
        return any(each.safe_to_contact is False for each in self.told)

    @property
    def is_warned_of(self) -> bool:
        """Whether any contact says what a visitor must know."""
        return any(each.worker_safety for each in self.told)

    @property
    def is_near(self) -> bool:
        """Whether they live with a child, answer for one, harmed or were harmed, or there is a warning."""
        ties = [tie for each in self.told for tie in each.relationships]
        parts = {each.role_in_concern for each in self.told}
        is_told_of = bool(parts & {RoleInConcern.ALLEGED_PERPETRATOR, RoleInConcern.VICTIM})
        return self.is_unsafe or self.is_warned_of or is_told_of or any(tie.endswith(_NEAR) for tie in ties)


@dataclass(frozen=True, slots=True)
class SameChild:
    """Two children of one case who may be one child, and where a person can say.

    Attributes:
        likeness: why it is thought so; None where it was not worked out or cannot be read.
        match_id: the question that waits; None where the machine alone has linked them.
        person_id: of whom both are taken to be, and `record_id` the record that the machine linked.
    """

    one: CaseChildView
    other: CaseChildView
    likeness: Likeness | None
    match_id: MatchId | None = None
    person_id: PersonId | None = None
    record_id: ChildId | None = None


def adults_of(case: CaseView) -> list[AdultShown]:
    """Return each adult of a case once: those of one name whom different contacts tell of.

    Two of one name in one contact, such as father and son, stay two.
    """
    found: list[list[AdultView]] = []
    for adult in case.adults:
        same = next((told for told in found if _tells_of(told, adult)), None)
        if same is None:
            found.append([adult])
        else:
            same.append(adult)
    return [AdultShown(told) for told in found]


def _tells_of(told: Sequence[AdultView], adult: AdultView) -> bool:
    contacts = {each.referral_id for each in told}
    is_named = bool((adult.given_name or "").strip() and (adult.family_name or "").strip())
    is_of_another = adult.referral_id is not None and adult.referral_id not in contacts
    return is_named and is_of_another and name_of(told[0]).casefold() == name_of(adult).casefold()


async def people_of(person: Person, references: Sequence[str]) -> list[RecordStanding]:
    """Return everybody in some contacts, as far as they can be read just now."""
    found = await asyncio.gather(*(_people(person, reference) for reference in references))
    return [standing for people in found for standing in people]


async def _people(person: Person, reference: str) -> list[RecordStanding]:
    try:
        return (await person.people.list_of_contact(reference)).items
    except (NotFound, Unavailable):
        return []


async def unsettled(person: Person, case: CaseView, people: Sequence[RecordStanding]) -> list[SameChild]:
    """Return the pairs of children of a case of whom nobody has said whether they are one."""
    children = {child.child_id: child for child in case.children}
    asked = [standing for standing in people if standing.record.record_id in children]
    match_ids = list(dict.fromkeys(match_id for standing in asked for match_id in standing.open_match_ids))
    matches = await asyncio.gather(*(_match(person, match_id) for match_id in match_ids))
    pairs = [pair for standing in asked for pair in _linked(standing, children)]
    pairs += [pair for match in matches if match for pair in _asked(match, children)]
    found = {frozenset((_first(pair.one), _first(pair.other))): pair for pair in reversed(pairs)}
    return [pair for names, pair in reversed(found.items()) if len(names) > 1]


async def _match(person: Person, match_id: MatchId) -> Match | None:
    try:
        return await person.people.get_match(match_id)
    except (NotFound, Unavailable):
        return None


def _linked(standing: RecordStanding, children: dict[ChildId, CaseChildView]) -> list[SameChild]:
    """Return whom the machine alone has linked a child to, from the side of what it linked."""
    record = standing.record
    if record.record_id is None or record.link_state is not LinkState.PROVISIONAL:
        return []
    child_id = ChildId(record.record_id)
    return [
        SameChild(
            children[child_id],
            children[ChildId(other.record_id)],
            record.likeness,
            person_id=record.person_id,
            record_id=child_id,
        )
        for other in standing.linked
        if other.record_id in children and not other.is_confirmed
    ]


def _asked(match: Match, children: dict[ChildId, CaseChildView]) -> list[SameChild]:
    if match.state is not MatchState.OPEN or match.record.record_id not in children:
        return []
    return [
        SameChild(
            children[ChildId(match.record.record_id)],
            children[ChildId(record.record_id)],
            candidate.likeness,
            match_id=match.match_id,
        )
        for candidate in match.candidates
        if candidate.verdict is None
        for record in candidate.records
        if record.record_id is not None and record.record_id in children
    ]


def _first(child: CaseChildView) -> ChildId:
    """Return the child that stands for all that people have confirmed to be one with this one."""
    return child.same_child_as or child.child_id
