"""What was refused: sealed for the database with keys that are never in it, and read again."""

import base64
import hashlib
import hmac
import json
import re
import zlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_PURPOSE = b"safeguarding-hub: mark of a held copy"
_GZIP = b"\x1f\x8b"
#: What a compressed body may come to: four times the largest that is taken plain.
_MAX_UNPACKED = 8_000_000
_SAYS_DANGER = re.compile(r"""immediate_danger["']?\s*[:=]\s*["']?\s*(true|yes|1)\b""", re.IGNORECASE)


class KeyMissing(Exception):
    """No key opens what was sealed: an older one was taken away too soon, or others are here."""


class Vault:
    """Seals and opens copies.

    Args:
        keys: Fernet keys, one a line; the first seals and all open, so that a key can be replaced.

    Raises:
        ValueError: there is no key, or one is not a Fernet key.
    """

    def __init__(self, keys: str) -> None:
        found = keys.split()
        if not found:
            raise ValueError("the file of keys for held copies holds no key")
        self._fernet = MultiFernet([Fernet(key) for key in found])
        self._marking = tuple(_marking_key(key) for key in found)

    def seal(self, content: bytes) -> bytes:
        """Return `content` as it may be stored."""
        return self._fernet.encrypt(content)

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed.

        Raises:
            KeyMissing: no key fits.
        """
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise KeyMissing from None

    def marks(self, address: str, content: bytes) -> list[str]:
        """Return the marks of what was sent to an address: by the present key first, then by each older one.

        A mark tells the same from another, and nothing to whoever has no key. Those of older keys are there
        so that a copy kept before a change of keys is known again after it.
        """
        digest = hashlib.sha256()
        for part in (address.encode(errors="replace"), content):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return [hmac.new(key, digest.digest(), hashlib.sha256).hexdigest() for key in self._marking]


def _marking_key(key: str) -> bytes:
    # Derived, so that what seals is never used for anything else.
    return hmac.new(base64.urlsafe_b64decode(key), _PURPOSE, hashlib.sha256).digest()


def readable(content: bytes) -> str:
    """Return what was sent as text, as well as it can be read: it was refused, so it may be in any shape.

    Bytes that are no text are shown as replacement characters; what came compressed, or in UTF-16, is read.
    """
    if content.startswith(_GZIP):
        content = _unpacked(content)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def _unpacked(content: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(content, _MAX_UNPACKED)
    except zlib.error:
        return content


def speaks_of_danger(content: bytes) -> bool:
    """Say whether what was sent says that a child is in danger now, as far as it can be read.

    A key that is given twice, or stands deeper than it should, counts: too many come first on the list
    rather than one too few.
    """
    text = readable(content)
    found: list[bool] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        found.extend(_is_yes(value) for name, value in pairs if name == "immediate_danger")

    try:
        json.loads(text, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return _SAYS_DANGER.search(text) is not None
    return any(found)


def _is_yes(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in {"true", "yes", "1"}
    return isinstance(value, int) and value == 1
