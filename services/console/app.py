"""The console, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from services.console import look, refusals, sign_in
from services.console.backend import Agencies, Services
from services.console.pages import (
    asking,
    board,
    case,
    case_history,
    check_receipts,
    chronology,
    closed,
    contact,
    contacts,
    decision,
    depth,
    discussion_actions,
    discussions,
    drafts,
    due,
    families,
    grade,
    held_copies,
    holding,
    invitations,
    joins,
    matches,
    measures,
    onward,
    overdue,
    oversight,
    parked,
    people,
    policies,
    policy_replays,
    quality,
    recording,
    red,
    related,
    requests,
    searches,
    second_look,
    telephone,
    work_list,
)
from services.console.pages.showing import templates
from services.console.seal import Seal
from services.console.session import Cookies, Desk
from services.console.settings import Settings
from services.console.staff import Staff
from shared.clock import utc_now
from shared.design.pages import static_files
from shared.platform import log
from shared.platform.peers import ClientIdentity, http_client
from shared.platform.web import About, Gate
from shared.platform.web import create_app as create_web_app

ABOUT = About(
    "Safeguarding Hub: console", "Pages for the hub's staff. Partner systems use the services' APIs."
)

_PAGES = (
    work_list, board, holding, drafts, contacts, contact, telephone, held_copies, quality, check_receipts,
    case, case_history, chronology, asking, grade, decision, second_look, depth, joins, due, onward, red,
    related, matches, overdue, closed, people, families, requests, searches, discussions, recording,
    invitations, discussion_actions, oversight, measures, policies, policy_replays, parked, sign_in, look,
)  # fmt: skip


def create_app(settings: Settings, http: httpx.AsyncClient | None = None) -> FastAPI:
    """Return the console.

    Args:
        http: how the services are reached; left out, over the network.
    """
    client = http or http_client()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        log.configure("console")
        yield
        await client.aclose()

    app = create_web_app(
        ABOUT,
        gate=Gate(authenticate=None, max_body_bytes=settings.max_body_bytes),
        routers=[page.router for page in _PAGES],
        lifespan=lifespan,
        ready=_ready,
    )
    app.mount("/assets", static_files())
    app.state.clock = utc_now
    app.state.templates = templates()
    app.state.desk = _desk(settings, client)
    refusals.install(app)
    return app


def _desk(settings: Settings, client: httpx.AsyncClient) -> Desk:
    identity = ClientIdentity(
        client, client_id="console", key_file=settings.key_file, access_url=settings.access_url
    )
    return Desk(
        staff=Staff(client, identity, access_url=settings.access_url),
        services=Services(
            http=client,
            access_url=settings.access_url,
            triage_url=settings.triage_url,
            intake_url=settings.intake_url,
            notifications_url=settings.notifications_url,
            agencies=Agencies(),
        ),
        cookies=Cookies(Seal(settings.key_file.read_bytes()), settings.secure_cookies),
        public_url=settings.public_url.rstrip("/"),
        sign_in_url=f"{settings.access_public_url.rstrip('/')}/sign-in",
    )


async def _ready() -> bool:
    # The console stands on nothing of its own. When a service is away its pages say so, which is better
    # than the bare error of a load balancer that has been told to send nobody here.
    return True
