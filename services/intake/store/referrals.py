"""Queries for referrals and their versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, not_, select, tuple_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer
from sqlalchemy.orm.interfaces import ORMOption

from services.intake.models import Referral
from shared.platform.database import LOCK_NOT_AVAILABLE, plain_table, sqlstate
from shared.platform.writing import NewRow
from shared.problems import Unavailable
from shared.schemas.ids import AgencyId, ReferralId
from shared.schemas.reference import Reference
from shared.schemas.words import Channel

#: The first version of a referral and its newest, which may be the same.
Ends = tuple[Referral, Referral]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which referrals a list is to hold; None asks for nothing in particular.

    Attributes:
        immediate_danger: what the newest version says.
        channel: how the first version came.
    """

    agency_id: AgencyId | None = None
    immediate_danger: bool | None = None
    channel: Channel | None = None
    #: Referrals that are left out: closed to the reader.
    without: Sequence[ReferralId] = ()


def new_referral(values: dict[str, Any]) -> NewRow:
    """Return the row of one version of a referral."""
    return NewRow(plain_table(Referral), values)


async def lock_versions(tx: AsyncSession, referral_id: ReferralId) -> None:
    """Let nobody else add to a referral until this transaction ends.

    Raises:
        Unavailable: somebody else holds it for longer than a request waits.
    """
    first = select(Referral.version).where(Referral.referral_id == referral_id, Referral.version == 1)
    try:
        await tx.execute(first.with_for_update())
    except DBAPIError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise Unavailable("This referral is being changed. Send the same request again.") from None
        raise


# Made once: a name for a table of so many columns costs as much to make as most queries do to run.
@cache
def _latest() -> Select[Referral]:
    return select(Referral).where(_is_newest(Referral))


def _is_newest(version: type[Referral]) -> ColumnElement[bool]:
    # Not as the greatest number: the planner would have to look it up row by row before any other filter.
    later = aliased(Referral)
    return not_(exists().where(later.referral_id == version.referral_id, later.version > version.version))


async def find_referral(
    tx: AsyncSession, referral_id: ReferralId, *, version: int | None = None
) -> Referral | None:
    """Return a referral, its newest version unless one is named."""
    if version is not None:
        return await tx.get(Referral, (referral_id, version))
    return (await tx.scalars(_latest().where(Referral.referral_id == referral_id))).first()


async def find_by_reference(
    tx: AsyncSession, reference: Reference, agency_id: AgencyId | None
) -> Referral | None:
    """Return the newest version of a referral; with an agency, only if it is that agency's."""
    query = _latest().where(Referral.reference == reference)
    if agency_id is not None:
        query = query.where(Referral.agency_id == agency_id)
    return (await tx.scalars(query)).first()


async def find_version(
    tx: AsyncSession, reference: Reference, version: int, agency_id: AgencyId | None
) -> Referral | None:
    """Return one version of a referral; with an agency, only if it is that agency's."""
    query = select(Referral).where(Referral.reference == reference, Referral.version == version)
    if agency_id is not None:
        query = query.where(Referral.agency_id == agency_id)
    return (await tx.scalars(query)).first()


async def list_versions(tx: AsyncSession, referral_id: ReferralId) -> Sequence[Referral]:
    """Return every version of a referral, the first one first, without their documents."""
    query = select(Referral).where(Referral.referral_id == referral_id).order_by(Referral.version)
    return (await tx.scalars(query.options(_without_its_words(Referral)))).all()


async def find_ends(tx: AsyncSession, referral_id: ReferralId) -> Ends | None:
    """Return the first and the newest version of a referral, without their documents."""
    first, _, query = _ends()
    row = (await tx.execute(query.where(first.referral_id == referral_id))).first()
    return (row[0], row[1]) if row else None


async def find_ends_by_reference(
    tx: AsyncSession, reference: Reference, agency_id: AgencyId | None
) -> Ends | None:
    """Return the first and the newest version of a referral; with an agency, only if it is that agency's."""
    first, _, query = _ends()
    query = query.where(first.reference == reference)
    if agency_id is not None:
        query = query.where(first.agency_id == agency_id)
    row = (await tx.execute(query)).first()
    return (row[0], row[1]) if row else None


async def list_ends(
    tx: AsyncSession, wanted: Wanted, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Ends]:
    """Return the first and the newest version of one more than `limit` referrals, the latest to arrive first.

    A later version does not move a referral in the list: whoever reads page by page would miss some.
    """
    first, newest, query = _ends()
    place = (first.received_at, first.referral_id)
    query = query.order_by(*(column.desc() for column in place)).limit(limit + 1)
    if wanted.agency_id is not None:
        query = query.where(first.agency_id == wanted.agency_id)
    if wanted.immediate_danger is not None:
        query = query.where(newest.immediate_danger.is_(wanted.immediate_danger))
    if wanted.channel is not None:
        query = query.where(first.channel == wanted.channel)
    if wanted.without:
        query = query.where(first.referral_id.not_in(wanted.without))
    if before is not None:
        query = query.where(tuple_(*place) < before)
    return [(row[0], row[1]) for row in await tx.execute(query)]


@cache
def _ends() -> tuple[type[Referral], type[Referral], Select[Any, Any]]:
    first, newest = aliased(Referral, name="first"), aliased(Referral, name="newest")
    query = (
        select(first, newest)
        .join(newest, and_(newest.referral_id == first.referral_id, _is_newest(newest)))
        .where(first.version == 1)
        .options(_without_its_words(first), _without_its_words(newest))
    )
    return first, newest, query


def _without_its_words(version: type[Referral]) -> ORMOption:
    # Where a referral is, is asked often and for many at once: the whole of what was sent is not read for it.
    return defer(version.document, raiseload=True)
