"""Proof that a cookie or a form came from this console: keyed marks, so that nothing needs to be stored."""

import hashlib
import hmac


class Seal:
    """Marks values with a key derived from the console's own private key; every replica derives the same.

    The session's id also stands in staff tokens, which other services are shown. The mark is what makes a
    cookie: knowing the id alone opens nothing.
    """

    def __init__(self, secret: bytes) -> None:
        self._key = hashlib.sha256(b"safeguarding-hub console seal" + secret).digest()

    def mark(self, purpose: str, value: str) -> str:
        """Return the mark of `value`, good for one purpose only."""
        return hmac.new(self._key, f"{purpose}\n{value}".encode(), hashlib.sha256).hexdigest()

    def fits(self, purpose: str, value: str, mark: str) -> bool:
        """Say whether `mark` is the mark of `value`, in the same time whatever is wrong with it."""
        return hmac.compare_digest(self.mark(purpose, value).encode(), mark.encode("utf-8", "replace"))

    def close(self, purpose: str, value: str) -> str:
        """Return `value` with its mark."""
        return f"{self.mark(purpose, value)}.{value}"

    def open(self, purpose: str, sealed: str) -> str | None:
        """Return the value that `close` was given, or None if it was not given here for this purpose."""
        mark, _, value = sealed.partition(".")
        return value if self.fits(purpose, value, mark) else None
