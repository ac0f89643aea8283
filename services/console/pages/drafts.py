"""Drafts: kept by a button, by themselves where scripts run, and shown again to their writer alone.

No page deletes the draft of what it has sent: triage does, in the transaction of the act itself.
"""

import re
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from services.console.exchange import SignedOut
from services.console.forms import OwnForm, Typed
from services.console.session import Person, SignedIn
from shared.problems import NotFound, Problem
from shared.schemas.holding import DraftName, DraftView

router = APIRouter(include_in_schema=False)

#: Where a form with a draft stands; nobody is sent elsewhere.
_OWN_FORM: Final = re.compile(r"/(?:cases|discussions)/[0-9a-f-]{36}/[a-z0-9/-]{1,150}")
#: What a form carries beside what was typed: made anew with every page.
_NOT_TYPED: Final = frozenset({"draft", "version", "shown", "supersedes", "back", "read", "more"})


def wants_to_leave(form: Typed) -> bool:
    """Say whether somebody pressed "Save and come back"."""
    return form["draft"] == "save"


async def save_and_leave(
    person: Person, name: DraftName, subject_id: UUID, form: Typed, back: str
) -> Response:
    """Keep what was typed, and lead back to where the form was opened from: to the same child of its case."""
    await person.day.keep_draft(name, subject_id, _typed_of(form))
    return RedirectResponse(back, 303)


async def find_draft(person: Person, name: DraftName, subject_id: UUID) -> DraftView | None:
    """Return the person's own draft of a form; a form is shown without it where it cannot be read."""
    try:
        return await person.day.find_draft(name, subject_id)
    except SignedOut:
        raise
    except Problem:
        return None


def with_draft(typed: Typed, draft: DraftView | None) -> Typed:
    """Return what a form is filled in with: the draft, and what its address says."""
    return Typed(dict(draft.fields) | dict(typed.fields)) if draft else typed


@router.post("/drafts/{name}/{subject_id}")
async def post_draft(form: OwnForm, person: SignedIn, name: str, subject_id: UUID) -> Response:
    """Keep what is typed so far, as a form's own script asks now and then."""
    await person.day.keep_draft(_name(name), subject_id, _typed_of(form))
    return Response(status_code=204)


@router.post("/drafts/{name}/{subject_id}/delete")
async def post_delete(form: OwnForm, person: SignedIn, name: str, subject_id: UUID) -> Response:
    """Delete a draft, and lead back to its form."""
    await person.day.forget_draft(_name(name), subject_id)
    return RedirectResponse(form["back"] if _OWN_FORM.fullmatch(form["back"]) else "/", 303)


def _name(said: str) -> DraftName:
    if said not in set(DraftName):
        raise NotFound
    return DraftName(said)


def _typed_of(form: Typed) -> dict[str, str]:
    return {name: value for name, value in form.kept.items() if name not in _NOT_TYPED and value}
