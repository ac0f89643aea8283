"""Actions from discussions: who does what by which day, and whether it is done."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import OwnForm
from services.console.pages.showing import show
from services.console.session import SignedIn
from shared.problems import NotPermitted
from shared.schemas.ids import DiscussionActionId

router = APIRouter(include_in_schema=False)

DONE: Final = {
    "done": "Marked as done.",
    "not_done": "Marked as not done. What was said before is kept.",
}


@router.get("/discussion-actions")
async def get_actions(
    person: SignedIn,
    request: Request,
    which: str = "open",
    mine: bool = False,
    cursor: str | None = None,
    done: str = "",
) -> Response:
    """Show what is to be done, the soonest due first; to an agency what falls to it."""
    if not (person.sees_all or person.represents):
        raise NotPermitted
    page = await person.talking.list_actions(is_open=which != "done", mine=mine, cursor=cursor)
    return show(
        request,
        "discussion_actions.html",
        person=person,
        actions=page.items,
        names=await person.backend.agencies(),
        which="done" if which == "done" else "open",
        mine=mine,
        next_cursor=page.next_cursor if page.has_more else None,
        later_page=cursor is not None,
        done=DONE.get(done),
    )


@router.post("/discussion-actions/{action_id}/marks")
async def post_mark(form: OwnForm, person: SignedIn, action_id: UUID) -> Response:
    """Say whether an action is done; without a word on it, it is done."""
    body: dict[str, Any] = {"done": form["is_done"] == "yes"} | form.said("note")
    await person.talking.mark(DiscussionActionId(action_id), body)
    return RedirectResponse(f"/discussion-actions?done={'done' if body['done'] else 'not_done'}", 303)
