"""How a hand slips at the keyboard, and an ear at the telephone."""

from datetime import date
from random import Random

_NEIGHBOURS = {
    "a": "sqz", "b": "vgn", "c": "xvd", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy",
    "i": "uok", "j": "hku", "k": "jli", "l": "kop", "m": "nj", "n": "bmh", "o": "ipl", "p": "ol",
    "q": "wa", "r": "etf", "s": "adw", "t": "ryg", "u": "yij", "v": "cbf", "w": "qes", "x": "zcs",
    "y": "tuh", "z": "xa",
}  # fmt: skip
_BY_EAR = (
    ("ph", "f"), ("ie", "y"), ("ck", "k"), ("ee", "ea"), ("ai", "ay"), ("c", "k"), ("z", "s"), ("tt", "t"),
    ("ll", "l"), ("nn", "n"), ("th", "t"), ("y", "i"), ("sh", "ch"), ("v", "w"), ("ou", "u"), ("ey", "y"),
)  # fmt: skip


def mistyped(text: str, dice: Random) -> str:
    """Return a text with one slip in it, mostly after its first letter; a very short one as it is."""
    if len(text) < 3:
        return text
    at = dice.randrange(1, len(text)) if dice.random() < 0.93 else 0
    match dice.randrange(5):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at] + text[at:]
        case 2 if at + 1 < len(text):
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case 3:
            return _misheard(text, dice)
    letter = dice.choice(_NEIGHBOURS.get(text[at].lower(), "x"))
    return text[:at] + (letter.upper() if text[at].isupper() else letter) + text[at + 1 :]


def _misheard(text: str, dice: Random) -> str:
    fitting = [(one, other) for one, other in _BY_EAR if one in text]
    if not fitting:
        at = dice.randrange(1, len(text))
        return text[:at] + dice.choice("aeiou") + text[at + 1 :]
    return text.replace(*dice.choice(fitting), 1)


def misdated(on: date, dice: Random) -> date:
    """Return another date that one slip makes of this, in its day, its month or its year."""
    match dice.randrange(4):
        case 0:
            return on.replace(year=on.year + dice.choice((-1, 1, -10, 10)), day=min(on.day, 28))
        case 1:
            return on.replace(month=(on.month + dice.choice((0, 10))) % 12 + 1, day=min(on.day, 28))
    day = on.day + dice.choice((-10, -1, 1, 10))
    return on.replace(day=day if 1 <= day <= 28 else 29 - min(on.day, 28))


def turned(on: date) -> date | None:
    """Return the date with day and month the wrong way round; None where that is none, or the same."""
    return on.replace(month=on.day, day=on.month) if on.day <= 12 and on.day != on.month else None


def misnumbered(number: str, dice: Random) -> str:
    """Return an identifier in which one digit is wrong or two stand the wrong way round."""
    at = dice.randrange(3, len(number) - 1)
    if dice.random() < 0.5 and number[at] != number[at + 1]:
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + str((int(number[at]) + dice.randint(1, 9)) % 10) + number[at + 1 :]
