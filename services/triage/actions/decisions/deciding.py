"""A named person decides for one child; what protects less than recommended waits for a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules, second_look
from services.triage.actions import LEDGER
from services.triage.actions.clock.timing import attend, end, start
from services.triage.actions.day.drafting import DraftPlace, settle
from services.triage.actions.decisions.recommending import policy_in_force, policy_of
from services.triage.actions.decisions.taking_force import Taken, move_on, put_in_force
from services.triage.actions.discussions.reading_discussions import find_owed
from services.triage.errors import AlreadyDecided, CaseChanged, NothingToSupersede, ReasonRequired
from services.triage.evidence.decided import count_core_answers, course_of, known_of, not_answered, record_of
from services.triage.models import CaseChild, Decision
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from services.triage.policy.scale import ScaleStep
from services.triage.rules import Times
from services.triage.second_look import Course
from services.triage.store import cases, decisions, requests
from services.triage.store.cases import ChildPlace
from services.triage.views.decisions import warnings_of
from shared.platform.auth import Caller
from shared.platform.json import dump
from shared.problems import NotFound
from shared.schemas.decision_records import FramePart
from shared.schemas.decisions import DecisionForm, DecisionMade, DecisionOutcome, DecisionWarning
from shared.schemas.holding import DraftName
from shared.schemas.ids import DecisionId, new_id
from shared.schemas.policy import RecommendationView
from shared.schemas.timers import TimerEnd, TimerKind
from shared.schemas.words import Pathway, Rag
from shared.schemas.words_deciding import DecisionStanding, SecondLook

_KEPT_MEANWHILE: Final = (
    "Put in force by the hub: a lower decision waits for a second look, and protection does not."
)


@dataclass(frozen=True, slots=True)
class Deciding:
    """A decision on the case as its decider read it.

    Attributes:
        version: of the case.
        frame: in which risk is analysed, from configuration.
        times: how long a second look and what follows may take, from configuration.
    """

    form: DecisionForm
    version: int
    frame: Sequence[FramePart]
    times: Times


@dataclass(frozen=True, slots=True)
class _Act:
    """One decision of one person about one child, whatever number of rows it is kept in."""

    form: DecisionForm
    decider: Caller
    now: datetime
    recommended: RecommendationView
    #: What waits for a second look until now.
    pending: Sequence[Decision]
    because: Sequence[SecondLook]
    warnings: Sequence[DecisionWarning]
    #: Of the policy in force.
    steps: Sequence[ScaleStep]
    kept: dict[str, Any]
    times: Times


async def decide(
    tx: AsyncSession, place: ChildPlace, deciding: Deciding, decider: Caller, *, now: datetime
) -> DecisionMade:
    """Record a decision beside what was recommended; put it in force, or have a second person look first.

    Where several referrals are about the child, it is decided under each of them. While a lower decision
    waits, what is recommended is in force, unless what stands protects as much.

    Raises:
        NotFound: no such child in such a case.
        MovedMeanwhile: it was moved to another case while this waited.
        CaseChanged: someone changed the case since it was read.
        AlreadyDecided, NothingToSupersede: `supersedes` does not fit what stands.
        ReasonRequired: it differs from the recommendation, or names a high level with less than the policy in
            force gives it, and does not say why.
        NotInTheFrame: the risk analysis names what is not a heading of the frame.

    Source:
        docs/adr/0030-the-second-look.md
    """
    case, child = await cases.hold_child(tx, place)
    form = deciding.form
    if deciding.version != case.version:
        raise CaseChanged
    _require_place(child, form)
    group = await cases.list_group(tx, child)
    act = await _act(tx, child, group, deciding, decider, now=now)
    made = [await _decide(tx, one, act) for one in group]
    for one in group:
        await attend(tx, one, decider, now=now)
    if len(group) == 1:
        # What stood before it was grouped with others is no longer to be given back: this stands now.
        child.before_grouped = None
    await move_on(tx, case, [taken for _, taken in made if taken is not None], decider, now=now)
    await settle(tx, DraftPlace(DraftName.DECISION, child.child_id), decider, now=now)
    own = next(decision for decision, _ in made if decision.child_id == child.child_id)
    if act.because:
        waiting = [decision.decision_id for decision, _ in made]
        subjects = [case.case_id, *(one.child_id for one in group), *waiting]
        facts = {"second_look_because": list(act.because)}
        await LEDGER.record(tx, decider, "decision.waits", at=now, subjects=subjects, facts=facts)
    return DecisionMade(
        decision_id=own.decision_id,
        case_id=case.case_id,
        child_id=child.child_id,
        version=case.version,
        standing=own.standing,
        second_look_because=list(act.because),
        warnings=list(act.warnings),
        in_force_decision_id=child.decision_id,
    )


def _require_place(child: CaseChild, form: DecisionForm) -> None:
    if child.decision_id is not None and form.supersedes is None:
        raise AlreadyDecided
    if form.supersedes != child.decision_id:
        raise NothingToSupersede


async def _act(
    tx: AsyncSession,
    child: CaseChild,
    group: Sequence[CaseChild],
    deciding: Deciding,
    decider: Caller,
    *,
    now: datetime,
) -> _Act:
    form = deciding.form
    recommended = await cases.get_recommendation(tx, child)
    view = RecommendationView.model_validate(recommended.view)
    policy, course = await policy_in_force(tx), course_of(form)
    is_less = second_look.is_below_its_level(course, view, policy.steps)
    if (rules.is_different(form, view) or is_less) and form.different_decision_reason is None:
        raise ReasonRequired
    facts = ChildFacts.model_validate_json(dump(recommended.facts))
    ids = [one.child_id for one in group]
    before = await decisions.list_decisions(tx, ids)
    asked = [request for child_id in ids for request in await requests.list_requests(tx, child_id)]
    graded = [grade for child_id in ids for grade in await cases.list_grades(tx, child_id)]
    known = known_of(group, facts, before, form, await find_owed(tx, child))
    return _Act(
        form=form,
        decider=decider,
        now=now,
        recommended=view,
        pending=[one for one in before if one.standing == DecisionStanding.PENDING],
        because=second_look.why(course, view, known, policy.steps),
        warnings=warnings_of(course, view, policy),
        steps=policy.steps,
        kept={
            "record": record_of(form, deciding.frame),
            "proceed_now_reason": form.proceed_now_reason,
            "unanswered": [one.model_dump(mode="json") for one in not_answered(asked, graded)],
            "core_answers": count_core_answers(asked, graded),
        },
        times=deciding.times,
    )


async def _decide(tx: AsyncSession, child: CaseChild, act: _Act) -> tuple[Decision, Taken | None]:
    """Decide for one of those who are one child; return the decision, and what came into force by it."""
    for waiting in (one for one in act.pending if one.child_id == child.child_id):
        waiting.standing = second_look.settle(DecisionStanding(waiting.standing), DecisionStanding.OVERTAKEN)
        await end(tx, [child.child_id], [TimerKind.SECOND_LOOK], TimerEnd.SUPERSEDED, at=act.now)
        # What waits no more makes room for what waits now.
        await tx.flush()
    standing = DecisionStanding.PENDING if act.because else DecisionStanding.DECIDED
    form = act.form
    own = await _write(tx, child, act, course_of(form), standing)
    own.rationale, own.different_decision_reason = form.rationale, form.different_decision_reason
    own.second_look_because = list(act.because)
    if act.warnings:
        own.record = act.kept["record"] | {"warnings": [one.model_dump(mode="json") for one in act.warnings]}
    if not act.because:
        return own, await _stand(tx, child, own, act)
    await _await_second_look(tx, child, own, act)
    in_force = await cases.find_decision(tx, child.decision_id) if child.decision_id else None
    stands = course_of(in_force) if in_force is not None else None
    higher = second_look.protect(course_of(form), act.recommended, stands, act.steps)
    if higher is None:
        return own, None
    interim = await _write(tx, child, act, higher, DecisionStanding.INTERIM)
    return own, await _stand(tx, child, interim, act)


async def _await_second_look(tx: AsyncSession, child: CaseChild, decision: Decision, act: _Act) -> None:
    """Let a clock run for the second look itself: the most urgent colour that anybody saw counts."""
    colours = (Rag(child.rag), Rag(decision.rag), act.recommended.rag)
    decision.look_by = rules.look_by(act.now, rules.most_urgent(colours), act.times)
    await tx.flush()
    of, since = decision.decision_id, act.now
    tx.add(start(child, TimerKind.SECOND_LOOK, decision.look_by, decision_id=of, started_at=since))
    await tx.flush()


async def _stand(tx: AsyncSession, child: CaseChild, decision: Decision, act: _Act) -> Taken:
    decision.supersedes = child.decision_id
    await tx.flush()
    taken = Taken(child, decision)
    await put_in_force(tx, taken, now=act.now, times=act.times)
    return taken


async def _write(
    tx: AsyncSession, child: CaseChild, act: _Act, course: Course, standing: DecisionStanding
) -> Decision:
    recommended = await cases.get_recommendation(tx, child)
    decision = Decision(
        decision_id=DecisionId(new_id()),
        case_id=child.case_id,
        child_id=child.child_id,
        recommendation_id=recommended.recommendation_id,
        first_recommendation_id=await decisions.find_first_recommendation(tx, child.child_id),
        level=course.level,
        pathway=course.pathway,
        rag=course.rag,
        rationale=_KEPT_MEANWHILE,
        decided_by=act.decider.name,
        decided_by_id=act.decider.subject,
        decided_at=act.now,
        standing=standing,
        second_look_because=[],
        depth=child.depth,
        **act.kept,
    )
    tx.add(decision)
    return decision


async def read_outcome(
    tx: AsyncSession, reader: Caller, decision_id: DecisionId, *, now: datetime
) -> DecisionOutcome:
    """Return what may be told of a decision: what was decided, and which rules the referral alone met.

    Other agencies' grades and other referrals are left out of the feedback: a sender learns how the
    threshold reads what it sent, and nothing of what others said.

    Raises:
        NotFound: there is no such decision, or it never was in force.
    """
    decision = await cases.find_decision(tx, decision_id)
    if decision is None or decision.in_force_from is None:
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
        # Of what was approved it is when it was: it is told after what stood meanwhile.
        decided_at=decision.in_force_from,
        supersedes=decision.supersedes,
        threshold_feedback=[rule.words for rule in met.fired],
    )
