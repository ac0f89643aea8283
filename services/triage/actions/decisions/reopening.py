"""Bring a decided child back to the work list: its decision stands until a person replaces it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules, second_look
from services.triage.actions import LEDGER
from services.triage.actions.clock.timing import end, start
from services.triage.evidence.decided import course_of
from services.triage.evidence.silence import is_to_be_read
from services.triage.models import CaseChild, Decision, InformationRequest, Timer
from services.triage.rules import Times
from services.triage.store import cases, decisions
from services.triage.store.household import Known
from shared.platform.audit import system
from shared.schemas.decisions import Reopened
from shared.schemas.ids import ChildId
from shared.schemas.policy import RecommendationView
from shared.schemas.timers import TimerEnd, TimerKind
from shared.schemas.words import ChildState, Rag
from shared.schemas.words_deciding import DecisionStanding, WhatCame


def decision_timer(child: CaseChild) -> Timer:
    """Return the timer that watches over a child's decision."""
    return start(child, TimerKind.DECISION, child.decide_by)


async def reopen(tx: AsyncSession, child: CaseChild, since: datetime, times: Times) -> Timer | None:
    """Let a person look again at a child that is decided, with a clock from `since`.

    One that waits to be looked at again already keeps the clock that it has.

    Returns:
        The timer of that clock; None where the child was not decided, or waits already.
    """
    if child.state != ChildState.DECIDED or child.changed_at is not None or child.decision_id is None:
        return None
    decision = await cases.find_decision(tx, child.decision_id)
    child.changed_at = child.clock_from = since
    child.rag = decision.rag if decision else child.rag
    child.decide_by = rules.decide_by(since, Rag(child.rag), times)
    timer = decision_timer(child)
    tx.add(timer)
    return timer


async def reconsider(
    tx: AsyncSession, known: Known, now_says: RecommendationView, came: Reopened, times: Times
) -> None:
    """Bring a child back where more is recommended now than was decided, and than was when it was decided.

    A decision that waits for a second look is overtaken by the same: what it was made on holds no more.

    Args:
        came: what was heard just now.

    Source:
        docs/adr/0030-the-second-look.md
    """
    child = known.child
    for waiting in await decisions.list_pending(tx, [child.child_id]) if known.has_pending else ():
        if await _is_outgrown(tx, waiting, now_says):
            await _overtake(tx, waiting, came.at)
    if child.state != ChildState.DECIDED or child.changed_at is not None or child.decision_id is None:
        return
    decision = await cases.find_decision(tx, child.decision_id)
    if decision is None or not await _is_outgrown(tx, decision, now_says):
        return
    timer = await reopen(tx, child, came.at, times)
    known.timers.extend([timer] if timer else [])
    child.reopened_because = came.model_dump(mode="json")
    subjects = [child.case_id, child.child_id, decision.decision_id]
    facts = {"what": came.what}
    await LEDGER.record(tx, system("triage"), "child.reopened", at=came.at, subjects=subjects, facts=facts)


async def hear_answer(
    tx: AsyncSession, group: Sequence[CaseChild], request: InformationRequest, times: Times
) -> None:
    """Bring a decided child back where an agency answers late with words that somebody has to read.

    No policy can weigh them, and filed unread they help nobody. Where a decision waits for a second person,
    that person reads them: it cannot be looked at on the case as it was before.

    Args:
        group: the child under each of its ids in a held case.
        request: as it is answered now.

    Source:
        docs/adr/0045-what-is-told-late-is-read.md
    """
    at = request.answered_at
    if at is None or not is_to_be_read(request) or await decisions.list_pending(tx, _ids(group)):
        return
    for child in group:
        decision = await cases.find_decision(tx, child.decision_id) if child.decision_id else None
        if decision is None or not second_look.may_be_too_little(course_of(decision)):
            continue
        if await reopen(tx, child, at, times) is None:
            continue
        came = Reopened(
            what=WhatCame.ANSWER_TO_READ, sector=request.sector, agency_id=request.agency_id, at=at
        )
        child.reopened_because = came.model_dump(mode="json")
        subjects = [child.case_id, child.child_id, decision.decision_id, request.request_id]
        facts = {"what": came.what}
        await LEDGER.record(tx, system("triage"), "child.reopened", at=at, subjects=subjects, facts=facts)


def _ids(group: Sequence[CaseChild]) -> list[ChildId]:
    return [child.child_id for child in group]


async def overtake_waiting(
    tx: AsyncSession, children: Iterable[CaseChild], *, now: datetime, times: Times
) -> None:
    """Take back what waits for a second look about children: it is another matter now, to be decided anew."""
    by_id = {child.child_id: child for child in children}
    for waiting in await decisions.list_pending(tx, list(by_id)):
        await _overtake(tx, waiting, now)
        await reopen(tx, by_id[waiting.child_id], now, times)


async def _overtake(tx: AsyncSession, waiting: Decision, at: datetime) -> None:
    waiting.standing = second_look.settle(DecisionStanding(waiting.standing), DecisionStanding.OVERTAKEN)
    await end(tx, [waiting.child_id], [TimerKind.SECOND_LOOK], TimerEnd.SUPERSEDED, at=at)
    subjects = [waiting.case_id, waiting.child_id, waiting.decision_id]
    await LEDGER.record(tx, system("triage"), "decision.overtaken", at=at, subjects=subjects)


async def _is_outgrown(tx: AsyncSession, decision: Decision, now_says: RecommendationView) -> bool:
    made_on = RecommendationView.model_validate((await cases.get_recommendation_of(tx, decision)).view)
    return second_look.has_risen(now_says, on=made_on, decided=course_of(decision))
