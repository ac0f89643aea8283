"""Queries for cases with all that belongs to them: as few for many cases as for one."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, TypeVarTuple
from uuid import UUID

from sqlalchemy import CollectionAggregate, Select, Uuid, any_, bindparam, exists, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import (
    Case,
    CaseChild,
    CaseJoin,
    Contact,
    Decision,
    Grade,
    InformationRequest,
    Recommendation,
)
from services.triage.store.restricted import IS_SEALED
from shared.schemas.ids import CaseId

Columns = TypeVarTuple("Columns")
Row = TypeVar("Row")
ByCase = Mapping[CaseId, list[Row]]


@dataclass(frozen=True, slots=True)
class Rows:
    """What belongs to some cases, by case, in the order people read it.

    Attributes:
        restricted: those of the cases that are restricted, whoever reads them.
        joins: of referrals to or from any of them, undone ones included, each with the reference that the
            referral is called by; the newest first.
    """

    cases: dict[CaseId, Case]
    restricted: Collection[CaseId]
    contacts: ByCase[Contact]
    children: ByCase[CaseChild]
    requests: ByCase[InformationRequest]
    grades: ByCase[Grade]
    decisions: ByCase[Decision]
    recommendations: dict[UUID, Recommendation]
    joins: Sequence[tuple[CaseJoin, str]]


def in_reading_order(query: Select[*Columns]) -> Select[*Columns]:
    """Return a query for children with their contacts: those first heard of first, then as their sender's."""
    return query.join_from(CaseChild, Contact, Contact.referral_id == CaseChild.referral_id).order_by(
        Contact.received_at, Contact.referral_id, CaseChild.place, CaseChild.child_id
    )


def _any(name: str) -> CollectionAggregate[Any]:
    # A list as one parameter: the statement stays the same however many there are.
    return any_(bindparam(name, type_=ARRAY(Uuid)))


# Made once, not at each call: building a statement is a quarter of what asking it costs. What belongs to a
# child is asked for by child where only that has an index.
_CASES: Final = (
    select(
        Case,
        Contact,
        exists().where(or_(CaseJoin.case_id == Case.case_id, CaseJoin.from_case_id == Case.case_id)),
        IS_SEALED,
    )
    .outerjoin(Contact, Contact.case_id == Case.case_id)
    .where(Case.case_id == _any("case_ids"))
    .order_by(Contact.received_at, Contact.referral_id)
)
_CHILDREN: Final = (
    in_reading_order(
        select(CaseChild, Recommendation, exists().where(Decision.child_id == CaseChild.child_id))
    )
    .outerjoin(Recommendation, Recommendation.recommendation_id == CaseChild.recommendation_id)
    .where(CaseChild.case_id == _any("case_ids"))
)
_REQUESTS: Final = (
    select(InformationRequest)
    .where(InformationRequest.case_id == _any("case_ids"))
    .order_by(InformationRequest.request_id)
)
_GRADES: Final = (
    select(Grade).where(Grade.child_id == _any("child_ids")).order_by(Grade.graded_at, Grade.grade_id)
)
_DECISIONS: Final = (
    select(Decision)
    .where(Decision.child_id == _any("child_ids"))
    .order_by(Decision.decided_at, Decision.decision_id)
)
_RECOMMENDATIONS: Final = select(Recommendation).where(Recommendation.recommendation_id == _any("ids"))
_JOINS: Final = (
    select(CaseJoin, Contact.reference)
    .join(Contact, Contact.referral_id == CaseJoin.referral_id)
    .where(or_(CaseJoin.case_id == _any("case_ids"), CaseJoin.from_case_id == _any("case_ids")))
    .order_by(CaseJoin.joined_at.desc(), CaseJoin.join_id.desc())
)


async def list_rows(tx: AsyncSession, case_ids: Collection[CaseId]) -> Rows:
    """Return all that belongs to those of the named cases that exist."""
    given = {"case_ids": list(case_ids)}
    cases = (await tx.execute(_CASES, given)).all()
    children = (await tx.execute(_CHILDREN, given)).all()
    requests = (await tx.scalars(_REQUESTS, given)).all()
    grades = (await tx.scalars(_GRADES, {"child_ids": [row[0].child_id for row in children]})).all()
    decided = [child.child_id for child, _, has_decisions in children if has_decisions]
    decisions = (await tx.scalars(_DECISIONS, {"child_ids": decided})).all() if decided else []
    joins = (await tx.execute(_JOINS, given)).all() if any(row[2] for row in cases) else []
    recommendations: dict[UUID, Recommendation] = {
        row[1].recommendation_id: row[1] for row in children if row[1] is not None
    }
    return Rows(
        {row[0].case_id: row[0] for row in cases},
        {row[0].case_id for row in cases if row[3]},
        _by_case([row[1] for row in cases if row[1] is not None], lambda row: row.case_id),
        _by_case([row[0] for row in children], lambda row: row.case_id),
        _by_case(requests, lambda row: row.case_id),
        _by_case(grades, lambda row: row.case_id),
        _by_case(decisions, lambda row: row.case_id),
        await _with_those_of(tx, decisions, recommendations),
        [(join, reference) for join, reference in joins],
    )


async def _with_those_of(
    tx: AsyncSession, decisions: Sequence[Decision], known: Mapping[UUID, Recommendation]
) -> dict[UUID, Recommendation]:
    """Return recommendations with those added that decisions were made on."""
    shown = {made.recommendation_id for made in decisions}
    shown |= {made.first_recommendation_id for made in decisions if made.first_recommendation_id}
    missing = shown - known.keys()
    more = (await tx.scalars(_RECOMMENDATIONS, {"ids": list(missing)})).all() if missing else []
    return {**known, **{row.recommendation_id: row for row in more}}


def _by_case(rows: Sequence[Row], case_of: Callable[[Row], CaseId]) -> ByCase[Row]:
    found: defaultdict[CaseId, list[Row]] = defaultdict(list)
    for row in rows:
        found[case_of(row)].append(row)
    return found
