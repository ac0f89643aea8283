"""What is new about each child of a case since an instant, from the rows there are; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from services.triage.models import CaseChild, ContactVersion, Wait
from services.triage.rules import began_before
from services.triage.store.board import Colour
from services.triage.store.cases import WholeCase
from services.triage.store.oversight import Promised
from services.triage.views.board import groups_of
from shared.schemas.board import Change, ChangeKind, ChildChanges, WaitKind
from shared.schemas.words import ChildState, Rag


@dataclass(frozen=True, slots=True)
class Heard:
    """What stands beside a case and is looked through for what is new.

    Attributes:
        versions: later versions of its referrals that arrived since.
        colours: of every recommendation, the oldest first.
        waits: of every child, the oldest first.
        reviews: that managers promised for a day that has come since, and have not made.
    """

    since: datetime
    versions: Sequence[ContactVersion]
    colours: Sequence[Colour]
    waits: Sequence[Wait]
    reviews: Sequence[Promised]


def changes_of(whole: WholeCase, heard: Heard) -> list[ChildChanges]:
    """Return the children of a case about whom anything is new, each once, with what is, the oldest first."""
    found = [_of_group(whole, group, heard) for group in groups_of(whole.children)]
    return [child for child in found if child.changes]


def _of_group(whole: WholeCase, group: Sequence[CaseChild], heard: Heard) -> ChildChanges:
    changes = [
        change for row in group for change in (*_arrived(whole, row, heard), *_said(whole, row, heard.since))
    ]
    changes += [change for row in group for change in (*_recommended(row, heard), *_waited(row, heard))]
    changes += [change for row in group for change in _to_review(row, heard)]
    first = min(group, key=lambda row: (list(Rag).index(Rag(row.rag)), row.decide_by))
    return ChildChanges(
        case_id=whole.case.case_id,
        child_id=first.child_id,
        given_name=first.given_name,
        family_name=first.family_name,
        date_of_birth=first.date_of_birth,
        expected_date_of_birth=first.expected_date_of_birth,
        state=ChildState(first.state),
        rag=Rag(first.rag),
        decide_by=first.decide_by,
        # Those who are one child are decided together: that is one thing that happened.
        changes=sorted(dict.fromkeys(changes), key=lambda change: change.at),
    )


def _arrived(whole: WholeCase, row: CaseChild, heard: Heard) -> Iterator[Change]:
    for contact in whole.contacts:
        if contact.referral_id != row.referral_id:
            continue
        said = {"agency_id": contact.agency_id, "reference": contact.reference}
        if contact.received_at > heard.since:
            yield Change(kind=ChangeKind.CONTACT, at=contact.received_at, **said)
        for version in heard.versions:
            if version.referral_id == row.referral_id:
                yield Change(
                    kind=ChangeKind.CORRECTION, at=version.received_at, version=version.version, **said
                )


def _said(whole: WholeCase, row: CaseChild, since: datetime) -> Iterator[Change]:
    for asked in whole.requests:
        if asked.child_id == row.child_id and asked.answered_at is not None and asked.answered_at > since:
            yield Change(
                kind=ChangeKind.ANSWER, at=asked.answered_at, agency_id=asked.agency_id, status=asked.status
            )
    for grade in whole.grades:
        if grade.child_id == row.child_id and grade.graded_at > since:
            yield Change(
                kind=ChangeKind.GRADE,
                at=grade.graded_at,
                agency_id=grade.agency_id,
                by=grade.graded_by,
                status=grade.status,
                grade=grade.grade,
            )
    for made in whole.decisions:
        if made.child_id == row.child_id and made.decided_at > since:
            yield Change(
                kind=ChangeKind.DECISION,
                at=made.decided_at,
                by=made.decided_by,
                pathway=made.pathway,
                level=made.level,
                rag=made.rag,
            )


def _recommended(row: CaseChild, heard: Heard) -> Iterator[Change]:
    """Yield each time the policy came to another colour or level; the first for a child is no change."""
    own = [colour for colour in heard.colours if colour.child_id == row.child_id]
    for before, after in pairwise(own):
        if after.made_at > heard.since and (before.rag, before.level) != (after.rag, after.level):
            yield Change(
                kind=ChangeKind.RECOMMENDATION,
                at=after.made_at,
                rag_before=before.rag,
                level_before=before.level,
                rag=after.rag,
                level=after.level,
            )


def _waited(row: CaseChild, heard: Heard) -> Iterator[Change]:
    for wait in heard.waits:
        if wait.child_id != row.child_id or wait.said_at <= heard.since:
            continue
        if wait.kind == WaitKind.SAFE_UNTIL:
            yield Change(
                kind=ChangeKind.SAFE_TO_WAIT, at=wait.said_at, by=wait.said_by, until=wait.safe_until
            )
        else:
            yield Change(kind=ChangeKind.EMERGENCY_DUTY, at=wait.said_at, by=wait.handed_to)


def _to_review(row: CaseChild, heard: Heard) -> Iterator[Change]:
    for review in heard.reviews:
        if review.child_id == row.child_id:
            at, until = began_before(review.due_at), review.due_at
            yield Change(kind=ChangeKind.REVIEW_DUE, at=at, by=review.by, until=until)
