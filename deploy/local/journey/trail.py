"""The trail a journey leaves on the terminal: when, who, and what they do, in columns."""

import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping
from typing import Any, Final

from shared.clock import LONDON, utc_now

Say = Callable[[str], None]


def in_words(said: Mapping[str, Any]) -> str:
    """Return a level, a pathway and a colour as a person says them; what nobody can say is not known."""
    level, pathway = said["level"], said["pathway"]
    return (
        f"level {level or 'not known'}, {str(pathway or 'a person says').replace('_', ' ')},"
        f" {str(said['rag']).capitalize()}"
    )


_WHEN_WIDTH: Final = 10
_WHO_WIDTH: Final = 25
_WIDEST: Final = 120
_NARROWEST_SENTENCE: Final = 40
_PLAIN, _BOLD, _DIM = "\x1b[0m", "\x1b[1m", "\x1b[2m"


class Trail:
    """Says one line after the other; times are London's."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._who = ""
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        columns = min(shutil.get_terminal_size((100, 24)).columns, _WIDEST)
        self._width = max(columns - _WHEN_WIDTH - _WHO_WIDTH - 2, _NARROWEST_SENTENCE)

    def chapter(self, title: str) -> None:
        """Begin a new part of the journey."""
        self._who = ""
        self._say("")
        self._say(f"  {self._as(_BOLD, title)}")

    def tell(self, who: str, *sentences: str) -> None:
        """Say what somebody does now; the sentences go on from the name: "sends", "is answered"."""
        for sentence in sentences:
            first, *others = textwrap.wrap(sentence, self._width, break_on_hyphens=False)
            self._line(f"{utc_now().astimezone(LONDON):%H:%M:%S}", who, first)
            for more in others:
                self._line("", "", more)

    def _line(self, when: str, who: str, words: str) -> None:
        shown = "" if who == self._who else who
        self._who = who or self._who
        left = self._as(_DIM, f"{when:<{_WHEN_WIDTH}}") + self._as(_BOLD, f"{shown:<{_WHO_WIDTH}}")
        self._say(f"  {left}{words}")

    def _as(self, style: str, words: str) -> str:
        return f"{style}{words}{_PLAIN}" if self._coloured and words.strip() else words
