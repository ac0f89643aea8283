"""Wording that calls for a word back: it blames the child, or is a sign of exploitation nobody has named."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.codes.indicators import IndicatorCode
from shared.codes.reading import read_code_list

Words = Annotated[str, Field(min_length=1)]
Lowered = Annotated[str, Field(min_length=2, pattern=r"^[^A-Z]+$")]


#: A referral is searched for every phrase there is: the first letters of its words rule out nearly all.
_BEGINNING: Final = 4
_ONLY_WORDS: Final = str.maketrans(
    dict.fromkeys(string.punctuation + "\u2013\u2014\u2018\u201c\u201d\u2026", " ")
)


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text ready to be searched: its words, and the first letters that any of them begins with."""

    words: str
    beginnings: frozenset[str]


class Phrase(BaseModel):
    """Wording to look for. Texts are compared in small letters, with single spaces and straight apostrophes.

    Attributes:
        look_for: every text that `pattern` finds holds one of these, each from where a word begins; looking
            for them first is fast.
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

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(words.translate(_ONLY_WORDS).split()[0][:_BEGINNING] for words in self.look_for)

    def stands_in(self, text: PlainText) -> bool:
        """Say whether a text holds this wording."""
        if self._beginnings.isdisjoint(text.beginnings):
            return False
        words = text.words
        return any(each in words for each in self.look_for) and self._compiled.search(words) is not None


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


def plain(text: str) -> PlainText:
    """Return `text` as phrases are looked for in it: small letters, single spaces, straight apostrophes."""
    words = " ".join(text.lower().replace("\u2019", "'").split())
    beginnings = frozenset(word[:_BEGINNING] for word in words.translate(_ONLY_WORDS).split())
    return PlainText(words, beginnings)


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
