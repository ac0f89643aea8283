"""Discussions in a real browser: called and concluded with a keyboard, recorded on a telephone's width."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page

from shared.schemas.holding import DraftName, DraftView
from tests.browser.conftest import Site
from tests.browser.test_contact_pages import press
from tests.browser.test_known_pages import faults_of
from tests.browser.test_pages import sign_in, tab_to
from tests.console.scenes import CASE, MAISIE, NOW, an_id
from tests.console.talking import (
    DISCUSSION,
    NURSE,
    a_concluded_discussion,
    a_discussion,
    an_action,
    an_entry,
    an_owed,
)

#: At which width a page is opened; `violations` looks at it as wide as a desk, too.
WIDTHS = (320,)
LONG_AGO, LATER = NOW - timedelta(days=9), NOW + timedelta(days=5)
CALL = f"/cases/{CASE}/discussions/new"
ONE, OVER = f"/discussions/{DISCUSSION}", f"/discussions/{an_id(701)}"
OVERSIGHT = f"/cases/{CASE}/oversight"
PAGES = {
    "case": f"/cases/{CASE}?done=overseen",
    "call": f"{CALL}?child={MAISIE}&kind=threshold",
    "discussion": f"{ONE}?done=called",
    "concluded": OVER,
    "attendance": f"{ONE}/attendance",
    "record": f"{ONE}/record",
    "earlier record": f"{OVER}?record_number=1",
    "history": f"/cases/{CASE}/history",
    "added to": f"{OVER}/record",
    "pack": f"{ONE}/packs/{NURSE}",
    "actions": "/discussion-actions?done=done",
    "oversight": OVERSIGHT,
    "measures": "/measures",
}
FORMS = ((CALL, "Call the discussion"), (OVERSIGHT, "Sign it"))


def fill(site: Site) -> None:
    """Put into the hub one discussion that is called, one that is over, and all that goes with them."""
    talking = site.hub.related.talking
    talking.discussions = [a_concluded_discussion(discussion_id=an_id(701)), a_discussion()]
    talking.owed, talking.entries = [an_owed(called=DISCUSSION)], [an_entry()]
    half = {"minutes": "She was hea", "name_0": "Omar Hill"}
    for name in (DraftName.MINUTES, DraftName.ATTENDANCE):
        site.hub.day.drafts[name, str(DISCUSSION)] = DraftView(
            form=name, subject_id=DISCUSSION, fields=half, saved_at=LONG_AGO, expires_at=LATER
        )
    talking.actions = [an_action(), an_action(action_id=an_id(711), overdue=False, done=True)]


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_of_discussions_shuts_anyone_out(chromium: Browser, site: Site, width: int) -> None:
    fill(site)
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "marge.hill")

    found = {}
    for name, path in PAGES.items():
        answer = await page.goto(site.url + path)
        found[name] = await faults_of(page)
        if answer is None or answer.status != 200:
            found[name].append("is not there")
    for path, button in FORMS:
        await page.goto(site.url + path)
        await press(page, button)
        found[button] = await faults_of(page)
        if "govuk-error-summary" not in await page.evaluate("document.activeElement.className"):
            found[button].append("the errors are not where the keyboard is")

    assert {name: faults for name, faults in found.items() if faults} == {}
    await page.close()


async def choose(page: Page, field: str, words: str) -> None:
    """Type into a field that the keyboard has come to."""
    await tab_to(page, field)
    await page.keyboard.type(words)


async def test_a_discussion_is_called_with_the_keyboard_alone(chromium: Browser, site: Site) -> None:
    page = await chromium.new_page(viewport={"width": 320, "height": 900})
    await sign_in(page, site, "priya.shah", CALL)

    await tab_to(page, "kind")
    await page.keyboard.press("Space")
    await choose(page, "called_because", "A bruise.")
    await choose(page, "name_1", "Omar Hill")
    await tab_to(page, "Call the discussion")
    await page.keyboard.press("Enter")

    await page.get_by_text("The discussion is called.").wait_for()
    (sent,) = site.hub.asked_of("POST", f"/v1/cases/{CASE}/discussions")
    assert sent.body["child_ids"] == [str(MAISIE)]
    assert [each["name"] for each in sent.body["invited"]] == ["Omar Hill"]
    await choose(page, "conclusion", "Enquiries begin.")
    await tab_to(page, "Conclude the discussion")
    await page.keyboard.press("Enter")
    await page.get_by_text("Concluded. It counts from now on").wait_for()
    await page.close()
