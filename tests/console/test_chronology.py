"""A child's history before the decision: figures, what was not searched, every line with its source."""

import pytest

from shared.schemas.chronology import HistorySourceView
from tests.console.conftest import Browser
from tests.console.contacts import OTHER_REFERENCE
from tests.console.fakes import FakeHub
from tests.console.histories import a_chronology, a_history_line, an_earlier_line
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE, NOW, POLICE, REFERENCE, a_case, a_child

CHILD = f"/cases/{CASE}/children/{MAISIE}"
PAGE = f"{CHILD}/chronology"


@pytest.fixture(autouse=True)
def told(hub: FakeHub) -> None:
    """A child of whom two contacts are known."""
    hub.people.histories[MAISIE] = a_chronology()


async def test_the_case_page_tells_the_history_before_the_way_to_decide(priya: Browser) -> None:
    priya.hub.cases[CASE] = a_case(children=[a_child()])
    page = await priya.open(f"/cases/{CASE}")
    words = words_of(page.text)

    assert words.index("2 contacts in the last 12 months") < words.index("Decide for Maisie Example")
    assert "1 of them by a link that nobody has confirmed" in words
    assert "Referred again within 12 months of a decision that ended the hub's part" in words
    assert words.index("NOT SEARCHED: the council's case system.") < words.index("What happened before")
    assert "Further back" not in words
    assert f'href="{PAGE}"' in page.text


async def test_the_decision_form_has_it_above_the_questions(priya: Browser) -> None:
    words = words_of((await priya.open(f"{CHILD}/decision")).text)

    assert words.index("What happened before") < words.index("Level of need")


async def test_the_whole_of_it_stands_on_one_page_the_oldest_first(priya: Browser) -> None:
    page = await priya.open(PAGE)
    words = words_of(page.text)

    assert words.index("Often late and hungry.") < words.index("A child was there.")
    assert "Little Wick Primary School Provisional nobody has confirmed that it is the same child" in words
    assert "under the name Maisy Sample" in words
    assert "Northshire Police Significant" in words
    assert f'href="/contacts/{OTHER_REFERENCE}"' in page.text
    assert "7 years old (born 2 April 2019)" in words
    assert "Read by Priya Shah, Monday 23 November 2026 at 10:55am" in words


async def test_a_long_history_is_read_to_its_end(priya: Browser) -> None:
    lines = [a_history_line(line_id=f"contact:{number}") for number in range(40)]
    before = [an_earlier_line(line_id=f"earlier:{number}", restricted=not number) for number in range(7)]
    priya.hub.people.histories[MAISIE] = a_chronology(items=[*before, *lines])

    case = words_of((await priya.open(f"/cases/{CASE}")).text)
    short = words_of((await priya.open(f"{CHILD}/decision")).text)
    whole = words_of((await priya.open(PAGE)).text)

    assert "The newest 3 of 7 lines, from before this case and beside it" in case
    assert "Further back in the chronology: 1 Restricted 4 Provisional" in case
    assert "The newest 5 of 47 lines" in short
    assert whole.count("A child was there.") == 40


async def test_an_empty_history_is_never_shown_as_no_history(priya: Browser) -> None:
    priya.hub.people.histories[MAISIE] = a_chronology(items=[], contacts_12m=0)

    words = words_of((await priya.open(f"/cases/{CASE}")).text)

    assert "Nothing was found where the hub looked. That does not mean that there is no history." in words


async def test_what_was_searched_everywhere_is_not_called_unsearched(priya: Browser) -> None:
    searched = HistorySourceView(source="hub", name="The hub's own records", searched=True, as_of=NOW)
    priya.hub.cases[CASE] = a_case(children=[a_child()])
    council = searched.model_copy(
        update={"source": "council_case_system", "name": "The council", "found": False}
    )
    priya.hub.people.histories[MAISIE] = a_chronology(sources=[searched, council], all_searched=True)

    assert "NOT SEARCHED" not in words_of((await priya.open(f"/cases/{CASE}")).text)


async def test_a_representative_is_led_only_to_its_own_agencys_contacts(omar: Browser) -> None:
    lines = [an_earlier_line(), a_history_line(agency_id=POLICE)]
    omar.hub.people.histories[MAISIE] = a_chronology(items=lines, re_referral_12m=None)

    page = await omar.open(PAGE)

    assert f'href="/contacts/{REFERENCE}"' in page.text
    assert f'href="/contacts/{OTHER_REFERENCE}"' not in page.text
    assert "referred again within 12 months is not shown to you" in words_of(page.text)


async def test_a_history_that_cannot_be_read_is_called_not_searched(priya: Browser) -> None:
    priya.hub.people.no_histories = True

    case = await priya.open(f"/cases/{CASE}")
    form = await priya.open(f"{CHILD}/decision")

    assert (case.status_code, form.status_code) == (200, 200)
    for page in (case, form):
        words = words_of(page.text)
        assert "NOT SEARCHED: earlier contacts and cases. They cannot be read just now." in words
        assert "NOT SEARCHED: the council's case system." in words
