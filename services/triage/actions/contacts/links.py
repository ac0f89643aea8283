"""What the index of persons says of a child: asked of intake, never while a transaction is open."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

import httpx

from services.triage.errors import LinksNotKnown
from shared.platform.peers import AWAY, Peer
from shared.problems import NotFound, Unavailable
from shared.schemas.families import ChildLinks, ReferralLinks
from shared.schemas.ids import ChildId, ReferralId

_PATIENCE_SECONDS: Final = 3.0


async def find_links(intake: Peer, child_id: ChildId) -> ChildLinks | None:
    """Return a child's links; None for a child that was not held against those known yet.

    Raises:
        httpx.HTTPStatusError, httpx.TransportError, TimeoutError, Unavailable: intake cannot say now.
    """
    try:
        return await intake.get(f"/internal/children/{child_id}/links", ChildLinks)
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.NOT_FOUND:
            return None
        raise


async def find_links_of(intake: Peer, child_ids: Iterable[ChildId]) -> list[ChildLinks | None]:
    """Return the links of each of some children, None for one that was not held against those known yet.

    Raises:
        LinksNotKnown: intake cannot say now.
    """
    try:
        return [await find_links(intake, child_id) for child_id in child_ids]
    except (httpx.HTTPStatusError, *AWAY) as error:
        raise LinksNotKnown from error


async def find_links_or_say_why(intake: Peer, child_id: ChildId) -> tuple[ChildLinks | None, str | None]:
    """Return a child's links, or why they are not known; raises nothing that intake brings about.

    It waits a little less than for a page at most: other sources are asked after it, by what it says.
    """
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            links = await find_links(intake, child_id)
    except (httpx.HTTPStatusError, *AWAY):
        return None, "The index of persons does not answer: other records of this child are not shown."
    if links is None:
        return None, "This child was not held against those known yet."
    return links, None


async def get_referral_links(intake: Peer, referral_id: ReferralId) -> ReferralLinks:
    """Return whom everyone in a referral is linked to.

    Raises:
        NotFound: intake knows no such referral.
        Unavailable: intake cannot say now.
    """
    try:
        return await intake.get(f"/internal/referrals/{referral_id}/links", ReferralLinks)
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.NOT_FOUND:
            raise NotFound from error
        raise Unavailable from error
    except AWAY as error:
        raise Unavailable from error


async def list_links_or_say_why(
    intake: Peer, referral_ids: Sequence[ReferralId]
) -> tuple[list[ReferralLinks], str | None]:
    """Return whom everyone in some referrals is linked to, and why that is not all; raises nothing."""
    found: list[ReferralLinks] = []
    for referral_id in referral_ids:
        try:
            found.append(await get_referral_links(intake, referral_id))
        except (NotFound, Unavailable):
            return found, "The index of persons does not answer: other cases of these people are not shown."
    if not all(one.items for one in found):
        return found, "Not everyone in this case was held against those known yet."
    return found, None
