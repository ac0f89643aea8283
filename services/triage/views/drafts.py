"""Put what the policy makes of a draft into words for whoever is writing it."""

from datetime import datetime

from services.triage.evidence.facts import facts_of_draft
from services.triage.evidence.said import Whole
from services.triage.policy.document import PolicyDocument
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from shared.codes import NOT_CODED
from shared.schemas.checks import ChildEvaluation, Evaluation
from shared.schemas.children import ReferredChild

_NO_CONCERN = "What happened, or what you fear."
_NOT_CODED = "Which of the hub's signs of concern you saw: a concern names none, so a person reads it first."
_NOT_ON_THE_LIST = "Which of the hub's signs of concern you saw: a code you used is not on its list."
_NO_AGE = "The date of birth, or the expected one: until then the youngest age is assumed."
_NO_GRADE = "Your own agency's level of concern for this child, 0 to 5, and why."


def evaluation_of(policy: PolicyDocument, draft: Whole, *, now: datetime) -> Evaluation:
    """Return what `policy` says of each child of a draft; of one unnamed child where it names none."""
    children: tuple[ReferredChild | None, ...] = draft.children or (None,)
    return Evaluation(
        policy_version=policy.version,
        children=[_of_child(policy, draft, place, child, now=now) for place, child in enumerate(children)],
    )


def _of_child(
    policy: PolicyDocument, draft: Whole, place: int, child: ReferredChild | None, *, now: datetime
) -> ChildEvaluation:
    facts = facts_of_draft(draft, child, now=now)
    recommended = recommend(policy, facts).view()
    return ChildEvaluation(
        place=place,
        sender_child_reference=child.sender_child_reference if child else None,
        level=recommended.level,
        pathway=recommended.pathway,
        rag=recommended.rag,
        rules=recommended.fired,
        missing=_missing(facts),
    )


def _missing(facts: ChildFacts) -> list[str]:
    """Return what the sender could add that rules read. Other agencies are not asked for a draft."""
    unknown = set(facts.unknown_indicators)
    lacking = {
        _NO_CONCERN: not facts.indicators and not unknown,
        _NOT_CODED: NOT_CODED in unknown,
        _NOT_ON_THE_LIST: bool(unknown - {NOT_CODED}),
        _NO_AGE: facts.age_years is None and not facts.unborn,
        _NO_GRADE: facts.sender_grade is None,
    }
    return [words for words, is_lacking in lacking.items() if is_lacking]
