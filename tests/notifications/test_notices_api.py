"""The feed of notices over HTTP: read on from any place, as often as wanted, and never another agency's."""

from shared.platform.database import Sessions
from shared.schemas.ids import EventId, new_id
from shared.schemas.words import Role, Scope
from tests.notifications.conftest import Door, ask, give, tell
from tests.notifications.making import POLICE, SCHOOL, a_client, a_member_of_staff, some_news, some_notice

READER = a_client(POLICE, Scope.REFERRAL_READ)


async def given(sessions: Sessions, count: int) -> list[EventId]:
    return [event_id for _ in range(count) for event_id in await give(sessions, some_notice())]


async def test_a_feed_is_read_in_order_page_by_page(sessions: Sessions, door: Door) -> None:
    event_ids, read, after = await given(sessions, 5), list[str](), ""
    async with door.for_caller(READER) as client:
        while True:
            page = (await client.get(f"/v1/notices?limit=2{after}")).json()
            read += [item["event_id"] for item in page["items"]]
            after = f"&after={page['next_cursor']}"
            if not page["has_more"]:
                break
    assert read == [str(event_id) for event_id in event_ids]


async def test_an_empty_page_gives_the_cursor_back(sessions: Sessions, door: Door) -> None:
    async with door.for_caller(READER) as client:
        empty = (await client.get("/v1/notices")).json()
        assert empty == {"items": [], "next_cursor": None, "has_more": False}
        await given(sessions, 1)
        first = (await client.get("/v1/notices")).json()
        assert first["next_cursor"] == first["items"][0]["cursor"]
        rest = (await client.get(f"/v1/notices?after={first['next_cursor']}")).json()
    assert rest == {"items": [], "next_cursor": first["next_cursor"], "has_more": False}


async def test_a_notice_says_what_is_asked_and_is_the_same_on_its_own(sessions: Sessions, door: Door) -> None:
    (event_id,) = await given(sessions, 1)
    async with door.for_caller(READER) as client:
        alone = (await client.get(f"/v1/notices/{event_id}")).json()
        (item,) = (await client.get("/v1/notices")).json()["items"]
    assert alone == item
    assert item["type"] == "referral.further_information_requested"
    assert item["further_information"]["gaps"][0]["pointer"] == "#/children/0/voice"
    assert item["withdrawal"] is None
    assert "Maisie" not in item["message"]


async def test_outcomes_and_notices_are_two_feeds_with_cursors_of_their_own(
    sessions: Sessions, door: Door
) -> None:
    await tell(sessions, some_news())
    (event_id,) = await given(sessions, 1)
    async with door.for_caller(a_client()) as client:
        (outcome,) = (await client.get("/v1/outcomes")).json()["items"]
        (notice,) = (await client.get("/v1/notices")).json()["items"]
        refused = [
            await client.get(f"/v1/notices?after={outcome['cursor']}"),
            await client.get(f"/v1/outcomes?after={notice['cursor']}"),
        ]
        assert (await client.get(f"/v1/outcomes/{event_id}")).status_code == 404
        assert (await client.get(f"/v1/notices/{outcome['event_id']}")).status_code == 404
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(400, "bad_cursor")] * 2


async def test_another_agencys_notice_does_not_exist(sessions: Sessions, door: Door) -> None:
    (event_id,) = await given(sessions, 1)
    async with door.for_caller(a_client(SCHOOL)) as school, door.for_caller(READER) as police:
        headers = {"X-Request-Id": "the-same-for-all"}
        wanted = (event_id, new_id(), "not-an-id")
        answers = [await school.get(f"/v1/notices/{each}", headers=headers) for each in wanted]
        assert (await school.get("/v1/notices")).json()["items"] == []
        ours = (await police.get("/v1/notices")).json()["next_cursor"]
        assert (await school.get(f"/v1/notices?after={ours}")).status_code == 400
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert await ask(sessions, "SELECT count(*) FROM audit.entry WHERE rule LIKE '404%'") == 3


async def test_nobody_else_reads_notices(sessions: Sessions, door: Door) -> None:
    (event_id,) = await given(sessions, 1)
    staff = [a_member_of_staff(role, POLICE) for role in Role]
    for caller in (*staff, a_client(POLICE, *(set(Scope) - {Scope.REFERRAL_READ}))):
        async with door.for_caller(caller) as client:
            for path in ("/v1/notices", f"/v1/notices/{event_id}"):
                assert (await client.get(path)).status_code == 403


async def test_every_read_is_on_record_with_everything_it_showed(sessions: Sessions, door: Door) -> None:
    event_ids = await given(sessions, 3)
    async with door.for_caller(READER) as client:
        await client.get("/v1/notices?limit=2")
        await client.get(f"/v1/notices/{event_ids[2]}")
        await client.get("/v1/notices?after=forged")
    read = "SELECT {} FROM audit.entry WHERE action = 'notice.read'"
    assert await ask(sessions, read.format("count(*)")) == 2
    shown = await ask(sessions, read.format("subject_ids") + " ORDER BY at, cardinality(subject_ids) DESC")
    assert isinstance(shown, list)
    assert len(shown) == 4
    assert set(event_ids[:2]) <= set(shown)
