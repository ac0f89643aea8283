"""Who holds a case, who has it open, and drafts: shown, never in anybody's way."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from services.triage.store import holding
from shared.platform.database import transaction
from shared.schemas.ids import StaffId, new_id
from tests.hub import URLS, Hub, person
from tests.triage.talking import TRUST, attended, call, take
from tests.triage.test_board import a_case, decide

TRIAGE = URLS["triage"]
DANA, RUTH, PRIYA = "dana.reid", "ruth.adeyemi", "priya.nair"
Said = dict[str, Any]


async def ask(hub: Hub, method: str, path: str, who: str = DANA, **content: Any) -> httpx.Response:
    return await hub.http.request(method, f"{TRIAGE}{path}", headers=await hub.as_staff(who), **content)


async def give(hub: Hub, case: Said, to: str | None, who: str = DANA, **given: Any) -> httpx.Response:
    staff_id = str(person(to).staff_id) if to and to != "me" else to
    return await ask(
        hub, "PUT", f"/v1/cases/{case['case_id']}/allocation", who, json={"staff_id": staff_id} | given
    )


async def listed(hub: Hub, queue: str, case: Said, who: str = DANA) -> list[Said]:
    lines = await hub.every(f"{TRIAGE}/v1/cases", await hub.as_staff(who), queue=queue)
    return [line for line in lines if line["case_id"] == case["case_id"]]


async def where(hub: Hub, case: Said, who: str = DANA) -> list[str]:
    queues = ("to_decide", "mine", "my_team", "unallocated")
    return [queue for queue in queues if await listed(hub, queue, case, who)]


async def test_a_case_is_on_the_lists_of_whoever_holds_it(hub: Hub) -> None:
    case = await a_case(hub)
    before = await where(hub, case)
    counted = (await ask(hub, "GET", "/v1/work-lists")).json()
    taken = await give(hub, case, "me")
    again = (await ask(hub, "GET", "/v1/work-lists")).json()
    changed = {part: again[part] - counted[part] for part in counted if again[part] != counted[part]}
    assert changed == {"mine": 1, "my_team": 1, "unallocated": -1}
    assert before == ["to_decide", "unallocated"]
    assert (taken.status_code, taken.json()["holder"]["staff_name"]) == (200, "Dana Reid")
    assert taken.json()["holder"]["team"] == {"key": "north", "name": "North team"}
    assert await where(hub, case) == ["to_decide", "mine", "my_team"]
    assert await where(hub, case, PRIYA) == ["to_decide", "my_team"]
    assert await where(hub, case, RUTH) == ["to_decide"]
    [line] = await listed(hub, "mine", case)
    assert (line["holding"]["held_by"], line["holding"]["team"]) == ("Dana Reid", "north")
    await decide(hub, case)
    assert await where(hub, case) == []


async def test_only_a_manager_gives_a_case_to_somebody_else_and_every_holder_is_kept(hub: Hub) -> None:
    case = await a_case(hub)
    refused = await give(hub, case, RUTH)
    given = await give(hub, case, RUTH, PRIYA, reason="Ruth knows the family.")
    taken_away = await give(hub, case, None)
    taken_over = await give(hub, case, "me")
    back = await give(hub, case, None)
    again = await give(hub, case, None)
    assert [refused.status_code, taken_away.status_code] == [403, 403]
    assert [given.status_code, taken_over.status_code, back.status_code] == [200, 200, 200]
    assert given.json()["holder"]["team"]["key"] == "south"
    history = again.json()["history"]
    assert [each["staff_name"] for each in history] == [None, "Dana Reid", "Ruth Adeyemi"]
    assert [each["ended_at"] is None for each in history] == [True, False, False]
    assert (await hub.get_case(case["case_id"]))["version"] == case["version"]
    assert await where(hub, case) == ["to_decide", "unallocated"]


async def test_a_case_goes_to_staff_who_decide_and_to_teams_there_are(hub: Hub) -> None:
    case = await a_case(hub)
    to_a_team = await give(hub, case, None, PRIYA, team="south")
    answers = [
        await give(hub, case, "omar.khan", PRIYA),
        await ask(
            hub, "PUT", f"/v1/cases/{case['case_id']}/allocation", PRIYA, json={"staff_id": str(uuid4())}
        ),
        await give(hub, case, "me", team="nowhere"),
        await give(hub, {"case_id": str(new_id())}, "me"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (422, "not_a_decider"), (422, "not_a_decider"), (422, "not_a_team"), (404, "not_found"),
    ]  # fmt: skip
    assert to_a_team.json()["holder"]["team"]["name"] == "South team"
    assert await where(hub, case, RUTH) == ["to_decide", "my_team", "unallocated"]


async def test_who_has_a_case_open_is_seen_until_time_alone_ends_it(hub: Hub) -> None:
    case = await a_case(hub)
    path = f"/v1/cases/{case['case_id']}/lease"
    first = (await ask(hub, "PUT", path)).json()["leases"]
    renewed = (await ask(hub, "PUT", path)).json()["leases"]
    seen = (await ask(hub, "GET", f"/v1/cases/{case['case_id']}/holding", PRIYA)).json()["leases"]
    [line] = await listed(hub, "to_decide", case, RUTH)
    later = datetime.now(UTC) + timedelta(minutes=16)
    async with transaction(hub.sessions["triage"], "test") as tx:
        expired = await holding.list_leases(tx, [case["case_id"]], now=later)
    assert [lease["staff_name"] for lease in seen] == ["Dana Reid"]
    assert renewed[0]["opened_at"] == first[0]["opened_at"]
    assert renewed[0]["expires_at"] > first[0]["expires_at"]
    assert line["holding"]["leases"] == seen
    assert list(expired) == []
    # It is in nobody's way.
    assert (await give(hub, case, "me", RUTH)).status_code == 200
    assert (await ask(hub, "DELETE", path)).status_code == 204
    assert (await ask(hub, "GET", f"/v1/cases/{case['case_id']}/holding")).json()["leases"] == []


async def test_agencies_see_nothing_of_who_holds_a_case(hub: Hub) -> None:
    case = await a_case(hub)
    await give(hub, case, "me")
    await ask(hub, "PUT", f"/v1/cases/{case['case_id']}/lease")
    [line] = await listed(hub, "to_decide", case, "ines.moreau")
    assert line["holding"] is None
    assert await listed(hub, "mine", case, "ines.moreau") == []


async def test_a_draft_is_its_writers_alone_and_of_what_they_have_business_with(hub: Hub) -> None:
    case = await a_case(hub)
    child_id = case["children"][0]["child_id"]
    path, body = f"/v1/drafts/decision/{child_id}", {"fields": {"rationale": "She said that"}}
    kept = await ask(hub, "PUT", path, json=body)
    newer = await ask(hub, "PUT", path, json={"fields": {"rationale": "She said that he"}})
    own, others = await ask(hub, "GET", path), await ask(hub, "GET", path, RUTH)
    assert (kept.status_code, newer.status_code, others.status_code) == (200, 200, 404)
    assert own.json()["fields"] == {"rationale": "She said that he"}
    graders = f"/v1/drafts/grade/{child_id}"
    asked = next(each for each in case["children"][0]["requests"] if each["sector"] == "health")
    answers = f"/v1/drafts/answer/{asked['request_id']}"
    tried = [
        (graders, "ines.moreau"),
        (graders, DANA),
        (answers, "ines.moreau"),
        (answers, "omar.khan"),
        (f"/v1/drafts/decision/{new_id()}", DANA),
        (f"/v1/drafts/discussion/{case['case_id']}", PRIYA),
    ]
    assert [(await ask(hub, "PUT", each, who, json=body)).status_code for each, who in tried] == [
        200, 404, 200, 404, 404, 200,
    ]  # fmt: skip
    assert [(await ask(hub, "DELETE", path)).status_code for _ in range(2)] == [204, 204]
    assert (await ask(hub, "GET", path)).status_code == 404


async def test_a_draft_ends_with_its_act_and_with_no_other(hub: Hub) -> None:
    case = await a_case(hub)
    child_id = case["children"][0]["child_id"]
    asked = next(each for each in case["children"][0]["requests"] if each["sector"] == "health")
    held = await call(hub, case)
    one = held["discussion_id"]
    drafts = {
        f"/v1/drafts/decision/{child_id}": DANA,
        f"/v1/drafts/discussion/{case['case_id']}": DANA,
        f"/v1/drafts/attendance/{one}": DANA,
        f"/v1/drafts/minutes/{one}": DANA,
        f"/v1/drafts/grade/{child_id}": "ines.moreau",
        f"/v1/drafts/answer/{asked['request_id']}": "ines.moreau",
    }

    async def kept() -> list[str]:
        found = [
            path for path, who in drafts.items() if (await ask(hub, "GET", path, who)).status_code == 200
        ]
        return [path.split("/")[3] for path in found]

    for path, who in drafts.items():
        await ask(hub, "PUT", path, who, json={"fields": {"minutes": "Half a"}})
    await ask(hub, "PUT", f"/v1/drafts/minutes/{one}", RUTH, json={"fields": {"minutes": "Hers"}})
    grades = f"/v1/cases/{case['case_id']}/children/{child_id}/grades/{TRUST}"
    answer = f"/v1/information-requests/{asked['request_id']}/answer"
    refused = await ask(hub, "PUT", grades, "ines.moreau", json={"status": "graded"})
    assert (refused.status_code, len(await kept())) == (422, 6)
    held = await take(hub, held, "record", {"minutes": "The nurse told."})
    assert "minutes" not in await kept()
    await take(hub, held, "record", {"attendees": attended(held)})
    assert await kept() == ["decision", "discussion", "grade", "answer"]
    await ask(hub, "PUT", grades, "ines.moreau", json={"status": "nothing_known"})
    await ask(hub, "POST", answer, "ines.moreau", json={"status": "nothing_known"})
    await call(hub, case, "multi_agency")
    assert await kept() == ["decision"]
    await decide(hub, case)
    assert await kept() == []
    # What a colleague is still writing is theirs.
    assert (await ask(hub, "GET", f"/v1/drafts/minutes/{one}", RUTH)).status_code == 200


async def test_a_draft_holds_no_more_than_a_form_and_is_not_kept_for_ever(hub: Hub) -> None:
    case = await a_case(hub)
    child_id = case["children"][0]["child_id"]
    path = f"/v1/drafts/decision/{child_id}"
    wide = {"fields": {f"field-{number}": "x" for number in range(401)}}
    long = {"fields": {f"field-{number}": "x" * 20_000 for number in range(4)}}
    refused = [await ask(hub, "PUT", path, json=body) for body in (wide, long)]
    kept = await ask(hub, "PUT", path, json={"fields": {"rationale": "Half"}})
    async with transaction(hub.sessions["triage"], "test") as tx:
        gone = await holding.find_draft(
            tx,
            StaffId(person(DANA).staff_id),
            "decision",
            child_id,
            now=datetime.now(UTC) + timedelta(days=15),
        )
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [
        (422, "draft_too_large")
    ] * 2
    assert (kept.status_code, gone) == (200, None)
    assert (await ask(hub, "PUT", f"/v1/drafts/poem/{child_id}", json={"fields": {}})).status_code == 404
