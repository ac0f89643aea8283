"""What the hub tells an agency's system, read from where it was left."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from deploy.local.journey.company import Company
from deploy.local.journey.parties import Party
from shared.schemas.notices import Notice
from shared.schemas.outcomes import Outcome
from shared.schemas.shapes import Answer, Page

Told = TypeVar("Told", bound=Answer)


class Feed(Generic[Told]):
    """One feed of an agency: of outcomes, or of notices."""

    def __init__(self, reader: Party, path: str, page: type[Page[Told]]) -> None:
        self._reader = reader
        self._path = path
        self._page = page
        self._after: str | None = None
        self._told: list[Told] = []

    async def read_all(self) -> list[Told]:
        """Return all that has been told since the feed was opened, however often it is asked for."""
        self._told += await self.read_on()
        return self._told

    async def read_on(self) -> list[Told]:
        """Return what is new since the last time."""
        found: list[Told] = []
        while True:
            asked = {"after": self._after} if self._after else {}
            answer = await self._reader.call("GET", "notifications", self._path, params=asked)
            page = self._page.model_validate_json(answer.content)
            self._after = page.next_cursor
            found += page.items
            if not page.has_more:
                return found


@dataclass(frozen=True)
class Feeds:
    """The feeds of every system, by its client id."""

    outcomes: dict[str, Feed[Outcome]]
    notices: dict[str, Feed[Notice]]


async def open_feeds(company: Company) -> Feeds:
    """Return each system's feeds, read to their ends: what comes now is news."""
    systems = company.systems.items()
    feeds = Feeds(
        {client_id: Feed(system, "/v1/outcomes", Page[Outcome]) for client_id, system in systems},
        {client_id: Feed(system, "/v1/notices", Page[Notice]) for client_id, system in systems},
    )
    for client_id in company.systems:
        await feeds.outcomes[client_id].read_on()
        await feeds.notices[client_id].read_on()
    return feeds
