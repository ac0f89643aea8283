"""Findings about what the sender knows of social care's part in a child's life."""

from collections.abc import Iterator

from services.intake.findings.saying import Moment, Said, say
from shared.codes import LOCAL_AUTHORITIES, PLAN_KINDS
from shared.schemas.children import KnownStatus
from shared.schemas.progress import Finding

_HAS_A_WORKER = frozenset({"child_in_need", "child_protection"})


def standing(form: Said, _moment: Moment) -> Iterator[Finding]:
    """Yield codes that are not known, and what does not go together."""
    for place, child in enumerate(form.children):
        if child.status is not None:
            yield from _codes(f"children/{place}/status", child.status)
            yield from _worker(f"children/{place}/status", child.status)


def _codes(at: str, status: KnownStatus) -> Iterator[Finding]:
    if status.plan is not None and status.plan not in PLAN_KINDS:
        yield say(f"{at}/plan", "code_not_known", "Not one of the plans on the hub's list.")
    authority = status.placing_authority
    if authority is not None and authority not in LOCAL_AUTHORITIES:
        yield say(f"{at}/placing_authority", "code_not_known", "Not the three-digit number of a council.")
    if authority is not None and status.looked_after is not True:
        yield say(
            f"{at}/looked_after", "status_unclear", "Another council placed this child: is the child in care?"
        )


def _worker(at: str, status: KnownStatus) -> Iterator[Finding]:
    worker = status.allocated_worker
    expected = status.looked_after is True or status.plan in _HAS_A_WORKER
    if worker is None:
        if expected:
            yield say(
                f"{at}/allocated_worker", "worker_missing", "Who is the social worker? They are told at once."
            )
        return
    if not (worker.name or worker.team):
        yield say(f"{at}/allocated_worker", "worker_not_named", "Give the worker's name or team.")
    if status.plan == "none" and not status.looked_after:
        yield say(f"{at}/plan", "status_unclear", "A worker but no plan: is there one, or has it ended?")
