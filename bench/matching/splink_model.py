"""Splink 5 as its handbook uses it: the yardstick of matching, on the same files.

It is looked for when it is needed: it brings DuckDB and pandas with it, and the hub needs none of them.
"""

import csv
import logging
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.matching.measures import Scored

INSTALL = ".venv/bin/uv pip install 'splink==5.0.0' 'recordlinkage==0.16'"
#: Pairs that weigh less are of no use at any threshold.
_LEAST_WEIGHT = -10.0
#: What is written where there is no name.
_NO_NAMES = {"baby", "unborn", "unnamed", "unknown", "infant", "twin"}
_FIELDS = (
    "given_name", "family_name", "date_of_birth", "nhs_number", "address_line", "town", "postcode", "sex",
)  # fmt: skip
_Rows = list[dict[str, str | None]]


def is_installed() -> bool:
    """Say whether Splink can be measured here."""
    return find_spec("splink") is not None


def score_pairs(left: Path, right: Path | None, *, with_movers: bool = True) -> list[Scored]:
    """Train a model on the files, without labels, and return the pairs with their match weight.

    Args:
        left: a file in the columns of the hub; a column that is empty all through is left out of the model.
        right: the file of known persons; None looks for duplicates in `left`.
        with_movers: whether people move, and others move in: then an address is one piece of evidence; where
            nobody moves its parts speak apart, which is better there.
    """
    with _quietly():
        linker, *_ = _trained(left, right, with_movers)
        found = linker.inference.predict(threshold_match_weight=_LEAST_WEIGHT).as_pandas_dataframe()
    return list(zip(found["unique_id_l"], found["unique_id_r"], found["match_weight"], strict=True))


def time_lookups(left: Path, right: Path, count: int) -> list[float]:
    """Return the milliseconds that each of so many rows takes alone, all else ready.

    Args:
        left: rows that come in; the model is trained on all of them.
        right: the file of known persons.
    """
    times: list[float] = []
    with _quietly():
        linker, database, (_, known) = _trained(left, right, with_movers=True)
        for name in ("given_name", "family_name"):
            linker.table_management.compute_tf_table(name)
        for row in _read(left)[:count]:
            one = database.register(_frame([row]))
            began = time.perf_counter()
            linker.inference.predict_between(one, known).as_pandas_dataframe()
            times.append(1000 * (time.perf_counter() - began))
    return times


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep what it tells a person at a terminal from what is our standard output."""
    with warnings.catch_warnings(), redirect_stdout(None):
        warnings.simplefilter("ignore")
        yield


def _trained(left: Path, right: Path | None, with_movers: bool) -> tuple[Any, Any, list[Any]]:
    splink = import_module("splink")
    files = [_read(file) for file in (left, right) if file]
    filled = {field for rows in files for row in rows for field in _FIELDS if row[field]}
    database = splink.DuckDBAPI()
    frames = [database.register(_frame(rows)) for rows in files]
    settings = _settings(filled, with_movers, "link_only" if right else "dedupe_only")
    linker = splink.Linker(frames if right else frames[0], settings, log_level=logging.ERROR)
    _train(linker, filled)
    return linker, database, frames


def _read(file: Path) -> _Rows:
    with file.open(encoding="utf-8", newline="") as rows:
        return [_clean(row) for row in csv.DictReader(rows)]


def _clean(row: dict[str, str]) -> dict[str, str | None]:
    """Standardise as its handbook says to: lower case, no stray signs, nothing instead of an empty text."""
    fields = {field: " ".join(row[field].lower().split()) for field in _FIELDS}
    for name in ("given_name", "family_name"):
        fields[name] = fields[name].replace("-", " ")
    # A second given name is written by some and not by others.
    first = fields["given_name"].partition(" ")[0]
    fields["given_name"] = "" if first in _NO_NAMES else first
    fields["postcode"] = fields["postcode"].replace(" ", "")
    fields["given_start"] = fields["given_name"][:3]
    fields["family_start"] = fields["family_name"][:4]
    fields["year"], fields["birthday"] = fields["date_of_birth"][:4], fields["date_of_birth"][5:]
    fields["place_start"] = fields["address_line"][:9]
    return {field: value or None for field, value in fields.items()} | {"unique_id": row["id"]}


def _frame(rows: _Rows) -> Any:
    return import_module("pandas").DataFrame(rows).astype("string")


def _block(*fields: str) -> Any:
    return import_module("splink").block_on(*fields)


def _blocks(filled: set[str]) -> Iterable[Any]:
    if "nhs_number" in filled:
        yield _block("nhs_number")
    yield _block("date_of_birth")
    yield _block("given_name", "family_name")
    yield _block("postcode")
    yield _block("address_line")
    yield _block("family_name", "year")
    yield _block("given_name", "year")
    yield _block("given_start", "family_start")
    yield _block("town", "year")
    yield _block("town", "given_start")
    yield _block("town", "family_start")
    yield _block("town", "place_start")
    yield _block("family_start", "birthday")
    yield _block("given_start", "birthday")
    yield "l.given_name = r.family_name and l.family_name = r.given_name"


def _settings(filled: set[str], with_movers: bool, link_type: str) -> Any:
    library = import_module("splink.comparison_library")
    comparisons = {
        "given_name": _name(library, "given_name", "family_name"),
        "family_name": _name(library, "family_name", "given_name"),
        "date_of_birth": library.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format="%Y-%m-%d"
        ),
        "sex": library.ExactMatch("sex"),
        "nhs_number": library.DamerauLevenshteinAtThresholds("nhs_number", 1),
    }
    comparisons |= {"address_line": _address(library)} if with_movers else _places(library)
    return import_module("splink").SettingsCreator(
        link_type=link_type,
        comparisons=[comparison for field, comparison in comparisons.items() if field in filled],
        blocking_rules_to_generate_predictions=list(_blocks(filled)),
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def _name(library: Any, name: str, other: str) -> Any:
    """Compare a name as Splink's own comparison does, and see names the wrong way round."""
    level = import_module("splink.comparison_level_library")
    return library.CustomComparison(
        output_column_name=name,
        comparison_levels=[
            level.NullLevel(name),
            level.ExactMatchLevel(name, term_frequency_adjustments=True),
            level.ColumnsReversedLevel(name, other),
            *(level.JaroWinklerLevel(name, least) for least in (0.92, 0.88, 0.7)),
            level.ElseLevel(),
        ],
    )


def _address(library: Any) -> Any:
    """Return house, street, town and postcode as one piece of evidence."""
    level = import_module("splink.comparison_level_library")
    same_line, same_postcode = level.ExactMatchLevel("address_line"), level.ExactMatchLevel("postcode")
    return library.CustomComparison(
        output_column_name="address",
        comparison_levels=[
            level.And(level.NullLevel("address_line"), level.NullLevel("postcode"), level.NullLevel("town")),
            level.And(same_line, same_postcode),
            same_line,
            level.And(level.JaroWinklerLevel("address_line", 0.9), same_postcode),
            same_postcode,
            level.JaroWinklerLevel("address_line", 0.92),
            level.And(level.JaroWinklerLevel("address_line", 0.8), level.ExactMatchLevel("town")),
            level.ExactMatchLevel("town"),
            level.ElseLevel(),
        ],
    )


def _places(library: Any) -> dict[str, Any]:
    return {
        "address_line": library.JaroWinklerAtThresholds("address_line", [0.9, 0.8]),
        "town": library.JaroWinklerAtThresholds("town", [0.9, 0.8]).configure(
            term_frequency_adjustments=True
        ),
        "postcode": library.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
    }


def _train(linker: Any, filled: set[str]) -> None:
    sure = [_block("given_name", "family_name", "date_of_birth")]
    sure.append(
        _block("nhs_number") if "nhs_number" in filled else _block("date_of_birth", "postcode", "given_name")
    )
    training = linker.training
    training.estimate_probability_two_random_records_match(sure, recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(_block("date_of_birth"))
    training.estimate_parameters_using_expectation_maximisation(_block("given_name", "family_name"))
