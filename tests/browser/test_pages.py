"""The console in a real browser: nobody is shut out by how they see, point or type."""

import asyncio
from collections.abc import Callable

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.conftest import Site, settle
from tests.browser.looking import is_wider_than_its_window, violations
from tests.browser.scenes import decide_for_maisie, fill_for_decider, fill_for_representative
from tests.console.fakes import FakeHub
from tests.console.scenes import CASE, MAISIE, REFERENCE, TO_TRUST, a_case, a_child

CHILD = f"/cases/{CASE}/children/{MAISIE}"
#: At which width a page is opened; `violations` looks at it as wide as a desk, too.
WIDTHS = (390,)
DECIDERS_PAGES = {
    "work list": "/",
    "decided": "/?queue=decided",
    "found": f"/?reference={REFERENCE}",
    "not found": "/?reference=SH-00000000-0",
    "not a reference": "/?reference=nonsense",
    "case": f"/cases/{CASE}",
    "history": f"/cases/{CASE}/history",
    "decision": f"{CHILD}/decision?read=6",
    "ask": f"{CHILD}/ask",
    "confirmation": f"/cases/{CASE}/children/{{alfie}}/decided",
    "nothing there": "/nowhere",
    "signed in again": "/signed-in-again",
    "signed out": "/signed-out?ended=no",
    "parked events": "/parked-events",
}
REPRESENTATIVES_PAGES = {
    "their work list": "/",
    "their requests": "/requests",
    "their answered requests": "/requests?answered=true",
    "blind case": f"/cases/{CASE}?done=answered",
    "grade": f"{CHILD}/grade",
    "answer": f"{CHILD}/requests/{TO_TRUST}",
}


async def sign_in(page: Page, site: Site, username: str, path: str = "/") -> None:
    """Go through the sign-in page and back, with the browser's own cookies, and open a page of the console.

    Nothing is drawn on the way; `by_hand` goes it as a person does.
    """
    form = await page.request.get(site.url)
    await page.request.post(form.url, form={"username": username})
    await page.goto(site.url + path)
    await page.get_by_role("button", name="Sign out").wait_for()


async def by_hand(page: Page, site: Site, username: str, path: str = "/") -> None:
    """Go from a page of the console through the sign-in page and back, as a person does."""
    await page.goto(site.url + path)
    await page.get_by_label("Username").fill(username)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("button", name="Sign out").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("username", "fill", "pages"),
    [
        ("priya.shah", fill_for_decider, DECIDERS_PAGES),
        ("nia.morgan", fill_for_representative, REPRESENTATIVES_PAGES),
    ],
)
async def test_no_page_shuts_anyone_out(
    chromium: Browser,
    site: Site,
    username: str,
    fill: Callable[[FakeHub], None],
    pages: dict[str, str],
    width: int,
) -> None:
    fill(site.hub)
    context = await chromium.new_context(viewport={"width": width, "height": 900})
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    await sign_in(page, site, username)

    found = {}
    for name, path in pages.items():
        await page.goto(site.url + path.format(alfie=site.hub.cases[CASE].children[-1].child_id))
        found[name] = await violations(page)
        if await is_wider_than_its_window(page):
            found[name].append("wider than its window")

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert [words for words in said if "Failed to load resource" not in words] == []
    await context.close()


async def test_refused_forms_shut_nobody_out_either(chromium: Browser, site: Site) -> None:
    fill_for_decider(site.hub)
    page = await chromium.new_page()
    await sign_in(page, site, "priya.shah", f"{CHILD}/decision")

    async with page.expect_navigation():
        await page.get_by_role("button", name="Record the decision").click()
    missing = await violations(page)
    focused = await page.evaluate("document.activeElement.className")
    site.hub.cases[CASE] = site.hub.cases[CASE].model_copy(update={"version": 9})
    await fill_in_decision(page)
    async with page.expect_navigation():
        await page.get_by_role("button", name="Record the decision").click()
    changed = await violations(page)

    assert "govuk-error-summary" in focused
    await expect(page.get_by_text("Nothing has been recorded")).to_be_visible()
    assert (missing, changed) == ([], [])
    await page.close()


async def test_a_page_is_whole_once_the_slowest_of_its_scripts_is_through(
    chromium: Browser, site: Site
) -> None:
    fill_for_decider(site.hub)
    page = await chromium.new_page()
    await sign_in(page, site, "priya.shah", f"{CHILD}/decision")

    async def dawdle(route: Route) -> None:
        await asyncio.sleep(0.5)
        await route.continue_()

    await page.route("**/govuk-frontend.min.js*", dawdle)
    async with page.expect_navigation():
        await page.get_by_role("button", name="Record the decision").click()
    await settle(page)

    assert "govuk-error-summary" in await page.evaluate("document.activeElement.className")
    await page.close()


async def test_kept_words_shut_nobody_out(chromium: Browser, site: Site) -> None:
    page = await chromium.new_page()
    await sign_in(page, site, "priya.shah", f"{CHILD}/decision")
    await fill_in_decision(page)
    site.hub.away.add("triage")

    await page.get_by_role("button", name="Record the decision").click()

    await expect(page.get_by_text("What you typed is kept here")).to_be_visible()
    assert await violations(page) == []
    await page.close()


async def fill_in_decision(page: Page) -> None:
    """Decide as the policy recommends."""
    await page.get_by_label("3: Complex").check()
    await page.get_by_label("Child in need (section 17)").check()
    await page.get_by_label("Amber: ").check()
    await page.get_by_label("Why you decide this").fill("Violence three times in six weeks.")


async def test_the_journey_from_sign_in_to_decision_needs_no_script(chromium: Browser, site: Site) -> None:
    fill_for_decider(site.hub)
    site.hub.on_decided = lambda form: decide_for_maisie(site.hub, form)
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()

    await by_hand(page, site, "priya.shah")
    await page.get_by_role("link", name="Maisie and Alfie Example").first.click()
    await page.get_by_role("table").get_by_role("link", name="Maisie Example").click()
    await page.get_by_role("button", name="Decide for Maisie Example").click()
    await fill_in_decision(page)
    await page.get_by_role("button", name="Record the decision").click()

    await expect(page.get_by_role("heading", name="Decision recorded")).to_be_visible()
    await expect(page.get_by_text("Northshire Police")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    await context.close()


async def test_a_decision_can_be_made_with_the_keyboard_alone(chromium: Browser, site: Site) -> None:
    site.hub.cases[CASE] = a_case(children=[a_child()])
    site.hub.on_decided = lambda form: decide_for_maisie(site.hub, form)
    page = await chromium.new_page()
    await by_hand(page, site, "priya.shah", f"{CHILD}/decision")

    for stop, keys in (
        ("level", ("ArrowDown", "ArrowDown")),
        ("pathway", ("ArrowDown",) * 3),
        ("rag", ("ArrowDown",)),
        ("rationale", tuple("Violence.")),
    ):
        await tab_to(page, stop)
        if stop != "rationale":
            await page.keyboard.press("Space")
        for key in keys:
            await page.keyboard.press(key)
    await tab_to(page, "Record the decision")
    await page.keyboard.press("Enter")

    await page.get_by_role("heading", name="Decision recorded").wait_for()
    sent = site.hub.asked_of("POST", f"/v1{CHILD}/decisions")[0].body
    assert sent == {"level": 3, "pathway": "child_in_need", "rag": "amber", "rationale": "Violence."}
    await page.close()


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field or button called `name` has the focus, which must show."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            "document.activeElement.name || document.activeElement.textContent.trim()"
        )
        if focused == name:
            return
    pytest.fail(f"Tab never reaches {name}")


async def test_the_first_stop_of_the_keyboard_skips_to_the_page_itself(chromium: Browser, site: Site) -> None:
    page = await chromium.new_page()
    await sign_in(page, site, "priya.shah")

    await page.keyboard.press("Tab")

    assert await page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    await page.close()


async def test_words_are_kept_when_the_session_ends_over_a_form(chromium: Browser, site: Site) -> None:
    site.hub.on_decided = lambda form: decide_for_maisie(site.hub, form)
    context = await chromium.new_context()
    page = await context.new_page()
    await sign_in(page, site, "priya.shah", f"{CHILD}/decision")
    await fill_in_decision(page)
    site.hub.signed_in.clear()
    await page.get_by_role("button", name="Record the decision").click()

    async with context.expect_page() as opened:
        await page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    tab = await opened.value
    await tab.get_by_label("Username").fill("priya.shah")
    await tab.get_by_role("button", name="Sign in").click()
    await tab.get_by_role("heading", name="You are signed in").wait_for()
    await page.get_by_role("button", name="I have signed in: carry on").click()
    await page.get_by_role("button", name="Send").click()

    await page.get_by_role("heading", name="Decision recorded").wait_for()
    await context.close()
