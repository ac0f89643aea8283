"""Writing down one of the people of a referral, and what followed from holding them against those known."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import link_trees
from services.intake.actions.describing import Described, references_of
from services.intake.actions.judging import NOTHING, Held, Judgement
from services.intake.actions.search_keys import search_keys_of
from services.intake.matching.keys import keys_of
from services.intake.matching.person import as_stored, from_stored
from services.intake.models import LinkDecision, Match, MatchCandidate, Person, PersonRecord, Referral
from services.intake.store import links, persons, records
from shared.platform.audit import system
from shared.problems import Unavailable
from shared.schemas.ids import LinkDecisionId, MatchId, PersonId, RecordId, new_id
from shared.schemas.people_index import Told
from shared.schemas.words import LinkState, LinkVerdict, MatchState

#: The way in which keys are made of a record; it moves whenever other keys come of the same words.
KEYS_VERSION: Final = 1
#: Who the machine is in the history of links.
MACHINE: Final = system("intake")


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody of the version that is matched.

    Attributes:
        before: their record, where another version has described them.
        apart: persons whom they are not asked about: somebody has said so, or it is their own.
        judgement: what follows from holding them against those known.
    """

    described: Described
    before: PersonRecord | None
    apart: frozenset[PersonId] = frozenset()
    judgement: Judgement = NOTHING

    @property
    def is_matched(self) -> bool:
        """Whether they are to be held against those known: again only when something else is said of them."""
        if self.before is None:
            return True
        is_confirmed = self.before.link_state == LinkState.CONFIRMED
        return not is_confirmed and self.before.compared != stored(self.described)


def stored(described: Described) -> list[Any]:
    """Return what is compared of somebody, just as it comes back from the database."""
    read: list[Any] = json.loads(json.dumps(as_stored(described.person)))
    return read


async def settle(tx: AsyncSession, case: Case, version: Referral, *, now: datetime) -> PersonRecord:
    """Write down one of the people, link them where they are surely known, and ask where they may be.

    Raises:
        Unavailable: the record they are likened to has moved meanwhile.
    """
    # Asked before the record takes on what is said now.
    is_matched, judgement, sure = case.is_matched, case.judgement, case.judgement.sure
    to = await _find_target(tx, sure) if sure else None
    if case.before is None:
        record = await _add(tx, case, version, to, now=now)
    else:
        record = await _change(tx, case.before, case.described, version)
        if is_matched:
            judgement = await _match_again(tx, record, case, to, now=now)
    if is_matched:
        await _ask(tx, record, judgement, now=now)
    return record


async def _find_target(tx: AsyncSession, sure: Held) -> PersonRecord:
    target = await records.find_record(tx, sure.record_id)
    if target is None or target.person_id != sure.person_id:
        raise Unavailable("The record was moved meanwhile.")
    return target


async def _add(
    tx: AsyncSession, case: Case, version: Referral, to: PersonRecord | None, *, now: datetime
) -> PersonRecord:
    sure, one = case.judgement.sure, case.described
    person_id = to.person_id if to else PersonId(new_id())
    record = PersonRecord(
        record_id=RecordId(one.child_id or new_id()),
        referral_id=version.referral_id,
        version=version.version,
        kind=one.kind,
        told=one.told.model_dump(mode="json"),
        compared=stored(one),
        person_id=person_id,
        own_person_id=None if to else person_id,
        link_state=LinkState.PROVISIONAL if to else LinkState.OWN,
        likened_to=to.record_id if to else None,
        evidence=sure.evidence if sure else None,
        linked_at=now,
        keys_version=KEYS_VERSION,
    )
    if to is None:
        await persons.add_person(tx, Person(person_id=person_id, made_at=now))
    await persons.add_record(tx, record)
    await persons.set_keys(tx, record.record_id, (), keys_of_record(record, references_of(version)))
    if to is not None:
        await _note(tx, record, person_id, LinkVerdict.LINKED, [record], now=now)
    return record


async def _change(tx: AsyncSession, record: PersonRecord, one: Described, version: Referral) -> PersonRecord:
    references = references_of(version)
    old = keys_of_record(record, references)
    record.version, record.told, record.compared = (
        version.version,
        one.told.model_dump(mode="json"),
        stored(one),
    )
    record.keys_version = KEYS_VERSION
    await persons.set_keys(tx, record.record_id, old, keys_of_record(record, references))
    return record


def keys_of_record(record: PersonRecord, references: list[str]) -> set[int]:
    """Return every key by which a record is found, as this release makes them.

    Args:
        references: by which the record's referral may be looked for.
    """
    person = from_stored(record.compared)
    narrow, wide = keys_of(person)
    return {*narrow, *wide} | search_keys_of(Told.model_validate(record.told), person, references)


async def _match_again(
    tx: AsyncSession, record: PersonRecord, case: Case, to: PersonRecord | None, *, now: datetime
) -> Judgement:
    """Put a link of the machine's own right, now that something else is said of somebody.

    Returns what is left to be asked.
    """
    judgement, sure = case.judgement, case.judgement.sure
    if record.link_state != LinkState.PROVISIONAL:
        return judgement
    if to is not None and sure is not None and to.person_id == record.person_id:
        if to.record_id == record.likened_to:
            record.evidence = sure.evidence
        return judgement
    left = record.person_id
    moved = await link_trees.detach(tx, record, now=now)
    await _note(tx, record, left, LinkVerdict.UNLINKED, moved, now=now)
    if to is None or sure is None:
        return judgement
    if len(moved) > 1:
        # Others are linked to it: together they are a person, and joining two is left to people.
        return Judgement(possible=(sure,))
    moved = await link_trees.attach(tx, record, to, LinkState.PROVISIONAL, sure.evidence, now=now)
    await _note(tx, record, to.person_id, LinkVerdict.LINKED, moved, now=now)
    return judgement


async def _note(
    tx: AsyncSession,
    record: PersonRecord,
    person_id: PersonId,
    verdict: LinkVerdict,
    moved: Sequence[PersonRecord],
    *,
    now: datetime,
) -> None:
    """Write what the machine did into the history."""
    decision = LinkDecision(
        decision_id=LinkDecisionId(new_id()),
        record_id=record.record_id,
        of_person_id=person_id,
        person_id=person_id,
        verdict=verdict,
        moved=[str(one.record_id) for one in moved],
        moved_to=record.person_id,
        reason=None,
        evidence=record.evidence,
        match_id=None,
        decided_at=now,
        decided_by=MACHINE.subject,
        decided_by_name=MACHINE.name,
    )
    await links.add_decision(tx, decision)


async def _ask(tx: AsyncSession, record: PersonRecord, judgement: Judgement, *, now: datetime) -> None:
    """Have a person say whether it is one of those who may be the same; a question that is moot is closed."""
    # Those that a later version, or somebody who linked meanwhile, made the same already are no question.
    standing = await _as_they_stand(tx, judgement.possible)
    possible = [held for held in standing if held.person_id != record.person_id]
    task = next(iter(await links.list_open(tx, [record.record_id])), None)
    if task is None and not possible:
        return
    if task is None:
        task = Match(
            match_id=MatchId(new_id()),
            record_id=record.record_id,
            state=MatchState.OPEN,
            raised_at=now,
            closed_at=None,
        )
        await links.add_match(tx, task, (_candidate(task, held) for held in possible))
        return
    await links.replace_candidates(tx, task.match_id, (_candidate(task, held) for held in possible))
    if not possible:
        await links.close(tx, [task.match_id], MatchState.OVERTAKEN, now=now)


async def _as_they_stand(tx: AsyncSession, possible: Sequence[Held]) -> list[Held]:
    """Return those who may be somebody by whose they are now, each person once, likeliest first.

    A record that was moved since it was held against them would be asked about as somebody's whose it is not,
    and nobody could answer that. From here on whoever moves one finds the question that asks about it.
    """
    if not possible:
        return []
    whose = await records.hold_whose(tx, [held.record_id for held in possible])
    found: dict[PersonId, Held] = {}
    for held in possible:
        if (now_of := whose.get(held.record_id)) is not None:
            found.setdefault(now_of, replace(held, person_id=now_of))
    return list(found.values())


def _candidate(task: Match, held: Held) -> MatchCandidate:
    return MatchCandidate(
        match_id=task.match_id,
        person_id=held.person_id,
        likened_to=held.record_id,
        probability=held.score.probability,
        evidence=held.evidence,
        verdict=None,
    )
