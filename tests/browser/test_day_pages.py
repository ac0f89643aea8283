"""The hub's day in a real browser: nobody is shut out, a keyboard is enough, and drafts keep themselves."""

import asyncio

import pytest
from playwright.async_api import Browser, Route

from services.triage.errors.restricted import RestrictedCase
from tests.browser.conftest import Site
from tests.browser.test_contact_pages import press
from tests.browser.test_known_pages import faults_of
from tests.browser.test_pages import sign_in, tab_to
from tests.console.fake_closed import an_access
from tests.console.fake_day import OPENS_AT, a_board_child, a_full_board, a_lease, an_allocation, some_changes
from tests.console.scenes import CASE, MAISIE, OTHER_CASE, an_id
from tests.console.test_searches import a_search

#: At which width a page is opened; `violations` looks at it as wide as a desk, too.
WIDTHS = (320,)
CHILD = f"/cases/{CASE}/children/{MAISIE}"
PAGES = {
    "board": "/board?done=said",
    "morning": "/board/changes",
    "wait": f"{CHILD}/wait",
    "allocation": f"/cases/{CASE}/allocation",
    "case": f"/cases/{CASE}?done=allocated",
    "decision": f"{CHILD}/decision",
    "mine": "/?queue=mine",
    "refused": "/searches",
}


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_of_the_day_shuts_anyone_out(chromium: Browser, site: Site, width: int) -> None:
    day = site.hub.day
    siblings = [a_board_child(case_id=OTHER_CASE, child_id=an_id(place)) for place in (71, 72, 73)]
    day.board, day.changes, day.leases = [*a_full_board(), *siblings], some_changes(), [a_lease()]
    day.history = [an_allocation(), an_allocation(staff_id=None, staff_name=None, ended_at=OPENS_AT)]
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "marge.hill")

    found = {}
    for name, path in PAGES.items():
        answer = await page.goto(site.url + path)
        found[name] = await faults_of(page)
        if answer is None or answer.status != (403 if name == "refused" else 200):
            found[name].append("is not there")
    for path, button in ((PAGES["wait"], "Record it"), (PAGES["allocation"], "Record who holds it")):
        await page.goto(site.url + path)
        await press(page, button)
        found[button] = await faults_of(page)
        if "govuk-error-summary" not in await page.evaluate("document.activeElement.className"):
            found[button].append("the errors are not where the keyboard is")

    assert {name: faults for name, faults in found.items() if faults} == {}
    await page.close()


async def test_a_child_is_spoken_for_with_the_keyboard_alone_and_without_scripts(
    chromium: Browser, site: Site
) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, site, "priya.shah", "/board")

    await tab_to(page, "Say whether it can wait: Maisie Example")
    await page.keyboard.press("Enter")
    await page.get_by_label("Safe to wait until the hub opens").press("Space")
    await page.locator("#why").focus()
    await page.keyboard.type("With grandmother.")
    await tab_to(page, "Record it")
    await page.keyboard.press("Enter")

    await page.get_by_text("No due time has moved.").wait_for()
    [sent] = site.hub.asked_of("POST", f"/v1{CHILD}/waits")
    assert sent.body == {"safe_until": OPENS_AT.isoformat(), "why": "With grandmother."}
    await context.close()


async def test_a_closed_door_opens_with_the_keyboard_alone_and_who_looks_after_it_is_not_shut_out(
    chromium: Browser, site: Site
) -> None:
    page = await chromium.new_page(viewport={"width": 320, "height": 900})
    await sign_in(page, site, "priya.shah")
    site.hub.refusal = RestrictedCase()
    await page.goto(f"{site.url}/cases/{CASE}")
    found = {"closed door": await faults_of(page)}
    site.hub.refusal = None
    await tab_to(page, "Open the case for an hour")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    found["refused"] = await faults_of(page)
    await tab_to(page, "emergency_reason")
    await page.keyboard.type("Police are at the door and no manager answers.")
    await tab_to(page, "Open the case for an hour")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await page.get_by_text("Open to you for an hour.").wait_for()
    await page.context.close()

    site.hub.closed.accesses = [an_access()]
    site.hub.people.searches = [a_search(), a_search(search_id=an_id(751), found_count=0, reason=None)]
    for username, path, button in (
        ("marge.hill", f"/cases/{CASE}/accesses", "Name them"),
        ("marge.hill", "/emergency-accesses", "Record that you looked"),
        ("helen.ash", "/searches", None),
    ):
        page = await chromium.new_page(viewport={"width": 320, "height": 900})
        await sign_in(page, site, username, path)
        found[path] = await faults_of(page)
        if button:
            await press(page, button)
            found[button] = await faults_of(page)
            if "govuk-error-summary" not in await page.evaluate("document.activeElement.className"):
                found[button].append("the errors are not where the keyboard is")
        await page.context.close()

    assert {name: faults for name, faults in found.items() if faults} == {}


async def test_what_is_typed_is_kept_by_itself(chromium: Browser, site: Site) -> None:
    page = await chromium.new_page()
    await page.clock.install()
    await sign_in(page, site, "priya.shah", f"{CHILD}/decision")
    await page.wait_for_load_state()

    await page.locator("#rationale").fill("Half a")
    await page.clock.fast_forward(21_000)
    await page.get_by_text("Draft kept at").wait_for()

    assert site.hub.day.drafts["decision", str(MAISIE)].fields == {"rationale": "Half a"}

    # One that is on its way while the form is sent comes before it, and not after the act that ends it.
    await page.route("**/drafts/**", _slowly)
    await page.locator("#rationale").fill("Half a word")
    sent: list[str] = []
    page.on("requestfinished", lambda each: sent.append(each.url) if each.method == "POST" else None)
    await page.clock.fast_forward(21_000)
    async with page.expect_navigation():
        await page.get_by_role("button", name="Record the decision").click()
    assert [url.rpartition("/")[2] for url in sent] == [str(MAISIE), "decision"]
    await page.close()


async def _slowly(route: Route) -> None:
    await asyncio.sleep(0.3)
    await route.continue_()
