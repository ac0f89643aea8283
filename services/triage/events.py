"""Who listens to what in triage."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions.contacts.correcting import correct_case
from services.triage.actions.contacts.links import find_links
from services.triage.actions.contacts.noting_history import Noting, note_history
from services.triage.actions.contacts.opening import open_case
from services.triage.actions.showing.restricted import note_restrictions
from services.triage.evidence.history import linked_children
from services.triage.settings import Settings
from services.triage.store.cases import find_contact
from services.triage.store.history import hold_cases
from shared.clock import utc_now
from shared.platform.peers import Peer
from shared.platform.subscriptions import Handler, Subscriptions
from shared.schemas.events import LinkChanged, PeopleMatched, ReferralReceived, RestrictionChanged
from shared.schemas.families import ChildLinks
from shared.schemas.ids import ChildId, ReferralId
from shared.schemas.progress import ReferralDocument, ReferralRestriction


@dataclass(frozen=True)
class Here:
    """What triage's handlers work with."""

    settings: Settings
    intake: Peer
    now: Callable[[], datetime] = utc_now


async def _fetch_first(here: Here, event: ReferralReceived) -> ReferralDocument | None:
    return await _fetch(here, event.referral_id, 1) if event.version == 1 else None


async def _fetch_versions(here: Here, event: ReferralReceived) -> Sequence[ReferralDocument]:
    """Return a later version after all those before it: their events may still be on their way, and what
    they said stays in force.
    """
    if event.version == 1:
        return ()
    return await _fetch_up_to(here, event.referral_id, event.version)


async def _fetch_up_to(here: Here, referral_id: ReferralId, newest: int) -> Sequence[ReferralDocument]:
    return [await _fetch(here, referral_id, version) for version in range(1, newest + 1)]


async def _fetch(here: Here, referral_id: ReferralId, version: int) -> ReferralDocument:
    path = f"/internal/referrals/{referral_id}?version={version}"
    return await here.intake.get(path, ReferralDocument)


async def _open_case(
    tx: AsyncSession, _event: ReferralReceived, first: ReferralDocument | None, here: Here
) -> None:
    if first is not None:
        await open_case(tx, first, now=here.now(), settings=here.settings)


async def _correct_case(
    tx: AsyncSession, _event: ReferralReceived, versions: Sequence[ReferralDocument], here: Here
) -> None:
    if versions:
        now = here.now()
        await open_case(tx, versions[0], now=now, settings=here.settings)
        await correct_case(tx, versions, now=now, settings=here.settings)


_opening: Handler[Here, ReferralReceived, ReferralDocument | None] = Handler(
    "open_case", fetch=_fetch_first, apply=_open_case, from_the_start=True
)
# A handler of its own: a process of the release before, which knows no later versions, must not use them up.
_correcting: Handler[Here, ReferralReceived, Sequence[ReferralDocument]] = Handler(
    "correct_case", fetch=_fetch_versions, apply=_correct_case, from_the_start=True
)


@dataclass(frozen=True)
class _Links:
    """What intake says of the links of some children, and when it was asked."""

    asked_at: datetime
    found: Sequence[ChildLinks]
    #: Of the referral whose people were matched.
    versions: Sequence[ReferralDocument] = ()


async def _fetch_links(here: Here, event: LinkChanged) -> _Links:
    return await _links_around(here, event.child_ids)


async def _fetch_matched(here: Here, event: PeopleMatched) -> _Links:
    versions = await _fetch_up_to(here, event.referral_id, event.referral_version)
    links = await _links_around(here, [child.child_id for child in versions[-1].children])
    return replace(links, versions=versions)


async def _links_around(here: Here, child_ids: Iterable[ChildId]) -> _Links:
    """Ask for the links of children, once for all that are linked to each other: they share them."""
    asked_at = here.now()
    found: list[ChildLinks] = []
    known: set[ChildId] = set()
    for child_id in child_ids:
        links = None if child_id in known else await find_links(here.intake, child_id)
        if links is not None:
            found.append(links)
            known |= {child_id, *linked_children(links)}
    return _Links(asked_at, found)


async def _note_links(tx: AsyncSession, _event: LinkChanged, links: _Links, here: Here) -> None:
    await note_history(tx, links.found, Noting(links.asked_at, here.now(), here.settings))


async def _note_matches(tx: AsyncSession, event: PeopleMatched, links: _Links, here: Here) -> None:
    """Note what the links bring, once the referral has its case: its own event may still be on its way."""
    now, settings = here.now(), here.settings
    # All at once, and before any of them is held alone: two events about one family must not form a ring.
    children = {child_id for one in links.found for child_id in (one.child_id, *linked_children(one))}
    await hold_cases(tx, children, [event.referral_id])
    # As a rule it has its case, and that knows the newest version.
    known = await find_contact(tx, event.referral_id)
    if known is None or known.version < links.versions[-1].version:
        await open_case(tx, links.versions[0], now=now, settings=settings)
        await correct_case(tx, links.versions, now=now, settings=settings)
    await note_history(tx, links.found, Noting(links.asked_at, now, settings))


_linking: Handler[Here, LinkChanged, _Links] = Handler(
    "note_links", fetch=_fetch_links, apply=_note_links, from_the_start=True
)
_matching: Handler[Here, PeopleMatched, _Links] = Handler(
    "note_matches", fetch=_fetch_matched, apply=_note_matches, from_the_start=True
)


@dataclass(frozen=True)
class _Restrictions:
    """What intake says of some referrals, and when it was asked: whatever came later overtakes it."""

    asked_at: datetime
    said: dict[ReferralId, bool]


async def _fetch_restrictions(here: Here, event: RestrictionChanged) -> _Restrictions:
    asked_at = here.now()
    paths = [f"/internal/referrals/{referral_id}/restriction" for referral_id in event.referral_ids]
    found = [await here.intake.get(path, ReferralRestriction) for path in paths]
    return _Restrictions(asked_at, {one.referral_id: one.restricted for one in found})


async def _note_restrictions(
    tx: AsyncSession, _event: RestrictionChanged, found: _Restrictions, _here: Here
) -> None:
    await note_restrictions(tx, found.said, asked_at=found.asked_at)


_restricting: Handler[Here, RestrictionChanged, _Restrictions] = Handler(
    "note_restrictions", fetch=_fetch_restrictions, apply=_note_restrictions, from_the_start=True
)

SUBSCRIPTIONS: Subscriptions = {
    ReferralReceived: (_opening, _correcting),
    PeopleMatched: (_matching,),
    LinkChanged: (_linking,),
    RestrictionChanged: (_restricting,),
}
