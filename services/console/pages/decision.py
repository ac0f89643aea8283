"""The decision form: one child, one named person, the case as it stood when the page was made."""

import re
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.changes import new_since, shown_marks
from services.console.forms import NO_ERRORS, FormErrors, FormWords, OwnForm, Typed
from services.console.pages.case import child_of, children_of
from services.console.pages.chronology import histories_of
from services.console.pages.decision_record import PEOPLE, frame_of, record_body, risk_keys
from services.console.pages.drafts import (
    find_draft,
    save_and_leave,
    wants_to_leave,
    with_draft,
)
from services.console.pages.holding import close_case, open_case
from services.console.pages.showing import show
from services.console.pages.way_back import address_of_case
from services.console.session import Now, Person, SignedIn
from services.console.standing import Standing, same_children
from shared.problems import Conflict, Invalid, NotFound, NotPermitted, Problem, Stale, Unavailable
from shared.schemas.cases import CaseView, ContactView
from shared.schemas.holding import DraftName
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.words import Pathway

router = APIRouter(include_in_schema=False)

_PATH: Final = "/cases/{case_id}/children/{child_id}/decision"
_FIELDS: Final = frozenset(
    {
        "level",
        "pathway",
        "rag",
        "rationale",
        "different_decision_reason",
        "child_voice",
        "identity",
        "proceed_now_reason",
        "family_told",
    }
)
_QUESTION: Final = re.compile(r"/v1(/matches/[0-9a-f-]{36})\b")
_WHY: Final = "Say in your own words why you decide this"
WORDS: Final = FormWords(
    places={"supersedes": "rationale"},
    sentences={
        ("level", "missing"): "Choose the level of need",
        ("pathway", "missing"): "Choose who acts next",
        ("pathway", "possible_match_open"): (
            "It is open who this child is: no social care action cannot be decided until somebody has said."
            " Every other pathway can be decided now"
        ),
        ("pathway", "needs_second_decider"): (
            "A manager must decide this: ask yours. You can decide now for anybody who goes on with the child"
        ),
        ("rag", "missing"): "Choose how fast",
        ("rationale", "missing"): _WHY,
        ("rationale", "blank"): _WHY,
        ("rationale", "too_long"): "Say why in 20,000 characters or fewer",
        ("rationale", "supersedes_required"): (
            "This child was decided meanwhile. Read that decision, then send yours to replace it"
        ),
        ("rationale", "not_the_standing_decision"): (
            "The decision you meant to replace was replaced meanwhile. Read the newest, then send yours again"
        ),
        ("different_decision_reason", "missing"): (
            "Say why you decide differently from what the policy recommends"
        ),
        ("family_told", "why_not_required"): "Say why somebody was not told: it is unsafe, or not yet done",
        ("family_told", "missing"): "For each person name who it is, and whether they were told",
        ("different_decision_reason", "too_long"): "Say why in 20,000 characters or fewer",
    },
)


@router.get(_PATH)
async def get_decision_form(
    person: SignedIn, request: Request, case_id: UUID, child_id: UUID, read: str = ""
) -> Response:
    """Show the form; `read` is the version of the case page that the person came from."""
    _require_decider(person)
    return await _form(request, person, (case_id, child_id), Typed({"read": read}), None)


@router.post(_PATH)
async def post_decision(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, child_id: UUID
) -> Response:
    """Record the decision on the version of the case that the form was made with."""
    _require_decider(person)
    if wants_to_leave(form):
        return await save_and_leave(
            person, DraftName.DECISION, child_id, form, address_of_case(case_id, "draft", child_id)
        )
    try:
        await person.backend.decide(
            CaseId(case_id),
            ChildId(child_id),
            decision_body(form) | record_body(form, risk_keys(form)),
            version=_version(form),
        )
    except (Invalid, Conflict, Stale, NotPermitted) as problem:
        return await _form(request, person, (case_id, child_id), form, problem)
    await close_case(person, CaseId(case_id))
    return RedirectResponse(f"/cases/{case_id}/children/{child_id}/decided", 303)


@router.get("/cases/{case_id}/children/{child_id}/decided")
async def get_decided(
    person: SignedIn, request: Request, case_id: UUID, child_id: UUID, now: Now
) -> Response:
    """Confirm a decision, and say who will be told and which children are still to be decided."""
    names = await person.backend.agencies()
    case, standing = await child_of(person, case_id, child_id, names, now)
    decided = standing.pending or standing.decision
    if decided is None:
        return RedirectResponse(f"/cases/{case_id}", 303)
    waiting = [rows[0] for rows in same_children(case.children) if not all(row.decisions for row in rows)]
    return show(
        request,
        "decided.html",
        person=person,
        case=case,
        standing=standing,
        decision=decided,
        waiting=waiting,
        answered=contacts_of(case, standing),
        names=names,
    )


def decision_body(typed: Typed) -> dict[str, Any]:
    """Return what was typed as triage takes it; what was left out is left out, so that triage says so."""
    body: dict[str, Any] = typed.said(
        "pathway", "rag", "rationale", "different_decision_reason", "supersedes"
    )
    level = typed["level"]
    if level:
        body["level"] = int(level) if level.isascii() and level.isdecimal() and len(level) < 3 else level
    return body


def _version(typed: Typed) -> str:
    version = typed["version"]
    return version if version.isascii() and version.isdecimal() and len(version) < 10 else "0"


def contacts_of(case: CaseView, standing: Standing) -> list[ContactView]:
    """Return the contacts that told of a child: each sender gets an answer of its own from one decision."""
    told = {row.referral_id for row in standing.rows}
    return [contact for contact in case.contacts if contact.referral_id in told]


def others_than(children: Sequence[Standing], standing: Standing) -> list[Standing]:
    """Return the other children of a case, each of them decided apart."""
    return [child for child in children if child.child.child_id != standing.child.child_id]


def _require_decider(person: Person) -> None:
    # A manager decides what needs one.
    if not person.settles:
        raise NotPermitted


async def _form(
    request: Request, person: Person, ids: tuple[UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    names = await person.backend.agencies()
    case, standing = await child_of(person, *ids, names, request.app.state.clock())
    read = typed["read"]
    holding = await open_case(person, case.case_id)
    draft = None if problem else await find_draft(person, DraftName.DECISION, standing.child.child_id)
    typed = with_draft(typed, draft)
    # After any refusal but a stale version the form keeps speaking of the case as its person read it.
    fresh = problem is None or isinstance(problem, Stale)
    return show(
        request,
        "decision.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        standing=standing,
        histories=await histories_of(person, case.case_id, [standing.child.child_id]),
        answered=contacts_of(case, standing),
        others=others_than(children_of(person, case, names, request.app.state.clock()), standing),
        names=names,
        typed=typed,
        draft=draft,
        leases=holding.leases if holding else [],
        errors=_errors(problem),
        questions=questions_in(problem),
        # After a refusal because of the version: what is new. Only ids came back with the form, no words.
        news=new_since(typed["shown"], case, names) if isinstance(problem, Stale) else None,
        moved=bool(read) and read != str(case.version),
        frame=await frame_of(person),
        people=PEOPLE,
        least=await _least_pathways(person, standing),
        version=case.version if fresh else _version(typed),
        shown=shown_marks(case) if fresh else typed["shown"],
    )


async def _least_pathways(person: Person, standing: Standing) -> dict[int, Pathway]:
    """Return the least protective pathway of each level by the policy; nothing where that cannot be read."""
    view = standing.child.recommendation
    if view is None:
        return {}
    try:
        steps = (await person.policies.get(view.policy_version)).levels
    except (NotFound, NotPermitted, Unavailable):
        return {}
    return {step.level: step.pathway for step in reversed(steps)}


def questions_in(problem: Problem | None) -> list[str]:
    """Return the questions who the child is that a refusal names, to be led to."""
    return (
        list(dict.fromkeys(_QUESTION.findall(" ".join(one.detail for one in problem.errors))))
        if problem
        else []
    )


def _errors(problem: Problem | None) -> FormErrors:
    if problem is None or isinstance(problem, Stale):
        return NO_ERRORS
    return WORDS.errors_of(problem, _FIELDS)
