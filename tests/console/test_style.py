"""The console's style sheet, as far as tests of pages rely on it."""

import re
from pathlib import Path

from services import console


def test_no_colour_depends_on_the_width() -> None:
    styles = (Path(console.__file__).parent / "static" / "console.css").read_text()
    narrow_or_wide = re.findall(r"@media \((?:min|max)-width[^{]*\{((?:[^{}]*\{[^{}]*\})*[^{}]*)\}", styles)
    coloured = [
        selector.strip()
        for rules in narrow_or_wide
        for selector, rule in re.findall(r"([^{}]+)\{([^{}]*)\}", rules)
        if re.search(r"[\s;](color|background|background-color|opacity):", rule)
    ]

    assert len(narrow_or_wide) > 5
    # Words that only a narrow page has.
    assert coloured == [".console-compare td::before"]
