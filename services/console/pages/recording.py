"""The record of a discussion, written step by step: who was there, then what was said and settled."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, FormErrors, OwnForm, Typed
from services.console.pages.drafts import find_draft, save_and_leave, wants_to_leave
from services.console.pages.showing import show
from services.console.pages.talk_forms import (
    MOST_ROWS,
    SETTLED,
    WORDS,
    compact,
    instant_body,
    people_body,
    people_fields,
    row_fields,
    rows_shown,
    rows_written,
    settled_body,
    wants_room,
)
from services.console.session import Person, SignedIn
from services.console.wording import talk
from shared.problems import Conflict, FieldError, Invalid, NotPermitted, Problem, Stale
from shared.schemas.discussions import DiscussionRecord, DiscussionState, DiscussionView, RecordVersion
from shared.schemas.holding import DraftName, DraftView
from shared.schemas.ids import DiscussionId

router = APIRouter(include_in_schema=False)

_PEOPLE: Final = "/discussions/{discussion_id}/attendance"
_RECORD: Final = "/discussions/{discussion_id}/record"
_SHOWN: Final = (
    frozenset({"held_day", "minutes", "interim_safety_plan", "conference_on", "view_words", "view_agency"})
    | {f"{name}_{part}" for name in SETTLED for part in ("answer", "reason")}
    | row_fields(MOST_ROWS)
)
_MOVED: Final = "Someone has recorded something since you opened this page. Check it below, and save again"


@router.get(_PEOPLE)
async def get_attendance(person: SignedIn, request: Request, discussion_id: UUID) -> Response:
    """Show the list of those invited, to say who was there."""
    return await _people_form(request, person, discussion_id, None, NO_ERRORS)


@router.post(_PEOPLE)
async def post_attendance(form: OwnForm, person: SignedIn, request: Request, discussion_id: UUID) -> Response:
    """Record who was there, who sent information and who was not."""
    if wants_to_leave(form):
        return await save_and_leave(person, DraftName.ATTENDANCE, discussion_id, form, _back(discussion_id))
    if wants_room(form):
        return await _people_form(request, person, discussion_id, form, NO_ERRORS)
    typed = compact(form)
    try:
        body = {"attendees": people_body(typed, with_attendance=True)} | instant_body(typed, "held")
        await person.talking.take(DiscussionId(discussion_id), "record", body, form["version"])
    except (Invalid, Conflict, Stale) as problem:
        return await _people_form(
            request, person, discussion_id, typed, _errors(problem), status=problem.status
        )
    return RedirectResponse(f"/discussions/{discussion_id}?done=recorded", 303)


@router.get(_RECORD)
async def get_record(person: SignedIn, request: Request, discussion_id: UUID) -> Response:
    """Show the record as it stands, to be written on."""
    return await _record_form(request, person, discussion_id, None, NO_ERRORS)


@router.post(_RECORD)
async def post_record(form: OwnForm, person: SignedIn, request: Request, discussion_id: UUID) -> Response:
    """Record what was said and settled; what is left as it was is not sent."""
    if wants_to_leave(form):
        return await save_and_leave(person, DraftName.MINUTES, discussion_id, form, _back(discussion_id))
    try:
        held = await person.talking.get(DiscussionId(discussion_id))
        body = record_body(form, held)
        await person.talking.take(DiscussionId(discussion_id), "record", body, form["version"])
    except (Invalid, Conflict, Stale) as problem:
        return await _record_form(
            request, person, discussion_id, form, _errors(problem), status=problem.status
        )
    return RedirectResponse(f"/discussions/{discussion_id}?done=recorded", 303)


def record_body(typed: Typed, held: DiscussionView) -> dict[str, Any]:
    """Return what the form changes in a record, as triage takes it: a text that was emptied is emptied.

    Raises:
        Invalid: an answer has no reason, or a view no agency.
    """
    record, body = held.record, settled_body(typed)
    for name in ("minutes", "interim_safety_plan"):
        if typed[name].strip() or getattr(record, name):
            body[name] = typed[name] if typed[name].strip() else None
    if typed["conference_on"].strip() or record.conference_on:
        body["conference_on"] = typed["conference_on"].strip() or None
    body |= _view_body(typed, record)
    before = record.model_dump(mode="json", exclude_none=True)
    # What stands already is not written again: once a discussion is concluded, most of it stands.
    return {name: said for name, said in body.items() if said != before.get(name)}


def _view_body(typed: Typed, record: DiscussionRecord) -> dict[str, Any]:
    if not typed["view_words"].strip():
        return {}
    if not typed["view_agency"]:
        error = FieldError("missing", "Choose whose view it is", pointer="#/view_agency")
        raise Invalid("Choose whose view it is", errors=(error,))
    kept = [
        view.model_dump(mode="json")
        for view in record.grading_agency_views
        if str(view.agency_id) != typed["view_agency"]
    ]
    said = {"agency_id": typed["view_agency"], "words": typed["view_words"]}
    return {"grading_agency_views": [*kept, said]}


def record_fields(record: DiscussionRecord) -> dict[str, str]:
    """Return the fields of a form that starts with what is recorded."""
    fields = {
        "minutes": record.minutes or "",
        "interim_safety_plan": record.interim_safety_plan or "",
        "conference_on": record.conference_on.isoformat() if record.conference_on else "",
    }
    for name in SETTLED:
        settled = getattr(record, name)
        if settled is not None:
            fields[f"{name}_answer"] = "yes" if settled.answer else "no"
            fields[f"{name}_reason"] = settled.reason or ""
    return fields


def _errors(problem: Problem) -> FormErrors:
    if isinstance(problem, Stale):
        return FormErrors([{"text": _MOVED}], {})
    return WORDS.errors_of(problem, _SHOWN)


async def _people_form(
    request: Request,
    person: Person,
    discussion_id: UUID,
    typed: Typed | None,
    errors: FormErrors,
    *,
    status: int = 200,
) -> Response:
    held = await _get(person, discussion_id)
    record = held.record
    draft = await find_draft(person, DraftName.ATTENDANCE, discussion_id) if typed is None else None
    when = {"held_day": talk.day_field(record.held_at), "held_clock": talk.clock_field(record.held_at)}
    # A list of people is a whole: whom the draft leaves out was taken off it.
    stands = draft.fields if draft else people_fields(record.attendees) | when
    shown = typed or Typed(stands)
    return show(
        request,
        "discussion_attendance.html",
        person=person,
        status=status,
        held=held,
        names=await person.backend.agencies(),
        rows=rows_shown(shown),
        named=rows_written(shown),
        most=MOST_ROWS,
        typed=shown,
        draft=draft,
        newer=_newer_than(draft, held),
        version=typed["version"] if typed and wants_room(typed) else held.version,
        errors=errors,
    )


async def _record_form(
    request: Request,
    person: Person,
    discussion_id: UUID,
    typed: Typed | None,
    errors: FormErrors,
    *,
    status: int = 200,
) -> Response:
    held = await _get(person, discussion_id)
    draft = await find_draft(person, DraftName.MINUTES, discussion_id) if typed is None else None
    return show(
        request,
        "discussion_record.html",
        person=person,
        status=status,
        held=held,
        is_over=held.state is DiscussionState.CONCLUDED,
        names=await person.backend.agencies(),
        typed=typed or Typed(record_fields(held.record) | dict(draft.fields if draft else {})),
        draft=draft,
        newer=_newer_than(draft, held),
        errors=errors,
    )


def _newer_than(draft: DraftView | None, held: DiscussionView) -> RecordVersion | None:
    """Return what was recorded last, where that was after the draft: the draft would take its place."""
    newest = max(held.history, key=lambda each: each.recorded_at)
    return newest if draft and newest.recorded_at > draft.saved_at else None


def _back(discussion_id: UUID) -> str:
    return f"/discussions/{discussion_id}?done=draft"


async def _get(person: Person, discussion_id: UUID) -> DiscussionView:
    if not person.settles:
        raise NotPermitted
    return await person.talking.get(DiscussionId(discussion_id))
