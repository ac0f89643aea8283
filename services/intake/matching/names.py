"""Names as they are compared: folded to plain letters, without titles and without words that stand for no name."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

import yaml

_TITLES: Final = frozenset("mr mrs miss ms mx dr doctor master sir lady prof professor rev cllr jr jnr sr snr".split())
_PARTICLES: Final = frozenset(
    "al el ul ur bin bint ibn ben abu van von der den de da di do dos del della la le du ap ab st".split()
)
_JOINED: Final = frozenset("mc mac o d".split())
#: Words in place of a given name. The field says "baby", the file must not learn that all babies are one.
_NO_NAME: Final = frozenset(
    "baby babe newborn unborn infant foetus fetus child bump unknown unk unnamed nk na nil none null tbc tba tbd"
    " not known given named name no yet stated recorded twin triplet one two three 1 2 3 boy girl male female"
    " bb bg son daughter first firstname surname forename lastname anon anonymous test xx xxx refused withheld".split()
)
_BY_A_PARENT: Final = frozenset("baby babe unborn infant child son daughter twin bb bg".split())
_LETTERS: Final = str.maketrans(
    {
        **{"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"},
        **{"ə": "a", "ŋ": "ng", "ʻ": "", "ʼ": "", "ʿ": "", "ʾ": "", "’": "", "‘": "", "'": "", "`": "", "´": ""},
        **dict(zip("абвгдезийклмнопрстуфыэіґ", "abvgdezijklmnoprstufyeig", strict=True)),
        **{"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""},
        **{"ю": "yu", "я": "ya", "є": "ye", "ї": "yi"},
        **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)),
        **{"θ": "th", "χ": "ch", "ψ": "ps"},
    }
)
_NOT_OF_A_WORD: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=200_000)
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


def family_tokens(text: str) -> tuple[str, ...]:
    """Return the family names: "Al-Hassan" is hassan, "O Brien" obrien, "Smith-Jones" both smith and jones."""
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
def _data() -> dict[str, Any]:
    text = files("services.intake.matching").joinpath("data/names.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def _spellings() -> dict[str, str]:
    return {name: group[0] for group in reversed(_data()["spellings"]) for name in group}


@cache
def common_names() -> frozenset[str]:
    """Return given names that are names of their own, however like another they look."""
    return frozenset(_data()["common"])


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    return {
        name: frozenset(_spellings().get(formal, formal) for formal in formals)
        for name, formals in _data()["nicknames"].items()
    }


@lru_cache(maxsize=200_000)
def spelt(name: str) -> str:
    """Return the one form in which all spellings of a name are read: mohammed for Muhammad."""
    return _spellings().get(name, name)


@lru_cache(maxsize=200_000)
def may_stand_for(name: str) -> frozenset[str]:
    """Return the names that a name may be short for, itself among them."""
    return _nicknames().get(name, frozenset()) | {spelt(name)}
