"""What may be done on a score: surely the same, possibly, or not; and what forbids to be sure.

Sure means linked provisionally, shown as such and taken back in one step. A name alone never makes it so.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.intake.matching.comparing import may_be_twins_names
from services.intake.matching.levels import (
    ALIKE,
    AT_HOME,
    BIRTH_AGREES,
    DIFFERENT,
    FAMILY_AGREES,
    GIVEN_AGREES,
    MISSING,
    NAMESAKE,
    NICKNAME,
    SAME,
    SAME_WEAK,
    SIMILAR,
    SOUNDS,
    Levels,
)
from services.intake.matching.person import Person
from services.intake.matching.scoring import Score


class Verdict(StrEnum):
    """Whether two descriptions are of one person."""

    SURE = "sure"
    POSSIBLE = "possible"
    NONE = "none"


class Hazard(StrEnum):
    """What could make two people look like one, or one like two: each forbids to be sure."""

    NAME_ALONE = "name_alone"
    TWIN = "twin"
    SIBLING = "sibling"
    NAMESAKE = "namesake"
    SHARED_NUMBER = "shared_number"
    OTHER_NUMBER = "other_number"
    NOT_NAMED_YET = "not_named_yet"
    DEFAULT_DATE = "default_date"
    OTHER_DATE = "other_date"
    OTHER_SEX = "other_sex"
    RIVAL = "rival"
    CROWD = "crowd"


class Thresholds(BaseModel):
    """From which probability on; a deployment sets its own.

    Attributes:
        sure: and nothing forbids it.
        possible: a person is asked.
        rival_bits: another known person this close to the likeliest leaves the choice to a person.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sure: float = Field(default=0.95, ge=0.5, lt=1)
    possible: float = Field(default=0.05, gt=0, lt=1)
    rival_bits: float = Field(default=6.0, ge=0)

    @model_validator(mode="after")
    def _are_in_order(self) -> "Thresholds":
        if self.possible > self.sure:
            raise ValueError("what is sure must be possible: `possible` is above `sure`")
        return self


class Decision(NamedTuple):
    """The verdict, and every hazard that was seen, whether or not it made a difference."""

    verdict: Verdict
    hazards: tuple[Hazard, ...]


DEFAULT_THRESHOLDS: Final = Thresholds()
_IDENTIFIES: Final = SAME
_OTHER_GIVEN: Final = frozenset({DIFFERENT, SOUNDS, NAMESAKE, ALIKE})


def decide(
    left: Person, right: Person, levels: Levels, score: Score, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> Decision:
    """Return the verdict on two persons.

    Source:
        practice 20 and 21: a link may raise a view before a person confirms it, never lower one, so that the
        machine links only where an identifier, or the date of birth with other evidence, speaks for it.
    """
    hazards = tuple(find_hazards(left, right, levels))
    if score.probability >= thresholds.sure and not hazards:
        return Decision(Verdict.SURE, hazards)
    if score.probability >= thresholds.possible:
        return Decision(Verdict.POSSIBLE, hazards)
    return Decision(Verdict.NONE, hazards)


def decide_among(
    decisions: list[tuple[Decision, Score]], thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> list[Decision]:
    """Return the decisions on all the candidates of one person, given one by one, likeliest first.

    Where a second is nearly as likely, or two are sure, a person chooses.
    """
    if len(decisions) < 2:
        return [decision for decision, _ in decisions]
    (_, first), (_, second) = decisions[:2]
    is_rivalled = (
        first.bits - second.bits < thresholds.rival_bits and second.probability >= thresholds.possible
    )
    sure = [place for place, (decision, _) in enumerate(decisions) if decision.verdict == Verdict.SURE]
    if not is_rivalled and len(sure) < 2:
        return [decision for decision, _ in decisions]
    return [
        Decision(Verdict.POSSIBLE, (*decision.hazards, Hazard.RIVAL)) if place in sure else decision
        for place, (decision, _) in enumerate(decisions)
    ]


def decide_in_a_crowd(decisions: list[Decision]) -> list[Decision]:
    """Return the decisions where so many are described alike that only the newest of them were compared.

    One of those left out may fit as well, so that a person chooses, and is told why.
    """
    return [
        Decision(
            Verdict.POSSIBLE if decision.verdict == Verdict.SURE else decision.verdict,
            (*decision.hazards, Hazard.CROWD),
        )
        for decision in decisions
    ]


def find_hazards(left: Person, right: Person, levels: Levels) -> list[Hazard]:
    """Return what forbids to be sure of two persons."""
    is_identified = _is_identified(levels)
    found = [*_of_relatives(levels, is_identified=is_identified), *_of_numbers(levels)]
    if not found and not is_identified and _may_be_twins(left, right, levels):
        found.append(Hazard.NAMESAKE)
    if left.is_unnamed or right.is_unnamed:
        found.append(Hazard.NOT_NAMED_YET)
    if not is_identified:
        found += _of_little_evidence(levels)
    return found


def _is_identified(levels: Levels) -> bool:
    return _IDENTIFIES in (levels.number, levels.upn)


def _may_be_twins(left: Person, right: Person, levels: Levels) -> bool:
    is_one_birth = levels.birth in {*BIRTH_AGREES, SAME_WEAK} and levels.family in FAMILY_AGREES
    return levels.given in {NICKNAME, SIMILAR} and is_one_birth and may_be_twins_names(left, right)


def _of_relatives(levels: Levels, *, is_identified: bool) -> list[Hazard]:
    is_family = levels.family in FAMILY_AGREES
    if levels.given in _OTHER_GIVEN and is_family and levels.birth in {*BIRTH_AGREES, SAME_WEAK}:
        # A number in common is no proof here: twins are given each other's.
        is_namesake = levels.given not in {DIFFERENT, ALIKE}
        return [] if is_namesake and is_identified else [Hazard.NAMESAKE if is_namesake else Hazard.TWIN]
    if levels.given in {DIFFERENT, ALIKE} and (is_family or levels.address in AT_HOME):
        return [Hazard.SIBLING]
    return []


def _of_numbers(levels: Levels) -> list[Hazard]:
    found = []
    if DIFFERENT in (levels.number, levels.upn):
        found.append(Hazard.OTHER_NUMBER)
    if _is_identified(levels) and levels.given not in GIVEN_AGREES and levels.birth not in BIRTH_AGREES:
        found.append(Hazard.SHARED_NUMBER)
    return found


def _of_little_evidence(levels: Levels) -> list[Hazard]:
    found = []
    if levels.birth == SAME_WEAK or levels.birth.startswith("weak"):
        found.append(Hazard.DEFAULT_DATE)
    elif levels.birth == MISSING:
        found.append(Hazard.NAME_ALONE)
    elif levels.birth not in BIRTH_AGREES:
        found.append(Hazard.OTHER_DATE)
    others = (
        levels.given in GIVEN_AGREES,
        levels.family in FAMILY_AGREES,
        levels.address in AT_HOME,
        levels.telephone == SAME,
    )
    if sum(others) < 2 and Hazard.NAME_ALONE not in found:
        found.append(Hazard.NAME_ALONE)
    if levels.sex == DIFFERENT:
        found.append(Hazard.OTHER_SEX)
    return found
