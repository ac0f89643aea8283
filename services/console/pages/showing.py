"""How a page is shown: the shared look, the person signed in, the words every page may need."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment
from starlette.responses import HTMLResponse

from services.console import look, wording
from services.console.changes import recommendation_words
from services.console.pages.opened import opened_of
from services.console.pages.places import places_of
from services.console.session import Person, form_mark_of, now_of
from services.console.standing import Names, agency_name
from services.console.wording import (
    asking,
    day,
    deciding,
    due,
    family,
    glance,
    grading,
    incidents,
    talk,
    who_is_who,
)
from services.console.wording.pointers import error_words, place_words
from shared.clock import london_words
from shared.codes.grades import GRADE_STEPS, GRADES_VERSION, WITHOUT_A_GRADE
from shared.design.pages import environment, render

_TEMPLATES = Path(__file__).parent.parent / "templates"


@cache
def templates() -> Environment:
    """Return the console's templates with the words they speak in."""
    made = environment(_TEMPLATES)
    made.filters |= {
        "when": wording.when,
        "deadline": wording.deadline,
        "span": wording.span,
        "name_of": wording.name_of,
        "child_name": wording.child_name,
        "names_together": wording.names_together,
        "sentence": wording.sentence,
        "ties_together": wording.ties_together,
        "sectors": wording.sectors_words,
        "day": wording.day_words,
        "london": london_words,
        "codes": wording.with_breaks,
        "address_of": who_is_who.address,
        "lines_together": incidents.lines_together,
    }
    made.globals |= {
        "style_sheet": look.ADDRESS,
        "script": look.SCRIPT,
        "drafts_script": look.DRAFTS,
        "red_script": look.RED_SCRIPT,
        "NOT_DONE": due.NOT_DONE,
        "PURPOSES": due.PURPOSES,
        "TO_DO": due.TO_DO,
        "STEPS": due.STEPS,
        "ended_words": due.ended_words,
        "read_file_script": look.READ_FILE,
        "CHANNELS": wording.CHANNELS,
        "KINDS": wording.KINDS,
        "STAGES": wording.STAGES,
        "FURTHER_INFORMATION": wording.FURTHER_INFORMATION,
        "WITHDRAWALS": wording.WITHDRAWALS,
        "HELD_COPY_STATES": wording.HELD_COPY_STATES,
        "PATHWAYS": wording.PATHWAYS,
        "LEVELS": wording.LEVELS,
        "RAGS": wording.RAGS,
        "RAG_MEANINGS": wording.RAG_MEANINGS,
        "SECTORS": wording.SECTORS,
        "STATES": wording.STATES,
        "ANSWERS": wording.ANSWERS,
        "HANDLINGS": wording.HANDLINGS,
        "ROLES_IN_CONCERN": wording.ROLES_IN_CONCERN,
        "DISCUSSIONS": wording.DISCUSSIONS,
        "GRADE_STEPS": GRADE_STEPS,
        "GRADES_VERSION": GRADES_VERSION,
        "WITHOUT_A_GRADE": WITHOUT_A_GRADE,
        "agency_name": agency_name,
        "age_words": wording.age_words,
        "consent_words": wording.consent_words,
        "told_words": wording.told_words,
        "consent_answer": family.consent_answer,
        "consent_facts": family.consent_facts,
        "contacts_together": incidents.contacts_together,
        "told_by": _told_by,
        "RELATION_KINDS": incidents.RELATION_KINDS,
        "told_answer": family.told_answer,
        "told_facts": family.told_facts,
        "place_words": place_words,
        "refusal_words": wording.refusal_words,
        "request_words": wording.request_words,
        "contact_named_in": wording.contact_named_in,
        "TAKEN_BACK": wording.TAKEN_BACK,
        "taken_back_words": wording.taken_back_words,
        "error_words": error_words,
        "receipt_words": wording.receipt_words,
        "grade_words": wording.grade_words,
        "who_is_who": who_is_who,
        "SPOKEN": day.SPOKEN,
        "unknown_words": day.unknown_words,
        "questions_about": day.questions_about,
        "wait_words": day.wait_words,
        "change_words": day.change_words,
        "asking": asking,
        "glance": glance,
        "grading": grading,
        "talk_words": talk,
        "different": wording.different,
        "recommendation_words": recommendation_words,
        "STANDINGS": deciding.STANDINGS,
        "SECOND_LOOKS": deciding.SECOND_LOOKS,
        "DEPTHS": deciding.DEPTHS,
        "DEPTH_HINTS": deciding.DEPTH_HINTS,
        "DEPTH_MEANINGS": deciding.DEPTH_MEANINGS,
        "ACCOUNTABLE": deciding.ACCOUNTABLE,
        "PLANS": deciding.PLANS,
        "reopened_words": deciding.reopened_words,
    }
    return made


def _told_by(told: incidents.Told, names: Names) -> str:
    return incidents.told_by([agency_name(names, part.agency_id) for part in told.parts])


def show(
    request: Request, template: str, *, person: Person | None = None, status: int = 200, **shown: Any
) -> HTMLResponse:
    """Return the page made from `template`, for the signed-in `person` if there is one."""
    made: Environment = request.app.state.templates
    return render(made, template, status=status, **frame_for(request, person), **shown)


def frame_for(request: Request, person: Person | None) -> dict[str, Any]:
    """Return what stands around every page: who is signed in, where they can go, what is open to them."""
    now = now_of(request)
    return {
        "person": person,
        "now": now,
        "emergency_openings": opened_of(request, person, now) if person else [],
        "form_mark": form_mark_of(request),
        "path": request.url.path,
        "own_places": places_of(person, request.url.path) if person else None,
    }
