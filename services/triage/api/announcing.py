"""What the service that tells agencies asks of triage: when and which, never about whom."""

from typing import Annotated

from fastapi import APIRouter

from services.triage.actions.agencies import announcing
from services.triage.api.permits import permit
from shared.platform.auth import Caller
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import DiscussionId, RequestId
from shared.schemas.reminders import DiscussionAnnounced, QuestionWaiting

router = APIRouter(include_in_schema=False)

Telling = Annotated[Caller, permit(services={"notifications"})]


@router.get("/internal/information-requests/{request_id}", response_model=QuestionWaiting)
async def get_question(service: Telling, request_id: PathId, tx: Tx, now: Now) -> QuestionWaiting:
    """Give the service that tells and reminds agencies what a question is, never about whom."""
    return await announcing.read_question(tx, RequestId(request_id), service, now=now)


@router.get("/internal/discussions/{discussion_id}", response_model=DiscussionAnnounced)
async def get_discussion(service: Telling, discussion_id: PathId, tx: Tx, now: Now) -> DiscussionAnnounced:
    """Give the service that tells invited agencies when a discussion is, never about whom."""
    return await announcing.read_discussion(tx, DiscussionId(discussion_id), service, now=now)
