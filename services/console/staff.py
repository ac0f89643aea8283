"""Who is signed in: sessions live in access; here are only the short staff tokens, kept in memory."""

import time
from dataclasses import dataclass

import httpx
from pydantic import BaseModel

from services.console.exchange import SignedOut, exchange
from shared.platform.access_client import AccessKeys
from shared.platform.auth import Caller, read_token
from shared.platform.peers import AWAY, ClientIdentity
from shared.problems import Invalid, NotAuthenticated, NotFound, Unavailable
from shared.schemas.access import Session, TokenAnswer
from shared.schemas.ids import SessionId

_RENEW_BEFORE_SECONDS = 30
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class StaffToken:
    """A signed-in person's own token, and who it says they are."""

    token: str
    caller: Caller
    good_until: float


class Staff:
    """The sessions of staff at access, asked for with the console's own identity."""

    def __init__(self, http: httpx.AsyncClient, identity: ClientIdentity, *, access_url: str) -> None:
        self._http = http
        self._identity = identity
        self._url = access_url
        self._keys = AccessKeys(http, access_url)
        self._tokens: dict[SessionId, StaffToken] = {}

    async def start(self, code: str) -> Session:
        """Return the session that the one-use code from the sign-in page stands for.

        Raises:
            SignedOut: the code was used before, is too old, or was never given.
        """
        try:
            response = await self._ask("POST", "/internal/sessions", json={"code": code})
        except (Invalid, NotFound):
            raise SignedOut from None
        return Session.model_validate_json(response.content)

    async def token_of(self, session_id: SessionId) -> StaffToken:
        """Return the person's token, renewed before it runs out.

        Raises:
            SignedOut: the session has ended.
        """
        kept = self._tokens.get(session_id)
        if kept is None or time.monotonic() >= kept.good_until:
            kept = await self._renew(session_id)
        return kept

    async def end(self, session_id: SessionId) -> None:
        """End the session at access; one that has ended already is as good."""
        self.forget(session_id)
        try:
            await self._ask("DELETE", f"/internal/sessions/{session_id}")
        except NotFound:
            return

    def forget(self, session_id: SessionId) -> None:
        """Drop a session's token: a service refused it, or the person has left."""
        self._tokens.pop(session_id, None)

    async def _renew(self, session_id: SessionId) -> StaffToken:
        try:
            response = await self._ask("POST", f"/internal/sessions/{session_id}/token")
            answer = TokenAnswer.model_validate_json(response.content)
            caller = await read_token(answer.access_token, self._keys, issuer=self._url)
        except (NotFound, Invalid, NotAuthenticated):
            self.forget(session_id)
            raise SignedOut from None
        if len(self._tokens) >= _REMEMBERED:
            self._tokens.clear()
        good_until = time.monotonic() + answer.expires_in - _RENEW_BEFORE_SECONDS
        self._tokens[session_id] = StaffToken(answer.access_token, caller, good_until)
        return self._tokens[session_id]

    async def _ask(
        self, method: str, path: str, json: BaseModel | dict[str, str] | None = None
    ) -> httpx.Response:
        try:
            return await exchange(self._http, method, self._url + path, await self._own_token(), json=json)
        except SignedOut:
            # It is our own token that was refused here, not the person's: ask once more with a fresh one.
            self._identity.forget()
        try:
            return await exchange(self._http, method, self._url + path, await self._own_token(), json=json)
        except SignedOut as error:
            raise Unavailable from error

    async def _own_token(self) -> str:
        try:
            return await self._identity.token()
        except (*AWAY, httpx.HTTPStatusError) as error:
            raise Unavailable from error
