"""A person who joins contacts about one child into one case, and takes some of the joins back."""

import asyncio
from collections.abc import Iterator
from typing import Any

from tests.faults.asking import Asker
from tests.faults.memory import Memory

_WAIT_LONGER_SECONDS = 2.0
_REASON = "The script says so."
#: So many contacts do not come to rest before the hub does.
_TO_AND_FRO = 4


async def join_all(person: Asker, memory: Memory) -> None:
    """Join whoever was confirmed to be known to the first case that they may join; undo every other join.

    What has joined goes to and fro for as long as anything dies, so that there is always a join to die at.
    """
    while not (memory.is_calm and memory.all_looked_at and memory.joined_up >= memory.to_join):
        for reference in sorted(memory.to_join - memory.joined_up):
            await _join(person, memory, reference)
            memory.joined_up.add(reference)
        for reference in sorted(memory.to_and_fro):
            if not memory.is_calm:
                await _swing(person, memory, reference)
        await asyncio.sleep(_WAIT_LONGER_SECONDS)
    # What was under way when the last one died has come to its end by now. A join stands with the case that
    # was joined, undone or not.
    for case_id in sorted(memory.joint_cases):
        case, _ = await _read(person, case_id)
        for join in case["joins"]:
            _remember(memory, join)
    memory.all_joined = True


async def _swing(person: Asker, memory: Memory, reference: str) -> None:
    """Undo the join of a contact, or let it join once more."""
    own, version, joins = await _stand(person, reference)
    for join in joins:
        _remember(memory, join)
    if joins and not joins[0]["undone_at"]:
        path = f"/v1/joins/{joins[0]['join_id']}/undo"
        headers = {"If-Match": version}
        await person.once("POST", "triage", path, said={"reason": _REASON}, headers=headers)
    elif other := await _find_beside(person, own["case_id"]):
        await _try(person, other, next(_referrals(own, reference)))
    for join in (await _stand(person, reference))[2]:
        _remember(memory, join)


async def _stand(person: Asker, reference: str) -> tuple[dict[str, Any], str, list[dict[str, Any]]]:
    """Return the case that a contact is in, its version, and the joins of the contact, newest first."""
    page = (await person.insist("GET", "triage", f"/v1/cases?reference={reference}")).json()
    own, version = await _read(person, page["items"][0]["case_id"])
    [referral_id] = _referrals(own, reference)
    return own, version, [join for join in own["joins"] if join["referral_id"] == referral_id]


def _referrals(case: dict[str, Any], reference: str) -> Iterator[str]:
    return (one["referral_id"] for one in case["contacts"] if one["reference"] == reference)


def _remember(memory: Memory, join: dict[str, Any]) -> None:
    memory.joined[join["join_id"]] = join["referral_id"]
    memory.joint_cases |= {join["case_id"], join["from_case_id"]}
    if join["undone_at"]:
        memory.undone.add(join["join_id"])


async def _join(person: Asker, memory: Memory, reference: str) -> None:
    """Join a contact, if a case stands beside it that it may join; read again until the answer is sure."""
    while True:
        page = (await person.insist("GET", "triage", f"/v1/cases?reference={reference}")).json()
        if not page["items"]:
            # Its case is still to be opened.
            await asyncio.sleep(_WAIT_LONGER_SECONDS)
            continue
        own, _ = await _read(person, page["items"][0]["case_id"])
        referral_id = next(one["referral_id"] for one in own["contacts"] if one["reference"] == reference)
        standing = [join for join in own["joins"] if join["referral_id"] == referral_id]
        if standing and not standing[0]["undone_at"]:
            await _note(person, memory, standing[0])
            if len(memory.to_and_fro) < _TO_AND_FRO:
                memory.to_and_fro.add(reference)
            return
        other = await _find_beside(person, own["case_id"])
        if standing or other is None or not await _try(person, other, referral_id):
            return


async def _try(person: Asker, other: str, referral_id: str) -> bool:
    """Join a contact to a case once; False when it may not join."""
    _, version = await _read(person, other)
    form = {"referral_id": referral_id, "reason": _REASON}
    headers = {"If-Match": version}
    answer = await person.once("POST", "triage", f"/v1/cases/{other}/joins", said=form, headers=headers)
    if answer is None or answer.status == 412:
        return True
    assert answer.status in (201, 409), answer.body
    return answer.status == 201


async def _find_beside(person: Asker, case_id: str) -> str | None:
    answer = await person.insist("GET", "triage", f"/v1/cases/{case_id}/beside")
    assert answer.status == 200, answer.body
    beside = answer.json()
    return next((str(one["case_id"]) for one in beside["items"] if one["can_join"]), None)


async def _note(person: Asker, memory: Memory, join: dict[str, Any]) -> None:
    """Keep a join that stands in memory, and undo it if its id says so."""
    join_id = join["join_id"]
    _remember(memory, join)
    if int(join_id[-1], 16) % 2:
        return
    while True:
        case, version = await _read(person, join["case_id"])
        now = next((one for one in case["joins"] if one["join_id"] == join_id), join)
        if now["undone_at"]:
            break
        said = {"reason": _REASON}
        headers = {"If-Match": version}
        answer = await person.once("POST", "triage", f"/v1/joins/{join_id}/undo", said=said, headers=headers)
        if answer is not None and answer.status != 412:
            assert answer.status == 200, answer.body
            break
    memory.undone.add(join_id)


async def _read(person: Asker, case_id: str) -> tuple[dict[str, Any], str]:
    answer = await person.insist("GET", "triage", f"/v1/cases/{case_id}")
    assert answer.status == 200, answer.body
    case: dict[str, Any] = answer.json()
    return case, answer.headers["etag"]
