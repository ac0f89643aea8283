"""Policies and their trials as the API shows them."""

from collections.abc import Sequence

from services.triage.evidence.replayed import Sums
from services.triage.models import Policy, PolicyReplay, PolicyReplayChild, PolicySubmission
from services.triage.policy.document import PolicyDocument, Rule
from services.triage.policy.faults import PolicyFault
from services.triage.policy.floors import FLOORS
from services.triage.views.policy_words import example, then, when
from shared.platform.auth import Caller
from shared.problems import FieldError
from shared.schemas.policies import (
    FloorView,
    LevelView,
    Moved,
    PolicyLine,
    PolicyStanding,
    PolicyView,
    ReplayedAnswer,
    ReplayedChild,
    ReplayState,
    ReplayView,
    RuleView,
    SubmissionState,
    SubmissionView,
)


def submission_view(row: PolicySubmission, reader: Caller) -> SubmissionView:
    """Return a submission as somebody sees it."""
    return SubmissionView(
        submission_id=row.submission_id,
        state=SubmissionState(row.state),
        note=row.note,
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        in_force_from=row.in_force_from,
        row_version=row.row_version,
        is_yours=row.submitted_by_id == reader.subject,
    )


def published_line(
    row: Policy, title: str, submission: PolicySubmission | None, reader: Caller, *, in_force: bool
) -> PolicyLine:
    """Return a published version, with the submission that it was approved from, if it was."""
    approved = submission is not None and submission.state == SubmissionState.APPROVED
    return PolicyLine(
        version=row.version,
        title=title,
        standing=PolicyStanding.IN_FORCE if in_force else PolicyStanding.PAST,
        published_at=row.published_at,
        published_by=row.published_by,
        submission=submission_view(submission, reader) if submission and approved else None,
    )


def submitted_line(row: PolicySubmission, reader: Caller) -> PolicyLine:
    """Return a version that is not published."""
    return PolicyLine(
        version=row.version,
        title=row.title,
        standing=PolicyStanding(row.state),
        submission=submission_view(row, reader),
    )


def policy_view(line: PolicyLine, policy: PolicyDocument, text: str) -> PolicyView:
    """Return a policy as tables, and its text."""
    return PolicyView(
        **dict(line),
        source=policy.source,
        approved_by=policy.approved_by,
        levels=[
            LevelView(
                step=step.step,
                name=step.name,
                words=step.words,
                level=int(step.level),
                pathway=step.pathway,
            )
            for step in policy.steps
        ],
        core_sectors=list(policy.core_sectors),
        rules=[_rule(policy, rule) for rule in policy.rules],
        floors=[FloorView(words=floor.words, least=then(None, floor.least)) for floor in FLOORS],
        document=text,
    )


def _rule(policy: PolicyDocument, rule: Rule) -> RuleView:
    return RuleView(
        rule_id=rule.id,
        words=rule.words,
        source=rule.source,
        when=when(rule.when),
        then=then(policy, rule.then),
        speaks_for=[example(facts) for facts in rule.examples.fires],
        silent_for=[example(facts) for facts in rule.examples.not_fires],
    )


def errors_of(faults: Sequence[PolicyFault]) -> list[FieldError]:
    """Return the faults of a text as a sender reads them, each with its line."""
    return [
        FieldError(fault.code, f"{_place(fault)}{fault.detail}", pointer="#/document") for fault in faults
    ]


def _place(fault: PolicyFault) -> str:
    line = f"Line {fault.line}: " if fault.line else ""
    return f"{line}rule {fault.rule_id}: " if fault.rule_id else line


def replay_view(row: PolicyReplay) -> ReplayView:
    """Return a replay as far as it is."""
    sums = Sums(row.done, row.not_read, row.sums)
    up, down = sums.moved
    return ReplayView(
        replay_id=row.replay_id,
        version=row.version,
        against=row.against,
        state=ReplayState(row.state),
        since=row.since_on,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        total=row.total,
        done=row.done,
        not_read=row.not_read,
        up=up,
        down=down,
        by_agency=sums.table("agency"),
        by_level=sums.table("level"),
        by_locality=sums.table("locality"),
    )


def replayed_child(row: PolicyReplayChild) -> ReplayedChild:
    """Return a child who would move."""
    return ReplayedChild(
        child_id=row.child_id,
        case_id=row.case_id,
        reference=row.reference,
        agency_id=row.agency_id,
        locality=row.locality,
        moved=Moved(row.moved),
        before=ReplayedAnswer.model_validate(row.before),
        after=ReplayedAnswer.model_validate(row.after),
    )
