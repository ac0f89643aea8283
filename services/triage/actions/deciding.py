"""A named person decides for one child; the same transaction announces it to all who must be answered."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions import LEDGER
from services.triage.actions.recommending import policy_of, refresh
from services.triage.actions.targeting import end_decision_targets
from services.triage.actions.timing import attend, meet
from services.triage.errors import AlreadyDecided, CaseChanged, NothingToSupersede, ReasonRequired
from services.triage.models import MAILBOX, Case, CaseChild, Decision
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from services.triage.store import cases
from services.triage.store.cases import ChildPlace
from shared.platform.auth import Caller
from shared.platform.json import dump
from shared.platform.outbox import publish
from shared.problems import NotFound
from shared.schemas.cases import DecisionForm, DecisionMade, DecisionOutcome
from shared.schemas.events import ChildDecided
from shared.schemas.ids import DecisionId, new_id
from shared.schemas.policy import RecommendationView
from shared.schemas.timers import TimerKind
from shared.schemas.words import ChildState, Pathway


async def decide(
    tx: AsyncSession,
    place: ChildPlace,
    form: DecisionForm,
    decider: Caller,
    *,
    version: int,
    now: datetime,
) -> DecisionMade:
    """Record a decision beside what was recommended, and announce it.

    Where several referrals are about the child, it is decided under each of them, and each is announced for
    its own alone: every sender has its own answer about the child that it named.

    Args:
        version: of the case, as the decider read it.

    Raises:
        NotFound: no such child in such a case.
        MovedMeanwhile: it was moved to another case while this waited.
        CaseChanged: someone changed the case since it was read.
        AlreadyDecided, NothingToSupersede: `supersedes` does not fit what stands.
        ReasonRequired: it differs from the recommendation and does not say why.
    """
    case, child = await cases.hold_child(tx, place)
    if version != case.version:
        raise CaseChanged
    _require_place(child, form)
    recommended = await cases.get_recommendation(tx, child)
    view = RecommendationView.model_validate(recommended.view)
    if rules.is_different(form, view) and form.different_decision_reason is None:
        raise ReasonRequired
    group = await cases.list_group(tx, child)
    made = [await _decide(tx, one, form, decider, now=now) for one in group]
    if len(group) == 1:
        # What stood before it was grouped with others is no longer to be given back: this stands now.
        child.before_grouped = None
    await refresh(tx, case)
    case.version += 1
    for decision, one in zip(made, group, strict=True):
        await _announce(tx, case, one, decision, decider, now=now)
    return DecisionMade(
        decision_id=next(one.decision_id for one in made if one.child_id == child.child_id),
        case_id=case.case_id,
        child_id=child.child_id,
        version=case.version,
    )


def _require_place(child: CaseChild, form: DecisionForm) -> None:
    if child.decision_id is not None and form.supersedes is None:
        raise AlreadyDecided
    if form.supersedes != child.decision_id:
        raise NothingToSupersede


async def _decide(
    tx: AsyncSession, child: CaseChild, form: DecisionForm, decider: Caller, *, now: datetime
) -> Decision:
    """Decide for one of those who are one child: it replaces what stood for that one."""
    recommended = await cases.get_recommendation(tx, child)
    decision = Decision(
        decision_id=DecisionId(new_id()),
        case_id=child.case_id,
        child_id=child.child_id,
        recommendation_id=recommended.recommendation_id,
        level=form.level,
        pathway=form.pathway,
        rag=form.rag,
        rationale=form.rationale,
        different_decision_reason=form.different_decision_reason,
        decided_by=decider.name,
        decided_by_id=decider.subject,
        decided_at=now,
        supersedes=child.decision_id,
    )
    tx.add(decision)
    await tx.flush()
    child.state = rules.step(ChildState(child.state), ChildState.DECIDED)
    child.decision_id = decision.decision_id
    child.changed_at = None
    await meet(tx, child, [TimerKind.DECISION], now=now)
    await attend(tx, child, decider, now=now)
    await end_decision_targets(tx, child, now=now)
    return decision


async def _announce(
    tx: AsyncSession, case: Case, child: CaseChild, decision: Decision, decider: Caller, *, now: datetime
) -> None:
    subjects = [case.case_id, child.child_id, decision.decision_id]
    await LEDGER.record(tx, decider, "child.decided", at=now, subjects=subjects)
    event = ChildDecided(
        case_id=case.case_id,
        child_id=child.child_id,
        referral_ids=(child.referral_id,),
        decision_id=decision.decision_id,
        version=case.version,
        occurred_at=now,
    )
    await publish(tx, MAILBOX.outbox, event)


async def read_outcome(
    tx: AsyncSession, reader: Caller, decision_id: DecisionId, *, now: datetime
) -> DecisionOutcome:
    """Return what may be told of a decision: what was decided, and which rules the referral alone met.

    Other agencies' grades and other referrals are left out of the feedback: a sender learns how the
    threshold reads what it sent, and nothing of what others said.

    Raises:
        NotFound: there is no such decision.
    """
    decision = await cases.find_decision(tx, decision_id)
    if decision is None:
        raise NotFound
    recommended = await cases.get_recommendation_of(tx, decision)
    own = recommended.facts if recommended.alone is None else recommended.alone
    facts = rules.of_the_referral_alone(ChildFacts.model_validate_json(dump(own)))
    met = recommend(await policy_of(tx, recommended.policy_version), facts)
    subjects = [decision.case_id, decision.child_id, decision_id]
    await LEDGER.record(tx, reader, "decision.read", at=now, subjects=subjects)
    return DecisionOutcome(
        decision_id=decision_id,
        case_id=decision.case_id,
        child_id=decision.child_id,
        pathway=Pathway(decision.pathway),
        level=decision.level,
        decided_at=decision.decided_at,
        supersedes=decision.supersedes,
        threshold_feedback=[rule.words for rule in met.fired],
    )
