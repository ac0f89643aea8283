"""The script: sends, corrects, grades, decides, reads along and takes calls, whatever dies meanwhile."""

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

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
        desk = _Desk(someone("dana.reid", world), someone("priya.nair", world), systems[GRADER])
        group.create_task(_decide_all(desk, memory))
        await asyncio.Event().wait()


class _Desk(NamedTuple):
    """Who decides, who looks as the second person, and who grades."""

    decider: Asker
    manager: Asker
    grader: Asker


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


async def _decide_all(desk: _Desk, memory: Memory) -> None:
    """Take the top of the work list, decide it, and look again, until every child is decided."""
    at_once = asyncio.Semaphore(_DECIDERS)
    while not memory.all_decided:
        all_joined = memory.all_joined
        page = await desk.decider.insist("GET", "triage", "/v1/cases?queue=to_decide&limit=20")
        assert page.status == 200, page.body
        lines = page.json()["items"]
        async with asyncio.TaskGroup() as group:
            for line in lines:
                group.create_task(_work_on(line, desk, memory, at_once))
        if not lines:
            if all_joined:
                await _read_again(desk.decider, memory)
            memory.is_settled = all_joined
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def _work_on(line: dict[str, Any], desk: _Desk, memory: Memory, at_once: asyncio.Semaphore) -> None:
    """Have the first child of a case graded, perhaps, and decide each child of it."""
    case_id, first = line["case_id"], line["children"][0]["child_id"]
    async with at_once:
        if is_graded(case_id) and first not in memory.graded:
            await _grade(case_id, first, desk.grader)
            memory.graded.add(first)
        while not await _decide_what_is_left(case_id, desk, memory):
            pass


async def _read_again(decider: Asker, memory: Memory) -> None:
    """Read what was decided for children beside whom it was decided: one decision is written for each."""
    for case_id in sorted(memory.joint_cases):
        case = (await decider.insist("GET", "triage", f"/v1/cases/{case_id}")).json()
        for child in case["children"]:
            memory.note_decided(child)


async def _grade(case_id: str, child_id: str, grader: Asker) -> None:
    agency = next(client.agency for client in demo_cast().clients if client.client_id == grader.name)
    path = f"/v1/cases/{case_id}/children/{child_id}/grades/{agency.agency_id}"
    grade = {"status": "graded", "grade": 2, "rationale": "Known to us; one earlier call."}
    answer = await grader.insist("PUT", "triage", path, said=grade)
    assert answer.status == 200, answer.body


async def _decide_what_is_left(case_id: str, desk: _Desk, memory: Memory) -> bool:
    """Read the case and decide for each child that waits; False when it must be read again.

    A decision whose answer was lost stands in the case when it is read again. One that a correction has
    brought back to the list is replaced; one that waits is looked at by the manager.
    """
    answer = await desk.decider.insist("GET", "triage", f"/v1/cases/{case_id}")
    version, case = answer.headers["etag"], answer.json()
    for child in case["children"]:
        if any(made["standing"] == "pending" for made in child["decisions"]) or _must_be_decided(child):
            done = await _look_or_decide(case_id, child, version, desk)
            if done is None or done.status in (409, 412):
                memory.retries["decision to be made again"] += 1
                # Of one that is refused, something else comes first: a question about who the child is.
                await asyncio.sleep(0 if done and done.status == 412 else _LOOK_AGAIN_SECONDS)
            else:
                assert done.status in (200, 201), done.body
            return False
        memory.note_decided(child)
    for contact in case["contacts"]:
        memory.seen[contact["reference"]] = contact["version"]
    return True


def _must_be_decided(child: dict[str, Any]) -> bool:
    stands = next((made for made in child["decisions"] if made["in_force"]), None)
    return stands is None or stands["standing"] == "interim" or child["changed_since_decision"]


async def _look_or_decide(case_id: str, child: dict[str, Any], version: str, desk: _Desk) -> Answer | None:
    """Look at the decision that waits, unless more was heard since; else decide."""
    match = {"If-Match": version}
    waits = [made["decision_id"] for made in child["decisions"] if made["standing"] == "pending"]
    if waits and not child["changed_since_decision"]:
        said: dict[str, Any] = {"approved": True, "reason": "The manager has looked."}
        path = f"/v1/decisions/{waits[0]}/approval"
        return await desk.manager.once("POST", "triage", path, said=said, headers=match)
    stands = [made["decision_id"] for made in child["decisions"] if made["in_force"]]
    said = decision_for(child["child_id"]) | ({"supersedes": stands[0]} if stands else {})
    path = f"/v1/cases/{case_id}/children/{child['child_id']}/decisions"
    return await desk.decider.once("POST", "triage", path, said=said, headers=match)


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
