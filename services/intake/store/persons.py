"""Queries for the index of persons: whom keys find, and how common what they say is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ScalarSelect,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import Person, PersonKey, PersonRecord, PersonTerm
from shared.platform.database import LOCK_NOT_AVAILABLE, plain_table, sqlstate
from shared.problems import Unavailable
from shared.schemas.ids import PersonId, RecordId, ReferralId

_RECORD, _KEY, _TERM = plain_table(PersonRecord), plain_table(PersonKey), plain_table(PersonTerm)
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


@dataclass(frozen=True, slots=True)
class Reach:
    """How far candidates are looked for.

    Attributes:
        cap: more records than this under one key, and the key says too little.
        most: how many are returned at the most.
        besides: the referral whose own people are left out: its sender tells them apart.
    """

    cap: int
    most: int
    besides: ReferralId | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many persons there are, and how many of them were first seen with a term."""

    persons: int
    by_term: Mapping[Term, int]


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
    tx: AsyncSession, keys: Sequence[int], terms: Sequence[Term], reach: Reach
) -> tuple[list[Known], Counted]:
    """Return the records that share a key, those that share most keys first, and how common some terms are.

    A key that more than the cap share says too little and finds none; where every key is such a key, the
    newest of those who share most of them are returned. Both are asked in one trip: the trip costs more.
    """
    given = {
        "wanted": list(keys),
        "besides": reach.besides,
        "most": reach.most,
        "kinds": [kind for kind, _ in terms],
        "terms": [term for _, term in terms],
    }
    rows = (await tx.execute(_candidates(reach.cap), given)).all()
    if not rows:
        return [], Counted(0, {})
    _, _, _, persons, counts = rows[0]
    counted = Counted(persons or 0, {(kind, k): count for kind, k, count in counts or ()})
    return [Known(record_id, person_id, compared) for record_id, person_id, compared, _, _ in rows], counted


@lru_cache(maxsize=8)
def _candidates(cap: int) -> Select[Any]:
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
    both = wanted.join(sharing, sharing.c.record_id.is_not(None))
    hit = select(wanted.c.k, sharing.c.record_id).select_from(both).cte("hit")
    full = select(hit.c.k).group_by(hit.c.k).having(func.count() > cap).scalar_subquery()
    telling = func.count().filter(hit.c.k.not_in(full)).label("telling")
    counted = select(hit.c.record_id, telling, func.count().label("shared"))
    one = counted.group_by(hit.c.record_id).cte("found")
    most_telling = select(func.max(one.c.telling)).scalar_subquery()
    return (
        select(_RECORD.c.record_id, _RECORD.c.person_id, _RECORD.c.compared, _all_persons(), _own_terms())
        .join(one, one.c.record_id == _RECORD.c.record_id)
        .where(
            or_(one.c.telling > 0, most_telling == 0),
            _RECORD.c.referral_id.is_distinct_from(bindparam("besides", type_=Uuid)),
        )
        .order_by(one.c.telling.desc(), one.c.shared.desc(), _RECORD.c.record_id.desc())
        .limit(bindparam("most", type_=BigInteger))
    )


def _all_persons() -> ScalarSelect[Any]:
    counted = select(cast(func.sum(_TERM.c.persons_count), BigInteger)).where(_TERM.c.kind == _ALL)
    return counted.scalar_subquery()


@lru_cache(maxsize=1)
def _own_terms() -> ScalarSelect[Any]:
    asked = (
        func.unnest(bindparam("kinds", type_=ARRAY(Text)), bindparam("terms", type_=ARRAY(BigInteger)))
        .table_valued("kind", "k")
        .render_derived("asked")
    )
    line = func.jsonb_build_array(_TERM.c.kind, _TERM.c.k, _TERM.c.persons_count)
    joined = _TERM.join(asked, and_(asked.c.kind == _TERM.c.kind, asked.c.k == _TERM.c.k))
    return select(func.jsonb_agg(line, type_=JSONB)).select_from(joined).scalar_subquery()


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


_COUNTING: Final = select(_own_terms())


async def count_terms(tx: AsyncSession, terms: Sequence[Term]) -> Mapping[Term, int]:
    """Return how many persons were first seen with each of some terms."""
    given = {"kinds": [kind for kind, _ in terms], "terms": [term for _, term in terms]}
    counts = await tx.scalar(_COUNTING, given)
    return {(kind, k): count for kind, k, count in counts or ()}


async def count(tx: AsyncSession, terms: Sequence[Term]) -> Counted:
    """Return how many persons there are, and how many of them were first seen with each of some terms."""
    given = {"kinds": [kind for kind, _ in terms], "terms": [term for _, term in terms]}
    persons, counts = (await tx.execute(select(_all_persons(), _own_terms()), given)).one()
    return Counted(persons or 0, {(kind, k): count for kind, k, count in counts or ()})


async def add_terms(tx: AsyncSession, person_id: PersonId, terms: Iterable[Term]) -> None:
    """Count a person who is new, and what they were first seen with.

    Called last in a transaction: others wait who count the same name.
    """
    counted = sorted({*terms, (_ALL, person_id.int % _SHARDS)})
    adding = insert(_TERM).values([{"kind": kind, "k": key, "persons_count": 1} for kind, key in counted])
    await tx.execute(
        adding.on_conflict_do_update(
            index_elements=[_TERM.c.kind, _TERM.c.k],
            set_={"persons_count": _TERM.c.persons_count + 1},
        )
    )


async def flush(tx: AsyncSession) -> None:
    """Write what was changed, so that statements see it."""
    await tx.flush()
