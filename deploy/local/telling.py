"""What a launch tells the person or the program that started it."""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from deploy.local.environment import SERVICES
from deploy.local.files import Folder
from deploy.local.ports import Ports


class Teller:
    """Says lines to a person, and with `as_json` one line of JSON to a program.

    With `as_json`, stdout carries that one line and nothing else: everything said, whoever says it and
    in whichever process, goes to stderr instead.
    """

    def __init__(self, *, as_json: bool) -> None:
        self._answer: int | None = None
        if as_json:
            self._answer = os.dup(1)
            os.dup2(2, 1)

    def say(self, line: str) -> None:
        """Print one line at once; a reader that has gone away stops nothing."""
        with suppress(OSError):
            print(line, flush=True)

    @contextmanager
    def step(self, done: str) -> Iterator[None]:
        """Say `done` and how long it took once the block has ended well."""
        began_at = time.monotonic()
        yield
        self.say(f"{done:<56}{time.monotonic() - began_at:6.1f} s")

    def answer(self, content: Mapping[str, Any]) -> None:
        """Write the one line of JSON and close stdout behind it; does nothing without `as_json`."""
        if self._answer is None:
            return
        line = json.dumps(content, ensure_ascii=False) + "\n"
        with suppress(OSError), os.fdopen(self._answer, "w") as stdout:
            stdout.write(line)
        self._answer = None


def addresses(ports: Ports) -> dict[str, str]:
    """Return the address of each service by its name."""
    return {service: ports.url(service) for service in SERVICES}


def answer_of(folder: Folder, ports: Ports, directory: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `hub up --json` answers: where the services are, who may come in, where the data lies."""
    return {
        "services": addresses(ports),
        "clients": directory["clients"],
        "staff": directory["staff"],
        "data_dir": str(folder.root),
    }


def welcome(folder: Folder, ports: Ports, directory: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines a person reads when everything stands."""
    yield ""
    for service, url in addresses(ports).items():
        yield f"  {service:<15}{url}"
    if directory["clients"]:
        yield from ("", "  Client systems (hub demo shows them at work)")
        for client in directory["clients"]:
            yield f"  {client['client_id']:<28}{client['name']}, {client['auth']}"
    if directory["staff"]:
        yield from ("", "  Staff (sign in at the console, or `hub staff-token USERNAME`)")
        yield f"  {'Password of each':<28}{directory['password']}"
        for person in directory["staff"]:
            yield f"  {person['username']:<28}{person['name']}, {', '.join(person['roles'])}"
    yield from ("", f"  Data, keys and logs: {folder.root}", "  Stop with Ctrl-C. What was stored stays.")
