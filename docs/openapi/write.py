"""Write docs/openapi/*.json from the code: `python -m docs.openapi.write`. The diff is reviewed like code."""

import json
import tempfile
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from deploy.local.files import Folder
from deploy.local.keys import make_missing_keys
from services.access import app as access
from services.access.settings import Settings as AccessSettings
from services.intake import app as intake
from services.intake.settings import Settings as IntakeSettings
from services.notifications import app as notifications
from services.notifications.settings import Settings as NotificationsSettings
from services.triage import app as triage
from services.triage.settings import Settings as TriageSettings

HERE = Path(__file__).parent


def applications(*, demo: bool = False) -> dict[str, FastAPI]:
    """Return every service's application, put together but not started: nothing is connected to.

    Args:
        demo: whether the doors of the local demo are among them.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Folder(Path(place))
        folder.prepare()
        make_missing_keys(folder)
        own = _settings(folder)
        return {
            "access": access.create_app(
                AccessSettings(**own, signing_key_file=folder.signing_key, demo=demo), with_workers=False
            ),
            "intake": intake.create_app(
                IntakeSettings(**own, held_copy_key_file=folder.held_copy_key), with_workers=False
            ),
            "triage": triage.create_app(TriageSettings(**own, core_agencies={}), with_workers=False),
            "notifications": notifications.create_app(
                NotificationsSettings(**own, webhook_key_file=folder.webhook_key), with_workers=False
            ),
        }


def _settings(folder: Folder) -> dict[str, Any]:
    nowhere = "http://hub.invalid"
    urls = ("access_url", "intake_url", "triage_url", "console_url", "public_url", "nats_url")
    return {
        **dict.fromkeys(urls, nowhere),
        "port": 1,
        "database_url": "postgresql://nobody@hub.invalid/hub",
        "key_file": folder.key_of("intake"),
    }


def described() -> dict[str, str]:
    """Return the description of each service's API as its file holds it."""
    return {
        name: json.dumps(app.openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        for name, app in applications().items()
    }


def main() -> None:
    """Write every file anew."""
    for name, text in described().items():
        (HERE / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
