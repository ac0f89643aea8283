"""What the hub could not deal with, as whoever looks after it sees it."""

from datetime import timedelta

from shared.problems import NotPermitted
from shared.schemas.parked import ParkedEvent
from shared.schemas.words import Role
from tests.console.conftest import Browser
from tests.console.reading import words_of
from tests.console.scenes import NOW, PRIYA, an_id

SAM = PRIYA.model_copy(update={"name": "Sam Field", "roles": [Role.ADMINISTRATOR]})


def a_parked_event() -> ParkedEvent:
    return ParkedEvent(
        handler="open_case",
        event_id=an_id(700),
        event_type="intake.referral_received.v1",
        reason="ValidationError",
        tries=8,
        parked_at=NOW - timedelta(minutes=12),
    )


async def test_an_administrator_lands_on_what_is_parked(browser: Browser) -> None:
    browser.hub.parked = [a_parked_event()]

    browser.hub.refusal = NotPermitted()
    page = await browser.sign_in(SAM)
    browser.hub.refusal = None
    words = words_of((await browser.open(page.headers["location"])).text)

    assert "Triage Given up 10:43am today, after 8 tries" in words
    assert "Reason: ValidationError" in words


async def test_an_empty_list_says_that_all_is_dealt_with(browser: Browser) -> None:
    page = await browser.sign_in(SAM, "/parked-events")

    assert "Nothing is parked." in words_of(page.text)


async def test_a_parked_event_is_tried_again_at_the_press_of_a_button(browser: Browser) -> None:
    browser.hub.parked = [a_parked_event()]
    page = await browser.sign_in(SAM, "/parked-events")

    path = f"/parked-events/triage/open_case/{an_id(700)}/release"
    sent = await browser.post(path, {}, page)

    after = await browser.open(sent.headers["location"])
    assert browser.hub.parked == []
    assert "It will be tried again within a few seconds" in words_of(after.text)
