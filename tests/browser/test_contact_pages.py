"""The pages of what arrives, in a real browser: nobody is shut out, and a call needs only a keyboard."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.contact_scenes import DANGER_REFERENCE, fill_all
from tests.browser.looking import is_wider_than_its_window, violations
from tests.browser.test_pages import sign_in, tab_to
from tests.console.contacts import HELD, OTHER_REFERENCE, a_progress
from tests.console.scenes import CASE, REFERENCE, a_case, a_contact

#: The narrowest screen that a page must fit without scrolling sideways, and a desk's.
#: At which width a page is opened; `violations` looks at it as wide as a desk, too.
WIDTHS = (320,)
MANAGERS_PAGES = {
    "contacts": "/contacts",
    "filtered contacts": "/contacts?danger=true&channel=api",
    "later contacts": "/contacts?cursor=opaque",
    "contact": f"/contacts/{REFERENCE}",
    "older version": f"/contacts/{REFERENCE}?version=1",
    "contact with little in it": f"/contacts/{DANGER_REFERENCE}",
    "withdrawal": f"/contacts/{REFERENCE}/withdrawal",
    "held copies": "/held-copies",
    "taken up": "/held-copies?part=taken_up",
    "set aside": "/held-copies?part=set_aside",
    "held copy": f"/held-copies/{HELD}",
    "quality": "/quality",
    "counts": "/quality/counts",
    "requested": "/quality/asked",
    "checked, not sent": "/check-receipts",
    "telephone": "/telephone",
    "case": f"/cases/{CASE}",
}
DECIDERS_PAGES = {"taken": f"/telephone/taken/{REFERENCE}", "work list": "/"}
REPRESENTATIVES_PAGES = {
    "their contacts": "/contacts",
    "their queue": "/quality",
    "their form": f"/quality/{REFERENCE}",
    "their counts": "/quality/counts",
    "answered": "/quality/asked?state=answered",
    "not answered": "/quality/asked?state=not_answered",
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("username", "pages"),
    [
        ("marge.hill", MANAGERS_PAGES),
        ("priya.shah", DECIDERS_PAGES),
        ("omar.hill", REPRESENTATIVES_PAGES),
    ],
)
async def test_no_page_of_what_arrives_shuts_anyone_out(
    chromium: Browser, site: Site, username: str, pages: dict[str, str], width: int
) -> None:
    fill_all(site.hub)
    site.hub.cases[CASE] = a_case(contacts=[a_contact(version=2, corrected_at=a_contact().received_at)])
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    await sign_in(page, site, username)

    found = {}
    for name, path in pages.items():
        answer = await page.goto(site.url + path)
        found[name] = await violations(page)
        if await is_wider_than_its_window(page):
            found[name].append("wider than its window")
        if answer is None or answer.status != 200:
            found[name].append("is not there")

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert [words for words in said if "Failed to load resource" not in words] == []
    await page.close()


async def press(page: Page, name: str) -> None:
    """Press the button that begins with `name`, and wait for the page that it leads to."""
    async with page.expect_navigation():
        await page.get_by_role("button", name=name).first.click()


@pytest.mark.parametrize("width", WIDTHS)
async def test_refused_forms_of_what_arrives_shut_nobody_out(
    chromium: Browser, site: Site, width: int
) -> None:
    fill_all(site.hub)
    page = await chromium.new_page(viewport={"width": width, "height": 900})
    await sign_in(page, site, "marge.hill")

    found = {}
    for path, button in (
        (f"/contacts/{REFERENCE}/withdrawal", "Answer the sender"),
        (f"/quality/{REFERENCE}", "Ask the sender"),
        (f"/held-copies/{HELD}", "Open it"),
        ("/telephone", "Send it to the hub"),
    ):
        await page.goto(site.url + path)
        await press(page, button)
        found[path] = await violations(page)
        focused = await page.evaluate("document.activeElement.className")
        if "govuk-error-summary" not in focused:
            found[path].append("the errors are not where the keyboard is")
        if await is_wider_than_its_window(page):
            found[path].append("wider than its window")

    assert {path: faults for path, faults in found.items() if faults} == {}
    await page.close()


@pytest.mark.parametrize("width", [*WIDTHS, 1280])
async def test_a_held_copy_becomes_a_contact_without_script(
    chromium: Browser, site: Site, width: int
) -> None:
    fill_all(site.hub)
    context = await chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 900})
    page = await context.new_page()
    await sign_in(page, site, "marge.hill")

    await page.get_by_role("link", name="Contacts").first.click()
    await page.get_by_role("link", name="Held copies").click()
    await page.get_by_role("link", name="Northshire Police, 8:55am today").first.click()
    await page.get_by_label("Why you read it").fill("It waits on the list.")
    await press(page, "Open it")
    shown = await page.get_by_role("region", name="What was sent").inner_text()
    await press(page, "Take it up by telephone contact")
    words = await page.get_by_label("What the caller says").input_value()
    await press(page, "Send it to the hub")

    assert "<b>again</b>" in shown
    assert words == "Shouting <b>again</b>."
    await expect(page.get_by_role("heading", name="The hub has it")).to_be_visible()
    assert site.hub.intake.taken[0].held_copy_id == HELD
    await context.close()


async def test_the_pages_of_an_opened_copy_shut_nobody_out(chromium: Browser, site: Site) -> None:
    fill_all(site.hub)
    page = await chromium.new_page(viewport={"width": 320, "height": 900})
    await sign_in(page, site, "marge.hill", f"/held-copies/{HELD}")

    await page.get_by_label("Why you read it").fill("It waits on the list.")
    await press(page, "Open it")
    opened = [*await violations(page), await is_wider_than_its_window(page)]
    await press(page, "Take it up by telephone contact")
    filled = [*await violations(page), await is_wider_than_its_window(page)]

    assert (opened, filled) == ([False], [False])
    await page.close()


async def test_a_representative_asks_for_more_without_script(chromium: Browser, site: Site) -> None:
    fill_all(site.hub)
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await sign_in(page, site, "omar.hill", "/quality")

    await page.locator(f'a[href="/quality/{REFERENCE}"]').click()
    await page.get_by_label("What did the child say or show").check()
    await page.get_by_label("Question 1").fill("Who has her tonight?")
    await press(page, "Ask the sender")

    await expect(page.get_by_text("The sender is asked for further information.")).to_be_visible()
    sent = site.hub.asked_of("POST", f"/v1/referrals/{REFERENCE}/quality-check")[0].body
    assert [gap["question"][:8] for gap in sent["gaps"]] == ["What did", "Who has "]
    await context.close()


async def type_words(page: Page) -> None:
    """Type what the caller says: the words have the focus by themselves, as soon as the page is there."""
    await page.locator("#words:focus").wait_for()
    await page.keyboard.type("He was shouting again.")


async def test_a_call_is_taken_with_the_keyboard_alone(chromium: Browser, site: Site) -> None:
    fill_all(site.hub)
    page = await chromium.new_page()
    await sign_in(page, site, "priya.shah", "/telephone")

    await type_words(page)
    await tab_to(page, "danger")
    await page.keyboard.press("Space")
    await tab_to(page, "child_now_with")
    await page.keyboard.type("His partner")
    await tab_to(page, "caller_number")
    await page.keyboard.type("01632 960321")
    await tab_to(page, "safe_to_ring")
    await page.keyboard.press("ArrowLeft")
    await tab_to(page, "Send it to the hub")
    await page.keyboard.press("Enter")

    await page.get_by_role("heading", name="The hub has it").wait_for()
    taken = site.hub.intake.taken[0]
    assert (taken.words, taken.immediate_danger) == ("He was shouting again.", True)
    assert taken.child_now_with == "His partner"
    assert taken.call_back is not None
    assert taken.call_back.is_safe is False
    await page.close()


async def test_words_of_a_call_outlive_a_session(chromium: Browser, site: Site) -> None:
    fill_all(site.hub)
    context = await chromium.new_context()
    page = await context.new_page()
    await sign_in(page, site, "priya.shah", "/telephone")
    await type_words(page)
    site.hub.signed_in.clear()
    await press(page, "Send it to the hub")
    kept = await violations(page)

    async with context.expect_page() as opened:
        await page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    tab = await opened.value
    await tab.get_by_label("Username").fill("priya.shah")
    await press(tab, "Sign in")
    await tab.get_by_role("heading", name="You are signed in").wait_for()
    await press(page, "I have signed in: carry on")
    await press(page, "Send")

    await page.get_by_role("heading", name="The hub has it").wait_for()
    assert site.hub.intake.taken[0].words == "He was shouting again."
    assert kept == []
    await context.close()


async def test_the_list_reads_itself_again_until_it_is_told_to_stop(chromium: Browser, site: Site) -> None:
    fill_all(site.hub)
    context = await chromium.new_context()
    page = await context.new_page()
    await page.clock.install()
    await sign_in(page, site, "priya.shah", "/contacts")
    await page.get_by_role("button", name="Stop refreshing by itself").wait_for()
    rows = page.locator(".console-row")
    before = await rows.count()

    site.hub.intake.progress["SH-NEW"] = a_progress(reference="SH-00000000-0")
    # Where the keyboard stands, nothing moves; a minute after it has left, the list is read again.
    await rows.first.get_by_role("link").first.focus()
    await page.clock.run_for(61_000)
    assert await rows.count() == before
    await page.evaluate("document.activeElement.blur()")
    await page.clock.run_for(61_000)
    await page.get_by_text("SH-00000000-0").first.wait_for()
    await page.get_by_role("button", name="Stop refreshing by itself").click()
    del site.hub.intake.progress[OTHER_REFERENCE]
    await page.clock.run_for(121_000)

    assert await rows.count() == before + 1
    await expect(page.get_by_role("button", name="Refresh by itself again")).to_be_visible()
    assert await violations(page) == []
    await context.close()


async def test_a_list_that_cannot_be_read_again_says_so(chromium: Browser, site: Site) -> None:
    fill_all(site.hub)
    context = await chromium.new_context()
    page = await context.new_page()
    await page.clock.install()
    await sign_in(page, site, "priya.shah", "/contacts")
    await page.get_by_role("button", name="Stop refreshing by itself").wait_for()
    rows = await page.locator(".console-row").count()

    site.hub.signed_in.clear()
    await page.clock.run_for(121_000)

    await page.get_by_role("status").get_by_text("The hub does not answer.").wait_for()
    assert await page.locator(".console-row").count() == rows
    await context.close()
