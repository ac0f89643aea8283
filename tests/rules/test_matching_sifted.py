"""Whoever is kept from a comparison could not have been likely, whatever else had agreed."""

from dataclasses import replace
from itertools import product

import pytest

from services.intake.matching.comparing import compare
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.person import Description, read_person
from services.intake.matching.scoring import Scorer, rarity_of
from services.intake.matching.sifting import Sieve
from services.intake.matching.weights import shipped_weights

_POSSIBLE = 0.05
_CHILD = Description(
    given_name="Yusuf",
    family_name="Entwistle",
    date_of_birth="2016-05-08",
    nhs_number="999 000 0018",
    address_line="12 Mill Lane",
    town="Northtown",
    postcode="NT3 4AB",
    sex="M",
)
_SAID = {
    "given_name": ("Yusuf", "Yousef", "Y", "Ibrahim", "Entwistle", ""),
    "family_name": ("Entwistle", "Entwhistle", "Yusuf", "Okafor", ""),
    "date_of_birth": ("2016-05-08", "2016-08-05", "2016-01-01", "2016-05-09", "2011-11-30", ""),
    "nhs_number": ("999 000 0018", "999 000 0026", ""),
    "address_line": ("12 Mill Lane", "7 Quarry Road"),
    "postcode": ("NT3 4AB", "NT9 1ZZ"),
    "sex": ("M", "F"),
}
_OTHERS = [
    read_person(Description(town="Northtown", **dict(zip(_SAID, said, strict=True))))  # type: ignore[arg-type]
    for said in product(*_SAID.values())
]


@pytest.mark.parametrize("population", [1_000, 1_000_000])
def test_nobody_likely_is_kept_from_a_comparison(population: int) -> None:
    child, weights = read_person(_CHILD), shipped_weights()
    sieve, scorer, counted = Sieve(weights, _POSSIBLE), Scorer(weights, population), Frequencies(population)
    kept_away = [other for other in _OTHERS if not sieve.lets_through(child, other)]
    for other in kept_away:
        levels = compare(child, other)
        rarity = rarity_of(child, other, levels, counted)
        assert scorer.score(levels, rarity).probability < _POSSIBLE, levels
    assert len(kept_away) > len(_OTHERS) / 6


def test_a_neighbour_and_a_brother_are_kept_away() -> None:
    child, sieve = read_person(_CHILD), Sieve(shipped_weights(), _POSSIBLE)
    unnumbered = replace(_CHILD, nhs_number="")
    neighbour = replace(unnumbered, given_name="Ottilie", family_name="Sands", date_of_birth="2011-11-30")
    brother = replace(unnumbered, given_name="Ibrahim", date_of_birth="2013-02-11")
    for one in (neighbour, brother):
        assert not sieve.lets_through(child, read_person(one))
    assert sieve.lets_through(child, read_person(unnumbered))


def test_where_there_are_no_relatives_nobody_is_taken_for_one() -> None:
    weights = shipped_weights().model_copy(update={"relatives": 0.0, "twins": 0.0})
    child = read_person(_CHILD)
    assert all(Sieve(weights, _POSSIBLE).lets_through(child, other) for other in _OTHERS)
