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
from shared.schemas.words_asking import Source

_RELATIVE = re.compile(r"(today|now) ([+-]\d+) (days|hours)")
_AS_RECOMMENDED = "What the agencies know and the policy weighs point the same way."
_OWN_REFERENCE = re.compile(r"our reference ([A-Z]+)")


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that is refused for its shape, and taken up by telephone.

    Attributes:
        slip: what stands in the document instead of what should.
        reason: why somebody reads the copy that was kept.
        call: what is then said on the telephone, as it is written down.
    """

    slip: dict[str, Any]
    reason: str
    call: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """What a representative asks of a sender, and where in the document the answer would stand."""

    pointer: str
    words: str


@dataclass(frozen=True, slots=True)
class Version:
    """A later version: why it is sent, and what stands in it instead of what was sent before."""

    reason: str
    instead: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Worry:
    """A referral to be sent.

    Attributes:
        client_id: whose system sends it.
        in_words: what is posted, for the person who watches.
        draft: what the sender checks before it sends the document, if it does.
        refused: what its system gets wrong at first, and what comes of that.
        asked: what its agency's representative asks of it.
        later: its next version.
    """

    client_id: str
    in_words: str
    document: dict[str, Any]
    draft: dict[str, Any] | None = None
    refused: Refused | None = None
    asked: tuple[Question, ...] = ()
    later: Version | None = None

    def named(self, place: int) -> str:
        """Return what the sender calls the child at a place of the document: c1, c2 ..."""
        return str(self.document["children"][place]["sender_child_reference"])


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the hub was told before.

    Attributes:
        closed: why a person closed it with advice; None where it still waits.
    """

    client_id: str
    document: dict[str, Any]
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A worry about a child of the first one, under another spelling.

    Attributes:
        child: what the sender of the first calls the child.
        same: why a person says that they are one child.
        together: why the two are considered together.
        counted: the rule of the policy that fires once they are.
    """

    worry: Worry
    child: str
    same: str
    together: str
    counted: str


@dataclass(frozen=True, slots=True)
class Said:
    """What an agency says of a child when asked.

    Attributes:
        looked_in: of its sector's sources; None: all that it is responsible for.
    """

    grade: int | None = None
    rationale: str | None = None
    known: str | None = None
    looked_in: tuple[str, ...] | None = None

    @property
    def answer(self) -> dict[str, Any]:
        """The answer to the hub's question."""
        checked = {} if self.looked_in is None else {"sources_checked": list(self.looked_in)}
        if self.known is None:
            return {"status": "nothing_known", **checked}
        return {"status": "information", "text": self.known, "handling": "hub_only", **checked}

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
    return [_worry(_told_at(told, now)) for told in _story()["worries"]]


def list_earlier(now: datetime) -> list[Earlier]:
    """Return what the hub was told before the worries."""
    return [Earlier(**_told_at(told, now)) for told in _story()["earlier"]]


def known_child(now: datetime) -> Known:
    """Return the worry about a child whom the hub knows already."""
    told = _told_at(_story()["known"], now)
    return Known(**told | {"worry": _worry(told["worry"])})


def _worry(told: dict[str, Any]) -> Worry:
    refused, later = told.get("refused"), told.get("later")
    parts = {
        "refused": Refused(**refused) if refused else None,
        "asked": tuple(Question(**question) for question in told.get("asked", ())),
        "later": Version(**later) if later else None,
    }
    return Worry(**{**told, **parts})


def said_of(child: str, sector: Sector) -> Said:
    """Return what a sector says of a child when asked."""
    return Said(**_story()["said"].get(child, {}).get(sector.value, {}))


def sources_of(child: str, source: Source) -> Said:
    """Return what a source says of a child when it is asked itself."""
    return Said(**_story()["sources"].get(child, {}).get(source.value, {}))


def verdict_on(child: str) -> Verdict:
    """Return how a child is decided; one of whom the story says nothing, as the policy recommends."""
    return Verdict(**_story()["verdicts"].get(child, {"rationale": _AS_RECOMMENDED}))


def accepted_by(child: str) -> str | None:
    """Return who takes a child on; None: nobody has yet."""
    return dict[str, str](_story()["accepted"]).get(child)


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
