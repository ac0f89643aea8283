"""Whether a child was on a plan or in care before: who says so, and what of it a reader may know; pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.triage.models import CaseChild, InformationRequest
from services.triage.policy.facts import ChildFacts
from services.triage.sight import Sight
from shared.schemas.chronology import HistorySourceView
from shared.schemas.earlier import EarlierPlanSource, WhoSaysEarlier
from shared.schemas.words import Handling


def was_on_a_plan(child: CaseChild, asked: Iterable[InformationRequest]) -> bool | None:
    """Return whether there was a plan or time in care before, by everybody who has said anything of it.

    A single yes counts, whatever others say. No is only said where an agency knows of all of it: the
    council's case system answers for plans alone. What was not searched says nothing.
    """
    if child.earlier_plan or (child.council_said or {}).get("previous_plan"):
        return True
    return _told(request.earlier for request in asked)


def known_to(sight: Sight, asked: Iterable[InformationRequest]) -> bool | None:
    """Return the same from those answers alone that a reader may read: what else is known is not shown."""
    return _told(
        request.earlier
        for request in asked
        if sight.reads_answer(request.agency_id, Handling(request.handling) if request.handling else None)
    )


def _told(answers: Iterable[Mapping[str, bool | None] | None]) -> bool | None:
    told = [set(answer.values()) for answer in answers if answer]
    if any(True in said for said in told):
        return True
    return False if any(said == {False} for said in told) else None


def who_says(group: Iterable[CaseChild], asked: Iterable[InformationRequest]) -> list[EarlierPlanSource]:
    """Return who says that there was one, for those who decide; nobody is an empty list, and never no."""
    found: list[EarlierPlanSource] = []
    for child in group:
        said = child.council_said or {}
        if said.get("previous_plan"):
            as_of = datetime.fromisoformat(said["as_of"])
            found.append(EarlierPlanSource(who=WhoSaysEarlier.COUNCIL_CASE_SYSTEM, as_of=as_of))
        if child.earlier_plan:
            found.append(EarlierPlanSource(who=WhoSaysEarlier.DECISION))
    for request in asked:
        if request.earlier and True in request.earlier.values():
            own = {"agency_id": request.agency_id, "as_of": request.answered_at}
            found.append(EarlierPlanSource(who=WhoSaysEarlier.AGENCY, **own))
    return list({(one.who, one.agency_id): one for one in found}.values())


def council_word(
    sources: Sequence[HistorySourceView], before: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return what the council's case system says of plans and care, to be kept; None where it says nothing.

    Args:
        before: what is kept already: what it does not say this time stays as it was.
    """
    for source in sources:
        if not (source.searched and source.status and source.as_of):
            continue
        status = source.status
        said = {
            "previous_plan": status.previous_plan,
            "looked_after": status.looked_after,
            "child_protection_plan": status.child_protection_plan,
            "child_in_need_plan": status.child_in_need_plan,
            "allocated_worker": True if status.allocated_worker else None,
        }
        if any(value is not None for value in said.values()):
            new = {name: value for name, value in said.items() if value is not None}
            return {**(before or {}), **new, "as_of": source.as_of.isoformat()}
    return None


def as_if_told(facts: ChildFacts, earlier: bool | None) -> ChildFacts:
    """Return facts as they would be if no more than this were known of earlier plans, and nothing by the
    council's case system: what that answers is shown to no agency.
    """
    apart = tuple(as_if_told(part, earlier) for part in facts.apart)
    return facts.model_copy(update={"previous_plan": earlier, "council": None, "apart": apart})
