"""The doors, and an ear at what the services log."""

import contextlib
import io
from collections.abc import Iterator

import httpx
import pytest

from shared.platform import log
from tests.hub import Hub
from tests.inputs.doors import CANARY, Door, open_doors
from tests.permissions.scenes import Scenes


@pytest.fixture(scope="session")
def scenes(hub: Hub) -> Scenes:
    return Scenes(hub)


@pytest.fixture(scope="session")
async def doors(hub: Hub, scenes: Scenes) -> dict[str, Door]:
    return await open_doors(hub, scenes)


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """What the services print while a test runs."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        log.configure("tests")
    yield said
    log.configure("tests")


def require_silence(answer: httpx.Response, logs: io.StringIO, *, canary: str = CANARY) -> None:
    """Hold an answer to the hub's promise: a refusal in one shape, and nothing of what was sent in it."""
    assert answer.status_code < 500, answer.text
    assert canary not in answer.text
    assert canary not in str(answer.headers)
    assert canary not in logs.getvalue()
    if answer.status_code >= 400:
        said = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert said["type"] == f"urn:safeguarding-hub:problem:{said['code']}"
        assert said["request_id"] == answer.headers["x-request-id"]
