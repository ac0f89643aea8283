"""Invented agencies, systems and people, and what they prove themselves with."""

import time
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, Key

from services.access.models import Agency, Client, Staff
from services.access.passwords import digest_of, hash_password, new_secret
from shared.schemas.ids import AgencyId, StaffId, new_id
from shared.schemas.words import Role, Scope

PASSWORD = "correct-horse-battery"
PASSWORD_HASH = hash_password(PASSWORD)
ISSUER = "http://access.test"
TOKEN_URL = f"{ISSUER}/oauth2/token"
CONSOLE_URL = "http://console.test"
SCOPES = [Scope.REFERRAL_WRITE.value, Scope.OUTCOME_READ.value]


def an_agency(**given: Any) -> Agency:
    facts: dict[str, Any] = {
        "agency_id": AgencyId(new_id()),
        "name": "Northshire Police",
        "sector": "police",
        "active": True,
    }
    return Agency(**facts | given)


def a_client(agency: Agency | None, **given: Any) -> Client:
    """Return a client with a secret, or with keys when `jwks` is given; without agency, a service."""
    keyed = "jwks" in given
    facts: dict[str, Any] = {
        "client_id": f"system-{new_id().hex[-12:]}",
        "kind": "client" if agency else "service",
        "agency_id": agency.agency_id if agency else None,
        "name": "Northshire records",
        "auth_method": "private_key_jwt" if keyed else "client_secret_basic",
        "secret_digest": None if keyed else digest_of("secret"),
        "jwks": None,
        "scopes": SCOPES if agency else [],
        "active": True,
    }
    return Client(**facts | given)


def a_person(agency: Agency, **given: Any) -> Staff:
    facts: dict[str, Any] = {
        "staff_id": StaffId(new_id()),
        "username": f"p.example.{new_id().hex[-12:]}",
        "name": "Priya Example",
        "agency_id": agency.agency_id,
        "roles": [Role.DECISION_MAKER.value],
        "password_hash": PASSWORD_HASH,
        "active": True,
    }
    return Staff(**facts | given)


def a_key(kid: str | None = None) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid or f"key-{new_secret()[:8]}", "use": "sig"})


def public(*keys: Key) -> dict[str, Any]:
    return {"keys": [dict(key.as_dict(private=False)) for key in keys]}


@dataclass(frozen=True)
class System:
    """A partner's system with a private key, as access knows it."""

    client_id: str
    key: ECKey

    def claims(self, **given: Any) -> dict[str, Any]:
        """Return the claims of a good assertion, changed by what is `given`; None leaves one out."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": TOKEN_URL,
            "iat": now,
            "exp": now + 60,
            "jti": str(new_id()),
        }
        return {name: value for name, value in (claims | given).items() if value is not None}

    def assertion(self, **given: Any) -> str:
        return signed(self.claims(**given), self.key, "ES256")


def signed(claims: dict[str, Any], key: Key, algorithm: str, **header: Any) -> str:
    return jwt.encode({"alg": algorithm, "kid": key.kid, **header}, claims, key, algorithms=[algorithm])


def assertion_form(assertion: str, **given: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion,
    } | given


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of a refusal that has the form of RFC 6749."""
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()) == {"error", "error_description"}
    assert (answer.status_code == 401) == ("www-authenticate" in answer.headers)
    return answer.status_code, answer.json()["error"]
