"""Open a case for a referral: its children apart, the agencies asked, a first recommendation."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions import LEDGER
from services.triage.actions.contacts.adding_children import contact_values, join_child
from services.triage.models import MAILBOX, Case, Contact
from services.triage.settings import Settings
from services.triage.store import cases
from shared.platform.audit import system
from shared.platform.outbox import announcement
from shared.schemas.events import CaseOpened
from shared.schemas.ids import CaseId, new_id
from shared.schemas.progress import ReferralDocument
from shared.schemas.words import Rag


async def open_case(
    tx: AsyncSession, referral: ReferralDocument, *, now: datetime, settings: Settings
) -> CaseId | None:
    """Open a case for a referral, once.

    It begins with a case of its own; a person may join it to another, see `joining`.

    Returns:
        The case, or None if the referral has one already.
    """
    if await cases.is_considered(tx, referral.referral_id):
        return None
    case = Case(
        case_id=CaseId(new_id()),
        version=1,
        opened_at=now,
        received_at=referral.received_at,
        is_open=True,
        urgency=rules.URGENCY[Rag.GREEN],
        decide_by=rules.decide_by(referral.received_at, Rag.GREEN, settings.times),
    )
    # Held here while its children join: the session forgets what nobody holds, and would ask for it again.
    contact = _contact(case, referral)
    tx.add_all([case, contact])
    await tx.flush()
    for place in range(len(referral.children)):
        await join_child(tx, case, referral, place, now=now, settings=settings)
    await _announce(tx, case, referral, now=now)
    return case.case_id


async def _announce(tx: AsyncSession, case: Case, referral: ReferralDocument, *, now: datetime) -> None:
    children = tuple(child.child_id for child in referral.children)
    subjects = [case.case_id, referral.referral_id, *children]
    entry = LEDGER.entry(system("triage"), "case.opened", at=now, subjects=subjects)
    event = CaseOpened(
        case_id=case.case_id,
        referral_id=referral.referral_id,
        child_ids=children,
        version=case.version,
        occurred_at=now,
    )
    await LEDGER.write(tx, entry, announcement(tx, MAILBOX.outbox, event))


def _contact(case: Case, referral: ReferralDocument) -> Contact:
    return Contact(
        referral_id=referral.referral_id,
        case_id=case.case_id,
        reference=referral.reference,
        agency_id=referral.agency_id,
        received_at=referral.received_at,
        respond_by=referral.respond_by,
        sender_reference=referral.document.sender_reference,
        version=referral.version,
        corrected_at=None,
        **contact_values(referral.document),
    )
