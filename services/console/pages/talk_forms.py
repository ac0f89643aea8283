"""How the forms of a discussion are read: people, days and clock times, answers with their reasons."""

from collections.abc import Iterable
from typing import Any, Final

from services.console.forms import FormWords, Typed
from services.console.wording import talk
from shared.problems import FieldError, Invalid
from shared.schemas.discussions import MOST_ATTENDEES, Attendee, AttendeePart

#: As many as triage takes; a page shows a few rows more than are filled, and makes room when asked.
MOST_ROWS: Final = MOST_ATTENDEES
_SPARE_ROWS: Final = 3
_ELSEWHERE: Final = "other:"
_FAMILY: Final = "family"
_ROW_FIELDS: Final = ("id", "name", "role", "from", "organisation", "manager", "attendance", "reason")
#: What somebody writes in a row; the rest of it stands there from the beginning.
_WRITTEN: Final = ("name", "role", "organisation", "reason")
_COUNTS: Final = frozenset(str(rows) for rows in range(1, MOST_ROWS + 1))
SETTLED: Final = ("referrer", "joint_visit", "medical", "section_47")
_WHY: Final = "Say why"

WORDS: Final = FormWords(
    places={
        **{
            f"{field}/{row}/{part}": f"{name}_{row}"
            for field in ("invited", "attendees")
            for row in range(MOST_ROWS)
            for part, name in (
                ("name", "name"),
                ("role", "role"),
                ("agency_id", "from"),
                ("organisation", "organisation"),
                ("absent_reason", "reason"),
            )
        },
        **{f"attendees/{row}": f"from_{row}" for row in range(MOST_ROWS)},
        **{f"invited/{row}": f"from_{row}" for row in range(MOST_ROWS)},
        "planned_at": "planned_day",
        "held_at": "held_day",
        "reason": "off_reason",
        "child_ids": "children",
        "attendees": "name_0",
        **{name: f"{name}_answer" for name in SETTLED},
    },
    sentences={
        ("called_because", "missing"): "Say why it is called",
        ("called_because", "blank"): "Say why it is called",
        ("kind", "missing"): "Choose what kind of discussion it is",
        ("children", "too_few"): "Choose at least one child",
        ("children", "missing"): "Choose at least one child",
        ("held_day", "not_held_yet"): "That is still to come: record it once it was held",
        ("conclusion", "missing"): "Say what it came to",
        ("conclusion", "blank"): "Say what it came to",
        ("off_reason", "missing"): "Say why it will not be held",
        ("off_reason", "blank"): "Say why it will not be held",
        ("conference_on", "not_a_date"): "Enter the day as year, month and day",
        ("words", "missing"): "Say what is to be done",
        ("words", "blank"): "Say what is to be done",
        ("owner", "missing"): "Say who does it",
        ("owner", "too_short"): "Say who does it",
        ("due_on", "missing"): "Enter the day by which it is done",
        ("due_on", "not_a_date"): "Enter the day as year, month and day",
        **{(f"reason_{row}", "missing"): "Say why they were not there" for row in range(MOST_ROWS)},
    },
)


def row_fields(rows: int) -> frozenset[str]:
    """Return the names of the fields of so many people."""
    return frozenset(f"{name}_{row}" for name in _ROW_FIELDS for row in range(rows))


def wants_room(typed: Typed) -> bool:
    """Say whether somebody pressed "Add more people": then nothing is sent, and all that was typed stays."""
    return bool(typed["more"])


def rows_shown(typed: Typed, at_least: int = 0) -> int:
    """Return how many rows of people a page shows: those in use, and a few to fill in."""
    # The button to add more carries how many rows stood there, so that pressing it always makes room.
    stood = int(typed["more"]) if typed["more"] in _COUNTS else 0
    return min(max(rows_written(typed), stood, at_least - _SPARE_ROWS) + _SPARE_ROWS, MOST_ROWS)


def rows_written(typed: Typed) -> int:
    """Return how many rows of people there are to the last in which somebody wrote."""
    used = (row for row in range(MOST_ROWS) if any(typed[f"{name}_{row}"].strip() for name in _WRITTEN))
    return max(used, default=-1) + 1


def compact(typed: Typed) -> Typed:
    """Return the form with its people in the first rows, so that errors point at the row they mean."""
    filled = [row for row in range(MOST_ROWS) if typed[f"name_{row}"].strip()]
    people = row_fields(MOST_ROWS)
    fields = {name: value for name, value in typed.fields.items() if name not in people}
    for place, row in enumerate(filled):
        fields |= {f"{name}_{place}": typed[f"{name}_{row}"] for name in _ROW_FIELDS}
    return Typed(fields)


def people_body(typed: Typed, *, with_attendance: bool) -> list[dict[str, Any]]:
    """Return the people of a compacted form as triage takes them.

    Raises:
        Invalid: somebody is said to be from nowhere, or was not there for no reason.
    """
    rows = [row for row in range(MOST_ROWS) if typed[f"name_{row}"].strip()]
    errors = [error for row in rows for error in _row_errors(typed, row)]
    if errors:
        raise Invalid("Some of the people are not complete.", errors=tuple(errors))
    return [_person(typed, row, with_attendance=with_attendance) for row in rows]


def _row_errors(typed: Typed, row: int) -> Iterable[FieldError]:
    origin = typed[f"from_{row}"]
    if not origin:
        yield FieldError("missing", "Choose where they come from", pointer=f"#/attendees/{row}")
    if origin.startswith(_ELSEWHERE) and not typed[f"organisation_{row}"].strip():
        yield FieldError("missing", "Name the organisation", pointer=f"#/attendees/{row}/organisation")
    if typed[f"attendance_{row}"] == "absent" and not typed[f"reason_{row}"].strip():
        yield FieldError("missing", _WHY, pointer=f"#/attendees/{row}/absent_reason")


def _person(typed: Typed, row: int, *, with_attendance: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"name": typed[f"name_{row}"].strip()}
    if role := typed[f"role_{row}"].strip():
        said["role"] = role
    origin = typed[f"from_{row}"]
    if origin == _FAMILY:
        said["part"] = _FAMILY
    elif origin.startswith(_ELSEWHERE):
        said |= {"organisation": typed[f"organisation_{row}"].strip()}
        said["sector"] = origin.removeprefix(_ELSEWHERE)
    else:
        said["agency_id"] = origin
    if typed[f"manager_{row}"] and origin != _FAMILY:
        said["part"] = str(AttendeePart.HUB_MANAGER)
    if with_attendance:
        said["attendance"] = typed[f"attendance_{row}"] or "invited"
        if typed[f"id_{row}"]:
            said["attendee_id"] = typed[f"id_{row}"]
        if said["attendance"] == "absent":
            said["absent_reason"] = typed[f"reason_{row}"]
    return said


def people_fields(attendees: Iterable[Attendee]) -> dict[str, str]:
    """Return the fields of a form that starts with the people on a list."""
    fields: dict[str, str] = {}
    for row, one in enumerate(attendees):
        fields |= {
            f"id_{row}": str(one.attendee_id),
            f"name_{row}": one.name,
            f"role_{row}": one.role or "",
            f"from_{row}": _origin(one),
            f"organisation_{row}": one.organisation or "",
            f"manager_{row}": "yes" if one.part is AttendeePart.HUB_MANAGER else "",
            f"attendance_{row}": str(one.attendance),
            f"reason_{row}": one.absent_reason or "",
        }
    return fields


def _origin(one: Attendee) -> str:
    if one.part is AttendeePart.FAMILY:
        return _FAMILY
    return str(one.agency_id) if one.agency_id else f"{_ELSEWHERE}{one.sector or 'other'}"


def instant_body(typed: Typed, name: str) -> dict[str, str]:
    """Return a day and a clock time as triage takes them; nothing where both were left empty.

    Raises:
        Invalid: one of them is missing or says no time.
    """
    day, clock = typed[f"{name}_day"], typed[f"{name}_clock"]
    if not day.strip() and not clock.strip():
        return {}
    at = talk.instant_of(day, clock)
    if at is None:
        error = FieldError("not_a_time", "Enter the day and the time", pointer=f"#/{name}_at")
        raise Invalid("Enter the day and the time", errors=(error,))
    return {f"{name}_at": at.isoformat()}


def settled_body(typed: Typed) -> dict[str, Any]:
    """Return the answers of a form, each with its reason.

    Raises:
        Invalid: an answer that needs a reason has none.
    """
    said = {name: typed[f"{name}_answer"] for name in SETTLED if typed[f"{name}_answer"]}
    bare = [
        name
        for name, answer in said.items()
        if not typed[f"{name}_reason"].strip() and (name != "referrer" or answer == "no")
    ]
    if bare:
        errors = tuple(FieldError("missing", _WHY, pointer=f"#/{name}_reason") for name in bare)
        raise Invalid("Say why, whether the answer is yes or no.", errors=errors)
    return {
        name: {"answer": answer == "yes"}
        | ({"reason": typed[f"{name}_reason"]} if typed[f"{name}_reason"].strip() else {})
        for name, answer in said.items()
    }
