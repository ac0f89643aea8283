"""What staff decide about records and persons; all of it can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER, link_trees
from services.intake.actions.restricting import announce_around
from services.intake.actions.showing_people import show_decision, show_record
from services.intake.actions.sight import look, require_opened
from services.intake.errors import AlreadyLinked, MatchIsDecided, NotLinked, NotNamed
from services.intake.models import MAILBOX, LinkDecision, Match, MatchCandidate, PersonRecord
from services.intake.store import links, persons, records
from shared.platform.auth import Caller
from shared.platform.outbox import publish
from shared.problems import NotFound, Unavailable
from shared.schemas.events import LinkChanged
from shared.schemas.ids import ChildId, LinkDecisionId, MatchId, PersonId, RecordId, new_id
from shared.schemas.people_index import LinkForm, MatchDecided, MatchDecisionForm, RecordLinked
from shared.schemas.words import LinkState, LinkVerdict, MatchState, MatchVerdict, PersonKind


@dataclass(frozen=True, slots=True)
class _Said:
    """What somebody decided, on its way into the history.

    Attributes:
        of_person_id: whose record it was when they did.
        person_id: the person it was held against, or taken from.
    """

    record: PersonRecord
    of_person_id: PersonId
    person_id: PersonId
    verdict: LinkVerdict
    reason: str
    moved: Sequence[PersonRecord] = ()
    match_id: MatchId | None = None
    evidence: dict[str, Any] | None = None


async def decide_match(
    tx: AsyncSession, match_id: MatchId, form: MatchDecisionForm, decider: Caller, *, now: datetime
) -> MatchDecided:
    """Note what somebody makes of one candidate of a task; it is remembered, and not asked again.

    Saying the same again writes nothing.

    Raises:
        NotFound: there is no such task.
        NotNamed: it does not ask about this person.
        RestrictedRecord: somebody in it is restricted, and the decider is no manager.
        MatchIsDecided: somebody has decided otherwise, or nothing is left to ask.
        AlreadyLinked: somebody has confirmed meanwhile whose record it is.
    """
    task = await links.find_match(tx, match_id, hold=True)
    if task is None:
        raise NotFound
    candidates = await links.list_candidates(tx, match_id)
    await _require_opened_task(tx, task, candidates, decider)
    candidate = next((one for one in candidates if one.person_id == form.person_id), None)
    if candidate is None:
        raise NotNamed("person_id", "not_a_candidate", "The task does not ask about this person.")
    if candidate.verdict == form.verdict:
        return await _said_before(tx, task, candidate, decider, now=now)
    if candidate.verdict is not None or task.state != MatchState.OPEN:
        raise MatchIsDecided
    candidate.verdict = form.verdict
    if form.verdict is MatchVerdict.LINKED or all(one.verdict for one in candidates):
        task.state, task.closed_at = MatchState.DECIDED, now
    said = await _answer(tx, task, candidate, form, now=now)
    linked = await _note(tx, said, decider, now=now)
    return MatchDecided(
        match_id=match_id, state=MatchState(task.state), record=linked.record, decision=linked.decision
    )


async def _require_opened_task(
    tx: AsyncSession, task: Match, candidates: Sequence[MatchCandidate], decider: Caller
) -> None:
    record = await records.find_record(tx, task.record_id)
    whose = [record.person_id] if record else []
    await require_opened(tx, decider, [*whose, *(one.person_id for one in candidates)])


async def _answer(
    tx: AsyncSession, task: Match, candidate: MatchCandidate, form: MatchDecisionForm, *, now: datetime
) -> _Said:
    record = await _hold(tx, task.record_id, candidate.person_id)
    of_person_id, moved = record.person_id, list[PersonRecord]()
    if form.verdict is MatchVerdict.LINKED:
        to = await records.find_record(tx, candidate.likened_to)
        if to is None or to.person_id != candidate.person_id:
            raise _moved()
        moved = await _join(tx, record, to, candidate.evidence, now=now)
    return _Said(
        record,
        of_person_id,
        candidate.person_id,
        LinkVerdict(form.verdict),
        form.reason,
        moved,
        task.match_id,
        candidate.evidence,
    )


async def _said_before(
    tx: AsyncSession, task: Match, candidate: MatchCandidate, reader: Caller, *, now: datetime
) -> MatchDecided:
    history = await links.list_decisions(tx, [], [task.record_id])
    of_task = (one for one in history if one.match_id == task.match_id)
    decision = next((one for one in of_task if one.verdict == candidate.verdict), None)
    placed = await records.find_placed(tx, task.record_id)
    if decision is None or placed is None:
        raise NotFound
    sight = await look(tx, reader, [placed], [decision])
    subjects = [task.match_id, task.record_id, placed[0].person_id]
    await LEDGER.record(tx, reader, "match.read", at=now, subjects=subjects)
    return MatchDecided(
        match_id=task.match_id,
        state=MatchState(task.state),
        record=show_record(placed, sight),
        decision=show_decision(decision, sight),
    )


async def link_record(
    tx: AsyncSession, person_id: PersonId, form: LinkForm, decider: Caller, *, now: datetime
) -> RecordLinked:
    """Say that a record is of this person, or confirm a link that the machine made.

    What is linked to the record goes along: it was said to be the same.

    Raises:
        NotFound: there is no such person, or nothing is known of them.
        NotNamed: there is no such record.
        RestrictedRecord: either is restricted, and the decider is no manager.
        AlreadyLinked: somebody has confirmed that it is of this person, or of another.
    """
    if await records.find_record(tx, form.record_id) is None:
        raise NotNamed("record_id", "not_known", "The hub has no record by this id.")
    record = await _hold(tx, form.record_id, person_id)
    together = await records.list_of_persons(tx, [person_id])
    if not together:
        raise NotFound
    of_person_id = record.person_id
    await require_opened(tx, decider, [person_id, of_person_id])
    if record.link_state == LinkState.CONFIRMED or (of_person_id == person_id and record.likened_to is None):
        raise AlreadyLinked
    moved: Sequence[PersonRecord] = ()
    if of_person_id == person_id:
        record.link_state, record.linked_at = LinkState.CONFIRMED, now
    else:
        to = next(one for one in together if one.likened_to is None)
        moved = await _join(tx, record, to, None, now=now)
    said = _Said(record, of_person_id, person_id, LinkVerdict.LINKED, form.reason, moved)
    return await _note(tx, said, decider, now=now)


async def unlink_record(
    tx: AsyncSession, record_id: RecordId, reason: str, decider: Caller, *, now: datetime
) -> RecordLinked:
    """Say that a record is not of the person it stands with; the machine does not link it to them again.

    Raises:
        NotFound: there is no such record.
        RestrictedRecord: the person is restricted, and the decider is no manager.
        NotLinked: nothing else is of the same person.
    """
    found = await records.find_record(tx, record_id)
    if found is None:
        raise NotFound
    record = await _hold(tx, record_id, found.person_id)
    left, evidence = record.person_id, record.evidence
    await require_opened(tx, decider, [left])
    if len(await records.list_of_persons(tx, [left])) < 2:
        raise NotLinked
    moved = await link_trees.detach(tx, record, now=now)
    said = _Said(record, left, left, LinkVerdict.UNLINKED, reason, moved, evidence=evidence)
    return await _note(tx, said, decider, now=now)


async def _hold(tx: AsyncSession, record_id: RecordId, person_id: PersonId) -> PersonRecord:
    """Return a record once nobody else can move it, or add to either person.

    Raises:
        Unavailable: it was moved while this waited, or others hold them for longer than a request waits.
    """
    before = await records.find_record(tx, record_id)
    if before is None:
        raise NotFound
    was_of = before.person_id
    await persons.lock_persons(tx, {was_of, person_id})
    record = await records.find_record(tx, record_id)
    if record is None or record.person_id != was_of:
        raise _moved()
    return record


def _moved() -> Unavailable:
    return Unavailable("Somebody else is deciding on this. Send the same request again.")


async def _join(
    tx: AsyncSession,
    record: PersonRecord,
    to: PersonRecord,
    evidence: dict[str, Any] | None,
    *,
    now: datetime,
) -> list[PersonRecord]:
    if record.link_state == LinkState.CONFIRMED:
        raise AlreadyLinked
    return await link_trees.attach(tx, record, to, LinkState.CONFIRMED, evidence, now=now)


async def _note(tx: AsyncSession, said: _Said, decider: Caller, *, now: datetime) -> RecordLinked:
    """Write a decision into history and audit, and tell whoever joined the children of it."""
    record = said.record
    decision = LinkDecision(
        decision_id=LinkDecisionId(new_id()),
        record_id=record.record_id,
        of_person_id=said.of_person_id,
        person_id=said.person_id,
        verdict=said.verdict,
        moved=[str(one.record_id) for one in said.moved],
        moved_to=record.person_id if said.moved else None,
        reason=said.reason,
        evidence=said.evidence,
        match_id=said.match_id,
        decided_at=now,
        decided_by=decider.subject,
        decided_by_name=decider.name,
    )
    await links.add_decision(tx, decision)
    involved = [said.of_person_id, said.person_id, record.person_id]
    subjects = [record.record_id, record.referral_id, *dict.fromkeys(involved)]
    if said.match_id is not None:
        subjects.append(said.match_id)
    facts = {"moved": len(said.moved)}
    await LEDGER.record(tx, decider, f"person.{said.verdict}", at=now, subjects=subjects, facts=facts)
    if said.verdict in {LinkVerdict.LINKED, LinkVerdict.UNLINKED}:
        await _announce(tx, record, involved, now=now)
        await announce_around(tx, involved, now=now)
    placed = await records.find_placed(tx, record.record_id)
    if placed is None:
        raise NotFound
    sight = await look(tx, decider, [placed], [decision])
    return RecordLinked(record=show_record(placed, sight), decision=show_decision(decision, sight))


async def _announce(
    tx: AsyncSession, record: PersonRecord, involved: Sequence[PersonId], *, now: datetime
) -> None:
    together = await records.list_of_persons(tx, involved)
    children = [ChildId(one.record_id) for one in together if one.kind == PersonKind.CHILD]
    event = LinkChanged(child_ids=tuple(children), person_id=record.person_id, occurred_at=now)
    await publish(tx, MAILBOX.outbox, event)
