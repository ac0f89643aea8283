"""Queries for trials of a policy over past children."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.evidence.replayed import Past
from services.triage.models import (
    CaseChild,
    Contact,
    PolicyReplay,
    PolicyReplayChild,
    Recommendation,
)
from shared.problems import NotFound
from shared.schemas.ids import AgencyId, ChildId, PolicyReplayId
from shared.schemas.policies import Moved, ReplayState

_GOING = (ReplayState.WAITING, ReplayState.RUNNING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the children who would move are asked for; None is all."""

    moved: Moved | None = None
    agency_id: AgencyId | None = None
    level: int | None = None
    locality: str | None = None
    after: UUID | None = None
    limit: int = 50


def _once(query: Select[Any], since: datetime | None) -> Select[Any]:
    """Take each child once, whatever number of contacts told of it, from its newest recommendation."""
    query = (
        query.select_from(CaseChild)
        .join(Contact, Contact.referral_id == CaseChild.referral_id)
        .join(Recommendation, Recommendation.recommendation_id == CaseChild.recommendation_id)
        .where(CaseChild.same_child_as.is_(None))
    )
    return query if since is None else query.where(Contact.received_at >= since)


async def count_past(tx: AsyncSession, since: datetime | None) -> int:
    """Return how many past children there are to go through."""
    return (await tx.scalar(_once(select(func.count()), since))) or 0


async def list_past(
    tx: AsyncSession, since: datetime | None, *, after: ChildId | None, limit: int
) -> list[Past]:
    """Return the next past children in the order of their ids."""
    query = _once(
        select(
            CaseChild.child_id,
            CaseChild.case_id,
            Contact.reference,
            Contact.agency_id,
            # As text: what is read strictly has to be read from JSON, and half of it is never looked at.
            cast(Recommendation.facts, Text),
            Recommendation.view["level"],
            Recommendation.view["pathway"],
            Recommendation.view["rag"],
            Recommendation.view["discussion"],
            Recommendation.policy_version,
            CaseChild.details["address"],
        ),
        since,
    )
    if after is not None:
        query = query.where(CaseChild.child_id > after)
    rows = await tx.execute(query.order_by(CaseChild.child_id).limit(limit))
    return [_past(tuple(row)) for row in rows]


def _past(row: tuple[Any, ...]) -> Past:
    child_id, case_id, reference, agency_id, facts, level, pathway, rag, discussion, version, address = row
    said = {"level": level, "pathway": pathway, "rag": rag, "discussion": discussion}
    return Past(child_id, case_id, reference, agency_id, facts, said, version, address)


async def get_replay(tx: AsyncSession, replay_id: PolicyReplayId) -> PolicyReplay:
    """Return a replay; raise NotFound if there is none."""
    found = await tx.get(PolicyReplay, replay_id)
    if found is None:
        raise NotFound
    return found


async def list_replays(tx: AsyncSession, version: str, *, limit: int) -> Sequence[PolicyReplay]:
    """Return the newest replays of a version."""
    query = select(PolicyReplay).where(PolicyReplay.version == version)
    return (await tx.scalars(query.order_by(PolicyReplay.asked_at.desc()).limit(limit))).all()


async def find_going(tx: AsyncSession, version: str) -> PolicyReplay | None:
    """Return a replay of a version that waits or runs."""
    query = select(PolicyReplay).where(PolicyReplay.version == version, PolicyReplay.state.in_(_GOING))
    return (await tx.scalars(query.limit(1))).first()


async def claim_due(tx: AsyncSession, now: datetime) -> PolicyReplay | None:
    """Return the replay asked for first that nobody goes through, held until the transaction ends."""
    query = (
        select(PolicyReplay)
        .where(PolicyReplay.state.in_(_GOING))
        .where(or_(PolicyReplay.lease_until.is_(None), PolicyReplay.lease_until < now))
        .order_by(PolicyReplay.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await tx.scalars(query)).first()


async def hold_replay(tx: AsyncSession, replay_id: PolicyReplayId) -> PolicyReplay:
    """Return a replay, held until the transaction ends."""
    query = select(PolicyReplay).where(PolicyReplay.replay_id == replay_id).with_for_update()
    return (await tx.scalars(query.execution_options(populate_existing=True))).one()


async def add_moved(tx: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Add children who would move."""
    if rows:
        await tx.execute(insert(PolicyReplayChild), list(rows))


async def page_of_moved(
    tx: AsyncSession, replay_id: PolicyReplayId, wanted: Wanted
) -> Sequence[PolicyReplayChild]:
    """Return one more than was asked for of the children who would move, in the order of their ids."""
    query = select(PolicyReplayChild).where(PolicyReplayChild.replay_id == replay_id)
    for column, value in (
        (PolicyReplayChild.moved, wanted.moved),
        (PolicyReplayChild.agency_id, wanted.agency_id),
        (PolicyReplayChild.level, wanted.level),
        (PolicyReplayChild.locality, wanted.locality),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.after is not None:
        query = query.where(PolicyReplayChild.child_id > wanted.after)
    return (await tx.scalars(query.order_by(PolicyReplayChild.child_id).limit(wanted.limit + 1))).all()
