"""What a rule may ask: a closed language with no "not", so that one more worry can never silence a rule.

Each condition answers yes, no or unknown. Unknown is what a rule treats as yes: a missing date of birth must
not be the reason that a baby is taken for an older child.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag

from services.triage.policy.circumstances import (
    ConsentRefused,
    HasAllocatedWorker,
    HotSpot,
    LookedAfter,
    NotHeardAny,
    NotSeen,
    PlanAtLeast,
    PreviousPlan,
    PrivateFostering,
    ReturnsAtLeast,
)
from services.triage.policy.clauses import Answer, Clause, yes_if
from services.triage.policy.facts import OLDEST_YEARS, Evidence

Grade = Annotated[int, Field(ge=1, le=5)]


class IndicatorsAny(Clause):
    """At least one of the listed indicators is named."""

    indicators_any: Annotated[tuple[str, ...], Field(min_length=1)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(not evidence.indicators.isdisjoint(self.indicators_any))


class IndicatorLevelAtLeast(Clause):
    """Some indicator points at this level of need or a higher one."""

    indicator_level_at_least: Annotated[int, Field(ge=1, le=4)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(evidence.level >= self.indicator_level_at_least)


class AnyGradeAtLeast(Clause):
    """Some agency, the sender's included, has given this grade or a higher one."""

    any_grade_at_least: Grade

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(max(evidence.grades, default=0) >= self.any_grade_at_least)


class GradeCount(Clause):
    """A grade, and how many agencies must have reached it."""

    grade: Grade
    agencies: Annotated[int, Field(ge=2, le=20)]


class GradesAtLeast(Clause):
    """So many different agencies have given this grade or a higher one."""

    grades_at_least: GradeCount

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        reached = sum(grade >= self.grades_at_least.grade for grade in evidence.grades)
        return yes_if(reached >= self.grades_at_least.agencies)


class GradeSpreadAtLeast(Clause):
    """Agencies differ by so many steps. For calling a discussion only: a spread can shrink as worry grows."""

    grade_spread_at_least: Grade

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        spread = max(evidence.grades, default=0) - min(evidence.grades, default=0)
        return yes_if(spread >= self.grade_spread_at_least)


class ImmediateDanger(Clause):
    """The sender, or anyone since, says that the child is in danger now."""

    immediate_danger: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(evidence.immediate_danger)


class AgeUnderYears(Clause):
    """The child is younger than this. An unborn child is; where no age is known, the answer is unknown."""

    age_under_years: Annotated[int, Field(ge=1, le=OLDEST_YEARS)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        if evidence.unborn:
            return Answer.YES
        if evidence.age_years is None:
            return Answer.UNKNOWN
        return yes_if(evidence.age_years < self.age_under_years)


class Unborn(Clause):
    """The child is not born yet, as far as anyone has recorded."""

    unborn: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(evidence.unborn)


class ContactsAtLeast(Clause):
    """The child was referred so often in the last twelve months, this time included, by whomever."""

    contacts_12m_at_least: Annotated[int, Field(ge=2, le=50)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(evidence.contacts_12m >= self.contacts_12m_at_least)


class ReReferral(Clause):
    """The child was referred again within twelve months of a decision that ended the hub's part."""

    re_referral_12m: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(evidence.re_referral_12m)


class AllOf(Clause):
    """Every one of these."""

    all_of: Annotated[tuple["Condition", ...], Field(min_length=2)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return the least of the answers."""
        return min(part.answer(evidence) for part in self.all_of)


class AnyOf(Clause):
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
    | Annotated[ReturnsAtLeast, Tag("returns_12m_at_least")]
    | Annotated[HotSpot, Tag("hot_spot")]
    | Annotated[LookedAfter, Tag("looked_after")]
    | Annotated[PlanAtLeast, Tag("plan_at_least")]
    | Annotated[PrivateFostering, Tag("private_fostering")]
    | Annotated[HasAllocatedWorker, Tag("allocated_worker")]
    | Annotated[PreviousPlan, Tag("previous_plan")]
    | Annotated[ConsentRefused, Tag("consent_refused")]
    | Annotated[NotSeen, Tag("not_seen")]
    | Annotated[NotHeardAny, Tag("not_heard_any")]
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
    | ReturnsAtLeast
    | HotSpot
    | LookedAfter
    | PlanAtLeast
    | PrivateFostering
    | HasAllocatedWorker
    | PreviousPlan
    | ConsentRefused
    | NotSeen
    | NotHeardAny
)

#: What may hold less as agencies say more: agreement closes a spread, an answer ends a silence. A rule that
#: asks one of these may call for a discussion, and set nothing else.
FOR_DISCUSSION_ALONE = (GradeSpreadAtLeast, NotHeardAny)


def atoms(condition: "Condition") -> tuple[Atom, ...]:
    """Return the single questions a condition is made of."""
    if isinstance(condition, AllOf):
        return tuple(atom for part in condition.all_of for atom in atoms(part))
    if isinstance(condition, AnyOf):
        return tuple(atom for part in condition.any_of for atom in atoms(part))
    return (condition,)
