"""The feed over HTTP: read on from any place, as often as wanted, and never another agency's."""

from collections.abc import Sequence

import httpx
import pytest

from shared.platform.database import Sessions
from shared.schemas.ids import EventId, new_id
from shared.schemas.words import Role, Scope
from tests.notifications.conftest import Door, ask, tell
from tests.notifications.making import (
    POLICE,
    SCHOOL,
    a_client,
    a_decision,
    a_member_of_staff,
    a_sender,
    news_of,
    some_news,
)

ACK = {"recorded_reference": "NICHE-884213", "recorded_at": "2026-11-23T10:15:00Z"}


async def told(sessions: Sessions, count: int) -> Sequence[EventId]:
    return [event_id for _ in range(count) for event_id in await tell(sessions, some_news())]


async def test_a_feed_is_read_in_order_page_by_page(sessions: Sessions, door: Door) -> None:
    event_ids, read, after = await told(sessions, 5), list[str](), ""
    async with door.for_caller(a_client()) as client:
        while True:
            page = (await client.get(f"/v1/outcomes?limit=2{after}")).json()
            read += [item["event_id"] for item in page["items"]]
            after = f"&after={page['next_cursor']}"
            if not page["has_more"]:
                break
    assert read == [str(event_id) for event_id in event_ids]


async def test_an_empty_page_gives_the_cursor_back(sessions: Sessions, door: Door) -> None:
    async with door.for_caller(a_client()) as client:
        empty = (await client.get("/v1/outcomes")).json()
        assert empty == {"items": [], "next_cursor": None, "has_more": False}
        await told(sessions, 1)
        first = (await client.get("/v1/outcomes")).json()
        rest = (await client.get(f"/v1/outcomes?after={first['next_cursor']}")).json()
        assert rest == {"items": [], "next_cursor": first["next_cursor"], "has_more": False}
        await told(sessions, 1)
        news = (await client.get(f"/v1/outcomes?after={rest['next_cursor']}")).json()
        assert len(news["items"]) == 1


async def test_an_outcomes_own_cursor_reads_on_after_it(sessions: Sessions, door: Door) -> None:
    event_ids = await told(sessions, 3)
    async with door.for_caller(a_client()) as client:
        items = (await client.get("/v1/outcomes")).json()["items"]
        rest = (await client.get(f"/v1/outcomes?after={items[0]['cursor']}")).json()["items"]
    assert [item["event_id"] for item in rest] == [str(event_id) for event_id in event_ids[1:]]


async def test_an_acknowledged_outcome_stays_and_the_first_word_stands(
    sessions: Sessions, door: Door
) -> None:
    (event_id,) = await told(sessions, 1)
    async with door.for_caller(a_client()) as client:
        first = await client.post(f"/v1/outcomes/{event_id}/acknowledgement", json=ACK)
        other = ACK | {"recorded_reference": "ANOTHER"}
        second = await client.post(f"/v1/outcomes/{event_id}/acknowledgement", json=other)
        (item,) = (await client.get("/v1/outcomes")).json()["items"]
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert first.json()["recorded_reference"] == "NICHE-884213"
    assert item["acknowledged_at"] == first.json()["acknowledged_at"]


@pytest.mark.parametrize("path", ["/v1/outcomes/{}", "/v1/outcomes/{}/acknowledgement"])
async def test_another_agencys_outcome_does_not_exist(sessions: Sessions, door: Door, path: str) -> None:
    (event_id,) = await told(sessions, 1)
    async with door.for_caller(a_client(SCHOOL)) as client:
        verb = {"method": "POST", "json": ACK} if path.endswith("ment") else {"method": "GET"}
        headers = {"X-Request-Id": "the-same-for-all"}
        wanted = [event_id, new_id(), "not-an-id"]
        answers = [await client.request(**verb, url=path.format(each), headers=headers) for each in wanted]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert await ask(sessions, "SELECT count(*) FROM audit.entry WHERE allowed = 'deny'") == 3


async def test_a_cursor_is_bound_to_whose_list_it_is_and_to_what_it_is_about(
    sessions: Sessions, door: Door
) -> None:
    await told(sessions, 2)
    async with door.for_caller(a_client()) as police, door.for_caller(a_client(SCHOOL)) as school:
        page = (await police.get("/v1/outcomes?limit=1")).json()
        about = page["items"][0]["reference"]
        ours = page["next_cursor"]
        narrow = (await police.get(f"/v1/outcomes?reference={about}")).json()["next_cursor"]
        refused = [
            await school.get(f"/v1/outcomes?after={ours}"),
            await police.get(f"/v1/outcomes?reference={about}&after={ours}"),
            await police.get(f"/v1/outcomes?after={narrow}"),
            await police.get("/v1/outcomes?after=forged"),
            await police.get("/v1/outcomes?after=WyJvdXRjb21lcyIsIDFd"),
        ]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(400, "bad_cursor")] * 5
    assert refused[0].json()["errors"][0]["parameter"] == "after"


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "1000000000", "abc"])
async def test_a_limit_beyond_reason_is_refused(door: Door, limit: str) -> None:
    async with door.for_caller(a_client()) as client:
        assert (await client.get(f"/v1/outcomes?limit={limit}")).status_code == 422


async def test_a_referral_is_found_by_either_reference(sessions: Sessions, door: Door) -> None:
    await told(sessions, 2)
    decision = a_decision()
    sender = a_sender(decision.child_id, sender_reference="OURS-7")
    await tell(sessions, news_of(decision, sender=sender))
    async with door.for_caller(a_client()) as client:
        for said in (sender.reference, sender.reference.lower().replace("-", ""), "OURS-7"):
            (item,) = (await client.get("/v1/outcomes", params={"reference": said})).json()["items"]
            assert item["reference"] == sender.reference
        assert (await client.get("/v1/outcomes?reference=SH-00000000-0")).json()["items"] == []
        nul = await client.get("/v1/outcomes?reference=%00")
    assert nul.status_code == 422


@pytest.mark.parametrize("role", [Role.DECISION_MAKER, Role.MANAGER])
async def test_hub_staff_see_whether_a_referral_was_answered_whoever_sent_it(
    sessions: Sessions, door: Door, role: Role
) -> None:
    decision = a_decision()
    sender = a_sender(decision.child_id)
    (event_id,) = await tell(sessions, news_of(decision, sender=sender))
    async with door.for_caller(a_member_of_staff(role)) as staff:
        (item,) = (await staff.get(f"/v1/outcomes?reference={sender.reference}")).json()["items"]
        assert item["event_id"] == str(event_id)
        assert (await staff.get(f"/v1/outcomes/{event_id}")).status_code == 200
        for nobody_in_particular in ("", "?reference=SYP-2026-114226"):
            assert (await staff.get(f"/v1/outcomes{nobody_in_particular}")).status_code == 422


async def test_an_agencys_representative_reads_that_agencys_feed_alone(
    sessions: Sessions, door: Door
) -> None:
    await told(sessions, 1)
    for agency_id, expected in ((POLICE, 1), (SCHOOL, 0)):
        async with door.for_caller(a_member_of_staff(Role.AGENCY_REPRESENTATIVE, agency_id)) as staff:
            assert len((await staff.get("/v1/outcomes")).json()["items"]) == expected


async def test_nobody_else_reads_outcomes(sessions: Sessions, door: Door) -> None:
    (event_id,) = await told(sessions, 1)
    others = [a_member_of_staff(role) for role in (Role.ADMINISTRATOR, Role.INFORMATION_GOVERNANCE)]
    for caller in (*others, a_client(POLICE, Scope.REFERRAL_WRITE, Scope.WEBHOOK_MANAGE)):
        async with door.for_caller(caller) as client:
            for path in ("/v1/outcomes", f"/v1/outcomes/{event_id}"):
                assert (await client.get(path)).status_code == 403
    async with door.for_caller(a_member_of_staff(Role.MANAGER)) as manager:
        answer = await manager.post(f"/v1/outcomes/{event_id}/acknowledgement", json=ACK)
    assert answer.status_code == 403


async def test_every_read_is_on_record_with_everything_it_showed(sessions: Sessions, door: Door) -> None:
    event_ids = await told(sessions, 3)
    async with door.for_caller(a_client()) as client:
        await client.get("/v1/outcomes?limit=2")
        await client.get(f"/v1/outcomes/{event_ids[2]}")
        await client.get("/v1/outcomes?after=forged")
    read = "SELECT {} FROM audit.entry WHERE action = 'outcome.read' AND NOT subject_ids && ARRAY['{}'::uuid]"
    assert await ask(sessions, read.format("count(*)", new_id())) == 2
    shown = await ask(sessions, read.format("subject_ids", event_ids[2]))
    assert isinstance(shown, list)
    assert len(shown) == 6
    assert set(event_ids[:2]) <= set(shown)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"recorded_at": "2026-11-23T10:15:00"}, 422),
        ({"recorded_at": "9999-12-31T23:59:59-12:00"}, 422),
        ({"recorded_at": "0001-01-01T00:00:00+12:00"}, 422),
        ({"recorded_reference": "\x00"}, 422),
        ({"recorded_reference": "x" * 61}, 422),
        ({"agency_id": "mine"}, 422),
    ],
)
async def test_an_acknowledgement_that_cannot_be_kept_is_refused(
    sessions: Sessions, door: Door, changed: dict[str, str], code: int
) -> None:
    (event_id,) = await told(sessions, 1)
    async with door.for_caller(a_client()) as client:
        answer: httpx.Response = await client.post(
            f"/v1/outcomes/{event_id}/acknowledgement", json=ACK | changed
        )
    assert answer.status_code == code
    assert answer.headers["content-type"] == "application/problem+json"
