"""The levels of need as a partnership counts them, each with the hub's own level and pathway it means."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.schemas.words import Level, Pathway

Line = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
StepNumber = Annotated[int, Field(ge=0, le=20)]

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
#: Who acts is for a person to say; no rule and no step names one of these.
SAYS_WHO_ACTS: Final = (Pathway.OTHER_AUTHORITY, Pathway.ALLOCATED_WORKER)


def protection(pathway: Pathway) -> int:
    """Return the rank of a pathway; a higher one protects more, equal ones differ only in who acts."""
    return _PROTECTION[pathway]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class LevelMeaning(_Part):
    """What one of the hub's four levels is called, and the least protective pathway that belongs to it."""

    level: Level
    name: Line
    words: Line
    pathway: Pathway


class ScaleStep(_Part):
    """One step of a partnership's own scale.

    Attributes:
        step: its number in the partnership's threshold document.
        level: the hub's own level, 1 to 4, that it counts as: other places number theirs differently.
        pathway: the least protective one that belongs to it.
    """

    step: StepNumber
    name: Line
    words: Line
    level: Level
    pathway: Pathway


def steps_of(levels: Sequence[LevelMeaning]) -> tuple[ScaleStep, ...]:
    """Return the four levels as a scale of their own, as policies were written before there were others."""
    return tuple(
        ScaleStep(
            step=int(meaning.level),
            name=meaning.name,
            words=meaning.words,
            level=meaning.level,
            pathway=meaning.pathway,
        )
        for meaning in levels
    )


def least_of(steps: Sequence[ScaleStep], level: int) -> Pathway:
    """Return the least protective pathway that a scale gives a child of one of the hub's levels.

    A level that no step counts as has what the highest step below it has.
    """
    own = [step for step in steps if step.level == level]
    below = [step for step in steps if step.level < level]
    return (own or below[-1:] or list(steps))[0].pathway


def reaches_above(steps: Sequence[ScaleStep], level: int, pathway: Pathway) -> bool:
    """Say whether a pathway belongs to a higher level than one of the hub's, by a scale.

    One that only says who acts belongs to every level.
    """
    if pathway in SAYS_WHO_ACTS:
        return False
    own = [protection(step.pathway) for step in steps if step.level <= level]
    above = [protection(step.pathway) for step in steps if step.level > level]
    return bool(above) and max(own, default=-1) < protection(pathway) >= above[0]


def misplaced(steps: Sequence[ScaleStep]) -> Iterator[tuple[int, str]]:
    """Yield place and words for each step that does not stand higher than the one before it.

    Two neighbours may count as one level of the hub, or share a pathway; none may fall back in either, or
    going up the scale would bring less.
    """
    for place, (before, step) in enumerate(pairwise(steps), start=1):
        if step.step <= before.step:
            yield place, f"step {step.step} stands after step {before.step}"
        elif step.level < before.level:
            yield (
                place,
                f"step {step.step} counts as level {step.level}, "
                f"step {before.step} below it as level {before.level}",
            )
        elif protection(step.pathway) < protection(before.pathway):
            yield (
                place,
                f"step {step.step} calls for {step.pathway}, "
                f"step {before.step} below it for {before.pathway}, which protects more",
            )
