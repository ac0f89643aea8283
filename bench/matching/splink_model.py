"""Splink 5 as its handbook uses it: the yardstick of matching, on the same files.

It needs what `pip install splink` brings (DuckDB among it); the hub itself needs none of it.
"""

import csv
import logging
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.matching.measures import Scored

INSTALL = "pip install 'splink==5.0.0'"
#: Pairs that score less are of no use at any threshold.
_LEAST_WEIGHT = -10.0
#: What is written where there is no name.
_NO_NAMES = {"baby", "unborn", "unnamed", "unknown", "infant", "twin"}
_FIELDS = (
    "given_name",
    "family_name",
    "date_of_birth",
    "nhs_number",
    "address_line",
    "town",
    "postcode",
    "sex",
)


def is_installed() -> bool:
    """Say whether Splink can be measured here."""
    return find_spec("splink") is not None


def score_pairs(left: Path, right: Path | None, *, with_id: bool = True) -> list[Scored]:
    """Train a model on the files, without labels, and return the pairs with their match weight.

    Args:
        left: a file in the columns of the hub.
        right: the file of known persons; None looks for duplicates in `left`.
        with_id: False keeps the identifier from it.
    """
    logging.getLogger("splink").setLevel(logging.ERROR)
    from splink import DuckDBAPI, Linker, block_on

    database = DuckDBAPI()
    frames = [database.register(_frame(file, with_id)) for file in (left, right) if file]
    rules = [block_on(*fields) for fields in _blocks(with_id)]
    linker = Linker(
        frames if right else frames[0], _settings(rules, with_id, "link_only" if right else "dedupe_only")
    )
    _train(linker, block_on, with_id)
    found = linker.inference.predict(threshold_match_weight=_LEAST_WEIGHT)
    rows = found.as_pandas_dataframe()
    return list(zip(rows["unique_id_l"], rows["unique_id_r"], rows["match_weight"], strict=True))


def _frame(file: Path, with_id: bool) -> Any:
    """Read a file as its handbook says to: lower case, no stray signs, nothing instead of an empty text."""
    import pandas

    with file.open(encoding="utf-8", newline="") as rows:
        cleaned = [_clean(row, with_id) for row in csv.DictReader(rows)]
    return pandas.DataFrame(cleaned).astype("string")


def _clean(row: dict[str, str], with_id: bool) -> dict[str, str | None]:
    fields = {field: " ".join(row.get(field, "").lower().split()) for field in _FIELDS}
    for name in ("given_name", "family_name"):
        fields[name] = fields[name].replace("-", " ")
    if fields["given_name"].partition(" ")[0] in _NO_NAMES:
        fields["given_name"] = ""
    # A second given name is written by some and not by others.
    fields["given_name"] = fields["given_name"].partition(" ")[0]
    fields["postcode"] = fields["postcode"].replace(" ", "")
    if not with_id:
        del fields["nhs_number"]
    cleaned = {field: value or None for field, value in fields.items()}
    cleaned["given_start"] = fields["given_name"][:3] or None
    cleaned["family_start"] = fields["family_name"][:4] or None
    both = fields["given_name"] and fields["family_name"]
    cleaned["both_names"] = f"{fields['given_name']} {fields['family_name']}" if both else None
    cleaned["year"] = fields["date_of_birth"][:4] or None
    return cleaned | {"unique_id": row["id"]}


def _blocks(with_id: bool) -> list[tuple[str, ...]]:
    blocks: list[tuple[str, ...]] = [
        ("date_of_birth",),
        ("given_name", "family_name"),
        ("postcode",),
        ("family_name", "year"),
        ("given_name", "year"),
        ("address_line",),
        ("given_start", "family_start"),
    ]
    return [("nhs_number",), *blocks] if with_id else blocks


def _settings(rules: list[Any], with_id: bool, link_type: str) -> Any:
    import splink.comparison_library as library
    from splink import SettingsCreator

    comparisons = [
        library.NameComparison("given_name").configure(term_frequency_adjustments=True),
        library.NameComparison("family_name").configure(term_frequency_adjustments=True),
        library.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y-%m-%d"),
        library.ExactMatch("sex"),
        _address(),
    ]
    if with_id:
        comparisons.append(library.DamerauLevenshteinAtThresholds("nhs_number", 1))
    return SettingsCreator(
        link_type=link_type,
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _address() -> Any:
    """Return house, street, town and postcode as one piece of evidence."""
    import splink.comparison_level_library as level
    from splink.comparison_library import CustomComparison

    same_line = level.ExactMatchLevel("address_line")
    same_postcode = level.ExactMatchLevel("postcode")
    return CustomComparison(
        output_column_name="address",
        comparison_levels=[
            level.And(level.NullLevel("address_line"), level.NullLevel("postcode"), level.NullLevel("town")),
            level.And(same_line, same_postcode),
            same_line,
            level.And(level.JaroWinklerLevel("address_line", 0.9), same_postcode),
            same_postcode,
            level.JaroWinklerLevel("address_line", 0.92),
            level.ExactMatchLevel("town"),
            level.ElseLevel(),
        ],
    )


def _train(linker: Any, block_on: Any, with_id: bool) -> None:
    sure = [block_on("given_name", "family_name", "date_of_birth")]
    sure += [block_on("nhs_number")] if with_id else [block_on("given_name", "date_of_birth", "postcode")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for fields in (("date_of_birth",), ("given_name", "family_name")):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*fields))
