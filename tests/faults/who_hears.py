"""Who must hear of a correction, worked out from what the hub announced and not from what it gave."""

from collections.abc import Mapping
from typing import Any

from tests.faults.run import Run
from tests.hub import agency_id_of


def list_who_hears(run: Run, correction: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """Return the agencies that are owed notice of a correction, and those that may be given it.

    Owed to whoever was asked about the case, and to whoever was told of a decision that it changes: several
    agencies send what is joined into one case. One that was told only of a later decision may have been told
    it before the correction arrived: events come in any order.
    """
    sent = run.memory.acknowledged.items()
    sender = next(name for (name, _), told in sent if told["referral_id"] == correction["referral_id"])
    versions = {row["decision_id"]: row["version"] for row in run.after.tables["decided"]}
    told = [row for row in run.after.tables["outcomes"] if row["case_id"] == correction["case_id"]]
    earlier = {row["agency_id"] for row in told if versions[row["decision_id"]] < correction["version"]}
    owed = set(correction["asked"]) | earlier
    itself = {str(agency_id_of(sender))}
    return owed - itself, (owed | {row["agency_id"] for row in told}) - itself
