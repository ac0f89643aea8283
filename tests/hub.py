"""The services in one process: real applications on a real database, with calls carried between them."""

import base64
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.local.cast import DemoPerson, demo_cast
from deploy.local.environment import role_url
from deploy.local.files import Folder
from services.access import app as access
from services.access.settings import Settings as AccessSettings
from services.intake import app as intake
from services.intake import events as intake_events
from services.intake.models import MAILBOX as INTAKE_MAILBOX
from services.intake.settings import Settings as IntakeSettings
from services.notifications import app as notifications
from services.notifications import events as notifications_events
from services.notifications.actions.deliveries import Bell
from services.notifications.models import MAILBOX as NOTIFICATIONS_MAILBOX
from services.notifications.settings import Settings as NotificationsSettings
from services.triage import app as triage
from services.triage import events as triage_events
from services.triage.models import MAILBOX as TRIAGE_MAILBOX
from services.triage.settings import Settings as TriageSettings
from shared.platform.database import Sessions
from shared.platform.mailbox import Mailbox
from shared.platform.runtime import Runtime
from shared.platform.subscriptions import Workplace
from shared.schemas.ids import new_id
from tests.carrying import Carrier, Listener
from tests.in_process import InProcess

URLS = {name: f"http://{name}" for name in ("access", "intake", "triage", "notifications", "console")}

#: A token is good for five minutes; a run of all tests takes longer.
_KEPT_SECONDS = 200


@dataclass
class Hub:
    """Every service, as partners and staff see it."""

    http: httpx.AsyncClient
    folder: Folder
    settings: dict[str, Any]
    sessions: dict[str, Sessions]
    mailboxes: dict[str, Mailbox]
    listeners: list[Listener]
    carrier: Carrier
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)

    async def as_client(self, client_id: str) -> dict[str, str]:
        """Return the headers of a partner's system of the demo."""
        return await self._bearer(client_id, lambda: self._client_token(client_id))

    async def as_staff(self, username: str) -> dict[str, str]:
        """Return the headers of a demo person."""
        return await self._bearer(username, lambda: self._staff_token(username))

    async def as_service(self, name: str) -> dict[str, str]:
        """Return the headers of one of the hub's own services."""
        return await self._bearer(name, lambda: self._key_token(name))

    async def send(self, referral: dict[str, Any], client_id: str = "northshire-police") -> dict[str, Any]:
        """Send a referral that is taken, and return what the sender was told."""
        answer = await self.post_referral(referral, client_id)
        assert answer.status_code == 201, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def post_referral(
        self, referral: dict[str, Any], client_id: str = "northshire-police", key: str | None = None
    ) -> httpx.Response:
        """Send a referral and return the answer, whatever it is."""
        headers = await self.as_client(client_id) | {"Idempotency-Key": key or str(new_id())}
        return await self.http.post(f"{URLS['intake']}/v1/referrals", json=referral, headers=headers)

    async def case_of(self, reference: str, username: str = "dana.reid") -> dict[str, Any]:
        """Carry what was said to whoever listens, and return the case of a referral."""
        await self.carry_events()
        headers = await self.as_staff(username)
        found = await self.http.get(f"{URLS['triage']}/v1/cases?reference={reference}", headers=headers)
        return await self.get_case(found.json()["items"][0]["case_id"], username)

    async def get_case(self, case_id: str, username: str = "dana.reid") -> dict[str, Any]:
        """Return a case as someone sees it."""
        answer = await self.http.get(
            f"{URLS['triage']}/v1/cases/{case_id}", headers=await self.as_staff(username)
        )
        assert answer.status_code == 200, answer.text
        case: dict[str, Any] = answer.json()
        return case

    async def every(
        self, url: str, headers: dict[str, str], *, cursor: str = "cursor", **query: str
    ) -> list[dict[str, Any]]:
        """Return all of a list, whatever other tests have put on it.

        Args:
            cursor: by what name the list takes its cursor.
        """
        items: list[dict[str, Any]] = []
        while True:
            answer = await self.http.get(url, params={"limit": "1000", **query}, headers=headers)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            items += page["items"]
            if not page["has_more"]:
                return items
            query[cursor] = page["next_cursor"]

    async def carry_events(self) -> None:
        """Deliver every event said since the last time, and those said by hearing them.

        Notifications hears its own once somebody asks it something, or by `carrier.tell_partners`.
        """
        await self.carrier.carry(self.listeners)

    def forget_carried(self, service: str) -> None:
        """Let a service deliver its newest events once more, as a bus may do."""
        self.carrier.forget(service)

    async def _bearer(self, who: str, ask: Callable[[], Awaitable[str]]) -> dict[str, str]:
        token, asked_at = self._tokens.get(who, ("", 0.0))
        if time.monotonic() - asked_at > _KEPT_SECONDS or not token:
            token = await ask()
            self._tokens[who] = token, time.monotonic()
        return {"Authorization": f"Bearer {token}"}

    async def _client_token(self, client_id: str) -> str:
        secret = self.folder.secret_of(client_id)
        if not secret.exists():
            return await self._key_token(client_id)
        basic = base64.b64encode(f"{client_id}:{secret.read_text().strip()}".encode()).decode()
        return await self._ask_token({}, {"Authorization": f"Basic {basic}"})

    async def _key_token(self, client_id: str) -> str:
        key = ECKey.import_key(json.loads(self.folder.key_of(client_id).read_text()))
        now = int(time.time())
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": f"{URLS['access']}/oauth2/token",
            "iat": now,
            "exp": now + 60,
            "jti": str(new_id()),
        }
        assertion = jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        return await self._ask_token({"client_assertion_type": kind, "client_assertion": assertion}, {})

    async def _ask_token(self, proof: dict[str, str], headers: dict[str, str]) -> str:
        form = {"grant_type": "client_credentials", **proof}
        answer = await self.http.post(f"{URLS['access']}/oauth2/token", data=form, headers=headers)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def _staff_token(self, username: str) -> str:
        answer = await self.http.post(
            f"{URLS['access']}/internal/demo/staff-token",
            json={"username": username},
            headers=await self.as_service("console"),
        )
        assert answer.status_code in {200, 201}, answer.text
        return str(answer.json()["access_token"])


def person(username: str) -> DemoPerson:
    """Return a demo person by username."""
    return next(person for person in demo_cast().staff if person.username == username)


def agency_id_of(client_or_username: str) -> UUID:
    """Return the agency of a demo client or person."""
    known = {client.client_id: client.agency for client in demo_cast().clients}
    known |= {someone.username: someone.agency for someone in demo_cast().staff}
    return known[client_or_username].agency_id


@asynccontextmanager
async def hub_in_process(database_url: str, folder: Folder) -> AsyncIterator[Hub]:
    """Put every service together on a migrated and seeded database, and take it apart again."""
    way = InProcess()
    settings = _settings(database_url, folder)
    apps = {
        "access": access.create_app(settings["access"], with_workers=False),
        "intake": intake.create_app(settings["intake"], with_workers=False, http=way.client()),
        "triage": triage.create_app(settings["triage"], with_workers=False, http=way.client()),
        "notifications": notifications.create_app(
            settings["notifications"], with_workers=False, http=way.client()
        ),
    }
    for name, app in apps.items():
        way.join(name, app)
    async with AsyncExitStack() as stack:
        for app in apps.values():
            await stack.enter_async_context(app.router.lifespan_context(app))
        runtimes = {
            name: Runtime(name, settings[name], way.client())
            for name in ("intake", "triage", "notifications")
        }
        for runtime in runtimes.values():
            stack.push_async_callback(runtime.close)
        sessions = {name: runtime.sessions for name, runtime in runtimes.items()}
        mailboxes = {"intake": INTAKE_MAILBOX, "triage": TRIAGE_MAILBOX}
        listeners = _listeners(runtimes, settings)
        carrier = Carrier(mailboxes, sessions)
        way.do_first("notifications", carrier.tell_partners)
        yield Hub(way.client(), folder, settings, sessions, mailboxes, listeners, carrier)


def _settings(database_url: str, folder: Folder) -> dict[str, Any]:
    def common(name: str) -> dict[str, Any]:
        password = folder.password_of(f"hub_{name}").read_text().strip()
        return {
            "port": 1,
            "access_url": URLS["access"],
            "key_file": folder.key_of(name),
            "database_url": role_url(database_url, f"hub_{name}", password),
            "nats_url": "nats://nowhere",
            "allow_unsafe_durability": True,
            "public_url": URLS[name],
        } | {f"{other}_url": URLS[other] for other in ("intake", "triage", "console") if other != name}

    core = {sector: agency.agency_id for sector, agency in demo_cast().asked.items()}
    return {
        "access": AccessSettings(**common("access"), signing_key_file=folder.signing_key, demo=True),
        "intake": IntakeSettings(**common("intake"), held_copy_key_file=folder.held_copy_key),
        "triage": TriageSettings(**common("triage"), core_agencies=core, teams=demo_cast().teams),
        "notifications": NotificationsSettings(
            **common("notifications"), webhook_key_file=folder.webhook_key
        ),
    }


def _listeners(runtimes: dict[str, Runtime], settings: dict[str, Any]) -> list[Listener]:
    triage_runtime, telling = runtimes["triage"], runtimes["notifications"]
    triage_here = triage_events.Here(settings["triage"], triage_runtime.peer(URLS["intake"]))
    telling_here = notifications_events.Here(
        triage=telling.peer(URLS["triage"]),
        intake=telling.peer(URLS["intake"]),
        access=telling.peer(URLS["access"]),
        terms=notifications.terms_of(settings["notifications"]),
        bell=Bell(),
    )
    return [
        Listener(
            intake_events.SUBSCRIPTIONS,
            Workplace(INTAKE_MAILBOX, runtimes["intake"].sessions, intake.here_of(settings["intake"])),
        ),
        Listener(
            triage_events.SUBSCRIPTIONS, Workplace(TRIAGE_MAILBOX, triage_runtime.sessions, triage_here)
        ),
        Listener(
            notifications_events.SUBSCRIPTIONS,
            Workplace(NOTIFICATIONS_MAILBOX, telling.sessions, telling_here),
        ),
    ]
