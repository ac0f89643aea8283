"""What a rule may ask of a child's standing and of the asking: plans, the family's word, who was heard.

Where nobody has said, the answer is unknown, and a rule that raises on yes speaks as assumed: write one only
where that is meant for every child of whom nobody has said it. What the records show of earlier times counts
as far as it is known, like repeats: nothing found is no.
"""

from typing import Annotated, Literal

from pydantic import Field

from services.triage.policy.clauses import Answer, Clause, yes_if, yes_if_told
from services.triage.policy.facts import PLAN_ORDER, Evidence, FamilyConsent, Plan
from shared.schemas.words import Sector


class LookedAfter(Clause):
    """A council looks after the child."""

    looked_after: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if_told(evidence.looked_after)


class PlanAtLeast(Clause):
    """The child is on this plan or on one that goes further."""

    plan_at_least: Literal["early_help", "child_in_need", "child_protection"]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        if evidence.plan is None:
            return Answer.UNKNOWN
        return yes_if(PLAN_ORDER[evidence.plan] >= PLAN_ORDER[Plan(self.plan_at_least)])


class PrivateFostering(Clause):
    """The child lives with somebody who is not a close relative, by the family's own arrangement."""

    private_fostering: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if_told(evidence.private_fostering)


class HasAllocatedWorker(Clause):
    """A social worker has the child already."""

    allocated_worker: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if_told(evidence.allocated_worker)


class PreviousPlan(Clause):
    """The child is known to have been on a plan that ended. Where none is known of, the answer is no."""

    previous_plan: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(evidence.previous_plan is True)


class ReturnsAtLeast(Clause):
    """The child was passed on or closed, and came back, so often in twelve months. Nothing counted is no."""

    returns_12m_at_least: Annotated[int, Field(ge=1, le=50)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(evidence.returns_12m >= self.returns_12m_at_least)


class HotSpot(Clause):
    """The child lives or learns where others were drawn in lately. Where no place is known, it is no."""

    hot_spot: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(evidence.hot_spot is True)


class ConsentRefused(Clause):
    """The family was asked and said no."""

    consent_refused: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        if evidence.consent is None:
            return Answer.UNKNOWN
        return yes_if(evidence.consent is FamilyConsent.REFUSED)


class NotSeen(Clause):
    """Nobody has seen the child about this."""

    not_seen: Literal[True]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if_told(None if evidence.child_seen is None else not evidence.child_seen)


class NotHeardAny(Clause):
    """One of these sectors has not said what it knows. For calling a discussion only: an answer ends it."""

    not_heard_any: Annotated[tuple[Sector, ...], Field(min_length=1)]

    def answer(self, evidence: Evidence) -> Answer:
        """Return how the evidence stands to it."""
        return yes_if(not evidence.silent.keys().isdisjoint(self.not_heard_any))
