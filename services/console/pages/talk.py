"""What was discussed about a case's children and what managers entered, for whoever decides."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.console.session import Person
from shared.problems import NotFound, NotPermitted, Unavailable
from shared.schemas.cases import CaseView
from shared.schemas.discussions import DiscussionView
from shared.schemas.ids import ChildId
from shared.schemas.invitations import OwedView
from shared.schemas.oversight import OversightView


@dataclass(frozen=True, slots=True)
class Talk:
    """Discussions and oversight of a case, the newest first.

    Attributes:
        is_known: whether they could be read; empty is none only where they could.
    """

    discussions: Sequence[DiscussionView]
    owed: Sequence[OwedView]
    oversight: Sequence[OversightView]
    is_known: bool = True

    def owed_to(self, child_ids: Sequence[ChildId]) -> list[OwedView]:
        """Return the discussions that a child is owed, under whichever of its ids."""
        return [one for one in self.owed if one.child_id in child_ids]


async def talk_of(person: Person, case: CaseView) -> Talk | None:
    """Return what was discussed and entered; None for whoever sees none of it."""
    if not person.sees_all:
        return None
    try:
        held, entries = await asyncio.gather(
            person.talking.list_of(case.case_id), person.talking.list_oversight(case.case_id)
        )
    except (NotFound, NotPermitted, Unavailable):
        # A case is never held back for what was talked about it; the page says that it cannot be read.
        return Talk([], [], [], is_known=False)
    return Talk(held.items[::-1], held.owed, entries[::-1])
