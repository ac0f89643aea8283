"""The story that the journey follows, read from story.yaml: what is sent, said and decided."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from shared.clock import london_date
from shared.schemas.words import Sector

_RELATIVE = re.compile(r"(today|now) ([+-]\d+) (days|hours)")
_OWN_REFERENCE = re.compile(r"our reference ([A-Z]+)")


@dataclass(frozen=True, slots=True)
class Worry:
    """A referral to be sent.

    Attributes:
        client_id: whose system sends it.
        in_words: what is posted, for the person who watches.
    """

    client_id: str
    in_words: str
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What an agency says of a child when asked."""

    grade: int | None = None
    rationale: str | None = None
    known: str | None = None

    @property
    def answer(self) -> dict[str, str]:
        """The answer to the hub's question."""
        if self.known is None:
            return {"status": "nothing_known"}
        return {"status": "information", "text": self.known, "handling": "hub_only"}

    @property
    def graded(self) -> dict[str, Any]:
        """The grade; knowing nothing is not a 0."""
        if self.grade is None:
            return {"status": "nothing_known"}
        return {"status": "graded", "grade": self.grade, "rationale": self.rationale}

    @property
    def in_words(self) -> str:
        """The grade as the trail shows it."""
        return "nothing known" if self.grade is None else str(self.grade)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a child is decided as the policy recommends or, with `instead` and `reason`, otherwise."""

    rationale: str
    instead: dict[str, Any] | None = None
    reason: str | None = None


def list_worries(now: datetime) -> list[Worry]:
    """Return the worries as if they had arisen today, under references of their senders that are new."""
    return [
        Worry(told["client_id"], told["in_words"], _told_at(told["document"], now))
        for told in _story()["worries"]
    ]


def said_of(child: str, sector: Sector) -> Said:
    """Return what a sector says of a child when asked."""
    return Said(**_story()["said"].get(child, {}).get(sector.value, {}))


def verdict_on(child: str) -> Verdict:
    """Return how a child is decided."""
    return Verdict(**_story()["verdicts"][child])


@cache
def _story() -> dict[str, Any]:
    text = files(__package__).joinpath("story.yaml").read_text(encoding="utf-8")
    story: dict[str, Any] = yaml.safe_load(text)
    return story


def _told_at(part: Any, now: datetime) -> Any:
    """Return a part of a document with the days, instants and references that hold now."""
    match part:
        case dict():
            return {name: _told_at(inner, now) for name, inner in part.items()}
        case list():
            return [_told_at(inner, now) for inner in part]
        case str():
            return _words_at(part, now)
        case _:
            return part


def _words_at(words: str, now: datetime) -> str:
    if found := _OWN_REFERENCE.fullmatch(words):
        return f"{found[1]}-{now.year}-{secrets.randbelow(900_000) + 100_000}"
    if found := _RELATIVE.fullmatch(words):
        moved = now + timedelta(**{found[3]: int(found[2])})
        return london_date(moved).isoformat() if found[1] == "today" else moved.isoformat(timespec="seconds")
    return words
