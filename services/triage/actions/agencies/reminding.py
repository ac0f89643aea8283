"""Remind agencies of what they have not answered, each once at its time."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.evidence.reminders import MOST_REMINDERS, REMIND_AGAIN_AFTER, reminders_due
from services.triage.models import MAILBOX, InformationRequest
from services.triage.store import requests
from shared.platform.audit import system
from shared.platform.outbox import publish
from shared.schemas.events import AgencyReminded

_AT_ONCE = 200


async def remind_due(tx: AsyncSession, *, now: datetime) -> int:
    """Remind of every question whose time has come, as many as one transaction should; return how many.

    Run it again while it returns more than none. Several schedulers may run it at once.
    """
    claimed = await requests.claim_to_remind(
        tx, now, most=MOST_REMINDERS, again_after=REMIND_AGAIN_AFTER, limit=_AT_ONCE
    )
    due = reminders_due(claimed, now)
    for request in due:
        await remind(tx, request, now=now)
    return len(due)


async def remind(tx: AsyncSession, request: InformationRequest, *, now: datetime) -> None:
    """Note that an agency is reminded: its list says so from now on, and it is told.

    The version of the case stays: nothing that a decider has read is changed by it.
    """
    request.reminded_at, request.reminders = now, request.reminders + 1
    subjects = [request.request_id, request.case_id, request.child_id]
    facts = {"reminders": request.reminders}
    await LEDGER.record(tx, system("triage"), "information.reminded", at=now, subjects=subjects, facts=facts)
    event = AgencyReminded(
        case_id=request.case_id,
        child_id=request.child_id,
        request_id=request.request_id,
        agency_id=request.agency_id,
        occurred_at=now,
    )
    await publish(tx, MAILBOX.outbox, event)
