"""What the one reader of JSON takes, and how it knows the same content again."""

import pytest

from shared.platform.json import load, read
from shared.problems import Invalid, Problem, Unreadable
from shared.schemas.shapes import Form
from shared.schemas.text import ShortText


class Note(Form):
    text: ShortText
    of: ShortText | None = None


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (b"", Unreadable),
        (b"  ", Unreadable),
        (b'{"text": "a"', Unreadable),
        (b'{"text": "a"} {}', Unreadable),
        (b'{"text": "a", "text": "a"}', Unreadable),
        (b'{"text": "a", "of": {"x": 1, "x": 2}}', Unreadable),
        (b'{"text": NaN}', Unreadable),
        (b'{"text": -Infinity}', Unreadable),
        (b'{"text": 1e999}', Unreadable),
        (b'{"text": "\xff"}', Unreadable),
        (b'\xef\xbb\xbf{"text": "a"}', Unreadable),
        ('{"text": "a"}'.encode("utf-16"), Unreadable),
        (b'{"text": ' + b"[" * 40 + b"]" * 40 + b"}", Unreadable),
        (b"[" * 100_000, Unreadable),
        (b'{"text": "\\u0000"}', Invalid),
        (b'{"text": "\\ud800"}', Invalid),
        (b'{"text": "a", "of": "\\uDFFF"}', Invalid),
        (b'{"text": "a", "\\ud800": "b"}', Invalid),
        (b'{"text": 1}', Invalid),
        (b'{"text": "a", "more": 1}', Invalid),
    ],
)
def test_what_could_be_understood_in_two_ways_or_cannot_be_kept_is_refused(
    body: bytes, refusal: type[Problem]
) -> None:
    with pytest.raises(refusal):
        read(Note, body)


@pytest.mark.parametrize("text", ["\\ud83d\\ude00", "\U0001f600", "\u017c", "\\u017c", "caf\u00e9", ""])
def test_text_that_can_be_kept_is_taken(text: str) -> None:
    assert read(Note, f'{{"text": "{text}"}}'.encode()).form.text == load(f'["{text}"]'.encode())[0]


def test_the_same_content_has_the_same_fingerprint_however_it_is_written() -> None:
    first = read(Note, b'{"text": "caf\xc3\xa9", "of": null}')
    again = read(Note, b' {"of":null,\n"text":"caf\\u00e9"} ')
    assert first.fingerprint == again.fingerprint
    assert first.fingerprint != read(Note, b'{"text": "cafe", "of": null}').fingerprint


def test_a_number_keeps_its_kind_in_a_fingerprint() -> None:
    class Any(Form):
        n: float | int

    assert read(Any, b'{"n": 1}').fingerprint != read(Any, b'{"n": 1.0}').fingerprint
