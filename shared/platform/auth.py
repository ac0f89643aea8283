"""Who is calling: hub tokens are read here, and the right to call stands in an endpoint's signature."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact
from joserfc.jwt import JWTClaimsRegistry

from shared.platform.parameters import require_known_parameters
from shared.problems import NotAuthenticated, NotPermitted
from shared.schemas.ids import AgencyId, SessionId
from shared.schemas.words import Role, Scope

AUDIENCE = "safeguarding-hub"
ALGORITHMS = ["ES256"]
LEEWAY_SECONDS = 30


class CallerKind(StrEnum):
    """The three kinds of callers; none can be taken for another."""

    CLIENT = "client"
    STAFF = "staff"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever stands behind a token.

    Attributes:
        subject: client id, staff id or the service's name.
        name: a member of staff's name, for the decisions they sign; otherwise the agency system's name.
    """

    kind: CallerKind
    subject: str
    name: str
    agency_id: AgencyId | None = None
    scopes: frozenset[Scope] = frozenset()
    roles: frozenset[Role] = frozenset()
    session_id: SessionId | None = None

    @property
    def is_staff(self) -> bool:
        """Whether a person, not a system, is calling."""
        return self.kind is CallerKind.STAFF

    def own_agency(self) -> AgencyId:
        """Return the caller's agency; a caller without one has no business where this is asked."""
        if self.agency_id is None:
            raise NotPermitted
        return self.agency_id


class Authenticator(Protocol):
    """Turns a bearer token into a caller, or refuses it."""

    async def __call__(self, token: str, *, method: str, path: str) -> Caller:
        """Raises NotAuthenticated, or Unavailable when nobody can say whether the caller still stands."""


Keys = Callable[[str | None], Awaitable[KeySet]]

_CLAIMS = JWTClaimsRegistry(
    leeway=LEEWAY_SECONDS,
    iss={"essential": True},
    aud={"essential": True, "value": AUDIENCE},
    exp={"essential": True},
    iat={"essential": True},
    sub={"essential": True},
)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a token says whose signature holds, and until when it says so.

    Attributes:
        expires_at: seconds since 1970, as the token has it; the leeway comes on top.
    """

    caller: Caller
    expires_at: float

    def holds(self) -> bool:
        """Say whether the token has not expired since it was read."""
        return int(time.time()) <= self.expires_at + LEEWAY_SECONDS


async def read_token(token: str, keys: Keys, *, issuer: str) -> Caller:
    """Return the caller of a hub token whose signature and times hold; raises as `verify_token` does."""
    return (await verify_token(token, keys, issuer=issuer)).caller


async def verify_token(token: str, keys: Keys, *, issuer: str) -> Verified:
    """Return what a hub token says whose signature and times hold.

    Args:
        token: the compact JWT.
        keys: gives access's public keys; asked with the token's key id, so that it can look for a new one.
        issuer: the only issuer that counts.

    Raises:
        NotAuthenticated: for any fault whatever, always in the same words.
    """
    if len(token) > 8_000:
        raise NotAuthenticated
    try:
        key_id = _key_id(token)
        decoded = jwt.decode(token, await keys(key_id), algorithms=ALGORITHMS)
        _CLAIMS.validate(decoded.claims)
        if decoded.claims["iss"] != issuer:
            raise NotAuthenticated
        return Verified(_caller(decoded.claims), decoded.claims["exp"])
    except (JoseError, ValueError, KeyError, TypeError, OverflowError):
        raise NotAuthenticated("The token is not one the hub accepts, or it has expired.") from None


def _key_id(token: str) -> str | None:
    key_id = extract_compact(token.encode("ascii")).headers().get("kid")
    return key_id if isinstance(key_id, str) else None


def _caller(claims: Mapping[str, Any]) -> Caller:
    return Caller(
        kind=CallerKind(claims["kind"]),
        subject=str(claims["sub"]),
        name=str(claims["name"]),
        agency_id=AgencyId(UUID(claims["agency_id"])) if claims.get("agency_id") else None,
        scopes=frozenset(Scope(scope) for scope in str(claims.get("scope", "")).split()),
        roles=frozenset(Role(role) for role in claims.get("roles", [])),
        session_id=SessionId(UUID(claims["sid"])) if claims.get("sid") else None,
    )


@dataclass(frozen=True, slots=True)
class Permit:
    """Who may call an endpoint: client systems with a scope, staff with a role, named services.

    Use it in a signature, `caller: Annotated[Caller, permit(scope=Scope.REFERRAL_WRITE)]`; the table of
    permissions in the tests reads it from there.
    """

    scope: Scope | None = None
    roles: frozenset[Role] = frozenset()
    services: frozenset[str] = frozenset()
    every_client: bool = False

    def allows(self, caller: Caller) -> bool:
        """Say whether `caller` holds this right. Whose record it is, is asked later."""
        match caller.kind:
            case CallerKind.CLIENT:
                return self.every_client or (self.scope is not None and self.scope in caller.scopes)
            case CallerKind.STAFF:
                return bool(self.roles & caller.roles)
            case CallerKind.SERVICE:
                return caller.subject in self.services

    async def __call__(self, request: Request) -> Caller:
        """Return the caller that the edge has authenticated, if it may call here for what it asks."""
        caller: Caller | None = getattr(request.state, "caller", None)
        if caller is None:
            raise NotAuthenticated
        if not self.allows(caller):
            raise NotPermitted
        require_known_parameters(request)
        return caller


def permit(
    *,
    scope: Scope | None = None,
    roles: frozenset[Role] | set[Role] = frozenset(),
    services: set[str] | None = None,
    every_client: bool = False,
) -> Any:
    """Return the dependency that lets exactly these callers in.

    Args:
        every_client: client systems whatever their scopes, for what holds nothing about a person.
    """
    return Depends(Permit(scope, frozenset(roles), frozenset(services or ()), every_client))


#: Anyone with a valid token: for lists that hold nothing about a person.
ANY_ROLE = frozenset(Role)
