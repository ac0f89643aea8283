"""A policy's life: put forward, refused with its lines, approved by a second person, then followed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from services.triage.actions.agencies.renewing import renew_one_case
from services.triage.actions.policies.replaying import go_on
from services.triage.models import PolicyReplay
from services.triage.rules import Times
from shared.clock import utc_now
from shared.platform.database import transaction
from tests.hub import URLS, Hub
from tests.referrals import a_child, a_referral
from tests.triage.policy_texts import a_policy, a_version

POLICIES = f"{URLS['triage']}/v1/policies"
REPLAYS = f"{URLS['triage']}/v1/policy-replays"
Said = dict[str, Any]


async def ask(
    hub: Hub, method: str, url: str, body: Said | None = None, who: str = "priya.nair", **headers: str
) -> httpx.Response:
    sent = await hub.as_staff(who) | {name.replace("_", "-"): value for name, value in headers.items()}
    return await hub.http.request(method, url, json=body, headers=sent)


async def submit(hub: Hub, text: str, who: str = "priya.nair") -> httpx.Response:
    return await ask(hub, "POST", POLICIES, {"document": text, "note": "As agreed."}, who)


async def settle(
    hub: Hub, version: str, who: str, *, approved: bool = True, etag: str = '"1"'
) -> httpx.Response:
    body = {"approved": approved, "reason": "The replay is as expected."}
    return await ask(hub, "POST", f"{POLICIES}/{version}/approval", body, who, If_Match=etag)


async def run(hub: Hub) -> None:
    while await go_on(hub.sessions["triage"], now=utc_now()):
        pass


async def replayed(hub: Hub, version: str, since: str | None = None) -> Said:
    made = await ask(hub, "POST", f"{POLICIES}/{version}/replays", {"since": since} if since else {})
    assert made.status_code == 202, made.text
    assert (await ask(hub, "POST", f"{POLICIES}/{version}/replays", {})).json()["code"] == "replay_going"
    await run(hub)
    read: Said = (await ask(hub, "GET", f"{REPLAYS}/{made.json()['replay_id']}")).json()
    return read


async def test_a_text_with_faults_is_refused_with_a_line_for_each(hub: Hub) -> None:
    text = a_policy(
        None, ("- abuse.disclosed", "- abuse.made_up"), ("age_years: 12, ind", "age_years: 13, ind")
    )
    refused = await submit(hub, text)
    assert (refused.status_code, refused.json()["code"]) == (422, "policy_not_publishable")
    errors = refused.json()["errors"]
    unknown = next(error for error in errors if error["code"] == "unknown_indicator")
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "abuse.made_up" in words)
    assert unknown["detail"].startswith(f"Line {line}: rule significant-harm: ")
    assert {error["pointer"] for error in errors} == {"#/document"}
    slip = await submit(hub, "version: [")
    assert [error["code"] for error in slip.json()["errors"]] == ["not_readable"]


async def test_a_policy_waits_for_another_person_and_is_then_in_force(hub: Hub) -> None:
    version, url = a_version(), f"{POLICIES}/"
    said = await hub.send(a_referral(children=[a_child()]))
    case = await hub.case_of(said["reference"])
    made = await submit(hub, a_policy(version))
    assert (made.status_code, made.headers["etag"], made.json()["is_yours"]) == (201, '"1"', True)
    again = await submit(hub, a_policy(version))
    alone = await settle(hub, version, "priya.nair")
    stale = await settle(hub, version, "marcus.bell", etag='"9"')
    assert [answer.json()["code"] for answer in (again, alone, stale)] == [
        "version_submitted", "self_approval", "policy_changed",
    ]  # fmt: skip
    assert (alone.status_code, stale.status_code) == (403, 412)

    shown = (await ask(hub, "GET", url + version, who="dana.reid")).json()
    assert (shown["standing"], shown["submission"]["is_yours"]) == ("submitted", False)
    before = await hub.get_case(case["case_id"])
    approved = await settle(hub, version, "marcus.bell")
    twice = await settle(hub, version, "marcus.bell", etag='"2"')
    published = await submit(hub, a_policy(version))
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    assert (twice.json()["code"], published.json()["code"]) == ("not_waiting", "version_published")

    lines = (await ask(hub, "GET", POLICIES, who="ben.ashworth")).json()["items"]
    assert (lines[0]["version"], lines[0]["standing"]) == (version, "in_force")
    assert lines[0]["published_by"] == "Priya Nair, approved by Marcus Bell"
    assert {line["standing"] for line in lines[1:]} >= {"past"}
    while await renew_one_case(hub.sessions["triage"], Times(), now=utc_now()):
        pass
    after = await hub.get_case(case["case_id"])
    was, now = (one["children"][0]["recommendation"] for one in (before, after))
    assert (was["policy_version"] != version, now["policy_version"]) == (True, version)
    assert (now["level"], now["rag"]) == (was["level"], was["rag"])
    assert after["version"] == before["version"] + 1


async def test_a_policy_is_refused_or_withdrawn_and_may_come_again(hub: Hub) -> None:
    version = a_version()
    await submit(hub, a_policy(version))
    withdrawal = f"{POLICIES}/{version}/withdrawal"
    reason = {"reason": "A rule is missing."}
    others = await ask(hub, "POST", withdrawal, reason, "marcus.bell", If_Match='"1"')
    own = await ask(hub, "POST", withdrawal, reason, If_Match='"1"')
    assert (others.json()["code"], own.json()["state"]) == ("not_the_submitter", "withdrawn")
    assert (await submit(hub, a_policy(version), "marcus.bell")).status_code == 201
    refused = await settle(hub, version, "priya.nair", approved=False)
    assert (refused.json()["state"], refused.json()["decided_by"]) == ("refused", "Priya Nair")
    lines = (await ask(hub, "GET", POLICIES)).json()["items"]
    assert [line["standing"] for line in lines if line["version"] == version] == ["refused"]


async def test_a_policy_reads_as_tables_without_its_yaml(hub: Hub) -> None:
    lines = (await ask(hub, "GET", POLICIES)).json()["items"]
    past = next(line for line in lines if line["version"].startswith("hub-"))
    shown = (await ask(hub, "GET", f"{POLICIES}/{past['version']}", who="dana.reid")).json()
    rule = next(rule for rule in shown["rules"] if rule["rule_id"] == "two-agencies-at-four")
    assert rule["when"]["words"] == "2 different agencies grade their concern 4 or higher"
    assert rule["then"] == ["level 4 (Specialist) or higher", "strategy discussion or more protective", "Red"]
    assert "aged 9; police grades 4; education grades 5" in rule["speaks_for"]
    assert [level["step"] for level in shown["levels"]] == [1, 2, 3, 4]
    assert any(floor["words"] == "a child in immediate danger" for floor in shown["floors"])
    assert (await ask(hub, "GET", f"{POLICIES}/No_Such")).status_code == 404


async def test_a_replay_shows_who_would_move_and_leads_to_the_cases(hub: Hub) -> None:
    calm = {"concerns": [{"indicator": "neglect.early", "narrative": "Often hungry."}]}
    address = {"lines": ["1 Test Row"], "town": "Testby", "postcode": "zz9 9zz"}
    said = await hub.send(a_referral(children=[a_child(address=address)], **calm))
    case = await hub.case_of(said["reference"])
    same, raised = a_version(), a_version()
    await submit(hub, a_policy(same))
    none = await replayed(hub, same)
    assert (none["state"], none["up"], none["down"], none["not_read"]) == ("done", 0, 0, 0)
    assert none["done"] == none["total"] > 0

    assert (await submit(hub, a_policy(raised, ("\nrules:\n", RAISED)))).status_code == 201
    moved = await replayed(hub, raised)
    assert (moved["up"] > 0, moved["down"]) == (True, 0)
    place = next(one for one in moved["by_locality"] if one["key"] == "ZZ9")
    assert place["up"] == place["children"]
    url = f"{REPLAYS}/{moved['replay_id']}/children"
    listed = await hub.every(url, await hub.as_staff("marcus.bell"), moved="up", locality="ZZ9", limit="1")
    mine = next(one for one in listed if one["case_id"] == case["case_id"])
    assert (mine["reference"], mine["after"]["level"]) == (said["reference"], 3)
    assert mine["before"]["level"] < 3
    assert await hub.every(url, await hub.as_staff("priya.nair"), moved="down") == []
    tomorrow = (utc_now() + timedelta(days=2)).date().isoformat()
    assert (await replayed(hub, raised, since=tomorrow))["total"] == 0


RAISED = """
rules:
  - id: early-neglect-is-complex
    source: Test
    words: Early neglect is level 3 here.
    when: {indicators_any: [neglect.early]}
    then: {level: 3, pathway: child_in_need}
    examples:
      fires: [{age_years: 9, indicators: [neglect.early]}]
      not_fires: [{age_years: 9, indicators: [peers.negative]}]
"""


async def test_a_replay_whose_worker_died_goes_on_once_its_lease_is_over(hub: Hub) -> None:
    # What other tests have begun would be gone on with first.
    await run(hub)
    version, now = a_version(), utc_now()
    await submit(hub, a_policy(version))
    made = (await ask(hub, "POST", f"{POLICIES}/{version}/replays", {})).json()
    async with transaction(hub.sessions["triage"], "test") as tx:
        row = await tx.get_one(PolicyReplay, UUID(made["replay_id"]))
        row.state, row.lease_until = "running", now + timedelta(seconds=20)
    assert not await go_on(hub.sessions["triage"], now=now)
    assert await go_on(hub.sessions["triage"], now=now + timedelta(seconds=21))
    await run(hub)
    read = (await ask(hub, "GET", f"{REPLAYS}/{made['replay_id']}")).json()
    assert (read["state"], read["done"]) == ("done", made["total"])
