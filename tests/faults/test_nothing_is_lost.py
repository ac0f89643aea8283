"""One run of a hub whose every part is killed over and over, and what must be true when it is quiet again.

A script sends referrals over eight connections, some of them first in a shape that is refused, a share of
them about children who came before. It corrects some, before and after they are decided, and answers where it
is asked for more. It says who is who, joins contacts and takes joins back, decides every child, reads the
feeds and takes the calls, and keeps its own memory of what it was told. Meanwhile every service, the bus and
the database are killed at random times and at named places, and the bus loses its whole store.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import groupby, product

import pytest

from tests.faults import who_hears, who_is_who
from tests.faults.havoc import RANDOM_KILLS
from tests.faults.memory import IN_FORCE, child_named_in, decision_for, requests_in
from tests.faults.partner import WANTED
from tests.faults.plan import SENDERS, Moment
from tests.faults.run import Run, run_once
from tests.hub import agency_id_of

# One worker runs this file: its tests look at one run.
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills process trees found in /proc")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_once(tmp_path_factory.mktemp("faults"), tmp_path_factory.mktemp("records"))


def test_the_script_came_to_its_end(run: Run) -> None:
    assert run.complete, run.memory.progress


def test_every_part_was_killed_and_every_named_place_was_struck(
    run: Run, record_property: Callable[[str, object], None]
) -> None:
    assert run.toll.points_missed == []
    assert run.toll.stores_deleted == 1
    assert run.toll.at_random == RANDOM_KILLS
    record_property("kills", run.toll.at_random.total() + run.toll.by_point.total())


def test_every_acknowledged_referral_is_there_once(
    run: Run, record_property: Callable[[str, object], None]
) -> None:
    tables, acknowledged = run.after.tables, run.memory.acknowledged
    assert len(acknowledged) == run.memory.plan.referrals
    assert Counter(row["reference"] for row in tables["referrals"]) == Counter(
        answer["reference"] for answer in acknowledged.values()
    )
    record_property("survivors", len(acknowledged))
    assert _audited(run, "referral.received") == Counter(row["referral_id"] for row in tables["referrals"])


def test_every_acknowledged_version_is_there_once_and_no_number_is_left_out(run: Run) -> None:
    rows, memory = run.after.tables["versions"], run.memory
    answers = memory.acknowledged | memory.versions
    assert len(memory.versions) == memory.plan.versions
    assert Counter((row["reference"], row["version"]) for row in rows) == Counter(
        (answer["reference"], answer["version"]) for answer in answers.values()
    )
    for _, of_one in groupby(rows, key=lambda row: row["reference"]):
        numbers = [row["version"] for row in of_one]
        assert numbers == list(range(1, len(numbers) + 1))
    later = Counter(row["referral_id"] for row in rows if row["version"] > 1)
    assert _audited(run, "referral.version_received") == later


def test_every_key_leads_to_what_was_acknowledged_under_it(run: Run) -> None:
    answers = run.memory.acknowledged | run.memory.versions
    keys = {row["key"]: (row["reference"], row["version"]) for row in run.after.tables["keys"]}
    assert keys == {key: (answer["reference"], answer["version"]) for (_, key), answer in answers.items()}


def test_every_refusal_that_was_answered_left_a_held_copy(run: Run) -> None:
    held, refused, copies = run.after.held, run.memory.refused, run.after.tables["refused"]
    assert len(refused) == run.memory.plan.refused
    assert held.keys() == refused.keys()
    # One that was cut off before its answer may have left its copy, or not.
    assert all(noted.answered <= held[name] <= noted.sent for name, noted in refused.items())
    assert len(copies) == len(held)
    assert {(row["request"], row["status"], row["state"]) for row in copies} == {
        ("POST /v1/referrals", 422, "waiting")
    }
    recorded = [row for row in run.after.tables["audit"] if (row["rule"] or "").startswith("422 ")]
    assert len(recorded) == held.total()


def test_every_referral_has_exactly_one_case(run: Run) -> None:
    tables = run.after.tables
    referrals = Counter(row["referral_id"] for row in tables["referrals"])
    assert Counter(row["referral_id"] for row in tables["contacts"]) == referrals
    assert Counter(row["referral_id"] for row in tables["opened"]) == referrals
    assert Counter(row["case_id"] for row in tables["opened"]) == Counter(
        row["case_id"] for row in tables["cases"]
    )
    assert Counter(row["child_id"] for row in tables["children"]) == Counter(run.memory.children)


def test_every_case_goes_by_the_newest_version_of_its_referral(run: Run) -> None:
    tables, memory = run.after.tables, run.memory
    assert {row["reference"]: row["version"] for row in tables["contacts"]} == memory.newest
    # In the order in which they were acknowledged: of two about one child the later one stays.
    told = {
        child["child_id"]: f"As told under {key}."
        for (_, key), answer in memory.versions.items()
        for child in answer["children"]
    }
    known = {row["child_id"]: row["whereabouts"] for row in tables["children"]}
    assert {child: where for child, where in known.items() if where} == told


def test_everybody_in_a_referral_is_in_the_index_once(run: Run) -> None:
    who_is_who.check_the_index(run)


def test_nobody_is_asked_twice_whether_two_are_one(run: Run) -> None:
    who_is_who.check_the_questions(run)


def test_what_a_person_said_of_who_is_who_stands(run: Run) -> None:
    who_is_who.check_what_was_said(run)


def test_each_child_counts_the_contacts_that_its_links_say(run: Run) -> None:
    who_is_who.check_the_counts(run)


def test_every_contact_is_in_the_case_that_its_joins_say_and_every_child_with_it(
    run: Run, record_property: Callable[[str, object], None]
) -> None:
    who_is_who.check_the_joins(run)
    record_property("joins", len(run.memory.joined))


def test_every_child_has_one_standing_decision_and_it_is_the_scripts(run: Run) -> None:
    tables, decided = run.after.tables, run.memory.decided
    assert not any(row["is_open"] for row in tables["cases"])
    assert {row["child_id"]: row["decision_id"] for row in tables["children"]} == {
        child: made[-1] for child, made in decided.items()
    }
    chains = [pair for made in decided.values() for pair in zip([None, *made], made, strict=False)]
    stood = [row for row in tables["decisions"] if row["standing"] in IN_FORCE]
    assert Counter((row["supersedes"], row["decision_id"]) for row in stood) == Counter(chains)
    together = who_is_who.list_joined_children(run)
    for row in (row for row in tables["decisions"] if row["standing"] != "interim"):
        # The child that was named: this one, or one who was the same in one case.
        named = child_named_in(row["rationale"])
        assert named == row["child_id"] or {named, row["child_id"]} <= together
        assert row["pathway"] == decision_for(named)["pathway"]


def test_what_was_lower_waited_for_the_manager_and_nothing_waits_any_more(
    run: Run, record_property: Callable[[str, object], None]
) -> None:
    memory, decisions = run.memory, run.after.tables["decisions"]
    of_the_hub = {row["decision_id"] for row in decisions if row["standing"] == "interim"}
    assert of_the_hub == memory.interim
    assert memory.approved == {row["decision_id"] for row in decisions if row["standing"] == "approved"}
    assert memory.approved
    assert not any(row["standing"] == "pending" for row in decisions)
    assert not of_the_hub.intersection(made[-1] for made in memory.decided.values())
    record_property("second looks", len(memory.approved))


def test_a_decided_child_is_decided_again_after_a_correction_and_only_then(run: Run) -> None:
    memory, at_once = run.memory, 0
    # What is joined is decided again, and so is what it is joined to.
    apart = set(memory.decided) - who_is_who.list_joined_children(run)
    for parcel in run.parcels:
        first = memory.acknowledged[parcel.sender, parcel.key]
        if not apart >= {child["child_id"] for child in first["children"]}:
            continue
        own = [set(memory.decided[child["child_id"]]) - memory.interim for child in first["children"]]
        times = [len(made) for made in own]
        assert max(times) <= memory.newest[first["reference"]]
        assert min(times) > 1 or Moment.DECIDED not in parcel.corrections
        at_once += bool(parcel.corrections) and min(times) == 1
    assert at_once, "some are corrected before they are decided"


def test_every_acknowledged_grade_is_kept_once(run: Run) -> None:
    assert run.memory.graded
    assert Counter(row["child_id"] for row in run.after.tables["grades"]) == Counter(run.memory.graded)


def test_every_decision_has_exactly_one_outcome_in_the_order_they_were_made(run: Run) -> None:
    for sender, feed in run.after.feeds.items():
        owed, decided = run.memory.owed[sender], run.memory.decided
        assert Counter((each["child_id"], each["reference"]) for each in feed) == {
            (child, reference): len(decided[child]) for child, reference in owed.items()
        }
    told: dict[str, list[str]] = defaultdict(list)
    pathways = {row["decision_id"]: row["pathway"] for row in run.after.tables["decisions"]}
    for row in run.after.tables["outcomes"]:
        told[row["child_id"]].append(row["decision_id"])
        assert row["outcome"] == pathways[row["decision_id"]]
    assert told == run.memory.decided


def test_every_request_for_more_was_made_once_and_answered_by_the_version_that_names_it(run: Run) -> None:
    asked = Counter(request for requests in run.memory.asked.values() for request in requests)
    rows = run.after.tables["requests"]
    assert len(asked) == run.memory.plan.requests
    assert Counter(row["request_id"] for row in rows) == asked
    assert {(row["state"], row["answered_version"]) for row in rows} == {("answered", 2)}
    for what in ("requested", "answered"):
        assert _audited(run, f"referral.further_information_{what}", among=set(asked)) == asked


def test_everyone_asked_for_more_or_touched_by_a_correction_was_given_notice_once(run: Run) -> None:
    for sender, feed in run.after.notices.items():
        assert requests_in(feed) == Counter(list(run.memory.asked[sender]))
    corrections, given = {row["event_id"]: row for row in run.after.tables["corrections"]}, set()
    for row in run.after.tables["notices"]:
        if row["occasion"].startswith("corrected_"):
            assert row["announced_by"] in corrections
            assert (row["announced_by"], row["agency_id"]) not in given
            given.add((row["announced_by"], row["agency_id"]))
    assert given
    for event_id, correction in corrections.items():
        heard = {agency for announced_by, agency in given if announced_by == event_id}
        owed, perhaps = who_hears.list_who_hears(run, correction)
        assert owed <= heard <= perhaps


def test_every_agency_that_was_asked_was_given_notice_once_of_each_question(run: Run) -> None:
    tables = run.after.tables
    announced = Counter((row["request_id"], row["agency_id"]) for row in tables["announced"])
    assert announced == Counter((row["request_id"], row["agency_id"]) for row in tables["questions"])
    asked = [row for row in tables["notices"] if row["occasion"] == "asked"]
    assert Counter((row["announced_by"], row["agency_id"]) for row in asked) == Counter(
        (row["event_id"], row["agency_id"]) for row in tables["announced"]
    )


def test_a_feed_has_no_gap_and_who_read_along_missed_nothing(run: Run) -> None:
    after, memory = run.after, run.memory
    kinds = (("outcomes", after.feeds, memory.fed), ("notices", after.notices, memory.noticed))
    for (table, feeds, read), sender in product(kinds, SENDERS):
        rows = [row for row in after.tables[table] if row["agency_id"] == str(agency_id_of(sender))]
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
        ids = [row["event_id"] for row in rows]
        assert [each["event_id"] for each in feeds[sender]] == ids
        along = [each["event_id"] for each in read[sender]]
        # Whoever reads notices stops with the script: a last correction may be told after that.
        assert along == (ids if table == "outcomes" else ids[: len(along)])


def test_every_outcome_and_notice_reached_its_partner_under_its_own_id(run: Run) -> None:
    for sender, feed in run.after.feeds.items():
        owed = {each["event_id"]: "outcome.decided" for each in feed}
        assert run.memory.confirmed[sender] == owed.keys()
        assert all(each["acknowledged_at"] for each in feed)
        notices = run.after.notices[sender]
        owed |= {each["event_id"]: each["type"] for each in notices if each["type"] in WANTED}
        calls = run.records[sender]
        assert {call["event_id"]: call["type"] for call in calls} == owed
        assert all(call["webhook_id"] == call["event_id"] for call in calls)
    assert all(row["state"] == "delivered" for row in run.after.tables["deliveries"])


def test_every_sender_can_see_that_its_children_are_decided(run: Run) -> None:
    stages = {row["child_id"]: row["stage"] for row in run.after.tables["stages"]}
    assert stages == dict.fromkeys(run.memory.children, "decided")


def test_every_effect_was_entered_in_the_audit_once(run: Run) -> None:
    tables = run.after.tables
    cases = Counter(row["case_id"] for row in tables["cases"])
    assert _audited(run, "case.opened") == cases
    decisions = {row["decision_id"] for row in tables["decisions"] if row["standing"] in IN_FORCE}
    assert _audited(run, "child.decided", among=decisions) == Counter(decisions)
    outcomes = {row["event_id"] for row in tables["outcomes"]}
    assert _audited(run, "outcome.told", among=outcomes) == Counter(outcomes)
    notices = {row["event_id"] for row in tables["notices"]}
    assert _audited(run, "notice.given", among=notices) == Counter(notices)
    corrected = Counter(row["case_id"] for row in tables["corrections"])
    assert _audited(run, "case.corrected") == corrected


def test_nothing_waits_for_anyone_any_more(run: Run) -> None:
    assert run.after.waiting == {}


def _audited(run: Run, action: str, *, among: set[str] | None = None) -> Counter[str]:
    """Count the entries of `action` by what they are about: their first subject, or the one of `among`."""
    entries = [row["subject_ids"] for row in run.after.tables["audit"] if row["action"] == action]
    if among is None:
        return Counter(subjects[0] for subjects in entries)
    return Counter(subject for subjects in entries for subject in subjects if subject in among)
