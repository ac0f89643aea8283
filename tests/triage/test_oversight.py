"""Management oversight: signed, never changed, read before deciding, and counted."""

from uuid import uuid4

from tests.hub import Hub
from tests.permissions.decisions import a_decision
from tests.triage.talking import a_case, ask


async def test_an_entry_is_signed_and_whoever_decides_reads_it_first(hub: Hub) -> None:
    case = await a_case(hub)
    path = f"/cases/{case['case_id']}/oversight"
    child_id = case["children"][0]["child_id"]
    whole = {"kind": "direction", "words": "Do not close before she is seen.", "review_on": "2096-11-30"}
    made = await ask(hub, "POST", path, whole, "priya.nair")
    again = await ask(
        hub, "POST", path, {"kind": "review", "words": "Seen.", "child_id": child_id}, "priya.nair"
    )
    wrong = await ask(hub, "POST", path, whole | {"child_id": str(uuid4())}, "priya.nair")
    blank = await ask(hub, "POST", path, whole | {"words": " "}, "priya.nair")
    decider = await ask(hub, "POST", path, whole)
    over = await ask(hub, "POST", path, whole | {"review_on": "2026-11-19"}, "priya.nair")
    assert (over.status_code, over.json()["code"]) == (422, "review_not_to_come")
    listed = await ask(hub, "GET", path, who="ben.ashworth")

    assert (made.status_code, again.status_code, decider.status_code) == (201, 201, 403)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "child_not_in_case")
    assert wrong.json()["errors"][0]["pointer"] == "#/child_id"
    assert blank.status_code == 422
    assert listed.json()["items"] == [made.json(), again.json()]
    assert made.json()["entered_by"] == "Priya Nair"
    stale = await ask(
        hub,
        "POST",
        f"/cases/{case['case_id']}/children/{child_id}/decisions",
        a_decision("child_in_need"),
        **{"If-Match": f'"{case["version"]}"'},
    )
    assert stale.status_code == 412


async def test_the_measure_counts_each_decided_child_once_by_month(hub: Hub) -> None:
    async def figures() -> tuple[int, int]:
        items = (await ask(hub, "GET", "/measures/oversight", who="ben.ashworth")).json()["items"]
        return sum(each["decided"] for each in items), sum(each["overseen"] for each in items)

    before = await figures()
    for has_entry in (True, False):
        case = await a_case(hub)
        child_id = case["children"][0]["child_id"]
        if has_entry:
            body = {"kind": "sign_off", "words": "Agreed."}
            await ask(hub, "POST", f"/cases/{case['case_id']}/oversight", body, "priya.nair")
            case = await hub.get_case(case["case_id"])
        decided = await ask(
            hub,
            "POST",
            f"/cases/{case['case_id']}/children/{child_id}/decisions",
            a_decision("child_in_need"),
            **{"If-Match": f'"{case["version"]}"'},
        )
        assert decided.status_code == 201, decided.text
    after = await figures()
    assert (after[0] - before[0], after[1] - before[1]) == (2, 1)
    # The same children by week, by the agency that told of them and by the team that holds them.
    for asked in ("by=week", "of=agency", "of=team", "by=week&of=agency&from=2020-01-01"):
        whole = (await ask(hub, "GET", f"/measures/oversight?{asked}", who="ben.ashworth")).json()
        items = whole["items"]
        assert (sum(one["decided"] for one in items), sum(one["overseen"] for one in items)) == after
        assert all(("-W" in one["month"]) is (whole["by"] == "week") for one in items)
        assert all((one["agency_id"] is not None) is (whole["of"] == "agency") for one in items)
    newest = (await ask(hub, "GET", "/measures/oversight", who="priya.nair")).json()["items"][0]
    assert newest["share"] == round(newest["overseen"] / newest["decided"], 4)
