"""What a decider is shown beside a case: the grounds for asking, and refusals that call for another look."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.evidence.consent import refused_here, reviews_under_section_17
from services.triage.evidence.earlier import who_says
from services.triage.store import requests
from services.triage.store.cases import WholeCase
from services.triage.views.asking import basis_views
from shared.schemas.cases import CaseChildView, CaseView
from shared.schemas.earlier import EarlierPlanSource
from shared.schemas.ids import ChildId, ReferralId


async def for_deciders(tx: AsyncSession, whole: WholeCase, view: CaseView) -> dict[str, Any]:
    """Return what the view of a case has for deciders alone."""
    refused = await _refused(tx, whole)
    recorded = await requests.list_bases(tx, whole.case.case_id)
    return {
        "children": [_with_refusals(child, refused, _who_says(whole, child)) for child in view.children],
        "lawful_bases": basis_views(recorded),
    }


def _who_says(whole: WholeCase, child: CaseChildView) -> list[EarlierPlanSource]:
    """Return who says that a child was on a plan before, by all contacts about it."""
    first = child.same_child_as or child.child_id
    group = [one for one in whole.children if first in {one.child_id, one.same_child_as}]
    ids = {one.child_id for one in group}
    return who_says(group, [request for request in whole.requests if request.child_id in ids])


def _with_refusals(
    child: CaseChildView,
    refused: Mapping[ChildId, set[ReferralId]],
    earlier: Sequence[EarlierPlanSource],
) -> CaseChildView:
    refusals = len(refused[child.child_id])
    level = child.recommendation.level if child.recommendation else None
    told = {"refusals": refusals, "section_17_review": reviews_under_section_17(refusals, level)}
    asking = child.asking.model_copy(update=told)
    return child.model_copy(update={"asking": asking, "earlier_plan_said_by": earlier})


async def _refused(tx: AsyncSession, whole: WholeCase) -> dict[ChildId, set[ReferralId]]:
    """Return the contacts about each child for which the family refused, in this case and in others."""
    found = refused_here(whole.children, whole.contacts)
    confirmed = {child.confirmed_as for child in whole.children if child.confirmed_as is not None}
    elsewhere = await requests.list_refused(tx, confirmed)
    for child in whole.children:
        found[child.child_id] |= {contact for record, contact in elsewhere if record == child.confirmed_as}
    return found
