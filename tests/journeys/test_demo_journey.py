"""The demo as a newcomer starts it: real processes, the journey to its end, stopped, and started again."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deploy.local.journey.story import verdict_on
from tests.journeys.started import TwoStarts, free_base, run_once

# One worker runs this file: its tests look at one hub.
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts processes in /proc")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> TwoStarts:
    data_dir = tmp_path_factory.mktemp("demo") / "var"
    base = free_base()
    return TwoStarts(run_once(data_dir, base), run_once(data_dir, base))


def test_one_line_of_json_says_where_everything_is(demo: TwoStarts) -> None:
    line = demo.first.line
    assert set(line["services"]) == {"console", "access", "intake", "triage", "notifications"}
    assert {client["auth"] for client in line["clients"]} == {"private_key_jwt", "client_secret_basic"}
    assert len({client["agency"] for client in line["clients"]}) == 3
    assert all(Path(client.get("key_file") or client["secret_file"]).is_file() for client in line["clients"])
    assert {role for person in line["staff"] for role in person["roles"]} >= {"decision_maker", "manager"}
    assert demo.first.rest_of_stdout == demo.second.rest_of_stdout == ""


def test_every_decision_that_came_into_force_has_one_outcome_for_each_referral(demo: TwoStarts) -> None:
    children = [child for case in demo.first.cases for child in case["children"]]
    stood = {
        child["child_id"]: sum(
            one["standing"] in ("decided", "interim", "approved") for one in child["decisions"]
        )
        for child in children
    }
    for client_id in demo.first.referrals:
        decided = _decided(demo, client_id)
        sent = [(each["reference"], child["child_id"]) for each in decided for child in each["children"]]
        told = Counter((each["reference"], each["child_id"]) for each in demo.first.outcomes[client_id])
        assert sent
        assert told == {(reference, child_id): stood[child_id] for reference, child_id in sent}


def test_families_from_before_wait_to_be_found_and_decided(demo: TwoStarts) -> None:
    sent = [each for referrals in demo.first.referrals.values() for each in referrals]
    waiting = [each for each in sent if each["stage"] != "decided"]
    assert len(waiting) == 5
    assert all(_is_from_before(each) for each in waiting)


def test_a_child_known_under_another_spelling_is_joined_and_both_senders_are_answered(
    demo: TwoStarts,
) -> None:
    told = " ".join(demo.first.told.split())
    assert "links c6 to c1 until a person has looked. What speaks for it: same given name," in told
    assert "says that they are one child" in told
    # Whoever takes a child on says so, once for both contacts; one is left over for the pages to show.
    assert [f"takes {name} on," in told for name in ("c1", "c2", "c3", "c5", "c6")] == [1, 1, 0, 1, 0]
    assert "has taken c3 on yet" in told
    (case,) = [case for case in demo.first.cases if len(case["contacts"]) == 2]
    one, other = case["children"][0], case["children"][-1]
    assert other["same_child_as"] == one["child_id"]
    assert [join["referral_id"] for join in case["joins"]] == [other["referral_id"]]
    answers = {
        each["child_id"]: (client_id, each["outcome"])
        for client_id, outcomes in demo.first.outcomes.items()
        for each in outcomes
    }
    assert answers[one["child_id"]] == ("northshire-police", "child_in_need")
    assert answers[other["child_id"]] == ("example-primary", "child_in_need")


def test_the_receiver_recorded_and_confirmed_what_the_police_were_told(demo: TwoStarts) -> None:
    told = {each["event_id"]: each for each in demo.first.outcomes["northshire-police"]}
    assert {each["event_id"] for each in demo.first.records} == set(told)
    for record in demo.first.records:
        assert record["recorded_reference"].startswith("NORTHSHIRE-")
        assert record["outcome"] == told[record["event_id"]]["outcome"]
        assert told[record["event_id"]]["acknowledged_at"] is not None


def test_the_school_and_the_health_visitor_confirmed_theirs(demo: TwoStarts) -> None:
    for client_id in ("example-primary", "northshire-health"):
        mine = {each["reference"] for each in _decided(demo, client_id) if not _is_from_before(each)}
        told = [each for each in demo.first.outcomes[client_id] if each["reference"] in mine]
        assert told
        assert all(each["acknowledged_at"] for each in told)


def test_the_decision_typed_into_the_consoles_form_stands_under_its_makers_name(demo: TwoStarts) -> None:
    rationales = {
        made["rationale"]: made["decided_by"]
        for case in demo.first.cases
        for child in case["children"]
        for made in child["decisions"]
    }
    assert rationales[verdict_on("c1").rationale] == "Dana Reid"
    assert "on the console's form" in " ".join(demo.first.told.split())


def test_a_lower_decision_had_its_second_look(demo: TwoStarts) -> None:
    made = [one for case in demo.first.cases for child in case["children"] for one in child["decisions"]]
    (approved,) = [one for one in made if one["standing"] == "approved"]
    assert approved["in_force"]
    assert (approved["decided_by"], approved["second_look"]["looked_by"]) == ("Dana Reid", "Priya Nair")
    assert "took a second look at the advice" in " ".join(demo.first.told.split())


def test_a_representative_saw_no_grade_before_giving_one(demo: TwoStarts) -> None:
    # The journey itself ends when a grade is shown too early.
    assert "no grade, recommendation or colour is shown" in " ".join(demo.first.told.split())


def test_a_draft_was_checked_and_its_receipt_says_what_it_was_sent_as(demo: TwoStarts) -> None:
    told = " ".join(demo.first.told.split())
    assert '"Has anyone spoken with the child alone, and what were their own words?"' in told
    assert "expects for c4: level 2, early help, Green" in told
    (receipt,) = demo.first.receipts
    assert receipt["sent_as"] in {each["reference"] for each in _decided(demo, "example-primary")}
    assert (receipt["likely_level"], receipt["indicators"]) == (2, ["neglect.early"])


def test_what_was_refused_lives_on_as_a_contact_by_telephone(demo: TwoStarts) -> None:
    (copy,) = demo.first.held_copies
    (taken,) = [each for each in _decided(demo, "northshire-health") if each["channel"] == "telephone"]
    assert (copy["status"], copy["opened_by"], copy["settled_by"]) == (422, "Dana Reid", "Dana Reid")
    assert copy["reference"] == taken["reference"]
    assert "#/kind is not_in_list" in " ".join(demo.first.told.split())


def test_senders_see_what_they_were_asked_and_that_a_version_answered_it(demo: TwoStarts) -> None:
    asked = {
        client_id: [
            (each["requested_by"], each["state"], each["answered_version"])
            for referral in referrals
            for each in referral["further_information"]
        ]
        for client_id, referrals in demo.first.referrals.items()
    }
    assert asked == {
        "northshire-police": [("Omar Khan", "answered", 2)],
        "northshire-health": [("Dana Reid", "answered", 2)],
        "example-primary": [],
    }
    assert "What Omar Khan asked stands there too" in " ".join(demo.first.told.split())


def test_the_receiver_read_the_notice_that_more_is_asked_for(demo: TwoStarts) -> None:
    (police,) = _decided(demo, "northshire-police")
    asked = "referral.further_information_requested"
    read = [each["reference"] for each in demo.first.notices if each["type"] == asked]
    assert read == [police["reference"]]


def test_the_cases_go_by_the_versions_that_were_sent_last(demo: TwoStarts) -> None:
    versions = {
        contact["reference"]: contact["version"] for case in demo.first.cases for contact in case["contacts"]
    }
    sent = [each for client_id in demo.first.referrals for each in _decided(demo, client_id)]
    assert versions == {each["reference"]: each["version"] for each in sent}


def test_the_journey_is_told_once(demo: TwoStarts) -> None:
    assert "Three agencies are worried" in demo.first.told
    assert "Three agencies are worried" not in demo.second.told


def test_a_second_start_keeps_what_was_there(demo: TwoStarts) -> None:
    first, second = demo.first, demo.second
    assert second.line["clients"] == first.line["clients"]
    assert second.outcomes == first.outcomes
    assert second.records == first.records
    assert second.cases == first.cases


def test_sigterm_ends_every_process(demo: TwoStarts) -> None:
    for seen in (demo.first, demo.second):
        assert seen.status == 0
        assert seen.left_running == []
        assert seen.free_again


def _is_from_before(referral: dict[str, Any]) -> bool:
    return "-BEFORE-" in referral["sender_reference"]


def _decided(demo: TwoStarts, client_id: str) -> list[dict[str, Any]]:
    return [each for each in demo.first.referrals[client_id] if each["stage"] == "decided"]
