"""The second look in a real browser: with the keyboard alone, without JavaScript, and nobody shut out."""

import pytest
from playwright.async_api import Browser

from shared.schemas.decisions import ApprovalForm
from shared.schemas.words_deciding import Depth
from tests.browser.conftest import Site
from tests.browser.test_joining_pages import enter, reach
from tests.browser.test_known_pages import faults_of
from tests.browser.test_pages import sign_in
from tests.console.lines import a_line
from tests.console.scenes import CASE, MAISIE
from tests.console.waiting import a_looked_at_case, a_waiting_case

CHILD = f"/cases/{CASE}/children/{MAISIE}"
PAGES = {
    "work list": "/?queue=second_look",
    "case": f"/cases/{CASE}",
    "second look": f"{CHILD}/second-look",
    "decision": f"{CHILD}/decision",
    "decided": f"{CHILD}/decided",
    "depth": f"{CHILD}/depth",
}


def let_it_wait(site: Site) -> None:
    """Let a decision for early help wait, and somebody look at it."""
    line = a_line()
    waits = {"waits_for_second_look": True, "depth": Depth.LIGHT}
    site.hub.lines = [
        line.model_copy(update={"children": [one.model_copy(update=waits) for one in line.children]})
    ]
    site.hub.cases[CASE] = a_waiting_case()

    def looked(form: ApprovalForm) -> None:
        site.hub.cases[CASE] = a_looked_at_case(approved=form.approved)

    site.hub.deciding.on_looked = looked


async def test_a_manager_takes_the_second_look_with_the_keyboard_alone(chromium: Browser, site: Site) -> None:
    let_it_wait(site)
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, site, "marge.hill", f"/cases/{CASE}")
    await reach(page, "Take the second look for Maisie Example")
    await enter(page)
    assert page.url == f"{site.url}{CHILD}/second-look"
    await page.get_by_label("Do not approve").press("Space")
    await page.locator("#look_reason").focus()
    await page.keyboard.type("Nobody has spoken with Nan yet.")
    await reach(page, "Record the second look")
    await enter(page)
    assert page.url == f"{site.url}/cases/{CASE}?child={MAISIE}&done=not_approved"
    assert await page.get_by_text("Not approved by Marge Hill").count() == 1
    await context.close()


@pytest.mark.parametrize("width", [320])
async def test_no_page_of_deciding_shuts_anyone_out(chromium: Browser, site: Site, width: int) -> None:
    let_it_wait(site)
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "marge.hill")
    found = {}
    for name, path in PAGES.items():
        await page.goto(site.url + path)
        await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found[name] = await faults_of(page)
    await page.goto(f"{site.url}{CHILD}/second-look")
    await page.get_by_role("button", name="Record the second look").click()
    found["refused"] = await faults_of(page)
    await page.close()
    assert not any(found.values()), found
