"""A later version of a referral: the case follows it, and nothing that raises is lowered by its sender."""

import asyncio
import json
from typing import Any
from uuid import UUID

from sqlalchemy import text

from services.triage.actions.contacts.correcting import correct_case
from services.triage.models import MAILBOX
from shared.clock import utc_now
from shared.platform.database import transaction
from shared.platform.delivery import deliver
from shared.schemas.events import CaseCorrected, ReferralReceived
from shared.schemas.progress import ReferralDocument
from tests.hub import URLS, Hub, agency_id_of
from tests.referrals import a_child
from tests.triage.versions import (
    EARLY,
    STRANGLED,
    TRIAGE,
    a_mild_referral,
    cases_to_decide,
    correct,
    decide,
    send_version,
)


async def corrections_of(hub: Hub, case_id: str) -> list[CaseCorrected]:
    async with transaction(hub.sessions["triage"], "test") as tx:
        query = text(f"SELECT payload FROM {MAILBOX.outbox.fullname} ORDER BY position")
        rows = [row[0] for row in await tx.execute(query)]
    events = [row if isinstance(row, dict) else json.loads(row) for row in rows]
    found = [event for event in events if event["type"] == "triage.case_corrected.v1"]
    return [CaseCorrected.model_validate(event) for event in found if event["case_id"] == case_id]


async def test_a_correction_brings_the_case_up_to_the_newest_version(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral())
    before = await hub.case_of(said["reference"])
    child = a_child(
        given_name="Masie", whereabouts="With her aunt.", voice={"seen": True, "seen_alone": True}
    )
    after = await correct(
        hub, said, first | {"children": [child], "consent": {"sought": True, "given": True}}
    )
    shown = after["children"][0]
    assert (shown["given_name"], shown["whereabouts"]) == ("Masie", "With her aunt.")
    assert (shown["views"], shown["details"]["seen_alone"]) == (None, True)
    assert (after["contacts"][0]["version"], after["contacts"][0]["consent"]["given"]) == (2, True)
    assert after["contacts"][0]["corrected_at"] > after["contacts"][0]["received_at"]
    assert after["version"] == before["version"] + 1
    assert {"fact": "given_name", "said": "Maisie", "version": 1, "taken_back_in": 2} in shown["taken_back"]


async def test_a_correction_raises_at_once(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral())
    before = await hub.case_of(said["reference"])
    after = await correct(hub, said, first | {"concerns": [EARLY, STRANGLED]})
    assert (before["children"][0]["rag"], after["children"][0]["rag"]) == ("green", "red")
    assert after["children"][0]["decide_by"] < before["children"][0]["decide_by"]
    assert [concern["version"] for concern in after["children"][0]["concerns"]] == [1, 2]


async def test_what_a_correction_takes_back_is_shown_and_lowers_nothing(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral(concerns=[EARLY, STRANGLED], immediate_danger=True))
    before = await hub.case_of(said["reference"])
    after = await correct(hub, said, first | {"concerns": [EARLY], "immediate_danger": False})
    child = after["children"][0]
    taken = {concern["indicator"]: concern["taken_back_in"] for concern in child["concerns"]}
    assert taken == {"neglect.early": None, "domestic_abuse.strangulation": 2}
    assert [entry["fact"] for entry in child["taken_back"]] == ["immediate_danger"]
    assert not after["contacts"][0]["immediate_danger"]
    assert _said(child) == _said(before["children"][0])


def _said(child: dict[str, Any]) -> tuple[Any, ...]:
    made = child["recommendation"]
    return made["level"], made["pathway"], made["rag"], [rule["rule_id"] for rule in made["fired"]]


async def test_what_is_said_again_is_not_taken_back(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral(concerns=[EARLY, STRANGLED], immediate_danger=True))
    await send_version(hub, said, first | {"concerns": [EARLY], "immediate_danger": False})
    after = (await correct(hub, said, first))["children"][0]
    assert [concern["taken_back_in"] for concern in after["concerns"]] == [None, None]
    assert [concern["version"] for concern in after["concerns"]] == [1, 1]
    assert after["taken_back"] == []


async def test_an_older_child_on_second_thoughts_is_weighed_as_the_younger_one(hub: Hub) -> None:
    baby = a_child(date_of_birth="2026-06-01", grade=None)
    said = await hub.send(first := a_mild_referral(children=[baby], concerns=[EARLY]))
    before = await hub.case_of(said["reference"])
    after = await correct(hub, said, first | {"children": [baby | {"date_of_birth": "2016-06-01"}]})
    assert after["children"][0]["date_of_birth"] == "2016-06-01"
    assert _said(after["children"][0]) == _said(before["children"][0])


async def test_a_new_child_joins_with_its_own_timer_and_questions(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral())
    await hub.case_of(said["reference"])
    noah = a_child("c2", given_name="Noah")
    after = await correct(hub, said, first | {"children": [*first["children"], noah]})
    joined = after["children"][1]
    assert (joined["given_name"], joined["state"], len(joined["requests"])) == ("Noah", "gathering", 3)
    assert joined["recommendation"]["level"] is not None
    assert joined["decide_by"] > after["contacts"][0]["received_at"]
    assert [one["corrected_version"] for one in joined["requests"]] == [None, None, None]


async def test_a_child_that_is_left_out_stays_as_it_was_known(hub: Hub) -> None:
    both = [a_child("c1"), a_child("c2", given_name="Noah")]
    said = await hub.send(first := a_mild_referral(children=both))
    before = await hub.case_of(said["reference"])
    after = await correct(hub, said, first | {"children": both[:1], "concerns": [STRANGLED]})
    kept, was = after["children"][1], before["children"][1]
    assert kept["left_out_in"] == 2
    same = ("given_name", "views", "concerns", "grades", "recommendation")
    assert [kept[name] for name in same] == [was[name] for name in same]


async def test_a_new_grade_of_the_sender_is_kept_beside_the_old_and_the_higher_routes(hub: Hub) -> None:
    five = a_child(grade={"status": "graded", "grade": 5, "rationale": "He has her passport."})
    said = await hub.send(first := a_mild_referral(children=[five]))
    before = await hub.case_of(said["reference"])
    one = five | {"grade": {"status": "graded", "grade": 1, "rationale": "We were wrong."}}
    after = await correct(hub, said, first | {"children": [one]})
    child = after["children"][0]
    assert [(given["grade"], given["superseded"]) for given in child["grades"]] == [(5, True), (1, False)]
    assert _said(child) == _said(before["children"][0])


async def test_whoever_is_blind_cannot_tell_a_new_grade_from_a_new_address(hub: Hub) -> None:
    marks = []
    for change in ({"grade": {"status": "graded", "grade": 4}}, {"address": {"postcode": "NT9 9ZZ"}}):
        said = await hub.send(first := a_mild_referral())
        await hub.case_of(said["reference"])
        changed = [first["children"][0] | change]
        case = await correct(hub, said, first | {"children": changed})
        blind = await hub.get_case(case["case_id"], "ines.moreau")
        marks.append([one["corrected_version"] for one in blind["children"][0]["requests"]])
    assert marks == [[2, 2, 2], [2, 2, 2]]


async def test_an_older_version_that_arrives_late_changes_nothing(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral())
    await send_version(hub, said, first | {"concerns": [EARLY, STRANGLED]})
    after = await correct(hub, said, first | {"actions_taken": "We rang the school."})
    assert not await apply(hub, [await a_version(hub, said, 2)])
    assert await hub.get_case(after["case_id"]) == after


async def a_version(hub: Hub, said: dict[str, Any], version: int) -> ReferralDocument:
    answer = await hub.http.get(
        f"{URLS['intake']}/internal/referrals/{said['referral_id']}?version={version}",
        headers=await hub.as_service("triage"),
    )
    return ReferralDocument.model_validate_json(answer.content)


async def test_several_deliveries_have_one_effect_and_one_announcement(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral())
    await hub.case_of(said["reference"])
    after = await correct(hub, said, first | {"concerns": [STRANGLED]})
    hub.forget_carried("intake")
    assert await hub.case_of(said["reference"]) == after
    [event] = await corrections_of(hub, after["case_id"])
    asked = {agency_id_of(name) for name in ("omar.khan", "ines.moreau", "tom.barker")}
    assert (event.referral_version, event.version) == (2, after["version"])
    assert set(event.asked_agency_ids) == asked
    assert event.referral_id == UUID(said["referral_id"])


async def test_whoever_was_asked_sees_that_it_was_corrected_since(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral())
    await hub.case_of(said["reference"])
    case = await correct(hub, said, first | {"concerns": [STRANGLED]})
    listed = await hub.every(f"{TRIAGE}/v1/information-requests", await hub.as_staff("ines.moreau"))
    own = next(one for one in listed if one["case_id"] == case["case_id"])
    assert (own["corrected_at"], own["corrected_version"]) == (case["contacts"][0]["corrected_at"], 2)


async def test_a_decision_stands_and_the_child_comes_back_to_the_work_list(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral())
    made = await decide(hub, await hub.case_of(said["reference"]))
    assert made["case_id"] not in await cases_to_decide(hub)
    after = await correct(hub, said, first | {"concerns": [STRANGLED]})
    child = after["children"][0]
    assert (child["state"], child["changed_since_decision"], child["rag"]) == ("decided", True, "red")
    assert child["decisions"][0]["pathway"] == "early_help"
    assert child["recommendation"]["level"] == 4
    line = (await cases_to_decide(hub))[made["case_id"]]
    assert (line["rag"], line["children"][0]["changed_since_decision"]) == ("red", True)


async def test_a_person_settles_it_by_replacing_the_decision(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral())
    made = await decide(hub, await hub.case_of(said["reference"]))
    after = await correct(hub, said, first | {"concerns": [STRANGLED]})
    said = {"level": 4, "pathway": "strategy_discussion", "rag": "red"}
    await decide(hub, after, supersedes=made["decision_id"], **said)
    child = (await hub.get_case(made["case_id"]))["children"][0]
    assert (child["changed_since_decision"], len(child["decisions"])) == (False, 2)
    assert made["case_id"] not in await cases_to_decide(hub)


async def test_a_decided_child_that_a_version_does_not_touch_stays_settled(hub: Hub) -> None:
    both = [a_child("c1", grade=None), a_child("c2", given_name="Noah", grade=None)]
    said = await hub.send(first := a_mild_referral(children=both))
    await decide(hub, await hub.case_of(said["reference"]))
    after = await correct(
        hub, said, first | {"children": [both[0], both[1] | {"sex": "M", "whereabouts": "?"}]}
    )
    assert [child["changed_since_decision"] for child in after["children"]] == [False, False]
    assert after["children"][1]["requests"][0]["corrected_version"] == 2
    assert after["children"][0]["requests"][0]["corrected_version"] is None


async def test_a_correction_that_overtakes_its_referral_opens_the_case_with_both(hub: Hub) -> None:
    await hub.carry_events()
    said = await hub.send(first := a_mild_referral(concerns=[EARLY, STRANGLED]))
    await send_version(hub, said, first | {"concerns": [EARLY]})
    event = ReferralReceived(
        referral_id=said["referral_id"],
        version=2,
        agency_id=agency_id_of("northshire-police"),
        occurred_at=utc_now(),
    )
    triage = next(one for one in hub.listeners if one.workplace.mailbox is MAILBOX)
    for handler in reversed(triage.subscriptions[ReferralReceived]):
        await deliver(event, handler, triage.workplace)
    case = await hub.case_of(said["reference"])
    assert [concern["taken_back_in"] for concern in case["children"][0]["concerns"]] == [None, 2]
    assert case["contacts"][0]["received_at"] == said["received_at"]
    assert (case["contacts"][0]["version"], case["version"]) == (2, 2)


async def test_two_deliveries_at_once_are_applied_once(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral())
    before = await hub.case_of(said["reference"])
    await send_version(hub, said, first | {"concerns": [STRANGLED]})
    versions = [await a_version(hub, said, number) for number in (1, 2)]
    assert sorted(await asyncio.gather(*(apply(hub, versions) for _ in range(4)))) == [False] * 3 + [True]
    assert (await hub.case_of(said["reference"]))["version"] == before["version"] + 1


async def apply(hub: Hub, versions: list[ReferralDocument]) -> bool:
    async with transaction(hub.sessions["triage"], "test") as tx:
        return await correct_case(tx, versions, now=utc_now(), settings=hub.settings["triage"])
