"""Past children under another policy: who would move, and how many of whom. Pure.

A fact that a stored recommendation does not have, because the hub did not ask for it then, is unknown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from services.triage.evidence.places import district_of
from services.triage.policy.compiled import DISCUSSIONS, PATHWAYS, RAGS, compiled, highest
from services.triage.policy.document import Discussion, PolicyDocument, urgency, weight
from services.triage.policy.facts import ChildFacts
from services.triage.policy.scale import protection
from shared.schemas.ids import AgencyId, CaseId, ChildId
from shared.schemas.policies import Moved, ReplayedAnswer, ReplaySum
from shared.schemas.words import Pathway, Rag

NOT_KNOWN: Final = "Not known"
#: What a town is called; anything else typed there may be a street or a name.
_TOWN: Final = re.compile(r"[A-Za-z][A-Za-z '.-]{1,39}")


@dataclass(frozen=True, slots=True)
class Past:
    """A child as its newest recommendation was made.

    Attributes:
        facts: what was looked at, as stored: JSON.
        said: what was recommended, as stored.
        said_by: the version of the policy that recommended it.
        address: as the contact gave it, if it did.
    """

    child_id: ChildId
    case_id: CaseId
    reference: str
    agency_id: AgencyId
    facts: str
    said: Mapping[str, Any]
    said_by: str
    address: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Move:
    """A child who would get another answer."""

    past: Past
    locality: str
    moved: Moved
    before: ReplayedAnswer
    after: ReplayedAnswer


@dataclass(frozen=True, slots=True)
class Trial:
    """The policy that is tried, and the one in force that it is held against."""

    candidate: PolicyDocument
    in_force: PolicyDocument


@dataclass(slots=True)
class Sums:
    """How many of whom were gone through and would move: a few numbers, however many children."""

    done: int = 0
    not_read: int = 0
    by: dict[str, dict[str, list[int]]] = field(
        default_factory=lambda: {"agency": {}, "level": {}, "locality": {}}
    )

    def count(self, past: Past, locality: str, level: int, moved: Moved | None) -> None:
        """Add one child."""
        keys = {"agency": str(past.agency_id), "level": str(level), "locality": locality}
        for name, key in keys.items():
            counted = self.by[name].setdefault(key, [0, 0, 0])
            counted[0] += 1
            counted[1] += moved is Moved.UP
            counted[2] += moved is Moved.DOWN

    def table(self, name: str) -> list[ReplaySum]:
        """Return the sums by agency, level or locality: who moves most first, levels from the lowest."""
        sums = [
            ReplaySum(key=key, children=all_, up=up, down=down)
            for key, (all_, up, down) in self.by[name].items()
        ]
        if name == "level":
            return sorted(sums, key=lambda one: one.key)
        return sorted(sums, key=lambda one: (-one.up - one.down, -one.children, one.key))

    @property
    def moved(self) -> tuple[int, int]:
        """How many would move up, and how many down."""
        levels = self.by["level"].values()
        return sum(up for _, up, _ in levels), sum(down for _, _, down in levels)


def replay(trial: Trial, children: Sequence[Past], sums: Sums) -> list[Move]:
    """Return those of some children who would move, and add all of them to the sums."""
    moves: list[Move] = []
    for past in children:
        sums.done += 1
        try:
            before, after = _answers(trial, past)
        except ValidationError:
            sums.not_read += 1
            continue
        moved, locality = direction(before, after), locality_of(past.address)
        sums.count(past, locality, before.level or 0, moved)
        if moved is not None:
            moves.append(Move(past, locality, moved, before, after))
    return moves


def _answers(trial: Trial, past: Past) -> tuple[ReplayedAnswer, ReplayedAnswer]:
    # Through JSON, because strict models take "police" for a sector from JSON and from nothing else.
    facts = ChildFacts.model_validate_json(past.facts)
    after = answer_of(trial.candidate, facts)
    if past.said_by == trial.in_force.version:
        return ReplayedAnswer.model_validate(past.said), after
    return answer_of(trial.in_force, facts), after


def answer_of(policy: PolicyDocument, facts: ChildFacts) -> ReplayedAnswer:
    """Return what a policy recommends, without the reasons: those cost more than the answer does."""
    ready = compiled(policy)
    reach = highest(ready.look(facts).reach, *(ready.look(part).reach for part in facts.apart))
    return ReplayedAnswer(
        level=ready.steps[reach.place].level if reach.place >= 0 else None,
        pathway=PATHWAYS.get(reach.pathway),
        rag=RAGS[reach.rag],
        discussion=DISCUSSIONS[reach.discussion],
    )


def direction(before: ReplayedAnswer, after: ReplayedAnswer) -> Moved | None:
    """Return which way a child moves: down as soon as level, protection, colour or talk falls."""
    was, becomes = _ranks(before), _ranks(after)
    if was == becomes:
        return None
    return Moved.UP if all(new >= old for old, new in zip(was, becomes, strict=True)) else Moved.DOWN


def _ranks(answer: ReplayedAnswer) -> tuple[int, int, int, int]:
    return (
        answer.level or 0,
        protection(Pathway(answer.pathway)) if answer.pathway else -1,
        urgency(Rag(answer.rag)),
        weight(Discussion(answer.discussion)) if answer.discussion else 0,
    )


def locality_of(address: Mapping[str, Any] | None) -> str:
    """Return the postcode district of an address, else its town, never anything nearer.

    Where somebody stays for a while only, a refuge above all, is nobody's business here.
    """
    if not address or address.get("is_temporary"):
        return NOT_KNOWN
    if district := district_of(str(address.get("postcode") or "")):
        return district
    town = " ".join(str(address.get("town") or "").split())
    return town.title() if _TOWN.fullmatch(town) else NOT_KNOWN
