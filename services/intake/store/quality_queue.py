"""Queries for the look at quality: what waits for it, what came of it, and how agencies fare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, not_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer
from sqlalchemy.orm.interfaces import ORMOption

from services.intake.models import FurtherInformation, QualityCheck, Referral
from shared.schemas.ids import AgencyId, ReferralId
from shared.schemas.words import FurtherInformationState, QualityState, QualityVerdict

#: Where a line of the queue stands: 0 for danger and 1 for none, the instant, the referral, its version.
Place = tuple[int, datetime, UUID, int]
#: A version, and what its agency's representative made of it, if anyone looked.
Line = tuple[Referral, QualityCheck | None]

_VERDICTS = {
    QualityState.CONTENT: QualityVerdict.CONTENT,
    QualityState.FURTHER_INFORMATION_REQUESTED: QualityVerdict.FURTHER_INFORMATION,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the queue is asked for.

    Attributes:
        agency_id: only this agency's; None for those of all.
        since: versions that came earlier no longer wait for anyone.
        after: the place of the last line already read.
    """

    state: QualityState
    agency_id: AgencyId | None
    since: datetime
    after: Place | None
    limit: int
    #: Referrals that are left out: closed to the reader.
    without: Sequence[ReferralId] = ()


async def list_queue(tx: AsyncSession, wanted: Wanted) -> Sequence[Line]:
    """Return one more than the limit of the queue.

    What waits comes with danger first, then the longest waiting; all else with the newest first.
    """
    if wanted.state is QualityState.WAITING:
        query = _waiting(wanted)
    elif wanted.state is QualityState.OVERTAKEN:
        query = _overtaken(wanted)
    else:
        return await _looked_at(tx, wanted)
    rows = await tx.scalars(query.options(_without_its_words()).limit(wanted.limit + 1))
    return [(referral, None) for referral in rows]


def _waiting(wanted: Wanted) -> Select[Referral]:
    # Not as one row value: PostgreSQL would compare it piece by piece, and use no index for its order.
    columns = (not_(Referral.immediate_danger), Referral.received_at, Referral.referral_id)
    query = _not_looked_at(wanted).where(not_(_has_later())).order_by(*columns)
    if wanted.after is not None:
        rank, at, referral_id, _ = wanted.after
        query = query.where(tuple_(*columns) > tuple_(bool(rank), at, referral_id))
    return query


def _overtaken(wanted: Wanted) -> Select[Referral]:
    columns = (Referral.received_at, Referral.referral_id, Referral.version)
    query = _not_looked_at(wanted).where(_has_later()).order_by(*(column.desc() for column in columns))
    if wanted.after is not None:
        query = query.where(tuple_(*columns) < wanted.after[1:])
    return query


def _not_looked_at(wanted: Wanted) -> Select[Referral]:
    # Nobody looks at a version before it has come: the checks of years before need not be searched. Its
    # agency is not compared: PostgreSQL would take that for a sieve of its own, and look up each one by one.
    looked_at = exists().where(
        QualityCheck.referral_id == Referral.referral_id,
        QualityCheck.version == Referral.version,
        QualityCheck.made_at >= wanted.since,
    )
    query = select(Referral).where(Referral.received_at >= wanted.since, not_(looked_at))
    if wanted.without:
        query = query.where(Referral.referral_id.not_in(wanted.without))
    return query if wanted.agency_id is None else query.where(Referral.agency_id == wanted.agency_id)


def _has_later() -> ColumnElement[bool]:
    later = aliased(Referral)
    return exists().where(later.referral_id == Referral.referral_id, later.version > Referral.version)


def _without_its_words() -> ORMOption:
    # A page is read for its findings; a thousand whole documents would be another matter.
    return defer(Referral.document, raiseload=True)


async def _looked_at(tx: AsyncSession, wanted: Wanted) -> Sequence[Line]:
    columns = (QualityCheck.made_at, QualityCheck.referral_id, QualityCheck.version)
    query = (
        select(Referral, QualityCheck)
        .join(
            QualityCheck,
            (QualityCheck.referral_id == Referral.referral_id) & (QualityCheck.version == Referral.version),
        )
        .where(QualityCheck.verdict == _VERDICTS[wanted.state])
        .order_by(*(column.desc() for column in columns))
        .options(_without_its_words())
    )
    if wanted.without:
        query = query.where(QualityCheck.referral_id.not_in(wanted.without))
    if wanted.agency_id is not None:
        query = query.where(QualityCheck.agency_id == wanted.agency_id)
    if wanted.after is not None:
        query = query.where(tuple_(*columns) < wanted.after[1:])
    return [(row[0], row[1]) for row in await tx.execute(query.limit(wanted.limit + 1))]


@dataclass(frozen=True, slots=True)
class Span:
    """The instants from which and before which things are counted, for one agency or for all."""

    begun_at: datetime
    ended_at: datetime
    agency_id: AgencyId | None


#: How often things happened in a span, by agency and by their name in `QualityCount`.
Counts = dict[AgencyId, dict[str, int]]


async def count(tx: AsyncSession, span: Span) -> Counts:
    """Return how agencies' referrals fared; what an agency did not do at all is left out."""
    state = FurtherInformation.state
    requests = {
        "requests": func.count(),
        "answered": func.count().filter(state == FurtherInformationState.ANSWERED),
        "not_answered": func.count().filter(state == FurtherInformationState.NOT_ANSWERED),
    }
    counts: Counts = {}
    for agency, at, condition, counted in (
        (Referral.agency_id, Referral.received_at, Referral.version == 1, {"referrals": func.count()}),
        (QualityCheck.agency_id, QualityCheck.made_at, None, {"looked_at": func.count()}),
        (FurtherInformation.agency_id, FurtherInformation.requested_at, None, requests),
    ):
        query = select(agency, *counted.values()).where(at >= span.begun_at, at < span.ended_at)
        query = query if condition is None else query.where(condition)
        query = query if span.agency_id is None else query.where(agency == span.agency_id)
        for row in await tx.execute(query.group_by(agency)):
            counts.setdefault(row[0], {}).update(zip(counted, row[1:], strict=True))
    return counts
