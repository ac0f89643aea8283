"""The threshold policy in a real browser: nobody is shut out, and a second person needs only a keyboard."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from shared.problems import FieldError, Invalid
from tests.browser.conftest import Site
from tests.browser.test_contact_pages import press
from tests.browser.test_joining_pages import enter, reach
from tests.browser.test_known_pages import faults_of
from tests.browser.test_pages import sign_in
from tests.console.fake_policies import REPLAY, VERSION

#: At which width a page is opened; `violations` looks at it as wide as a desk, too.
WIDTHS = (320,)
PAGE = f"/policies/{VERSION}"


async def test_a_policy_is_approved_with_the_keyboard_alone(chromium: Browser, site: Site) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, site, "marge.hill", PAGE)
    await page.get_by_label("I approve it: it is in force from now").press("Space")
    await page.locator("#policy_reason").focus()
    await page.keyboard.type("The replay moves none down.")
    await reach(page, "Record your answer")
    await enter(page)
    assert page.url == f"{site.url}{PAGE}?done=approved"
    [asked] = site.hub.asked_of("POST", f"/v1/policies/{VERSION}/approval")
    assert asked.body == {"approved": True, "reason": "The replay moves none down."}
    await context.close()


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_of_the_policy_shuts_anyone_out(
    chromium: Browser, site: Site, width: int, tmp_path: Path
) -> None:
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "marge.hill", "/policies")
    found = {}
    for path in ("/policies", PAGE, f"/policy-replays/{REPLAY}?moved=up", "/policies/new"):
        await page.goto(site.url + path)
        found[path] = await faults_of(page)
    chosen = tmp_path / "policy.yaml"
    chosen.write_text("version: a\nrules: []\n")
    await page.get_by_label("Choose its file").set_input_files(chosen)
    await page.locator("#note").fill("As agreed.")
    assert await page.locator("#document").input_value() == "version: a\nrules: []\n"
    error = FieldError("not_a_policy", "Line 2: at least one rule is needed", pointer="#/document")
    site.hub.policies.refusal = Invalid("It has faults.", errors=(error,))
    await press(page, "Check it and put it forward")
    found["refused"] = await faults_of(page)
    assert "govuk-error-summary" in await page.evaluate("document.activeElement.className")
    assert {name: faults for name, faults in found.items() if faults} == {}
    await page.close()
