"""Whoever may see cases can be named for a restricted one, and then sees what their role sees of any."""

from tests.hub import Hub, person
from tests.intake.restricting import PRIYA
from tests.triage.joined import ask
from tests.triage.test_restricted_cases import BEN, NAMING, a_closed_case, open_to


async def test_an_auditor_or_a_coordinator_who_is_named_sees_what_their_role_sees(hub: Hub) -> None:
    _, _, case = await a_closed_case(hub)
    path = f"/v1/cases/{case['case_id']}/accesses"
    headers = await hub.as_staff(PRIYA)
    every = await hub.every("http://access/v1/deciders", headers, readers="true")
    deciders = await hub.every("http://access/v1/deciders", headers)
    ids = {one["name"]: one["staff_id"] for one in every}
    assert {one["name"] for one in every} - {one["name"] for one in deciders} >= {
        "Ben Ashworth",
        "Lucy Grant",
    }
    # Who speaks for an agency sees its own part of the case and no more, whoever names them.
    agency = await ask(hub, path, NAMING | {"staff_id": str(person("omar.khan").staff_id)}, PRIYA)
    assert (agency.status_code, agency.json()["code"]) == (422, "reads_no_cases")
    for name in ("Ben Ashworth", "Lucy Grant"):
        assert (await ask(hub, path, NAMING | {"staff_id": ids[name]}, PRIYA)).status_code == 201
    assert await open_to(hub, case, BEN)
    early = f"/v1/cases/{case['case_id']}"
    assert (await ask(hub, early, who="lucy.grant")).status_code == 404
    whole = await hub.get_case(case["case_id"], PRIYA)
    help_ = {"level": 2, "pathway": "early_help", "rag": "green", "rationale": "A befriender."}
    child_id = whole["children"][0]["child_id"]
    decided = await hub.http.post(
        f"http://triage{early}/children/{child_id}/decisions",
        json=help_ | {"different_decision_reason": "The family wants this."},
        headers=headers | {"If-Match": f'"{whole["version"]}"'},
    )
    assert decided.status_code == 201, decided.text
    assert (await ask(hub, early, who="lucy.grant")).status_code == 200
    for one in (await ask(hub, path, who=PRIYA)).json()["items"]:
        await ask(hub, f"/v1/accesses/{one['access_id']}/end", {}, PRIYA)
    assert not await open_to(hub, case, BEN)
    assert (await ask(hub, early, who="lucy.grant")).status_code == 404
