"""The script: sends, corrects, grades, decides, reads along and takes calls, whatever dies meanwhile."""

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from deploy.local.cast import demo_cast
from tests.faults.asking import Asker, someone, system, world_of
from tests.faults.following import Following
from tests.faults.joining import join_all
from tests.faults.matching import answer_all, look_at_all
from tests.faults.memory import GRADER, Memory, decision_for, is_graded
from tests.faults.partner import Partner
from tests.faults.plan import SENDERS, Parcel
from tests.faults.stage import Stage
from tests.faults.wire import Answer

_CONNECTIONS = 8
_DECIDERS = 4
_CONFIRMING = 3
_LOOK_AGAIN_SECONDS = 0.3
_READ_AGAIN_SECONDS = 1.0
_EXCHANGE_SECONDS = 8.0
#: Who asks each sender for more: its agency's own representative, or the hub's manager where it has none.
_ASKED_BY = {"northshire-police": "omar.khan", "example-primary": "priya.nair"}


async def play(
    stage: Stage,
    memory: Memory,
    parcels: Sequence[Parcel],
    records: Path,
    *,
    seed: int,
    sending_seconds: float,
) -> None:
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
            _read_along(group, asker, memory)
        askers = {name: someone(username, world) for name, username in _ASKED_BY.items()}
        following = Following(systems, askers, memory)
        knowing = someone("priya.nair", world)
        group.create_task(answer_all(knowing, memory))
        group.create_task(look_at_all(knowing, memory))
        group.create_task(join_all(knowing, memory))
        post = _Post(systems, memory, parcels, every_seconds=sending_seconds / len(parcels))
        for _ in range(_CONNECTIONS):
            group.create_task(post.send(lambda *sent: group.create_task(following.follow(*sent))))
        group.create_task(_decide_all(someone("dana.reid", world), systems[GRADER], memory))
        await asyncio.Event().wait()


class _Post:
    """Several hands that send one parcel after the other, each until it is acknowledged."""

    def __init__(
        self,
        systems: dict[str, Asker],
        memory: Memory,
        parcels: Sequence[Parcel],
        *,
        every_seconds: float,
    ) -> None:
        self._systems = systems
        self._memory = memory
        self._parcels = iter(parcels)
        self._every_seconds = every_seconds
        self._began = asyncio.get_running_loop().time()

    async def send(self, then: Callable[[Parcel, dict[str, Any]], object]) -> None:
        """Send; `then` is told what was sent and how it was first answered."""
        for parcel in self._parcels:
            due = self._began + parcel.number * self._every_seconds
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            if parcel.refusals:
                await self._be_refused(parcel)
            first = await self._send_once(parcel)
            self._memory.note_acknowledged(parcel.sender, parcel.key, first)
            if parcel.is_looked_at:
                self._memory.to_look_at.append(first["reference"])
            then(parcel, first)
            if parcel.is_sent_again:
                assert await self._send_once(parcel) == first

    async def _be_refused(self, parcel: Parcel) -> None:
        """Send what the hub refuses, under the same key, until it has said so often enough."""
        noted = self._memory.refused[parcel.body["sender_reference"]]
        content = {"said": parcel.refused_body, "headers": {"Idempotency-Key": parcel.key}}
        while noted.answered < parcel.refusals:
            noted.sent += 1
            answer = await self._systems[parcel.sender].once("POST", "intake", "/v1/referrals", **content)
            if answer is None:
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
                continue
            assert answer.status == 422, answer.body
            noted.answered += 1

    async def _send_once(self, parcel: Parcel) -> dict[str, Any]:
        headers = {"Idempotency-Key": parcel.key}
        answer = await self._systems[parcel.sender].insist(
            "POST", "intake", "/v1/referrals", said=parcel.body, headers=headers
        )
        assert answer.status == 201, answer.body
        said: dict[str, Any] = answer.json()
        return said


async def _decide_all(decider: Asker, grader: Asker, memory: Memory) -> None:
    """Take the top of the work list, decide it, and look again, until every child is decided."""
    at_once = asyncio.Semaphore(_DECIDERS)
    while not memory.all_decided:
        all_joined = memory.all_joined
        page = await decider.insist("GET", "triage", "/v1/cases?queue=to_decide&limit=20")
        assert page.status == 200, page.body
        lines = page.json()["items"]
        async with asyncio.TaskGroup() as group:
            for line in lines:
                group.create_task(_work_on(line, decider, grader, memory, at_once))
        if not lines:
            if all_joined:
                await _read_again(decider, memory)
            memory.is_settled = all_joined
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


async def _read_again(decider: Asker, memory: Memory) -> None:
    """Read what was decided for children beside whom it was decided: one decision is written for each."""
    for case_id in sorted(memory.joint_cases):
        case = (await decider.insist("GET", "triage", f"/v1/cases/{case_id}")).json()
        for child in case["children"]:
            made = [decision["decision_id"] for decision in child["decisions"]]
            noted = memory.decided.get(child["child_id"], [])
            assert [each for each in made if each in noted] == noted, "a decision that was seen is gone"
            memory.decided[child["child_id"]] = made


async def _grade(case_id: str, child_id: str, grader: Asker) -> None:
    agency = next(client.agency for client in demo_cast().clients if client.client_id == grader.name)
    path = f"/v1/cases/{case_id}/children/{child_id}/grades/{agency.agency_id}"
    grade = {"status": "graded", "grade": 2, "rationale": "Known to us; one earlier call."}
    answer = await grader.insist("PUT", "triage", path, said=grade)
    assert answer.status == 200, answer.body


async def _decide_what_is_left(case_id: str, decider: Asker, memory: Memory) -> bool:
    """Read the case and decide for each child that waits; False when it must be read again.

    A decision whose answer was lost stands in the case when it is read again. One that a correction has
    brought back to the list is replaced.
    """
    answer = await decider.insist("GET", "triage", f"/v1/cases/{case_id}")
    version, case = answer.headers["etag"], answer.json()
    for child in case["children"]:
        child_id = child["child_id"]
        made = [decision["decision_id"] for decision in child["decisions"]]
        if not made or child["changed_since_decision"]:
            decided = await _decide(case_id, child_id, version, decider, replacing=made)
            if decided is None or decided.status in (409, 412):
                memory.retries["decision to be made again"] += 1
                # Of one that is refused, something else comes first: a question about who the child is.
                await asyncio.sleep(0 if decided and decided.status == 412 else _LOOK_AGAIN_SECONDS)
                return False
            assert decided.status == 201, decided.body
            made.append(decided.json()["decision_id"])
            version = decided.headers["etag"]
        memory.decided[child_id] = made
    for contact in case["contacts"]:
        memory.seen[contact["reference"]] = contact["version"]
    return True


async def _decide(
    case_id: str, child_id: str, version: str, decider: Asker, *, replacing: list[str]
) -> Answer | None:
    path = f"/v1/cases/{case_id}/children/{child_id}/decisions"
    said = decision_for(child_id) | ({"supersedes": replacing[-1]} if replacing else {})
    return await decider.once("POST", "triage", path, said=said, headers={"If-Match": version})


def _read_along(group: asyncio.TaskGroup, reader: Asker, memory: Memory) -> None:
    """Read an agency's two feeds from cursor to cursor while they grow."""
    name = reader.name
    told = memory.fed[name], lambda: memory.all_told(name)
    noticed = memory.noticed[name], lambda: memory.is_complete
    group.create_task(_read_feed(reader, "/v1/outcomes", *told))
    group.create_task(_read_feed(reader, "/v1/notices", *noticed))


async def _read_feed(
    reader: Asker, path: str, items: list[dict[str, Any]], is_read: Callable[[], bool]
) -> None:
    cursor = ""
    while not is_read():
        page = await reader.insist("GET", "notifications", f"{path}?limit=20&after={cursor}")
        assert page.status == 200, page.body
        said = page.json()
        items += said["items"]
        cursor = said["next_cursor"] or ""
        if not said["has_more"]:
            await asyncio.sleep(_READ_AGAIN_SECONDS)


def read_records(records: Path, name: str) -> list[dict[str, Any]]:
    """Return what a partner wrote down of the calls it took."""
    return [json.loads(line) for line in (records / f"{name}.jsonl").read_text().splitlines()]
