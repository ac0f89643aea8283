"""A restricted case is open to managers and to whom they name; to others it is only there, where it waits."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update

from services.triage.actions.showing.restricted import note_restrictions
from services.triage.models import CaseAccess
from shared.clock import utc_now
from shared.platform.database import transaction
from shared.schemas.ids import ReferralId
from tests.hub import Hub, agency_id_of
from tests.intake.known_people import a_known_child, an_nhs_number, link, record_of
from tests.intake.restricting import PRIYA, a_rare_child, leaked, marks_of, restrict
from tests.permissions.applications import permit_of, routes
from tests.referrals import a_referral
from tests.triage.joined import DANA, POLICE, ask, join, one_child_twice, sent

Said = dict[str, Any]
BEN, LUCY, OMAR, INES = "ben.ashworth", "lucy.grant", "omar.khan", "ines.moreau"
DANA_ID = "0198f0a0-0000-7000-8000-000000000101"
WHY = "Police are at the door and no manager answers."
NAMING = {"staff_id": DANA_ID, "reason": "Knows nobody of the family."}


async def closed_to(hub: Hub, said: Said, place: int = 0, *, to: bool = True) -> None:
    """Restrict, or open again, a child of a referral, and let everybody hear of it."""
    person_id = (await record_of(hub, said, place)).person_id
    answer = await restrict(hub, person_id, to=to)
    assert answer.status_code == 200, answer.text
    await hub.carry_events()


async def a_closed_case(hub: Hub, **given: Any) -> tuple[Said, Said, Said]:
    """Return a restricted child as sent, what its sender was told, and its case as a manager sees it."""
    child = a_rare_child(grade=None)
    said = await sent(hub, child, **given)
    await closed_to(hub, said)
    return child, said, await hub.case_of(said["reference"], PRIYA)


async def open_to(hub: Hub, case: Said, who: str) -> bool:
    """Say whether somebody may open a case."""
    answer = await ask(hub, f"/v1/cases/{case['case_id']}", who=who)
    if answer.status_code != 200:
        assert (answer.status_code, answer.json()["code"]) == (403, "restricted_case")
    return answer.status_code == 200


async def lines_of(hub: Hub, case: Said, who: str, **query: str) -> list[Said]:
    """Return the lines of a work list that are about a case."""
    listed = await hub.every("http://triage/v1/cases", await hub.as_staff(who), **query)
    return [line for line in listed if line["case_id"] == case["case_id"]]


async def test_to_whom_nobody_named_it_is_only_there_and_only_where_it_waits(hub: Hub) -> None:
    child, said, case = await a_closed_case(hub)
    marks = marks_of(child, said) - {case["children"][0]["child_id"]}
    assert case["restricted"] is True
    for who in (DANA, BEN):
        assert not await open_to(hub, case, who)
        for queue in ("to_decide", "unallocated"):
            [line] = await lines_of(hub, case, who, queue=queue)
            assert (line["closed"], line["references"], line["children"]) == (True, [], [])
            assert all((line["rag"], line["due_at"]))
        elsewhere = [{"queue": queue} for queue in ("decided", "mine", "second_look")]
        for query in (*elsewhere, {"reference": said["reference"]}):
            assert await lines_of(hub, case, who, **query) == []
        pages = [
            await ask(hub, f"/v1/{path}", who=who)
            for path in (
                "board?limit=1000",
                "board/changes?limit=1000",
                "breaches?limit=1000",
                "drifting",
                "alerts",
            )
        ]
        assert [leaked(page, marks) for page in pages] == [set()] * len(pages)
        assert case["case_id"] in [one["case_id"] for one in pages[0].json()["closed"]]
    [line] = await lines_of(hub, case, PRIYA)
    assert (line["closed"], line["restricted"], line["references"]) == (False, True, [said["reference"]])
    board = (await ask(hub, "/v1/board?limit=1000", who=PRIYA)).json()
    assert case["case_id"] in [one["case_id"] for one in board["items"]]
    assert (await ask(hub, f"/v1/cases/{case['case_id']}", who=LUCY)).status_code == 404


async def test_every_route_of_triage_asks_before_it_reads_a_case(hub: Hub) -> None:
    _, _, case = await a_closed_case(hub)
    ids = {"case_id": case["case_id"], "child_id": case["children"][0]["child_id"]}
    of_a_case = {
        key[1]: permit
        for key, permit in ((key, permit_of(key)) for key in routes() if key[0] == "triage")
        if permit and ("{case_id}" in key[1] or "{child_id}" in key[1])
    }
    answered = {}
    for route, permit in of_a_case.items():
        if "decision_maker" not in permit.roles:
            continue
        method, path = route.split(" ")
        headers = await hub.as_staff(DANA)
        answer = await hub.http.request(method, "http://triage" + path.format(**ids), headers=headers)
        answered[route] = (answer.status_code, answer.json()["code"])
    apart = answered.pop("POST /v1/cases/{case_id}/emergency-access")
    assert apart[0] == 415
    assert set(answered.values()) == {(403, "restricted_case")}
    assert len(answered) >= 22


async def test_whoever_is_named_works_on_it_like_on_any_until_it_is_taken_back(hub: Hub) -> None:
    _, said, case = await a_closed_case(hub)
    path = f"/v1/cases/{case['case_id']}/accesses"
    made = await ask(hub, path, NAMING, PRIYA)
    assert (made.status_code, made.json()["kind"], made.json()["expires_at"]) == (201, "named", None)
    assert await open_to(hub, case, DANA)
    assert not await open_to(hub, case, BEN)
    [line] = await lines_of(hub, case, DANA, reference=said["reference"])
    assert (line["closed"], line["restricted"]) == (False, True)
    ended = await ask(hub, f"/v1/accesses/{made.json()['access_id']}/end", {}, PRIYA)
    assert (ended.status_code, ended.json()["ended_by"]) == (200, "Priya Nair")
    assert not await open_to(hub, case, DANA)
    again = await ask(hub, f"/v1/accesses/{made.json()['access_id']}/end", {}, PRIYA)
    listed = (await ask(hub, path, who=PRIYA)).json()
    assert (again.json()["code"], listed["restricted"], len(listed["items"])) == ("access_ended", True, 1)
    nobody = await ask(hub, path, NAMING | {"staff_id": str(uuid4())}, PRIYA)
    assert nobody.json()["code"] == "reads_no_cases"


async def test_what_cannot_wait_is_opened_for_an_hour_and_another_manager_looks(hub: Hub) -> None:
    _, _, case = await a_closed_case(hub)
    path = f"/v1/cases/{case['case_id']}/emergency-access"
    short = await ask(hub, path, {"reason": "Urgent.             "})
    assert (short.status_code, await open_to(hub, case, DANA)) == (422, False)
    made = (await ask(hub, path, {"reason": WHY})).json()
    assert await open_to(hub, case, DANA)
    assert (await ask(hub, path, {"reason": WHY})).json()["code"] == "case_is_open"
    headers = await hub.as_staff(PRIYA)
    waiting = await hub.every("http://triage/v1/emergency-accesses?looked_at=false", headers)
    [mine] = [one for one in waiting if one["access_id"] == made["access_id"]]
    assert (mine["reason"], mine["in_a_day"] >= 1, mine["staff_name"]) == (WHY, True, "Dana Reid")
    look = f"/v1/emergency-accesses/{made['access_id']}/look"
    looked = await ask(hub, look, {"words": "Right."}, PRIYA)
    assert (looked.status_code, looked.json()["looked_by"]) == (200, "Priya Nair")
    assert (await ask(hub, look, {"words": "Right."}, "marcus.bell")).json()["code"] == "opening_looked_at"
    async with transaction(hub.sessions["triage"], "test") as tx:
        of_access = CaseAccess.access_id == UUID(made["access_id"])
        an_hour_ago = utc_now() - timedelta(minutes=61)
        await tx.execute(update(CaseAccess).where(of_access).values(expires_at=an_hour_ago))
    assert not await open_to(hub, case, DANA)


async def test_an_agency_answers_its_question_and_stays_blind_and_its_sender_hears(hub: Hub) -> None:
    _, _, case = await a_closed_case(hub)
    child_id = case["children"][0]["child_id"]
    url = f"http://triage/v1/cases/{case['case_id']}/children/{child_id}/grades/"
    for client in (POLICE, "northshire-health"):
        grade = {"status": "graded", "grade": 3, "rationale": "What our records show."}
        headers = await hub.as_client(client)
        given = await hub.http.put(f"{url}{agency_id_of(client)}", json=grade, headers=headers)
        assert given.status_code == 200, given.text
    seen = await ask(hub, f"/v1/cases/{case['case_id']}", who=INES)
    [child] = seen.json()["children"]
    assert (seen.status_code, child["own_grade_given"], child["grades"], child["rag"]) == (
        200,
        True,
        None,
        None,
    )
    assert "ETag" not in seen.headers
    version = (await ask(hub, f"/v1/cases/{case['case_id']}", who=PRIYA)).headers["ETag"]
    headers = await hub.as_staff(PRIYA) | {"If-Match": version}
    form = {
        "level": 4,
        "pathway": "strategy_discussion",
        "rag": "red",
        "rationale": "Seen today.",
        "different_decision_reason": "What police said on the telephone.",
    }
    path = f"http://triage/v1/cases/{case['case_id']}/children/{child_id}/decisions"
    decided = await hub.http.post(path, json=form, headers=headers)
    assert decided.status_code == 201, decided.text
    await hub.carry_events()
    url = "http://notifications/v1/outcomes"
    feed = await hub.every(url, await hub.as_client(POLICE), cursor="after")
    [told] = [one for one in feed if one["child_id"] == child_id]
    # To the hub's own staff what its sender was told is as closed as the case.
    for who, answers in ((DANA, {403}), (PRIYA, {200})):
        asked = (f"{url}?reference={told['reference']}", f"{url}/{told['event_id']}")
        headers = await hub.as_staff(who)
        assert {(await hub.http.get(one, headers=headers)).status_code for one in asked} == answers


async def test_a_restriction_goes_where_its_referral_goes(hub: Hub) -> None:
    first, second = await one_child_twice(hub)
    into, from_case = await hub.case_of(first["reference"]), await hub.case_of(second["reference"])
    mother = a_known_child("c2", grade=None, nhs_number=an_nhs_number())
    apart = await sent(hub, mother)
    beside = await hub.case_of(apart["reference"])
    made = await join(hub, second, into)
    # Who is restricted stands in both; the mark is made after the join, and lifted after it is undone.
    await closed_to(hub, first)
    assert not await open_to(hub, into, DANA)
    assert not await open_to(hub, from_case, DANA)
    assert await open_to(hub, beside, DANA)
    undo = await ask(
        hub, f"/v1/joins/{made['join_id']}/undo", {"reason": "Cousins."}, PRIYA, version=made["version"]
    )
    assert undo.status_code == 200, undo.text
    # A link undone parts them, and whoever has no mark is open again.
    record = await record_of(hub, second)
    unlinked = await hub.http.post(
        f"http://intake/v1/links/{record.record_id}/unlink",
        json={"reason": "Cousins."},
        headers=await hub.as_staff(PRIYA),
    )
    assert unlinked.status_code == 200, unlinked.text
    await closed_to(hub, second, to=False)
    assert (await open_to(hub, from_case, DANA), await open_to(hub, into, DANA)) == (True, False)
    seen = (await ask(hub, f"/v1/cases/{from_case['case_id']}")).json()
    assert first["reference"] not in str(seen)
    await closed_to(hub, first, to=False)
    assert await open_to(hub, into, DANA)


async def test_what_intake_said_later_stands_in_whatever_order_it_is_heard(hub: Hub) -> None:
    said = await hub.send(a_referral(children=[a_rare_child(grade=None)]))
    referral_id, now = ReferralId(UUID(said["referral_id"])), utc_now()
    # Before there is a case, and twice the wrong way round.
    for restricted, asked_at in ((True, now), (False, now - timedelta(seconds=9))):
        async with transaction(hub.sessions["triage"], "test") as tx:
            await note_restrictions(tx, {referral_id: restricted}, asked_at=asked_at)
    case = await hub.case_of(said["reference"], PRIYA)
    assert not await open_to(hub, case, DANA)
    async with transaction(hub.sessions["triage"], "test") as tx:
        await note_restrictions(tx, {referral_id: False}, asked_at=utc_now())
    assert await open_to(hub, case, DANA)


async def test_a_restriction_heard_of_before_the_case_keeps_it_closed(hub: Hub) -> None:
    child = a_rare_child(grade=None)
    known = await sent(hub, child)
    await closed_to(hub, known)
    # Matched to a restricted person at the door: the case is closed with nobody's doing.
    said = await sent(hub, child, by="example-primary")
    record = await record_of(hub, said)
    assert (await link(hub, record.record_id, record.person_id, PRIYA)).status_code == 200
    case = await hub.case_of(said["reference"], PRIYA)
    assert not await open_to(hub, case, DANA)
    named = await ask(hub, f"/v1/cases/{case['case_id']}/accesses", NAMING, PRIYA)
    assert named.status_code == 201
    assert await open_to(hub, case, DANA)
    first = await hub.case_of(known["reference"], PRIYA)
    child_id = case["children"][0]["child_id"]
    history = await ask(hub, f"/v1/cases/{case['case_id']}/children/{child_id}/chronology")
    assert first["case_id"] not in history.text
    assert "Restricted record" in history.text


@pytest.mark.parametrize("who", [DANA, LUCY, OMAR, BEN])
async def test_only_managers_let_somebody_in(hub: Hub, who: str) -> None:
    _, _, case = await a_closed_case(hub)
    refused: list[httpx.Response] = [
        await ask(hub, f"/v1/cases/{case['case_id']}/accesses", NAMING, who),
        await ask(hub, f"/v1/cases/{case['case_id']}/accesses", who=who),
        await ask(hub, "/v1/emergency-accesses", who=who),
    ]
    assert {answer.status_code for answer in refused} == {403}
