"""One run: a hub, a script that uses it, and everything that is done to it meanwhile."""

import json
import os
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.cast import demo_cast
from deploy.local.environment import CORE_AGENCIES
from tests.faults.aftermath import Aftermath, look_around
from tests.faults.havoc import Havoc, Toll
from tests.faults.memory import Memory
from tests.faults.plan import SENDERS, Parcel, make_parcels, plan_for
from tests.faults.playing import Playing
from tests.faults.script import play, read_records
from tests.faults.stage import running_stage

_SEED = int(os.environ.get("FAULTS_SEED", "1"))
_REFERRALS = 1_000
_HAVOC_SECONDS = 50.0
#: A busy machine joins contacts late, and each named place is waited for.
_LONGEST_HAVOC_SECONDS = 400.0
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
    """One run: what was sent, what was done to the hub, what the script remembers, what the hub holds.

    Attributes:
        complete: whether the script came to its end: every child decided, every outcome told and confirmed.
        records: by sender, what it wrote down of the calls it took.
    """

    parcels: list[Parcel]
    toll: Toll
    memory: Memory
    complete: bool
    after: Aftermath
    records: dict[str, list[dict[str, Any]]]


def run_once(root: Path, records: Path) -> Run:
    """Do it all, in two empty folders."""
    parcels = make_parcels(_REFERRALS, random.Random(_SEED))
    memory = Memory(plan_for(parcels))
    began = time.monotonic()
    with running_stage(root, _SETTINGS) as stage:
        havoc = Havoc(stage, seed=_SEED, seconds=_HAVOC_SECONDS)
        script = play(stage, memory, parcels, records, seed=_SEED, sending_seconds=_HAVOC_SECONDS)
        with Playing(script) as playing:
            havoc.run(longest_seconds=_LONGEST_HAVOC_SECONDS, look=playing.look)
            memory.is_calm = True
            sys.stdout.write(f"\ncalm after {time.monotonic() - began:.0f} s, {memory.progress}\n")
            # What is missing if it is not complete, the tests tell.
            complete = playing.wait_until(
                lambda: memory.is_complete,
                progress=lambda: memory.progress,
                patience_seconds=_PATIENCE_SECONDS,
            )
            _say(memory, havoc.toll, began)
            after = look_around(stage, patience_seconds=_PATIENCE_SECONDS)
    calls = {name: read_records(records, name) for name in SENDERS}
    return Run(parcels, havoc.toll, memory, complete, after, calls)


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
