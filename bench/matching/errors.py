"""Where matching errs: how many rows of each hazard were missed, and how many were given the wrong person."""

import csv
from collections.abc import Mapping
from pathlib import Path


def told_by_hazard(hazards: Path, truth: Mapping[str, str], taken: Mapping[str, Mapping[str, str]]) -> str:
    """Return a table for a person to read.

    Args:
        hazards: which hazards each incoming row carries, as (id, hazard).
        truth: the known person of each incoming row that has one.
        taken: for each matcher, whom it took each incoming row for.
    """
    rows_of: dict[str, list[str]] = {}
    with hazards.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            rows_of.setdefault(row["hazard"], []).append(row["id"])
    lines = [f"  {'hazard':<18}{'rows':>6}" + "".join(f"{name + ' missed, wrong':>24}" for name in taken)]
    for hazard, ids in sorted(rows_of.items()):
        told = [f"{_missed(ids, truth, of):>17}{_wrong(ids, truth, of):>7}" for of in taken.values()]
        lines.append(f"  {hazard:<18}{len(ids):>6}{''.join(told)}")
    return "\n".join(lines)


def _missed(ids: list[str], truth: Mapping[str, str], taken: Mapping[str, str]) -> int:
    return sum(row_id in truth and row_id not in taken for row_id in ids)


def _wrong(ids: list[str], truth: Mapping[str, str], taken: Mapping[str, str]) -> int:
    return sum(row_id in taken and taken[row_id] != truth.get(row_id) for row_id in ids)
