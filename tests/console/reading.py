"""What a person reads on a page: its words without the markup, one space between any two."""

import html
import re


def words_of(page: str) -> str:
    """Return the visible words of a page."""
    main = page.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def title_of(page: str) -> str:
    """Return the title of a page."""
    return html.unescape(page.partition("<title>")[2].partition("</title>")[0])
