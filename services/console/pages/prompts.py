"""What a page about some contacts prompts: other children of the same adults, and a birth nobody told of."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.console.session import Person
from shared.problems import NotFound, Unavailable
from shared.schemas.births import OverdueBirth
from shared.schemas.families import OtherChild, OtherChildren, RecordStanding
from shared.schemas.ids import PersonId


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is known of others in these contacts' family.

    Attributes:
        is_known: whether it could be looked up just now, of every contact.
        is_matched: whether everybody has been held against those known.
        adults_count: adults named in any of the contacts.
    """

    children: list[OtherChild]
    births: list[OverdueBirth]
    is_known: bool = True
    is_matched: bool = True
    adults_count: int = 0


async def prompts_of(
    person: Person, references: Sequence[str], people: Sequence[RecordStanding] = ()
) -> Prompts | None:
    """Return what a page about these contacts prompts; None for those who do not work with all of them.

    Args:
        people: who stands in the contacts, where there are several: a child of one is none other to the next.
    """
    if not person.sees_all or not references:
        return None
    try:
        found = [await person.people.list_other_children(reference) for reference in references]
        overdue = [await person.people.list_overdue_births(reference=reference) for reference in references]
    except (NotFound, Unavailable):
        # A page about a child is never held back because others cannot be looked up.
        return Prompts([], [], is_known=False)
    births = {birth.person_id: birth for page in overdue for birth in page.items}
    return Prompts(
        children=_others(found, {one.record.person_id for one in people}),
        births=sorted(births.values(), key=lambda birth: birth.due_on),
        is_matched=all(one.is_matched for one in found),
        adults_count=sum(one.adults_count for one in found),
    )


def _others(found: Sequence[OtherChildren], here: set[PersonId]) -> list[OtherChild]:
    """Return the children who are in none of these contacts, each once with all that ties them."""
    children: dict[PersonId, OtherChild] = {}
    for child in (each for one in found for each in one.items if each.person_id not in here):
        known = children.get(child.person_id)
        ties = [*known.ties, *(tie for tie in child.ties if tie not in known.ties)] if known else child.ties
        ties = sorted(ties, key=lambda tie: not tie.is_confirmed)
        children[child.person_id] = (known or child).model_copy(update={"ties": ties})
    return sorted(children.values(), key=_heard_last)


def _heard_last(child: OtherChild) -> float:
    return -child.last_heard_at.timestamp() if child.last_heard_at else 0.0
