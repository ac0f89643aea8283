"""Queries for who holds a case, who has it open, and drafts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case as when
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import (
    Allocation,
    Case,
    CaseChild,
    Discussion,
    Draft,
    InformationRequest,
    Lease,
)
from shared.schemas.ids import CaseId, ChildId, DiscussionId, RequestId, StaffId


async def find_case(tx: AsyncSession, case_id: CaseId) -> Case | None:
    """Return a case."""
    return await tx.get(Case, case_id)


async def find_child(tx: AsyncSession, child_id: ChildId) -> CaseChild | None:
    """Return a child of any case."""
    return await tx.get(CaseChild, child_id)


async def find_request(tx: AsyncSession, request_id: RequestId) -> InformationRequest | None:
    """Return a question to an agency."""
    return await tx.get(InformationRequest, request_id)


async def find_discussion(tx: AsyncSession, discussion_id: DiscussionId) -> Discussion | None:
    """Return a discussion of any case."""
    return await tx.get(Discussion, discussion_id)


async def list_standing(tx: AsyncSession, case_ids: Collection[CaseId]) -> dict[CaseId, Allocation]:
    """Return who holds each of these cases now; a case that nobody ever held is left out."""
    query = select(Allocation).where(Allocation.case_id.in_(case_ids), Allocation.ended_at.is_(None))
    return {held.case_id: held for held in await tx.scalars(query)}


async def list_allocations(tx: AsyncSession, case_id: CaseId) -> Sequence[Allocation]:
    """Return every allocation of a case, the newest first."""
    query = select(Allocation).where(Allocation.case_id == case_id)
    return (
        await tx.scalars(query.order_by(Allocation.made_at.desc(), Allocation.allocation_id.desc()))
    ).all()


async def list_leases(tx: AsyncSession, case_ids: Collection[CaseId], *, now: datetime) -> Sequence[Lease]:
    """Return who has any of these cases open, the longest first."""
    query = select(Lease).where(Lease.case_id.in_(case_ids), Lease.expires_at > now)
    return (await tx.scalars(query.order_by(Lease.opened_at, Lease.staff_id))).all()


async def take_lease(tx: AsyncSession, lease: dict[str, Any]) -> None:
    """Begin a lease, or renew it: one that had run out begins anew."""
    row = insert(Lease).values(lease)
    lasts = Lease.expires_at > row.excluded.opened_at
    renewed = {
        "opened_at": when((lasts, Lease.opened_at), else_=row.excluded.opened_at),
        "expires_at": row.excluded.expires_at,
        "staff_name": row.excluded.staff_name,
    }
    await tx.execute(row.on_conflict_do_update(index_elements=["case_id", "staff_id"], set_=renewed))


async def end_lease(tx: AsyncSession, case_id: CaseId, staff_id: StaffId) -> None:
    """End somebody's own lease, if there is one."""
    await tx.execute(delete(Lease).where(Lease.case_id == case_id, Lease.staff_id == staff_id))


async def forget_leases(tx: AsyncSession, case_id: CaseId, *, now: datetime) -> None:
    """Delete a case's leases that have run out."""
    await tx.execute(delete(Lease).where(Lease.case_id == case_id, Lease.expires_at <= now))


async def find_draft(
    tx: AsyncSession, staff_id: StaffId, form: str, subject_id: UUID, *, now: datetime
) -> Draft | None:
    """Return somebody's own draft, while it is kept."""
    query = select(Draft).where(
        Draft.staff_id == staff_id,
        Draft.form == form,
        Draft.subject_id == subject_id,
        Draft.expires_at > now,
    )
    return (await tx.scalars(query.execution_options(populate_existing=True))).first()


async def keep_draft(tx: AsyncSession, draft: dict[str, Any]) -> None:
    """Keep a draft in the place of an earlier one of the same form."""
    row = insert(Draft).values(draft)
    newer = {name: row.excluded[name] for name in ("fields", "saved_at", "expires_at")}
    keys = ["staff_id", "form", "subject_id"]
    await tx.execute(row.on_conflict_do_update(index_elements=keys, set_=newer))


async def forget_draft(tx: AsyncSession, staff_id: StaffId, form: str, subject_id: UUID) -> bool:
    """Delete somebody's own draft, and return whether there was one."""
    mine = (Draft.staff_id == staff_id, Draft.form == form, Draft.subject_id == subject_id)
    gone = await tx.scalars(delete(Draft).where(*mine).returning(Draft.form))
    return gone.first() is not None


async def forget_drafts(tx: AsyncSession, *, now: datetime) -> None:
    """Delete drafts that nobody came back to in time."""
    await tx.execute(delete(Draft).where(Draft.expires_at <= now))
