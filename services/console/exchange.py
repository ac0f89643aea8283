"""One bounded exchange with a service, and what its refusal means for the person at the page."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
from pydantic import ValidationError

from shared.platform import log
from shared.platform.peers import AWAY
from shared.problems import (
    Conflict,
    FieldError,
    Invalid,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    Problem,
    Stale,
    Unavailable,
)
from shared.schemas.ids import new_id
from shared.schemas.shapes import ProblemAnswer

_EXCHANGE_SECONDS = 8.0


class SignedOut(NotAuthenticated):
    """Nobody is signed in, or not any more."""

    def __init__(self) -> None:
        super().__init__("Sign in first.")


class Restricted(NotPermitted):
    """What was asked for is restricted, and the person is not named for it."""


async def exchange(
    http: httpx.AsyncClient, method: str, url: str, token: str, **content: Any
) -> httpx.Response:
    """Return the answer of a service to somebody's token.

    Raises:
        SignedOut: the service no longer accepts the token.
        Problem: the service's own refusal.
        Unavailable: it is away, failed, or took too long. Whether a change was made is then unknown.
    """
    headers = {
        "Authorization": f"Bearer {token}",
        "X-Request-Id": log.request_id.get() or str(new_id()),
        **content.pop("headers", {}),
    }
    try:
        async with asyncio.timeout(_EXCHANGE_SECONDS):
            response = await http.request(method, url, headers=headers, **content)
    except AWAY as error:
        raise Unavailable from error
    if not response.is_success:
        raise problem_of(response)
    return response


def problem_of(response: httpx.Response) -> Problem:
    """Return the refusal that an answer carries; what cannot be read as one counts as a service away."""
    if response.status_code == Restricted.status and _code_of(response) in _RESTRICTED:
        return Restricted()
    if response.status_code in _WITHOUT_WORDS:
        return _WITHOUT_WORDS[response.status_code]()
    refusal = _WITH_WORDS.get(response.status_code)
    try:
        answer = ProblemAnswer.model_validate_json(response.content)
    except ValidationError:
        return Unavailable()
    if refusal is None:
        return Unavailable()
    errors = (FieldError(each.code, each.detail, each.pointer, each.parameter) for each in answer.errors)
    return refusal(answer.detail, errors=tuple(errors))


def _code_of(response: httpx.Response) -> str | None:
    try:
        return ProblemAnswer.model_validate_json(response.content).code
    except ValidationError:
        return None


_RESTRICTED = frozenset({"restricted_case", "restricted_referral"})
_WITHOUT_WORDS: dict[int, Callable[[], Problem]] = {401: SignedOut, 403: NotPermitted, 404: NotFound}
_WITH_WORDS: dict[int, type[Problem]] = {400: Invalid, 409: Conflict, 412: Stale, 413: Invalid, 422: Invalid}
