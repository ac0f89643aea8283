"""Names as they are compared: in plain letters, without titles and without words that stand for no name."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

from services.intake.matching.remembered import WORDS

_NOT_OF_A_WORD: Final = re.compile(r"[\W_]+")


def _read(name: str) -> dict[str, Any]:
    text = files("services.intake.matching").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _letters() -> dict[int, str]:
    letters = dict(_WORDS["letters"]) | _WORDS["pairs"] | dict.fromkeys(_WORDS["vanish"], "")
    for theirs, ours in _WORDS["alphabets"]:
        letters |= dict(zip(theirs, ours, strict=True))
    return str.maketrans(letters)


_WORDS: Final = _read("words")
_TITLES: Final = frozenset(_WORDS["titles"].split())
_PARTICLES: Final = frozenset(_WORDS["particles"].split())
_JOINED: Final = frozenset(_WORDS["joined"].split())
_NO_NAME: Final = frozenset(_WORDS["no_name"].split())
_BABIES: Final = frozenset(_WORDS["babies"].split())
_BY_A_PARENT: Final = frozenset(_WORDS["by_a_parent"].split())
_LETTERS: Final = _letters()
#: What stands in place of an address, folded.
NOWHERE: Final = frozenset(_WORDS["nowhere"])


@lru_cache(maxsize=WORDS)
def fold(text: str) -> str:
    """Return the words of a text in small plain letters and digits, one space between them.

    Accents fall, Cyrillic and Greek are written in Latin letters, apostrophes vanish, all other signs divide.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return _NOT_OF_A_WORD.sub(" ", bare.translate(_LETTERS)).strip()


def given_tokens(text: str, family: tuple[str, ...] = ()) -> tuple[tuple[str, ...], bool]:
    """Return the given names, and whether the field says that there are none yet ("Baby", "Unborn Khan").

    Args:
        text: the field as it was sent.
        family: the folded family names, which are no given name after a "Baby".
    """
    words = [word for word in fold(text).split() if word not in _TITLES]
    names = tuple(word for word in words if word not in _NO_NAME)
    if len(names) == len(words):
        return names, False
    if words[0] in _BY_A_PARENT:
        # "Baby of Sarah" and "Unborn Sarah Khan" name the mother.
        is_mother = "of" in words or "unborn" in words
        names = tuple(name for name in names if len(name) > 1 and name not in family and not is_mother)
    return names, not names


def says_baby(text: str) -> bool:
    """Say whether a field for the given name says that there is none yet, and not just none."""
    return not _BABIES.isdisjoint(fold(text).split())


def family_tokens(text: str) -> tuple[str, ...]:
    """Return the family names: "Al-Hassan" is hassan, "O Brien" obrien, "Smith-Jones" smith and jones."""
    words = [word for word in fold(text).split() if word not in _TITLES]
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in _JOINED:
            joined[-1] += word
        else:
            joined.append(word)
    told = [word for word in joined if word not in _NO_NAME] if len(joined) < 3 else joined
    return tuple([word for word in told if word not in _PARTICLES] or told)


@cache
def _names() -> dict[str, Any]:
    return _read("names")


@cache
def _spellings() -> dict[str, str]:
    forms: dict[str, str] = {}
    for first, *others in _names()["spellings"]:
        form = forms.setdefault(first, first)
        for name in others:
            forms.setdefault(name, form)
    return forms


@cache
def common_names() -> frozenset[str]:
    """Return given names that are names of their own, however like another they look."""
    return frozenset(_names()["common"])


@cache
def names_of_their_own() -> frozenset[str]:
    """Return those and others that are also met as slips of each other: a twin may have either."""
    return common_names() | frozenset(_names()["twins"])


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    stands_for = {name: set(formals) for name, formals in _names()["nicknames"].items()}
    for formal, shorts in _names()["called"].items():
        for short in shorts:
            stands_for.setdefault(short, set()).add(formal)
    return {name: frozenset(map(spelt, formals)) for name, formals in stands_for.items()}


@lru_cache(maxsize=WORDS)
def called(name: str) -> tuple[str, ...]:
    """Return what somebody of that name may be called at home."""
    return _short_forms().get(spelt(name), ())


@cache
def _short_forms() -> dict[str, tuple[str, ...]]:
    shorts: dict[str, list[str]] = {}
    for short, formals in _nicknames().items():
        for formal in formals:
            shorts.setdefault(formal, []).append(short)
    return {formal: tuple(sorted(others)) for formal, others in shorts.items()}


def spelt(name: str) -> str:
    """Return the one form in which all spellings of a name are read: mohammed for Muhammad."""
    return _spellings().get(name, name)


@lru_cache(maxsize=WORDS)
def may_stand_for(name: str) -> frozenset[str]:
    """Return the names that a name may be short for, itself among them."""
    return _nicknames().get(name, frozenset()) | {spelt(name)}
