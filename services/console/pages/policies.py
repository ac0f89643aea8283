"""The threshold policy: which is in force, what it says, and putting another one forward for approval."""

import re
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormErrors, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from services.console.wording.policy_changes import Changes, changes_of
from shared.problems import Conflict, FieldError, Invalid, NotFound, NotPermitted, Problem, Stale
from shared.schemas.policies import PolicyStanding, PolicyView

router = APIRouter(include_in_schema=False)

_VERSION: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LINE: Final = re.compile(r"Line (\d{1,6}): ")
_WHY: Final = "Say why; it is kept under your name"
_FIELDS: Final = frozenset({"document", "note"})
_ANSWER_FIELDS: Final = frozenset({"approved", "policy_reason", "since"})
WORDS: Final = FormWords(
    places={},
    sentences={
        ("document", "missing"): "Paste the policy, or choose its file",
        ("note", "missing"): "Say what changes and why",
        ("note", "blank"): "Say what changes and why",
    },
)
ANSWER_WORDS: Final = FormWords(
    places={"reason": "policy_reason"},
    sentences={
        ("approved", "missing"): "Choose whether you approve it",
        ("policy_reason", "missing"): _WHY,
        ("policy_reason", "blank"): _WHY,
    },
)
DONE: Final = {
    "submitted": "The policy is put forward. Another manager must approve it before it is in force.",
    "approved": "The policy is in force. Children still to be decided are recommended for anew.",
    "refused": "The policy is refused. Your reason stays with it.",
    "withdrawn": "The policy is withdrawn.",
}


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a policy's text with what is wrong there."""

    number: int
    text: str
    faults: list[str]


@router.get("/policies")
async def get_policies(person: SignedIn, request: Request, done: str = "") -> Response:
    """Show every version of the policy, and where it stands."""
    if not person.sees_all:
        raise NotPermitted
    lines = await person.policies.list_all()
    groups = {
        "in_force": [line for line in lines if line.standing is PolicyStanding.IN_FORCE],
        "submitted": [line for line in lines if line.standing is PolicyStanding.SUBMITTED],
        "past": [line for line in lines if line.standing is PolicyStanding.PAST],
        "ended": [line for line in lines if line.standing in ("refused", "withdrawn")],
    }
    return show(request, "policies.html", person=person, groups=groups, done=DONE.get(done))


@router.get("/policies/new")
async def get_new_policy(person: SignedIn, request: Request) -> Response:
    """Show the form to put a policy forward."""
    _require_keeper(person)
    return _new_policy(request, person, NOTHING_TYPED, None)


@router.post("/policies/new")
async def post_new_policy(form: OwnForm, person: SignedIn, request: Request) -> Response:
    """Put a policy forward; what is wrong with it is shown beside its lines."""
    _require_keeper(person)
    try:
        _require_said(form, "document", "note")
        await person.policies.submit({"document": form["document"], "note": form["note"]})
    except (Invalid, Conflict) as problem:
        return _new_policy(request, person, form, problem)
    return RedirectResponse("/policies?done=submitted", 303)


@router.get("/policies/{version}")
async def get_policy(person: SignedIn, request: Request, version: str, done: str = "") -> Response:
    """Show a version as tables, with its trials and, to another manager, the form to approve it."""
    if not person.sees_all:
        raise NotPermitted
    return await _policy(request, person, version, NOTHING_TYPED, None, done=DONE.get(done))


@router.post("/policies/{version}/approval")
async def post_approval(form: OwnForm, person: SignedIn, request: Request, version: str) -> Response:
    """Approve or refuse a policy that another person put forward."""
    _require_keeper(person)
    approved = form["approved"] == "yes"
    try:
        _require_said(form, "approved", "policy_reason")
        body = {"approved": approved, "reason": form["policy_reason"]}
        await person.policies.settle(_own(version), body, row_version=_row_version(form))
    except (Invalid, Conflict, Stale) as problem:
        return await _policy(request, person, version, form, problem)
    return RedirectResponse(f"/policies/{version}?done={'approved' if approved else 'refused'}", 303)


@router.post("/policies/{version}/withdrawal")
async def post_withdrawal(form: OwnForm, person: SignedIn, request: Request, version: str) -> Response:
    """Take back a policy of one's own."""
    _require_keeper(person)
    try:
        _require_said(form, "policy_reason")
        body = {"reason": form["policy_reason"]}
        await person.policies.withdraw(_own(version), body, row_version=_row_version(form))
    except (Invalid, Conflict, Stale) as problem:
        return await _policy(request, person, version, form, problem)
    return RedirectResponse(f"/policies/{version}?done=withdrawn", 303)


@router.post("/policies/{version}/replays")
async def post_replay(form: OwnForm, person: SignedIn, request: Request, version: str) -> Response:
    """Have a version tried over past children."""
    _require_keeper(person)
    body = {"since": form["since"].strip()} if form["since"].strip() else {}
    try:
        replay_id = await person.policies.replay(_own(version), body)
    except (Invalid, Conflict) as problem:
        return await _policy(request, person, version, form, problem)
    return RedirectResponse(f"/policy-replays/{replay_id}", 303)


def _new_policy(request: Request, person: Person, typed: Typed, problem: Problem | None) -> Response:
    return show(
        request,
        "new_policy.html",
        person=person,
        status=problem.status if problem else 200,
        typed=typed,
        lines=_lines(typed["document"], problem),
        errors=_errors(problem),
    )


def _errors(problem: Problem | None) -> FormErrors:
    """Return what is wrong with the form: faults of the text lead to their lines."""
    if problem is None:
        return NO_ERRORS
    lines = {error: _LINE.match(error.detail) for error in problem.errors}
    faults = [{"text": error.detail, "href": f"#line-{found[1]}"} for error, found in lines.items() if found]
    if not faults:
        return WORDS.errors_of(problem, _FIELDS)
    words = "The policy has faults: mend each at its line below"
    return FormErrors(faults, {"document": words})


def _lines(text: str, problem: Problem | None) -> list[TextLine]:
    """Return the lines of a refused text, each with its faults; none where no fault has a line."""
    faults: dict[int, list[str]] = {}
    for error in problem.errors if problem else ():
        if found := _LINE.match(error.detail):
            faults.setdefault(int(found[1]), []).append(error.detail[found.end() :])
    if not faults:
        return []
    return [
        TextLine(number, words, faults.get(number, []))
        for number, words in enumerate(text.splitlines(), start=1)
    ]


async def _policy(
    request: Request,
    person: Person,
    version: str,
    typed: Typed,
    problem: Problem | None,
    *,
    done: str | None = None,
) -> Response:
    policy = await person.policies.get(_own(version))
    replays = await person.policies.list_replays(version) if person.keeps_policy else []
    waits = policy.standing is PolicyStanding.SUBMITTED
    return show(
        request,
        "policy.html",
        person=person,
        status=problem.status if problem else 200,
        policy=policy,
        changes=await _changes(person, policy) if waits else None,
        replays=replays,
        typed=typed,
        done=done,
        errors=ANSWER_WORDS.errors_of(problem, _ANSWER_FIELDS) if problem else NO_ERRORS,
    )


async def _changes(person: Person, policy: PolicyView) -> Changes | None:
    """Return how a policy that waits differs from the one in force, of which there always is one."""
    for line in await person.policies.list_all():
        if line.standing is PolicyStanding.IN_FORCE:
            return changes_of(policy, await person.policies.get(line.version))
    return None


def _require_keeper(person: Person) -> None:
    if not person.keeps_policy:
        raise NotPermitted


def _require_said(form: Typed, *fields: str) -> None:
    left_out = tuple(name for name in fields if not form[name].strip())
    if left_out:
        errors = tuple(FieldError("missing", "Fill this in", pointer=f"#/{name}") for name in left_out)
        raise Invalid("Something is left out.", errors=errors)


def _own(version: str) -> str:
    """Return a version as it goes into an address of triage; NotFound for what cannot be one."""
    if len(version) > 60 or not _VERSION.fullmatch(version):
        raise NotFound
    return version


def _row_version(typed: Typed) -> str:
    version = typed["row_version"]
    return version if version.isascii() and version.isdecimal() and len(version) < 10 else "0"
