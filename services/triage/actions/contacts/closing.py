"""Who may end the hub's part in a child: nobody while it is open who the child is, and some managers only.

Whatever protects a child is decided without asking: only pathways that end the hub's part wait.
"""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.errors import NeedsSecondDecider, PossibleMatchOpen
from services.triage.evidence.history import CLOSING, is_restricted
from services.triage.store import cases, history
from services.triage.store.cases import ChildPlace
from shared.platform.auth import Caller
from shared.schemas.families import ChildLinks
from shared.schemas.ids import ChildId
from shared.schemas.words import Pathway, Role

#: No social care action: not while the child may be one whom the hub knows.
_NO_ACTION: Final = frozenset({Pathway.ADVICE, Pathway.UNIVERSAL})


def rests_on_links(pathway: Pathway, decider: Caller) -> bool:
    """Say whether who the child is has to be known before somebody decides this."""
    return pathway in _NO_ACTION or (pathway in CLOSING and not _is_manager(decider))


async def list_same_child(tx: AsyncSession, place: ChildPlace) -> list[ChildId]:
    """Return the ids under which a child stands in its case: each may have links of its own.

    Raises:
        NotFound: no such child in such a case.
    """
    stands = await cases.find_place(tx, place)
    [child] = await history.list_children(tx, [stands.child_id])
    return [one.child_id for one in await cases.list_group(tx, child)]


def require_may_close(found: Collection[ChildLinks | None], pathway: Pathway, decider: Caller) -> None:
    """Refuse what must not be decided on what is known of who a child is.

    Args:
        found: the links of the child under each of its ids; None where it was not held against those known.

    Raises:
        PossibleMatchOpen: it may be another child that the hub knows, and social care would do nothing.
        NeedsSecondDecider: a manager must decide it.

    Source:
        docs/adr/0023-restricted-people.md
    """
    known = [links for links in found if links is not None]
    waiting = _questions(known)
    if pathway in _NO_ACTION and (
        waiting or any(links is None or links.person_id is None for links in found)
    ):
        raise PossibleMatchOpen(waiting)
    if pathway in CLOSING and not _is_manager(decider) and any(map(is_restricted, known)):
        raise NeedsSecondDecider


def _questions(known: Collection[ChildLinks]) -> Sequence[str]:
    ids = (match_id for links in known for match_id in (*links.open_match_ids, *links.asked_about_match_ids))
    return list(dict.fromkeys(str(match_id) for match_id in ids))


def _is_manager(decider: Caller) -> bool:
    return Role.MANAGER in decider.roles
