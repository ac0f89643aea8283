"""The look at quality: an agency's own contacts, and what their senders are asked for."""

from typing import Any

import pytest

from services.console.pages.quality import bars
from shared.problems import Conflict, NotPermitted
from shared.schemas.words import FurtherInformationState
from tests.console.conftest import Browser
from tests.console.contacts import a_check, a_count, a_progress, a_receipt, a_version, an_asking
from tests.console.reading import words_of
from tests.console.scenes import REFERENCE, SCHOOL

FORM = f"/quality/{REFERENCE}"
CHECK = f"/v1/referrals/{REFERENCE}/quality-check"
TICKED = "#/children/1/voice What did the child say or show, or why is it not known?"


@pytest.fixture
def waiting(omar: Browser) -> Browser:
    """Omar Hill's browser, with one contact of the police that waits for a look."""
    omar.hub.intake.checks = [a_check()]
    omar.hub.intake.progress = {REFERENCE: a_progress()}
    omar.hub.intake.versions = {(REFERENCE, 1): a_version()}
    return omar


async def test_a_representative_sees_what_waits_with_its_findings(waiting: Browser) -> None:
    words = words_of((await waiting.open("/quality")).text)

    assert "Your agency's contacts that wait for a look" in words
    assert "Version 1 Your reference NP-2026-114226" in words
    assert "odd or missing: Child 1: the agency's grade, why that grade; " in words
    assert "the child's clock runs" in words


async def test_being_content_takes_one_press(waiting: Browser) -> None:
    page = await waiting.open("/quality")

    answer = await waiting.post(f"{FORM}/content", {}, page)

    assert answer.headers["location"] == "/quality?done=content"
    assert waiting.hub.asked_of("POST", CHECK)[0].body == {"verdict": "content", "version": 1}


async def test_content_with_a_version_that_was_overtaken_is_not_recorded(waiting: Browser) -> None:
    page = await waiting.open("/quality")
    waiting.hub.intake.refusal_of_forms = Conflict("A later version has come.")

    answer = await waiting.post(f"{FORM}/content", {}, page)
    words = words_of((await waiting.open(answer.headers["location"])).text)

    assert "A later version came, or somebody looked already." in words


async def test_findings_are_boxes_to_tick(waiting: Browser) -> None:
    page = await waiting.open(FORM)

    assert f'value="{TICKED}"' in page.text
    assert "Unborn child (Example): what the child said or showed" in words_of(page.text)
    assert "The hub works on this contact meanwhile" in words_of(page.text)


async def test_what_is_ticked_and_what_is_asked_beside_goes_to_the_sender(waiting: Browser) -> None:
    fields = {"gap_1": TICKED, "question_0": "Who has her tonight?", "to_sender": "Ring me.", "due": "4"}

    answer = await waiting.post(FORM, fields)

    assert answer.headers["location"] == "/quality?done=asked"
    assert waiting.hub.asked_of("POST", CHECK)[0].body == {
        "verdict": "further_information",
        "version": 1,
        "gaps": [
            {
                "pointer": "#/children/1/voice",
                "question": "What did the child say or show, or why is it not known?",
            },
            {"question": "Who has her tonight?"},
        ],
        "text": "Ring me.",
        "due_at": "2026-11-23T14:55:00+00:00",
    }


async def test_the_hubs_own_time_counts_when_nobody_is_in_a_hurry(waiting: Browser) -> None:
    await waiting.post(FORM, {"question_2": "Who has her tonight?", "due": "usual"})

    assert "due_at" not in waiting.hub.asked_of("POST", CHECK)[0].body


async def test_asking_for_nothing_is_asked_about(waiting: Browser) -> None:
    answer = await waiting.post(FORM, {"to_sender": "Ring me.", "due": "usual"})

    assert answer.status_code == 422
    assert "Tick what is missing, or write a question of your own" in words_of(answer.text)
    assert 'href="#gaps"' in answer.text
    assert "Ring me." in answer.text


async def test_a_refused_form_keeps_its_ticks_and_the_version_it_was_made_with(waiting: Browser) -> None:
    form = await waiting.open(FORM)
    waiting.hub.intake.progress[REFERENCE] = a_progress(version=2)
    waiting.hub.intake.refusal_of_forms = Conflict("The sender has sent a later version since.")

    answer = await waiting.post(FORM, {"gap_1": TICKED, "question_0": "Who has her?"}, form)

    assert answer.status_code == 409
    assert "The sender has sent a later version since." in words_of(answer.text)
    assert 'name="looked_at" value="1"' in answer.text
    assert f'value="{TICKED}" checked' in answer.text
    assert 'value="Who has her?"' in answer.text


async def test_another_agencys_contact_is_refused_by_intake_and_says_so(waiting: Browser) -> None:
    form = await waiting.open(FORM)
    waiting.hub.intake.refusal_of_forms = NotPermitted()

    assert (await waiting.post(FORM, {"question_0": "Who?"}, form)).status_code == 403


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("asked", "Answer by 1:55pm today 3 h left"),
        ("answered", "Read the answer to SH-7K3QX9MA-9"),
        ("not_answered", "Asked, not answered"),
    ],
)
async def test_what_came_of_each_request_is_apart(omar: Browser, state: str, words: str) -> None:
    omar.hub.intake.further_information = [
        an_asking(),
        an_asking(state=FurtherInformationState.ANSWERED, answered_version=2),
        an_asking(state=FurtherInformationState.NOT_ANSWERED),
    ]

    page = await omar.open(f"/quality/asked?state={state}")

    assert words in words_of(page.text)
    assert page.text.count('<li class="console-row">') == 1


async def test_a_manager_reads_every_agencys_counts_as_numbers(marge: Browser) -> None:
    marge.hub.intake.counts = [a_count(agency_id=SCHOOL, requests=1), a_count()]

    words = words_of((await marge.open("/quality/counts")).text)

    assert "Northshire Police 120 contacts, 100 looked at Asked for more 18 Answered 12" in words
    assert "Asked, not answered 3" in words
    assert words.index("Northshire Police 120") < words.index("Little Wick Primary School 120")


@pytest.mark.parametrize(
    ("given", "lengths"),
    [
        ({"referrals": 120, "requests": 18, "not_answered": 3}, (15, 2)),
        ({"referrals": 0, "requests": 0, "not_answered": 0}, (0, 0)),
        ({"referrals": 2, "requests": 5, "not_answered": 2}, (100, 100)),
    ],
)
def test_a_bar_is_never_longer_than_its_frame(given: dict[str, Any], lengths: tuple[int, int]) -> None:
    bar = bars([a_count(**given)])[0]

    assert (bar.share_asked, bar.share_unanswered) == lengths


async def test_what_was_checked_and_not_sent_names_nobody(marge: Browser) -> None:
    marge.hub.intake.receipts = [a_receipt()]

    words = words_of((await marge.open("/check-receipts")).text)

    asked = marge.hub.asked_of("GET", "/v1/check-receipts")[0].query
    assert (asked["sent"], asked["sampled"]) == ("false", "true")
    assert "Likely level 2" in words
    assert "A concern that is not on the hub's list" in words
    assert "home.grown" not in words
