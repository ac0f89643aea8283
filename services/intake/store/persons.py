"""Queries for the index of persons: whom keys find, and how common what they say is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Select, Uuid, bindparam, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import Person, PersonKey, PersonRecord, PersonTerm
from shared.platform.database import LOCK_NOT_AVAILABLE, plain_table, sqlstate
from shared.problems import Unavailable
from shared.schemas.ids import PersonId, RecordId, ReferralId

_RECORD, _KEY = plain_table(PersonRecord), plain_table(PersonKey)
#: Whoever takes so many keys at once takes all there are: the server has room for a few thousand locks.
_MOST_LOCKS: Final = 400
_EVERY_KEY: Final = 4_110_001
#: Counting all persons in one row would have every match wait for every other.
_SHARDS: Final = 16
_ALL: Final = "all"

#: A name, a date or a home: its kind, and its hash.
Term = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Known:
    """A record that may be of the one who came."""

    record_id: RecordId
    person_id: PersonId
    compared: list[Any]


async def lock_keys(tx: AsyncSession, keys: Iterable[int]) -> None:
    """Let nobody else who shares one of these keys be matched until this transaction ends.

    Two descriptions of one child that arrive together would each find nobody, and make two persons.
    """
    wanted = sorted(set(keys))
    if len(wanted) > _MOST_LOCKS:
        await tx.execute(select(func.pg_advisory_xact_lock(_EVERY_KEY)))
        return
    await tx.execute(select(func.pg_advisory_xact_lock_shared(_EVERY_KEY)))
    await _lock(tx, wanted)


async def lock_persons(tx: AsyncSession, persons: Iterable[PersonId]) -> None:
    """Let nobody else add to or take from these persons until this transaction ends.

    Raises:
        Unavailable: somebody else does for longer than a request waits.
    """
    try:
        # Always in the same order: two who want the same two never wait for each other.
        await _lock(tx, sorted({person.int % 2**63 for person in persons}))
    except DBAPIError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise Unavailable("Somebody else is deciding on this. Send the same request again.") from None
        raise


async def _lock(tx: AsyncSession, keys: Sequence[int]) -> None:
    wanted = func.unnest(bindparam("wanted", type_=ARRAY(BigInteger))).column_valued("k")
    await tx.execute(select(func.pg_advisory_xact_lock(wanted)), {"wanted": list(keys)})


async def find_candidates(
    tx: AsyncSession, keys: Sequence[int], *, cap: int, most: int, besides: ReferralId | None = None
) -> list[Known]:
    """Return the records that share a key, those that share most keys first.

    A key that more than `cap` records share says too little and finds none; where every key is such a key,
    the newest of those who share most of them are returned.

    Args:
        most: how many are returned at the most.
        besides: the referral whose own people are left out: its sender tells them apart.
    """
    given = {"wanted": list(keys), "besides": besides, "most": most}
    rows = (await tx.execute(_candidates(cap, even_full=False), given)).all()
    if not rows and keys:
        rows = (await tx.execute(_candidates(cap, even_full=True), given)).all()
    return [Known(row.record_id, row.person_id, row.compared) for row in rows]


@lru_cache(maxsize=8)
def _candidates(cap: int, *, even_full: bool) -> Select[Any]:
    """Return the statement; made once, since making it costs as much as asking."""
    wanted = (
        func.unnest(bindparam("wanted", type_=ARRAY(BigInteger))).table_valued("k").render_derived("wanted")
    )
    # One more than the cap tells a key that is over it, however many more there are.
    sharing = (
        select(_KEY.c.record_id)
        .where(_KEY.c.k == wanted.c.k)
        .order_by(_KEY.c.record_id.desc())
        .limit(cap + 1)
        .lateral("sharing")
    )
    hits = select(wanted.c.k, sharing.c.record_id).select_from(
        wanted.join(sharing, sharing.c.record_id.is_not(None))
    )
    hit = hits.cte("hit")
    telling = select(hit.c.k).group_by(hit.c.k).having(func.count() <= cap)
    shared = func.count().label("shared")
    found = select(hit.c.record_id, shared).group_by(hit.c.record_id)
    if not even_full:
        found = found.where(hit.c.k.in_(telling))
    one = found.cte("found")
    return (
        select(_RECORD.c.record_id, _RECORD.c.person_id, _RECORD.c.compared)
        .join(one, one.c.record_id == _RECORD.c.record_id)
        .where(_RECORD.c.referral_id.is_distinct_from(bindparam("besides", type_=Uuid)))
        .order_by(one.c.shared.desc(), _RECORD.c.record_id.desc())
        .limit(bindparam("most", type_=BigInteger))
    )


async def set_keys(tx: AsyncSession, record_id: RecordId, old: Iterable[int], new: Iterable[int]) -> None:
    """Let a record be found by its new keys, and by its old ones no more."""
    before, after = set(old), set(new)
    if gone := before - after:
        # By key and record: the one index of the table leads with the key.
        await tx.execute(delete(_KEY).where(_KEY.c.k.in_(gone), _KEY.c.record_id == record_id))
    if come := after - before:
        rows = [{"k": key, "record_id": record_id} for key in sorted(come)]
        await tx.execute(insert(_KEY).on_conflict_do_nothing(), rows)


async def add_person(tx: AsyncSession, person: Person) -> None:
    """Add a person."""
    tx.add(person)
    await tx.flush()


async def add_record(tx: AsyncSession, record: PersonRecord) -> None:
    """Add a record."""
    tx.add(record)
    await tx.flush()


async def count_terms(tx: AsyncSession, terms: Iterable[Term]) -> tuple[int, Mapping[Term, int]]:
    """Return how many persons were counted, and how many of them with each of these terms."""
    wanted = [*set(terms), *((_ALL, shard) for shard in range(_SHARDS))]
    query = select(PersonTerm.kind, PersonTerm.k, PersonTerm.persons_count)
    rows = await tx.execute(query.where(tuple_(PersonTerm.kind, PersonTerm.k).in_(wanted)))
    counted = {(kind, key): count for kind, key, count in rows}
    return sum(count for (kind, _), count in counted.items() if kind == _ALL), counted


async def add_terms(tx: AsyncSession, person_id: PersonId, terms: Iterable[Term]) -> None:
    """Count a person who is new, and what they were first seen with.

    Called last in a transaction: others wait who count the same name.
    """
    counted = sorted({*terms, (_ALL, person_id.int % _SHARDS)})
    table = plain_table(PersonTerm)
    adding = insert(table).values([{"kind": kind, "k": key, "persons_count": 1} for kind, key in counted])
    await tx.execute(
        adding.on_conflict_do_update(
            index_elements=[table.c.kind, table.c.k],
            set_={"persons_count": table.c.persons_count + 1},
        )
    )


async def flush(tx: AsyncSession) -> None:
    """Write what was changed, so that statements see it."""
    await tx.flush()
