"""What the hub does on a match: the hazards that have joined the wrong children, one by one."""

import pytest
from pydantic import ValidationError

from services.intake.matching.comparing import compare
from services.intake.matching.deciding import (
    Decision,
    Hazard,
    Thresholds,
    Verdict,
    decide_among,
)
from services.intake.matching.explaining import HAZARD_WORDS, explain
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.scoring import Score, Scorer, rarity_of
from services.intake.matching.weights import shipped_weights
from tests.rules.matching_people import a_person, decided, scored

NUMBER, OTHER_NUMBER = "9990000018", "9990000026"
ELSEWHERE = {"address_line": "3 Elm Close", "town": "York", "postcode": "YO1 7AA"}
Told = dict[str, str]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({}, {}, id="all the same but no number"),
        pytest.param({"nhs_number": NUMBER}, {"nhs_number": NUMBER, **ELSEWHERE}, id="moved, same number"),
        pytest.param({}, {"given_name": "Ollie"}, id="called by a short name"),
        pytest.param(
            {}, {"given_name": "Entwistle", "family_name": "Oliver"}, id="names the wrong way round"
        ),
        pytest.param({}, {"date_of_birth": "2015-07-03"}, id="day and month swapped"),
        pytest.param({}, {"given_name": "Olivre"}, id="mistyped"),
        pytest.param(
            {"nhs_number": NUMBER},
            {"nhs_number": NUMBER, "family_name": "Ottershaw", **ELSEWHERE},
            id="adopted",
        ),
        pytest.param({"given_name": "Yousef"}, {"given_name": "Yusuf"}, id="written from another script"),
        pytest.param({}, {"family_name": "Entwistle-Ward"}, id="double-barrelled since"),
    ],
)
def test_one_child_is_surely_found(one: Told, other: Told) -> None:
    assert decided(a_person(**one), a_person(**other)) == Decision(Verdict.SURE, ())


@pytest.mark.parametrize(
    ("one", "other", "hazard"),
    [
        pytest.param({}, {"given_name": "Harry"}, Hazard.TWIN, id="twins"),
        pytest.param(
            {"nhs_number": NUMBER},
            {"given_name": "Harry", "nhs_number": NUMBER},
            Hazard.TWIN,
            id="twins with one number",
        ),
        pytest.param(
            {"given_name": "Jayden"}, {"given_name": "Jaydon"}, Hazard.NAMESAKE, id="Jayden and Jaydon"
        ),
        pytest.param({"given_name": "Ella"}, {"given_name": "Ellie"}, Hazard.NAMESAKE, id="Ella and Ellie"),
        pytest.param({"given_name": "Ayaan"}, {"given_name": "Ayan"}, Hazard.NAMESAKE, id="Ayaan and Ayan"),
        pytest.param(
            {"nhs_number": NUMBER},
            {"given_name": "Harry", "date_of_birth": "2012-09-21", "nhs_number": NUMBER},
            Hazard.SHARED_NUMBER,
            id="brothers with one number",
        ),
        pytest.param(
            {"nhs_number": NUMBER},
            {
                "given_name": "Zofia",
                "family_name": "Nowak",
                "date_of_birth": "2012-09-21",
                "nhs_number": NUMBER,
                **ELSEWHERE,
            },
            Hazard.SHARED_NUMBER,
            id="strangers with one number",
        ),
        pytest.param({}, {"date_of_birth": ""}, Hazard.NAME_ALONE, id="a name and an address, no date"),
        pytest.param(
            {"nhs_number": NUMBER}, {"nhs_number": OTHER_NUMBER}, Hazard.OTHER_NUMBER, id="two numbers"
        ),
        pytest.param(
            {}, {"given_name": "Baby", "date_of_birth": "2015-03-07"}, Hazard.NOT_NAMED_YET, id="a baby"
        ),
        pytest.param(
            {"date_of_birth": "2015-01-01"},
            {"date_of_birth": "2015-01-01"},
            Hazard.DEFAULT_DATE,
            id="1 January",
        ),
        pytest.param({}, {"date_of_birth": "1985-11-23"}, Hazard.OTHER_DATE, id="father and son of one name"),
        pytest.param({}, {"sex": "F"}, Hazard.OTHER_SEX, id="other sex"),
    ],
)
def test_the_hub_is_never_sure_where_a_hazard_is(one: Told, other: Told, hazard: Hazard) -> None:
    decision = decided(a_person(**one), a_person(**other))
    assert hazard in decision.hazards
    assert decision.verdict != Verdict.SURE
    assert HAZARD_WORDS[hazard]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({}, {"given_name": "Harry"}, id="twins"),
        pytest.param({"given_name": "Jayden"}, {"given_name": "Jaydon"}, id="twins of similar names"),
        pytest.param(
            {"given_name": "Unborn", "date_of_birth": "2015-03-20", "sex": ""}, {}, id="unborn, later born"
        ),
        pytest.param(
            {"given_name": "Baby", "date_of_birth": "2015-03-07", "family_name": "Ward"},
            {},
            id="mother's name",
        ),
        pytest.param({"nhs_number": NUMBER}, {"nhs_number": OTHER_NUMBER}, id="one number is another's"),
        pytest.param({}, {"date_of_birth": "2015-01-01"}, id="only the year was known"),
        pytest.param(
            {"nhs_number": NUMBER},
            {"given_name": "Harry", "date_of_birth": "2015-03-07", "nhs_number": NUMBER},
            id="twins with one number",
        ),
    ],
)
def test_a_person_is_asked_where_it_may_be_one_child(one: Told, other: Told) -> None:
    assert decided(a_person(**one), a_person(**other)).verdict == Verdict.POSSIBLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            {},
            {"given_name": "Zofia", "family_name": "Nowak", "date_of_birth": "2012-09-21", "sex": "F"},
            id="the new occupant of an old address",
        ),
        pytest.param({}, {"given_name": "Harry", "date_of_birth": "2011-11-23"}, id="brothers"),
        pytest.param({}, {"given_name": "", "date_of_birth": "", **ELSEWHERE}, id="a family name alone"),
        pytest.param({}, {"given_name": "Harry", "family_name": "Nowak", **ELSEWHERE}, id="one birthday"),
    ],
)
def test_nobody_is_asked_about_two_who_merely_share_something(one: Told, other: Told) -> None:
    assert decided(a_person(**one), a_person(**other)).verdict == Verdict.NONE


def test_a_name_alone_is_never_sure_however_rare_and_however_few_are_known() -> None:
    one = a_person(given_name="Ottilie", family_name="Sproat", date_of_birth="", address_line="", postcode="")
    levels = compare(one, one)
    counted = Frequencies(persons=1_000_000)
    score = Scorer(shipped_weights(), 1).score(levels, rarity_of(one, one, levels, counted))
    assert score.probability > 0.95
    assert decided(one, one).verdict != Verdict.SURE


def test_the_other_sex_lowers_the_score() -> None:
    assert scored(a_person(), a_person(sex="F")).bits < scored(a_person(), a_person(sex="")).bits


def test_a_default_date_says_less_than_a_real_one() -> None:
    new_year = a_person(date_of_birth="2015-01-01")
    assert scored(new_year, new_year).bits < scored(a_person(), a_person()).bits


def test_two_who_fit_nearly_as_well_are_left_to_a_person() -> None:
    sure = Decision(Verdict.SURE, ())
    near = decide_among([(sure, Score(30.0, 0.9999)), (sure, Score(29.0, 0.9998))])
    assert [one.verdict for one in near] == [Verdict.POSSIBLE, Verdict.POSSIBLE]
    assert all(Hazard.RIVAL in one.hazards for one in near)
    possible = Decision(Verdict.POSSIBLE, (Hazard.TWIN,))
    apart = decide_among([(sure, Score(40.0, 0.9999)), (possible, Score(15.0, 0.3))])
    assert apart == [sure, possible]


def test_the_reason_is_told_in_words() -> None:
    left, right = (
        a_person(),
        a_person(given_name="Entwistle", family_name="Oliver", date_of_birth="2015-07-03"),
    )
    levels = compare(left, right)
    scorer = Scorer(shipped_weights(), 1000)
    words = [line.words for line in explain(levels, rarity_of(left, right, levels, Frequencies()), scorer)]
    assert "names the wrong way round" in words
    assert "same date of birth with day and month swapped" in words
    assert "same address" in words


def test_thresholds_out_of_order_are_refused() -> None:
    with pytest.raises(ValidationError):
        Thresholds(sure=0.6, possible=0.7)
