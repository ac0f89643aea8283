"""Who looked for families, and why: for those who look after how that is used."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.pages.showing import show
from services.console.session import SignedIn
from shared.problems import NotPermitted

router = APIRouter(include_in_schema=False)


@router.get("/searches")
async def get_searches(person: SignedIn, request: Request, cursor: str | None = None) -> Response:
    """Show a page of the searches that staff made, the newest first; for whom was never kept."""
    if not person.looks_after_searches:
        raise NotPermitted
    page = await person.people.list_searches(cursor)
    return show(
        request,
        "searches.html",
        person=person,
        searches=page.items,
        next_cursor=page.next_cursor if page.has_more else None,
        later_page=cursor is not None,
    )
