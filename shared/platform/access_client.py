"""How a service knows its callers: access's keys, and access's word that they still stand."""

import asyncio
import hashlib
import time
from dataclasses import dataclass
from typing import TypeVar

import httpx
from joserfc.jwk import KeySet

from shared.platform.auth import Caller, Keys, Verified, verify_token
from shared.platform.peers import AWAY, Peer
from shared.problems import NotAuthenticated, Unavailable
from shared.schemas.access import LiveAnswer

_LIVE_SECONDS = 1.0
# From then on an answer is asked for anew while it is still used: nobody waits for it.
_AGEING_SECONDS = 0.8
_KEYS_AT_MOST_EVERY_SECONDS = 5.0
_REMEMBERED = 10_000

Route = tuple[str, str]
Key = TypeVar("Key")
Value = TypeVar("Value")


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


class VerifiedTokens:
    """Reads tokens, each once: checking a signature costs as much as a trip to the database.

    They are known again by their digest, so that no token lies about in memory longer than its request.
    """

    def __init__(self, keys: Keys, *, issuer: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._verified: dict[bytes, Verified] = {}

    async def __call__(self, token: str) -> Caller:
        """Return the caller of a token that holds now; raises as `verify_token` does."""
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is None or not known.holds():
            known = await verify_token(token, self._keys, issuer=self._issuer)
            _put(self._verified, digest, known)
        return known.caller


@dataclass(slots=True)
class _Question:
    """Whether a caller still stands, put to access once for all requests of the same second.

    Attributes:
        asked_at: by the monotonic clock.
        answer: access's word; None when it gave none.
        next: the same asked anew, once this has aged.
    """

    asked_at: float
    answer: asyncio.Task[bool | None]
    next: "_Question | None" = None

    @property
    def is_fresh(self) -> bool:
        return self._age_seconds < _LIVE_SECONDS

    @property
    def is_ageing(self) -> bool:
        return self._age_seconds >= _AGEING_SECONDS

    @property
    def _age_seconds(self) -> float:
        return time.monotonic() - self.asked_at


class AccessAuthenticator:
    """Reads a token and asks access whether its client or session still stands.

    An answer is used for a second at most after it was asked for, so that a revoked client is refused on
    its next request.
    """

    def __init__(
        self,
        keys: Keys,
        access: Peer,
        *,
        issuer: str,
        signature_suffices: frozenset[Route] = frozenset(),
    ) -> None:
        self._read = VerifiedTokens(keys, issuer=issuer)
        self._access = access
        self._signature_suffices = signature_suffices
        # By all that the token says: of the same client with other rights, access has said nothing.
        self._questions: dict[Caller, _Question] = {}

    async def __call__(self, token: str, *, method: str, path: str) -> Caller:
        """Return the caller.

        Raises:
            NotAuthenticated: a bad token, or its client or session has ended.
            Unavailable: access is away. Not for the routes where the signature suffices: a worry about a
                child is taken from a client whose token is good for some minutes yet.
        """
        caller = await self._read(token)
        stands = await self._still_stands(caller, token)
        if stands is None and (method, path) not in self._signature_suffices:
            raise Unavailable("Nobody can say whether the caller still stands.")
        if stands is False:
            raise NotAuthenticated("The client or session behind this token has ended.")
        return caller

    async def _still_stands(self, caller: Caller, token: str) -> bool | None:
        """Return access's word on `caller`, or None when it gives none."""
        question = self._question_about(caller, token)
        # A request that is given up takes nothing from the others that wait for the same answer.
        stands = await asyncio.shield(question.answer)
        if not stands and self._questions.get(caller) is question:
            # Only a yes is kept: access may be back, or the client let in again, at the next request.
            del self._questions[caller]
        return stands

    def _question_about(self, caller: Caller, token: str) -> _Question:
        """Return the newest question whose answer may be used, and ask anew ahead of the time it may not."""
        question = self._questions.get(caller)
        after = question.next if question else None
        # The next one counts as soon as it is answered, and is waited for where this has grown too old.
        if question and after and (after.answer.done() or not question.is_fresh):
            question = after
            _put(self._questions, caller, question)
        if question is None or not question.is_fresh:
            question = self._put_question(token)
            _put(self._questions, caller, question)
        elif question.is_ageing and question.next is None:
            question.next = self._put_question(token)
        return question

    def _put_question(self, token: str) -> _Question:
        return _Question(time.monotonic(), asyncio.create_task(self._ask(token)))

    async def _ask(self, token: str) -> bool | None:
        try:
            answer = await self._access.post_form("/internal/introspect", {"token": token}, LiveAnswer)
        except (*AWAY, httpx.HTTPStatusError):
            return None
        return answer.active


def _put(remembered: dict[Key, Value], key: Key, value: Value) -> None:
    if len(remembered) >= _REMEMBERED:
        remembered.clear()
    remembered[key] = value
