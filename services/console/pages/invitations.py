"""What somebody invited to a discussion sees: which discussions, when, and their own pack."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.pages.showing import show
from services.console.session import SignedIn
from shared.problems import NotPermitted
from shared.schemas.discussions import DiscussionState
from shared.schemas.ids import AttendeeId, DiscussionId

router = APIRouter(include_in_schema=False)


@router.get("/discussions")
async def get_invitations(person: SignedIn, request: Request) -> Response:
    """Show the representative of an agency the discussions that it is invited to."""
    if person.represents is None:
        raise NotPermitted
    found = await person.talking.list_invitations()
    return show(
        request,
        "invitations.html",
        person=person,
        coming=[one for one in found if one.state is DiscussionState.CALLED],
        past=[one for one in reversed(found) if one.state is not DiscussionState.CALLED],
    )


@router.get("/discussions/{discussion_id}/packs/{attendee_id}")
async def get_pack(person: SignedIn, request: Request, discussion_id: UUID, attendee_id: UUID) -> Response:
    """Show what one attendee may read, to be read, printed or read out."""
    pack = await person.talking.get_pack(DiscussionId(discussion_id), AttendeeId(attendee_id))
    names = await person.backend.agencies()
    return show(request, "pack.html", person=person, pack=pack, names=names)
