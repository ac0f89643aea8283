"""Triage put together: the only place where its parts meet."""

from collections.abc import Iterator, Mapping

import httpx
from fastapi import FastAPI

from services.triage.actions.clock.calling_out import Calling, Gateway, HttpGateway
from services.triage.actions.clock.scheduling import Job, jobs_of, scheduled
from services.triage.actions.policies.policy_rounds import policy_workers
from services.triage.actions.showing.asking_council import CouncilSystem, read_adapter
from services.triage.api import (
    alerts,
    announcing,
    asking,
    board,
    cases,
    deciding,
    depth,
    discussions,
    drafts,
    holding,
    joins,
    measures,
    onward,
    oversight,
    policies,
    relating,
    restricted,
    timers,
    work_lists,
)
from services.triage.events import SUBSCRIPTIONS, Here
from services.triage.evidence.history import HistorySource, NotConnected
from services.triage.models import MAILBOX
from services.triage.settings import Settings
from shared.platform.messaging import events_worker
from shared.platform.parked_events import parked_router
from shared.platform.peers import AWAY, Peer
from shared.platform.process import Worker
from shared.platform.runtime import Runtime
from shared.platform.subscriptions import Workplace
from shared.platform.web import About, Gate
from shared.platform.web import create_app as create_web_app
from shared.problems import Unavailable
from shared.schemas.access import Agency, Colleague
from shared.schemas.alerts import PageContact
from shared.schemas.ids import AgencyId, StaffId
from shared.schemas.shapes import Page
from shared.schemas.words import Sector

ABOUT = About(
    "Safeguarding Hub: triage",
    "Answer what the hub asks your agency about a child, and say how worried you are, 0 to 5. Staff read"
    " cases here and decide, each child apart.",
)


class AgencyRegister:
    """Access's register of agencies, as triage asks it."""

    def __init__(self, access: Peer) -> None:
        self._access = access

    async def knows(self, agency_id: AgencyId) -> bool:
        """Say whether there is such an agency; raise Unavailable if nobody can say."""
        try:
            await self._access.get(f"/internal/agencies/{agency_id}", Agency)
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.NOT_FOUND:
                return False
            raise Unavailable from error
        except AWAY as error:
            raise Unavailable from error
        return True

    async def sectors(self) -> Mapping[AgencyId, Sector]:
        """Return the sector of every agency there is; raise Unavailable if nobody can say."""
        try:
            found = await self._access.get("/v1/agencies?limit=1000", Page[Agency])
        except (*AWAY, httpx.HTTPStatusError) as error:
            raise Unavailable from error
        return {agency.agency_id: agency.sector for agency in found.items}


class StaffRegister:
    """Access's register of staff, as triage asks it."""

    def __init__(self, access: Peer) -> None:
        self._access = access

    async def find_decider(self, staff_id: StaffId) -> Colleague | None:
        """Return a member of staff who decides, if it is one; raise Unavailable if nobody can say."""
        return await self._find(f"/internal/deciders/{staff_id}")

    async def find_reader(self, staff_id: StaffId) -> Colleague | None:
        """Return a member of staff who decides or reads cases, if it is one; raise as `find_decider` does."""
        return await self._find(f"/internal/deciders/{staff_id}?readers=true")

    async def _find(self, path: str) -> Colleague | None:
        try:
            return await self._access.get(path, Colleague)
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.NOT_FOUND:
                return None
            raise Unavailable from error
        except AWAY as error:
            raise Unavailable from error


def create_workers(runtime: Runtime, settings: Settings) -> Mapping[str, Worker]:
    """Return what runs beside the pages: events, what the clock does, and the policy's rounds."""
    here = Here(settings, runtime.peer(settings.intake_url))
    workplace = Workplace(MAILBOX, runtime.sessions, here)
    return {
        "events": events_worker(settings.nats_url, SUBSCRIPTIONS, workplace),
        **scheduled(runtime.sessions, create_jobs(settings)),
        **policy_workers(runtime.sessions, settings.times),
    }


def create_jobs(settings: Settings) -> tuple[Job, ...]:
    """Return what is done by the clock; each is a worker of its own."""
    return jobs_of(
        settings.times,
        Calling(dict(_gateways(settings)), settings.red_escalate_after, settings.red_page_again_after),
        every=settings.schedule_every,
        drift_every=settings.drift_every,
    )


def _gateways(settings: Settings) -> Iterator[tuple[PageContact, Gateway]]:
    urls = {PageContact.FIRST: settings.red_page_url, PageContact.SECOND: settings.red_page_second_url}
    for contact, url in urls.items():
        if url is not None and settings.red_page_secret_file is not None:
            adapter = read_adapter(
                url, settings.red_page_secret_file, settings.red_page_ca_file, settings.red_page_patience
            )
            yield contact, HttpGateway(adapter)


def council_system(settings: Settings) -> HistorySource:
    """Return the council's own case system as the settings connect it, if they do."""
    if settings.council_system_url is None or settings.council_system_secret_file is None:
        return NotConnected()
    adapter = read_adapter(
        settings.council_system_url,
        settings.council_system_secret_file,
        settings.council_system_ca_file,
        settings.council_system_patience,
    )
    return CouncilSystem(adapter)


def create_app(
    settings: Settings, *, with_workers: bool = True, http: httpx.AsyncClient | None = None
) -> FastAPI:
    """Return triage's web application."""
    runtime = Runtime("triage", settings, http)
    app = create_web_app(
        ABOUT,
        gate=Gate(
            authenticate=runtime.authenticator(),
            on_refusal=runtime.ledger.on_refusal(runtime.sessions),
            max_body_bytes=settings.max_body_bytes,
        ),
        routers=[
            board.router,
            cases.router,
            work_lists.router,
            asking.router,
            deciding.router,
            depth.router,
            discussions.router,
            oversight.router,
            measures.router,
            joins.router,
            relating.router,
            restricted.router,
            timers.router,
            onward.router,
            alerts.router,
            announcing.router,
            policies.router,
            holding.router,
            drafts.router,
            parked_router(MAILBOX),
        ],
        lifespan=runtime.lifespan(lambda: create_workers(runtime, settings) if with_workers else {}),
        ready=runtime.ready,
    )
    app.state.settings = settings
    app.state.staff = StaffRegister(runtime.peer(settings.access_url))
    app.state.agencies = AgencyRegister(runtime.peer(settings.access_url))
    app.state.intake = runtime.peer(settings.intake_url)
    app.state.history_sources = (council_system(settings),)
    return app
