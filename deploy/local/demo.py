"""`hub demo`: the demo journey, once more, against the hub that runs."""

from datetime import UTC, datetime
from pathlib import Path

from deploy.local.faults import LaunchFault
from deploy.local.files import write_json
from deploy.local.running import RunningHub, get_running
from deploy.local.telling import Teller


class NoDemoPeople(LaunchFault):
    """The running hub holds no demo agencies or people."""

    def __init__(self) -> None:
        super().__init__(
            "The hub that runs here was started without --demo, so it has no demo agencies or people.\n"
            "Stop it and start it with `hub up --demo`, best in a folder of its own (--data)."
        )


def get_demo_hub(data_dir: Path) -> RunningHub:
    """Return the hub that runs in `data_dir`.

    Raises:
        NoHubRunning: none runs there.
        NoDemoPeople: it is not a demo.
    """
    hub = get_running(data_dir)
    if not hub.demo:
        raise NoDemoPeople
    return hub


def show_journey(data_dir: Path) -> None:
    """Follow a referral through the running hub, telling each step on stdout, and note that it was done.

    Raises:
        LaunchFault: no demo hub runs in `data_dir`.
    """
    hub = get_demo_hub(data_dir)
    from deploy.local import journey

    journey.run(hub.folder.root, hub.ports, say=Teller(as_json=False).say)
    write_json(hub.folder.journey, {"ran_at": datetime.now(UTC).isoformat()})
