"""Work out anew what the policy recommends for a child, whenever a fact about it has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions.agencies.questions import ask_what_waits, hurry
from services.triage.actions.clock.alerting import alert_if_red
from services.triage.actions.decisions.reopening import reconsider
from services.triage.errors import NoPolicyInForce
from services.triage.evidence.facts import awaits_decision, facts_of
from services.triage.evidence.silence import waiting_for
from services.triage.evidence.together import together
from services.triage.models import Case, CaseChild, Recommendation
from services.triage.policy.document import PolicyDocument
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from services.triage.policy.reading import read_policy
from services.triage.policy.recommendation import Recommendation as Answer
from services.triage.rules import Times
from services.triage.store import cases, policies
from services.triage.store.household import Household, Known, Published, get_household
from shared.schemas.decisions import Reopened
from shared.schemas.ids import RecommendationId, new_id
from shared.schemas.timers import TimerKind
from shared.schemas.words import ChildState, Rag
from shared.schemas.words_deciding import WhatCame


@lru_cache(maxsize=16)
def parsed(document: str) -> PolicyDocument:
    """Return the policy of a text that was published or found acceptable; the same text is read once."""
    return read_policy(document)


async def policy_of(tx: AsyncSession, version: str) -> PolicyDocument:
    """Return a published policy by its version."""
    return parsed((await policies.get_policy(tx, version)).document)


# Published policies as they were read last; a published version never changes.
_READ: dict[Published, PolicyDocument] = {}
_MOST_READ: Final = 16


async def _policy_published(tx: AsyncSession, published: Published | None) -> PolicyDocument:
    if published is None:
        raise NoPolicyInForce
    if published not in _READ:
        document = await policy_of(tx, published.version)
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        _READ[published] = document
    return _READ[published]


async def policy_in_force(tx: AsyncSession) -> PolicyDocument:
    """Return the policy published last.

    Raises:
        NoPolicyInForce: no policy has been published.
    """
    text = await policies.find_text_in_force(tx)
    if text is None:
        raise NoPolicyInForce
    return parsed(text)


@dataclass(frozen=True, slots=True)
class Standing:
    """One of the children of a case who are one child, and what its own referral tells of it alone."""

    known: Known
    alone: ChildFacts


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What the policy says now of a child, from all referrals about it together."""

    group: Sequence[Standing]
    facts: ChildFacts
    answer: Answer


async def work_out(
    tx: AsyncSession, child: CaseChild, *, now: datetime, household: Household | None = None
) -> WorkedOut:
    """Return what the policy says of a child now; nothing is stored.

    Args:
        household: what is known of it, where the caller has asked for that already.

    Raises:
        NoPolicyInForce: no policy has been published.
    """
    household = household or await get_household(tx, child)
    policy = await _policy_published(tx, household.in_force)
    group = [_standing(known, now=now) for known in household.group]
    facts = together([one.alone for one in group])
    return WorkedOut(group, facts, recommend(policy, facts))


def _standing(known: Known, *, now: datetime) -> Standing:
    consent = known.contact.consent
    return Standing(known, facts_of(known.child, known.graded, known.asked, consent=consent, now=now))


async def recommend_anew(
    tx: AsyncSession,
    case: Case,
    child: CaseChild,
    *,
    now: datetime,
    times: Times,
    household: Household | None = None,
) -> None:
    """Store a new recommendation for a child of a held case, with what follows: colour, due times, state.

    Where several referrals are about it, each keeps one, made from all of them. The colour in force and the
    due time are only ever tightened here: a person may loosen them, a calculation may not.

    Args:
        household: as `work_out` takes it, asked for since the case is held.

    Raises:
        NoPolicyInForce: no policy has been published.
    """
    household = household or await get_household(tx, child)
    await _keep_all(tx, child, household, now=now, times=times)
    group = household.group
    asked = [await ask_what_waits(tx, one.child, now=now, times=times) for one in group]
    if any(asked):
        for one, questions in zip(group, asked, strict=True):
            one.asked.extend(questions)
        await _keep_all(tx, child, household, now=now, times=times)
    await alert_if_red(tx, group, now=now)
    _sort_by(case, household.children)


async def _keep_all(
    tx: AsyncSession, child: CaseChild, household: Household, *, now: datetime, times: Times
) -> None:
    was = _colour(household)
    made = await work_out(tx, child, now=now, household=household)
    for one in made.group:
        await _keep(tx, made, one, now=now, times=times)
    await tx.flush()
    if _colour(household) is not was:
        for known in household.group:
            await hurry(tx, known.child, known.asked, now=now, times=times)


def _colour(household: Household) -> Rag:
    return rules.most_urgent(Rag(known.child.rag) for known in household.group)


async def _keep(tx: AsyncSession, made: WorkedOut, one: Standing, *, now: datetime, times: Times) -> None:
    child = one.known.child
    row = Recommendation(
        recommendation_id=RecommendationId(new_id()),
        case_id=child.case_id,
        child_id=child.child_id,
        policy_version=made.answer.policy_version,
        facts=made.facts.model_dump(mode="json"),
        alone=one.alone.model_dump(mode="json") if len(made.group) > 1 else None,
        view=made.answer.view().model_dump(mode="json"),
        made_at=now,
    )
    tx.add(row)
    child.recommendation_id = row.recommendation_id
    if child.state != ChildState.DECIDED:
        child.state = _where(one.known)
    await reconsider(tx, one.known, made.answer.view(), _what_came(made, now=now), times)
    if awaits_decision(child):
        _tighten(one.known, made.answer.rag, times)


def _what_came(made: WorkedOut, *, now: datetime) -> Reopened:
    """Return what was heard at this very moment, for whoever is asked to decide again."""
    asked = [request for one in made.group for request in one.known.asked]
    sectors = {request.agency_id: request.sector for request in asked if request.sector}
    for grade in (grade for one in made.group for grade in one.known.graded if grade.graded_at == now):
        sector, agency_id = sectors.get(grade.agency_id), grade.agency_id
        return Reopened(what=WhatCame.GRADE, sector=sector, agency_id=agency_id, at=now)
    for request in (request for request in asked if request.answered_at == now):
        sector, agency_id = request.sector, request.agency_id
        return Reopened(what=WhatCame.ANSWER, sector=sector, agency_id=agency_id, at=now)
    return Reopened(what=WhatCame.OTHER, at=now)


def _where(known: Known) -> ChildState:
    silent = waiting_for(known.asked, known.graded, known.child.prepared)
    to = ChildState.GATHERING if silent else ChildState.READY
    now = ChildState(known.child.state)
    return now if to is now else rules.step(now, to)


def _tighten(known: Known, rag: Rag, times: Times) -> None:
    child = known.child
    child.rag = rules.more_urgent(Rag(child.rag), rag)
    clock_from = child.clock_from or known.contact.received_at
    child.decide_by = min(child.decide_by, rules.decide_by(clock_from, Rag(child.rag), times))
    screen_by = rules.screen_by(clock_from, Rag(child.rag), times)
    for timer in known.timers:
        is_decision = timer.kind == TimerKind.DECISION
        timer.due_at = child.decide_by if is_decision else min(timer.due_at, screen_by)


async def refresh(tx: AsyncSession, case: Case) -> None:
    """Bring what the work list sorts a case by up to date with its children."""
    _sort_by(case, await cases.list_children(tx, case.case_id))


def _sort_by(case: Case, children: Sequence[CaseChild]) -> None:
    open_children = [child for child in children if awaits_decision(child)]
    case.is_open = bool(open_children)
    if open_children:
        case.urgency = rules.URGENCY[rules.most_urgent(Rag(child.rag) for child in open_children)]
        case.decide_by = min(child.decide_by for child in open_children)
