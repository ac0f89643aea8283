"""The searches for families that staff made, for those who look after how they are used."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.store import searches
from services.intake.store.searches import Place
from shared.platform.auth import Caller
from shared.schemas.families import PeopleSearchMade
from shared.schemas.words import Role, SearchPurpose


async def list_searches(
    tx: AsyncSession, reader: Caller, *, before: Place | None, limit: int, now: datetime
) -> tuple[list[PeopleSearchMade], bool]:
    """Return a page of the searches that staff made, the newest first, and whether there are more.

    What was typed is not kept. Why somebody looked, in their own words, may name a family: whoever sees
    metadata only is not shown it.
    """
    found = await searches.list_searches(tx, before=before, limit=limit)
    page = found[:limit]
    reads_reasons = Role.PRACTICE_AUDITOR in reader.roles
    await LEDGER.record(tx, reader, "searches.listed", at=now, subjects=[one.search_id for one in page])
    shown = [
        PeopleSearchMade(
            search_id=one.search_id,
            searched_at=one.searched_at,
            searched_by=one.searched_by_name,
            purpose=SearchPurpose(one.purpose),
            reason=one.reason if reads_reasons else None,
            terms=one.terms,
            found_count=one.found_count,
        )
        for one in page
    ]
    return shown, len(found) > limit
