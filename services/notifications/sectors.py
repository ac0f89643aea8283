"""To which sector an agency belongs, as access says: it decides in whose words the agency is told."""

import time
from typing import Final

from shared.platform.peers import Peer
from shared.schemas.access import Agency
from shared.schemas.ids import AgencyId
from shared.schemas.words import Sector

#: An agency hardly ever changes its sector, and everything that anybody is told asks for one.
_KEPT_SECONDS: Final = 60.0


class Sectors:
    """Sectors of agencies, each kept for a minute."""

    def __init__(self, access: Peer) -> None:
        self._access = access
        self._kept: dict[AgencyId, tuple[Sector, float]] = {}

    async def of(self, agency_id: AgencyId) -> Sector:
        """Return the sector of an agency; raise what `Peer.get` raises where access does not answer."""
        sector, asked_at = self._kept.get(agency_id, (None, 0.0))
        if sector is None or time.monotonic() - asked_at > _KEPT_SECONDS:
            sector = (await self._access.get(f"/internal/agencies/{agency_id}", Agency)).sector
            self._kept[agency_id] = sector, time.monotonic()
        return sector
