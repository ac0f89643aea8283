"""Queries for joins: two cases held at once, a referral moved with all that belongs to it, cases beside."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Table as FromTable
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.errors import MovedMeanwhile
from services.triage.models import Case, CaseChild, CaseJoin, Contact, Oversight, Table, Timer
from shared.problems import NotFound
from shared.schemas.ids import CaseId, ChildId, JoinId, ReferralId


def _of_a_child() -> tuple[FromTable, ...]:
    """Return the tables whose rows belong to a child and name the case that it is considered in.

    Worked out from the models, so that a new one goes along by itself.
    """
    every = Table.metadata.sorted_tables
    return tuple(one for one in every if one.name != CaseChild.__tablename__ and _names_both(one))


def _names_both(table: FromTable) -> bool:
    named = {key.parent.name: key.column.table.name for key in table.foreign_keys}
    return named.get("case_id") == Case.__tablename__ and named.get("child_id") == CaseChild.__tablename__


#: What belongs to a child, each with the case that it is considered in.
OF_A_CHILD: Final = _of_a_child()


class Both(NamedTuple):
    """A referral, the case it is in and another one, all held until the transaction ends."""

    contact: Contact
    its: Case
    other: Case


async def hold_both(tx: AsyncSession, referral_id: ReferralId, other_id: CaseId) -> Both:
    """Return a referral with its case and another case, which may be the same.

    Both are held in one order, so that two joins of the same cases wait for each other and never in a ring.

    Raises:
        NotFound: there is no such case, or no such referral in any.
        MovedMeanwhile: the referral was moved while this waited.
    """
    contact = await tx.get(Contact, referral_id)
    if contact is None:
        raise NotFound
    query = select(Case).where(Case.case_id.in_({contact.case_id, other_id})).order_by(Case.case_id)
    query = query.with_for_update().execution_options(populate_existing=True)
    held = {case.case_id: case for case in await tx.scalars(query)}
    if other_id not in held:
        raise NotFound
    await tx.refresh(contact)
    if contact.case_id not in held:
        raise MovedMeanwhile
    return Both(contact, held[contact.case_id], held[other_id])


async def find_join(tx: AsyncSession, join_id: JoinId) -> CaseJoin | None:
    """Return a join as it stands now."""
    return await tx.get(CaseJoin, join_id, populate_existing=True)


async def move(tx: AsyncSession, contact: Contact, to: CaseId) -> Sequence[ChildId]:
    """Move a referral of a held case to another held one, with its children and all that belongs to them.

    Returns:
        Its children.
    """
    came_from, contact.case_id = contact.case_id, to
    await tx.flush()
    mine = CaseChild.referral_id == contact.referral_id
    children = (await tx.scalars(select(CaseChild.child_id).where(mine))).all()
    await tx.execute(update(CaseChild).where(mine).values(case_id=to))
    await _leave_reviews(tx, children, contact.referral_id, came_from)
    for table in OF_A_CHILD:
        await tx.execute(update(table).where(table.c.child_id.in_(children)).values(case_id=to))
    return children


async def _leave_reviews(
    tx: AsyncSession, going: Sequence[ChildId], referral_id: ReferralId, came_from: CaseId
) -> None:
    """Let the review of a whole case stand under another name, where the child that it stood under goes."""
    stays = (CaseChild.case_id == came_from, CaseChild.referral_id != referral_id)
    first = await tx.scalar(select(CaseChild.child_id).where(*stays).order_by(CaseChild.child_id).limit(1))
    if first is None:
        return
    written_there = (Oversight.child_id.is_(None), Oversight.case_id == came_from)
    of_all = select(Oversight.oversight_id).where(*written_there)
    whole = update(Timer).where(Timer.child_id.in_(going), Timer.oversight_id.in_(of_all))
    await tx.execute(whole.where(Timer.met_at.is_(None), Timer.breached_at.is_(None)).values(child_id=first))


async def list_cases_of(tx: AsyncSession, referral_ids: Collection[ReferralId]) -> Sequence[CaseId]:
    """Return the cases that these referrals are considered in, each once, oldest first."""
    query = select(Contact.case_id).where(Contact.referral_id.in_(referral_ids)).distinct()
    return (await tx.scalars(query.order_by(Contact.case_id))).all()
