"""The one reader of JSON that comes from outside: strict about the bytes, then about the shape."""

import hashlib
import json
import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.problems import FieldError, Invalid, Unreadable

MAX_DEPTH = 32
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
#: NUL and half a surrogate pair can stand in JSON as escapes alone; few bodies have any, so few are searched.
_UNSTORABLE = re.compile(rb"\\u(0000|d[89a-f])", re.IGNORECASE)

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Sent(Generic[Model]):
    """What was sent: as the form it was read into, and as the very document."""

    form: Model
    document: Any

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content; the order of keys and white space do not count."""
        return hashlib.sha256(dump(self.document)).hexdigest()


def dump(document: Any) -> bytes:
    """Return `document` as JSON in its one canonical form: keys sorted, no white space, UTF-8."""
    return _CANONICAL.encode(document).encode()


def read(model: type[Model], body: bytes) -> Sent[Model]:
    """Read `body` as one JSON document of the shape of `model`.

    Raises:
        Unreadable: not UTF-8, not one JSON document, a key given twice, NaN or Infinity, or too deep.
        Invalid: read, but a field is missing, unknown, of the wrong type or holds what cannot be stored.
    """
    document = load(body)
    try:
        form = model.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error) from None
    return Sent(form, document)


def load(body: bytes) -> Any:
    """Return the document in `body`, refused if any part of it could be understood in two ways."""
    if not body.strip():
        raise Unreadable("The body is empty.")
    try:
        document = _STRICT.decode(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unreadable("The body is not UTF-8.") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise Unreadable("The body is not one JSON document.") from None
    _require_shallow(document)
    if _UNSTORABLE.search(body):
        _require_storable(document)
    return document


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("A key is given twice in one object: the hub would have to pick one.")
    return found


def _no_constant(_name: str) -> NoReturn:
    raise Unreadable("NaN and Infinity are not JSON.")


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise Unreadable("A number is too large.")
    return number


# Made once: `json.loads` and `json.dumps` make theirs anew at every call that says how to read and write.
_STRICT = json.JSONDecoder(object_pairs_hook=_each_key_once, parse_constant=_no_constant, parse_float=_finite)
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _require_shallow(document: Any) -> None:
    waiting = [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_deep()
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        # A list may hold a million numbers: only what can hold more is looked into.
        waiting += [(item, depth + 1) for item in inner if isinstance(item, (dict, list))]


def _too_deep() -> Unreadable:
    return Unreadable(f"The body is nested deeper than {MAX_DEPTH} levels.")


def _require_storable(document: Any) -> None:
    """Refuse text that a database cannot hold, wherever in the document it stands."""
    errors: list[FieldError] = []
    waiting: list[tuple[Any, str]] = [(document, "#")]
    while waiting:
        value, pointer = waiting.pop()
        if isinstance(value, dict):
            errors += [error for key in value if (error := _text_error(key, pointer))]
            waiting += [(item, f"{pointer}/{_escaped(key)}") for key, item in value.items()]
        elif isinstance(value, list):
            waiting += [(item, f"{pointer}/{place}") for place, item in enumerate(value)]
        elif isinstance(value, str):
            errors += [error] if (error := _text_error(value, pointer)) else []
    if errors:
        raise Invalid("Some text cannot be stored.", errors=tuple(errors[:100]))


def _text_error(value: str, pointer: str) -> FieldError | None:
    if "\x00" in value:
        return FieldError("nul_character", "Text must not contain the NUL character.", pointer=pointer)
    if not value.isascii() and _HALF_A_PAIR.search(value):
        return FieldError(
            "lone_surrogate", "Text must not contain half of a surrogate pair.", pointer=pointer
        )
    return None


def _escaped(key: str) -> str:
    # A key of the sender's own making may hold anything; a pointer repeats only what looks like a field name.
    return key if key.isascii() and key.isidentifier() and len(key) <= 60 else "?"


_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "too_long": "too_many",
    "too_short": "too_few",
    "string_too_short": "too_short",
    "enum": "not_in_list",
    "literal_error": "not_in_list",
    "uuid_parsing": "not_an_id",
    "uuid_type": "not_an_id",
    "date_parsing": "not_a_date",
    "date_from_datetime_parsing": "not_a_date",
    "datetime_parsing": "not_an_instant",
    "datetime_from_date_parsing": "not_an_instant",
    "timezone_aware": "no_offset",
}
_SENTENCES = {
    "missing": "This is required.",
    "unknown_field": "The hub does not know this field.",
    "not_an_id": "This is not an id of the hub.",
    "not_a_date": "A date is written YYYY-MM-DD, and must be one of the calendar.",
    "not_an_instant": "A time is written YYYY-MM-DDTHH:MM:SS, with Z or an offset.",
    "no_offset": "A time needs Z or an offset: the hub does not guess the zone.",
}


def invalid(error: ValidationError) -> Invalid:
    """Return the refusal for what Pydantic found, with pointers and codes and never the value."""
    found = error.errors(include_url=False, include_input=False)
    told = [each for detail in found if not _only_echoes(detail, found) for each in _field_errors(detail)]
    return Invalid("Some fields are not acceptable; see errors.", errors=tuple(told[:100]))


def _field_errors(found: ErrorDetails) -> list[FieldError]:
    if found["type"] != "not_enough":
        return [_field_error(found)]
    # A form that says too little names each thing it lacks, by its pointer from where the form stands.
    at = "/".join(("#", *(str(step) for step in found["loc"])))
    missing: dict[str, str] = found["ctx"]["missing"]
    return [FieldError("missing", words, pointer=at + pointer[1:]) for pointer, words in missing.items()]


def _only_echoes(detail: ErrorDetails, found: list[ErrorDetails]) -> bool:
    # Pydantic counts the items of a tuple after those that failed have been left out.
    if detail["type"] != "too_short":
        return False
    depth = len(detail["loc"])
    return any(len(other["loc"]) > depth and other["loc"][:depth] == detail["loc"] for other in found)


def _field_error(found: ErrorDetails) -> FieldError:
    code = _CODES.get(found["type"], found["type"])
    steps = (str(step) if isinstance(step, int) else _escaped(step) for step in found["loc"])
    return FieldError(code, _SENTENCES.get(code, found["msg"]), pointer="/".join(("#", *steps)))
