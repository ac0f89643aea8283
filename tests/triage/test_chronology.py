"""What happened to a child, under all its names, as far as the reader may see; and what was not searched."""

from typing import Any
from uuid import UUID

import httpx

from deploy.local.postgres import PostgresServer
from services.triage.app import create_app
from tests.hub import URLS, Hub, agency_id_of
from tests.intake.known_people import a_known_child, link, record_of, send, unlink
from tests.intake.restricting import a_rare_child
from tests.referrals import a_referral
from tests.triage.second_looks import approve
from tests.triage.versions import correct
from tests.triage.without_intake import without_intake

TRIAGE = URLS["triage"]
Said = dict[str, Any]


async def ask(
    hub: Hub, case: Said, who: str = "dana.reid", query: str = "", http: httpx.AsyncClient | None = None
) -> httpx.Response:
    child_id = case["children"][0]["child_id"]
    url = f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/chronology{query}"
    return await (http or hub.http).get(url, headers=await hub.as_staff(who))


async def read(hub: Hub, case: Said, who: str = "dana.reid", query: str = "") -> Said:
    answer = await ask(hub, case, who, query)
    assert answer.status_code == 200, answer.text
    found: Said = answer.json()
    return found


def kinds(found: Said) -> set[str]:
    return {line["kind"] for line in found["items"]}


def links(found: Said) -> set[str]:
    return {line["link"] for line in found["items"]}


async def known_twice(hub: Hub) -> tuple[Said, Said, Said]:
    """Return the cases of a child that was sent twice and linked by the machine, and the second answer."""
    child = a_rare_child(given_name="Maisie")
    first, second = await send(hub, child), await send(hub, child | {"given_name": "Maisie-Rose"})
    return await hub.case_of(first["reference"]), await hub.case_of(second["reference"]), second


async def confirm(hub: Hub, said: Said) -> None:
    record = await record_of(hub, said)
    assert (await link(hub, record.record_id, record.person_id)).status_code == 200
    await hub.carry_events()


async def grade(hub: Hub, case: Said, who: str, number: int) -> None:
    child_id = case["children"][0]["child_id"]
    answer = await hub.http.put(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/grades/{agency_id_of(who)}",
        json={"status": "graded", "grade": number, "rationale": "What our records show."},
        headers=await hub.as_staff(who),
    )
    assert answer.status_code == 200, answer.text


async def decide(hub: Hub, case: Said, pathway: str) -> Said:
    now = await hub.get_case(case["case_id"])
    answer = await hub.http.post(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{case['children'][0]['child_id']}/decisions",
        json={
            "level": 2,
            "pathway": pathway,
            "rag": "green",
            "rationale": "Between ourselves: the aunt told us.",
            "different_decision_reason": "The family asked for it.",
        },
        headers=await hub.as_staff("dana.reid") | {"If-Match": f'"{now["version"]}"'},
    )
    assert answer.status_code == 201, answer.text
    await hub.carry_events()
    made: Said = answer.json()
    return made


async def test_a_child_heard_of_once_has_its_contact_questions_and_what_was_not_searched(hub: Hub) -> None:
    case = await hub.case_of((await send(hub, a_known_child()))["reference"])
    found = await read(hub, case)
    sources = {source["source"]: source for source in found["sources"]}
    assert {"contact", "question", "recommendation"} <= kinds(found)
    assert sources["hub"]["as_of"] is not None
    assert sources["person_index"]["searched"]
    assert not sources["council_case_system"]["searched"]
    assert sources["council_case_system"]["why_not"]
    assert (found["all_searched"], found["contacts_12m"], found["re_referral_12m"]) == (False, 1, False)


async def test_what_a_link_brings_stands_under_its_own_name_and_says_by_which_link(hub: Hub) -> None:
    first, second, said = await known_twice(hub)
    before = await read(hub, second)
    await confirm(hub, said)
    after = await read(hub, second)
    assert links(before) == {"own", "provisional"}
    assert (before["contacts_12m"], before["contacts_12m_provisional"], before["names_count"]) == (2, 1, 2)
    assert links(after) == {"own", "confirmed"}
    assert (after["contacts_12m"], after["contacts_12m_provisional"]) == (2, 0)
    others = [line for line in after["items"] if line["link"] == "confirmed"]
    assert {(line["case_id"], line["given_name"]) for line in others} == {(first["case_id"], "Maisie")}
    assert [line["at"] for line in after["items"]] == sorted(line["at"] for line in after["items"])


async def test_an_undone_link_is_gone_the_moment_it_is_undone(hub: Hub) -> None:
    _, second, said = await known_twice(hub)
    assert "provisional" in links(await read(hub, second))
    assert (await unlink(hub, UUID(said["children"][0]["child_id"]))).status_code == 200
    assert links(await read(hub, second)) == {"own"}


async def test_an_agency_that_has_not_graded_sees_no_grade_nor_anything_that_tells_one(hub: Hub) -> None:
    first, second, said = await known_twice(hub)
    await confirm(hub, said)
    await grade(hub, first, "ines.moreau", 4)
    await decide(hub, first, "early_help")
    await grade(hub, second, "omar.khan", 5)
    blind = await read(hub, second, "ines.moreau")
    assert kinds(blind) == {"contact", "question"}
    await grade(hub, second, "ines.moreau", 2)
    seeing = await read(hub, second, "ines.moreau")
    assert {"grade", "recommendation", "decision"} <= kinds(seeing)
    assert {line["case_id"] for line in seeing["items"]} == {first["case_id"], second["case_id"]}


async def test_an_agency_is_shown_nothing_by_a_link_that_nobody_has_confirmed(hub: Hub) -> None:
    _, second, _ = await known_twice(hub)
    found = await read(hub, second, "ines.moreau")
    assert (links(found), found["contacts_12m"]) == ({"own"}, 1)
    kept_back = next(source for source in found["sources"] if source["source"] == "not_shown")
    assert not kept_back["searched"]


async def test_a_coordinator_sees_what_went_before_and_no_grade_or_reason(hub: Hub) -> None:
    first, second, said = await known_twice(hub)
    await confirm(hub, said)
    await grade(hub, first, "omar.khan", 3)
    await decide(hub, first, "advice")
    assert (await ask(hub, second, "lucy.grant")).status_code == 404
    await approve(hub, await decide(hub, second, "early_help"))
    found = await read(hub, second, "lucy.grant")
    assert kinds(found) == {"contact", "question", "decision"}
    assert links(found) == {"own", "confirmed"}
    assert {line["said"] for line in found["items"] if line["kind"] == "decision"} == {None}
    assert "aunt" not in str(found)


async def test_an_answer_is_read_as_far_as_its_owner_lets_it_travel(hub: Hub) -> None:
    case = await hub.case_of((await send(hub, a_known_child()))["reference"])
    own = next(one for one in case["children"][0]["requests"] if one["sector"] == "health")
    answered = await hub.http.post(
        f"{TRIAGE}/v1/information-requests/{own['request_id']}/answer",
        json={"status": "information", "text": "Missed two appointments.", "handling": "hub_only"},
        headers=await hub.as_staff("ines.moreau"),
    )
    assert answered.status_code == 200
    told = {
        who: [line["said"] for line in (await read(hub, case, who))["items"] if line["kind"] == "answer"]
        for who in ("dana.reid", "ines.moreau", "omar.khan")
    }
    words = "Missed two appointments."
    assert told == {"dana.reid": [words], "ines.moreau": [words], "omar.khan": [None]}


async def test_a_later_version_is_a_line_of_its_own(hub: Hub) -> None:
    child = a_known_child()
    said = await send(hub, child)
    worse = a_referral(children=[child], concerns=[{"narrative": "Seen alone again at night."}])
    case = await correct(hub, said, worse)
    lines = [line for line in (await read(hub, case))["items"] if line["kind"] == "correction"]
    assert [line["said"] for line in lines] == ["Seen alone again at night."]
    assert lines[0]["words"].startswith("The sender sent version 2.")


async def test_it_is_read_on_where_it_was_left(hub: Hub) -> None:
    _, second, _ = await known_twice(hub)
    whole = await read(hub, second)
    pieces, query = list[Said](), "?limit=3"
    while True:
        part = await read(hub, second, query=query)
        pieces += part["items"]
        assert part["contacts_12m"] == whole["contacts_12m"]
        if not part["has_more"]:
            break
        query = f"?limit=3&cursor={part['next_cursor']}"
    assert pieces == whole["items"]
    assert (await ask(hub, second, query="?cursor=bm8")).status_code == 400


async def test_while_intake_is_away_it_says_that_links_were_not_searched(
    hub: Hub, server: PostgresServer
) -> None:
    _, second, _ = await known_twice(hub)
    assert server.url
    app = create_app(hub.settings["triage"], with_workers=False, http=without_intake(hub))
    async with app.router.lifespan_context(app):
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app))
        answer = await ask(hub, second, http=http)
    index = next(one for one in answer.json()["sources"] if one["source"] == "person_index")
    assert (answer.status_code, index["searched"], index["as_of"]) == (200, False, None)
    assert index["why_not"]
    assert links(answer.json()) == {"own"}
