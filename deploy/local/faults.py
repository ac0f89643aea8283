"""The faults a launch is expected to meet, in words that say what to do next."""


class LaunchFault(Exception):
    """A fault of the machine or the command line, not of the hub: shown as it stands, without a traceback."""


class PortTaken(LaunchFault):
    """Another program listens where this one has to."""

    def __init__(self, number: int, name: str, suggestion: str) -> None:
        super().__init__(
            f"Port {number} (for {name}) on 127.0.0.1 is taken by another program.\n{suggestion}"
        )


class PortNotAllowed(LaunchFault):
    """This account may not listen on that port."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__(
            f"This account may not listen on port {number} (for {name}).\n"
            "Choose ports above 1023 with --base-port, for example --base-port 8000."
        )


class NoHubRunning(LaunchFault):
    """A command needs a running hub, and none runs in that data folder."""

    def __init__(self, data_dir: object) -> None:
        super().__init__(
            f"No hub is running in {data_dir}.\n"
            "Start one with `hub up --demo`, or name its folder with --data."
        )


class HubAlreadyRunning(LaunchFault):
    """Two launchers were pointed at one data folder."""

    def __init__(self, data_dir: object, pid: str) -> None:
        holder = f" (process {pid})" if pid else ""
        super().__init__(
            f"A hub already runs in {data_dir}{holder}.\n"
            "Stop it first, or start this one elsewhere with --data."
        )


class NoDemoPeople(LaunchFault):
    """The running hub holds no demo agencies or people."""

    def __init__(self) -> None:
        super().__init__(
            "The hub that runs here was started without --demo, so it has no demo agencies or people.\n"
            "Stop it and start it with `hub up --demo`, best in a folder of its own (--data)."
        )
