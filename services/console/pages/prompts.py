"""What a page about some contacts prompts: other children of the same adults, and a birth nobody told of."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.console.session import Person
from shared.problems import NotFound, Unavailable
from shared.schemas.births import OverdueBirth
from shared.schemas.families import OtherChild, OtherChildren


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


async def prompts_of(person: Person, references: Sequence[str]) -> Prompts | None:
    """Return what a page about these contacts prompts; None for those who do not work with all of them."""
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
        children=_not_in(references, found),
        births=sorted(births.values(), key=lambda birth: birth.due_on),
        is_matched=all(one.is_matched for one in found),
        adults_count=sum(one.adults_count for one in found),
    )


def _not_in(references: Sequence[str], found: Sequence[OtherChildren]) -> list[OtherChild]:
    """Return the children who are in none of these contacts, each once."""
    children = {
        child.person_id: child
        for one in found
        for child in one.items
        if child.record.reference is None or child.record.reference not in references
    }
    return list(children.values())
