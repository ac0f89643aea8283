"""What the council's own case system says stands before the decision; nothing found there is told as that."""

from typing import Any

from shared.schemas.chronology import HistorySourceView, LineKind
from shared.schemas.council_system import CouncilStatus, CouncilWorker
from tests.console.conftest import Browser
from tests.console.histories import a_chronology, a_history_line
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE, NOW, a_case, a_child

CHILD = f"/cases/{CASE}/children/{MAISIE}"
COUNCIL = "council_case_system"
NAME = "The council's own case system"


def searched(**given: Any) -> list[HistorySourceView]:
    return [HistorySourceView(**{"source": COUNCIL, "name": NAME, "searched": True, "as_of": NOW} | given)]


def told(priya: Browser, **given: Any) -> None:
    priya.hub.cases[CASE] = a_case(children=[a_child()])
    priya.hub.people.histories[MAISIE] = a_chronology(sources=searched(**given), all_searched=True)


async def test_no_match_found_is_told_with_its_time_and_not_as_unsearched(priya: Browser) -> None:
    told(priya, found=False, note="Searched only as this case names the child.")

    for page in (f"/cases/{CASE}", f"{CHILD}/decision", f"{CHILD}/chronology"):
        words = words_of((await priya.open(page)).text)
        assert f"Searched: {NAME}. No match found as of Monday 23 November 2026 at" in words
        assert "Searched only as this case names the child." in words
        assert "NOT SEARCHED" not in words


async def test_how_the_child_stands_is_read_before_anybody_decides(priya: Browser) -> None:
    worker = CouncilWorker(name="Ana Roe", team="Team East")
    status = CouncilStatus(looked_after=True, private_fostering=False, allocated_worker=worker)
    told(priya, found=True, status=status)

    case = words_of((await priya.open(f"/cases/{CASE}")).text)
    form = words_of((await priya.open(f"{CHILD}/decision")).text)

    assert case.index("Looked after: yes") < case.index("Decide for Maisie Example")
    assert form.index("Allocated worker: Ana Roe, Team East") < form.index("Level of need")
    assert "Private fostering: no" in form
    assert "Not said there, which is not no: Child protection plan; Child in need plan" in form
    assert "NOT SEARCHED" not in form


async def test_a_line_of_the_council_says_whose_it_is_and_where_it_comes_from(priya: Browser) -> None:
    told(priya, found=True)
    history = priya.hub.people.histories[MAISIE]
    line = a_history_line(
        source=COUNCIL,
        kind=LineKind.OTHER,
        agency_id=None,
        agency_words="Northtown hospital",
        child_id=None,
        case_id=None,
        reference="LCS-4411",
        words="Plan: Child protection plan made.",
    )
    priya.hub.people.histories[MAISIE] = history.model_copy(update={"items": [line]})

    words = words_of((await priya.open(f"{CHILD}/chronology")).text)

    assert "Northtown hospital" in words
    assert f"LCS-4411 from {NAME} Plan: Child protection plan made." in words
    assert "The hub Plan" not in words
