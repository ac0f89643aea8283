"""The reasons for a recommendation as an agency reads them: nothing gives away an answer kept from it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions.decisions.recommending import policy_of
from services.triage.evidence.earlier import as_if_told, known_to
from services.triage.models import Decision, InformationRequest, Recommendation
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from services.triage.sight import Sight
from services.triage.store.cases import WholeCase
from shared.platform.json import dump
from shared.schemas.cases import CaseChildView, CaseView
from shared.schemas.decisions import DecisionView
from shared.schemas.ids import ChildId
from shared.schemas.policy import RecommendationView, RouteCondition
from shared.schemas.words_deciding import SecondLook

_OPEN: Final = "open_to_social_care"
_ANSWER: Final = ("level", "pathway", "rag", "discussion")


async def without_what_is_kept_back(
    tx: AsyncSession, whole: WholeCase, view: CaseView, sight: Sight
) -> CaseView:
    """Return a case with each recommendation explained by what the reader may know of earlier plans.

    The answer itself stays, as it stays for a restricted record: it counts in full, and why is not said.

    Source:
        docs/adr/0042-asking-is-told.md
    """
    earlier = {
        child.child_id: known_to(sight, _asked_about(whole, child.child_id)) for child in view.children
    }
    explained: dict[UUID, RecommendationView] = {}
    for row in whole.recommendations.values():
        if row.child_id in earlier:
            explained[row.recommendation_id] = await _explain(tx, row, earlier[row.child_id])
    children = [
        child
        if child.recommendation is None
        else child.model_copy(update=_reasons(whole, child, explained, earlier[child.child_id]))
        for child in view.children
    ]
    return view.model_copy(update={"children": children})


def _asked_about(whole: WholeCase, child_id: ChildId) -> list[InformationRequest]:
    one = {child.child_id: child.same_child_as or child.child_id for child in whole.children}
    return [request for request in whole.requests if one[request.child_id] == one[child_id]]


async def _explain(tx: AsyncSession, row: Recommendation, earlier: bool | None) -> RecommendationView:
    stored, facts = (
        RecommendationView.model_validate(row.view),
        ChildFacts.model_validate_json(dump(row.facts)),
    )
    if facts.previous_plan == earlier and facts.council is None:
        return stored
    told = recommend(await policy_of(tx, row.policy_version), as_if_told(facts, earlier)).view()
    is_same = all(getattr(told, name) == getattr(stored, name) for name in _ANSWER)
    kept = {
        "fired": told.fired,
        "missing": told.missing,
        "conditions": _conditions(stored, told),
        "single_fact": told.single_fact if is_same else None,
    }
    return stored.model_copy(update=kept)


def _conditions(stored: RecommendationView, told: RecommendationView) -> list[RouteCondition]:
    """Return the conditions of the answer; how the child stands only as others than the council say it."""
    others = [one for one in stored.conditions if one.code != _OPEN]
    return others + [one for one in told.conditions if one.code == _OPEN]


def _reasons(
    whole: WholeCase,
    child: CaseChildView,
    explained: Mapping[UUID, RecommendationView],
    earlier: bool | None,
) -> dict[str, Any]:
    row = next(one for one in whole.children if one.child_id == child.child_id)
    made = {one.decision_id: one for one in whole.decisions}
    return {
        "recommendation": explained[row.recommendation_id] if row.recommendation_id else None,
        "decisions": [
            _decision(one, made[one.decision_id], explained, earlier) for one in child.decisions or ()
        ],
    }


def _decision(
    shown: DecisionView,
    made: Decision,
    explained: Mapping[UUID, RecommendationView],
    earlier: bool | None,
) -> DecisionView:
    first = made.first_recommendation_id
    because = [one for one in shown.second_look_because if earlier or one is not SecondLook.PREVIOUS_PLAN]
    update = {
        "recommendation": explained[made.recommendation_id],
        "recommendation_before": explained[first] if first else None,
        "second_look_because": because,
    }
    return shown.model_copy(update=update)
