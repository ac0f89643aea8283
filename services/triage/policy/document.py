"""What a threshold policy may say: levels, rules that only raise, and the examples that prove each rule."""

from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.triage.policy.conditions import Condition
from services.triage.policy.facts import ChildFacts
from services.triage.policy.scale import (
    SAYS_WHO_ACTS,
    LevelMeaning,
    Line,
    ScaleStep,
    StepNumber,
    steps_of,
)
from shared.schemas.words import Level, Pathway, Rag, Sector

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Discussion(StrEnum):
    """What talk between people a rule calls for before the decision."""

    #: The agencies differ, or the child keeps coming back: people talk, and what was said is recorded.
    RECORDED = "recorded"
    #: The hub's manager and the police agree the threshold the same day, with reasons.
    SAME_DAY = "same_day"


_URGENCY: Final = {Rag.GREEN: 0, Rag.AMBER: 1, Rag.RED: 2}
_WEIGHT: Final = {Discussion.RECORDED: 1, Discussion.SAME_DAY: 2}


def urgency(rag: Rag) -> int:
    """Return the rank of a colour; red is the highest."""
    return _URGENCY[rag]


def weight(discussion: Discussion) -> int:
    """Return the rank of a call for discussion; the same-day one is the highest."""
    return _WEIGHT[discussion]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Floors(_Part):
    """What the answer may not fall below once a rule has spoken.

    How much is needed is a `step` of the policy's scale, whose pathway goes with it unless a more protective
    one is named; or a `level` of the hub with a pathway, which is the lowest step that counts as it.
    """

    step: StepNumber | None = None
    level: Level | None = None
    pathway: Pathway | None = None
    rag: Rag | None = None
    discussion: Discussion | None = None

    @model_validator(mode="after")
    def _says_something_whole(self) -> Self:
        if self.step is not None and self.level is not None:
            raise ValueError("name a step or a level, not both")
        if self.step is None and (self.level is None) is not (self.pathway is None):
            raise ValueError("level and pathway go together")
        if not (self.step is not None or self.level or self.rag or self.discussion):
            raise ValueError("a rule must raise something")
        if self.pathway in SAYS_WHO_ACTS:
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


class PolicyDocument(_Part):
    """A threshold policy. Once published under a version it never changes; a change is a new version.

    Its levels are a `scale` of any number of steps, or the hub's own four as `levels`.
    """

    version: Slug
    title: Line
    source: Line
    approved_by: Line | None = None
    levels: Annotated[tuple[LevelMeaning, ...], Field(min_length=4, max_length=4)] | None = None
    scale: Annotated[tuple[ScaleStep, ...], Field(min_length=2, max_length=20)] | None = None
    #: Without an answer from each of these a recommendation is provisional.
    core_sectors: Annotated[tuple[Sector, ...], Field(min_length=1)]
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_one_scale(self) -> Self:
        if (self.levels is None) is (self.scale is None):
            raise ValueError("give the levels as `scale`, or as `levels`, and not both")
        if self.levels is not None and tuple(meaning.level for meaning in self.levels) != tuple(Level):
            raise ValueError("the four levels must be given once each, from 1 to 4")
        return self

    @property
    def steps(self) -> tuple[ScaleStep, ...]:
        """The scale, however it was written; the least need first."""
        return self.scale if self.scale is not None else steps_of(self.levels or ())

    def step_for(self, floors: Floors) -> ScaleStep | None:
        """Return the step that floors ask for; None where they ask for none, or for one that is not there."""
        if floors.step is not None:
            return next((step for step in self.steps if step.step == floors.step), None)
        return next((step for step in self.steps if step.level == floors.level), None)
