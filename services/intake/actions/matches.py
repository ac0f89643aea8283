"""The tasks of matching: what waits for a person, and one task with its candidates side by side."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.actions.birth_matches import find_births
from services.intake.actions.showing_people import show_decision, show_likeness, show_record
from services.intake.actions.sight import Sight, is_opened_to, look
from services.intake.models import MatchCandidate as Asked
from services.intake.store import links, records
from services.intake.store.links import Place
from services.intake.store.records import Placed
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.ids import MatchId, PersonId
from shared.schemas.people_index import (
    Match,
    MatchCandidate,
    MatchSummary,
    OpenQuestionCount,
    OpenQuestionCounts,
)
from shared.schemas.words import MatchState, MatchVerdict


async def list_matches(
    tx: AsyncSession, reader: Caller, state: MatchState, *, after: Place | None, limit: int, now: datetime
) -> tuple[list[MatchSummary], bool]:
    """Return a page of tasks, and whether there are more. Open ones have the longest waiting first.

    Of a task with somebody restricted in it, only managers are told how likely it is: they answer it.
    """
    found = await links.list_matches(tx, state, after=after, limit=limit)
    page = found[:limit]
    placed = await records.list_placed_by_id(tx, [task.record_id for task, _, _ in page])
    asked = await links.list_persons_asked_about(tx, [task.match_id for task, _, _ in page])
    sight = await look(tx, reader, placed.values(), persons=set[PersonId]().union(*asked.values()))
    shown = []
    for task, count, best in page:
        record = placed[task.record_id]
        is_restricted = bool({record[0].person_id, *asked.get(task.match_id, ())} & sight.persons)
        shown.append(
            MatchSummary(
                match_id=task.match_id,
                state=MatchState(task.state),
                raised_at=task.raised_at,
                closed_at=task.closed_at,
                record=show_record(record, sight),
                candidates_count=count,
                best_probability=best if sight.opens or not is_restricted else None,
                restricted=is_restricted,
            )
        )
    subjects = [subject for task, _, _ in page for subject in (task.match_id, task.record_id)]
    await LEDGER.record(tx, reader, "matches.listed", at=now, subjects=subjects)
    return shown, len(found) > limit


async def count_open(tx: AsyncSession, references: Collection[str], reader: Caller) -> OpenQuestionCounts:
    """Return how many questions wait about the people of each of some referrals.

    It shows no one, so that a work list that is drawn anew every minute looks at nobody's record; that of a
    restricted person would say that they are known, and is left out but for managers.
    """
    within = records.WITHIN_ALL if is_opened_to(reader) else records.within_open(by_reference=True)
    counts = await links.count_open_by_reference(tx, references, within)
    return OpenQuestionCounts(
        items=[OpenQuestionCount(reference=one, open_count=count) for one, count in counts.items()]
    )


async def read_match(tx: AsyncSession, match_id: MatchId, reader: Caller, *, now: datetime) -> Match:
    """Return a task with all that is known of each candidate.

    Of a restricted record its candidates would say who it is: only managers are shown them.

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
    births = await find_births(tx, record, known)
    persons = {one.person_id for one in asked}
    sight = await look(tx, reader, [record, *known], history, persons)
    subjects = [match_id, task.record_id, *of_person, *(placed[0].record_id for placed in known)]
    await LEDGER.record(tx, reader, "match.read", at=now, subjects=subjects)
    return Match(
        match_id=task.match_id,
        state=MatchState(task.state),
        raised_at=task.raised_at,
        closed_at=task.closed_at,
        record=show_record(record, sight),
        candidates=(
            []
            if sight.hides(record[0].person_id)
            else [_show(one, of_person.get(one.person_id, []), sight, births) for one in asked]
        ),
        history=[show_decision(decision, sight) for decision in history],
        restricted=bool({record[0].person_id, *persons} & sight.persons),
    )


def _show(
    asked: Asked, known: Sequence[Placed], sight: Sight, births: Mapping[PersonId, str]
) -> MatchCandidate:
    is_hidden = sight.hides(asked.person_id)
    # Of whom nothing is left (their records were linked elsewhere) nothing is shown but what was said.
    received = {referral.referral_id: referral.received_at for _, referral in known}
    return MatchCandidate(
        person_id=asked.person_id,
        likeness=None if is_hidden else show_likeness(asked.evidence),
        birth=None if is_hidden else births.get(asked.person_id),
        likened_to=None if is_hidden else asked.likened_to,
        records=[show_record(placed, sight) for placed in known],
        referrals_count=len(received),
        first_received_at=None if is_hidden else min(received.values(), default=None),
        last_received_at=None if is_hidden else max(received.values(), default=None),
        verdict=MatchVerdict(asked.verdict) if asked.verdict else None,
        restricted=asked.person_id in sight.persons,
    )
