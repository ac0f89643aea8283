"""One press: the same child, and its contact joins the other case; and undoing that."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, FormErrors, FormWords, OwnForm, Typed
from services.console.pages.beside import BesideShown, TieShown, beside_of
from services.console.pages.case import Refused, case_page
from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from shared.problems import Conflict, FieldError, Invalid, NotFound, NotPermitted, Problem, Stale, Unavailable
from shared.schemas.cases import CaseView
from shared.schemas.ids import CaseId, JoinId
from shared.schemas.joining import JoinView
from shared.schemas.words import MatchVerdict

router = APIRouter(include_in_schema=False)

_BESIDE: Final = "/cases/{case_id}/beside/{other_id}"
_UNDO: Final = "/cases/{case_id}/joins/{join_id}/undo"
_WHY: Final = "Say why; it is kept under your name"
_WHOM: Final = "Tick whom you speak of"
_CHOOSE: Final = "Choose an answer"
_GONE: Final = "That case does not stand beside this one any more. Nothing was recorded."
_VERDICTS: Final = {
    "join": MatchVerdict.LINKED,
    "same": MatchVerdict.LINKED,
    "not_the_same": MatchVerdict.NOT_THE_SAME,
    "unsure": MatchVerdict.UNSURE,
}
#: How often a join is sent again because the other case moved on, as it does when a link is confirmed.
_TRIES: Final = 3
UNDO_WORDS: Final = FormWords(
    places={"reason": "undo_reason"},
    sentences={("undo_reason", "missing"): _WHY, ("undo_reason", "blank"): _WHY},
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How far one press came.

    Attributes:
        linked: the names of those whose link is recorded.
        problem: what stood in the way of the rest.
    """

    linked: list[str]
    problem: Problem


@router.post(_BESIDE)
async def post_beside(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, other_id: UUID
) -> Response:
    """Record whether those in both cases are the same, and have this case's contact join the other."""
    if not person.settles:
        raise NotPermitted
    case = await person.backend.get_case(CaseId(case_id))
    other = await _other(person, case, CaseId(other_id))
    try:
        answered = await _answer(person, other, form)
    except (Invalid, Conflict) as problem:
        errors = _words(other_id).errors_of(problem, frozenset({_field(other_id)}))
        return await case_page(request, person, case, refused=Refused(problem.status, errors, form))
    if form["answer"] != "join":
        return RedirectResponse(f"/cases/{case_id}?done={form['answer']}", 303)
    return await _joined(request, person, case, CaseId(other_id), form, answered)


@router.get(_UNDO)
async def get_undo_form(person: SignedIn, request: Request, case_id: UUID, join_id: UUID) -> Response:
    """Say what undoing a join does, and ask why."""
    return await _undo_form(request, person, case_id, join_id, Typed({}), None)


@router.post(_UNDO)
async def post_undo(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, join_id: UUID
) -> Response:
    """Have a contact go back to a case of its own."""
    if not person.settles:
        raise NotPermitted
    body = {"reason": form["undo_reason"]} if form["undo_reason"].strip() else {}
    try:
        made = await person.backend.undo_join(JoinId(join_id), body, version=_version(form))
    except (Invalid, Conflict, Stale) as problem:
        return await _undo_form(request, person, case_id, join_id, form, problem)
    return RedirectResponse(f"/cases/{made.case_id}?done=undone", 303)


async def _other(person: Person, case: CaseView, other_id: CaseId) -> BesideShown | None:
    """Return the other case as it stands now; None where nothing is left to answer about it."""
    beside = await beside_of(person, case)
    return next((item for item in beside.items if item.case.case_id == other_id), None) if beside else None


async def _answer(person: Person, other: BesideShown | None, typed: Typed) -> list[str]:
    """Record the answer about everybody who was ticked, and return their names.

    Raises:
        Invalid: no reason, no answer, or nobody ticked.
        Conflict: somebody else has answered meanwhile, or the cases stand beside each other no more.
    """
    verdict = _VERDICTS.get(typed["answer"])
    if verdict is None:
        raise Invalid(_CHOOSE)
    if other is None:
        if typed["answer"] == "join":
            return []
        raise Conflict(_GONE)
    reason = typed[other.field]
    if not reason.strip():
        raise Invalid(_WHY, errors=(FieldError("missing", _WHY, pointer="#/reason"),))
    ticked = [tie for tie in other.open_ties if typed[tie.field]]
    may_be_over = typed["answer"] == "join" and (other.is_confirmed or not other.open_ties)
    if not ticked and not may_be_over:
        raise Invalid(_WHOM, errors=(FieldError("nobody", _WHOM, pointer="#/reason"),))
    for tie in ticked:
        await _record(person, tie, verdict, reason)
    return [tie.tie.name or "Somebody whose name is not shown" for tie in ticked]


async def _record(person: Person, tie: TieShown, verdict: MatchVerdict, reason: str) -> None:
    """Answer the question that waits, or confirm or undo what the machine linked."""
    if tie.person_id is None:
        return
    if tie.tie.match_id is not None:
        body = {"person_id": str(tie.person_id), "verdict": str(verdict), "reason": reason}
        await person.people.decide_match(tie.tie.match_id, body)
    elif verdict is MatchVerdict.LINKED:
        for record_id in tie.unconfirmed:
            await person.people.link(tie.person_id, {"record_id": str(record_id), "reason": reason})
    elif verdict is MatchVerdict.NOT_THE_SAME:
        await person.people.unlink(tie.unconfirmed[0], reason)


async def _joined(
    request: Request, person: Person, case: CaseView, other_id: CaseId, typed: Typed, linked: list[str]
) -> Response:
    """Have the contact join, and show the joint case; if it cannot, say what was done and what was not."""
    body = {"referral_id": typed["contact"], "reason": typed[_field(other_id)]}
    try:
        await _join(person, other_id, body)
    except (Conflict, Stale, Invalid, NotFound, Unavailable) as problem:
        contact = next((each for each in case.contacts if str(each.referral_id) == typed["contact"]), None)
        return show(
            request,
            "not_joined.html",
            person=person,
            status=problem.status,
            case=case,
            other_id=other_id,
            contact=contact,
            attempt=Attempt(linked, problem),
            reason=body["reason"],
            field=_field(other_id),
        )
    return RedirectResponse(f"/cases/{other_id}?done=joined", 303)


async def _join(person: Person, other_id: CaseId, body: dict[str, str]) -> None:
    """Have the contact join the other case as it stands.

    The person has read this case; the version of the other only says that nothing came in between, and
    confirming the link is itself such a thing: so it is read again, a few times, before giving up.
    """
    for left in reversed(range(_TRIES)):
        other = await person.backend.get_case(other_id)
        try:
            await person.backend.join(other_id, body, version=other.version or 0)
        except Stale:
            if not left:
                raise
        else:
            return


async def _undo_form(
    request: Request, person: Person, case_id: UUID, join_id: UUID, typed: Typed, problem: Problem | None
) -> Response:
    if not person.settles:
        raise NotPermitted
    case = await person.backend.get_case(CaseId(case_id))
    return show(
        request,
        "undo_join.html",
        person=person,
        status=problem.status if problem else 200,
        names=await person.backend.agencies(),
        case=case,
        join=_join_of(case, JoinId(join_id)),
        typed=typed,
        problem=problem,
        stale=isinstance(problem, Stale),
        version=case.version if problem is None or isinstance(problem, Stale) else _version(typed),
        errors=_undo_errors(problem),
    )


def _undo_errors(problem: Problem | None) -> FormErrors:
    if problem is None or isinstance(problem, Stale):
        return NO_ERRORS
    return UNDO_WORDS.errors_of(problem, frozenset({"undo_reason"}))


def _join_of(case: CaseView, join_id: JoinId) -> JoinView:
    for join in case.joins:
        if join.join_id == join_id:
            return join
    raise NotFound


def _words(other_id: UUID) -> FormWords:
    field = _field(other_id)
    return FormWords(
        places={"reason": field, "": field},
        sentences={(field, "missing"): _WHY, (field, "blank"): _WHY},
    )


def _field(other_id: UUID) -> str:
    return f"beside-reason-{other_id}"


def _version(typed: Typed) -> str:
    version = typed["version"]
    return version if version.isascii() and version.isdecimal() and len(version) < 10 else "0"
