"""Invented households: the same each time, in no way real, and as hard as they say."""

from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path
from random import Random

import nhs_number as nhs
import pytest

from bench.households.draw import Drawn, draw
from bench.households.people import nhs_number
from bench.households.rates import Rates
from bench.households.second import draw_second
from bench.households.second_slips import SLIPS
from bench.households.slips import misdated, misnumbered, mistyped, turned
from bench.households.writing import COLUMNS

DRAWN = draw(seed=5, people=3000, incoming=900, rates=Rates())


def hazards_of(drawn: Drawn) -> Counter[str]:
    return Counter(hazard for _, hazard in drawn.hazards)


def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        draw(seed=7, people=400, incoming=90, rates=Rates()).write(tmp_path / folder)
    files = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert files == ["hazards.csv", "incoming.csv", "known.csv", "truth.csv"]
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_another_seed_makes_others() -> None:
    one, other = (draw(seed=seed, people=200, incoming=20, rates=Rates()).known for seed in (1, 2))
    assert one != other


def test_there_are_as_many_as_were_asked_for_and_a_third_of_those_who_come_are_not_known() -> None:
    assert len(DRAWN.known) == 3000
    assert len(DRAWN.incoming) == 900
    assert len(DRAWN.truth) == 600


def test_every_row_has_all_columns_and_an_id_of_its_own() -> None:
    rows = DRAWN.known + DRAWN.incoming
    assert all(set(row) == set(COLUMNS) for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


def test_true_pairs_are_of_rows_that_are_there() -> None:
    incoming, known = ({row["id"] for row in rows} for rows in (DRAWN.incoming, DRAWN.known))
    assert {left for left, _ in DRAWN.truth} < incoming
    assert {right for _, right in DRAWN.truth} < known
    strangers = {row_id for row_id, hazard in DRAWN.hazards if hazard == "no_true_match"}
    assert strangers == incoming - {left for left, _ in DRAWN.truth}


def test_nhs_numbers_start_with_999_and_no_two_persons_have_one_but_by_error() -> None:
    numbers = [number for at in range(2000) if (number := nhs_number(at))]
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith("999") and nhs.is_valid(number) for number in numbers)


def test_nobody_is_born_after_they_are_written_of() -> None:
    dates = [row["date_of_birth"] for row in DRAWN.incoming if row["date_of_birth"]]
    assert all(date(1900, 1, 1) <= date.fromisoformat(written) for written in dates)


@pytest.mark.parametrize("hazard", [each.name for each in fields(Rates) if each.name != "same_surname"])
def test_every_hazard_comes_and_can_be_switched_off(hazard: str) -> None:
    told = {"new_occupant", "double_barrelled", "other_father", "half_name"}
    assert hazard in told or hazards_of(DRAWN)[hazard] > 0
    without = draw(seed=5, people=600, incoming=150, rates=Rates().without(hazard))
    assert hazards_of(without)[hazard] == 0


def test_a_second_author_makes_the_same_each_time_with_every_hazard() -> None:
    one, other = (draw_second(seed=9, people=1500, incoming=700) for _ in range(2))
    assert one == other
    assert len(one.known) == 1500
    assert {row["id"] for row in one.incoming} > {left for left, _ in one.truth}
    assert {hazard for _, hazard in one.hazards} >= {*SLIPS} - {"unnamed"} | {"moved", "new_occupant", "twin"}


def test_a_hazard_that_nobody_knows_cannot_be_switched_off() -> None:
    with pytest.raises(KeyError):
        Rates().without("locusts")


def test_about_four_of_ten_rows_have_no_nhs_number() -> None:
    for rows in (DRAWN.known, DRAWN.incoming):
        missing = sum(not row["nhs_number"] for row in rows) / len(rows)
        assert 0.35 < missing < 0.5


def test_without_any_hazard_of_writing_a_row_is_what_was_known() -> None:
    calm = Rates(**dict.fromkeys((each.name for each in fields(Rates)), 0.0))
    drawn = draw(seed=3, people=300, incoming=60, rates=calm)
    known = {row["id"]: row for row in drawn.known}
    incoming = {row["id"]: row for row in drawn.incoming}
    for left, right in drawn.truth:
        assert incoming[left] | {"id": ""} == known[right] | {"id": ""}


def test_a_slip_changes_what_it_slips_on_and_keeps_a_date_a_date() -> None:
    dice = Random(1)
    for _ in range(500):
        assert mistyped("Maisie", dice) != ""
        assert mistyped("Al", dice) == "Al"
        assert misnumbered("9990000018", dice) != "9990000018"
        assert misdated(date(2020, 2, 29), dice) != date(2020, 2, 29)


def test_day_and_month_turn_only_where_that_makes_another_date() -> None:
    assert turned(date(2019, 4, 2)) == date(2019, 2, 4)
    assert turned(date(2019, 4, 13)) is None
    assert turned(date(2019, 4, 4)) is None
