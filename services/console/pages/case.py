"""The case page: all children in a glance, then one child in the order in which somebody decides."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormErrors, Typed
from services.console.pages.beside import beside_of
from services.console.pages.chronology import histories_of
from services.console.pages.contacts import progress_of
from services.console.pages.due import time_of
from services.console.pages.holding import holding_of
from services.console.pages.household import adults_of, people_of, unsettled
from services.console.pages.prompts import prompts_of
from services.console.pages.showing import show
from services.console.pages.talk import talk_of
from services.console.session import Person, SignedIn, now_of
from services.console.standing import Names, Standing, same_children, stand
from services.console.wording import facts
from shared.problems import NotFound
from shared.schemas.cases import CaseChildView, CaseView
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.words import Rag

router = APIRouter(include_in_schema=False)

#: What the banner says after a form, by the word its redirect carries. The child is named beside it.
DONE: Final = {
    "allocated": "Recorded. Who held the case before stands in its history.",
    "draft": "Your draft is kept. Nobody else reads it, and nothing of it is recorded yet.",
    "graded": "Your agency's grade is recorded. You now see what the other agencies said.",
    "asked": "Asked. Each agency stands under what is missing until it answers.",
    "grounded": "The ground is recorded. What waited for it has gone out.",
    "answered": "Your agency's answer is recorded.",
    "joined": (
        "Joined. Each contact keeps its own clock, and each sender gets an answer of its own."
        " It can be undone beside the contact."
    ),
    "approved": "Approved. The decision is in force now, and the senders are told.",
    "not_approved": "Not approved. What was in force stays, and your reason stands beside the decision.",
    "depth": "Recorded: how deep the hub goes. It stands with the child, under your name.",
    "moved": "The contact you looked for joined this case.",
    "undone": (
        "Undone. The contact stands in a case of its own again, with all that was done for it since."
        " If they are not the same people, undo their link, too, on the person's page."
    ),
    "same": "The link is confirmed. The cases stay apart, and each counts for the other.",
    "not_the_same": "Recorded: not the same. Nobody is asked this again.",
    "screened": "Recorded: you have looked at every contact of this case.",
    "explained": "Your reason is recorded.",
    "onward": "Recorded, under your name. The clock that watched over it has ended.",
    "target": "The target is set. What holds for every child stays as it was.",
    "reviewed": "What you found is recorded.",
    "unsure": "Recorded: unsure. They stay apart, and nobody is asked this again.",
    "opened": (
        "Open to you for an hour. The managers see that you opened it and why,"
        " and one of them looks at it with you."
    ),
    "overseen": "Your entry is signed and stands with the case.",
}
_URGENCY: Final = list(Rag)
_MOST_JOINS: Final = 5


@dataclass(frozen=True, slots=True)
class Refused:
    """What a service found wrong with a form on the page."""

    status: int
    errors: FormErrors
    typed: Typed


NOT_REFUSED: Final = Refused(200, NO_ERRORS, NOTHING_TYPED)


@router.get("/cases/{case_id}")
async def get_case(
    person: SignedIn, request: Request, case_id: UUID, done: str = "", child: str = ""
) -> Response:
    """Show a case as this person may see it; of one that joined another, the one it joined.

    `child` says which child to show below the summary of all; left out, or gone, whoever stands first.
    """
    case = await person.backend.get_case(CaseId(case_id))
    if case.joined_into is not None and not case.contacts:
        return RedirectResponse(f"/cases/{case.joined_into}?done=moved", 303)
    return await case_page(request, person, case, done=DONE.get(done), wanted=child)


async def case_page(
    request: Request,
    person: Person,
    case: CaseView,
    *,
    done: str | None = None,
    refused: Refused = NOT_REFUSED,
    wanted: str = "",
) -> Response:
    """Return the page of a case; after a refusal, with what was typed beside the other case it was about."""
    names, now = await person.backend.agencies(), now_of(request)
    children = children_of(person, case, names, now)
    chosen = _chosen(children, wanted)
    ids = [child.child.child_id for child in children]
    chosen_id = chosen.child.child_id if chosen else None
    readable = [each.reference for each in case.contacts if person.reads_contact_of(each.agency_id)]
    # One contact has nobody twice.
    people = await people_of(person, readable) if person.sees_all and len(readable) > 1 else []
    histories, progress, beside, same, prompts, (times, talk, holding) = await asyncio.gather(
        histories_of(person, case.case_id, ids, only_begun=[each for each in ids if each != chosen_id]),
        progress_of(person, readable),
        beside_of(person, case),
        unsettled(person, case, people),
        prompts_of(person, readable, people),
        asyncio.gather(
            time_of(person, case, children), talk_of(person, case), holding_of(person, case.case_id)
        ),
    )
    adults = adults_of(case)
    return show(
        request,
        "case.html",
        person=person,
        status=refused.status,
        case=case,
        names=names,
        children=children,
        child=chosen,
        gone=bool(wanted) and not _is_here(children, wanted),
        danger=any(contact.immediate_danger for contact in case.contacts),
        readable=readable,
        progress=progress,
        contact_facts=facts,
        histories=histories,
        prompts=prompts,
        adults=adults,
        unsafe=[adult for adult in adults if adult.is_unsafe],
        same=same,
        beside=beside,
        holding=holding,
        times=times,
        talk=talk,
        contacts={contact.referral_id: contact for contact in case.contacts},
        done=done,
        typed=refused.typed,
        errors=refused.errors,
    )


def stand_for(person: Person, rows: Sequence[CaseChildView], names: Names, now: datetime) -> Standing:
    """Return how a child stands, for this person, from each contact that told of it."""
    return stand(rows, names, own_agency=person.represents, now=now)


async def child_of(
    person: Person, case_id: UUID, child_id: UUID, names: Names, now: datetime
) -> tuple[CaseView, Standing]:
    """Return a case and how one child of it stands, under whichever of its ids it was asked for.

    Raises:
        NotFound: no such case or child, or not one this person may see.
    """
    case = await _case_holding(person, CaseId(case_id))
    for rows in same_children(case.children):
        if ChildId(child_id) in {row.child_id for row in rows}:
            return case, stand_for(person, rows, names, now)
    raise NotFound


async def _case_holding(person: Person, case_id: CaseId) -> CaseView:
    """Return a case, or the one that all of it has joined since someone opened a page about it."""
    case = await person.backend.get_case(case_id)
    for _ in range(_MOST_JOINS):
        if case.joined_into is None or case.contacts:
            break
        case = await person.backend.get_case(case.joined_into)
    return case


def children_of(person: Person, case: CaseView, names: Names, now: datetime) -> list[Standing]:
    """Return how each child of a case stands, whoever must be decided first, first."""
    children = [stand_for(person, rows, names, now) for rows in same_children(case.children)]
    # To a blind reader the order would say who is urgent: as they were told.
    if not any(child.hidden for child in children):
        children.sort(key=lambda child: (child.decided, *_urgency(child)))
    return children


def _chosen(children: Sequence[Standing], wanted: str) -> Standing | None:
    """Return the child that was asked for, under whichever of its ids, else whoever stands first."""
    return next((child for child in children if _is(child, wanted)), children[0] if children else None)


def _is_here(children: Sequence[Standing], wanted: str) -> bool:
    return any(_is(child, wanted) for child in children)


def _is(child: Standing, wanted: str) -> bool:
    return wanted in {str(row.child_id) for row in child.rows}


def _urgency(child: Standing) -> tuple[int, float]:
    due = child.child.decide_by
    return (
        _URGENCY.index(child.rag) if child.rag else len(_URGENCY),
        due.timestamp() if due else float("inf"),
    )
