"""The case page: everything that must stand before a decision, each child apart."""

from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.pages.chronology import histories_of, not_searched
from services.console.pages.contacts import progress_of
from services.console.pages.prompts import prompts_of
from services.console.pages.showing import show
from services.console.session import Now, Person, SignedIn
from services.console.standing import Names, Standing, stand
from services.console.wording import facts
from shared.problems import NotFound
from shared.schemas.cases import CaseChildView, CaseView
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.words import Rag

router = APIRouter(include_in_schema=False)

#: What the banner says after a form, by the word its redirect carries. The child is named beside it.
DONE: Final = {
    "graded": "Your agency's grade is recorded. You now see what the other agencies said.",
    "asked": "The agency has been asked. It stands under what is missing until it answers.",
    "answered": "Your agency's answer is recorded.",
}
_URGENCY: Final = list(Rag)


@router.get("/cases/{case_id}")
async def get_case(person: SignedIn, request: Request, case_id: UUID, now: Now, done: str = "") -> Response:
    """Show a case as this person may see it."""
    case = await person.backend.get_case(CaseId(case_id))
    names = await person.backend.agencies()
    children = [stand_for(person, child, names, now) for child in case.children]
    readable = [each.reference for each in case.contacts if person.reads_contact_of(each.agency_id)]
    histories = await histories_of(person, case)
    return show(
        request,
        "case.html",
        person=person,
        case=case,
        names=names,
        children=children,
        most_urgent=_most_urgent(children),
        danger=any(contact.immediate_danger for contact in case.contacts),
        readable=readable,
        progress=await progress_of(person, readable),
        contact_facts=facts,
        histories=histories,
        not_searched=not_searched(histories),
        prompts=await prompts_of(person, readable),
        unsafe=[adult for adult in case.adults if adult.safe_to_contact is False],
        done=DONE.get(done),
    )


def stand_for(person: Person, child: CaseChildView, names: Names, now: datetime) -> Standing:
    """Return how a child stands, for this person."""
    return stand(child, names, own_agency=person.represents, now=now)


async def child_of(
    person: Person, case_id: UUID, child_id: UUID, names: Names, now: datetime
) -> tuple[CaseView, Standing]:
    """Return a case and how one child of it stands.

    Raises:
        NotFound: no such case or child, or not one this person may see.
    """
    case = await person.backend.get_case(CaseId(case_id))
    found = next((child for child in case.children if child.child_id == ChildId(child_id)), None)
    if found is None:
        raise NotFound
    return case, stand_for(person, found, names, now)


def _most_urgent(children: list[Standing]) -> Standing | None:
    """Return the child that speaks for the case: not decided, most urgent, then the soonest due."""
    waiting = [child for child in children if not child.decided and child.deadline is not None]
    return min(waiting, key=_urgency, default=None)


def _urgency(child: Standing) -> tuple[int, float]:
    due = child.child.decide_by
    return (
        _URGENCY.index(child.rag) if child.rag else len(_URGENCY),
        due.timestamp() if due else float("inf"),
    )
