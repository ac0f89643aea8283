"""Whoever is kept from a comparison could not have been likely, whatever else had agreed."""

from dataclasses import replace
from itertools import product

import pytest

from services.intake.matching.comparing import compare
from services.intake.matching.frequencies import Frequencies, count_frequencies
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
_ALSO = replace(_CHILD, nhs_number="", family_name="Sands", other_names=(("Yusuf Adam", "Entwistle Okafor"),))
_CHILDREN = [
    read_person(child)
    for child in (
        _CHILD,
        replace(_CHILD, nhs_number="", telephone="01632 960001"),
        _ALSO,
        replace(_ALSO, given_name="", date_of_birth="", expected_on="2016-05-20"),
        replace(_CHILD, given_name="Entwistle", family_name="Yusuf", nhs_number="999 000 0019"),
    )
]


@pytest.mark.parametrize("population", [1_000, 1_000_000])
@pytest.mark.parametrize(
    "counted", [Frequencies(), count_frequencies([*_OTHERS, *_CHILDREN])], ids=["rare", "common"]
)
def test_nobody_likely_is_kept_from_a_comparison(population: int, counted: Frequencies) -> None:
    weights, among = shipped_weights(), replace(counted, persons=population)
    sieve, scorer = Sieve(weights, _POSSIBLE), Scorer(weights, population)
    kept_away = 0
    for child in _CHILDREN:
        # All of it is counted; who is sifted is told by what is said of the child alone.
        sifting = sieve.for_one(child, among, population)
        for other in [*_OTHERS[::7], *_CHILDREN]:
            levels = compare(child, other)
            score = scorer.score(levels, rarity_of(child, other, levels, among))
            sifted = sifting.levels_of(other)
            if sifted is None:
                assert score.probability < _POSSIBLE, levels
                assert "same" not in (levels.number, levels.upn)
            else:
                assert sifted == levels
            kept_away += sifted is None
    assert kept_away > len(_CHILDREN) * len(_OTHERS[::7]) / 6


def test_a_neighbour_and_a_namesake_of_another_age_are_kept_away() -> None:
    child, unnumbered = read_person(_CHILD), replace(_CHILD, nhs_number="")
    sifting = Sieve(shipped_weights(), _POSSIBLE).for_one(child, Frequencies(1_000_000), 1_000_000)
    neighbour = replace(unnumbered, given_name="Ottilie", family_name="Sands", date_of_birth="2011-11-30")
    namesake = replace(
        unnumbered, date_of_birth="2011-11-30", address_line="7 Quarry Road", postcode="NT9 1ZZ"
    )
    for one in (neighbour, replace(namesake, family_name="Okafor")):
        assert sifting.levels_of(read_person(one)) is None
    assert sifting.levels_of(read_person(unnumbered)) is not None
