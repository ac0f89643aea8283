"""In which order the files of a run are begun: the longest first, the others by chance."""

from pathlib import Path

import pytest

#: Wall seconds of the longest files when they run alone on two cores, roughly. One that is begun last keeps
#: its worker busy while the others have nothing left to do.
SECONDS = {
    "faults/test_nothing_is_lost.py": 200,
    "faults/test_outages.py": 70,
    "contract/test_description.py": 70,
    "permissions/test_table.py": 40,
    "journeys/test_demo_journey.py": 30,
    "permissions/test_audit_rows.py": 25,
    "browser/test_contact_pages.py": 20,
    "platform/test_reconciler.py": 20,
    "browser/test_pages.py": 20,
    "browser/test_known_pages.py": 20,
    "rules/test_policy_properties.py": 20,
    "rules/test_decisions_by_chance.py": 20,
    "inputs/test_any_json.py": 20,
    "inputs/test_fields.py": 20,
    "inputs/test_taken.py": 15,
    "inputs/test_bodies.py": 15,
    "intake/test_searching.py": 15,
    "intake/test_quality.py": 15,
}
_TESTS = Path(__file__).parent


def seconds_of(file: Path) -> int:
    """Return how long a file of tests is known to take; 0 for all that are done soon."""
    return SECONDS.get(file.relative_to(_TESTS).as_posix(), 0) if file.is_relative_to(_TESTS) else 0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin the longest files first; files and tests otherwise stay in the order that chance gave them."""
    items.sort(key=lambda item: seconds_of(item.path), reverse=True)
