"""The hub's tokens: signed here, with the one key every service trusts."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from services.access.rules import TOKEN_LIFETIME
from shared.platform.access_client import VerifiedTokens
from shared.platform.auth import AUDIENCE, Caller
from shared.schemas.access import TokenAnswer
from shared.schemas.ids import new_id

_ALGORITHM = "ES256"


class Signer:
    """Access's signing key and what is made with it.

    Attributes:
        read: gives the caller of a token that was made with it; raises as `verify_token` does.
    """

    def __init__(self, key_file: Path, *, issuer: str) -> None:
        self._key = ECKey.import_key(json.loads(key_file.read_text()))
        if not self._key.kid or self._key.curve_name != "P-256":
            raise ValueError("the signing key must be a P-256 JWK with a kid")
        self.issuer = issuer
        self._public = KeySet([ECKey.import_key(self._public_part())])
        self.read = VerifiedTokens(self._keys, issuer=issuer)

    def token_for(self, who: Caller, *, client_id: str, now: datetime) -> TokenAnswer:
        """Return a fresh token that says who calls.

        Args:
            client_id: the system that asked for it; for a member of staff the console.
            now: when it begins to count.
        """
        header = {"alg": _ALGORITHM, "typ": "at+jwt", "kid": self._key.kid}
        claims = _claims(who) | {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "client_id": client_id,
            "iat": int(now.timestamp()),
            "exp": int((now + TOKEN_LIFETIME).timestamp()),
            "jti": str(new_id()),
        }
        return TokenAnswer(
            access_token=jwt.encode(header, claims, self._key),
            expires_in=int(TOKEN_LIFETIME.total_seconds()),
            scope=claims["scope"],
        )

    async def _keys(self, _key_id: str | None) -> KeySet:
        return self._public

    def published(self) -> dict[str, Any]:
        """Return the JWKS that partners and services check tokens with."""
        return {"keys": [self._public_part()]}

    def _public_part(self) -> dict[str, Any]:
        return dict(self._key.as_dict(private=False)) | {"use": "sig", "alg": _ALGORITHM}


def _claims(who: Caller) -> dict[str, Any]:
    return {
        "sub": who.subject,
        "kind": who.kind,
        "name": who.name,
        "agency_id": str(who.agency_id) if who.agency_id else None,
        "scope": " ".join(sorted(who.scopes)),
        "roles": sorted(who.roles),
        "sid": str(who.session_id) if who.session_id else None,
    }
