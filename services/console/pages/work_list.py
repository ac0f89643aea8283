"""The work list: the most urgent child first, with who has not answered."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console import wording
from services.console.exchange import SignedOut
from services.console.forms import OwnForm
from services.console.pages.closed import count_emergencies
from services.console.pages.red import unseen_of
from services.console.pages.showing import show
from services.console.session import Now, Person, SignedIn
from services.console.standing import Names, agency_name
from services.console.wording import Deadline
from shared.problems import NotFound, NotPermitted, Problem
from shared.schemas.cases import CaseChildLine, CaseLine
from shared.schemas.progress import ReferralProgress
from shared.schemas.reference import read_reference
from shared.schemas.words import ChildState, Rag
from shared.schemas.work_lists import WorkLists

router = APIRouter(include_in_schema=False)

#: The work list waits no longer than this for what only adds to it.
_PATIENCE_SECONDS: Final = 1.5
_MOST_CONTACTS: Final = 200

Queue = Literal["to_decide", "decided", "second_look", "mine", "my_team", "unallocated"]

NOT_A_REFERENCE = (
    "Enter a whole reference, such as SH-7K3QX9MA-9. Its last letter is a check: one wrong character shows."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One case on the list.

    Attributes:
        from_whom: each contact's agency with its reference.
        silent: who has not answered about any child still to be decided: sources by name, else sectors.
        questions: how many wait for an answer whether its people are known already.
    """

    line: CaseLine
    deadline: Deadline | None
    from_whom: list[tuple[str, str]]
    silent: list[str]
    questions: int = 0

    @property
    def decided(self) -> bool:
        """Whether every child of the case is decided."""
        return not self.line.closed and all(child.state is ChildState.DECIDED for child in self.line.children)


@dataclass(frozen=True, slots=True)
class Tally:
    """How urgent the page is, for the sentence above it."""

    overdue: int
    red: int


@router.get("/")
async def get_work_list(
    person: SignedIn,
    request: Request,
    now: Now,
    queue: Queue = "to_decide",
    cursor: str | None = None,
    reference: str | None = None,
) -> Response:
    """Show what waits for this person, or the one case that a reference belongs to."""
    if reference is not None:
        return await _found(request, person, reference, now)
    try:
        page = await person.backend.list_cases(queue=queue, cursor=cursor)
    except NotPermitted:
        if person.looks_after_events:
            return RedirectResponse("/parked-events", 303)
        if person.looks_after_searches:
            return RedirectResponse("/searches", 303)
        return show(request, "no_pages.html", person=person, status=NotPermitted.status)
    names, questions, unseen, emergencies, waiting = await asyncio.gather(
        person.backend.agencies(),
        _questions(person, page.items),
        unseen_of(person),
        count_emergencies(person),
        waiting_of(person),
    )
    rows = [_with_questions(row, questions or {}) for row in _rows(page.items, names, now)]
    return show(
        request,
        "work_list.html",
        unread=questions is None,
        unseen=unseen,
        emergencies=emergencies,
        waiting=waiting,
        person=person,
        rows=rows,
        tally=_tally(rows),
        queue=queue,
        next_cursor=page.next_cursor if page.has_more else None,
        later_page=cursor is not None,
        search="",
        search_error=None,
    )


async def waiting_of(person: Person) -> WorkLists | None:
    """Return how much waits in each part of the work list; None for others, and where it cannot be read."""
    if not person.sees_all:
        return None
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await person.backend.count_work()
    except SignedOut:
        raise
    except (Problem, TimeoutError):
        return None


async def _questions(person: Person, lines: Sequence[CaseLine]) -> Mapping[str, int] | None:
    """Return how many questions who somebody is wait, by contact; None where that cannot be read."""
    references = [reference for line in lines for reference in line.references]
    if not person.sees_all or not references:
        return {}
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            found = await person.people.count_questions(references[:_MOST_CONTACTS])
    except SignedOut:
        raise
    except (Problem, TimeoutError):
        return None
    return {count.reference: count.open_count for count in found.items}


def _with_questions(row: Row, questions: Mapping[str, int]) -> Row:
    return replace(row, questions=sum(questions.get(each, 0) for each in row.line.references))


@router.post("/search")
async def post_search(form: OwnForm, person: SignedIn, request: Request) -> Response:
    """Look for a reference. Posted, because people type names into search boxes and addresses are logged."""
    try:
        reference = read_reference(form["reference"])
    except ValueError:
        return _search_page(request, person, searched=form["reference"], error=NOT_A_REFERENCE)
    return RedirectResponse(f"/?reference={reference}", 303)


async def _found(request: Request, person: Person, searched: str, now: datetime) -> Response:
    try:
        reference = read_reference(searched)
    except ValueError:
        return _search_page(request, person, searched="", error=NOT_A_REFERENCE)
    page = await person.backend.list_cases_of(reference)
    if page.items:
        rows = _rows(page.items, await person.backend.agencies(), now)
        return _search_page(request, person, searched=reference, rows=rows)
    return _search_page(request, person, searched=reference, progress=await _progress(person, reference))


async def _progress(person: Person, reference: str) -> ReferralProgress | None:
    """Return where a contact without a case is: for some seconds after it arrived, it has none yet."""
    try:
        return await person.intake.get_progress(reference)
    except SignedOut:
        raise
    except (NotFound, Problem):
        return None


def _search_page(
    request: Request,
    person: Person,
    *,
    searched: str,
    error: str | None = None,
    rows: Sequence[Row] = (),
    progress: ReferralProgress | None = None,
) -> Response:
    return show(
        request,
        "search.html",
        person=person,
        status=422 if error else 200,
        search=searched,
        search_error=error,
        rows=rows,
        progress=progress,
    )


def _rows(lines: Sequence[CaseLine], names: Names, now: datetime) -> list[Row]:
    return [
        Row(
            line=line.model_copy(update={"children": _by_urgency(line.children)}),
            deadline=wording.deadline(line.due_at, now) if line.due_at else None,
            from_whom=[
                (agency_name(names, agency_id), reference)
                for agency_id, reference in zip(line.agency_ids, line.references, strict=False)
            ],
            silent=_silent(line.children),
        )
        for line in lines
    ]


def _by_urgency(children: Sequence[CaseChildLine]) -> list[CaseChildLine]:
    """Return whoever must be decided first, first; as they were told where a reader sees no colours."""
    colours = [child.rag for child in children]
    if None in colours:
        return list(children)
    return sorted(children, key=lambda child: (_is_done(child), list(Rag).index(child.rag or Rag.GREEN)))


def _is_done(child: CaseChildLine) -> bool:
    return child.state is ChildState.DECIDED and not child.changed_since_decision


def _silent(children: Sequence[CaseChildLine]) -> list[str]:
    waiting = (child for child in children if child.state is not ChildState.DECIDED)
    return list(dict.fromkeys(words for child in waiting for words in _waited_for(child)))


def _waited_for(child: CaseChildLine) -> list[str]:
    """Return who has not answered about a child, in a word each; of a triage of before, its sectors."""
    if child.waiting_words or not child.waiting_for:
        return child.waiting_words
    return [wording.sectors_words(child.waiting_for)]


def _tally(rows: Sequence[Row]) -> Tally:
    open_rows = [row for row in rows if not row.decided]
    return Tally(
        overdue=sum(row.deadline is not None and row.deadline.overdue for row in open_rows),
        red=sum(row.line.rag is Rag.RED for row in open_rows),
    )
