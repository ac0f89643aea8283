"""The tasks of matching: what waits for a person, and one task with its candidates side by side."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.actions.showing_people import show_decision, show_likeness, show_record
from services.intake.models import MatchCandidate as Asked
from services.intake.store import links, records
from services.intake.store.links import Place
from services.intake.store.records import Placed
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.ids import MatchId, PersonId
from shared.schemas.people_index import Match, MatchCandidate, MatchSummary
from shared.schemas.words import MatchState, MatchVerdict


async def list_matches(
    tx: AsyncSession, reader: Caller, state: MatchState, *, after: Place | None, limit: int, now: datetime
) -> tuple[list[MatchSummary], bool]:
    """Return a page of tasks, and whether there are more. Open ones have the longest waiting first."""
    found = await links.list_matches(tx, state, after=after, limit=limit)
    page = found[:limit]
    placed = await records.list_placed_by_id(tx, [task.record_id for task, _, _ in page])
    shown = [
        MatchSummary(
            match_id=task.match_id,
            state=MatchState(task.state),
            raised_at=task.raised_at,
            closed_at=task.closed_at,
            record=show_record(placed[task.record_id]),
            candidates_count=count,
            best_probability=best,
        )
        for task, count, best in page
    ]
    subjects = [subject for one in shown for subject in (one.match_id, one.record.record_id)]
    await LEDGER.record(tx, reader, "matches.listed", at=now, subjects=subjects)
    return shown, len(found) > limit


async def read_match(tx: AsyncSession, match_id: MatchId, reader: Caller, *, now: datetime) -> Match:
    """Return a task with all that is known of each candidate.

    Raises:
        NotFound: there is no such task.
    """
    task = await links.find_match(tx, match_id)
    record = await records.find_placed(tx, task.record_id) if task else None
    if task is None or record is None:
        raise NotFound
    asked = await links.list_candidates(tx, match_id)
    known = await records.list_placed(tx, [one.person_id for one in asked])
    of_person: dict[PersonId, list[Placed]] = {}
    for placed in known:
        of_person.setdefault(placed[0].person_id, []).append(placed)
    history = await links.list_decisions(tx, [], [task.record_id])
    subjects = [match_id, task.record_id, *of_person, *(placed[0].record_id for placed in known)]
    await LEDGER.record(tx, reader, "match.read", at=now, subjects=subjects)
    return Match(
        match_id=task.match_id,
        state=MatchState(task.state),
        raised_at=task.raised_at,
        closed_at=task.closed_at,
        record=show_record(record),
        candidates=[_show(one, of_person.get(one.person_id, [])) for one in asked],
        history=[show_decision(decision) for decision in history],
    )


def _show(asked: Asked, known: Sequence[Placed]) -> MatchCandidate:
    # Of whom nothing is left (their records were linked elsewhere) nothing is shown but what was said.
    received = {referral.referral_id: referral.received_at for _, referral in known}
    return MatchCandidate(
        person_id=asked.person_id,
        likeness=show_likeness(asked.evidence),
        likened_to=asked.likened_to,
        records=[show_record(placed) for placed in known],
        referrals_count=len(received),
        first_received_at=min(received.values(), default=None),
        last_received_at=max(received.values(), default=None),
        verdict=MatchVerdict(asked.verdict) if asked.verdict else None,
    )
