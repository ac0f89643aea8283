"""Queries for cases of several households that belong together."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import Case, CaseRelation, Contact
from shared.problems import NotFound
from shared.schemas.ids import CaseId, RelationId


async def find_case(tx: AsyncSession, case_id: CaseId) -> Case | None:
    """Return a case."""
    return await tx.get(Case, case_id)


async def add_relation(tx: AsyncSession, values: dict[str, Any]) -> bool:
    """Add a relation, and say whether there was none of its kind between the two that stands."""
    added = insert(CaseRelation).values(values).on_conflict_do_nothing().returning(CaseRelation.relation_id)
    return (await tx.scalar(added)) is not None


async def get_relation_to_change(tx: AsyncSession, relation_id: RelationId) -> CaseRelation:
    """Return a relation, held until the transaction ends; raise NotFound if there is none."""
    query = select(CaseRelation).where(CaseRelation.relation_id == relation_id).with_for_update()
    found = (await tx.scalars(query)).first()
    if found is None:
        raise NotFound
    return found


async def page_of_relations(
    tx: AsyncSession, case_id: CaseId, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[CaseRelation]:
    """Return one more than `limit` relations of a case, whichever of the two it is, the oldest first."""
    query = select(CaseRelation).where(
        or_(CaseRelation.one_case_id == case_id, CaseRelation.other_case_id == case_id)
    )
    if after is not None:
        query = query.where(tuple_(CaseRelation.made_at, CaseRelation.relation_id) > after)
    ordered = query.order_by(CaseRelation.made_at, CaseRelation.relation_id)
    return (await tx.scalars(ordered.limit(limit + 1))).all()


async def get_cases(tx: AsyncSession, case_ids: Collection[CaseId]) -> dict[CaseId, Case]:
    """Return these cases by id."""
    return {case.case_id: case for case in await tx.scalars(select(Case).where(Case.case_id.in_(case_ids)))}


async def list_references(tx: AsyncSession, case_ids: Collection[CaseId]) -> list[tuple[CaseId, str]]:
    """Return the references of these cases' contacts, the oldest first."""
    query = select(Contact.case_id, Contact.reference).where(Contact.case_id.in_(case_ids))
    rows = await tx.execute(query.order_by(Contact.received_at, Contact.referral_id))
    return [(case_id, reference) for case_id, reference in rows]
