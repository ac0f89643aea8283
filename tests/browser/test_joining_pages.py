"""From a match to a joint case and back, in a real browser: one press, a keyboard alone, nobody shut out."""

import pytest
from playwright.async_api import Browser, Page

from shared.schemas.decisions import DecisionForm
from shared.schemas.joining import CasesBeside, JoinForm, UndoJoinForm
from shared.schemas.words import ChildState
from tests.browser.conftest import Site
from tests.browser.known_scenes import fill_known
from tests.browser.test_contact_pages import press
from tests.browser.test_known_pages import faults_of
from tests.browser.test_pages import sign_in
from tests.console.fake_joining import JOIN
from tests.console.fakes import FakeHub
from tests.console.joint import (
    a_case_beside,
    a_joint_case,
    a_schools_contact,
    a_tie,
    an_adults_tie,
    put_beside,
    the_schools_row,
)
from tests.console.scenes import CASE, OTHER_CASE, a_case, a_decision, an_id

#: At which width a page is opened; `violations` looks at it as wide as a desk, too.
WIDTHS = (320,)
JOINT = f"/cases/{OTHER_CASE}"
JOIN_IT = "Same child: confirm, and join this contact to that case"


def let_it_happen(hub: FakeHub) -> None:
    """Put a case beside Maisie's, and let joining, deciding and undoing change both."""
    fill_known(hub)
    put_beside(hub, a_case_beside(ties=[a_tie(), an_adults_tie()]))
    hub.cases[OTHER_CASE] = a_case(
        case_id=OTHER_CASE, version=12, contacts=[a_schools_contact()], children=[the_schools_row()]
    )

    def joined(_form: JoinForm) -> None:
        hub.cases[CASE] = a_case(contacts=[], children=[], adults=[], joined_into=OTHER_CASE)
        hub.cases[OTHER_CASE] = a_joint_case()

    def decided(form: DecisionForm) -> None:
        made = a_decision(rationale=form.rationale)
        done = {"state": ChildState.DECIDED, "decisions": [made]}
        joint = a_joint_case()
        rows = [row.model_copy(update=done) for row in joint.children]
        hub.cases[OTHER_CASE] = joint.model_copy(update={"children": rows})

    def undone(_form: UndoJoinForm) -> None:
        hub.cases[CASE] = a_case()

    hub.joining.on_joined, hub.joining.on_undone, hub.on_decided = joined, undone, decided


async def reach(page: Page, words: str) -> None:
    """Press Tab until what is called `words` has the focus."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.textContent.trim()") == words:
            return
    pytest.fail(f"Tab never reaches {words}")


async def enter(page: Page) -> None:
    """Press Enter, and wait for the page that it leads to."""
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def test_a_match_becomes_a_joint_case_is_decided_and_undone_with_the_keyboard_alone(
    chromium: Browser, site: Site
) -> None:
    let_it_happen(site.hub)
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, site, "priya.shah", f"/cases/{CASE}")

    await reach(page, JOIN_IT)
    await enter(page)
    assert page.url == f"{site.url}{JOINT}?done=joined"
    await reach(page, "Decide for Maisy Sample")
    await enter(page)
    await page.get_by_label("3: Complex").press("Space")
    await page.get_by_label("Child in need").press("Space")
    await page.get_by_label("Amber").press("Space")
    await page.locator("#rationale").focus()
    await page.keyboard.type("Two senders, one worry.")
    await reach(page, "Record the decision")
    await enter(page)
    assert await page.get_by_text("each with an answer of its own").is_visible()
    await page.goto(site.url + JOINT)
    await reach(page, "Undo this join of contact SH-7K3QX9MA-9")
    await enter(page)
    await page.locator("#undo_reason").focus()
    await page.keyboard.type("They are cousins.")
    await reach(page, "Undo this join")
    await enter(page)

    assert page.url == f"{site.url}/cases/{CASE}?done=undone"
    [joined] = site.hub.asked_of("POST", f"/v1/cases/{OTHER_CASE}/joins")
    assert joined.body["referral_id"] == str(an_id(600))
    await context.close()


@pytest.mark.parametrize("width", WIDTHS)
async def test_no_page_of_joining_shuts_anyone_out(chromium: Browser, site: Site, width: int) -> None:
    let_it_happen(site.hub)
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "priya.shah", f"/cases/{CASE}")

    found = {"beside": await faults_of(page)}
    await page.locator("textarea").first.fill("")
    await press(page, JOIN_IT)
    found["refused"] = await faults_of(page)
    assert "govuk-error-summary" in await page.evaluate("document.activeElement.className")
    site.hub.cases[OTHER_CASE] = a_joint_case()
    for name, path in {
        "joint": f"{JOINT}?done=joined",
        "undo": f"{JOINT}/joins/{JOIN}/undo",
        "decision": f"{JOINT}/children/{a_tie().of_record_id}/decision",
        "work list": "/",
    }.items():
        await page.goto(site.url + path)
        found[name] = await faults_of(page)
    site.hub.joining.beside[CASE] = CasesBeside(items=[], searched=False, why_not="It does not answer.")
    await page.goto(f"{site.url}/cases/{CASE}")
    found["not searched"] = await faults_of(page)

    assert {name: faults for name, faults in found.items() if faults} == {}
    await page.close()
