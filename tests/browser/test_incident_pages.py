"""Incidents and related cases in a real browser: nobody is shut out, and a keyboard is enough."""

import pytest
from playwright.async_api import Browser

from tests.browser.conftest import Site
from tests.browser.incident_scenes import fill_incidents
from tests.browser.test_contact_pages import press
from tests.browser.test_known_pages import faults_of
from tests.browser.test_pages import sign_in, tab_to
from tests.console.fake_related import OTHERS_REFERENCE, RELATION
from tests.console.scenes import CASE, MAISIE, OTHER_CASE
from tests.console.test_incidents import HEADING

#: At which width a page is opened; `violations` looks at it as wide as a desk, too.
WIDTHS = (320,)
RELATED = f"/cases/{CASE}/related"
CHRONOLOGY = f"/cases/{CASE}/children/{MAISIE}/chronology"
PAGES = {
    "related": f"{RELATED}?done=related",
    "undo": f"{RELATED}/{RELATION}/undo",
    "case": f"/cases/{CASE}",
    "chronology": CHRONOLOGY,
}


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_with_an_incident_or_related_cases_shuts_anyone_out(
    chromium: Browser, site: Site, width: int
) -> None:
    fill_incidents(site.hub)
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "marge.hill")

    found = {}
    for name, path in PAGES.items():
        answer = await page.goto(site.url + path)
        found[name] = await faults_of(page)
        if answer is None or answer.status != 200:
            found[name].append("is not there")
    for path, button in ((RELATED, "Relate the cases"), (PAGES["undo"], "Undo this relation")):
        await page.goto(site.url + path)
        await press(page, button)
        found[button] = await faults_of(page)
        if "govuk-error-summary" not in await page.evaluate("document.activeElement.className"):
            found[button].append("the errors are not where the keyboard is")

    assert {name: faults for name, faults in found.items() if faults} == {}
    await page.close()


async def test_cases_are_related_with_the_keyboard_alone(chromium: Browser, site: Site) -> None:
    fill_incidents(site.hub)
    page = await chromium.new_page()
    await sign_in(page, site, "priya.shah", RELATED)

    await tab_to(page, "related_reference")
    await page.keyboard.type(OTHERS_REFERENCE)
    await tab_to(page, "related_kind")
    await page.keyboard.press("Space")
    await tab_to(page, "related_reason")
    await page.keyboard.type("The same flat.")
    await tab_to(page, "Relate the cases")
    await page.keyboard.press("Enter")

    await page.get_by_text("The cases are related.").wait_for()
    sent = site.hub.asked_of("POST", f"/v1/cases/{CASE}/related")[0].body
    assert sent == {"case_id": str(OTHER_CASE), "kind": "peer_group", "reason": "The same flat."}
    await page.close()


async def test_on_paper_too_an_incident_is_one_entry_with_each_contact_below(
    chromium: Browser, site: Site
) -> None:
    fill_incidents(site.hub)
    page = await chromium.new_page()
    await sign_in(page, site, "priya.shah", CHRONOLOGY)

    await page.emulate_media(media="print")

    entry = page.get_by_role("listitem").filter(has_text=HEADING)
    assert await entry.get_by_role("listitem").count() == 3
    assert await entry.first.is_visible()
    await page.close()
