"""Announce what agencies are asked and invited to, and tell the service that tells them what it may say."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.evidence.invited import Told
from services.triage.models import MAILBOX, Discussion
from services.triage.store import discussions, history, requests
from services.triage.views.discussions import state_of
from shared.platform.auth import Caller
from shared.platform.outbox import publish
from shared.problems import NotFound
from shared.schemas.discussions import DiscussionKind
from shared.schemas.events import InvitationsChanged
from shared.schemas.ids import DiscussionId, RequestId
from shared.schemas.reminders import DiscussionAnnounced, QuestionWaiting


async def announce_invitations(tx: AsyncSession, held: Discussion, told: Told, *, now: datetime) -> None:
    """Announce who is invited to a discussion, to another time, or no longer; nothing, where nobody is."""
    if not told.anybody:
        return
    event = InvitationsChanged(
        discussion_id=held.discussion_id,
        case_id=held.case_id,
        kind=DiscussionKind(held.kind),
        invited_agency_ids=tuple(sorted(told.invited)),
        moved_agency_ids=tuple(sorted(told.moved)),
        withdrawn_agency_ids=tuple(sorted(told.withdrawn)),
        version=held.version,
        occurred_at=now,
    )
    await publish(tx, MAILBOX.outbox, event)


async def read_question(
    tx: AsyncSession, request_id: RequestId, reader: Caller, *, now: datetime
) -> QuestionWaiting:
    """Return what may be said of a question when its agency is told or reminded: never about whom.

    Raises:
        NotFound: there is no such question.
    """
    request = await requests.find_request(tx, request_id)
    if request is None:
        raise NotFound
    [child] = await history.list_children(tx, [request.child_id])
    subjects = [request_id, request.case_id, request.child_id]
    await LEDGER.record(tx, reader, "information.read", at=now, subjects=subjects)
    return QuestionWaiting(
        request_id=request_id,
        case_id=request.case_id,
        referral_id=child.referral_id,
        agency_id=request.agency_id,
        due_at=request.due_at,
        answered=request.answered_at is not None,
    )


async def read_discussion(
    tx: AsyncSession, discussion_id: DiscussionId, reader: Caller, *, now: datetime
) -> DiscussionAnnounced:
    """Return what may be said of a discussion to those who are invited: never about whom, nor why.

    Raises:
        NotFound: there is no such discussion.
    """
    whole = await discussions.get_whole(tx, discussion_id)
    children = await discussions.list_children(tx, whole.child_ids)
    subjects = [discussion_id, whole.discussion.case_id, *whole.child_ids]
    await LEDGER.record(tx, reader, "discussion.read", at=now, subjects=subjects)
    return DiscussionAnnounced(
        discussion_id=discussion_id,
        kind=DiscussionKind(whole.discussion.kind),
        state=state_of(whole),
        planned_at=whole.record.planned_at,
        referral_id=children[0].referral_id,
    )
