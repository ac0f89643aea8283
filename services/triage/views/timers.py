"""What falls due, as those who decide see it: pure, from rows already read."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.triage import rules
from services.triage.models import (
    Alert,
    AlertPage,
    BreachReason,
    CaseChild,
    ChildTarget,
    Drift,
    InformationRequest,
    Onward,
    TargetReview,
    Timer,
)
from services.triage.rules import Times
from services.triage.store.timers import FoundBreach, Named
from shared.codes.late_reasons import late_words
from shared.schemas.alerts import AlertView, PageView
from shared.schemas.ids import ChildId
from shared.schemas.onward import OnwardView
from shared.schemas.timers import (
    BreachReasonView,
    BreachView,
    DriftView,
    DueView,
    LateReason,
    TargetPurpose,
    TargetReviewView,
    TargetView,
    TimerEnd,
    TimerKind,
    TimerView,
)
from shared.schemas.words import ChildState, Sector


def timer_view(timer: Timer, request: InformationRequest | None) -> TimerView:
    """Return a timer; beside an agency's, since when it is waited for."""
    return TimerView(
        timer_id=timer.timer_id,
        child_id=timer.child_id,
        kind=TimerKind(timer.kind),
        due_at=timer.due_at,
        met_at=timer.met_at,
        breached_at=timer.breached_at,
        request_id=timer.request_id,
        agency_id=request.agency_id if request else None,
        sector=Sector(request.sector) if request and request.sector else None,
        waiting_since=request.asked_at if request and request.answered_at is None else None,
        target_id=timer.target_id,
        started_at=timer.started_at,
        ended_because=TimerEnd(timer.ended_because) if timer.ended_because else None,
    )


def due_view(timer: Timer, names: Mapping[ChildId, Named]) -> DueView:
    """Return something that follows a decision and is not done, with whom it is about."""
    return DueView(
        **_named(timer.child_id, names),
        case_id=timer.case_id,
        timer_id=timer.timer_id,
        kind=TimerKind(timer.kind),
        started_at=timer.started_at,
        due_at=timer.due_at,
        breached_at=timer.breached_at,
    )


def onward_view(row: Onward) -> OnwardView:
    """Return something that was recorded of what follows a decision."""
    return OnwardView.model_validate(row, from_attributes=True)


def breach_view(
    found: FoundBreach, reasons: Sequence[BreachReason], names: Mapping[ChildId, Named]
) -> BreachView:
    """Return a breach with the reasons given for it, the first that was given first, and how it ended."""
    breach, timer, request, graded_at = found
    met_at = min((at for at in (timer.met_at, graded_at) if at is not None), default=None)
    return BreachView(
        **_named(breach.child_id, names),
        case_id=breach.case_id,
        breach_id=breach.breach_id,
        timer_id=breach.timer_id,
        kind=TimerKind(breach.kind),
        agency_id=request.agency_id if request else None,
        due_at=breach.due_at,
        found_at=breach.found_at,
        met_at=met_at,
        ended_because=TimerEnd(timer.ended_because) if timer.ended_because else None,
        late_by_seconds=_late_by(breach.due_at, met_at, timer.ended_because),
        reasons=[reason_view(each) for each in reasons],
    )


def _late_by(due_at: datetime, met_at: datetime | None, ended_because: str | None) -> int | None:
    if met_at is None or ended_because not in {None, TimerEnd.DONE}:
        return None
    return max(0, int((met_at - due_at).total_seconds()))


def reason_view(reason: BreachReason) -> BreachReasonView:
    """Return a reason, with what was picked as it was called then."""
    return BreachReasonView(
        code=LateReason(reason.code) if reason.code else None,
        code_words=late_words(reason.words_version, reason.code),
        reason=reason.reason,
        given_by=reason.given_by,
        given_at=reason.given_at,
    )


def drift_view(drift: Drift, names: Mapping[ChildId, Named]) -> DriftView:
    """Return a spell in which nothing happened."""
    return DriftView(
        **_named(drift.child_id, names),
        case_id=drift.case_id,
        drift_id=drift.drift_id,
        quiet_since=drift.quiet_since,
        found_at=drift.found_at,
    )


def target_view(
    target: ChildTarget,
    timers: Sequence[Timer],
    reviews: Sequence[TargetReview],
    child: CaseChild,
    received_at: datetime,
    times: Times,
) -> TargetView:
    """Return a target beside what is configured for every child: the earlier of both is what to go by.

    Args:
        received_at: when the contact that named the child arrived.
    """
    due = {timer.kind: timer for timer in timers}
    due_at = due[TimerKind.TARGET].due_at
    configured = configured_due(TargetPurpose(target.purpose), child, received_at, times)
    again = due.get(TimerKind.TARGET_REVIEW)
    return TargetView(
        target_id=target.target_id,
        case_id=target.case_id,
        child_id=target.child_id,
        purpose=TargetPurpose(target.purpose),
        target_on=target.target_on,
        due_at=due_at,
        configured_due_at=configured,
        earlier_due_at=min(due_at, configured),
        reason=target.reason,
        set_by=target.set_by,
        set_at=target.set_at,
        review_by=again.due_at if again else None,
        reviews=[TargetReviewView.model_validate(each, from_attributes=True) for each in reviews],
        ended_at=target.ended_at,
        close_early=_may_close_early(target, child),
    )


def configured_due(purpose: TargetPurpose, child: CaseChild, received_at: datetime, times: Times) -> datetime:
    """Return what holds for every child, whatever target a manager set for this one."""
    match purpose:
        case TargetPurpose.DECISION:
            return child.decide_by
        case TargetPurpose.ASSESSMENT:
            return rules.assess_by(received_at, times)


def _may_close_early(target: ChildTarget, child: CaseChild) -> bool:
    return (
        target.ended_at is None
        and target.purpose == TargetPurpose.DECISION
        and child.state == ChildState.READY
    )


def alert_view(alert: Alert, pages: Sequence[AlertPage], names: Mapping[ChildId, Named]) -> AlertView:
    """Return an alert, with how somebody outside was called about it."""
    return AlertView(
        **_named(alert.child_id, names),
        case_id=alert.case_id,
        alert_id=alert.alert_id,
        raised_at=alert.raised_at,
        escalated_at=alert.escalated_at,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=alert.acknowledged_by,
        pages=[PageView.model_validate(each, from_attributes=True) for each in pages],
    )


def _named(child_id: ChildId, names: Mapping[ChildId, Named]) -> dict[str, object]:
    return {"child_id": child_id, **names[child_id]._asdict()}
