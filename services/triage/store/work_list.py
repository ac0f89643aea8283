"""Queries for the work list: which cases a reader sees, in the order they should be worked on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.triage.models import (
    Allocation,
    Breach,
    BreachReason,
    Case,
    CaseChild,
    Contact,
    Decision,
    Grade,
    InformationRequest,
)
from shared.schemas.ids import AgencyId, CaseId, StaffId
from shared.schemas.words import Pathway
from shared.schemas.words_deciding import DecisionStanding


@dataclass(frozen=True, slots=True)
class Held:
    """By whom a case is held: one of them by name, one of their teams, or nobody by name."""

    staff_id: StaffId | None = None
    teams: frozenset[str] = frozenset()
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the work list is asked for.

    Attributes:
        decided: False: what still waits for the reader's own work; True: what does not.
        reference: only the case of this referral.
        after: the place of the last line already read, as `place_of` writes it.
        second_look: instead of all that: what waits for a second person; for deciders.
        held: only cases held so; for deciders.
    """

    decided: bool
    reference: str | None
    after: tuple[int, datetime, UUID] | None
    limit: int
    second_look: bool = False
    held: Held | None = None
    #: Cases that are left out: closed to the reader.
    without: frozenset[CaseId] = frozenset()

    @property
    def shows_closed(self) -> bool:
        """Whether a case that is closed to the reader stands on the list, named by nothing.

        What waits for a decision must be lost to nobody, least of all what nobody holds; whoever looks for
        one case finds nothing, and what is done waits for nobody.
        """
        by_somebody = self.held is not None and not self.held.nobody
        return not (self.decided or self.second_look or self.reference or by_somebody)


Line = tuple[CaseId, int, datetime]


async def list_for_deciders(tx: AsyncSession, wanted: Wanted) -> Sequence[Line]:
    """Return one more than the limit of all cases: most urgent first, then the soonest due."""
    # By columns, not by the row that they make: only so can the index of the work list give them in order.
    columns = (Case.urgency, Case.decide_by, Case.case_id)
    query = (
        select(Case.case_id, Case.urgency, Case.decide_by).where(*_for_deciders(wanted)).order_by(*columns)
    )
    if wanted.after is not None:
        query = query.where(tuple_(*columns) > wanted.after)
    return [(row[0], row[1], row[2]) for row in await tx.execute(query.limit(wanted.limit + 1))]


async def count_for_deciders(tx: AsyncSession, parts: Mapping[str, Held | None]) -> dict[str, int]:
    """Return how many cases wait in each part of the work list, by its name, in one statement.

    Args:
        parts: by whom the cases of a part are held; None: all that wait for a decision.
    """
    wanted = {name: Wanted(False, None, None, 0, held=held) for name, held in parts.items()}
    wanted["second_look"] = Wanted(False, None, None, 0, second_look=True)
    counts = [
        select(func.count()).select_from(Case).where(*_for_deciders(each)).scalar_subquery().label(name)
        for name, each in wanted.items()
    ]
    unexplained = ~exists().where(BreachReason.breach_id == Breach.breach_id)
    breached = select(func.count()).select_from(Breach).where(unexplained).scalar_subquery().label("breached")
    return dict((await tx.execute(select(*counts, breached))).mappings().one())


def _for_deciders(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions of a part of the work list of whoever sees all."""
    conditions = [_of_reference(Case.case_id, wanted), _held(wanted.held), _open(Case.case_id, wanted)]
    if wanted.second_look:
        waits = Decision.standing == DecisionStanding.PENDING
        conditions.append(exists().where(Decision.case_id == Case.case_id, waits))
    elif wanted.reference is None:
        conditions.append(Case.is_open.is_(not wanted.decided))
    if wanted.decided:
        # A case whose referrals have all joined another is no work, and nothing that was decided.
        conditions.append(exists().where(Contact.case_id == Case.case_id))
    return conditions


async def list_for_agency(tx: AsyncSession, agency_id: AgencyId, wanted: Wanted) -> Sequence[Line]:
    """Return one more than the limit of the cases an agency was asked about, its own soonest due first.

    Nothing of the hub's own view (colour, level, its deadline) decides the order: it would tell a blind
    reader what others think.
    """
    due = func.min(InformationRequest.due_at)
    waiting = func.bool_or(InformationRequest.answered_at.is_(None) & ~_graded(agency_id))
    query = (
        select(InformationRequest.case_id, due)
        .where(InformationRequest.agency_id == agency_id)
        .group_by(InformationRequest.case_id)
        .order_by(due, InformationRequest.case_id)
    )
    if wanted.reference is None:
        query = query.having(waiting.is_not(wanted.decided))
    query = query.where(_of_reference(InformationRequest.case_id, wanted))
    if wanted.after is not None:
        query = query.having(tuple_(due, InformationRequest.case_id) > wanted.after[1:])
    return [(row[0], 0, row[1]) for row in await tx.execute(query.limit(wanted.limit + 1))]


async def list_routed_to_early_help(tx: AsyncSession, wanted: Wanted) -> Sequence[Line]:
    """Return one more than the limit of the cases with a child decided for early help, oldest first."""
    place = tuple_(Case.opened_at, Case.case_id)
    routed = exists().where(
        CaseChild.case_id == Case.case_id,
        CaseChild.decision_id == Decision.decision_id,
        Decision.pathway == Pathway.EARLY_HELP,
    )
    query = (
        select(Case.case_id, Case.opened_at)
        .where(routed, _of_reference(Case.case_id, wanted), _open(Case.case_id, wanted))
        .order_by(place)
    )
    if wanted.after is not None:
        query = query.where(place > wanted.after[1:])
    return [(row[0], 0, row[1]) for row in await tx.execute(query.limit(wanted.limit + 1))]


def _graded(agency_id: AgencyId) -> ColumnElement[bool]:
    return exists().where(
        Grade.child_id == InformationRequest.child_id,
        Grade.agency_id == agency_id,
        Grade.given == "when_asked",
    )


def _held(held: Held | None) -> ColumnElement[bool]:
    """Return the condition that a case is held so; true where that makes no difference."""
    if held is None:
        return true()
    standing = exists().where(Allocation.case_id == Case.case_id, Allocation.ended_at.is_(None))
    if held.nobody:
        return ~standing.where(Allocation.staff_id.is_not(None))
    if held.staff_id is not None:
        return standing.where(Allocation.staff_id == held.staff_id)
    return standing.where(Allocation.team.in_(held.teams))


def _open(case_id: InstrumentedAttribute[CaseId], wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition that a case is not left out; true where none is."""
    return case_id.not_in(wanted.without) if wanted.without else true()


def _of_reference(case_id: InstrumentedAttribute[CaseId], wanted: Wanted) -> ColumnElement[bool]:
    """Return the condition that a case is the one of the wanted referral; true when none is named."""
    if wanted.reference is None:
        return true()
    return exists().where(Contact.case_id == case_id, Contact.reference == wanted.reference)
