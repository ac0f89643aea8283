"""Set how deep the hub goes for a child, and show how that came about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.errors import CaseChanged
from services.triage.errors.deciding import DepthReasonRequired, ManagerNeeded
from services.triage.models import Case, CaseChild, DepthChange
from services.triage.store import cases, decisions
from services.triage.store.cases import ChildPlace
from shared.platform.auth import Caller
from shared.schemas.depth import DepthChange as DepthChangeView
from shared.schemas.depth import DepthForm, DepthView
from shared.schemas.ids import DepthChangeId, new_id
from shared.schemas.words import Role
from shared.schemas.words_deciding import Depth


async def set_depth(
    tx: AsyncSession, place: ChildPlace, form: DepthForm, setter: Caller, *, version: int, now: datetime
) -> DepthView:
    """Set how deep the hub goes for a child, under every referral about it. The same again writes nothing.

    Raises:
        NotFound: no such child in such a case.
        MovedMeanwhile: it was moved to another case while this waited.
        ManagerNeeded: straight to its worker, and the setter is no manager.
        DepthReasonRequired: less than the full process, without a reason.
        CaseChanged: someone changed the case since it was read.
    """
    case, child = await cases.hold_child(tx, place)
    if form.depth is Depth.STRAIGHT and Role.MANAGER not in setter.roles:
        raise ManagerNeeded
    if form.depth is not Depth.FULL and form.reason is None:
        raise DepthReasonRequired
    if version != case.version:
        raise CaseChanged
    before = await decisions.list_depth_changes(tx, child.child_id)
    if _is_same(child, before, form):
        return _view(case, child, before)
    group = await cases.list_group(tx, child)
    for one in group:
        _change(tx, one, form, setter, now=now)
    case.version += 1
    await tx.flush()
    subjects = [case.case_id, *(one.child_id for one in group)]
    facts = {"depth": form.depth}
    await LEDGER.record(tx, setter, "child.depth_set", at=now, subjects=subjects, facts=facts)
    return _view(case, child, await decisions.list_depth_changes(tx, child.child_id))


def _is_same(child: CaseChild, before: Sequence[DepthChange], form: DepthForm) -> bool:
    reason = before[-1].reason if before else None
    return (child.depth, reason) == (form.depth, form.reason)


def _change(tx: AsyncSession, child: CaseChild, form: DepthForm, setter: Caller, *, now: datetime) -> None:
    child.depth = form.depth
    change = DepthChange(
        change_id=DepthChangeId(new_id()),
        case_id=child.case_id,
        child_id=child.child_id,
        depth=form.depth,
        reason=form.reason,
        changed_by=setter.name,
        changed_by_id=setter.subject,
        changed_at=now,
    )
    tx.add(change)


async def read_depth(tx: AsyncSession, place: ChildPlace, reader: Caller, *, now: datetime) -> DepthView:
    """Return how deep the hub goes for a child, and every change of it.

    Raises:
        NotFound: no such child in such a case.
    """
    stands = await cases.find_place(tx, place)
    case = await tx.get_one(Case, stands.case_id)
    child = await tx.get_one(CaseChild, stands.child_id)
    subjects = [case.case_id, child.child_id]
    await LEDGER.record(tx, reader, "child.depth_read", at=now, subjects=subjects)
    return _view(case, child, await decisions.list_depth_changes(tx, child.child_id))


def _view(case: Case, child: CaseChild, changes: Sequence[DepthChange]) -> DepthView:
    return DepthView(
        case_id=case.case_id,
        child_id=child.child_id,
        depth=Depth(child.depth),
        version=case.version,
        history=[DepthChangeView.model_validate(one, from_attributes=True) for one in changes],
    )
