"""Webhook secrets and signatures, by the Standard Webhooks scheme."""

import base64
import secrets
from datetime import datetime
from math import floor
from typing import Final

from cryptography.fernet import Fernet, MultiFernet
from standardwebhooks import Webhook

_PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


class Vault:
    """Seals webhook secrets for the database, with a key that is kept outside it.

    Args:
        keys: Fernet keys, one a line; the first seals and all open, so that a key can be replaced.

    Raises:
        ValueError: there is no key, or one is not a Fernet key.
    """

    def __init__(self, keys: str) -> None:
        found = [Fernet(key) for key in keys.split()]
        if not found:
            raise ValueError("the webhook key file holds no key")
        self._fernet = MultiFernet(found)

    def seal(self, secret: str) -> bytes:
        """Return `secret` as it may be stored."""
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Return the secret in `sealed`; raises cryptography's InvalidToken when no key fits."""
        return self._fernet.decrypt(sealed).decode()


def new_secret() -> str:
    """Return a fresh secret of 256 bits, as partners' libraries take it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign(secret: str, *, webhook_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the three headers by which a receiver knows that `body` is the hub's.

    Args:
        at: aware, UTC: the library takes the clock time of any other zone for UTC.
    """
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(floor(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, at, body.decode()),
    }
