"""What a decision records beside itself: the fields of its form, and what triage is sent of them."""

from collections.abc import Sequence
from typing import Any, Final

from services.console.forms import Typed
from services.console.session import Person
from shared.problems import Problem
from shared.schemas.decision_records import FramePart

#: How many people the form asks about; whoever sends more uses the API.
PEOPLE: Final = range(1, 4)
_STATUS_WORDS: Final = ("placing_authority", "allocated_worker", "looked_up_in")
_STATUS_ANSWERS: Final = ("looked_after", "previous_plan", "private_fostering", "cpis_flag")
_TOLD: Final = ("what", "by", "language", "interpreter", "why_not")
_ANSWERS: Final = {"yes": True, "no": False}


async def frame_of(person: Person) -> Sequence[FramePart]:
    """Return the headings under which risk is analysed; none where they cannot be read just now."""
    try:
        return await person.backend.list_risk_frame()
    except Problem:
        return ()


def record_body(typed: Typed, frame: Sequence[FramePart]) -> dict[str, Any]:
    """Return what was typed as triage takes it; what was left out is left out."""
    body: dict[str, Any] = typed.said("child_voice", "identity", "proceed_now_reason")
    risks = [{"key": part.key, "text": typed[f"risk_{part.key}"]} for part in frame]
    return body | {
        name: value
        for name, value in (
            ("risk_analysis", [risk for risk in risks if risk["text"].strip()]),
            ("child_status", _status(typed)),
            ("consulted", list(filter(None, (_consulted(typed, number) for number in PEOPLE)))),
            ("family_told", list(filter(None, (_told(typed, number) for number in PEOPLE)))),
        )
        if value
    }


def risk_keys(typed: Typed) -> list[FramePart]:
    """Return the headings that were filled in, by what came back with the form."""
    keys = [name.removeprefix("risk_") for name in typed.fields if name.startswith("risk_")]
    return [FramePart(key=key, heading=key) for key in keys]


def _status(typed: Typed) -> dict[str, Any]:
    status: dict[str, Any] = typed.said("plan", *_STATUS_WORDS)
    answers = {name: _ANSWERS[typed[name]] for name in _STATUS_ANSWERS if typed[name] in _ANSWERS}
    return status | answers


def _consulted(typed: Typed, number: int) -> dict[str, Any]:
    return _numbered(typed, "consulted", number, ("who", "said"))


def _told(typed: Typed, number: int) -> dict[str, Any]:
    told = _numbered(typed, "told", number, ("who", *_TOLD))
    answer = _ANSWERS.get(typed[f"told_{number}_told"])
    return told | ({"told": answer} if answer is not None else {})


def _numbered(typed: Typed, what: str, number: int, names: Sequence[str]) -> dict[str, Any]:
    said = {name: typed[f"{what}_{number}_{name}"] for name in names}
    return {name: value for name, value in said.items() if value.strip()}
