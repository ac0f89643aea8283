"""Children of later versions: known again, never dropped, never taken for another referral's."""

import asyncio

from tests.hub import URLS, Hub
from tests.intake.correcting import codes, correct, post_version, read
from tests.referrals import a_child, a_referral

INTAKE = URLS["intake"]


async def test_children_keep_their_ids_whatever_their_order(hub: Hub) -> None:
    first = await hub.send(a_referral(children=[a_child("c1"), a_child("c2")]))
    one, two = (child["child_id"] for child in first["children"])
    sent = [a_child("c3"), a_child("c2"), a_child("other", child_id=one)]
    said = await correct(hub, first["reference"], a_referral(children=sent))
    ids = [child["child_id"] for child in said["children"]]
    assert ids[1:] == [two, one]
    assert ids[0] not in {one, two}
    assert [child["sender_child_reference"] for child in said["children"]] == ["c3", "c2", "other"]


async def test_a_child_that_is_left_out_is_kept_and_said(hub: Hub) -> None:
    referral = a_referral(children=[a_child("c1"), a_child("c2")])
    first = await hub.send(referral)
    said = await correct(hub, first["reference"], referral | {"children": [a_child("c2")]})
    assert [child["sender_child_reference"] for child in said["children"]] == ["c2", "c1"]
    assert ("#/children", "child_left_out") in codes(said)
    again = await correct(hub, first["reference"], referral | {"actions_taken": "We rang."})
    assert again["children"] == first["children"]
    assert "child_left_out" not in {code for _, code in codes(again)}
    sender = await hub.http.get(
        f"{INTAKE}/internal/referrals/{first['referral_id']}/sender",
        headers=await hub.as_service("notifications"),
    )
    assert sender.json()["children"] == first["children"]
    assert sender.json()["received_at"] == first["received_at"]


async def test_a_child_nobody_could_name_is_named_later(hub: Hub) -> None:
    danger = {"kind": "referral", "immediate_danger": True, "concerns": [{"narrative": "Screams."}]}
    first = await hub.send(danger)
    still = await correct(hub, first["reference"], danger | {"actions_taken": "999 was rung."})
    named = await correct(hub, first["reference"], a_referral(children=[a_child("c1"), a_child("c2")]))
    assert "999" in still["advice"]
    assert still["children"] == first["children"]
    assert "child_left_out" not in {code for _, code in codes(still) + codes(named)}
    assert len(named["children"]) == 2
    assert named["children"][0]["child_id"] == first["children"][0]["child_id"]
    assert "999" not in (named["advice"] or "")


async def test_a_child_of_another_referral_is_refused_with_its_place(hub: Hub) -> None:
    first, other = await hub.send(a_referral()), await hub.send(a_referral())
    strange = other["children"][0]["child_id"]
    sent = a_referral(children=[a_child(), a_child("c2", child_id=strange)])
    answer = await post_version(hub, first["reference"], sent)
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("#/referral/children/1/child_id", "not_of_this_referral")
    ]
    assert strange not in answer.text
    assert (await read(hub, first["reference"]))["version"] == 1


async def test_new_children_of_two_versions_at_once_are_all_kept(hub: Hub) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    await asyncio.gather(
        *(
            correct(hub, first["reference"], referral | {"children": [a_child(), a_child(name)]})
            for name in ("c2", "c3")
        )
    )
    progress = await read(hub, first["reference"])
    assert {child["sender_child_reference"] for child in progress["children"]} == {"c1", "c2", "c3"}
    assert len({child["child_id"] for child in progress["children"]}) == 3
