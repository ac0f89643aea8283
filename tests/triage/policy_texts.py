"""Threshold policies to put forward: the hub's own under another version, with what is changed."""

from importlib.resources import files
from uuid import uuid4

from services.triage import policy
from services.triage.policy.reading import DEFAULT_POLICY

DEFAULT_TEXT = files(policy).joinpath(DEFAULT_POLICY).read_text(encoding="utf-8")
_OWN_VERSION = next(line for line in DEFAULT_TEXT.splitlines() if line.startswith("version:"))


def a_version() -> str:
    """Return a version that nobody has used."""
    return f"test-{uuid4().hex[:12]}"


def a_policy(version: str | None = None, *changes: tuple[str, str]) -> str:
    """Return the hub's own policy under a version, each first text of `changes` replaced by its second."""
    text = DEFAULT_TEXT.replace(_OWN_VERSION, f"version: {version or a_version()}", 1)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text
