"""Whoever an earlier release indexed is found by this one once the sweep has passed, wherever it stopped."""

import asyncio
import hashlib
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from services.intake.actions.describing import read
from services.intake.actions.indexing import KEYS_VERSION
from services.intake.actions.rekeying import rekey_batch, sweeping
from services.intake.actions.search_keys import search_keys_of
from services.intake.matching.keys import keys_of
from services.intake.models import PersonKey, PersonRecord
from shared.platform.database import transaction
from shared.schemas.people_index import Told
from tests.hub import Hub
from tests.intake.known_people import a_known_child, a_surname, send, told
from tests.platform.conftest import eventually

#: What KEYS_VERSION stands for, by a digest of the keys of `_SAMPLE`.
_DIGESTS = {1: "1dcdc1942d907ed6"}
_SAMPLE = Told.model_validate(
    {
        "name": {"given_name": "Siobhan-Mary", "family_name": "O'Nakamura"},
        "other_names": [{"given_name": "Екатерина", "family_name": "Wright"}],
        "date_of_birth": "2016-02-11",
        "nhs_number": "9990000018",
        "address_lines": ["Flat 3", "112b St Thistle Road"],
        "town": "Northtown",
        "postcode": "NT4 2QZ",
        "telephone": "01632 960001",
    }
)


async def found(hub: Hub, name: str) -> list[str]:
    form = {"purpose": "new_contact", "reason": "The grandmother rang.", "name": name}
    said = await told(hub, "POST", "/v1/people/search", form)
    return [record["reference"] for item in said["items"] for record in item["records"]]


async def standing(hub: Hub) -> str:
    answer = await hub.http.get("http://intake/health/ready")
    return str(answer.json()["person_keys"])


def test_other_keys_of_the_same_words_move_the_version_that_the_sweep_goes_by() -> None:
    person = read(_SAMPLE)
    narrow, wide = keys_of(person)
    keys = sorted({*narrow, *wide, *search_keys_of(_SAMPLE, person, ["14/1"])})
    digest = hashlib.sha256(repr(keys).encode()).hexdigest()[:16]
    assert digest == _DIGESTS[KEYS_VERSION], "move KEYS_VERSION and note the digest of the new way"


async def test_the_sweep_goes_on_where_it_stopped_and_waits_for_nobody(hub: Hub) -> None:
    family = "Oldkeys" + a_surname()
    said = [await send(hub, a_known_child(family_name=family, given_name=a_surname())) for _ in range(3)]
    ids = [UUID(one["children"][0]["child_id"]) for one in said]
    mine = PersonRecord.record_id.in_(ids)
    sessions = hub.sessions["intake"]
    async with transaction(sessions, "test") as tx:
        # Whole crowds that other tests put there are none of this one's work.
        await tx.execute(update(PersonRecord).values(keys_version=KEYS_VERSION))
        await tx.execute(delete(PersonKey).where(PersonKey.record_id.in_(ids)))
        await tx.execute(update(PersonRecord).where(mine).values(keys_version=0))
    assert (await found(hub, family), await standing(hub)) == ([], "being_made_anew")
    async with transaction(sessions, "test") as holding:
        await holding.execute(select(PersonRecord).where(PersonRecord.record_id == ids[0]).with_for_update())
        async with transaction(sessions, "test") as tx:
            # One batch, and a stop.
            done = await rekey_batch(tx, limit=2)
        stop = asyncio.Event()
        working = asyncio.ensure_future(sweeping(sessions, every=timedelta(milliseconds=20))(stop))
        references = {one["reference"] for one in said}
        others = references - {said[0]["reference"]}

        async def others_are_found() -> bool:
            return others <= set(await found(hub, family))

        await eventually(others_are_found)
        assert (done, said[0]["reference"] in await found(hub, family)) == (2, False)

    async def all_is_current() -> bool:
        return await standing(hub) == "current"

    await eventually(all_is_current)
    stop.set()
    await working
    assert set(await found(hub, family)) == references
    async with transaction(sessions, "test") as tx:
        versions = set(await tx.scalars(select(PersonRecord.keys_version).where(mine)))
    assert versions == {KEYS_VERSION}
