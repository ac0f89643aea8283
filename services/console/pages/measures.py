"""Measures: how deep the hub went for children, what was in time, and who had a manager's word."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.forms import NO_ERRORS, FormErrors, FormWords, Typed
from services.console.pages.showing import show
from services.console.session import Now, Person, SignedIn
from services.console.wording import talk
from services.console.wording.due import NOT_DONE
from services.console.wording.times import day_words
from shared.codes.late_reasons import LATE_REASONS
from shared.problems import FieldError, Invalid, NotPermitted
from shared.schemas.depth import Coverage, CoverageLine
from shared.schemas.measures import AgencyMeasure, Period
from shared.schemas.oversight import OversightPeriod
from shared.schemas.words_deciding import Depth

router = APIRouter(include_in_schema=False)

_FIELDS: Final = frozenset({"from", "to"})
_BY: Final = {"month": "Months", "week": "Weeks"}
_NOT_A_DAY: Final = "Enter the day as year, month and day"
WORDS: Final = FormWords(
    places={"": "from"},
    sentences={("from", "after_the_last"): "The first day comes after the last: swap them"},
)


@dataclass(frozen=True, slots=True)
class Stripe:
    """A part of a bar: where it begins and how long it is, both in hundredths of the bar."""

    depth: Depth
    x: int
    length: int


@dataclass(frozen=True, slots=True)
class MonthCovered:
    """The children first decided in a month or week, by how deep the hub went for them.

    Attributes:
        name: of the month or week, for people.
        heard: how many children with how many core agencies heard, the most agencies first; -1 where that
            was not recorded.
        stripes: its bar; the longest month fills it.
    """

    name: str
    children: int
    by_depth: dict[Depth, int]
    heard: list[tuple[int, int]]
    proceeded_now: int
    stripes: list[Stripe]


@dataclass(frozen=True, slots=True)
class MonthOverseen:
    """The children first decided in a month, and those of them with a manager's entry."""

    month: date
    decided: int
    overseen: int
    share: int


@router.get("/measures")
async def get_measures(person: SignedIn, request: Request, now: Now) -> Response:
    """Show how deep the hub went for the children decided, and how many had management oversight."""
    if not person.reads_measures:
        raise NotPermitted
    asked = {name: request.query_params.get(name, "") for name in sorted(_FIELDS)}
    by: Period = "week" if request.query_params.get("by") == "week" else "month"
    coverage, errors = await _coverage(person, asked, by)
    by_agency = await _by_agency(person, asked, by) if coverage else None
    overseen = await person.talking.measure_oversight() if person.reads_counts else None
    months = months_covered(coverage.items) if coverage else []
    typed = {"from": str(coverage.from_on), "to": str(coverage.to_on)} if coverage else asked
    return show(
        request,
        "measures.html",
        person=person,
        status=422 if errors.summary else 200,
        coverage=coverage,
        months=months,
        by=by,
        by_words=_BY,
        by_agency=by_agency,
        agencies=await person.backend.agencies() if by_agency else {},
        period_name=period_name,
        LATE=NOT_DONE,
        late_reasons=LATE_REASONS,
        total=months_total(months),
        overseen=months_overseen(overseen.items) if overseen else None,
        today=talk.day_field(now),
        typed=Typed(typed),
        errors=errors,
    )


async def _coverage(person: Person, asked: dict[str, str], by: Period) -> tuple[Coverage | None, FormErrors]:
    try:
        _require_days(asked)
        counted = await person.talking.measure_coverage(asked["from"] or None, asked["to"] or None, by)
    except Invalid as problem:
        return None, WORDS.errors_of(problem, _FIELDS)
    return counted, NO_ERRORS


async def _by_agency(person: Person, asked: dict[str, str], by: Period) -> AgencyMeasure:
    """Return what was in time by agency, the newest first."""
    found = await person.talking.measure_agencies(asked["from"] or None, asked["to"] or None, by)
    newest = sorted(found.items, key=lambda one: one.period, reverse=True)
    late = sorted(found.breaches, key=lambda one: one.period, reverse=True)
    return found.model_copy(update={"items": newest, "breaches": late})


def period_name(period: str) -> str:
    """Return a month or ISO week as people say it."""
    year, _, week = period.partition("-W")
    if week:
        return f"Week of {day_words(date.fromisocalendar(int(year), int(week), 1))}"
    return f"{_first_of(period):%B %Y}"


def _require_days(asked: dict[str, str]) -> None:
    errors = tuple(
        FieldError("not_a_date", _NOT_A_DAY, pointer=f"#/{name}")
        for name, said in asked.items()
        if said and not _is_day(said)
    )
    if errors:
        raise Invalid(_NOT_A_DAY, errors=errors)


def _is_day(said: str) -> bool:
    try:
        date.fromisoformat(said)
    except ValueError:
        return False
    return len(said) == len("2026-11-22")


def months_covered(lines: Sequence[CoverageLine]) -> list[MonthCovered]:
    """Return the months of a measure, the newest first, each with its bar beside the longest month's."""
    sums = Counter[str]()
    for line in lines:
        sums[line.month] += line.children
    most = max(sums.values(), default=0)
    return [
        _month([line for line in lines if line.month == month], most) for month in sorted(sums, reverse=True)
    ]


def _month(lines: Sequence[CoverageLine], most: int) -> MonthCovered:
    by_depth = {depth: sum(line.children for line in lines if line.depth is depth) for depth in Depth}
    return MonthCovered(
        name=period_name(lines[0].month),
        children=sum(by_depth.values()),
        by_depth=by_depth,
        heard=_heard([line.core_answers for line in lines]),
        proceeded_now=sum(line.proceeded_now for line in lines),
        stripes=_stripes(by_depth, most),
    )


def _heard(answers: Sequence[dict[str, int]]) -> list[tuple[int, int]]:
    heard = Counter[int]()
    for said in answers:
        for agencies, children in said.items():
            heard[int(agencies) if agencies.isdecimal() else -1] += children
    return sorted(heard.items(), reverse=True)


def _stripes(by_depth: dict[Depth, int], most: int) -> list[Stripe]:
    stripes, before = [], 0
    for depth, children in by_depth.items():
        start, end = 100 * before // most, 100 * (before + children) // most
        # Nobody is rounded away: a single child among hundreds is still to be seen.
        stripes.append(Stripe(depth, min(start, 99), max(end - start, 1) if children else 0))
        before += children
    return stripes


def months_total(months: Sequence[MonthCovered]) -> dict[Depth, int]:
    """Return how many children there were at each depth over all months."""
    return {depth: sum(month.by_depth[depth] for month in months) for depth in Depth}


def months_overseen(months: Sequence[OversightPeriod]) -> list[MonthOverseen]:
    """Return the months of oversight with the length of their bars; only all of them is a full one."""
    return [
        MonthOverseen(
            _first_of(one.month),
            one.decided,
            one.overseen,
            100 * one.overseen // one.decided if one.decided else 0,
        )
        for one in months
    ]


def _first_of(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
