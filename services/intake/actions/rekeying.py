"""The sweep: whoever was indexed by an earlier release gets the keys of this one, a few at a time."""

import asyncio
import time
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions.describing import references_of
from services.intake.actions.indexing import KEYS_VERSION, keys_of_record
from services.intake.store import persons, referrals, rekeying
from shared.platform.database import Sessions, transaction
from shared.platform.patience import delays, rest
from shared.platform.process import Worker
from shared.platform.telemetry import old_person_keys
from shared.problems import Unavailable

#: Who the sweep is to the row policies of the database.
_SWEEP: Final = "sweep"
# Some tens of milliseconds: nobody at the door waits behind a batch for longer.
BATCH: Final = 20
#: For so many times as long as a batch took, the sweep leaves processor and database to others.
_REST_FACTOR: Final = 4
_TELL_EVERY: Final = 50


async def rekey_batch(tx: AsyncSession, *, version: int = KEYS_VERSION, limit: int = BATCH) -> int:
    """Give some records the keys of this release; return how many there were to do.

    What each was found by before stays, since nobody knows any more how it was made: an earlier release that
    still runs beside this one finds everybody, and this one asks for no such key. No record is read by
    anybody, no link changes, and nothing is matched again.

    Args:
        version: the way of making keys to bring them up to.
    """
    found = await rekeying.claim_old(tx, version, limit=limit)
    for record in found:
        told_in = await referrals.find_referral(tx, record.referral_id, version=record.version)
        references = references_of(told_in) if told_in is not None else []
        await persons.set_keys(tx, record.record_id, (), keys_of_record(record, references))
        record.keys_version = version
    await tx.flush()
    return len(found)


async def are_keys_current(sessions: Sessions) -> bool:
    """Say whether every record has the keys of this release."""
    async with transaction(sessions, _SWEEP) as tx:
        return not await rekeying.is_any_old(tx, KEYS_VERSION)


def sweeping(sessions: Sessions, *, every: timedelta) -> Worker:
    """Return the worker that brings keys up to date.

    How far it is stands in the rows alone: it goes on where it was after a restart, several of them share
    the work, and a database that was away is tried again.

    Args:
        every: how long it rests once nothing is left; an earlier release may still write old keys.
    """

    async def work(stop: asyncio.Event) -> None:
        waits = delays(longest_seconds=every.total_seconds())
        batches = 0
        while not stop.is_set():
            began = time.monotonic()
            try:
                async with transaction(sessions, _SWEEP) as tx:
                    done = await rekey_batch(tx)
                    left = await _count(tx) if batches % _TELL_EVERY == 0 or done < BATCH else None
            except Unavailable:
                await rest(next(waits), stop)
                continue
            waits = delays(longest_seconds=every.total_seconds())
            if left is not None:
                _tell(left, is_told=batches > 0 or done > 0)
            batches = batches + 1 if done else 0
            seconds = (time.monotonic() - began) * _REST_FACTOR if done else every.total_seconds()
            await rest(seconds, stop)

    return work


async def _count(tx: AsyncSession) -> int:
    return await rekeying.count_old(tx, KEYS_VERSION)


def _tell(left: int, *, is_told: bool) -> None:
    old_person_keys.set(left)
    if is_told:
        structlog.get_logger().info("person_keys_left", count=left)
