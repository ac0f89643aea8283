"""What a threshold policy may say: levels, rules that only raise, and the examples that prove each rule."""

from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.triage.policy.conditions import Condition
from services.triage.policy.facts import ChildFacts
from shared.schemas.words import Level, Pathway, Rag, Sector

Line = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Discussion(StrEnum):
    """What talk between people a rule calls for before the decision."""

    #: The agencies differ, or the child keeps coming back: people talk, and what was said is recorded.
    RECORDED = "recorded"
    #: The hub's manager and the police agree the threshold the same day, with reasons.
    SAME_DAY = "same_day"


#: Pathways from the least to the most protective. To go to another authority or to a worker who already has
#: the child says who acts, not how much; both put social care in charge, so they rank with child in need.
_PROTECTION: Final = {
    Pathway.UNIVERSAL: 0,
    Pathway.ADVICE: 1,
    Pathway.EARLY_HELP: 2,
    Pathway.OTHER_AUTHORITY: 3,
    Pathway.ALLOCATED_WORKER: 3,
    Pathway.CHILD_IN_NEED: 3,
    Pathway.STRATEGY_DISCUSSION: 4,
}
_URGENCY: Final = {Rag.GREEN: 0, Rag.AMBER: 1, Rag.RED: 2}
_WEIGHT: Final = {Discussion.RECORDED: 1, Discussion.SAME_DAY: 2}


def protection(pathway: Pathway) -> int:
    """Return the rank of a pathway; a higher one protects more, equal ones differ only in who acts."""
    return _PROTECTION[pathway]


def urgency(rag: Rag) -> int:
    """Return the rank of a colour; red is the highest."""
    return _URGENCY[rag]


def weight(discussion: Discussion) -> int:
    """Return the rank of a call for discussion; the same-day one is the highest."""
    return _WEIGHT[discussion]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Floors(_Part):
    """What the answer may not fall below once a rule has spoken."""

    level: Level | None = None
    pathway: Pathway | None = None
    rag: Rag | None = None
    discussion: Discussion | None = None

    @model_validator(mode="after")
    def _says_something_whole(self) -> Self:
        if (self.level is None) is not (self.pathway is None):
            raise ValueError("level and pathway go together")
        if self.level is None and self.rag is None and self.discussion is None:
            raise ValueError("a rule must raise something")
        if self.pathway in (Pathway.OTHER_AUTHORITY, Pathway.ALLOCATED_WORKER):
            raise ValueError("who acts is settled by a person; a policy only says how much is needed")
        return self


class Examples(_Part):
    """Children for whom a rule must speak, and children for whom it must not."""

    fires: Annotated[tuple[ChildFacts, ...], Field(min_length=1)]
    not_fires: Annotated[tuple[ChildFacts, ...], Field(min_length=1)]


class Rule(_Part):
    """One rule, readable by a teacher and traceable to the passage it comes from."""

    id: Slug
    source: Line
    words: Line
    when: Condition
    then: Floors
    examples: Examples


class LevelMeaning(_Part):
    """What a level of need is called here, and the least protective pathway that belongs to it."""

    level: Level
    name: Line
    words: Line
    pathway: Pathway


class PolicyDocument(_Part):
    """A threshold policy. Once published under a version it never changes; a change is a new version."""

    version: Slug
    title: Line
    source: Line
    approved_by: Line | None = None
    levels: Annotated[tuple[LevelMeaning, ...], Field(min_length=4, max_length=4)]
    #: Without an answer from each of these a recommendation is provisional.
    core_sectors: Annotated[tuple[Sector, ...], Field(min_length=1)]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _levels_are_one_to_four(self) -> Self:
        if tuple(meaning.level for meaning in self.levels) != tuple(Level):
            raise ValueError("the four levels must be given once each, from 1 to 4")
        return self
