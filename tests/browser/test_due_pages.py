"""What falls due, in a real browser: a Red child taken in hand, a reason given, nobody shut out."""

import pytest
from playwright.async_api import Browser

from tests.browser.conftest import Site
from tests.browser.test_joining_pages import WIDTHS, enter, reach
from tests.browser.test_known_pages import faults_of
from tests.browser.test_pages import sign_in
from tests.console.fake_timers import ALERT, BREACH, EXPLAINED, TARGET, an_alert
from tests.console.scenes import CASE, MAISIE, an_id

CASE_PAGE = f"/cases/{CASE}"
SET, REVIEW = f"{CASE_PAGE}/children/{MAISIE}/target", f"{CASE_PAGE}/targets/{TARGET}"
ONWARD = f"{CASE_PAGE}/children/{MAISIE}/onward"


async def test_a_red_child_is_taken_in_hand_and_a_reason_given_with_the_keyboard_alone(
    chromium: Browser, site: Site
) -> None:
    site.hub.timers.fill()
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, site, "priya.shah", "/")

    await reach(page, "I have it: open the case of Maisie Example")
    await enter(page)
    assert page.url == f"{site.url}{CASE_PAGE}"
    await reach(page, "I have looked at every contact of this case: screened")
    await enter(page)
    await page.goto(f"{site.url}/breached")
    await page.locator(f"a[href$='/breaches/{BREACH}']").focus()
    await enter(page)
    await page.locator("#reason").focus()
    await page.keyboard.type("The ward rang back late.")
    await reach(page, "Record the reason")
    await enter(page)

    assert page.url == f"{site.url}{CASE_PAGE}?child={MAISIE}&done=explained"
    assert site.hub.timers.alerts == []
    [asked] = site.hub.asked_of("POST", f"/v1/breaches/{BREACH}/reason")
    assert asked.body == {"reason": "The ward rang back late."}
    await context.close()


async def test_a_page_that_stands_open_is_told_of_a_new_red_child(chromium: Browser, site: Site) -> None:
    page = await chromium.new_page()
    await page.clock.install()
    await sign_in(page, site, "priya.shah", "/")
    banner = page.locator("[data-red]")
    assert (await banner.inner_text()).strip() == ""
    site.hub.timers.alerts = [an_alert()]
    async with page.expect_response("**/red"):
        await page.clock.run_for(15_500)
    await page.get_by_text("1 Red child nobody has said they have seen").wait_for()
    site.hub.timers.alerts = [an_alert(), an_alert(alert_id=an_id(880), given_name="Alfie")]
    async with page.expect_response("**/red"):
        await page.clock.run_for(15_500)
    await page.get_by_text("2 Red children nobody has said they have seen").wait_for()
    assert await banner.locator("[data-alert]").count() == 2
    assert await banner.get_attribute("role") == "alert"
    await page.close()


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_of_time_shuts_anyone_out(chromium: Browser, site: Site, width: int) -> None:
    site.hub.timers.fill()
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "marge.hill", "/")
    assert await page.locator(f"[data-alert='{ALERT}']").is_visible()

    found = {"work list": await faults_of(page)}
    for name, path in {
        "case": CASE_PAGE,
        "breached": "/breached",
        "explained": "/breached?reasoned=true",
        "why": f"{CASE_PAGE}/breaches/{BREACH}",
        "told": f"{CASE_PAGE}/breaches/{EXPLAINED}",
        "target": SET,
        "review": REVIEW,
        "after decisions": "/due",
        "what was done": ONWARD,
    }.items():
        await page.goto(site.url + path)
        found[name] = await faults_of(page)
    for path, button in {SET: "Set the target", REVIEW: "Record what you found", ONWARD: "Record it"}.items():
        await page.goto(site.url + path)
        await page.get_by_role("button", name=button).click()
        await page.locator(".govuk-error-summary").wait_for()
        found[button] = await faults_of(page)

    assert {name: faults for name, faults in found.items() if faults} == {}
    await page.close()
