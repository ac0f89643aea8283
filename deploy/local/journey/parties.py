"""Whoever takes part in the journey, each with a token of their own, as a partner or the console has it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import httpx

from deploy.local.cast import DemoClient, DemoPerson
from deploy.local.faults import LaunchFault
from deploy.local.files import Folder
from deploy.local.ports import Ports
from deploy.local.staff_token import ask_staff_token
from shared.platform.peers import ClientIdentity
from shared.schemas.access import TokenAnswer

Found = TypeVar("Found")

_PATIENCE_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.1


class JourneyEnded(LaunchFault):
    """A step of the journey did not come about; says which, and never what was sent."""


@dataclass(frozen=True)
class Surroundings:
    """The hub that the journey goes through, and the client to reach it with."""

    http: httpx.AsyncClient
    folder: Folder
    ports: Ports


class Identity(Protocol):
    """Gives a token that is still good."""

    async def token(self) -> str:
        """Return the token, asking access for one when needed."""


class SecretIdentity:
    """A partner's system that proves itself with a secret (`client_secret_basic`)."""

    def __init__(self, around: Surroundings, client: DemoClient) -> None:
        self._http = around.http
        self._url = f"{around.ports.url('access')}/oauth2/token"
        secret = around.folder.secret_of(client.client_id).read_text().strip()
        self._proof = httpx.BasicAuth(client.client_id, secret)
        self._kept = _Kept()

    async def token(self) -> str:
        """Return the token, asking access for one when needed."""
        return await self._kept.token(self._ask)

    async def _ask(self) -> TokenAnswer:
        wanted = {"grant_type": "client_credentials"}
        answer = await self._http.post(self._url, data=wanted, auth=self._proof)
        answer.raise_for_status()
        return TokenAnswer.model_validate_json(answer.content)


class StaffIdentity:
    """A person of the demo, signed in as the console would have them."""

    def __init__(self, around: Surroundings, person: DemoPerson) -> None:
        self._http = around.http
        self._access_url = around.ports.url("access")
        self._username = person.username
        self._console = ClientIdentity(
            around.http,
            client_id="console",
            key_file=around.folder.key_of("console"),
            access_url=self._access_url,
        )
        self._kept = _Kept()

    async def token(self) -> str:
        """Return the token, asking access for one when needed."""
        return await self._kept.token(self._ask)

    async def _ask(self) -> TokenAnswer:
        return await ask_staff_token(self._http, self._console, self._access_url, self._username)


class _Kept:
    """A token, until shortly before it ends."""

    def __init__(self) -> None:
        self._token = ""
        self._good_until = 0.0

    async def token(self, ask: Callable[[], Awaitable[TokenAnswer]]) -> str:
        if time.monotonic() >= self._good_until:
            answer = await ask()
            self._token = answer.access_token
            self._good_until = time.monotonic() + answer.expires_in - 30
        return self._token


class Party:
    """An agency's system or a person, calling the hub."""

    def __init__(self, name: str, around: Surroundings, identity: Identity) -> None:
        self.name = name
        self._around = around
        self._identity = identity

    async def call(self, method: str, service: str, path: str, **content: Any) -> httpx.Response:
        """Return the answer of a service; one that is away is waited for, as any partner's system should.

        Raises:
            JourneyEnded: it refused, or stayed away.
        """
        answer = await self._hear(method, service, path, content)
        if not answer.is_success:
            raise JourneyEnded(f"{service} refused {self.name}: {method} answered {_why(answer)}.")
        return answer

    async def change(self, case_path: str, path: str, form: dict[str, Any]) -> httpx.Response:
        """Return the answer to a form about a case as it stands; one that changed meanwhile is read again.

        Raises:
            JourneyEnded: triage refused, or stayed away.
        """

        async def look() -> httpx.Response | None:
            held = await self.call("GET", "triage", case_path)
            content = {"json": form, "headers": {"If-Match": held.headers["ETag"]}}
            answer = await self._hear("POST", "triage", path, content)
            if answer.status_code == httpx.codes.PRECONDITION_FAILED:
                return None
            if not answer.is_success:
                raise JourneyEnded(f"triage refused {self.name}: POST answered {_why(answer)}.")
            return answer

        return await wait_for("a case that stands still", look)

    async def call_in_vain(self, method: str, service: str, path: str, **content: Any) -> httpx.Response:
        """Return the answer of a service that should refuse what it is sent.

        Raises:
            JourneyEnded: it took it, stayed away, or refused it for another reason.
        """
        answer = await self._hear(method, service, path, content)
        if answer.status_code != httpx.codes.UNPROCESSABLE_ENTITY:
            raise JourneyEnded(f"{service} should have refused {self.name}: it answered {_why(answer)}.")
        return answer

    async def _hear(self, method: str, service: str, path: str, content: dict[str, Any]) -> httpx.Response:
        async def look() -> httpx.Response | None:
            return await self._try(method, service, path, content)

        try:
            return await wait_for(f"an answer of {service}", look)
        except httpx.HTTPError as error:
            raise JourneyEnded(f"{service} gave {self.name} no answer. See the logs in log/.") from error

    async def _try(
        self, method: str, service: str, path: str, content: dict[str, Any]
    ) -> httpx.Response | None:
        """Return the answer, or None where the same request may and should be sent again."""
        given = content.get("headers", {})
        url = self._around.ports.url(service) + path
        try:
            headers = {"Authorization": f"Bearer {await self._identity.token()}", **given}
            answer = await self._around.http.request(method, url, **{**content, "headers": headers})
        except httpx.ConnectError:
            # It never arrived, whatever it was.
            return None
        harmless_twice = method in {"GET", "PUT"} or "Idempotency-Key" in given
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and harmless_twice:
            return None
        return answer


def system_of(client: DemoClient, around: Surroundings) -> Party:
    """Return an agency's system, under its agency's name."""
    identity: Identity
    if client.has_key:
        identity = ClientIdentity(
            around.http,
            client_id=client.client_id,
            key_file=around.folder.key_of(client.client_id),
            access_url=around.ports.url("access"),
        )
    else:
        identity = SecretIdentity(around, client)
    return Party(client.agency.name, around, identity)


def person_of(person: DemoPerson, around: Surroundings) -> Party:
    """Return a person of the demo."""
    return Party(person.name, around, StaffIdentity(around, person))


async def wait_for(what: str, look: Callable[[], Awaitable[Found | None]]) -> Found:
    """Return what `look` finds, as soon as it finds something.

    Args:
        what: for the person who waits, if it never comes.

    Raises:
        JourneyEnded: nothing was found in time.
    """
    give_up_at = time.monotonic() + _PATIENCE_SECONDS
    while (found := await look()) is None:
        if time.monotonic() >= give_up_at:
            raise JourneyEnded(f"Waited {_PATIENCE_SECONDS:.0f} s in vain for {what}. See the logs in log/.")
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    return found


def _why(answer: httpx.Response) -> str:
    try:
        said = answer.json()
    except ValueError:
        return str(answer.status_code)
    code = (said.get("code") or said.get("error")) if isinstance(said, dict) else None
    return f"{answer.status_code} {code}" if code else str(answer.status_code)
