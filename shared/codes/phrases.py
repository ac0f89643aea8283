"""Wording that calls for a word back: it blames the child, or is a sign of exploitation nobody has named."""

import re
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.codes.indicators import IndicatorCode
from shared.codes.reading import read_code_list

Words = Annotated[str, Field(min_length=1)]
Lowered = Annotated[str, Field(min_length=2, pattern=r"^[^A-Z]+$")]


class Phrase(BaseModel):
    """Wording to look for. Texts are compared in small letters, with single spaces and straight apostrophes.

    Attributes:
        look_for: every text that `pattern` finds holds one of these; looking for them first is fast.
        pattern: a regular expression without repetition inside repetition, so that no text makes it slow.
        found: examples that it must find.
        not_found: examples that it must leave alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    look_for: Annotated[tuple[Lowered, ...], Field(min_length=1)]
    pattern: Lowered
    found: Annotated[tuple[Words, ...], Field(min_length=1)]
    not_found: tuple[Words, ...] = ()

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{self.pattern})\b")

    def stands_in(self, plain_text: str) -> bool:
        """Say whether a text, made `plain` before, holds this wording."""
        for word in self.look_for:
            if word in plain_text:
                return self._compiled.search(plain_text) is not None
        return False


class BlamingPhrase(Phrase):
    """Wording that makes a child, or a parent who is abused, answer for what others do.

    Attributes:
        why: what is wrong with it.
        instead: what to write.
    """

    why: Words
    instead: Words


class ExploitationPrompt(Phrase):
    """A sign that someone may be exploiting the child, with the question to ask.

    Attributes:
        indicators: codes that are such a sign by themselves, whatever the words say.
    """

    question: Words
    indicators: tuple[IndicatorCode, ...] = ()


def plain(text: str) -> str:
    """Return `text` as phrases are looked for in it: small letters, single spaces, straight apostrophes."""
    return " ".join(text.lower().replace("\u2019", "'").split())


BLAMING_PHRASES: Final[Mapping[str, BlamingPhrase]] = MappingProxyType(
    {
        code: BlamingPhrase(**entry)
        for code, entry in read_code_list("blaming_phrases.yaml")["blaming_phrases"].items()
    }
)

_EXPLOITATION: Final = read_code_list("exploitation_prompts.yaml")

EXPLOITATION_PROMPTS: Final[Mapping[str, ExploitationPrompt]] = MappingProxyType(
    {code: ExploitationPrompt(**entry) for code, entry in _EXPLOITATION["exploitation_prompts"].items()}
)

#: Codes of a sender who has named exploitation: nothing is left to prompt for.
EXPLOITATION_NAMED: Final[frozenset[str]] = frozenset(_EXPLOITATION["named_by"])
