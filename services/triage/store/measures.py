"""Queries that count what was done in time, by period and agency; no child is named."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import (
    Breach,
    BreachReason,
    CaseChild,
    Contact,
    Decision,
    InformationRequest,
    Timer,
)
from services.triage.second_look import IN_FORCE
from services.triage.store.timers import graded_instead
from shared.schemas.ids import AgencyId
from shared.schemas.measures import Period
from shared.schemas.timers import TimerKind
from shared.schemas.words import Sector
from shared.schemas.words_deciding import DecisionStanding

#: Of reasons: given in words alone.
NOT_SORTED: Final = "not_sorted"


class Span(NamedTuple):
    """From when and until before when, and by which periods."""

    since: datetime
    before: datetime
    by: Period


class DecidedCounted(NamedTuple):
    """Children decided for the first time, of one agency's contacts, in one period, at one depth."""

    period: str
    agency_id: AgencyId
    depth: str
    decided: int
    in_time: int
    health_missing: int


class ReturnsCounted(NamedTuple):
    """Questions to one agency that fell due in one period."""

    period: str
    agency_id: AgencyId
    questions: int
    in_time: int
    late: int


class BreachesCounted(NamedTuple):
    """What was found late, of one kind, in one period, for one reason; None: nobody has given any."""

    period: str
    kind: str
    agency_id: AgencyId | None
    reason: str | None
    found: int


def period_of(at: SQLColumnExpression[Any], by: Period) -> ColumnElement[str]:
    """Return the London month or ISO week of an instant, as `2026-11` or `2026-W47`."""
    return func.to_char(func.timezone("Europe/London", at), "YYYY-MM" if by == "month" else 'IYYY-"W"IW')


async def count_decided(tx: AsyncSession, span: Span) -> Sequence[DecidedCounted]:
    """Count first decisions that came into force, by the agency whose contact named the child."""
    came_at = case(
        (Decision.standing == DecisionStanding.APPROVED, Decision.looked_at), else_=Decision.decided_at
    )
    late = exists().where(
        Timer.child_id == Decision.child_id, Timer.kind == TimerKind.DECISION, Timer.due_at < came_at
    )
    by = (period_of(came_at, span.by), Contact.agency_id, func.coalesce(Decision.depth, "full"))
    health_missing = Decision.unanswered.contains([{"sector": Sector.HEALTH.value}])
    query = (
        select(*by, func.count(), func.count().filter(~late), func.count().filter(health_missing))
        .select_from(Decision)
        .join(CaseChild, CaseChild.child_id == Decision.child_id)
        .join(Contact, Contact.referral_id == CaseChild.referral_id)
        .where(Decision.supersedes.is_(None), Decision.standing.in_(IN_FORCE))
        .where(came_at >= span.since, came_at < span.before)
    )
    return [DecidedCounted(*row) for row in await tx.execute(_grouped(query, len(by)))]


async def count_returns(tx: AsyncSession, span: Span, *, now: datetime) -> Sequence[ReturnsCounted]:
    """Count the questions that fell due until now, by the agency that was asked; a grade answers too."""
    by = (period_of(Timer.due_at, span.by), InformationRequest.agency_id)
    returned_at = func.least(Timer.met_at, graded_instead())
    in_time, late = returned_at <= Timer.due_at, returned_at > Timer.due_at
    query = (
        select(*by, func.count(), func.count().filter(in_time), func.count().filter(late))
        .select_from(Timer)
        .join(InformationRequest, InformationRequest.request_id == Timer.request_id)
        .where(Timer.kind == TimerKind.AGENCY_RETURN, Timer.due_at <= now)
        .where(Timer.due_at >= span.since, Timer.due_at < span.before)
    )
    return [ReturnsCounted(*row) for row in await tx.execute(_grouped(query, len(by)))]


async def count_breaches(tx: AsyncSession, span: Span) -> Sequence[BreachesCounted]:
    """Count what was found late, by kind, of answers by agency, and by the first reason that was given."""
    first = (
        select(BreachReason.breach_id, func.coalesce(BreachReason.code, NOT_SORTED).label("code"))
        .ext(distinct_on(BreachReason.breach_id))
        .order_by(BreachReason.breach_id, BreachReason.given_at, BreachReason.reason_id)
        .subquery()
    )
    by = (period_of(Breach.found_at, span.by), Breach.kind, InformationRequest.agency_id, first.c.code)
    query = (
        select(*by, func.count())
        .select_from(Breach)
        .join(Timer, Timer.timer_id == Breach.timer_id)
        .outerjoin(InformationRequest, InformationRequest.request_id == Timer.request_id)
        .outerjoin(first, first.c.breach_id == Breach.breach_id)
        .where(Breach.found_at >= span.since, Breach.found_at < span.before)
    )
    return [BreachesCounted(*row) for row in await tx.execute(_grouped(query, len(by)))]


def _grouped(query: Select[*tuple[Any, ...]], columns: int) -> Select[*tuple[Any, ...]]:
    """Return a query grouped and sorted by its first columns."""
    each = query.selected_columns
    by = [each[place] for place in range(columns)]
    return query.group_by(*by).order_by(*by)
