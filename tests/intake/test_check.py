"""Checking a draft before it is sent, as a teacher's system sees it."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.hub import URLS, Hub
from tests.intake.asking_triage import intake_with
from tests.referrals import a_child, a_referral

CHECK = f"{URLS['intake']}/v1/referrals/check"
TEACHER = "example-primary"
NEGLECT = {
    "indicator": "neglect.early",
    "narrative": "No breakfast on twelve of the last twenty days.",
    "since_on": "2026-10-26",
}
NO_FAMILY_YET = "Do not tell the family yet"
NEVER = ("do not send", "don't send", "not necessary to send", "below the threshold", "does not meet")


def a_draft(**given: Any) -> dict[str, Any]:
    """Return a draft of a teacher about a hungry child, changed by what is given."""
    return a_referral(concerns=[NEGLECT], consent=None, family_told=None, check_receipt_id=None) | given


async def check(hub: Hub, draft: dict[str, Any], client_id: str = TEACHER) -> dict[str, Any]:
    """Check a draft and return what the hub makes of it."""
    answer = await hub.http.post(CHECK, json=draft, headers=await hub.as_client(client_id))
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def receipts(hub: Hub, who: str = "priya.nair", **query: Any) -> dict[str, Any]:
    """Return a page of receipts."""
    url = f"{URLS['intake']}/v1/check-receipts"
    answer = await hub.http.get(url, params=query, headers=await hub.as_staff(who))
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def receipt(hub: Hub, receipt_id: str) -> dict[str, Any]:
    """Return one receipt from the list."""
    page = await receipts(hub)
    return next(item for item in page["items"] if item["receipt_id"] == receipt_id)


async def test_an_empty_draft_is_told_what_a_referral_needs(hub: Hub) -> None:
    said = await check(hub, {})
    gaps = {gap["pointer"] for gap in said["gaps"]}
    assert {"#/kind", "#/referrer", "#/children", "#/concerns"} <= gaps
    assert [child["level"] for child in said["likely"]] == [None]
    assert "a person reads it" in said["what_to_do_now"][0]
    assert "send it" in said["send_anyway"]


async def test_a_good_draft_has_few_gaps_and_a_likely_answer_with_its_rules(hub: Hub) -> None:
    said = await check(hub, a_draft())
    child = said["likely"][0]
    assert (child["sender_child_reference"], child["level"], child["pathway"]) == ("c1", 2, "early_help")
    assert child["rules"]
    assert all(rule["words"] and rule["source"] for rule in child["rules"])
    assert said["policy_version"]
    assert {gap["pointer"] for gap in said["gaps"]} == {
        "#/children/0/whereabouts",
        "#/adults",
        "#/actions_taken",
        "#/consent",
    }


@pytest.mark.parametrize(
    ("indicator", "grade", "pathway", "words"),
    [
        ("universal.needs_met", 1, None, "health visitor or school nurse"),
        ("neglect.early", 2, "early_help", "Offer early help"),
        ("neglect.persistent", 3, "child_in_need", "Send it today"),
        ("neglect.severe", 4, "strategy_discussion", "Send it now"),
    ],
)
async def test_the_steps_fit_what_would_probably_come_of_it(
    hub: Hub, indicator: str, grade: int, pathway: str | None, words: str
) -> None:
    child = a_child(grade={"status": "graded", "grade": grade, "rationale": "Seen every day for a term."})
    said = await check(hub, a_draft(concerns=[NEGLECT | {"indicator": indicator}], children=[child]))
    assert said["likely"][0]["pathway"] == pathway
    assert words in " ".join(said["what_to_do_now"])


async def test_whoever_asks_for_advice_gets_it_and_may_still_send(hub: Hub) -> None:
    concerns = [NEGLECT | {"indicator": "universal.needs_met"}]
    said = await check(hub, a_draft(kind="enquiry", concerns=concerns, children=[{}]))
    assert "a person reads it" in said["what_to_do_now"][0]
    assert "your own setting" in " ".join(said["what_to_do_now"])


@pytest.mark.parametrize(
    "indicator",
    [
        *("sexual_abuse.disclosed_or_suspected", "fii.suspected", "honour_based_abuse.threat"),
        *("fgm.family_history", "domestic_abuse.conflict", "domestic_abuse.child_present"),
    ],
)
async def test_the_hub_is_rung_before_any_word_about_the_family(hub: Hub, indicator: str) -> None:
    said = await check(hub, a_draft(concerns=[NEGLECT | {"indicator": indicator}]))
    assert said["safety"][0].startswith(NO_FAMILY_YET)
    assert said["telephone"] in said["safety"][0]
    pointers = {each["pointer"] for each in said["gaps"] + said["findings"]}
    assert not [pointer for pointer in pointers if pointer.startswith(("#/consent", "#/family_told"))]
    assert "consent" not in " ".join(said["what_to_do_now"]).lower()


async def test_danger_comes_before_everything(hub: Hub) -> None:
    draft = {"immediate_danger": True, "concerns": [{"indicator": "domestic_abuse.high_risk"}]}
    said = await check(hub, draft)
    assert "999" in said["safety"][0]
    assert said["safety"][1].startswith(NO_FAMILY_YET)
    assert [gap["pointer"] for gap in said["gaps"]] == ["#/concerns/0/narrative"]
    assert said["what_to_do_now"][0].startswith("Send it now")


@pytest.mark.parametrize("indicator", ["universal.needs_met", "neglect.early", "no.such", None])
async def test_nobody_is_ever_told_not_to_send(hub: Hub, indicator: str | None) -> None:
    said = await check(hub, a_draft(concerns=[NEGLECT | {"indicator": indicator}]))
    words = " ".join([*said["safety"], *said["what_to_do_now"], said["send_anyway"]]).lower()
    assert not [phrase for phrase in NEVER if phrase in words]
    assert said["telephone"] in said["send_anyway"]


@pytest.mark.parametrize("how", ["away", "refusing", "slow", "odd"])
async def test_without_triage_the_answer_is_gaps_and_findings_and_says_so(hub: Hub, how: str) -> None:
    async with intake_with(hub, triage=how) as http:
        answer = await http.post(CHECK, json=a_draft(), headers=await hub.as_client(TEACHER))
    said = answer.json()
    assert (answer.status_code, said["likely"], said["policy_version"]) == (200, None, None)
    assert said["gaps"]
    assert said["findings"]
    assert "cannot say just now" in said["what_to_do_now"][0]


async def test_no_transaction_is_open_while_triage_thinks(hub: Hub) -> None:
    one = {"pool_size": 1, "pool_acquire_timeout": timedelta(seconds=0.3)}
    headers = await hub.as_client(TEACHER)
    async with intake_with(hub, triage="slow", check_patience=timedelta(seconds=1), **one) as http:
        answers = await asyncio.gather(*(http.post(CHECK, json={}, headers=headers) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}


async def test_a_draft_that_cannot_be_read_is_refused(hub: Hub) -> None:
    headers = await hub.as_client(TEACHER)
    answer = await hub.http.post(CHECK, json={"concerns": [{"indicator": 4}]}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/concerns/0/indicator")


async def test_a_receipt_holds_codes_and_nothing_about_anyone(hub: Hub) -> None:
    concerns = [NEGLECT, NEGLECT | {"indicator": "maisie.example"}, NEGLECT | {"indicator": None}]
    said = await check(hub, a_draft(concerns=concerns, children=[a_child(), a_child("c2")]))
    kept = await receipt(hub, said["receipt_id"])
    assert kept["indicators"] == ["neglect.early", "not_coded"]
    assert (kept["children_count"], kept["sent_as"]) == (2, None)
    assert kept["gaps"] == [gap["pointer"] for gap in said["gaps"]]
    assert "aisie" not in str(kept)


async def test_what_is_not_known_of_one_child_is_not_kept_as_the_lower_level(hub: Hub) -> None:
    said = await check(hub, a_draft(concerns=[NEGLECT | {"indicator": "no.such"}]))
    kept = await receipt(hub, said["receipt_id"])
    if said["likely"][0]["level"] is None:
        assert (kept["likely_level"], kept["likely_pathway"]) == (None, None)
        assert "a person reads it" in said["what_to_do_now"][0]
    else:
        assert kept["likely_level"] == said["likely"][0]["level"]


async def test_a_referral_that_came_of_a_check_is_noted_on_its_receipt(hub: Hub) -> None:
    checked = await check(hub, a_draft())
    sent = await hub.send(a_referral(check_receipt_id=checked["receipt_id"]), TEACHER)
    again = await hub.send(a_referral(check_receipt_id=checked["receipt_id"]), TEACHER)
    assert sent["findings"] == again["findings"] == []
    assert (await receipt(hub, checked["receipt_id"]))["sent_as"] == sent["reference"]


async def test_a_replay_leaves_the_receipt_with_the_first(hub: Hub) -> None:
    checked = await check(hub, a_draft())
    referral, key = a_referral(check_receipt_id=checked["receipt_id"]), str(uuid4())
    first = await hub.post_referral(referral, TEACHER, key)
    again = await hub.post_referral(referral, TEACHER, key)
    assert first.json() == again.json()
    assert (await receipt(hub, checked["receipt_id"]))["sent_as"] == first.json()["reference"]


@pytest.mark.parametrize("whose", ["another's", "nobody's"])
async def test_a_receipt_of_someone_else_is_a_finding_and_stays_theirs(hub: Hub, whose: str) -> None:
    checked = await check(hub, a_draft())
    receipt_id = checked["receipt_id"] if whose == "another's" else str(uuid4())
    sent = await hub.send(a_referral(check_receipt_id=receipt_id), "northshire-health")
    assert ("#/check_receipt_id", "receipt_not_known") in {
        (finding["pointer"], finding["code"]) for finding in sent["findings"]
    }
    assert (await receipt(hub, checked["receipt_id"]))["sent_as"] is None


async def test_what_was_checked_and_never_sent_is_listed_page_by_page(hub: Hub) -> None:
    unsent = [(await check(hub, a_draft()))["receipt_id"] for _ in range(3)]
    sent = (await check(hub, a_draft()))["receipt_id"]
    await hub.send(a_referral(check_receipt_id=sent), TEACHER)
    first = await receipts(hub, "ben.ashworth", sent="false", limit=2)
    rest = await receipts(hub, "ben.ashworth", sent="false", limit=2, cursor=first["next_cursor"])
    assert [item["receipt_id"] for item in first["items"] + rest["items"]][:3] == unsent[::-1]
    assert [item["receipt_id"] for item in (await receipts(hub, sent="true", limit=1))["items"]] == [sent]


async def test_one_in_ten_is_looked_at_and_a_cursor_is_good_for_its_own_list(hub: Hub) -> None:
    await check(hub, a_draft())
    picked = await receipts(hub, sampled="true", limit=1000)
    others = await receipts(hub, sampled="false", limit=1000)
    assert all(item["sampled"] for item in picked["items"])
    assert not any(item["sampled"] for item in others["items"])
    url = f"{URLS['intake']}/v1/check-receipts?cursor={others['next_cursor']}"
    answer: httpx.Response = await hub.http.get(url, headers=await hub.as_staff("priya.nair"))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_a_decision_maker_does_not_see_what_was_never_sent(hub: Hub) -> None:
    url = f"{URLS['intake']}/v1/check-receipts"
    answer = await hub.http.get(url, headers=await hub.as_staff("dana.reid"))
    assert answer.status_code == 403
