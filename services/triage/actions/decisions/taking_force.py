"""Put a decision in force for a child, and announce it to all who must be answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions import LEDGER
from services.triage.actions.clock.reviewing import end_with_hub_part
from services.triage.actions.clock.targeting import end_targets
from services.triage.actions.clock.timing import meet
from services.triage.actions.decisions.moving_on import follow_decision
from services.triage.actions.decisions.recommending import refresh
from services.triage.evidence.history import CLOSING
from services.triage.models import MAILBOX, Case, CaseChild, Decision
from services.triage.rules import Times
from shared.platform.auth import Caller
from shared.platform.outbox import announcement
from shared.schemas.events import ChildDecided
from shared.schemas.timers import TargetPurpose, TimerKind
from shared.schemas.words import ChildState


class Taken(NamedTuple):
    """A decision that came into force, and the row of the child that it stands for."""

    child: CaseChild
    decision: Decision


async def put_in_force(tx: AsyncSession, taken: Taken, *, now: datetime, times: Times) -> None:
    """Let a stored decision stand for a child: it replaces what stood, and the child waits no more.

    Whoever it is handed over to has a clock from now on.
    """
    child = taken.child
    child.state = rules.step(ChildState(child.state), ChildState.DECIDED)
    child.decision_id = taken.decision.decision_id
    child.changed_at = child.reopened_because = None
    await meet(tx, child, [TimerKind.DECISION], now=now)
    await end_targets(tx, [child.child_id], TargetPurpose.DECISION, now=now)
    await follow_decision(tx, child, taken.decision, now=now, times=times)


async def move_on(
    tx: AsyncSession, case: Case, taken: Sequence[Taken], who: Caller, *, now: datetime
) -> None:
    """Bring a held case to its next version, and announce what came into force.

    Where several referrals are about a child, each is announced for its own alone: every sender has its own
    answer about the child that it named.
    """
    await tx.flush()
    ended = [child.child_id for child, decision in taken if decision.pathway in CLOSING]
    if ended:
        await end_with_hub_part(tx, case, ended, now=now)
    await refresh(tx, case)
    case.version += 1
    for child, decision in taken:
        subjects = [case.case_id, child.child_id, decision.decision_id]
        facts = {"standing": decision.standing}
        entry = LEDGER.entry(who, "child.decided", at=now, subjects=subjects, facts=facts)
        event = ChildDecided(
            case_id=case.case_id,
            child_id=child.child_id,
            referral_ids=(child.referral_id,),
            decision_id=decision.decision_id,
            version=case.version,
            occurred_at=now,
        )
        await LEDGER.write(tx, entry, announcement(tx, MAILBOX.outbox, event))
