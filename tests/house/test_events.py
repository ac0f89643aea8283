"""Every event is heard, and whoever hears it can be found by the reconciler."""

import re

from services.intake import events as intake
from services.notifications import events as notifications
from services.triage import events as triage
from shared.platform.subscriptions import Subscriptions
from shared.schemas.events import EVENT_TYPES, EXTERNAL, Event, type_name
from tests.house.source import ROOT

TABLES: dict[str, Subscriptions] = {
    "intake": intake.SUBSCRIPTIONS,
    "triage": triage.SUBSCRIPTIONS,
    "notifications": notifications.SUBSCRIPTIONS,
}


def test_every_event_type_is_listened_to_or_listed_as_external() -> None:
    heard: set[type[Event]] = {event_type for table in TABLES.values() for event_type in table}
    assert heard | set(EXTERNAL) == set(EVENT_TYPES)
    assert heard.isdisjoint(EXTERNAL)


def test_the_picture_of_the_house_says_who_hears_what() -> None:
    told: dict[str, set[str]] = {}
    for line in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines():
        if re.match(r"\| `\w+\.\w+\.v\d+`", line):
            events, hearers = line.split("|")[1:3]
            for event in re.findall(r"`([^`]+)`", events):
                told[event] = {name for name in TABLES if name in hearers}

    heard: dict[str, set[str]] = {type_name(event_type): set() for event_type in EVENT_TYPES}
    for service, table in TABLES.items():
        for event_type in table:
            heard[type_name(event_type)].add(service)
    assert told == heard


def test_what_a_release_begins_to_do_it_does_for_whatever_came_before_it() -> None:
    for table in TABLES.values():
        assert all(handler.from_the_start for handlers in table.values() for handler in handlers)


def test_handlers_of_a_service_have_names_of_their_own() -> None:
    for table in TABLES.values():
        names = [handler.name for handlers in table.values() for handler in handlers]
        assert len(names) == len(set(names))


def test_events_carry_ids_versions_and_codes_alone() -> None:
    # A kind is one of a closed list of codes.
    allowed = {"type", "occurred_at", "version", "kind"}
    for event_type in EVENT_TYPES:
        fields = set(event_type.model_fields) - allowed
        assert all(name.endswith(("_id", "_ids", "_version")) for name in fields), event_type
