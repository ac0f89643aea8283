"""What was done in time is counted by month and by week, for each agency, and names nobody."""

from collections import Counter
from typing import Any

from tests.hub import Hub, agency_id_of
from tests.triage.clockwork import THEN, move_timers, run, timers_of
from tests.triage.joined import ask
from tests.triage.test_second_look import a_serious_child, decide

Said = dict[str, Any]
LONG_AGO = "&from=2020-01-01&to=2020-01-31"
RED: Said = {"level": 4, "pathway": "strategy_discussion", "rag": "red"}
SUMS = ("decided", "decided_in_time", "health_missing", "questions", "returned_late", "not_returned")


async def measured(hub: Hub, by: str, span: str = "") -> tuple[Said, Said]:
    """Return the measure, and the sums of the police's lines in it."""
    answer = await ask(hub, f"/v1/measures/agencies?by={by}{span}", who="priya.nair")
    assert answer.status_code == 200, answer.text
    whole: Said = answer.json()
    assert whole["by"] == by
    assert all(("-W" in one["period"]) is (by == "week") for one in [*whole["items"], *whole["breaches"]])
    for one in whole["items"]:
        assert sum(one["by_depth"].values()) == one["decided"] >= one["decided_in_time"]
        returned = one["returned_in_time"] + one["returned_late"] + one["not_returned"]
        assert returned == one["questions"]
    police = str(agency_id_of("northshire-police"))
    own = [one for one in whole["items"] if one["agency_id"] == police]
    return whole, {name: sum(one[name] for one in own) for name in SUMS}


def late_answers(whole: Said) -> tuple[int, int]:
    found = [one for one in whole["breaches"] if one["kind"] == "agency_return" and one["agency_id"]]
    return sum(one["found"] for one in found), sum(one["with_reason"] for one in found)


def reasons(whole: Said) -> Counter[str]:
    """Return how often each reason was given for a late answer."""
    found: Counter[str] = Counter()
    for one in whole["breaches"]:
        assert sum(one["by_reason"].values()) == one["with_reason"] <= one["found"]
        if one["kind"] == "agency_return":
            found.update(one["by_reason"])
    return found


async def give_reasons_and_count_them(hub: Hub, case: Said, before: Said) -> None:
    """Give reasons from the list and in words alone: what is picked first counts."""
    late = [one for one in (await timers_of(hub, case))["breaches"] if one["kind"] == "agency_return"]
    first, second = (f"/v1/breaches/{one['breach_id']}/reason" for one in late[:2])
    for path, picked in ((first, {"code": "agency_late"}), (first, {"code": "other"}), (second, {})):
        told = await ask(hub, path, {"reason": "Their system was down."} | picked)
        assert told.status_code == 201, told.text
    assert [one["code_words"] for one in told.json()["reasons"]] == [None]
    unknown = await ask(hub, first, {"reason": "A.", "code": "tired"})
    assert unknown.json()["errors"][0]["pointer"] == "#/code"
    whole, _ = await measured(hub, "month", LONG_AGO)
    assert reasons(whole) - reasons(before) == Counter(agency_late=1, not_sorted=1)


async def test_each_agency_is_measured_by_month_and_by_week_and_reasons_are_counted(hub: Hub) -> None:
    _, before = await measured(hub, "month")
    assert (await measured(hub, "week"))[1] == before
    _, case = await a_serious_child(hub)
    await decide(hub, case, **RED)
    # Decided in time, before health had answered; what falls due later is not counted yet.
    (_, then), (_, by_month) = await measured(hub, "week"), await measured(hub, "month")
    assert then == by_month == before | {name: before[name] + 1 for name in SUMS[:3]}
    whole, then = await measured(hub, "week", LONG_AGO)
    found, with_reason = late_answers(whole)
    await move_timers(hub, case, THEN, ("agency_return",))
    await run(hub, "breaches", THEN)
    whole, late = await measured(hub, "week", LONG_AGO)
    assert late == then | {name: then[name] + 1 for name in ("questions", "not_returned")}
    assert late_answers(whole) == (found + 3, with_reason)
    await give_reasons_and_count_them(hub, case, whole)
    whole, _ = await measured(hub, "month", LONG_AGO)
    assert late_answers(whole) == (found + 3, with_reason + 2)
    named = str(whole)
    assert all(child[name] not in named for child in case["children"] for name in ("child_id", "family_name"))
    weeks = (await ask(hub, "/v1/measures/coverage?by=week", who="ben.ashworth")).json()["items"]
    months = (await ask(hub, "/v1/measures/coverage", who="ben.ashworth")).json()["items"]
    assert all("-W" in one["month"] for one in weeks)
    assert sum(one["children"] for one in weeks) == sum(one["children"] for one in months)
