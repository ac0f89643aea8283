"""Who is who, in a real browser: nobody is shut out, and a question needs only a keyboard."""

import pytest
from playwright.async_api import Browser, Page

from shared.schemas.words import MatchState
from tests.browser.conftest import Site
from tests.browser.known_scenes import fill_known
from tests.browser.looking import is_wider_than_its_window, violations
from tests.browser.test_contact_pages import press
from tests.browser.test_pages import sign_in, tab_to
from tests.console.contacts import OTHER_REFERENCE
from tests.console.known import KNOWN_PERSON, MATCH, OTHER_MATCH, TWIN_PERSON, TWIN_RECORD, a_match
from tests.console.scenes import CASE, MAISIE, REFERENCE

#: At which width a page is opened; `violations` looks at it as wide as a desk, too.
WIDTHS = (320,)
PERSON = f"/people/{KNOWN_PERSON}"
PAGES = {
    "questions": "/matches",
    "answered": "/matches?state=decided",
    "none": "/matches?state=overtaken",
    "question": f"/matches/{MATCH}?done=unsure",
    "answered question": f"/matches/{OTHER_MATCH}",
    "person": f"{PERSON}?done=linked",
    "confirm or undo": f"{PERSON}/records/{MAISIE}",
    "link": f"{PERSON}/link",
    "family": f"/families/{KNOWN_PERSON}",
    "find": "/find",
    "contact": f"/contacts/{REFERENCE}",
    "case": f"/cases/{CASE}",
    "chronology": f"/cases/{CASE}/children/{MAISIE}/chronology",
}


async def faults_of(page: Page) -> list[str]:
    """Return what shuts someone out of a page."""
    found = await violations(page)
    return [*found, "wider than its window"] if await is_wider_than_its_window(page) else found


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_of_who_is_who_shuts_anyone_out(chromium: Browser, site: Site, width: int) -> None:
    fill_known(site.hub)
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    await sign_in(page, site, "marge.hill")

    found = {}
    for name, path in PAGES.items():
        answer = await page.goto(site.url + path)
        found[name] = await faults_of(page)
        if answer is None or answer.status != 200:
            found[name].append("is not there")

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert [words for words in said if "Failed to load resource" not in words] == []
    await page.close()


@pytest.mark.parametrize("width", WIDTHS)
async def test_refused_and_answered_forms_of_who_is_who_shut_nobody_out(
    chromium: Browser, site: Site, width: int
) -> None:
    fill_known(site.hub)
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "priya.shah")

    found = {}
    await page.goto(f"{site.url}/cases/{CASE}/children/{MAISIE}/decision")
    found["decision"] = await faults_of(page)
    for path, button in (
        (f"{PERSON}/records/{MAISIE}", "Record your answer"),
        (f"{PERSON}/link", "Show who is in it"),
        ("/find", "Find the family"),
    ):
        await page.goto(site.url + path)
        await press(page, button)
        found[path] = await faults_of(page)
        focused = await page.evaluate("document.activeElement.className")
        if "govuk-error-summary" not in focused:
            found[path].append("the errors are not where the keyboard is")

    assert {path: faults for path, faults in found.items() if faults} == {}
    await page.close()


async def test_a_question_is_answered_with_the_keyboard_alone(chromium: Browser, site: Site) -> None:
    fill_known(site.hub)
    site.hub.people.matches[MATCH] = a_match()
    page = await chromium.new_page()
    await sign_in(page, site, "priya.shah", f"/matches/{MATCH}")

    await tab_to(page, "match_reason")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("They are cousins.")
    await tab_to(page, "verdict")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await page.get_by_text("Recorded: not the same.").wait_for()
    sent = site.hub.asked_of("POST", f"/v1/matches/{MATCH}/decision")[0].body
    assert (sent["verdict"], sent["reason"]) == ("not_the_same", "They are cousins.")
    assert site.hub.people.matches[MATCH].state is MatchState.DECIDED
    await page.close()


@pytest.mark.parametrize("width", [*WIDTHS, 1280])
async def test_a_family_is_found_without_script_and_without_a_trace_in_the_address(
    chromium: Browser, site: Site, width: int
) -> None:
    fill_known(site.hub)
    context = await chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = await context.new_page()
    await sign_in(page, site, "priya.shah", "/find")

    await page.get_by_label("Someone is on the telephone").check()
    await page.get_by_label("In your own words").fill("The grandmother rang.")
    await page.get_by_label("Name or alias").fill("Kathryn Exampel")
    await press(page, "Find the family")

    assert await page.get_by_text("2 families, those last heard of first.").is_visible()
    assert page.url == f"{site.url}/find"
    async with page.expect_navigation():
        await page.get_by_role("link", name="Maisie Example, Dean Example").click()
    assert await page.get_by_role("heading", name="The family on one page").is_visible()
    assert await page.get_by_text("Large dog, loose.").first.is_visible()
    await context.close()


@pytest.mark.parametrize("width", WIDTHS)
async def test_families_found_and_records_offered_shut_nobody_out(
    chromium: Browser, site: Site, width: int
) -> None:
    fill_known(site.hub)
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "priya.shah", "/find")
    await tab_to(page, "purpose")
    await page.keyboard.press("Space")
    for field, words in (
        ("search_reason", "A contact about a cousin."),
        ("find_name", "Maisy Sample"),
        ("find_reference", "SYP-2026-114226"),
    ):
        await tab_to(page, field)
        await page.keyboard.type(words)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    found = await faults_of(page)
    asked = site.hub.asked_of("POST", "/v1/people/search")[0].body
    assert (asked["name"], asked["reference"]) == ("Maisy Sample", "SYP-2026-114226")

    await page.goto(f"{site.url}{PERSON}/link")
    await page.get_by_label("In which contact").fill(OTHER_REFERENCE)
    await page.get_by_label("Why you think").fill("Same mother.")
    await press(page, "Show who is in it")
    offered = await faults_of(page)
    await page.get_by_label("Maisy Sample").check()
    await press(page, "Link the record")
    await page.get_by_text("The record is linked.").wait_for()

    assert (found, offered) == ([], [])
    linked = site.hub.asked_of("POST", f"/v1/people/{KNOWN_PERSON}/links")[0].body
    assert linked == {"record_id": str(TWIN_RECORD), "reason": "Same mother."}
    await page.close()


async def test_one_of_several_candidates_is_named_without_script(chromium: Browser, site: Site) -> None:
    fill_known(site.hub)
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, site, "priya.shah", f"/matches/{MATCH}")

    await (
        page.get_by_label("Is this the same child? Why?")
        .nth(1)
        .fill("The school knows her under both names.")
    )
    await press(page, "Same child: link them (candidate 2)")

    assert await page.get_by_text("Recorded: linked.").is_visible()
    sent = site.hub.asked_of("POST", f"/v1/matches/{MATCH}/decision")[0].body
    assert (sent["person_id"], sent["verdict"]) == (str(TWIN_PERSON), "linked")
    await context.close()


async def test_a_chronology_prints_without_what_only_a_screen_needs(chromium: Browser, site: Site) -> None:
    fill_known(site.hub)
    page = await chromium.new_page()
    await sign_in(page, site, "priya.shah", f"/cases/{CASE}/children/{MAISIE}/chronology")

    await page.emulate_media(media="print")

    assert await page.get_by_role("heading", name="Chronology of Maisie Example").is_visible()
    assert await page.get_by_text("NOT SEARCHED: The council's own case system.").is_visible()
    assert not await page.get_by_role("navigation", name="Pages").is_visible()
    assert not await page.get_by_role("link", name="Back to the case").is_visible()
    await page.close()
