"""Try a policy over past children: asked for by a person, gone through by a worker, a batch at a time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.decisions.recommending import parsed, policy_in_force, policy_of
from services.triage.actions.policies.publishing import text_of
from services.triage.errors.policies import ReplayGoing
from services.triage.evidence.replayed import Move, Past, Sums, Trial, replay
from services.triage.models import PolicyReplay
from services.triage.policy.document import PolicyDocument
from services.triage.store import replays
from services.triage.store.replays import Wanted
from services.triage.views.policies import replay_view, replayed_child
from shared.platform.auth import Caller
from shared.platform.database import Sessions, transaction
from shared.schemas.ids import ChildId, PolicyReplayId, new_id
from shared.schemas.policies import ReplayedChild, ReplayForm, ReplayState, ReplayView

_LONDON: Final = ZoneInfo("Europe/London")
#: So many children at once: a fifth of a second or less between two marks of how far it is.
_BATCH: Final = 500
#: A worker that says nothing for so long is taken for dead, and another goes on.
_LEASE: Final = timedelta(seconds=30)
_WORKER: Final = "policy replay"
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one batch is worked on from: a copy, since no transaction is open meanwhile."""

    replay_id: PolicyReplayId
    trial: Trial
    after: ChildId | None
    past: list[Past]


def since(on: date | None) -> datetime | None:
    """Return when a London date begins."""
    return datetime.combine(on, time(), _LONDON).astimezone(UTC) if on else None


async def start_replay(
    tx: AsyncSession, version: str, form: ReplayForm, by: Caller, *, now: datetime
) -> ReplayView:
    """Have a worker try a policy, published or submitted, against the one in force.

    Raises:
        NotFound: there is none of this version.
        NoPolicyInForce: there is nothing to hold it against.
        ReplayGoing: a replay of this version has not ended.
    """
    text = await text_of(tx, version)
    if await replays.find_going(tx, version) is not None:
        raise ReplayGoing
    row = PolicyReplay(
        replay_id=PolicyReplayId(new_id()),
        version=version,
        document=text,
        against=(await policy_in_force(tx)).version,
        since_on=form.since,
        state=ReplayState.WAITING,
        asked_by=by.name,
        asked_by_id=by.subject,
        asked_at=now,
        lease_until=None,
        finished_at=None,
        total=await replays.count_past(tx, since(form.since)),
        done=0,
        not_read=0,
        after_child_id=None,
        sums=Sums().by,
    )
    tx.add(row)
    await tx.flush()
    facts = {"policy_version": version}
    await LEDGER.record(tx, by, "policy_replay.asked_for", at=now, subjects=[row.replay_id], facts=facts)
    return replay_view(row)


async def read_replay(
    tx: AsyncSession, replay_id: PolicyReplayId, reader: Caller, *, now: datetime
) -> ReplayView:
    """Return a replay as far as it is.

    Raises:
        NotFound: there is none.
    """
    row = await replays.get_replay(tx, replay_id)
    await LEDGER.record(tx, reader, "policy_replay.read", at=now, subjects=[replay_id])
    return replay_view(row)


async def list_replays(tx: AsyncSession, version: str, reader: Caller, *, now: datetime) -> list[ReplayView]:
    """Return the newest replays of a version, the newest first.

    Raises:
        NotFound: there is none of this version.
    """
    await text_of(tx, version)
    rows = await replays.list_replays(tx, version, limit=_SHOWN)
    facts = {"policy_version": version}
    await LEDGER.record(
        tx, reader, "policy_replays.listed", at=now, subjects=[row.replay_id for row in rows], facts=facts
    )
    return [replay_view(row) for row in rows]


async def list_moved(
    tx: AsyncSession, replay_id: PolicyReplayId, reader: Caller, wanted: Wanted, *, now: datetime
) -> tuple[list[ReplayedChild], bool]:
    """Return a part of the children who would move, and whether there are more.

    Raises:
        NotFound: there is no such replay.
    """
    await replays.get_replay(tx, replay_id)
    found = await replays.page_of_moved(tx, replay_id, wanted)
    shown = [replayed_child(row) for row in found[: wanted.limit]]
    subjects = [replay_id, *(one.child_id for one in shown)]
    await LEDGER.record(tx, reader, "policy_replay.children_read", at=now, subjects=subjects)
    return shown, len(found) > wanted.limit


async def go_on(sessions: Sessions, *, now: datetime) -> bool:
    """Go through one batch of the replay that is due; say whether there was one.

    A worker that is killed leaves the replay where its last batch ended: the mark moves in the transaction
    that adds what the batch found.
    """
    claim = await _claim(sessions, now)
    if claim is None:
        return False
    sums = Sums()
    moves = await asyncio.to_thread(replay, claim.trial, claim.past, sums)
    async with transaction(sessions, _WORKER) as tx:
        row = await replays.hold_replay(tx, claim.replay_id)
        if row.after_child_id != claim.after or row.state != ReplayState.RUNNING:
            # Somebody took this one for dead, and has gone on.
            return True
        await replays.add_moved(tx, [_moved_row(row.replay_id, move) for move in moves])
        _add(row, sums)
        if claim.past:
            row.after_child_id = claim.past[-1].child_id
        if len(claim.past) < _BATCH:
            row.state, row.finished_at = ReplayState.DONE, now
        row.lease_until = None
    return True


async def _claim(sessions: Sessions, now: datetime) -> _Claim | None:
    async with transaction(sessions, _WORKER) as tx:
        row = await replays.claim_due(tx, now)
        if row is None:
            return None
        row.state, row.lease_until = ReplayState.RUNNING, now + _LEASE
        trial = Trial(parsed(row.document), await policy_of(tx, row.against))
        past = await replays.list_past(tx, since(row.since_on), after=row.after_child_id, limit=_BATCH)
        return _Claim(row.replay_id, trial, row.after_child_id, past)


def _add(row: PolicyReplay, sums: Sums) -> None:
    row.done += sums.done
    row.not_read += sums.not_read
    whole = {name: dict(counted) for name, counted in row.sums.items()}
    for name, counted in sums.by.items():
        for key, numbers in counted.items():
            before = whole[name].get(key, [0, 0, 0])
            whole[name][key] = [old + new for old, new in zip(before, numbers, strict=True)]
    row.sums = whole


def _moved_row(replay_id: PolicyReplayId, move: Move) -> dict[str, Any]:
    return {
        "replay_id": replay_id,
        "child_id": move.past.child_id,
        "case_id": move.past.case_id,
        "reference": move.past.reference,
        "agency_id": move.past.agency_id,
        "locality": move.locality,
        "level": move.before.level or 0,
        "moved": move.moved,
        "before": move.before.model_dump(mode="json"),
        "after": move.after.model_dump(mode="json"),
    }


async def replay_all(
    sessions: Sessions, trial: Trial, sums: Sums, on: date | None, *, batch: int = 1_000
) -> AsyncIterator[list[Move]]:
    """Yield those who would move, a batch of children at a time, and add all of them to the sums.

    No transaction outlives its batch and no batch the next, so memory stays flat however many there are.
    """
    after: ChildId | None = None
    while True:
        async with transaction(sessions, _WORKER) as tx:
            past = await replays.list_past(tx, since(on), after=after, limit=batch)
        if past:
            yield replay(trial, past, sums)
        if len(past) < batch:
            return
        after = past[-1].child_id


async def count_to_replay(sessions: Sessions, on: date | None) -> int:
    """Return how many past children there are to go through."""
    async with transaction(sessions, _WORKER) as tx:
        return await replays.count_past(tx, since(on))


async def trial_of(sessions: Sessions, candidate: PolicyDocument | str) -> Trial:
    """Return a trial of a policy, or of the version of one, against the policy in force.

    Raises:
        NotFound: there is no such version.
        NoPolicyInForce: there is nothing to hold it against.
    """
    async with transaction(sessions, _WORKER) as tx:
        tried = parsed(await text_of(tx, candidate)) if isinstance(candidate, str) else candidate
        return Trial(tried, await policy_in_force(tx))
