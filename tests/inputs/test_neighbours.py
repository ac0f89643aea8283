"""What is odd in one place of a referral changes nothing in any other."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.postgres import PostgresServer
from tests.hub import URLS, Hub
from tests.inputs.doors import Door
from tests.inputs.places import Place, places, put
from tests.inputs.test_any_json import JSON_VALUES, SAME_EVERY_TIME
from tests.inputs.whole import a_whole_referral

#: What is asked of a whole and not of its parts: a sender's own name for a child or for the referral.
_PLACES: list[Place] = [at for at, _ in places(a_whole_referral()) if at != ("sender_reference",)]


@pytest.fixture(scope="module")
async def owner(server: PostgresServer, hub: Hub) -> AsyncIterator[asyncpg.Connection]:
    """A connection that may read intake's tables."""
    connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


@SAME_EVERY_TIME
@given(at=st.sampled_from(_PLACES), value=JSON_VALUES)
async def test_what_is_taken_is_kept_as_it_was_sent_and_read_as_it_was_meant(
    at: Place, value: Any, hub: Hub, doors: dict[str, Door], owner: asyncpg.Connection
) -> None:
    sent = put(a_whole_referral() | {"sender_reference": f"NP-{uuid4().hex}"}, at, value)
    answer = await doors["referral"].send_json(sent)
    if answer.status_code != 201:
        assert 400 <= answer.status_code < 500, answer.text
        return
    referral_id = answer.json()["referral_id"]
    kept = await owner.fetchval("SELECT document FROM intake.referral WHERE referral_id = $1", referral_id)
    assert json.loads(kept) == sent
    read = await hub.http.get(
        f"{URLS['intake']}/internal/referrals/{referral_id}", headers=await hub.as_service("triage")
    )
    assert _beside(read.json()["document"], at) == _beside(await _plain(hub, doors), at)


_plainly_read: list[Any] = []


async def _plain(hub: Hub, doors: dict[str, Door]) -> Any:
    """Return the whole referral as it is read when nothing in it is odd."""
    if not _plainly_read:
        answer = await doors["referral"].send_json(a_whole_referral())
        read = await hub.http.get(
            f"{URLS['intake']}/internal/referrals/{answer.json()['referral_id']}",
            headers=await hub.as_service("triage"),
        )
        _plainly_read.append(read.json()["document"])
    return _plainly_read[0]


def _beside(document: Any, at: Place) -> Any:
    """Return all of a document but what stands at a place, and its own reference."""
    return {
        pointer: value
        for pointer, value in places(document)
        if pointer != ("sender_reference",)
        and not isinstance(value, (dict, list))
        and pointer[: len(at)] != at
    }
