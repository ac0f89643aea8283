"""Queries for cases of several households that belong together."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import Case, CaseJoin, CaseRelation, Contact
from shared.problems import NotFound
from shared.schemas.ids import CaseId, RelationId

_LEFT_NOTHING = (
    CaseJoin.undone_at.is_(None),
    ~exists().where(Contact.case_id == CaseJoin.from_case_id),
)


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


async def list_with_emptied(tx: AsyncSession, case_id: CaseId) -> set[CaseId]:
    """Return a case and those whose last referral joined it: what was related to them is related to it."""
    found, newest = set[CaseId](), {case_id}
    while newest:
        found |= newest
        came = select(CaseJoin.from_case_id).where(CaseJoin.case_id.in_(newest), *_LEFT_NOTHING)
        newest = set(await tx.scalars(came)) - found
    return found


async def find_where_now(tx: AsyncSession, case_id: CaseId) -> CaseId:
    """Return the case that the last referral of a case went to; the case itself while any is left in it."""
    went = select(CaseJoin.case_id).where(CaseJoin.from_case_id == case_id, *_LEFT_NOTHING)
    to = await tx.scalar(went.order_by(CaseJoin.joined_at.desc()).limit(1))
    return case_id if to is None else await find_where_now(tx, to)


async def page_of_relations(
    tx: AsyncSession, case_ids: Collection[CaseId], *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[CaseRelation]:
    """Return one more than `limit` relations of these cases, whichever of the two each is, oldest first."""
    query = select(CaseRelation).where(
        or_(CaseRelation.one_case_id.in_(case_ids), CaseRelation.other_case_id.in_(case_ids))
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
