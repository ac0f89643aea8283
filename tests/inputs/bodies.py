"""Bodies that no door takes, whatever it leads to: what each is, and how it is refused."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.inputs.doors import CANARY

Good = dict[str, Any]
Make = Callable[[Good], bytes]


@dataclass(frozen=True)
class Bad:
    """One bad body.

    Attributes:
        code: None where several codes are right.
    """

    name: str
    make: Make
    status: int
    code: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Name the body in a test report."""
        return self.name


def text_of(good: Good) -> str:
    return json.dumps(good)


def with_field(written: str) -> Make:
    """Return a maker of the good body with one more field, written exactly so."""
    return lambda good: (text_of(good)[:-1] + f', "{CANARY}": {written}}}').encode("utf-8", "surrogatepass")


def raw(content: bytes) -> Make:
    return lambda _good: content


def unreadable(name: str, make: Make) -> Bad:
    return Bad(name, make, 400, "unreadable")


def invalid(name: str, make: Make) -> Bad:
    return Bad(name, make, 422, "invalid")


def media(name: str, content_type: str) -> Bad:
    make: Make = lambda good: text_of(good | {CANARY: 1}).encode()  # noqa: E731
    return Bad(name, make, 415, "unsupported_media_type", {"Content-Type": content_type})


def encoded(name: str, encoding: str, make: Make) -> Bad:
    return Bad(name, make, 415, "unsupported_media_type", {"Content-Encoding": encoding})


def _twice_at_the_top(good: Good) -> bytes:
    name = next(iter(good))
    return (text_of(good)[:-1] + f', "{name}": "{CANARY}"}}').encode()


def _plain(good: Good) -> bytes:
    return text_of(good | {CANARY: 1}).encode()


EMPTY = [
    unreadable("nothing", raw(b"")),
    unreadable("spaces", raw(b" \r\n\t ")),
]
NOT_ONE_DOCUMENT = [
    unreadable("an open brace", raw(b"{")),
    unreadable("cut off", lambda good: text_of(good | {"x": CANARY}).encode()[:-3]),
    unreadable("something after it", lambda good: text_of(good).encode() + CANARY.encode()),
    unreadable("two objects", lambda good: text_of(good).encode() * 2),
    unreadable("two lines of JSON", lambda good: text_of(good).encode() + b"\n" + text_of(good).encode()),
    unreadable("a word", raw(CANARY.encode())),
    unreadable("single quotes", raw(f"{{'a': '{CANARY}'}}".encode())),
    unreadable("a comma too many", lambda good: text_of(good)[:-1].encode() + b",}"),
    unreadable("a comment", lambda good: text_of(good).encode() + f" // {CANARY}".encode()),
    unreadable("a leading zero", with_field("012")),
    unreadable("a hexadecimal number", with_field("0x12")),
    unreadable("a plus sign", with_field("+1")),
    unreadable("half a number", with_field("1.")),
    unreadable("True", with_field("True")),
    unreadable("undefined", with_field("undefined")),
    unreadable("a form", raw(f"name={CANARY}".encode())),
    unreadable("XML", raw(f"<referral>{CANARY}</referral>".encode())),
    unreadable("a raw line break in a text", with_field(f'"{CANARY}\n"')),
    unreadable("a raw NUL in a text", with_field(f'"{CANARY}\x00"')),
    unreadable("a raw NUL behind", lambda good: text_of(good).encode() + b"\x00"),
    unreadable("an escape that is none", with_field(f'"{CANARY}\\q"')),
    unreadable("a cut escape", with_field('"\\u00"')),
]
NOT_AN_OBJECT = [
    invalid("null", raw(b"null")),
    invalid("an empty list", raw(b"[]")),
    invalid("a list", lambda good: text_of([good | {CANARY: 1}]).encode()),  # type: ignore[arg-type]
    invalid("a text", raw(json.dumps(CANARY).encode())),
    invalid("one", raw(b"1")),
    invalid("true", raw(b"true")),
    invalid("an empty object", raw(b"{}")),
]
KEYS = [
    unreadable("a key twice", _twice_at_the_top),
    unreadable("a key twice, spelt otherwise", with_field(f'{{"a": 1, "\\u0061": "{CANARY}"}}')),
    unreadable("a key twice, deep down", with_field(f'[{{"x": {{"{CANARY}": 1, "{CANARY}": 2}}}}]')),
    invalid("an unknown field", with_field("1")),
    invalid("60,000 unknown fields", with_field("1" + "".join(f', "{CANARY}{n}": 1' for n in range(60_000)))),
    invalid("a field with no name", lambda good: text_of(good | {"": CANARY}).encode()),
    invalid("a field named like Python's own", lambda good: text_of(good | {"__class__": CANARY}).encode()),
]
NUMBERS = [
    unreadable("NaN", with_field("NaN")),
    unreadable("Infinity", with_field("Infinity")),
    unreadable("-Infinity", with_field("-Infinity")),
    unreadable("1e999", with_field("1e999")),
    unreadable("-1e999", with_field("-1e999")),
    unreadable("an integer of 5,000 digits", with_field("4" * 5_000)),
    invalid("an integer of 400 digits", with_field("4" * 400)),
    invalid("minus zero", with_field("-0")),
    invalid("a very small number", with_field("1e-999")),
]
DEEP = [
    unreadable("100,000 lists in each other", with_field("[" * 100_000 + "]" * 100_000)),
    unreadable("100,000 objects in each other", with_field('{"a":' * 100_000 + "1" + "}" * 100_000)),
    unreadable("100,000 lists never closed", raw(b"[" * 100_000)),
    unreadable("33 levels", with_field("[" * 32 + "]" * 32)),
    invalid("32 levels", with_field("[" * 31 + "]" * 31)),
]
MANY = [
    invalid("900,000 numbers", with_field("[" + "1," * 899_999 + "1]")),
    invalid("450,000 empty texts", with_field("[" + '"",' * 449_999 + '""]')),
]
CHARACTERS = [
    unreadable("a byte that is not UTF-8", lambda good: _plain(good).replace(b'"Z', b'"\xff')),
    unreadable("an overlong slash", lambda good: _plain(good).replace(b'"Z', b'"\xc0\xaf')),
    unreadable("a surrogate in UTF-8", lambda good: _plain(good).replace(b'"Z', b'"\xed\xa0\x80')),
    unreadable("half a character", lambda good: _plain(good).replace(b'"Z', b'"\xe2\x82')),
    unreadable("Latin-1", lambda good: _plain(good).replace(b"Z", b"\xe9")),
    unreadable("UTF-16 with a mark", lambda good: text_of(good).encode("utf-16")),
    unreadable("UTF-16, big end first", lambda good: text_of(good).encode("utf-16-be")),
    unreadable("UTF-32", lambda good: text_of(good).encode("utf-32")),
    unreadable("a byte order mark", lambda good: text_of(good).encode("utf-8-sig")),
    invalid("half a pair", with_field(f'"{CANARY}\\ud800"')),
    invalid("the other half", with_field(f'"{CANARY}\\udc00"')),
    invalid("a pair the wrong way round", with_field(f'"{CANARY}\\udc00\\ud800"')),
    invalid("half a pair in a key", with_field(f'{{"{CANARY}\\ud800": 1}}')),
    invalid("NUL", with_field(f'"{CANARY}\\u0000"')),
    invalid("NUL in a key", with_field(f'{{"{CANARY}\\u0000": 1}}')),
]
MEDIA = [
    media("plain text", "text/plain"),
    media("XML by its name", "application/xml"),
    media("a form by its name", "application/x-www-form-urlencoded"),
    media("parts", "multipart/form-data; boundary=x"),
    media("no type", ""),
    media("JSON of another kind", "application/problem+json"),
    media("Latin-1 by its name", "application/json; charset=latin-1"),
    media("UTF-7 by its name", "application/json; charset=utf-7"),
    media("UTF-16 by its name", "application/json; charset=utf-16"),
    media("two charsets", "application/json; charset=utf-8; charset=utf-7"),
    media("two types", "application/json, text/plain"),
    encoded("gzip", "gzip", lambda good: gzip.compress(_plain(good))),
    encoded("a bomb", "gzip", lambda _good: gzip.compress(b" " * 10_000_000)),
    encoded("gzip by its name alone", "gzip", _plain),
    encoded("brotli", "br", _plain),
    encoded("a made-up encoding", "x-other", _plain),
    encoded("two encodings", "identity, gzip", _plain),
]
BAD_BODIES = [
    *EMPTY,
    *NOT_ONE_DOCUMENT,
    *NOT_AN_OBJECT,
    *KEYS,
    *NUMBERS,
    *DEEP,
    *MANY,
    *CHARACTERS,
    *MEDIA,
]
