"""Put a threshold policy forward, and have another person approve or refuse it: nobody changes it alone."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.decisions.recommending import parsed
from services.triage.errors.policies import (
    NotTheSubmitter,
    NotWaiting,
    PolicyChanged,
    PolicyNotAccepted,
    SelfApproval,
    VersionPublished,
    VersionSubmitted,
)
from services.triage.models import Policy, PolicySubmission
from services.triage.policy.checking import check_text
from services.triage.store import policies
from services.triage.views.policies import (
    errors_of,
    policy_view,
    published_line,
    submission_view,
    submitted_line,
)
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.ids import PolicySubmissionId, new_id
from shared.schemas.policies import (
    PolicyApprovalForm,
    PolicyForm,
    PolicyLine,
    PolicyView,
    PolicyWithdrawalForm,
    SubmissionState,
    SubmissionView,
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A submission after a change, and the version for its ETag."""

    view: SubmissionView
    row_version: int


async def require_acceptable(text: str) -> None:
    """Pass only a text that may be published. It takes a while: no transaction should be open.

    Raises:
        PolicyNotAccepted: with every fault and its line.
    """
    # A second of pure thought: on its own thread, so that others are answered meanwhile.
    faults = await asyncio.to_thread(check_text, text)
    if faults:
        raise PolicyNotAccepted(errors_of(faults))


async def submit_policy(tx: AsyncSession, form: PolicyForm, by: Caller, *, now: datetime) -> Settled:
    """Keep a policy that was found acceptable, for another person to approve.

    Raises:
        VersionPublished: its version is published.
        VersionSubmitted: one of its version waits.
    """
    document = parsed(form.document)
    if await policies.find_policy(tx, document.version) is not None:
        raise VersionPublished
    row = PolicySubmission(
        submission_id=PolicySubmissionId(new_id()),
        version=document.version,
        title=document.title,
        document=form.document,
        note=form.note,
        row_version=1,
        state=SubmissionState.SUBMITTED,
        submitted_by=by.name,
        submitted_by_id=by.subject,
        submitted_at=now,
        decided_by=None,
        decided_by_id=None,
        decided_at=None,
        reason=None,
        in_force_from=None,
    )
    tx.add(row)
    try:
        await tx.flush()
    except IntegrityError as error:
        # The index on what waits is the judge: two may press at once.
        raise VersionSubmitted from error
    await _record(tx, by, "policy.submitted", row, now=now)
    return Settled(submission_view(row, by), row.row_version)


async def settle_policy(
    tx: AsyncSession, version: str, form: PolicyApprovalForm, by: Caller, *, row_version: int, now: datetime
) -> Settled:
    """Approve a submitted policy, which publishes it and puts it in force at once, or refuse it.

    Raises:
        NotFound: nothing was submitted under this version.
        SelfApproval: `by` submitted it.
        NotWaiting: somebody has answered, or withdrawn it.
        PolicyChanged: it is not what was read.
    """
    row = await _hold(tx, version)
    if row.submitted_by_id == by.subject:
        raise SelfApproval
    _require_waiting(row, row_version)
    row.state = SubmissionState.APPROVED if form.approved else SubmissionState.REFUSED
    _settle(row, by, form.reason, now)
    if form.approved:
        row.in_force_from = now
        names = f"{row.submitted_by}, approved by {by.name}"
        tx.add(Policy(version=version, document=row.document, published_at=now, published_by=names))
    await tx.flush()
    await _record(tx, by, f"policy.{row.state}", row, now=now)
    return Settled(submission_view(row, by), row.row_version)


async def withdraw_policy(
    tx: AsyncSession, version: str, form: PolicyWithdrawalForm, by: Caller, *, row_version: int, now: datetime
) -> Settled:
    """Take a submitted policy back; only whoever submitted it may.

    Raises:
        NotFound, NotWaiting, PolicyChanged: as `settle_policy`.
        NotTheSubmitter: somebody else submitted it.
    """
    row = await _hold(tx, version)
    if row.submitted_by_id != by.subject:
        raise NotTheSubmitter
    _require_waiting(row, row_version)
    row.state = SubmissionState.WITHDRAWN
    _settle(row, by, form.reason, now)
    await tx.flush()
    await _record(tx, by, "policy.withdrawn", row, now=now)
    return Settled(submission_view(row, by), row.row_version)


async def list_policies(tx: AsyncSession, reader: Caller, *, now: datetime) -> list[PolicyLine]:
    """Return every version: the one in force, those put forward, those of the past."""
    published = await policies.list_policies(tx)
    submissions = {row.version: row for row in await policies.list_newest_submissions(tx)}
    lines = [
        published_line(
            row,
            parsed(row.document).title,
            submissions.pop(row.version, None),
            reader,
            in_force=place == 0,
        )
        for place, row in enumerate(published)
    ]
    waiting = [submitted_line(row, reader) for row in submissions.values()]
    await LEDGER.record(tx, reader, "policies.listed", at=now, subjects=[])
    return [*lines[:1], *waiting, *lines[1:]]


async def read_policy_view(
    tx: AsyncSession, version: str, reader: Caller, *, now: datetime
) -> tuple[PolicyView, int]:
    """Return a version as tables, and the version of what was submitted for the ETag; 0: nothing was.

    Raises:
        NotFound: there is none of this version.
    """
    published = await policies.find_policy(tx, version)
    submission = await policies.find_submission(tx, version)
    if published is not None:
        document, text = parsed(published.document), published.document
        newest = await policies.find_policy_in_force(tx)
        in_force = newest is not None and newest.version == version
        line = published_line(published, document.title, submission, reader, in_force=in_force)
    elif submission is not None:
        document, text = parsed(submission.document), submission.document
        line = submitted_line(submission, reader)
    else:
        raise NotFound
    await LEDGER.record(tx, reader, "policy.read", at=now, subjects=[], facts={"policy_version": version})
    return policy_view(line, document, text), submission.row_version if submission else 0


async def text_of(tx: AsyncSession, version: str) -> str:
    """Return the text of a version: as published, else as submitted last.

    Raises:
        NotFound: there is none of this version.
    """
    published = await policies.find_policy(tx, version)
    if published is not None:
        return published.document
    submission = await policies.find_submission(tx, version)
    if submission is None:
        raise NotFound
    return submission.document


async def text_to_approve(tx: AsyncSession, version: str) -> str | None:
    """Return the text that waits under a version; None: none does, and the answer will be refused."""
    submission = await policies.find_submission(tx, version)
    if submission is None or submission.state != SubmissionState.SUBMITTED:
        return None
    return submission.document


async def _hold(tx: AsyncSession, version: str) -> PolicySubmission:
    row = await policies.hold_submission(tx, version)
    if row is None:
        raise NotFound
    return row


def _require_waiting(row: PolicySubmission, row_version: int) -> None:
    if row.state != SubmissionState.SUBMITTED:
        raise NotWaiting
    if row.row_version != row_version:
        raise PolicyChanged


def _settle(row: PolicySubmission, by: Caller, reason: str, now: datetime) -> None:
    row.decided_by, row.decided_by_id, row.decided_at, row.reason = by.name, by.subject, now, reason
    row.row_version += 1


async def _record(
    tx: AsyncSession, who: Caller, action: str, row: PolicySubmission, *, now: datetime
) -> None:
    facts = {"policy_version": row.version}
    await LEDGER.record(tx, who, action, at=now, subjects=[row.submission_id], facts=facts)
