"""Whom keys find in the index of persons, and how common what they say is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    Double,
    ScalarSelect,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from services.intake.models import PersonKey, PersonRecord, PersonTerm
from shared.platform.database import plain_table
from shared.platform.driver import Question
from shared.schemas.ids import PersonId, RecordId, ReferralId

_RECORD, _KEY, _TERM = plain_table(PersonRecord), plain_table(PersonKey), plain_table(PersonTerm)
#: The kind of term under which all persons are counted.
EVERYBODY: Final = "all"

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
        counted: None where nothing was to be counted.
        keys: how many of the keys anybody has at all.
        full: how many of those are over the cap.
    """

    known: Sequence[Known]
    counted: Counted | None
    keys: int
    full: int


async def find_candidates(
    tx: AsyncSession, keys: Sequence[int], terms: Sequence[Term] | None, reach: Reach
) -> Found:
    """Return the records that share a key, those with most in common first, and how common some terms are.

    A key says more the fewer share it; one that more than the cap share says too little and finds none.
    All is asked in one trip: the trip costs more than the looking.

    Args:
        terms: None where they were counted before.
    """
    given = _reaching(keys, reach) | ({} if terms is None else _asking(terms))
    rows = await _candidates(reach.cap, reach.most, terms is not None).ask(tx, given)
    # The counts stand beneath the records.
    _, _, counts, everybody, held, full = rows[-1]
    counted = None if terms is None else Counted(everybody or 0, _read_counts(counts))
    return Found(_known(rows[:-1]), counted, held, full)


async def find_alike(tx: AsyncSession, keys: Sequence[int], reach: Reach) -> Sequence[Known]:
    """Return the newest of those who share most of the keys that are over the cap."""
    return _known(await _alike(reach.cap, reach.most).ask(tx, _reaching(keys, reach)))


async def count(tx: AsyncSession, terms: Sequence[Term]) -> Counted:
    """Return how many persons there are, and how many of them were first seen with each of some terms."""
    (row,) = await _counts().ask(tx, _asking(terms))
    return Counted(row[0] or 0, _read_counts(row[1]))


def _asking(terms: Sequence[Term]) -> dict[str, Any]:
    return {"kinds": [kind for kind, _ in terms], "terms": [term for _, term in terms]}


def _read_counts(counts: str | None) -> Mapping[Term, int]:
    return {(kind, k): count for kind, k, count in json.loads(counts or "[]")}


def _reaching(keys: Sequence[int], reach: Reach) -> dict[str, Any]:
    return {"wanted": list(keys), "besides": reach.besides}


def _known(rows: Sequence[Any]) -> Sequence[Known]:
    # Read all at once: that takes a third of the time of each by itself.
    compared = json.loads(f"[{','.join(row[2] for row in rows)}]")
    return [Known(row[0], row[1], one) for row, one in zip(rows, compared, strict=True)]


@lru_cache(maxsize=8)
def _candidates(cap: int, limit: int, is_counted: bool) -> Question:
    """Return the statement; made once, since making it costs as much as asking."""
    held, most = _held(cap), literal_column(str(cap), BigInteger)
    found = _best(held, held.c.n <= most, func.sum(func.ln(_inline(2 * cap) / held.c.n)), limit)
    keys = func.count().filter(held.c.n > literal_column("0")), func.count().filter(held.c.n > most)
    nobody, nothing, no_text = null().cast(Uuid), null().cast(BigInteger), null().cast(Text)
    counts = (_own_terms().cast(Text), _all_persons()) if is_counted else (no_text, nothing)
    counted = select(nobody, nobody, *counts, *keys).select_from(held)
    return Question(union_all(_records_of(found).add_columns(nothing, nothing, nothing), counted))


@lru_cache(maxsize=8)
def _alike(cap: int, limit: int) -> Question:
    held = _held(cap)
    return Question(_records_of(_best(held, held.c.n > literal_column(str(cap)), func.count(), limit)))


@lru_cache(maxsize=1)
def _counts() -> Question:
    return Question(select(_all_persons(), _own_terms().cast(Text)))


def _asked(name: str, of: TypeEngine[Any]) -> ScalarSelect[Any]:
    """Return a value that is asked for, hidden from the planner.

    What it cannot see makes no plan cheaper than another, so that the server plans a statement once for a
    connection and not each time: planning takes four times as long as looking.
    """
    return select(bindparam(name, type_=of)).scalar_subquery()


def _inline(number: int) -> ColumnElement[float]:
    """Return a number that is part of the statement: the planner counts on it."""
    return literal_column(f"{number}.0::float8", Double)


def _held(cap: int) -> CTE:
    """Return for each key its newest records in one, and how many: of more than the cap, one more."""
    wanted = func.unnest(_asked("wanted", ARRAY(BigInteger))).table_valued("k").render_derived("wanted")
    newest = (
        select(_KEY.c.record_id)
        .where(_KEY.c.k == wanted.c.k)
        .order_by(_KEY.c.record_id.desc())
        .limit(literal_column(str(cap + 1)))
        .correlate(wanted)
        .subquery("newest")
    )
    # Rows of those too many are never made of it: that, not reading the index, is what they cost.
    together = func.array_agg(newest.c.record_id, type_=ARRAY(Uuid)).label("ids")
    sharing = select(together, func.count().label("n")).lateral("sharing")
    return select(sharing.c.ids, sharing.c.n).select_from(wanted.join(sharing, true())).cte("held")


def _best(held: CTE, which: ColumnElement[bool], weight: ColumnElement[Any], limit: int) -> CTE:
    own = select(_RECORD.c.record_id).where(_RECORD.c.referral_id == _asked("besides", Uuid()))
    one = func.unnest(held.c.ids).table_valued(column("record_id", Uuid)).render_derived("one")
    return (
        select(one.c.record_id)
        .select_from(held.join(one, true()))
        .where(which, one.c.record_id.not_in(own))
        .group_by(one.c.record_id)
        .order_by(weight.desc(), one.c.record_id.desc())
        .limit(literal_column(str(limit)))
        .cte("found")
    )


def _records_of(found: CTE) -> Select[Any]:
    joined = _RECORD.join(found, found.c.record_id == _RECORD.c.record_id)
    return select(_RECORD.c.record_id, _RECORD.c.person_id, _RECORD.c.compared.cast(Text)).select_from(joined)


def _all_persons() -> ScalarSelect[Any]:
    counted = select(cast(func.sum(_TERM.c.persons_count), BigInteger)).where(
        _TERM.c.kind == literal_column(f"'{EVERYBODY}'")
    )
    return counted.scalar_subquery()


def _own_terms() -> ScalarSelect[Any]:
    asked = (
        func.unnest(_asked("kinds", ARRAY(Text)), _asked("terms", ARRAY(BigInteger)))
        .table_valued("kind", "k")
        .render_derived("asked")
    )
    line = func.jsonb_build_array(_TERM.c.kind, _TERM.c.k, _TERM.c.persons_count)
    joined = _TERM.join(asked, and_(asked.c.kind == _TERM.c.kind, asked.c.k == _TERM.c.k))
    return select(func.jsonb_agg(line, type_=JSONB)).select_from(joined).scalar_subquery()
