"""How a service knows its callers: access's keys, and access's word that they still stand."""

import time
from collections.abc import Awaitable, Callable

import httpx
from joserfc.jwk import KeySet

from shared.platform.auth import Caller, read_token
from shared.platform.peers import AWAY, Peer
from shared.problems import NotAuthenticated, Unavailable
from shared.schemas.access import LiveAnswer

_LIVE_SECONDS = 1.0
_KEYS_AT_MOST_EVERY_SECONDS = 5.0
_REMEMBERED = 10_000

Route = tuple[str, str]


class AccessKeys:
    """Access's public keys, kept; fetched again when a token names one that is not among them."""

    def __init__(self, http: httpx.AsyncClient, access_url: str) -> None:
        self._http = http
        self._url = f"{access_url}/.well-known/jwks.json"
        self._keys = KeySet([])
        self._asked_at = float("-inf")

    async def __call__(self, key_id: str | None) -> KeySet:
        """Return the keys, newer ones if `key_id` is not known.

        Raises:
            Unavailable: no key has ever been fetched and access is away.
        """
        known = {key.kid for key in self._keys.keys}
        waited = time.monotonic() - self._asked_at >= _KEYS_AT_MOST_EVERY_SECONDS
        if key_id not in known and (waited or not known):
            await self._fetch()
        return self._keys

    async def _fetch(self) -> None:
        self._asked_at = time.monotonic()
        try:
            response = await self._http.get(self._url)
            response.raise_for_status()
            self._keys = KeySet.import_key_set(response.json())
        except (httpx.HTTPError, TimeoutError) as error:
            if not self._keys.keys:
                raise Unavailable("Nobody can say who is calling. Send the same request again.") from error


class AccessAuthenticator:
    """Reads a token and asks access whether its client or session still stands.

    The answer is kept for a second at most, so that a revoked client is refused on its next request.
    """

    def __init__(
        self,
        keys: Callable[[str | None], Awaitable[KeySet]],
        access: Peer,
        *,
        issuer: str,
        signature_suffices: frozenset[Route] = frozenset(),
    ) -> None:
        self._keys = keys
        self._access = access
        self._issuer = issuer
        self._signature_suffices = signature_suffices
        self._live_until: dict[Caller, float] = {}

    async def __call__(self, token: str, *, method: str, path: str) -> Caller:
        """Return the caller.

        Raises:
            NotAuthenticated: a bad token, or its client or session has ended.
            Unavailable: access is away. Not for the routes where the signature suffices: a worry about a
                child is taken from a client whose token is good for some minutes yet.
        """
        caller = await read_token(token, self._keys, issuer=self._issuer)
        if time.monotonic() < self._live_until.get(caller, 0.0):
            return caller
        try:
            answer = await self._access.post_form("/internal/introspect", {"token": token}, LiveAnswer)
        except (*AWAY, httpx.HTTPStatusError) as error:
            if (method, path) in self._signature_suffices:
                return caller
            raise Unavailable("Nobody can say whether the caller still stands.") from error
        if not answer.active:
            raise NotAuthenticated("The client or session behind this token has ended.")
        self._remember(caller)
        return caller

    def _remember(self, caller: Caller) -> None:
        # By all that the token says: of the same client with other rights, access has said nothing.
        if len(self._live_until) >= _REMEMBERED:
            self._live_until.clear()
        self._live_until[caller] = time.monotonic() + _LIVE_SECONDS
