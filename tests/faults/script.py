"""The script: sends, grades, decides, reads along and takes calls, whatever dies meanwhile."""

import asyncio
import json
import random
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from deploy.local.cast import demo_cast
from tests.faults.asking import Asker, someone, system, world_of
from tests.faults.memory import GRADER, SENDERS, Memory, decision_for, is_graded
from tests.faults.partner import Partner
from tests.faults.stage import Stage
from tests.referrals import a_child, a_referral

_CONNECTIONS = 8
_DECIDERS = 4
_CONFIRMING = 3
_LOOK_AGAIN_SECONDS = 0.3
_READ_AGAIN_SECONDS = 1.0
_EXCHANGE_SECONDS = 8.0
#: One referral in so many is sent once more after it was acknowledged.
_SENT_AGAIN = 10


async def play(stage: Stage, memory: Memory, records: Path, *, seed: int, sending_seconds: float) -> None:
    """Run the script until it is cancelled; `memory` says when it has nothing left to do.

    The partners take calls even then: what they failed to answer is brought to them again.

    Args:
        records: the folder for the partners' own records.
        sending_seconds: over how long the referrals are spread.
    """
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(
            world_of(stage, seconds=_EXCHANGE_SECONDS, retries=memory.retries)
        )
        systems = {name: system(name, world) for name in SENDERS}
        partners = []
        for name, asker in systems.items():
            partner = Partner(asker, memory, records / f"{name}.jsonl", random.Random(f"{seed} {name}"))
            stack.push_async_callback(partner.close)
            await partner.subscribe()
            partners.append(partner)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        for partner in partners:
            for _ in range(_CONFIRMING):
                group.create_task(partner.confirm_all())
        for asker in systems.values():
            group.create_task(_read_along(asker, memory))
        parcels = _parcels(memory.referrals, random.Random(seed))
        post = _Post(systems, memory, parcels, every_seconds=sending_seconds / memory.referrals)
        for _ in range(_CONNECTIONS):
            group.create_task(post.send())
        group.create_task(_decide_all(someone("dana.reid", world), systems[GRADER], memory))
        await asyncio.Event().wait()


def _parcels(count: int, dice: random.Random) -> list[tuple[str, str, dict[str, Any]]]:
    """Return sender, Idempotency-Key and referral, each with one to three children."""
    found = []
    for number in range(count):
        names = [f"c{place + 1}" for place in range(dice.choices((1, 2, 3), (92, 5, 3))[0])]
        body = a_referral(sender_reference=f"F-{number}", children=[a_child(name) for name in names])
        body["concerns"][0]["children"] = names
        found.append((dice.choice(SENDERS), f"key-{number}", body))
    return found


class _Post:
    """Several hands that send one parcel after the other, each until it is acknowledged."""

    def __init__(
        self,
        systems: dict[str, Asker],
        memory: Memory,
        parcels: list[tuple[str, str, dict[str, Any]]],
        *,
        every_seconds: float,
    ) -> None:
        self._systems = systems
        self._memory = memory
        self._parcels = enumerate(parcels)
        self._every_seconds = every_seconds
        self._began = asyncio.get_running_loop().time()

    async def send(self) -> None:
        for number, (sender, key, body) in self._parcels:
            due = self._began + number * self._every_seconds
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            first = await self._send_once(sender, key, body)
            self._memory.note_acknowledged(sender, key, first)
            if number % _SENT_AGAIN == 0:
                assert await self._send_once(sender, key, body) == first

    async def _send_once(self, sender: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Idempotency-Key": key}
        answer = await self._systems[sender].insist(
            "POST", "intake", "/v1/referrals", said=body, headers=headers
        )
        assert answer.status == 201, answer.body
        said: dict[str, Any] = answer.json()
        return said


async def _decide_all(decider: Asker, grader: Asker, memory: Memory) -> None:
    """Take the top of the work list, decide it, and look again, until every child is decided."""
    at_once = asyncio.Semaphore(_DECIDERS)
    while not memory.all_decided:
        page = await decider.insist("GET", "triage", "/v1/cases?queue=to_decide&limit=20")
        assert page.status == 200, page.body
        lines = page.json()["items"]
        async with asyncio.TaskGroup() as group:
            for line in lines:
                group.create_task(_work_on(line, decider, grader, memory, at_once))
        if not lines:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def _work_on(
    line: dict[str, Any], decider: Asker, grader: Asker, memory: Memory, at_once: asyncio.Semaphore
) -> None:
    """Have the first child of a case graded, perhaps, and decide each child of it."""
    case_id, first = line["case_id"], line["children"][0]["child_id"]
    async with at_once:
        if is_graded(case_id) and first not in memory.graded:
            await _grade(case_id, first, grader)
            memory.graded.add(first)
        while not await _decide_what_is_left(case_id, decider, memory):
            pass


async def _grade(case_id: str, child_id: str, grader: Asker) -> None:
    agency = next(client.agency for client in demo_cast().clients if client.client_id == grader.name)
    path = f"/v1/cases/{case_id}/children/{child_id}/grades/{agency.agency_id}"
    grade = {"status": "graded", "grade": 2, "rationale": "Known to us; one earlier call."}
    answer = await grader.insist("PUT", "triage", path, said=grade)
    assert answer.status == 200, answer.body


async def _decide_what_is_left(case_id: str, decider: Asker, memory: Memory) -> bool:
    """Read the case and decide its undecided children; False when it must be read again.

    A decision whose answer was lost stands in the case when it is read again.
    """
    case = await decider.insist("GET", "triage", f"/v1/cases/{case_id}")
    version = case.headers["etag"]
    for child in case.json()["children"]:
        child_id = child["child_id"]
        if child["decisions"]:
            memory.decided[child_id] = child["decisions"][-1]["decision_id"]
            continue
        answer = await decider.once(
            "POST",
            "triage",
            f"/v1/cases/{case_id}/children/{child_id}/decisions",
            said=decision_for(child_id),
            headers={"If-Match": version},
        )
        if answer is None:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            return False
        if answer.status in (409, 412):
            memory.retries[str(answer.status)] += 1
            return False
        assert answer.status == 201, answer.body
        memory.decided[child_id] = answer.json()["decision_id"]
        version = answer.headers["etag"]
    return True


async def _read_along(reader: Asker, memory: Memory) -> None:
    """Read an agency's feed from cursor to cursor while it grows."""
    cursor = ""
    while not memory.all_told(reader.name):
        page = await reader.insist("GET", "notifications", f"/v1/outcomes?limit=20&after={cursor}")
        assert page.status == 200, page.body
        said = page.json()
        memory.fed[reader.name] += said["items"]
        cursor = said["next_cursor"] or ""
        if not said["has_more"]:
            await asyncio.sleep(_READ_AGAIN_SECONDS)


def read_records(records: Path, name: str) -> list[dict[str, Any]]:
    """Return what a partner wrote down of the calls it took."""
    return [json.loads(line) for line in (records / f"{name}.jsonl").read_text().splitlines()]
