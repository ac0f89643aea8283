"""A field that is wrong is refused with a pointer to it, at every place of every form."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.inputs.conftest import require_silence
from tests.inputs.doors import CANARY, DOORS, Door
from tests.inputs.places import Document, Place, objects, places, pointer, put, without

Note = Callable[[str, object], None]
Change = tuple[Document, str, str | None]

#: By what stands there when it is right, what may not stand there.
WRONG_TYPES: dict[type, list[Any]] = {
    str: [4417, 4417.5, True, {"x": CANARY}, [CANARY], []],
    bool: [CANARY, "true", "", 0, 1, {"x": CANARY}, [True]],
    int: [CANARY, "3", 3.5, True, {"x": CANARY}, [3], 10**400, -(10**400)],
    list: [CANARY, {"0": CANARY}, 1, True],
    dict: [CANARY, [], [CANARY], 1, True],
}
NOT_DATES = [
    *("2023-02-30", "2023-02-29", "2019-1-1", "02/04/2019", "2019-04-02T00:00:00Z", "0000-01-01"),
    *("10000-01-01", "2019-13-01", "20190402", "yesterday", "", "1554163200", CANARY),
]
NOT_INSTANTS = [
    *("1554163200", "1554163200.5", "20261120T224000Z", "2026-11-20T22:40:60Z", "2026-11-20T24:00:00Z"),
    *("2026-11-20T22:40:00", "2026-11-20", "2026-11-20T22:40:00+25:00", "0000-01-01T00:00:00Z", "now", ""),
    *("10000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", CANARY),
    *("2026-02-30T00:00:00Z", "2026-11-20T25:00:00Z", "2026-11-20T22:61:00Z", "2026-11-20T22:40:00 Europe"),
]
NOT_IDS = ["", "x", CANARY, "0198f0a0-0000-7000-8000", "0198f0a0-0000-7000-8000-00000000000g"]
NOT_LISTED = ["", "REFERRAL", "Other", "none", "0", CANARY]
CLOSED_LISTS = (
    *("kind", "status", "sex", "pathway", "rag", "handling"),
    *("not_sought_reason", "lawful_basis", "role_in_concern", "verdict", "state"),
)
#: Closed lists, dates, instants and ids, by the names they go by in any form.
BAD_WORDS: dict[str, list[str]] = {
    **dict.fromkeys(CLOSED_LISTS, NOT_LISTED),
    **dict.fromkeys(("date_of_birth", "expected_date_of_birth", "since_on"), NOT_DATES),
    **dict.fromkeys(("occurred_at", "due_at", "recorded_at", "seen_at"), NOT_INSTANTS),
    **dict.fromkeys(("asked_at", "told_at", "police_protection_began_at"), NOT_INSTANTS),
    **dict.fromkeys(("child_id", "agency_id", "supersedes", "check_receipt_id", "held_copy_id"), NOT_IDS),
    **dict.fromkeys(("answers_request_id",), NOT_IDS),
}
#: The kind of another name is anybody's own word.
OPEN_LISTS = ("other_names",)
#: What nobody sets from outside, wherever it is tried.
NOT_FOR_SENDERS = (
    *("is_admin", "agency_id", "client_id", "created_at", "received_at", "restricted", "version", "stage"),
    *("status", "grade", "level", "decided_by", "graded_by", "case_id", "referral_id", "reference", "secret"),
)
REQUIRED: dict[str, list[Place]] = {
    "referral": [("kind",), ("referrer",), ("children",), ("concerns",), ("concerns", 0, "narrative")],
    "version": [("reason",), ("referral",), ("referral", "kind"), ("referral", "concerns", 0, "narrative")],
    "withdrawal": [("reason",)],
    "check": [],
    "telephone": [("words",)],
    "withdrawal decision": [("agreed",), ("reason",)],
    "quality check": [("verdict",), ("version",), ("gaps", 0, "question")],
    "opening": [("reason",)],
    "settlement": [("state",), ("reason",)],
    "grade": [("status",)],
    "decision": [("level",), ("pathway",), ("rag",), ("rationale",)],
    "answer": [("status",)],
    "question": [("child_id",), ("agency_id",), ("reason",)],
    "webhook": [("url",), ("event_types",)],
    "acknowledgement": [("recorded_reference",), ("recorded_at",)],
}
#: Forms without a closed list, a date or an id.
WITHOUT_LISTS = ("webhook", "withdrawal", "withdrawal decision", "opening")
MUST_SAY_SOMETHING = ("rationale", "narrative", "reason", "words", "question")
#: Forms of codes and links, and the draft that may still be empty.
WITHOUT_WORDS = ("check", "answer", "webhook", "acknowledgement")
#: Why the sender grades as it does is asked for, never insisted on.
MAY_BE_BLANK = (("children", 0, "grade", "rationale"), ("referral", "children", 0, "grade", "rationale"))


async def require_refused(door: Door, changes: Iterator[Change], logs: io.StringIO, note: Note) -> None:
    """Send every change; hold each answer to a 422 with the right pointer."""
    wrong, sent = [], 0
    for document, at, code in changes:
        answer = await door.send_json(document)
        require_silence(answer, logs)
        sent += 1
        if answer.status_code != 422 or not _points_to(answer.json()["errors"], at, code):
            wrong.append((at, code, answer.status_code, answer.text[:300]))
    note("bad_inputs", sent)
    assert wrong == []
    assert sent


def _points_to(errors: list[dict[str, str]], at: str, code: str | None) -> bool:
    return any(
        (error["pointer"] + "/").startswith(at + "/") and code in (None, error["code"]) for error in errors
    )


@pytest.mark.parametrize("name", DOORS)
async def test_a_value_of_the_wrong_type_is_refused(
    name: str, doors: dict[str, Door], logs: io.StringIO, record_property: Note
) -> None:
    door = doors[name]
    changes = (
        (put(door.good, at, wrong), pointer(at), None)
        for at, value in places(door.good)
        for wrong in WRONG_TYPES.get(type(value), [])
    )
    await require_refused(door, changes, logs, record_property)


@pytest.mark.parametrize("name", DOORS)
async def test_an_unknown_field_is_refused_wherever_it_stands(
    name: str, doors: dict[str, Door], logs: io.StringIO, record_property: Note
) -> None:
    door = doors[name]
    changes = (
        (put(door.good, (*at, field), CANARY), pointer((*at, field)), "unknown_field")
        for at, inner in objects(door.good)
        for field in NOT_FOR_SENDERS
        if field not in inner
    )
    await require_refused(door, changes, logs, record_property)


@pytest.mark.parametrize("name", [name for name in DOORS if REQUIRED[name]])
async def test_what_is_required_is_asked_for(
    name: str, doors: dict[str, Door], logs: io.StringIO, record_property: Note
) -> None:
    door = doors[name]
    required = REQUIRED[name]
    changes: list[Change] = [(without(door.good, at), pointer(at), "missing") for at in required]
    changes += [(put(door.good, at, None), pointer(at), None) for at in required]
    await require_refused(door, iter(changes), logs, record_property)


@pytest.mark.parametrize("name", [name for name in DOORS if name not in WITHOUT_LISTS])
async def test_a_word_that_is_not_one_of_the_list_or_not_a_date_is_refused(
    name: str, doors: dict[str, Door], logs: io.StringIO, record_property: Note
) -> None:
    door = doors[name]
    changes = (
        (put(door.good, at, bad), pointer(at), None)
        for at, _ in places(door.good)
        if not set(OPEN_LISTS) & set(at)
        for bad in BAD_WORDS.get(str(at[-1]), [])
    )
    await require_refused(door, changes, logs, record_property)


@pytest.mark.parametrize("name", DOORS)
async def test_text_that_is_too_long_or_cannot_be_stored_is_refused(
    name: str, doors: dict[str, Door], logs: io.StringIO, record_property: Note
) -> None:
    door = doors[name]
    texts = [at for at, value in places(door.good) if isinstance(value, str)]
    bad = (CANARY * 2_000, f"{CANARY}\x00", f"{CANARY}\ud800", f"\udfff{CANARY}")
    changes = ((put(door.good, at, text), pointer(at), None) for at in texts for text in bad)
    await require_refused(door, changes, logs, record_property)


@pytest.mark.parametrize("name", [name for name in DOORS if name not in WITHOUT_WORDS])
async def test_spaces_are_not_a_reason(
    name: str, doors: dict[str, Door], logs: io.StringIO, record_property: Note
) -> None:
    door = doors[name]
    said = [at for at, _ in places(door.good) if at[-1] in MUST_SAY_SOMETHING and at not in MAY_BE_BLANK]
    changes = (
        (put(door.good, at, blank), pointer(at), "blank") for at in said for blank in ("", "  ", "\n\t\u00a0")
    )
    await require_refused(door, changes, logs, record_property)


@pytest.mark.parametrize(
    ("name", "changed", "at"),
    [
        ("grade", {"grade": 6}, "#/grade"),
        ("grade", {"grade": -1}, "#/grade"),
        ("grade", {"grade": 10**30}, "#/grade"),
        ("grade", {"grade": 3.0000001}, "#/grade"),
        ("grade", {"grade": None}, "#"),
        ("grade", {"status": "nothing_known"}, "#"),
        ("decision", {"level": 0}, "#/level"),
        ("decision", {"level": 5}, "#/level"),
        ("decision", {"rationale": ""}, "#/rationale"),
        ("webhook", {"event_types": []}, "#/event_types"),
        ("webhook", {"event_types": ["outcome.decided"] * 11}, "#/event_types"),
        ("webhook", {"event_types": [CANARY]}, "#/event_types/0"),
        ("referral", {"concerns": []}, "#/concerns"),
        ("referral", {"children": [{}] * 21}, "#/children"),
        ("referral", {"referrer": {"name": " ", "telephone": CANARY}}, "#/referrer/name"),
        ("referral", {"kind": None, "referrer": None, "children": []}, "#/children"),
    ],
)
async def test_what_is_outside_its_bounds_is_refused(
    name: str,
    changed: dict[str, Any],
    at: str,
    doors: dict[str, Door],
    logs: io.StringIO,
    record_property: Note,
) -> None:
    door = doors[name]
    await require_refused(door, iter([(door.changed(**changed), at, None)]), logs, record_property)
