"""Queries for all that a recommendation is made from: a child under each of its ids, asked for together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Uuid, any_, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.errors import MovedMeanwhile
from services.triage.models import (
    Alert,
    Case,
    CaseChild,
    Contact,
    Decision,
    Grade,
    InformationRequest,
    Policy,
    Timer,
)
from services.triage.store import cases
from services.triage.store.cases import ChildPlace
from services.triage.store.whole import in_reading_order
from shared.schemas.ids import ChildId
from shared.schemas.timers import TimerKind
from shared.schemas.words_deciding import DecisionStanding


@dataclass(slots=True)
class Known:
    """A child under one of its ids, with what is known of it and what its colour moves.

    Whoever changes something of it in the transaction changes it here too: it is not asked for again.

    Attributes:
        graded: every grade, oldest first.
        timers: those for its screening and decision that it has still to meet.
        has_pending: whether a decision about it waits for a second look.
        alerted_at: when an alert about it was raised last.
    """

    child: CaseChild
    contact: Contact
    asked: list[InformationRequest]
    graded: list[Grade]
    timers: list[Timer]
    has_pending: bool
    alerted_at: datetime | None


class Published(NamedTuple):
    """Which policy was published last. What was published under it never changes."""

    version: str
    published_at: datetime


class Household(NamedTuple):
    """The children of a case, and among them one child under each of its ids, first heard first.

    Attributes:
        in_force: None where no policy has been published.
    """

    children: Sequence[CaseChild]
    group: Sequence[Known]
    in_force: Published | None

    def of(self, child: CaseChild) -> Known:
        """Return what is known of a child of the group."""
        return next(one for one in self.group if one.child is child)


class HeldHousehold(NamedTuple):
    """A child with its case, held until the transaction ends, and all that is known of it."""

    case: Case
    child: CaseChild
    household: Household


# Made once, not at each call: building a statement is a quarter of what asking it costs.
_LAST: Final = select(Policy).order_by(Policy.published_at.desc()).limit(1)
_CHILDREN: Final = in_reading_order(
    select(
        CaseChild,
        Contact,
        exists().where(
            Decision.child_id == CaseChild.child_id, Decision.standing == DecisionStanding.PENDING
        ),
        select(func.max(Alert.raised_at)).where(Alert.child_id == CaseChild.child_id).scalar_subquery(),
        _LAST.with_only_columns(Policy.version).scalar_subquery(),
        _LAST.with_only_columns(Policy.published_at).scalar_subquery(),
    )
).where(CaseChild.case_id == bindparam("case_id"))
# Looked at only once the case is held: what a child was before that may have changed meanwhile.
_CHILDREN_NOW: Final = _CHILDREN.execution_options(populate_existing=True)
_THESE: Final = any_(bindparam("child_ids", type_=ARRAY(Uuid)))
# There is an index by case; one by child has never been needed.
_ASKED: Final = (
    select(InformationRequest)
    .where(InformationRequest.case_id == bindparam("case_id"), InformationRequest.child_id == _THESE)
    .order_by(InformationRequest.request_id)
)
_GRADED: Final = select(Grade).where(Grade.child_id == _THESE).order_by(Grade.graded_at, Grade.grade_id)
_TIMERS: Final = (
    select(Timer)
    .where(
        Timer.child_id == _THESE,
        or_(Timer.kind == TimerKind.DECISION, Timer.kind == TimerKind.SCREENING),
        Timer.met_at.is_(None),
    )
    .order_by(Timer.due_at, Timer.timer_id)
)


async def hold_household(tx: AsyncSession, place: ChildPlace) -> HeldHousehold:
    """Hold a child with its case, wherever it has been moved to, and return all that is known of it.

    Raises:
        NotFound: as `cases.find_place` says.
        MovedMeanwhile: it was moved while this waited.
    """
    case = await cases.hold_case_of(tx, place.child_id)
    rows = (await tx.execute(_CHILDREN_NOW, {"case_id": case.case_id})).all()
    child = next((row[0] for row in rows if row[0].child_id == place.child_id), None)
    if child is None:
        raise MovedMeanwhile
    await cases.require_was_there(tx, child, place)
    return HeldHousehold(case, child, await _known(tx, child, rows))


async def get_household(tx: AsyncSession, child: CaseChild) -> Household:
    """Return the children of a child's case, and all that is known of those who are this one."""
    return await _known(tx, child, (await tx.execute(_CHILDREN, {"case_id": child.case_id})).all())


async def _known(tx: AsyncSession, child: CaseChild, rows: Sequence[Any]) -> Household:
    first = _first(child)
    group = [row for row in rows if _first(row[0]) == first]
    given = {"case_id": child.case_id, "child_ids": [row[0].child_id for row in group]}
    asked = (await tx.scalars(_ASKED, given)).all()
    graded = (await tx.scalars(_GRADED, given)).all()
    timers = (await tx.scalars(_TIMERS, given)).all()
    published = next((Published(*row[4:]) for row in group if row[4] is not None), None)
    return Household(
        [row[0] for row in rows],
        [
            Known(
                one,
                contact,
                [request for request in asked if request.child_id == one.child_id],
                [grade for grade in graded if grade.child_id == one.child_id],
                [timer for timer in timers if timer.child_id == one.child_id],
                has_pending,
                alerted_at,
            )
            for one, contact, has_pending, alerted_at, *_ in group
        ],
        published,
    )


def _first(child: CaseChild) -> ChildId:
    return child.same_child_as or child.child_id
