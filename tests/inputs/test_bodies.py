"""A body that cannot be read is refused at every door in the same way, quickly and without being repeated."""

import io
import time
from collections.abc import Callable

import pytest

from tests.hub import Hub
from tests.inputs.bodies import BAD_BODIES, Bad
from tests.inputs.conftest import require_silence
from tests.inputs.doors import Door, open_doors
from tests.permissions.scenes import Scenes

#: Of the processor, so that a busy machine does not count; more would be a way to stop the hub.
_CPU_SECONDS = 3.0


@pytest.mark.parametrize("bad", BAD_BODIES, ids=str)
async def test_a_bad_body_is_refused_at_every_door(
    bad: Bad, doors: dict[str, Door], logs: io.StringIO, record_property: Callable[[str, object], None]
) -> None:
    for door in doors.values():
        if door.name == "check" and bad.name == "an empty object":
            # Nothing is needed of a draft yet.
            continue
        began = time.process_time()
        answer = await door.send(bad.make(door.good), bad.headers)
        assert (door.name, answer.status_code) == (door.name, bad.status), answer.text
        assert answer.json()["code"] == bad.code
        assert time.process_time() - began < _CPU_SECONDS
        require_silence(answer, logs)
    record_property("bad_inputs", len(doors))


async def test_a_good_body_is_taken_at_every_door(hub: Hub, scenes: Scenes) -> None:
    doors = await open_doors(hub, scenes)
    statuses = {name: (await door.send_json(door.good)).status_code for name, door in doors.items()}
    assert statuses == {
        "referral": 201,
        "version": 201,
        "withdrawal": 201,
        "check": 200,
        "telephone": 201,
        "withdrawal decision": 200,
        "quality check": 409,
        "opening": 200,
        "settlement": 200,
        "grade": 200,
        # The version is not the one that stands: all else about it was right.
        "decision": 412,
        "answer": 200,
        "question": 201,
        "webhook": 201,
        "acknowledgement": 200,
    }
