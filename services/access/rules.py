"""Who may come in: the rules alone, without a clock, a database or HTTP."""

import math
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeGuard
from urllib.parse import urlencode

from shared.schemas.words import Scope

#: Hub tokens live so long; whoever lost the right to one is refused sooner, by introspection.
TOKEN_LIFETIME = timedelta(minutes=5)
#: How far ahead a client's assertion may expire.
ASSERTION_SECONDS = 300
#: How far a client's clock may be off where being late or early does no harm.
LEEWAY_SECONDS = 30
#: The one-use code that the browser carries from access to the console.
CODE_LIFETIME = timedelta(seconds=30)
#: So many wrong passwords for a username ...
FAILURES_ALLOWED = 10
#: ... within so long, and the next try waits.
FAILURE_WINDOW = timedelta(minutes=15)

#: What an algorithm must find in the client's key. RS512 is what NHS systems sign with; EdDSA is the old
#: name of Ed25519.
ASSERTION_KEYS: dict[str, tuple[str, str | None]] = {
    "ES256": ("EC", "P-256"),
    "PS256": ("RSA", None),
    "RS256": ("RSA", None),
    "RS512": ("RSA", None),
    "Ed25519": ("OKP", "Ed25519"),
    "EdDSA": ("OKP", "Ed25519"),
}

_JTI = re.compile(r"[\x20-\x7e]{1,255}")
_PATH_AND_QUERY = re.compile(r"(?!//)/[A-Za-z0-9._~/-]*(\?[A-Za-z0-9._~/&=%+-]*)?")
_STATE = re.compile(r"[A-Za-z0-9._~-]{1,200}")


def granted_scopes(held: frozenset[Scope], asked: str | None) -> frozenset[Scope] | None:
    """Return the scopes of a new token, or None when more is asked for than the client holds.

    Args:
        held: what the client has been given.
        asked: scopes with spaces between them; None or empty asks for all that is held.
    """
    if not asked:
        return held
    names = {name for name in asked.split(" ") if name}
    if not names <= set(held):
        return None
    return frozenset(Scope(name) for name in names)


def key_suits(algorithm: str, key_type: str, curve: str | None) -> bool:
    """Say whether a client may sign with `algorithm` and a key of this type and curve."""
    wanted = ASSERTION_KEYS.get(algorithm)
    return wanted is not None and wanted[0] == key_type and wanted[1] in (None, curve)


def assertion_fault(
    claims: Mapping[str, Any], *, client_id: str, audiences: Collection[str], now: datetime
) -> str | None:
    """Return what is wrong with the claims of a client's assertion, or None.

    Args:
        claims: of an assertion whose signature holds.
        client_id: whose key it was signed with.
        audiences: the addresses that are ours.
        now: aware.

    Returns:
        A sentence for the client's developer; it repeats no value.

    Source:
        RFC 7523, section 3; the five minutes are the hub's own.
    """
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        return "iss and sub must both be the client's id."
    if not _is_for_us(claims.get("aud"), audiences):
        return "aud must be the address of the token endpoint or the issuer."
    if not (isinstance(jti := claims.get("jti"), str) and _JTI.fullmatch(jti)):
        return "jti must be 1 to 255 printable ASCII characters."
    return _time_fault(claims, now.timestamp())


def _is_for_us(audience: Any, audiences: Collection[str]) -> bool:
    # One that is also meant for somebody else could be carried here by them.
    named = audience if isinstance(audience, list) else [audience]
    return bool(named) and all(isinstance(one, str) and one in audiences for one in named)


def _time_fault(claims: Mapping[str, Any], now: float) -> str | None:
    expires = claims.get("exp")
    if not _is_instant(expires):
        return "exp must be given in seconds since 1970."
    if expires <= now - LEEWAY_SECONDS:
        return "The assertion has expired."
    if expires > now + ASSERTION_SECONDS:
        return "exp may be at most 5 minutes ahead of the hub's clock."
    for name in ("nbf", "iat"):
        begins = claims.get(name, 0)
        if not _is_instant(begins) or begins > now + LEEWAY_SECONDS:
            return f"{name} must not be in the future."
    return None


def _is_instant(value: Any) -> TypeGuard[float]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, int) or math.isfinite(value)


def session_stands(
    *, ended_at: datetime | None, last_seen_at: datetime, expires_at: datetime, idle: timedelta, now: datetime
) -> bool:
    """Say whether a session may be used at `now`: not signed out, not run out, not left alone too long."""
    return ended_at is None and now < expires_at and now < last_seen_at + idle


def leads_home(return_to: str, console_url: str) -> bool:
    """Say whether a browser may be sent to `return_to` after sign-in: an address of the console, no other.

    Only plain characters are taken. Browsers and libraries differ about what `\\`, `@` or a control
    character in an address means, and the code that is sent along lets its bearer in.
    """
    if len(return_to) > 500 or not return_to.startswith(console_url):
        return False
    rest = return_to.removeprefix(console_url) or "/"
    return bool(_PATH_AND_QUERY.fullmatch(rest)) and ".." not in rest


def is_state(state: str) -> bool:
    """Say whether `state` is what the console sends along to know its own sign-in again."""
    return bool(_STATE.fullmatch(state))


def way_home(return_to: str, *, code: str, state: str) -> str:
    """Return the address that takes the browser back with its one-use code."""
    joint = "&" if "?" in return_to else "?"
    return f"{return_to}{joint}{urlencode({'code': code, 'state': state})}"
