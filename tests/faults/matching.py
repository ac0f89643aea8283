"""A person who says who is who: answers what is asked, confirms what the machine linked or takes it back."""

import asyncio
from typing import Any

from tests.faults.asking import Asker
from tests.faults.memory import Memory
from tests.faults.wire import Answer

_WAIT_LONGER_SECONDS = 2.0
_REASON = "The script says so."
#: Said of a candidate by how the id ends.
_VERDICTS = ("linked", "not_the_same", "linked", "unsure")


async def answer_all(person: Asker, memory: Memory) -> None:
    """Answer each question about who somebody is, for as long as there may be any."""
    while True:
        page = await person.insist("GET", "intake", "/v1/matches?limit=20")
        assert page.status == 200, page.body
        tasks = page.json()["items"]
        for task in tasks:
            await _answer(person, memory, f"/v1/matches/{task['match_id']}")
        if not tasks:
            await asyncio.sleep(_WAIT_LONGER_SECONDS)


async def _answer(person: Asker, memory: Memory, path: str) -> None:
    answer = await person.insist("GET", "intake", path)
    assert answer.status == 200, answer.body
    task = answer.json()
    for candidate in task["candidates"]:
        if candidate["verdict"] is None:
            said = verdict_for(task["record"]["record_id"], candidate["person_id"])
            form = {"verdict": said, "person_id": candidate["person_id"], "reason": _REASON}
            decided = await person.insist("POST", "intake", f"{path}/decision", said=form)
            if _is_overtaken(decided):
                return
            assert decided.status == 200, decided.body
            _note(memory, decided.json()["decision"], candidate["likened_to"])
            if said == "linked":
                return


async def look_at_all(person: Asker, memory: Memory) -> None:
    """Confirm whom the machine has linked the first children of some referrals to, or take it back."""
    while len(memory.looked_at) < memory.plan.looked_at:
        waiting = [reference for reference in memory.to_look_at if reference not in memory.looked_at]
        for reference in waiting:
            await _look_at(person, memory, reference)
        await asyncio.sleep(_WAIT_LONGER_SECONDS)


async def _look_at(person: Asker, memory: Memory, reference: str) -> None:
    answer = await person.insist("GET", "intake", f"/v1/referrals/{reference}/people")
    assert answer.status == 200, answer.body
    people = answer.json()["items"]
    if not people:
        # Nobody was held against those known yet.
        return
    if people[0]["record"]["link_state"] == "provisional":
        await _say_of(person, memory, people[0]["record"])
        if _is_said_to_be_known(people[0]["record"]):
            memory.to_join.add(reference)
    memory.looked_at.add(reference)


def _is_said_to_be_known(record: dict[str, Any]) -> bool:
    return verdict_for(record["record_id"], record["person_id"]) == "linked"


async def _say_of(person: Asker, memory: Memory, record: dict[str, Any]) -> None:
    record_id, person_id = record["record_id"], record["person_id"]
    if _is_said_to_be_known(record):
        path, form = f"/v1/people/{person_id}/links", {"record_id": record_id, "reason": _REASON}
    else:
        path, form = f"/v1/links/{record_id}/unlink", {"reason": _REASON}
    answer = await person.insist("POST", "intake", path, said=form)
    if answer.status == 200:
        _note(memory, answer.json()["decision"], record["likened_to"])
    else:
        # It was said before, and the answer was lost; or somebody else has said otherwise meanwhile.
        assert _is_overtaken(answer), answer.body


def _note(memory: Memory, decision: dict[str, Any], likened_to: str | None) -> None:
    memory.said_of_people[decision["decision_id"]] = decision | {"likened_to": likened_to}


def _is_overtaken(answer: Answer) -> bool:
    return answer.status in (404, 409)


def verdict_for(record_id: str, person_id: str) -> str:
    """Return what the script makes of a record and a person: always the same."""
    return _VERDICTS[int(record_id[-2:] + person_id[-2:], 16) % len(_VERDICTS)]
