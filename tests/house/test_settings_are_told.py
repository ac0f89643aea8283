"""Whoever runs the hub is told of every setting: one that no guide names is one that nobody can make."""

import re

from pydantic_settings import BaseSettings

from services.access.settings import Settings as Access
from services.console.settings import Settings as Console
from services.intake.settings import Settings as Intake
from services.notifications.settings import Settings as Notifications
from services.triage.settings import Settings as Triage
from shared.platform.reconciler import ReconcilerSettings as Reconciler
from tests.house.source import ROOT

GUIDE = (ROOT / "docs/guides/operating.md").read_text(encoding="utf-8")
SERVICES: list[type[BaseSettings]] = [Access, Console, Intake, Notifications, Reconciler, Triage]


def told() -> set[str]:
    """Return every variable that the guide's table names; a later one of a row leaves out what it shares."""
    names = set()
    for line in GUIDE.splitlines():
        prefix = re.match(r"\| `(HUB_(?:<SERVICE>|[A-Z]+))_", line)
        for name in re.findall(r"`([A-Z_<>]+)`", line.split("|")[1]) if prefix else ():
            names.add(f"{prefix[1]}{name}" if prefix and name.startswith("_") else name)
    return names


def test_every_setting_of_a_service_stands_in_the_guide_for_engineers_and_none_is_made_up() -> None:
    # A password goes into an address; it is no setting of a model.
    named = told() - {"HUB_<SERVICE>_PASSWORD_FILE"}
    there = {
        f"{settings.model_config.get('env_prefix')}{field.upper()}"
        for settings in SERVICES
        for field in settings.model_fields
    }
    ours = {name: re.sub("^HUB_[A-Z]+", "HUB_<SERVICE>", name) for name in there}
    assert [name for name in sorted(there) if name not in named and ours[name] not in named] == []
    assert named - there - set(ours.values()) == set()
