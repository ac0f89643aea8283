"""What a rule may ask: a closed language with no "not", so that one more worry can never silence a rule.

Each condition answers yes, no or unknown. Unknown is what a rule treats as yes: a missing date of birth must
not be the reason that a baby is taken for an older child.
"""

from enum import IntEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from services.triage.policy.facts import OLDEST_YEARS, Evidence

Grade = Annotated[int, Field(ge=1, le=5)]


class Answer(IntEnum):
    """How a condition stands, in the order that "all" takes the least of and "any" the most."""

    NO = 0
    UNKNOWN = 1
    YES = 2


def _yes_if(holds: bool) -> Answer:
    return Answer.YES if holds else Answer.NO


class _Clause(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class IndicatorsAny(_Clause):
    """At least one of the listed indicators is named."""

    indicators_any: Annotated[tuple[str, ...], Field(min_length=1)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return _yes_if(not evidence.indicators.isdisjoint(self.indicators_any))


class IndicatorLevelAtLeast(_Clause):
    """Some indicator points at this level of need or a higher one."""

    indicator_level_at_least: Annotated[int, Field(ge=1, le=4)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return _yes_if(evidence.level >= self.indicator_level_at_least)


class AnyGradeAtLeast(_Clause):
    """Some agency, the sender's included, has given this grade or a higher one."""

    any_grade_at_least: Grade

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return _yes_if(max(evidence.grades, default=0) >= self.any_grade_at_least)


class GradeCount(_Clause):
    """A grade, and how many agencies must have reached it."""

    grade: Grade
    agencies: Annotated[int, Field(ge=2, le=20)]


class GradesAtLeast(_Clause):
    """So many different agencies have given this grade or a higher one."""

    grades_at_least: GradeCount

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        reached = sum(grade >= self.grades_at_least.grade for grade in evidence.grades)
        return _yes_if(reached >= self.grades_at_least.agencies)


class GradeSpreadAtLeast(_Clause):
    """Agencies differ by so many steps. For calling a discussion only: a spread can shrink as worry grows."""

    grade_spread_at_least: Grade

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        spread = max(evidence.grades, default=0) - min(evidence.grades, default=0)
        return _yes_if(spread >= self.grade_spread_at_least)


class ImmediateDanger(_Clause):
    """The sender, or anyone since, says that the child is in danger now."""

    immediate_danger: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return _yes_if(evidence.immediate_danger)


class AgeUnderYears(_Clause):
    """The child is younger than this. An unborn child is; where no age is known, the answer is unknown."""

    age_under_years: Annotated[int, Field(ge=1, le=OLDEST_YEARS)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        if evidence.unborn:
            return Answer.YES
        if evidence.age_years is None:
            return Answer.UNKNOWN
        return _yes_if(evidence.age_years < self.age_under_years)


class Unborn(_Clause):
    """The child is not born yet, as far as anyone has recorded."""

    unborn: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return _yes_if(evidence.unborn)


class ContactsAtLeast(_Clause):
    """The child was referred so often in the last twelve months, this time included, by whomever."""

    contacts_12m_at_least: Annotated[int, Field(ge=2, le=50)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return _yes_if(evidence.contacts_12m >= self.contacts_12m_at_least)


class ReReferral(_Clause):
    """The child was referred again within twelve months of a decision that ended the hub's part."""

    re_referral_12m: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return _yes_if(evidence.re_referral_12m)


class AllOf(_Clause):
    """Every one of these."""

    all_of: Annotated[tuple["Condition", ...], Field(min_length=2)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return the least of the answers."""
        return min(part.answer(evidence) for part in self.all_of)


class AnyOf(_Clause):
    """At least one of these."""

    any_of: Annotated[tuple["Condition", ...], Field(min_length=2)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return the most of the answers."""
        return max(part.answer(evidence) for part in self.any_of)


def _only_key(given: Any) -> str | None:
    """Return what tells conditions apart: each is written as one key and its value."""
    if isinstance(given, BaseModel):
        return next(iter(type(given).model_fields))
    return str(*given) if isinstance(given, dict) and len(given) == 1 else None


Condition = Annotated[
    Annotated[IndicatorsAny, Tag("indicators_any")]
    | Annotated[IndicatorLevelAtLeast, Tag("indicator_level_at_least")]
    | Annotated[AnyGradeAtLeast, Tag("any_grade_at_least")]
    | Annotated[GradesAtLeast, Tag("grades_at_least")]
    | Annotated[GradeSpreadAtLeast, Tag("grade_spread_at_least")]
    | Annotated[ImmediateDanger, Tag("immediate_danger")]
    | Annotated[AgeUnderYears, Tag("age_under_years")]
    | Annotated[Unborn, Tag("unborn")]
    | Annotated[ContactsAtLeast, Tag("contacts_12m_at_least")]
    | Annotated[ReReferral, Tag("re_referral_12m")]
    | Annotated[AllOf, Tag("all_of")]
    | Annotated[AnyOf, Tag("any_of")],
    Discriminator(_only_key),
]

AllOf.model_rebuild()
AnyOf.model_rebuild()

Atom = (
    IndicatorsAny
    | IndicatorLevelAtLeast
    | AnyGradeAtLeast
    | GradesAtLeast
    | GradeSpreadAtLeast
    | ImmediateDanger
    | AgeUnderYears
    | Unborn
    | ContactsAtLeast
    | ReReferral
)


def atoms(condition: "Condition") -> tuple[Atom, ...]:
    """Return the single questions a condition is made of."""
    if isinstance(condition, AllOf):
        return tuple(atom for part in condition.all_of for atom in atoms(part))
    if isinstance(condition, AnyOf):
        return tuple(atom for part in condition.any_of for atom in atoms(part))
    return (condition,)
