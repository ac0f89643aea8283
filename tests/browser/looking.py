"""A page held against axe-core, as narrow as it was opened and as wide as a desk's."""

from weakref import WeakSet

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.browser.conftest import settle

DESK = 1280
#: What the design system's components are held to, by its own authors too. Every rule is run on every node;
#: what passed is not written out, which took as long again.
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}

#: Contrast measured at one width is not measured again at the other: it is half of axe-core's time, and no
#: colour depends on the width. Whatever only a desk shows, table heads above all, is measured there.
_SHOWN = """
    const area = (each) => {
        const box = each.getBoundingClientRect();
        return box.width > 1 && box.height > 1;
    };
    const shown = (each) => !each || each === document.body || (area(each) && shown(each.parentElement));
    const visible = () => [...document.body.querySelectorAll("*")].filter(shown);
    const told = (found) => found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html]));
"""
_NARROW = f"""async (rules) => {{ {_SHOWN}
    window.seen = new Set(visible());
    return told(await axe.run(rules));
}}"""
_AT_A_DESK = f"""async (rules) => {{ {_SHOWN}
    const found = await axe.run({{ ...rules, rules: {{ "color-contrast": {{ enabled: false }} }} }});
    const fresh = visible().filter((each) => !window.seen.has(each));
    if (!fresh.length) return told(found);
    const contrast = {{ ...rules, runOnly: {{ type: "rule", values: ["color-contrast"] }} }};
    const more = await axe.run({{ include: fresh }}, contrast);
    return [...told(found), ...told(more)];
}}"""

#: axe-core as a function that a document has from its start, and that costs nothing until it is called.
_AXE = f"window.bringAxe = () => {{ {Axe().axe_script} }};"
_equipped = WeakSet[Page]()


async def violations(page: Page) -> list[str]:
    """Return what axe-core holds against a page, once all of it is there.

    One that is open narrower than a desk's is held against the same as wide as that, where it must not be
    scrolled sideways either: the page and axe-core are loaded once for both.
    """
    await settle(page)
    found = await _found_by_axe(page, _NARROW)
    opened = page.viewport_size
    if opened is None or opened["width"] >= DESK:
        return found
    await page.set_viewport_size({"width": DESK, "height": opened["height"]})
    at_a_desk = await _found_by_axe(page, _AT_A_DESK)
    if await is_wider_than_its_window(page):
        at_a_desk.append("wider than its window")
    await page.set_viewport_size(opened)
    return found + [f"at a desk, {fault}" for fault in at_a_desk]


async def _found_by_axe(page: Page, run: str) -> list[str]:
    if page not in _equipped:
        # Half a megabyte: handed to the browser once for all that the page shows after this.
        await page.add_init_script(_AXE)
        await page.evaluate(_AXE)
        _equipped.add(page)
    await page.evaluate("'axe' in window || bringAxe()")
    found = await page.evaluate(run, RULES)
    return [f"{rule}: {html[:160]}" for rule, html in found]


async def is_wider_than_its_window(page: Page) -> bool:
    """Say whether a page has to be scrolled sideways."""
    wider = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return bool(wider)
