"""A demo hub started as a newcomer starts it, looked at through its APIs, and stopped."""

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.local.ports import OFFSETS, is_free
from deploy.local.processes import list_children, wait_gone
from shared.schemas.ids import new_id

_READY_SECONDS = 90.0
_WELCOME = "Stop with Ctrl-C"


@dataclass
class Seen:
    """What the hub showed between one start and its stop."""

    line: dict[str, Any]
    rest_of_stdout: str
    told: str
    referrals: dict[str, list[dict[str, Any]]]
    outcomes: dict[str, list[dict[str, Any]]]
    records: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    notices: list[dict[str, Any]]
    held_copies: list[dict[str, Any]]
    receipts: list[dict[str, Any]]
    status: int
    left_running: list[int]
    free_again: bool


@dataclass
class TwoStarts:
    """A demo hub started, stopped, and started again on the same data."""

    first: Seen
    second: Seen


def run_once(data_dir: Path, base: int) -> Seen:
    """Start a demo hub, look at what it shows, and stop it."""
    errors = data_dir.parent / f"told-{time.monotonic_ns()}"
    with _started(data_dir, base, errors) as hub:
        line = json.loads(_read_line(hub))
        _wait(lambda: _WELCOME in errors.read_text(), "the welcome")
        with httpx.Client(timeout=10, trust_env=False) as http:
            seen = _look(http, line, data_dir)
        processes = _all_below(hub.pid)
        hub.send_signal(signal.SIGTERM)
        rest, _ = hub.communicate(timeout=30)
        wait_gone(processes, seconds=5)
    return Seen(
        line=line,
        rest_of_stdout=rest.decode(),
        told=errors.read_text(),
        status=hub.returncode,
        left_running=[pid for pid in processes if Path(f"/proc/{pid}").exists()],
        free_again=all(is_free(base + offset) for offset in OFFSETS.values()),
        **seen,
    )


@contextmanager
def _started(data_dir: Path, base: int, errors: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "deploy.local.command", "up", "--demo", "--json"]
    foreign = ("DATABASE_URL", "NATS_URL")
    told = {key: value for key, value in os.environ.items() if key not in foreign}
    with errors.open("wb") as stderr:
        hub = subprocess.Popen(
            [*command, "--data", str(data_dir), "--base-port", str(base)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=told,
            start_new_session=True,
        )
        try:
            yield hub
        finally:
            if hub.poll() is None:
                hub.terminate()
                hub.communicate(timeout=30)


def _read_line(hub: "subprocess.Popen[bytes]") -> bytes:
    assert hub.stdout is not None
    ready, _, _ = select.select([hub.stdout], [], [], _READY_SECONDS)
    assert ready, "the hub was not ready in time"
    return hub.stdout.readline()


def _look(http: httpx.Client, line: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    """Return what the APIs show to each client and to a decision-maker."""
    services = line["services"]
    referrals, outcomes = {}, {}
    for client in line["clients"]:
        allowed = _allowed(_client_token(http, services["access"], client))
        client_id = client["client_id"]
        referrals[client_id] = _items(http, f"{services['intake']}/v1/referrals", allowed)
        outcomes[client_id] = _items(http, f"{services['notifications']}/v1/outcomes", allowed)
    decider = _allowed(_staff_token(data_dir, "dana.reid"))
    lines = _items(http, f"{services['triage']}/v1/cases?queue=decided", decider)
    cases = [_get(http, f"{services['triage']}/v1/cases/{each['case_id']}", decider) for each in lines]
    port = int(services["console"].rpartition(":")[2]) + OFFSETS["receiver"]
    receiver = f"http://127.0.0.1:{port}"
    manager = _allowed(_staff_token(data_dir, "priya.nair"))
    return {
        "referrals": referrals,
        "outcomes": outcomes,
        "records": _items(http, f"{receiver}/records", {}),
        "notices": _items(http, f"{receiver}/notices", {}),
        "cases": cases,
        "held_copies": _items(http, f"{services['intake']}/v1/held-copies?state=taken_up", decider),
        "receipts": _items(http, f"{services['intake']}/v1/check-receipts", manager),
    }


def _get(http: httpx.Client, url: str, allowed: dict[str, str]) -> Any:
    return http.get(url, headers=allowed).raise_for_status().json()


def _items(http: httpx.Client, url: str, allowed: dict[str, str]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = _get(http, url, allowed)["items"]
    return items


def _allowed(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _client_token(http: httpx.Client, access_url: str, client: dict[str, str]) -> str:
    """Get a token as a partner's developer would, from what the line of JSON says alone."""
    url = f"{access_url}/oauth2/token"
    form = {"grant_type": "client_credentials"}
    if client["auth"] == "client_secret_basic":
        secret = Path(client["secret_file"]).read_text().strip()
        answer = http.post(url, data=form, auth=(client["client_id"], secret))
    else:
        key = ECKey.import_key(json.loads(Path(client["key_file"]).read_text()))
        name, now = client["client_id"], int(time.time())
        claims = {"iss": name, "sub": name, "aud": url, "iat": now, "exp": now + 60, "jti": str(new_id())}
        form |= {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key),
        }
        answer = http.post(url, data=form)
    token: str = answer.raise_for_status().json()["access_token"]
    return token


def _staff_token(data_dir: Path, username: str) -> str:
    command = [sys.executable, "-m", "deploy.local.command", "staff-token", username, "--data", str(data_dir)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _all_below(pid: int) -> list[int]:
    children = list_children(pid)
    return [pid, *children, *(below for child in children for below in _all_below(child)[1:])]


def _wait(done: Any, what: str) -> None:
    give_up_at = time.monotonic() + _READY_SECONDS
    while not done():
        assert time.monotonic() < give_up_at, f"waited in vain for {what}"
        time.sleep(0.2)


def free_base() -> int:
    """Return a base port whose ports are all free."""
    while True:
        base = random.randrange(20_000, 30_000, 20)
        if all(is_free(base + offset) for offset in OFFSETS.values()):
            return base
