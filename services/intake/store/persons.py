"""Writing the index of persons: who waits for whom, the keys that find a record, and what is counted."""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import ARRAY, BigInteger, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import Person, PersonKey, PersonRecord, PersonTerm
from services.intake.store.candidates import EVERYBODY, Term
from shared.platform.database import LOCK_NOT_AVAILABLE, plain_table, sqlstate
from shared.problems import Unavailable
from shared.schemas.ids import PersonId, RecordId

_KEY, _TERM = plain_table(PersonKey), plain_table(PersonTerm)
#: Whoever takes so many keys at once takes all there are: the server has room for a few thousand locks.
_MOST_LOCKS: Final = 400
_EVERY_KEY: Final = 4_110_001
#: Counting all persons in one row would have every match wait for every other.
_SHARDS: Final = 16


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


async def add_terms(tx: AsyncSession, person_id: PersonId, terms: Iterable[Term]) -> None:
    """Count a person who is new, and what they were first seen with.

    Called last in a transaction: others wait who count the same name.
    """
    counted = sorted({*terms, (EVERYBODY, person_id.int % _SHARDS)})
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
