"""Record on what ground agencies are asked about the people of a case, and ask what waited for one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.agencies.questions import ask_what_waits
from services.triage.actions.decisions.recommending import recommend_anew
from services.triage.evidence.facts import awaits_decision
from services.triage.models import InformationRequest, RecordedBasis
from services.triage.rules import Times
from services.triage.store import cases
from services.triage.views.requests import request_view
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.asking import LawfulBasisForm, LawfulBasisRecorded
from shared.schemas.ids import CaseId, LawfulBasisId, new_id


async def record_basis(
    tx: AsyncSession, case_id: CaseId, form: LawfulBasisForm, decider: Caller, *, now: datetime, times: Times
) -> LawfulBasisRecorded:
    """Keep a ground for every contact of a case; what waited for one goes out at once.

    Raises:
        NotFound: there is no such case.

    Source:
        docs/adr/0031-who-is-asked-and-on-what-ground.md
    """
    case = await cases.get_case_to_change(tx, case_id)
    rows = [
        RecordedBasis(
            basis_id=LawfulBasisId(new_id()),
            referral_id=contact.referral_id,
            basis=form.basis,
            reason=form.reason,
            recorded_by=decider.name,
            recorded_by_id=decider.subject,
            recorded_at=now,
        )
        for contact in await cases.list_contacts(tx, case_id)
    ]
    if not rows:
        # Its contacts have all joined another case: the ground is laid there.
        raise NotFound
    tx.add_all(rows)
    await tx.flush()
    asked: list[InformationRequest] = []
    for child in await cases.list_children(tx, case_id):
        gone_out = await ask_what_waits(tx, child, now=now, times=times) if awaits_decision(child) else ()
        if gone_out:
            await recommend_anew(tx, case, child, now=now, times=times)
        asked += gone_out
    case.version += 1
    subjects: list[UUID] = [case_id, *(row.basis_id for row in rows)]
    subjects += [*dict.fromkeys(row.child_id for row in asked), *(row.request_id for row in asked)]
    facts = {"lawful_basis": form.basis}
    await LEDGER.record(tx, decider, "lawful_basis.recorded", at=now, subjects=subjects, facts=facts)
    return LawfulBasisRecorded(
        basis_id=rows[0].basis_id,
        case_id=case_id,
        basis=form.basis,
        reason=form.reason,
        recorded_by=decider.name,
        recorded_at=now,
        version=case.version,
        asked=[request_view(request) for request in asked],
    )
