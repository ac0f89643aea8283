"""Tokens as access signs them, changed by what a test is about: wrong, late, or for somebody else."""

import json
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.jws import extract_compact

from deploy.local.cast import demo_cast
from deploy.local.files import Folder
from shared.schemas.ids import new_id
from tests.hub import URLS, agency_id_of


def signing_key(folder: Folder) -> ECKey:
    """Return the key that every service trusts."""
    return ECKey.import_key(json.loads(folder.signing_key.read_text()))


def claims_of(client_id: str, **given: Any) -> dict[str, Any]:
    """Return what a good token says of a demo client, changed by what is `given`; None leaves one out."""
    now = int(time.time())
    said: dict[str, Any] = {
        "sub": client_id,
        "kind": "client",
        "name": next(client.name for client in demo_cast().clients if client.client_id == client_id),
        "agency_id": str(agency_id_of(client_id)),
        "scope": "referral:read referral:write",
        "roles": [],
        "iss": URLS["access"],
        "aud": "safeguarding-hub",
        "iat": now,
        "exp": now + 300,
        "jti": str(new_id()),
    }
    return {name: value for name, value in (said | given).items() if value is not None}


def hub_token(folder: Folder, client_id: str = "northshire-police", **given: Any) -> str:
    """Return a token of a demo client, signed by access's own key."""
    key = signing_key(folder)
    return jwt.encode({"alg": "ES256", "kid": key.kid, "typ": "at+jwt"}, claims_of(client_id, **given), key)


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def read_claims(token: str) -> dict[str, Any]:
    """Return what a token says, whoever signed it."""
    said: dict[str, Any] = json.loads(extract_compact(token.encode()).payload)
    return said
