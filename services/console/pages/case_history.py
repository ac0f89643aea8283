"""The history of a case: every question, answer, grade, decision, join and talk in full, to read or print."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.pages.case import children_of
from services.console.pages.holding import holding_of
from services.console.pages.showing import show
from services.console.pages.talk import talk_of
from services.console.session import Now, SignedIn
from shared.schemas.ids import CaseId

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_id}/history")
async def get_case_history(person: SignedIn, request: Request, case_id: UUID, now: Now) -> Response:
    """Show all that was done in a case, as this person may see it; of one that joined another, that one's."""
    case = await person.backend.get_case(CaseId(case_id))
    if case.joined_into is not None and not case.contacts:
        return RedirectResponse(f"/cases/{case.joined_into}/history", 303)
    names = await person.backend.agencies()
    talk, holding = await asyncio.gather(talk_of(person, case), holding_of(person, case.case_id))
    return show(
        request,
        "history.html",
        person=person,
        case=case,
        names=names,
        children=children_of(person, case, names, now),
        contacts={contact.referral_id: contact for contact in case.contacts},
        talk=talk,
        holding=holding,
    )
