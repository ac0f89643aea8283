"""What people and systems prove themselves with: how it is kept, and how it is compared."""

import asyncio
import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

# 32 MiB and three passes take some 50 ms; two at a time leave the processor to those who are in already.
_HASHER = PasswordHasher(time_cost=3, memory_cost=32_768, parallelism=1)
_AT_ONCE = 2
_NOBODYS_HASH = _HASHER.hash(secrets.token_urlsafe())
_NOBODYS_DIGEST = secrets.token_bytes(32)


class PasswordCheck:
    """Compares passwords off the event loop, few at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Say whether `password` is the one that was hashed; None, for nobody, takes as long and is no."""
        async with self._turn:
            same = await asyncio.to_thread(_verify, password_hash or _NOBODYS_HASH, password)
        return same and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def hash_password(password: str) -> str:
    """Return what is stored of a person's password; takes some 50 ms."""
    return _HASHER.hash(password)


def digest_of(secret: str) -> bytes:
    """Return what is stored of a secret the hub made itself; 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def secret_matches(secret: str, secret_digest: bytes | None) -> bool:
    """Say whether `secret` has this digest, in the same time whether it does or not, or there is none."""
    same = hmac.compare_digest(digest_of(secret), secret_digest or _NOBODYS_DIGEST)
    return same and secret_digest is not None


def new_secret() -> str:
    """Return 256 random bits as text that fits an address or a form: 43 characters."""
    return secrets.token_urlsafe(32)
