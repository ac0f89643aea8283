"""After deciding: whoever takes a child on says so, and one hand-over is left for the pages to show."""

from uuid import UUID

from deploy.local.journey.company import Company, Considered
from deploy.local.journey.story import accepted_by
from deploy.local.journey.trail import Trail
from shared.clock import london_words
from shared.schemas.timers import CaseTimers, TimerKind, TimerView


async def hand_over_all(company: Company, trail: Trail, cases: list[Considered]) -> None:
    """Record who accepted each child; of whom the story names nobody stays with the hub, and falls late."""
    trail.chapter("Who takes the children on says so")
    for case in cases:
        for clock in await _running(company, case):
            name = case.referred.name_of(clock.child_id)
            by = accepted_by(name)
            if by is None:
                trail.tell(
                    "Nobody",
                    f"has taken {name} on yet: a manager of the hub answers for it. It is due by"
                    f" {london_words(clock.due_at)}, stands under what is due, and is asked about when late.",
                )
                continue
            path = f"/v1/cases/{case.case_id}/children/{clock.child_id}/onward-steps"
            said = {"step": "handover_accepted", "done_by": by}
            await company.decider.call("POST", "triage", path, json=said)
            trail.tell(by, f"takes {name} on, and {company.decider.name} writes it down.")


async def _running(company: Company, case: Considered) -> list[TimerView]:
    """Return the hand-overs of the children of a contact that nobody has accepted."""
    answer = await company.decider.call("GET", "triage", f"/v1/cases/{case.case_id}/timers")
    own: set[UUID] = {child.child_id for child in case.referred.accepted.children}
    return [
        one
        for one in CaseTimers.model_validate_json(answer.content).timers
        if one.kind is TimerKind.HANDOVER and one.met_at is None and one.child_id in own
    ]
