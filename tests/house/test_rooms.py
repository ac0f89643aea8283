"""Rules of the house that no linter knows, each with the mistake it keeps out."""

import re

import pytest

from tests.house.source import ROOT, called_functions, called_methods, name_of, python_files

ENDS_A_TRANSACTION = {"commit", "rollback", "begin", "begin_nested"}
#: The migrator works outside the services, on a connection of its own.
MAY_END_ONE = {"shared/platform/database.py", "migrations/run.py"}
BANNED_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "base", "service"}


def test_only_the_database_module_ends_a_transaction() -> None:
    ended = [
        f"{name_of(file)}:{line} {name}"
        for file in python_files("services", "shared")
        if name_of(file) not in MAY_END_ONE
        for name, line in called_methods(file)
        if name in ENDS_A_TRANSACTION
    ]
    assert ended == []


def test_every_query_of_a_service_stands_in_its_store() -> None:
    asked = [
        f"{name_of(file)}:{line}"
        for file in python_files("services")
        if "store" not in name_of(file)
        for name, line in called_functions(file)
        if name == "select"
    ]
    assert asked == []


@pytest.mark.parametrize("room", ["services", "shared", "deploy", "migrations", "bench"])
def test_no_file_is_called_after_nothing(room: str) -> None:
    vague = [name_of(file) for file in python_files(room) if file.stem in BANNED_NAMES]
    assert vague == []


def test_no_file_is_longer_than_one_idea() -> None:
    long = [
        f"{name_of(file)}: {lines}"
        for file in python_files()
        if "migrations/versions" not in name_of(file)
        and (lines := len(file.read_text(encoding="utf-8").splitlines())) > 300
    ]
    assert long == []


def test_nothing_is_left_to_be_done_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    left = [
        name_of(file)
        for file in python_files()
        if file.name != "test_rooms.py" and marks.search(file.read_text(encoding="utf-8"))
    ]
    assert left == []


def test_every_decision_record_has_a_status() -> None:
    records = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    numbers = [int(record.name[:4]) for record in records]
    assert numbers == list(range(1, len(records) + 1))
    assert [record.name for record in records if "\nStatus: " not in record.read_text()] == []


def test_the_readmes_commands_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b", (ROOT / "README.md").read_text()))
    assert {"run", "test"} <= named <= targets
