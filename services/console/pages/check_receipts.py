"""Checks before sending that no contact came of: a sample, and nobody is named in it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.pages.showing import show
from services.console.session import SignedIn
from shared.problems import NotPermitted

router = APIRouter(include_in_schema=False)


@router.get("/check-receipts")
async def get_check_receipts(person: SignedIn, request: Request, cursor: str | None = None) -> Response:
    """Show what was checked and not sent."""
    if not person.reads_counts:
        raise NotPermitted
    found = await person.intake.list_unsent_checks(cursor)
    return show(
        request,
        "check_receipts.html",
        person=person,
        receipts=found.items,
        names=await person.backend.agencies(),
        next_cursor=found.next_cursor if found.has_more else None,
        later_page=cursor is not None,
    )
