"""How a service calls another: its own token, one bounded exchange, never inside a transaction."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any, TypeVar

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey
from pydantic import BaseModel

from shared.platform import log
from shared.platform.connections import Transport
from shared.problems import Unavailable
from shared.schemas.access import TokenAnswer
from shared.schemas.ids import new_id

Model = TypeVar("Model", bound=BaseModel)

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 60
_EXCHANGE_SECONDS = 5.0


class ClientIdentity:
    """A client of access that proves itself with its own private key (RFC 7523)."""

    def __init__(self, http: httpx.AsyncClient, *, client_id: str, key_file: Path, access_url: str) -> None:
        self._http = http
        self._client_id = client_id
        self._key = ECKey.import_key(json.loads(key_file.read_text()))
        self._token_url = f"{access_url}/oauth2/token"
        self._token = ""
        self._good_until = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def token(self) -> str:
        """Return a token that is good for some seconds yet, asking access for one when needed.

        Raises:
            httpx.HTTPError: access is away or refuses us.
        """
        async with self._one_at_a_time:
            if time.monotonic() >= self._good_until:
                answer = await self._ask()
                self._token = answer.access_token
                self._good_until = time.monotonic() + answer.expires_in - 30
        return self._token

    def forget(self) -> None:
        """Drop the token: whoever was shown it refused it."""
        self._good_until = 0.0

    async def _ask(self) -> TokenAnswer:
        response = await self._http.post(
            self._token_url,
            data={
                "grant_type": "client_credentials",
                "client_assertion_type": _ASSERTION_TYPE,
                "client_assertion": self._assertion(),
            },
        )
        response.raise_for_status()
        return TokenAnswer.model_validate_json(response.content)

    def _assertion(self) -> str:
        now = int(time.time())
        header = {"alg": self._key.get("alg") or "ES256", "kid": self._key.kid}
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._token_url,
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
            "jti": str(new_id()),
        }
        return jwt.encode(header, claims, self._key)


class Peer:
    """One other service, as this service calls it."""

    def __init__(self, http: httpx.AsyncClient, identity: ClientIdentity, url: str) -> None:
        self._http = http
        self._identity = identity
        self._url = url

    async def get(self, path: str, answer: type[Model]) -> Model:
        """Return what stands at `path`, read as `answer`.

        Raises:
            httpx.HTTPStatusError: the other service refused, or has no such thing.
            httpx.TransportError: it is away.
            TimeoutError: the whole exchange took longer than five seconds.
        """
        response = await self._exchange("GET", path)
        return answer.model_validate_json(response.content)

    async def post_form(self, path: str, form: dict[str, str], answer: type[Model]) -> Model:
        """Post a form to `path` and return the answer; raises as `get` does."""
        response = await self._exchange("POST", path, data=form)
        return answer.model_validate_json(response.content)

    async def post(self, path: str, form: BaseModel, answer: type[Model]) -> Model:
        """Post what was set of `form` as JSON to `path` and return the answer; raises as `get` does."""
        content = form.model_dump_json(exclude_unset=True)
        media = {"Content-Type": "application/json"}
        response = await self._exchange("POST", path, content=content, headers=media)
        return answer.model_validate_json(response.content)

    async def _exchange(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **content: Any
    ) -> httpx.Response:
        async with asyncio.timeout(_EXCHANGE_SECONDS):
            headers = (headers or {}) | {
                "Authorization": f"Bearer {await self._identity.token()}",
                "X-Request-Id": log.request_id.get() or str(new_id()),
            }
            response = await self._http.request(method, self._url + path, headers=headers, **content)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self._identity.forget()
        response.raise_for_status()
        return response


def http_client() -> httpx.AsyncClient:
    """Return the client for calls inside the deployment: no proxies, no redirects, short waits."""
    return httpx.AsyncClient(
        transport=Transport(trust_env=False),
        timeout=httpx.Timeout(_EXCHANGE_SECONDS, connect=1.0),
        trust_env=False,
        follow_redirects=False,
    )


AWAY = (httpx.TransportError, TimeoutError, Unavailable)
