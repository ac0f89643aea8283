"""Intake put together: the only place where its parts meet."""

from collections.abc import Mapping

import httpx
from fastapi import FastAPI

from services.intake import advice
from services.intake.actions.checking import Terms
from services.intake.actions.holding import advising, keeping
from services.intake.actions.judging import Limits
from services.intake.actions.lapsing import lapsing
from services.intake.actions.rekeying import are_keys_current, sweeping
from services.intake.api import (
    births,
    checks,
    families,
    held_copies,
    internal,
    matches,
    people,
    quality,
    referrals,
    telephone,
    versions,
    withdrawals,
)
from services.intake.events import SUBSCRIPTIONS, Here
from services.intake.matching.deciding import Thresholds
from services.intake.matching.weights import shipped_weights, weights_from
from services.intake.models import MAILBOX
from services.intake.sealing import Vault
from services.intake.settings import Settings
from shared.platform.admission import Admission, Room
from shared.platform.messaging import events_worker
from shared.platform.parked_events import parked_router
from shared.platform.process import Worker
from shared.platform.runtime import Runtime
from shared.platform.subscriptions import Workplace
from shared.platform.web import About, Gate
from shared.platform.web import create_app as create_web_app

ABOUT = About(
    "Safeguarding Hub: intake",
    "Send a worry about a child, as complete as you can make it now, and see where it is. A 201 means that"
    " the hub has it for good. Retry with the same Idempotency-Key until you get an answer.",
)
#: A worry about a child is taken on a good signature even while access is away, and let in before all else.
TAKEN_ON_SIGNATURE = frozenset({("POST", "/v1/referrals")})


def create_workers(runtime: Runtime, settings: Settings) -> Mapping[str, Worker]:
    """Return what runs beside the pages: events out and in, and requests that lapse."""
    workplace = Workplace(MAILBOX, runtime.sessions, here=here_of(settings))
    return {
        "events": events_worker(settings.nats_url, SUBSCRIPTIONS, workplace),
        "lapsing": lapsing(runtime.sessions, every=settings.lapse_every),
        "rekeying": sweeping(runtime.sessions, every=settings.rekey_every),
    }


def here_of(settings: Settings) -> Here:
    """Return what handlers work with."""
    file = settings.matching_weights_file
    return Here(
        Limits(
            weights_from(file) if file else shipped_weights(),
            Thresholds(sure=settings.match_sure_at, possible=settings.match_possible_at),
            least_population=settings.matching_least_population,
        )
    )


def create_app(
    settings: Settings, *, with_workers: bool = True, http: httpx.AsyncClient | None = None
) -> FastAPI:
    """Return intake's web application."""
    runtime = Runtime("intake", settings, http)
    vault = Vault(settings.held_copy_key_file.read_text())

    async def notes() -> dict[str, str]:
        is_current = await are_keys_current(runtime.sessions)
        return {"person_keys": "current" if is_current else "being_made_anew"}

    app = create_web_app(
        ABOUT,
        gate=Gate(
            authenticate=runtime.authenticator(signature_suffices=TAKEN_ON_SIGNATURE),
            on_refusal=keeping(runtime.sessions, vault, telephone=settings.hub_telephone),
            advise=advising(telephone=settings.hub_telephone),
            max_body_bytes=settings.max_body_bytes,
        ),
        routers=[
            # Before the routes whose path begins with a reference.
            telephone.router,
            referrals.router,
            checks.router,
            versions.router,
            withdrawals.router,
            quality.router,
            held_copies.router,
            internal.router,
            # Before the routes whose path names a person.
            births.router,
            families.router,
            people.router,
            matches.router,
            parked_router(MAILBOX),
        ],
        lifespan=runtime.lifespan(lambda: create_workers(runtime, settings) if with_workers else {}),
        ready=runtime.ready,
        notes=notes,
    )
    # Before all else, so that turning a body away costs next to nothing.
    app.add_middleware(
        Admission,
        room=Room(settings.bodies_at_once_bytes, settings.max_body_bytes, first=TAKEN_ON_SIGNATURE),
        advise=advising(telephone=settings.hub_telephone),
    )
    app.state.settings = settings
    app.state.triage = runtime.peer(settings.triage_url)
    app.state.check_terms = Terms(
        settings.hub_telephone, settings.check_sample_share, settings.check_patience
    )
    app.state.vault = vault
    app.state.birth_grace = settings.birth_grace
    app.state.access = runtime.peer(settings.access_url)
    app.state.advice = advice.Advice(settings.hub_telephone)
    return app
