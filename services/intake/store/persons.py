"""Queries for the index of persons: whom keys find, and how common what they say is."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Double,
    ScalarSelect,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal_column,
    null,
    select,
    true,
    union_all,
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


@dataclass(frozen=True, slots=True)
class Found:
    """What one trip brings.

    Attributes:
        known: those that share a key which is not over the cap.
        keys: how many of the keys anybody has at all.
        full: how many of those are over the cap.
    """

    known: Sequence[Known]
    counted: Counted
    keys: int
    full: int


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
) -> Found:
    """Return the records that share a key, those with most in common first, and how common some terms are.

    A key says more the fewer share it; one that more than the cap share says too little and finds none.
    All is asked in one trip: the trip costs more than the looking.
    """
    given = {"kinds": [kind for kind, _ in terms], "terms": [term for _, term in terms]}
    rows = (await tx.execute(_candidates(reach.cap), given | _reaching(keys, reach))).all()
    # The counts stand beneath the records.
    _, _, counts, everybody, held, full = rows[-1]
    by_term = {(kind, k): count for kind, k, count in json.loads(counts or "[]")}
    return Found(_known(rows[:-1]), Counted(everybody or 0, by_term), held or 0, full or 0)


async def find_alike(tx: AsyncSession, keys: Sequence[int], reach: Reach) -> Sequence[Known]:
    """Return the newest of those who share most of the keys that are over the cap."""
    rows = (await tx.execute(_alike(reach.cap), _reaching(keys, reach))).all()
    return _known(rows)


def _reaching(keys: Sequence[int], reach: Reach) -> dict[str, Any]:
    return {"wanted": list(keys), "besides": reach.besides, "most": reach.most}


def _known(rows: Sequence[Any]) -> Sequence[Known]:
    # Read all at once: that takes a third of the time of each by itself.
    compared = json.loads(f"[{','.join(row[2] for row in rows)}]")
    return [Known(row[0], row[1], one) for row, one in zip(rows, compared, strict=True)]


@lru_cache(maxsize=8)
def _candidates(cap: int) -> CompoundSelect[Any]:
    """Return the statement; made once, since making it costs as much as asking."""
    hit, most = _hit(cap), _inline(cap)
    found = _best(hit, hit.c.n <= most, func.sum(func.ln(_inline(2 * cap) / hit.c.n)))
    # Each of the rows under a key is this share of it: together they count the keys.
    each = func.sum(_inline(1) / hit.c.n)
    keys = func.round(each).cast(BigInteger), func.round(each.filter(hit.c.n > most)).cast(BigInteger)
    nobody, nothing = null().cast(Uuid), null().cast(BigInteger)
    counted = select(nobody, nobody, _own_terms().cast(Text), _all_persons(), *keys).select_from(hit)
    return union_all(_records_of(found).add_columns(nothing, nothing, nothing), counted)


@lru_cache(maxsize=8)
def _alike(cap: int) -> Select[Any]:
    hit = _hit(cap)
    return _records_of(_best(hit, hit.c.n > _inline(cap), func.count()))


def _inline(number: int) -> ColumnElement[float]:
    """Return a number that is part of the statement: the planner counts on it."""
    return literal_column(f"{number}.0::float8", Double)


def _hit(cap: int) -> CTE:
    """Return the newest records of each key, each with how many these are: of more than the cap, one more."""
    wanted = (
        func.unnest(bindparam("wanted", type_=ARRAY(BigInteger))).table_valued("k").render_derived("wanted")
    )
    newest = (
        select(_KEY.c.record_id)
        .where(_KEY.c.k == wanted.c.k)
        .order_by(_KEY.c.record_id.desc())
        .limit(literal_column(str(cap + 1)))
        .correlate(wanted)
        .subquery("newest")
    )
    count = func.count().over().cast(Double).label("n")
    sharing = select(newest.c.record_id, count).lateral("sharing")
    both = wanted.join(sharing, true())
    return select(sharing.c.record_id, sharing.c.n).select_from(both).cte("hit")


def _best(hit: CTE, which: ColumnElement[bool], weight: ColumnElement[Any]) -> CTE:
    own = select(_RECORD.c.record_id).where(_RECORD.c.referral_id == bindparam("besides", type_=Uuid))
    return (
        select(hit.c.record_id)
        .where(which, hit.c.record_id.not_in(own))
        .group_by(hit.c.record_id)
        .order_by(weight.desc(), hit.c.record_id.desc())
        .limit(bindparam("most", type_=BigInteger))
        .cte("found")
    )


def _records_of(found: CTE) -> Select[Any]:
    joined = _RECORD.join(found, found.c.record_id == _RECORD.c.record_id)
    return select(_RECORD.c.record_id, _RECORD.c.person_id, _RECORD.c.compared.cast(Text)).select_from(joined)


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
    """Let a record be found by all its new keys, and by its old ones no more."""
    before, after = set(old), set(new)
    if gone := before - after:
        # By key and record: the one index of the table leads with the key.
        await tx.execute(delete(_KEY).where(_KEY.c.k.in_(gone), _KEY.c.record_id == record_id))
    if after:
        # All of them: an earlier release may have kept fewer keys of the same words.
        rows = [{"k": key, "record_id": record_id} for key in sorted(after)]
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
