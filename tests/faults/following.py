"""What follows a referral once it is acknowledged: corrections, and answers to what its sender is asked."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from tests.faults.asking import Asker
from tests.faults.memory import Memory
from tests.faults.plan import Moment, Parcel

_HANDS = 4
_LOOK_AGAIN_SECONDS = 0.3
#: What a sender is asked for.
_QUESTION = {
    "verdict": "further_information",
    "version": 1,
    "gaps": [{"pointer": "#/children/0/whereabouts", "question": "Where is the child now?"}],
    "text": "Please ring the officer who was there.",
}


class Following:
    """Sends later versions, each until it is acknowledged, and has senders asked for more.

    Args:
        systems: of the agencies that send.
        askers: by sender, who asks it for more.
    """

    def __init__(self, systems: Mapping[str, Asker], askers: Mapping[str, Asker], memory: Memory) -> None:
        self._systems = systems
        self._askers = askers
        self._memory = memory
        self._at_once = asyncio.Semaphore(_HANDS)

    async def follow(self, parcel: Parcel, first: dict[str, Any]) -> None:
        """Do all that follows one referral, whose first answer is `first`."""
        memory, reference = self._memory, first["reference"]
        children = [child["child_id"] for child in first["children"]]
        for version, moment in enumerate(parcel.corrections, 2):
            if moment is Moment.DECIDED:
                await _until(lambda: memory.are_decided(children))
            await self._send_version(parcel, reference, version, parcel.form_of(version))
        if parcel.is_asked_about:
            request_id = await self._ask(parcel.sender, reference)
            await _until(lambda: memory.has_heard(parcel.sender, request_id))
            form = parcel.form_of(2, answers_request_id=request_id)
            await self._send_version(parcel, reference, 2, form)

    async def _send_version(self, parcel: Parcel, reference: str, version: int, form: dict[str, Any]) -> None:
        key = parcel.key_of(version)
        async with self._at_once:
            answer = await self._post(parcel.sender, reference, key, form)
            # The next word is often the same once more, from a system that has forgotten its answer.
            assert await self._post(parcel.sender, reference, key, form) == answer
        assert (answer["reference"], answer["version"]) == (reference, version)
        self._memory.note_version(parcel.sender, key, answer)

    async def _post(self, sender: str, reference: str, key: str, form: dict[str, Any]) -> dict[str, Any]:
        path, headers = f"/v1/referrals/{reference}/versions", {"Idempotency-Key": key}
        answer = await self._systems[sender].insist("POST", "intake", path, said=form, headers=headers)
        assert answer.status == 201, answer.body
        said: dict[str, Any] = answer.json()
        return said

    async def _ask(self, sender: str, reference: str) -> str:
        """Ask a sender for more, and return the id of the request."""
        path = f"/v1/referrals/{reference}/quality-check"
        async with self._at_once:
            answer = await self._askers[sender].insist("POST", "intake", path, said=_QUESTION)
        assert answer.status == 200, answer.body
        request_id = str(answer.json()["further_information"]["request_id"])
        self._memory.asked[sender][request_id] = reference
        return request_id


async def _until(holds: Callable[[], bool]) -> None:
    while True:
        if holds():
            return
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
