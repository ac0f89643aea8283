"""What a held copy says, as far as it can be read, in the fields of a contact by telephone."""

import json
from collections.abc import Mapping
from typing import Any, Final

from shared.schemas.held_copies import OpenedCopy

_LONGEST: Final = 20_000
_CUT: Final = "\n(The rest did not fit: read the held copy.)"
MOST_CHILDREN: Final = 20


def fields_of(copy: OpenedCopy) -> dict[str, str]:
    """Return the form's fields filled from a held copy.

    What cannot be read as a referral goes into the words as it came: a person reads it, nothing is lost.
    """
    sent = _referral_of(copy.content)
    words = _narratives(sent) or copy.content
    fields = {
        "words": words if len(words) <= _LONGEST else words[: _LONGEST - len(_CUT)] + _CUT,
        "danger": "yes" if copy.immediate_danger or sent.get("immediate_danger") is True else "",
        "agency_id": str(copy.agency_id) if copy.agency_id else "",
        "sender_reference": _text(sent, "sender_reference"),
        "held_copy_id": str(copy.held_copy_id),
    }
    return fields | _caller(_inside(sent, "referrer")) | _children(sent)


def _referral_of(content: str) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return _inside(found, "referral") or found


def _narratives(sent: Mapping[str, Any]) -> str:
    concerns = sent.get("concerns")
    found = concerns if isinstance(concerns, list) else []
    said = (_text(concern, "narrative") for concern in found if isinstance(concern, dict))
    return "\n\n".join(words for words in said if words)


def _caller(referrer: Mapping[str, Any]) -> dict[str, str]:
    return {
        "caller_name": _text(referrer, "name"),
        "caller_role": _text(referrer, "role"),
        "caller_number": _text(referrer, "telephone"),
        "source_code": _text(referrer, "source_code"),
    }


def _children(sent: Mapping[str, Any]) -> dict[str, str]:
    given = sent.get("children")
    children = [child for child in given if isinstance(child, dict)] if isinstance(given, list) else []
    fields: dict[str, str] = {}
    for row, child in enumerate(children[:MOST_CHILDREN]):
        fields |= {
            f"given_{row}": _text(child, "given_name"),
            f"family_{row}": _text(child, "family_name"),
            f"born_{row}": _text(child, "date_of_birth"),
        }
    addresses = (_address(_inside(child, "address")) for child in children)
    places = (_text(child, "whereabouts") for child in children)
    return fields | {
        "address": next((address for address in addresses if address), ""),
        "child_now_with": next((place for place in places if place), ""),
    }


def _address(address: Mapping[str, Any]) -> str:
    given = address.get("lines")
    lines = [line for line in given if isinstance(line, str)] if isinstance(given, list) else []
    return ", ".join(part for part in (*lines, _text(address, "town"), _text(address, "postcode")) if part)


def _inside(sent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = sent.get(name)
    return found if isinstance(found, dict) else {}


def _text(sent: Mapping[str, Any], name: str) -> str:
    found = sent.get(name)
    return found.strip() if isinstance(found, str) else ""
