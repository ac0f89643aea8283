"""What every service process opens at its start and closes at its end: database, HTTP client, workers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from shared.platform import database, log
from shared.platform.access_client import AccessAuthenticator, AccessKeys, Route
from shared.platform.audit import Ledger
from shared.platform.peers import ClientIdentity, Peer, http_client
from shared.platform.process import Worker, leave_what_is_loaded_alone, run_workers, until_signalled
from shared.platform.settings import ServiceSettings
from shared.platform.web import Lifespan


class Runtime:
    """The opened parts of one service process; `app.py` puts the service together from them.

    Args:
        http: how other services are reached; left out, over the network.
    """

    def __init__(self, name: str, settings: ServiceSettings, http: httpx.AsyncClient | None = None) -> None:
        self.name = name
        self.settings = settings
        self.engine = database.create_engine(
            settings, application_name=f"hub-{name}", must_be_durable=not settings.allow_unsafe_durability
        )
        self.sessions = database.create_sessions(self.engine)
        self.ledger = Ledger(name)
        self.http = http or http_client()
        self.identity = ClientIdentity(
            self.http, client_id=name, key_file=settings.key_file, access_url=settings.access_url
        )

    def peer(self, url: str) -> Peer:
        """Return another service of the hub, called with this service's own token."""
        return Peer(self.http, self.identity, url)

    def authenticator(self, *, signature_suffices: frozenset[Route] = frozenset()) -> AccessAuthenticator:
        """Return the reader of tokens that asks access whether the caller still stands."""
        url = self.settings.access_url
        return AccessAuthenticator(
            AccessKeys(self.http, url), self.peer(url), issuer=url, signature_suffices=signature_suffices
        )

    async def ready(self) -> bool:
        """Say whether the database answers now."""
        return await database.answers(self.engine)

    def lifespan(self, workers: Callable[[], Mapping[str, Worker]]) -> Lifespan:
        """Return the lifespan of the web application, with `workers` running beside it.

        Args:
            workers: gives the workers of this process once it starts; none for a process that is web alone.
        """

        @asynccontextmanager
        async def live(app: FastAPI) -> AsyncIterator[None]:
            log.configure(self.name)
            await database.require_durability(self.engine)
            app.state.sessions = self.sessions
            app.state.ledger = self.ledger
            stop = asyncio.Event()
            running = asyncio.create_task(run_workers(workers(), stop))
            leave_what_is_loaded_alone()
            try:
                yield
            finally:
                stop.set()
                await running
                await self.close()

        return live

    def work_alone(self, workers: Mapping[str, Worker]) -> None:
        """Run `workers` as a process without pages, until SIGTERM or SIGINT."""

        async def work() -> None:
            log.configure(self.name)
            await database.require_durability(self.engine)
            await until_signalled(workers)
            await self.close()

        asyncio.run(work())

    async def close(self) -> None:
        """Give back the connections."""
        await self.http.aclose()
        await self.engine.dispose()
