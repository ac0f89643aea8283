"""A second person looks at a decision that waits: it comes into force, or what protects the child stays."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import second_look
from services.triage.actions import LEDGER
from services.triage.actions.clock.timing import end
from services.triage.actions.decisions.taking_force import Taken, move_on, put_in_force
from services.triage.actions.discussions.reading_discussions import find_views_missing
from services.triage.errors import CaseChanged
from services.triage.errors.deciding import GradingAgencyViewMissing
from services.triage.models import CaseChild, Decision
from services.triage.rules import Times
from services.triage.store import cases, decisions
from services.triage.store.cases import ChildPlace
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.decisions import ApprovalForm, DecisionLooked
from shared.schemas.ids import DecisionId
from shared.schemas.timers import TimerEnd, TimerKind
from shared.schemas.words import Pathway, Rag
from shared.schemas.words_deciding import DecisionStanding


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decision that somebody is about to look at: for whom, and by which pathway."""

    place: ChildPlace
    pathway: Pathway


@dataclass(frozen=True, slots=True)
class Looking:
    """A second look at a decision, on the case as it was read.

    Attributes:
        version: of the case.
        times: how long what follows may take, from configuration.
    """

    form: ApprovalForm
    version: int
    times: Times


async def get_waiting(tx: AsyncSession, decision_id: DecisionId) -> Waiting:
    """Return what a decision is about.

    Raises:
        NotFound: there is no such decision.
    """
    decision = await _get(tx, decision_id)
    return Waiting(ChildPlace(decision.case_id, decision.child_id), Pathway(decision.pathway))


async def look_again(
    tx: AsyncSession,
    decision_id: DecisionId,
    looking: Looking,
    looker: Caller,
    *,
    now: datetime,
) -> DecisionLooked:
    """Keep what a second person makes of a decision, under each referral about the child.

    Approved, it is in force from now on and is announced. Not approved, what stands stays, or the child stays
    undecided.

    Raises:
        NotFound: there is no such decision.
        MovedMeanwhile: the child was moved to another case while this waited.
        LookedAtBefore: it does not wait.
        SelfApproval: it is the looker's own.
        CaseChanged: someone changed the case since it was read.
        GradingAgencyViewMissing: approved, it would lower a 5 whose agency was not heard about that.

    Source:
        docs/adr/0030-the-second-look.md
    """
    form = looking.form
    decision = await _get(tx, decision_id)
    case, child = await cases.hold_child(tx, ChildPlace(decision.case_id, decision.child_id))
    await tx.refresh(decision)
    # First what no newer reading would change: whose it is, and whether it waits at all.
    second_look.look(
        DecisionStanding(decision.standing), decision.decided_by_id, looker.subject, approved=form.approved
    )
    if looking.version != case.version:
        raise CaseChanged
    course = (decision.level, Pathway(decision.pathway), Rag(decision.rag))
    if form.approved and await find_views_missing(tx, child, course):
        raise GradingAgencyViewMissing
    group = {one.child_id: one for one in await cases.list_group(tx, child)}
    waiting = await decisions.list_pending(tx, list(group))
    for one in waiting:
        await _note(tx, group[one.child_id], one, form, looker, now=now)
    taken = [Taken(group[one.child_id], one) for one in waiting] if form.approved else []
    for each in taken:
        await put_in_force(tx, each, now=now, times=looking.times)
    await move_on(tx, case, taken, looker, now=now)
    subjects = [case.case_id, *group, *(one.decision_id for one in waiting)]
    action = "decision.approved" if form.approved else "decision.not_approved"
    await LEDGER.record(tx, looker, action, at=now, subjects=subjects)
    return DecisionLooked(
        decision_id=decision_id,
        case_id=case.case_id,
        child_id=child.child_id,
        version=case.version,
        standing=decision.standing,
        in_force_decision_id=child.decision_id,
    )


async def _note(
    tx: AsyncSession,
    child: CaseChild,
    decision: Decision,
    form: ApprovalForm,
    looker: Caller,
    *,
    now: datetime,
) -> None:
    decision.standing = second_look.look(
        DecisionStanding(decision.standing), decision.decided_by_id, looker.subject, approved=form.approved
    )
    decision.looked_at, decision.look_reason = now, form.reason
    decision.looked_by, decision.looked_by_id = looker.name, looker.subject
    if form.approved:
        decision.supersedes = child.decision_id
    await end(tx, [child.child_id], [TimerKind.SECOND_LOOK], TimerEnd.DONE, at=now)
    await tx.flush()


async def _get(tx: AsyncSession, decision_id: DecisionId) -> Decision:
    decision = await cases.find_decision(tx, decision_id)
    if decision is None:
        raise NotFound
    return decision
