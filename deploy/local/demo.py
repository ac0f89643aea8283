"""`hub demo`: the demo journey, once more, against the hub that runs."""

from datetime import UTC, datetime
from pathlib import Path

from deploy.local.files import write_json
from deploy.local.running import get_demo_hub
from deploy.local.telling import Teller


def show_journey(data_dir: Path) -> None:
    """Follow a referral through the running hub, telling each step on stdout, and note that it was done.

    Raises:
        LaunchFault: no demo hub runs in `data_dir`.
    """
    hub = get_demo_hub(data_dir)
    from deploy.local import journey

    journey.run(hub.folder.root, hub.ports, say=Teller(as_json=False).say)
    write_json(hub.folder.journey, {"ran_at": datetime.now(UTC).isoformat()})
