"""How a child stands with social care and what the family said, as its sender tells it: unknown is not no."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from services.triage.evidence.said import STANDING
from services.triage.policy.facts import PLAN_ORDER, CouncilStanding, FamilyConsent, Plan

#: Said in another place of the form, it is the same worry as the sign of that name.
_FOSTERED: Final = "private_fostering.arrangement"
#: What is kept of how a child stands with the council now, by the names that the policy has for it.
STANDING_WORDS: Final = tuple(name for name in CouncilStanding.model_fields if name != "as_of")
_PLANS: Final = {plan.value: plan for plan in Plan}


def standing(status: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the facts of a child's standing, by the names that the policy has for them.

    A plan by another name than the hub's is not known. That no worker is named does not say that there is
    none: senders seldom know.
    """
    said = status or {}
    return {
        "looked_after": said.get("looked_after"),
        "plan": _PLANS.get(str(said.get("plan"))),
        "private_fostering": said.get("private_fostering"),
        "allocated_worker": True if said.get("allocated_worker") else None,
    }


def with_taken_back(
    status: Mapping[str, Any] | None, taken_back: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return a child's standing as the newest version says it, or an earlier one where that raises more."""
    whole = dict(status or {})
    for entry in taken_back:
        name, said = entry["fact"], entry["said"]
        if name == "plan" and said in _PLANS:
            plans = (said, str(whole.get("plan")))
            whole["plan"] = max(plans, key=lambda one: PLAN_ORDER.get(_PLANS.get(one, Plan.NONE), 0))
        elif name in STANDING and name != "plan":
            whole[name] = True
    return whole


def council_standing(said: Mapping[str, Any] | None) -> CouncilStanding | None:
    """Return how the child stands with the council, as its own case system said when it was asked."""
    told = {name: said.get(name) for name in STANDING_WORDS} if said else {}
    if not said or all(value is None for value in told.values()):
        return None
    return CouncilStanding(**told, as_of=datetime.fromisoformat(said["as_of"]))


def signs_of(status: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the signs of concern that a child's standing amounts to."""
    return (_FOSTERED,) if status and status.get("private_fostering") else ()


def family_consent(said: Mapping[str, Any] | None) -> FamilyConsent | None:
    """Return what the family said. Nobody asked, and no ground given for it, is not known."""
    if said is None:
        return None
    if said.get("given") is not None:
        return FamilyConsent.GIVEN if said["given"] else FamilyConsent.REFUSED
    has_ground = said.get("not_sought_reason") or said.get("lawful_basis")
    return FamilyConsent.NOT_SOUGHT if has_ground and not said.get("sought") else None
