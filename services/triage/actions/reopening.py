"""Bring a decided child back to the work list: its decision stands until a person replaces it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions.adding_children import decision_timer
from services.triage.models import CaseChild
from services.triage.rules import Times
from services.triage.store import cases
from shared.schemas.words import ChildState, Rag


async def reopen(tx: AsyncSession, child: CaseChild, since: datetime, times: Times) -> bool:
    """Let a person look again at a child that is decided, with a clock from `since`; say whether it was.

    One that waits for a second look already keeps the clock that it has.
    """
    if child.state != ChildState.DECIDED or child.changed_at is not None or child.decision_id is None:
        return False
    decision = await cases.find_decision(tx, child.decision_id)
    child.changed_at = child.clock_from = since
    child.rag = decision.rag if decision else child.rag
    child.decide_by = rules.decide_by(since, Rag(child.rag), times)
    tx.add(decision_timer(child))
    return True
