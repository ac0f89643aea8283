"""The guide for whoever writes the adapter says what the hub asks and takes, and its example runs."""

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from services.triage.actions.showing.asking_council import CouncilSystem, read_adapter
from shared.platform.json import load, read
from shared.schemas.council_system import (
    MOST_EVENTS,
    CouncilAnswer,
    CouncilEvent,
    CouncilEventKind,
    CouncilStatus,
    CouncilWorker,
    SoughtChild,
)
from shared.schemas.ids import new_id
from shared.schemas.sought import SoughtName

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "council-system.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def example() -> Iterator[tuple[dict[str, Any], str]]:
    (code,) = blocks("python")
    names: dict[str, Any] = {"__name__": "adapter"}
    exec(code, names)
    server = ThreadingHTTPServer(("127.0.0.1", 0), names["Adapter"])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield names, f"http://127.0.0.1:{server.server_address[1]}/hub/children"
    server.shutdown()
    thread.join()
    server.server_close()


def sought(*numbers: str) -> SoughtChild:
    return SoughtChild(
        request_id=new_id(),
        as_at=datetime(2026, 11, 22, 10, 12, tzinfo=UTC),
        names=[SoughtName(given_name="Maisie")],
        nhs_numbers=list(numbers),
    )


def test_the_question_and_the_answer_in_the_guide_are_those_of_the_hub() -> None:
    question, answer = (text.encode() for text in blocks("json"))
    asked = SoughtChild.model_validate_json(question)
    assert load(question).keys() == SoughtChild.model_fields.keys()
    assert load(asked.model_dump_json().encode()) == load(question)
    said = read(CouncilAnswer, answer).form
    assert said.found
    assert load(answer)["events"][0].keys() == CouncilEvent.model_fields.keys()


def test_every_field_and_kind_and_limit_of_an_answer_is_told() -> None:
    told = set(re.findall(r"`([a-z_]+)`", GUIDE))
    models = (CouncilAnswer, CouncilEvent, CouncilStatus, CouncilWorker)
    assert {field for model in models for field in model.model_fields} <= told
    assert set(CouncilEventKind) <= told
    assert f"at most {MOST_EVENTS}" in GUIDE
    assert "512 KiB" in GUIDE


async def test_the_guides_adapter_answers_the_hub(
    example: tuple[dict[str, Any], str], tmp_path: Path
) -> None:
    names, url = example
    secret = tmp_path / "council.secret"
    secret.write_text(names["SECRET"])
    council = CouncilSystem(read_adapter(url, secret, None, timedelta(seconds=3)))
    known, unknown = await council.search(sought("9991234500")), await council.search(sought())
    assert known.view.status
    assert (known.view.found, known.view.status.child_protection_plan, len(known.lines)) == (True, True, 1)
    assert (unknown.view.searched, unknown.view.found, len(unknown.lines)) == (True, False, 0)


async def test_the_guides_adapter_knows_a_wrong_secret(
    example: tuple[dict[str, Any], str], tmp_path: Path
) -> None:
    secret = tmp_path / "council.secret"
    secret.write_text("another-secret-of-32-characters-or-more")
    council = CouncilSystem(read_adapter(example[1], secret, None, timedelta(seconds=3)))
    refused = (await council.search(sought())).view
    assert (refused.searched, refused.why_not) == (
        False,
        "It does not accept the hub's secret: look there yourself.",
    )
