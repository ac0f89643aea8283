"""Queries for what was asked and decided about records and persons."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, not_, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.intake.models import LinkDecision, Match, MatchCandidate, PersonRecord, Referral
from services.intake.store.records import Within
from shared.schemas.ids import MatchId, PersonId, RecordId
from shared.schemas.words import LinkVerdict, MatchState

#: Where a page of the list ended.
Place = tuple[datetime, UUID]


async def find_told_apart(tx: AsyncSession, persons: Collection[PersonId]) -> dict[PersonId, set[PersonId]]:
    """Return, for each of some persons, those whom they are not asked about or linked to by the machine.

    They are those about whom somebody last said anything but that they are the same, in either direction.
    """
    subject, maker = aliased(PersonRecord), aliased(PersonRecord)
    # A person who was joined to another is found by the record they were made from.
    held_against = func.coalesce(maker.person_id, LinkDecision.person_id)
    newest = (
        select(LinkDecision.verdict, subject.person_id, held_against)
        .join(subject, subject.record_id == LinkDecision.record_id)
        .outerjoin(maker, maker.own_person_id == LinkDecision.person_id)
        .where(or_(subject.person_id.in_(persons), held_against.in_(persons)))
        .ext(distinct_on(LinkDecision.record_id, held_against))
        .order_by(
            LinkDecision.record_id,
            held_against,
            LinkDecision.decided_at.desc(),
            LinkDecision.decision_id.desc(),
        )
    )
    apart: dict[PersonId, set[PersonId]] = {}
    for verdict, one, other in await tx.execute(newest):
        if verdict != LinkVerdict.LINKED and one != other:
            apart.setdefault(one, set()).add(other)
            apart.setdefault(other, set()).add(one)
    return apart


async def add_decision(tx: AsyncSession, decision: LinkDecision) -> None:
    """Add a line to the history."""
    tx.add(decision)
    await tx.flush()


async def list_decisions(
    tx: AsyncSession, persons: Collection[PersonId], records: Collection[RecordId]
) -> Sequence[LinkDecision]:
    """Return the history of some records, and of whatever was held against some persons, the newest first."""
    query = select(LinkDecision).where(
        or_(
            LinkDecision.record_id.in_(records),
            LinkDecision.person_id.in_(persons),
            LinkDecision.moved_to.in_(persons),
        )
    )
    query = query.order_by(LinkDecision.decided_at.desc(), LinkDecision.decision_id.desc())
    return (await tx.scalars(query)).all()


async def find_match(tx: AsyncSession, match_id: MatchId, *, hold: bool = False) -> Match | None:
    """Return a task; held for this transaction if so wanted."""
    return await tx.get(Match, match_id, with_for_update=hold, populate_existing=True)


async def list_matches(
    tx: AsyncSession, state: MatchState, *, after: Place | None, limit: int
) -> list[tuple[Match, int, float]]:
    """Return one more than `limit` tasks, each with how many candidates it has and how likely the best is.

    Those that are open have the longest waiting first, the others the newest.
    """
    place = (Match.raised_at, Match.match_id)
    counted = (
        select(
            func.count().label("persons"),
            func.coalesce(func.max(MatchCandidate.probability), 0.0).label("best"),
        )
        .where(MatchCandidate.match_id == Match.match_id)
        .lateral("counted")
    )
    query = select(Match, counted.c.persons, counted.c.best).where(Match.state == state).limit(limit + 1)
    is_open = state is MatchState.OPEN
    query = query.order_by(*(column if is_open else column.desc() for column in place))
    if after is not None:
        query = query.where(tuple_(*place) > after if is_open else tuple_(*place) < after)
    return [(match, persons, best) for match, persons, best in await tx.execute(query)]


async def count_open_by_reference(
    tx: AsyncSession, references: Collection[str], within: Within
) -> dict[str, int]:
    """Return how many open tasks there are about the records of some referrals; none is left out."""
    query = (
        select(Referral.reference, func.count())
        .join(PersonRecord, PersonRecord.referral_id == Referral.referral_id)
        .join(Match, Match.record_id == PersonRecord.record_id)
        .where(Referral.reference.in_(references), Referral.version == 1)
        .where(Match.state == MatchState.OPEN, *within)
        .group_by(Referral.reference)
        .order_by(Referral.reference)
    )
    return {row[0]: row[1] for row in await tx.execute(query)}


async def list_open(tx: AsyncSession, records: Collection[RecordId]) -> Sequence[Match]:
    """Return the open tasks about some records."""
    query = select(Match).where(Match.record_id.in_(records), Match.state == MatchState.OPEN)
    return (await tx.scalars(query.order_by(Match.raised_at, Match.match_id))).all()


async def list_asking(tx: AsyncSession, person_id: PersonId) -> Sequence[Match]:
    """Return the open tasks about other records that may be of a person and wait for an answer."""
    unsaid = select(MatchCandidate.match_id).where(
        MatchCandidate.person_id == person_id, MatchCandidate.verdict.is_(None)
    )
    query = select(Match).where(Match.match_id.in_(unsaid), Match.state == MatchState.OPEN)
    return (await tx.scalars(query.order_by(Match.raised_at, Match.match_id))).all()


async def list_persons_asked_about(
    tx: AsyncSession, match_ids: Collection[MatchId]
) -> dict[MatchId, set[PersonId]]:
    """Return the persons that some tasks ask about."""
    asked: dict[MatchId, set[PersonId]] = {}
    query = select(MatchCandidate.match_id, MatchCandidate.person_id)
    for match_id, person_id in await tx.execute(query.where(MatchCandidate.match_id.in_(match_ids))):
        asked.setdefault(match_id, set()).add(person_id)
    return asked


async def list_open_around(
    tx: AsyncSession, records: Collection[RecordId], persons: Collection[PersonId]
) -> list[tuple[Match, PersonId]]:
    """Return the open tasks about some records, and those that ask whether another record is of some persons.

    Each comes with every person it still asks about, one at a time.
    """
    asked = aliased(MatchCandidate)
    is_asked = exists().where(
        asked.match_id == Match.match_id, asked.person_id.in_(persons), asked.verdict.is_(None)
    )
    query = (
        select(Match, MatchCandidate.person_id)
        .join(MatchCandidate, MatchCandidate.match_id == Match.match_id)
        .where(Match.state == MatchState.OPEN, MatchCandidate.verdict.is_(None))
        .where(or_(Match.record_id.in_(records), is_asked))
        .order_by(Match.raised_at, Match.match_id, MatchCandidate.person_id)
    )
    return [(match, person_id) for match, person_id in await tx.execute(query)]


async def list_candidates(tx: AsyncSession, match_id: MatchId) -> Sequence[MatchCandidate]:
    """Return whom a task asks about, the likeliest first."""
    query = select(MatchCandidate).where(MatchCandidate.match_id == match_id)
    query = query.order_by(MatchCandidate.probability.desc(), MatchCandidate.person_id)
    return (await tx.scalars(query.execution_options(populate_existing=True))).all()


async def add_match(tx: AsyncSession, match: Match, candidates: Iterable[MatchCandidate]) -> None:
    """Add a task."""
    tx.add(match)
    tx.add_all(candidates)
    await tx.flush()


async def replace_candidates(
    tx: AsyncSession, match_id: MatchId, candidates: Iterable[MatchCandidate]
) -> None:
    """Let an open task ask about others; what was said of those before stays."""
    unsaid = MatchCandidate.verdict.is_(None)
    await tx.execute(delete(MatchCandidate).where(MatchCandidate.match_id == match_id, unsaid))
    tx.add_all(candidates)
    await tx.flush()


async def close(
    tx: AsyncSession, match_ids: Collection[MatchId], state: MatchState, *, now: datetime
) -> None:
    """Close tasks that are open."""
    closing = update(Match).where(Match.match_id.in_(match_ids), Match.state == MatchState.OPEN)
    await tx.execute(closing.values(state=state, closed_at=now))


async def follow_moved(tx: AsyncSession, moved: Collection[RecordId], to: PersonId, *, now: datetime) -> None:
    """Let open tasks ask about the person whose records these are now; close those with nothing to ask."""
    open_ones = select(Match.match_id).where(Match.state == MatchState.OPEN)
    unsaid = (MatchCandidate.match_id.in_(open_ones), MatchCandidate.verdict.is_(None))
    other = aliased(MatchCandidate)
    asked_already = exists().where(other.match_id == MatchCandidate.match_id, other.person_id == to)
    about_moved = (*unsaid, MatchCandidate.likened_to.in_(moved), MatchCandidate.person_id != to)
    await tx.execute(delete(MatchCandidate).where(*about_moved, asked_already))
    await tx.execute(update(MatchCandidate).where(*about_moved).values(person_id=to))
    is_theirs = exists().where(
        Match.match_id == MatchCandidate.match_id,
        PersonRecord.record_id == Match.record_id,
        PersonRecord.person_id == MatchCandidate.person_id,
    )
    await tx.execute(delete(MatchCandidate).where(*unsaid, is_theirs))
    asks = exists().where(MatchCandidate.match_id == Match.match_id, MatchCandidate.verdict.is_(None))
    await tx.execute(
        update(Match)
        .where(Match.state == MatchState.OPEN, not_(asks))
        .values(state=MatchState.OVERTAKEN, closed_at=now)
    )
