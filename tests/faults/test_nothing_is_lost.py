"""One run of a hub whose every part is killed over and over, and what must be true when it is quiet again.

A script sends referrals over eight connections, decides every child, reads the feeds and takes the calls. It
keeps its own memory of what it was told. Meanwhile every service, the bus and the database are killed at
random times and at named places, and the bus loses its whole store.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from deploy.local.cast import demo_cast
from deploy.local.environment import CORE_AGENCIES
from tests.faults.aftermath import Aftermath, look_around
from tests.faults.havoc import RANDOM_KILLS, Havoc, Toll
from tests.faults.memory import SENDERS, Memory, decision_for
from tests.faults.playing import Playing
from tests.faults.script import play, read_records
from tests.faults.stage import running_stage

# One worker runs this file: its tests look at one run.
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills process trees found in /proc")

_SEED = int(os.environ.get("FAULTS_SEED", "1"))
_REFERRALS = 1_000
_HAVOC_SECONDS = 50.0
_LONGEST_HAVOC_SECONDS = 200.0
#: Longer than any wait of the hub's: the lease of a delivery that was under way at the last kill.
_PATIENCE_SECONDS = 75.0

# One agency is asked about each child, so that a thousand referrals fit in two minutes. A partner that fails
# now and then is called again within seconds, and a lease is as short as it can be.
_SETTINGS = {
    "triage": {CORE_AGENCIES: json.dumps({"police": str(demo_cast().asked["police"].agency_id)})},
    "notifications": {
        "HUB_NOTIFICATIONS_ATTEMPT_DELAYS_SECONDS": "[0, 0.5, 1, 1, 2, 2, 2, 2, 2, 2]",
        "HUB_NOTIFICATIONS_ATTEMPT_DEADLINE": "PT3S",
    },
}


@dataclass(frozen=True)
class Run:
    """One run: what was done to the hub, what the script remembers, what the hub holds.

    Attributes:
        complete: whether the script came to its end: every child decided, every outcome told and confirmed.
    """

    toll: Toll
    memory: Memory
    complete: bool
    after: Aftermath
    records: dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    root, records = tmp_path_factory.mktemp("faults"), tmp_path_factory.mktemp("records")
    memory = Memory(_REFERRALS)
    began = time.monotonic()
    with running_stage(root, _SETTINGS) as stage:
        havoc = Havoc(stage, seed=_SEED, seconds=_HAVOC_SECONDS)
        script = play(stage, memory, records, seed=_SEED, sending_seconds=_HAVOC_SECONDS)
        with Playing(script) as playing:
            havoc.run(longest_seconds=_LONGEST_HAVOC_SECONDS, look=playing.look)
            # What is missing if it is not complete, the tests tell.
            complete = playing.wait_until(
                lambda: memory.is_complete,
                progress=lambda: memory.progress,
                patience_seconds=_PATIENCE_SECONDS,
            )
            _say(memory, havoc.toll, began)
            after = look_around(stage, patience_seconds=_PATIENCE_SECONDS)
    return Run(havoc.toll, memory, complete, after, {name: read_records(records, name) for name in SENDERS})


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
    assert len(acknowledged) == _REFERRALS
    assert Counter(row["reference"] for row in tables["referrals"]) == Counter(
        answer["reference"] for answer in acknowledged.values()
    )
    assert {row["key"]: row["reference"] for row in tables["keys"]} == {
        key: answer["reference"] for (_, key), answer in acknowledged.items()
    }
    record_property("survivors", len(acknowledged))
    assert _audited(run, "referral.received") == Counter(row["referral_id"] for row in tables["referrals"])


def test_every_referral_has_exactly_one_case(run: Run) -> None:
    tables = run.after.tables
    assert Counter(row["referral_id"] for row in tables["contacts"]) == Counter(
        row["referral_id"] for row in tables["referrals"]
    )
    assert Counter(row["case_id"] for row in tables["contacts"]) == Counter(
        row["case_id"] for row in tables["cases"]
    )
    assert Counter(row["child_id"] for row in tables["children"]) == Counter(run.memory.children)


def test_every_child_has_one_standing_decision_and_it_is_the_scripts(run: Run) -> None:
    tables = run.after.tables
    assert not any(row["is_open"] for row in tables["cases"])
    standing = {row["child_id"]: row["decision_id"] for row in tables["children"]}
    assert standing == run.memory.decided
    assert Counter(row["decision_id"] for row in tables["decisions"]) == Counter(standing.values())
    for row in tables["decisions"]:
        wanted = decision_for(row["child_id"])
        assert (row["pathway"], row["rationale"]) == (wanted["pathway"], wanted["rationale"])


def test_every_acknowledged_grade_is_kept_once(run: Run) -> None:
    assert run.memory.graded
    assert Counter(row["child_id"] for row in run.after.tables["grades"]) == Counter(run.memory.graded)


def test_every_child_has_exactly_one_outcome_for_its_referral(run: Run) -> None:
    for sender, feed in run.after.feeds.items():
        owed = run.memory.owed[sender]
        assert Counter((each["child_id"], each["reference"]) for each in feed) == Counter(owed.items())
        assert all(each["outcome"] == decision_for(each["child_id"])["pathway"] for each in feed)
    decided = {row["decision_id"] for row in run.after.tables["decisions"]}
    assert Counter(row["decision_id"] for row in run.after.tables["outcomes"]) == Counter(decided)


def test_a_feed_has_no_gap_and_who_read_along_missed_nothing(run: Run) -> None:
    for client in demo_cast().clients:
        if client.client_id not in SENDERS:
            continue
        agency = str(client.agency.agency_id)
        rows = [row for row in run.after.tables["outcomes"] if row["agency_id"] == agency]
        feed = run.after.feeds[client.client_id]
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
        assert [each["event_id"] for each in feed] == [row["event_id"] for row in rows]
        read = run.memory.fed[client.client_id]
        assert [each["event_id"] for each in read] == [row["event_id"] for row in rows]


def test_every_outcome_reached_its_partner_under_its_own_id_and_is_acknowledged(run: Run) -> None:
    for sender, feed in run.after.feeds.items():
        owed = {each["event_id"] for each in feed}
        calls = run.records[sender]
        assert {call["event_id"] for call in calls} == owed
        assert all(call["webhook_id"] == call["event_id"] for call in calls)
        assert run.memory.confirmed[sender] == owed
        assert all(each["acknowledged_at"] for each in feed)
    assert all(row["state"] == "delivered" for row in run.after.tables["deliveries"])


def test_every_sender_can_see_that_its_children_are_decided(run: Run) -> None:
    stages = {row["child_id"]: row["stage"] for row in run.after.tables["stages"]}
    assert stages == dict.fromkeys(run.memory.children, "decided")


def test_every_effect_was_entered_in_the_audit_once(run: Run) -> None:
    tables = run.after.tables
    cases = Counter(row["case_id"] for row in tables["cases"])
    assert _audited(run, "case.opened") == cases
    decisions = {row["decision_id"] for row in tables["decisions"]}
    assert _audited(run, "child.decided", among=decisions) == Counter(decisions)
    outcomes = {row["event_id"] for row in tables["outcomes"]}
    assert _audited(run, "outcome.told", among=outcomes) == Counter(outcomes)


def test_nothing_waits_for_anyone_any_more(run: Run) -> None:
    assert run.after.waiting == {}


def _audited(run: Run, action: str, *, among: set[str] | None = None) -> Counter[str]:
    """Count the entries of `action` by what they are about: their first subject, or the one of `among`."""
    entries = [row["subject_ids"] for row in run.after.tables["audit"] if row["action"] == action]
    if among is None:
        return Counter(subjects[0] for subjects in entries)
    return Counter(subject for subjects in entries for subject in subjects if subject in among)


def _say(memory: Memory, toll: Toll, began: float) -> None:
    calls = [count for called in memory.called.values() for count in called.values()]
    lines = [
        f"seed {_SEED}, {time.monotonic() - began:.0f} s",
        f"{memory.progress}",
        f"killed at random: {dict(toll.at_random)}",
        f"killed in place: {sum(toll.by_point.values())}, {dict(sorted(toll.by_point.items()))}",
        f"stores deleted {toll.stores_deleted}",
        f"asked again: {dict(memory.retries)}",
        f"calls delivered {sum(calls)}, of them again {sum(calls) - len(calls)}",
    ]
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
