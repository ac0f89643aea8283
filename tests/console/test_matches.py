"""Is this the same child? Shown side by side in words, what could mislead first, asked once."""

import pytest

from shared.problems import Conflict
from shared.schemas.words import MatchState, MatchVerdict, PersonKind, Role
from tests.console.conftest import Browser
from tests.console.known import (
    KNOWN_PERSON,
    MATCH,
    OTHER_MATCH,
    TWIN_PERSON,
    a_candidate,
    a_link_decision,
    a_match,
    a_record,
    a_twin,
    an_adults_record,
)
from tests.console.reading import title_of, words_of
from tests.console.scenes import NIA, NOW, PRIYA, REFERENCE

PAGE = f"/matches/{MATCH}"
DECISION = f"/v1/matches/{MATCH}/decision"
SAYS_NO = {"verdict": "not_the_same", "match_reason": "They are cousins."}


@pytest.fixture
def asked(priya: Browser) -> Browser:
    """Priya Shah's browser, with one question open."""
    priya.hub.people.matches = {MATCH: a_match()}
    return priya


async def test_the_list_says_who_from_whom_and_how_likely(asked: Browser) -> None:
    words = words_of((await asked.open("/matches")).text)

    assert "Has waited 44 min Child Maisie Example Born 2 April 2019" in words
    assert f"Northshire Police, {REFERENCE} Received 10:10am today" in words
    assert "Likely the same: 91 in 100 One person the hub knows" in words


async def test_the_list_parts_what_is_open_from_what_is_answered(asked: Browser) -> None:
    asked.hub.people.matches[OTHER_MATCH] = a_match(
        match_id=OTHER_MATCH, state=MatchState.DECIDED, closed_at=NOW, record=a_record(kind=PersonKind.ADULT)
    )

    waiting = (await asked.open("/matches")).text
    answered = (await asked.open("/matches?state=decided")).text

    assert (str(MATCH) in waiting, str(OTHER_MATCH) in waiting) == (True, False)
    assert (str(MATCH) in answered, str(OTHER_MATCH) in answered) == (False, True)


async def test_an_empty_list_says_so(priya: Browser) -> None:
    assert "No question waits for an answer now." in words_of((await priya.open("/matches")).text)


async def test_what_could_mislead_stands_before_what_speaks_for_it(asked: Browser) -> None:
    words = words_of((await asked.open(PAGE)).text)

    places = [
        words.index(part)
        for part in ("What could mislead you here", "Likely the same: 91 in 100", "How far they agree")
    ]
    assert places == sorted(places)


async def test_each_field_stands_side_by_side_with_its_agreement_in_words(asked: Browser) -> None:
    words = words_of((await asked.open(PAGE)).text)

    assert "Given name Maisie Maisy Same given name, spelt another way speaks for it: 6.1" in words
    assert "Family name Example Sample Other family name speaks against it: 3.4" in words
    assert "Other names Not said May Sample (alias) Not compared" in words
    assert (
        "Date of birth Born 2 April 2019 Born 4 February 2019"
        " Same date of birth with day and month swapped speaks for it: 9.4"
    ) in words
    assert "NHS number Not said 999 123 4560 No NHS number to compare counts neither way" in words
    assert (
        "Somebody else As likely for a brother or sister, a twin, or others with such names"
        " speaks against it: 2.0"
    ) in words
    assert "17.8 points, weights hub-2026-1" in words


async def test_an_adult_is_asked_about_as_a_person(asked: Browser) -> None:
    asked.hub.people.matches = {MATCH: a_match(record=an_adults_record())}

    page = await asked.open(PAGE)

    assert title_of(page.text).startswith("Is this the same person?")


async def test_an_answer_is_sent_once_with_its_reason_and_remembered(asked: Browser) -> None:
    answer = await asked.post(PAGE, SAYS_NO)

    assert answer.headers["location"] == f"{PAGE}?done=not_the_same"
    [sent] = asked.hub.asked_of("POST", DECISION)
    assert sent.body == {
        "person_id": str(KNOWN_PERSON), "verdict": "not_the_same", "reason": "They are cousins.",
    }  # fmt: skip
    shown = words_of((await asked.open(answer.headers["location"])).text)
    assert "Recorded: not the same. Nobody is asked this again." in shown
    assert "Not the same: Maisy Sample Priya Shah, 10:55am today They are cousins." in shown
    assert "Same child: link them" not in shown


async def test_nothing_is_recorded_without_an_answer_and_a_reason(asked: Browser) -> None:
    answer = await asked.post(PAGE, {"match_reason": " "})

    assert answer.status_code == 422
    words = words_of(answer.text)
    assert "Choose whether they are the same" in words
    assert "Say why; it is kept under your name" in words
    assert title_of(answer.text).startswith("Error: ")


async def test_of_several_candidates_it_is_said_which(asked: Browser) -> None:
    asked.hub.people.matches = {MATCH: a_match(candidates=[a_candidate(), a_twin()])}

    refused = await asked.post(PAGE, SAYS_NO | {"candidate": ""})
    answer = await asked.post(PAGE, SAYS_NO | {"candidate": str(TWIN_PERSON)})
    left = words_of((await asked.open(answer.headers["location"])).text)

    assert "Choose whom you speak of" in words_of(refused.text)
    assert "2. Mabel Example, known from 1 contact Answered: not the same." in left
    assert left.count("Same child: link them") == 1


async def test_several_candidates_stand_in_short_before_each_in_full(asked: Browser) -> None:
    asked.hub.people.matches = {MATCH: a_match(candidates=[a_candidate(), a_twin()])}

    words = words_of((await asked.open(PAGE)).text)

    assert "2 who may be the same, the likeliest first 1. Maisy Sample Born 4 February 2019" in words
    assert "2. Mabel Example Born 2 April 2019 May be the same: 62 in 100 Could be a twin" in words
    assert words.index("2. Mabel Example") < words.index("What could mislead you here")


async def test_a_reason_starts_with_what_is_shown_and_is_no_answer(asked: Browser) -> None:
    page = (await asked.open(PAGE)).text

    assert (
        "Compared side by side. For: same date of birth with day and month swapped; same address; same given"
        " name, spelt another way. Against: other family name."
    ) in words_of(page)
    assert "checked" not in page


async def test_an_answer_of_somebody_else_meanwhile_loses_no_word(asked: Browser) -> None:
    page = await asked.open(PAGE)
    asked.hub.people.matches = {
        MATCH: a_match(
            state=MatchState.DECIDED,
            closed_at=NOW,
            candidates=[a_candidate(verdict=MatchVerdict.LINKED)],
            history=[a_link_decision()],
        )
    }
    asked.hub.people.refusal_of_forms = Conflict("Somebody has answered otherwise.")

    answer = await asked.post(PAGE, SAYS_NO, page)

    assert answer.status_code == 409
    words = words_of(answer.text)
    assert "Somebody has answered otherwise." in words
    assert "What you typed, not recorded They are cousins." in words


async def test_an_auditor_reads_and_does_not_answer(browser: Browser) -> None:
    browser.hub.people.matches = {MATCH: a_match()}
    await browser.sign_in(PRIYA.model_copy(update={"roles": [Role.PRACTICE_AUDITOR]}))

    page = await browser.open(PAGE)
    answer = await browser.post(PAGE, SAYS_NO, page)

    assert "Only those who decide answer this." in words_of(page.text)
    assert answer.status_code == 403
    assert browser.hub.asked_of("POST", DECISION) == []


@pytest.mark.parametrize("path", ["/matches", PAGE])
async def test_a_representative_is_not_shown_who_is_who(browser: Browser, path: str) -> None:
    browser.hub.people.matches = {MATCH: a_match()}
    await browser.sign_in(NIA)

    answer = await browser.open(path)

    assert answer.status_code == 403
    assert "/matches" not in (await browser.open("/")).text
