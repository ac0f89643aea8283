"""Notifications put together: the only place where its parts meet."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI

from services.notifications import rules
from services.notifications.actions.deliveries import Bell
from services.notifications.actions.telling import Terms
from services.notifications.api import ROUTERS
from services.notifications.events import SUBSCRIPTIONS, Here
from services.notifications.models import MAILBOX
from services.notifications.settings import Settings, TeamSetting
from services.notifications.webhooks.sending import Guard, Sender
from services.notifications.webhooks.signing import Vault
from services.notifications.worker import Courier, Round
from shared.platform.messaging import events_worker
from shared.platform.parked_events import parked_router
from shared.platform.process import Worker
from shared.platform.runtime import Runtime
from shared.platform.subscriptions import Workplace
from shared.platform.web import About, Gate
from shared.platform.web import create_app as create_web_app
from shared.schemas.outcomes import Team
from shared.schemas.words import Pathway

ABOUT = About(
    "Safeguarding Hub: notifications",
    "Read what became of the children you referred, from your agency's feed of outcomes, and confirm that you"
    " recorded it; read from its feed of notices what you are asked for and what was corrected. A webhook"
    " tells you sooner; the feeds alone are complete.",
)


def create_workers(runtime: Runtime, settings: Settings) -> Mapping[str, Worker]:
    """Return what runs beside the pages: events in, webhooks out."""
    bell = Bell()
    here = Here(
        triage=runtime.peer(settings.triage_url),
        intake=runtime.peer(settings.intake_url),
        access=runtime.peer(settings.access_url),
        terms=terms_of(settings),
        bell=bell,
    )
    workplace = Workplace(MAILBOX, runtime.sessions, here)
    courier = Courier(
        runtime.sessions,
        lambda: Sender(
            guard_of(settings),
            deadline_seconds=settings.attempt_deadline.total_seconds(),
            ca_file=settings.webhook_ca_file,
        ),
        vault_of(settings),
        bell,
        round_of(settings),
    )
    return {
        "events": events_worker(settings.nats_url, SUBSCRIPTIONS, workplace),
        "deliveries": courier.work,
    }


def create_app(
    settings: Settings, *, with_workers: bool = True, http: httpx.AsyncClient | None = None
) -> FastAPI:
    """Return notifications' web application."""
    runtime = Runtime("notifications", settings, http)
    app = create_web_app(
        ABOUT,
        gate=Gate(
            authenticate=runtime.authenticator(),
            on_refusal=runtime.ledger.on_refusal(runtime.sessions),
            max_body_bytes=settings.max_body_bytes,
        ),
        routers=[*ROUTERS, parked_router(MAILBOX)],
        lifespan=runtime.lifespan(lambda: create_workers(runtime, settings) if with_workers else {}),
        ready=runtime.ready,
    )
    app.state.guard = guard_of(settings)
    app.state.vault = vault_of(settings)
    app.state.triage = runtime.peer(settings.triage_url)
    return app


def terms_of(settings: Settings) -> Terms:
    """Return what partners are told about whom to ring and how long they may challenge."""
    return Terms(
        teams={pathway: _team(pathway, settings) for pathway in Pathway},
        challenge_days=settings.challenge_days,
    )


def _team(pathway: Pathway, settings: Settings) -> Team:
    own = settings.teams.get(pathway, TeamSetting())
    return Team(name=own.name or rules.TEAM_NAMES[pathway], telephone=own.telephone or settings.hub_telephone)


def guard_of(settings: Settings) -> Guard:
    """Return who decides which addresses may be called."""
    own = urlsplit(settings.public_url).hostname
    return Guard(own_hosts=frozenset({own} if own else ()), allow_loopback=settings.allow_loopback_webhooks)


def vault_of(settings: Settings) -> Vault:
    """Return what seals webhook secrets; raises OSError or ValueError when the key file is not there."""
    return Vault(settings.webhook_key_file.read_text())


def round_of(settings: Settings) -> Round:
    """Return how deliveries are made."""
    return Round(
        schedule=settings.attempt_delays_seconds,
        deadline=settings.attempt_deadline,
        at_once=settings.deliveries_at_once,
        at_once_per_webhook=settings.deliveries_at_once_per_webhook,
        public_url=settings.public_url,
    )
