"""Queries about outcomes and what agencies confirmed of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import Acknowledgement, Outcome
from services.notifications.rules import Told
from services.notifications.store.feeds import FeedName
from shared.platform.database import plain_table
from shared.schemas.ids import AgencyId, CaseId, ChildId, EventId, ReferralId

OutcomeRow = tuple[Outcome, datetime | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which outcomes a reader asks for.

    Attributes:
        agency_id: None for staff who see every agency's.
        reference: the hub's reference of one referral.
        sender_reference: the sender's own; of the two, either will do.
    """

    agency_id: AgencyId | None
    reference: str | None = None
    sender_reference: str | None = None

    @property
    def list_name(self) -> str:
        """What a cursor is bound to: an agency's whole feed, or what it holds about one referral."""
        about = self.reference or self.sender_reference
        return f"{FeedName.OUTCOMES} of {self.agency_id}" + (f" about {about}" if about else "")


# Made once, not at each call: building a statement costs about as much as asking it.
_ADD_OUTCOME: Final = insert(plain_table(Outcome))
_TOLD: Final = (
    select(Outcome.event_id, Outcome.decision_id, Outcome.decided_at)
    .where(Outcome.referral_id == bindparam("referral_id"), Outcome.child_id == bindparam("child_id"))
    .order_by(Outcome.number)
)


async def list_told(
    tx: AsyncSession, referral_id: ReferralId, child_id: ChildId
) -> list[tuple[EventId, Told]]:
    """Return what a referral's sender was told about a child, in the order it was told."""
    rows = await tx.execute(_TOLD, {"referral_id": referral_id, "child_id": child_id})
    return [(row.event_id, Told(row.decision_id, row.decided_at)) for row in rows]


async def add_outcome(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add an outcome."""
    await tx.execute(_ADD_OUTCOME, row)


def _outcomes() -> Select[Outcome, datetime | None]:
    return select(Outcome, Acknowledgement.acknowledged_at).outerjoin(
        Acknowledgement, Acknowledgement.event_id == Outcome.event_id
    )


async def list_outcomes(
    tx: AsyncSession, wanted: Wanted, *, after: int | None, limit: int
) -> Sequence[OutcomeRow]:
    """Return one more than `limit` outcomes, in the order of the feed."""
    query = _outcomes().order_by(Outcome.number).limit(limit + 1)
    if wanted.agency_id is not None:
        query = query.where(Outcome.agency_id == wanted.agency_id)
    about = [Outcome.reference == wanted.reference] if wanted.reference else []
    about += [Outcome.sender_reference == wanted.sender_reference] if wanted.sender_reference else []
    if about:
        query = query.where(or_(*about))
    if after is not None:
        query = query.where(Outcome.number > after)
    return [(row[0], row[1]) for row in await tx.execute(query)]


async def find_outcome(tx: AsyncSession, event_id: EventId, agency_id: AgencyId | None) -> OutcomeRow | None:
    """Return an outcome; with an agency, only if it is that agency's."""
    query = _outcomes().where(Outcome.event_id == event_id)
    if agency_id is not None:
        query = query.where(Outcome.agency_id == agency_id)
    row = (await tx.execute(query)).first()
    return (row[0], row[1]) if row else None


async def list_referrals(
    tx: AsyncSession, *, event_id: EventId | None, reference: str | None
) -> Sequence[ReferralId]:
    """Return the referrals that an outcome, or that what was said of a reference, is about."""
    about = or_(Outcome.event_id == event_id, Outcome.reference == reference)
    return (await tx.scalars(select(Outcome.referral_id).where(about).distinct())).all()


async def acknowledge(tx: AsyncSession, row: dict[str, Any]) -> Acknowledgement:
    """Note that an agency recorded an outcome, unless it said so before; return the one that stands."""
    await tx.execute(insert(Acknowledgement).values(row).on_conflict_do_nothing())
    return await tx.get_one(Acknowledgement, row["event_id"])


async def list_last_told(tx: AsyncSession, case_id: CaseId) -> Sequence[Outcome]:
    """Return the last outcome that each agency was told of a case, whichever child it is about."""
    query = (
        select(Outcome)
        .ext(distinct_on(Outcome.agency_id))
        .where(Outcome.case_id == case_id)
        .order_by(Outcome.agency_id, Outcome.number.desc())
    )
    return (await tx.scalars(query)).all()
