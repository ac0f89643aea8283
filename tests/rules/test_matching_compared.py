"""How far two descriptions agree, piece by piece, and what that is worth."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.matching.comparing import compare
from services.intake.matching.explaining import explain
from services.intake.matching.frequencies import Frequencies, count_frequencies
from services.intake.matching.keys import keys_of
from services.intake.matching.levels import LEVELS, MISSING
from services.intake.matching.person import Description, Person, read_person
from services.intake.matching.scoring import Scorer, rarity_of
from services.intake.matching.weights import read_weights, shipped_weights, write_weights
from tests.rules.matching_people import a_person, decided, scored

NAMES = st.sampled_from(
    [
        "",
        "Mohammed",
        "Muhammad",
        "Mo",
        "Maggie",
        "Margaret",
        "Jayden",
        "Jaydon",
        "Smith",
        "Smyth",
        "Baby",
        "J",
        "Ωμέγα",
    ]
)
DATES = st.sampled_from(["", "2015-03-07", "2015-07-03", "2015-01-01", "2016", "20151399", "2015-03-17", "x"])
PEOPLE = st.builds(
    Description,
    given_name=NAMES | st.text(max_size=12),
    family_name=NAMES | st.text(max_size=12),
    date_of_birth=DATES,
    expected_on=DATES,
    nhs_number=st.sampled_from(["", "9990000018", "9990000019", "9990000026"]),
    address_line=st.sampled_from(["", "12 Alma Road", "Flat 2, 12 Alma Rd", "14 Alma Road", "Rose Cottage"]),
    town=st.sampled_from(["", "Leeds", "Ledes", "York"]),
    postcode=st.sampled_from(["", "LS6 2AB", "LS6 2BA", "YO1 7AA", "4223"]),
    sex=st.sampled_from(["", "m", "F", "?"]),
    other_names=st.lists(st.tuples(NAMES, NAMES), max_size=1).map(tuple),
).map(read_person)


@pytest.mark.parametrize(
    ("left", "right", "given_level", "family_level"),
    [
        (("Oliver", "Khan"), ("Oliver", "Khan"), "same", "same"),
        (("Mohammed", "Khan"), ("Muhammad", "Khan"), "variant", "same"),
        (("Maggie", "Ward"), ("Margaret", "Ward"), "nickname", "same"),
        (("Mo", "Khan"), ("Mohamed", "Khan"), "nickname", "same"),
        (("Yousef", "Ali"), ("Yusuf", "Aly"), "variant", "variant"),
        (("Olivre", "Khan"), ("Oliver", "Khan"), "similar", "same"),
        (("Jayden", "Ward"), ("Jaydon", "Ward"), "namesake", "same"),
        (("J", "Ward"), ("Jayden", "Ward"), "initial", "same"),
        (("Tabby", "Ward"), ("Tabitha", "Ward"), "nickname", "same"),
        (("Keiran", "Ward"), ("Ciaran", "Ward"), "variant", "same"),
        (("Kityy", "Ward"), ("Katherine", "Ward"), "sounds", "same"),
        (("Leach", "Frances"), ("Unnamed", "Leach"), "missing", "swapped"),
        (("Mary Jane", "Ward"), ("Jane", "Ward"), "part", "same"),
        (("Oliver", "Smith-Jones"), ("Oliver", "Jones"), "same", "part"),
        (("Oliver", "Smith-Jones"), ("Oliver", "Jones Smith"), "same", "same"),
        (("Khan", "Oliver"), ("Oliver", "Khan"), "swapped", "swapped"),
        (("Kahn", "Ollie"), ("Oliver", "Khan"), "swapped", "swapped"),
        (("Baby", "Ward"), ("Oliver", "Khan"), "missing", "mothers"),
        (("Oliver", "Ward"), ("Oliver", "Khan"), "same", "different"),
        (("", ""), ("Oliver", "Khan"), "missing", "missing"),
    ],
)
def test_names(left: tuple[str, str], right: tuple[str, str], given_level: str, family_level: str) -> None:
    one = a_person(given_name=left[0], family_name=left[1])
    other = a_person(given_name=right[0], family_name=right[1])
    assert compare(one, other)[:2] == (given_level, family_level)


def test_a_name_from_before_an_adoption_still_agrees() -> None:
    now = a_person(family_name="Ottershaw", other_names=(("Oliver", "Entwistle"),))
    assert compare(now, a_person()).family == "same"


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("2015-03-07", "2015-03-07", "same"),
        ("2015-03-07", "2015-07-03", "day_month_swapped"),
        ("2015-03-07", "2015-03-17", "one_digit"),
        ("2015-03-07", "2005-03-07", "one_digit"),
        ("2015-03-07", "2015-03-29", "same_month"),
        ("2015-03-07", "2011-03-07", "one_digit"),
        ("2015-03-07", "1998-03-07", "same_day"),
        ("2015-01-01", "2015-01-01", "same_weak"),
        ("2015-01-01", "2015-06-12", "weak_year"),
        ("2015-01-01", "2014-12-31", "weak_next_year"),
        ("2015-01-01", "2009-05-30", "weak_other"),
        ("2015-01-01", "1985-05-30", "different"),
        ("2015-03-07", "2008-11-23", "different"),
        ("2015-03-07", "1900-01-01", "missing"),
        ("2015-03-07", "", "missing"),
    ],
)
def test_dates_of_birth(left: str, right: str, level: str) -> None:
    assert compare(a_person(date_of_birth=left), a_person(date_of_birth=right)).birth == level


def test_a_child_due_in_march_may_be_born_in_february() -> None:
    unborn = a_person(given_name="Unborn", date_of_birth="", expected_on="2026-03-10")
    assert compare(unborn, a_person(date_of_birth="2026-02-27")).birth == "due"
    assert compare(unborn, a_person(date_of_birth="2026-01-20")).birth == "due_roughly"
    assert compare(unborn, a_person(date_of_birth="2024-11-20")).birth == "different"


def test_two_babies_of_one_week_without_names_have_little_in_common() -> None:
    baby, unborn = ({"given_name": name, "date_of_birth": "2026-03-10"} for name in ("Baby", "Unborn"))
    levels = compare(a_person(**baby), a_person(**unborn))
    # That neither has a name is part of what the date says, and is not counted twice.
    assert (levels.given, levels.birth) == ("missing", "babies_same")
    assert compare(a_person(**baby), a_person(**unborn | {"date_of_birth": ""})).given == "unnamed"
    assert (
        compare(a_person(**baby), a_person(**unborn | {"date_of_birth": "2026-03-20"})).birth == "babies_due"
    )
    elsewhere = {"family_name": "Khan", "address_line": "3 Mill Lane", "town": "York", "postcode": "YO1 7HH"}
    assert decided(a_person(**baby), a_person(**unborn, **elsewhere)).verdict == "none"


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        (("12 Alma Road", "Leeds", "LS6 2AB"), ("12 Alma Rd", "LEEDS", "ls62ab"), "home"),
        (("12 Alma Road", "Leeds", ""), ("12 Alma Road", "Leeds", "LS6 2AB"), "home"),
        (("12 Alma Road", "Leeds", "LS6 2AB"), ("12 Alma Raod", "Leeds", "LS6 2BA"), "home"),
        (("Flat 1, 12 Alma Road", "", "LS6 2AB"), ("Flat 2, 12 Alma Road", "", "LS6 2AB"), "nearly_home"),
        (("Alma Road", "Leeds", "LS6 2AB"), ("12 Alma Road", "Leeds", "LS6 2AB"), "nearly_home"),
        (("12 Alma Road", "Leeds", "LS6 2AB"), ("48 Alma Road", "Leeds", "LS6 2AB"), "street"),
        (("12 Alma Road", "York", "YO1 7AA"), ("12 Alma Road", "Leeds", "LS6 2AB"), "door"),
        (("3 Elm Close", "Leeds", "LS6 4XX"), ("12 Alma Road", "Leeds", "LS6 2AB"), "area"),
        (("3 Elm Close", "York", "YO1 7AA"), ("12 Alma Road", "Leeds", "LS6 2AB"), "different"),
        (("", "", ""), ("12 Alma Road", "Leeds", "LS6 2AB"), "missing"),
    ],
)
def test_an_address_is_one_piece_of_evidence(
    left: tuple[str, str, str], right: tuple[str, str, str], level: str
) -> None:
    one, other = (
        a_person(address_line=line, town=town, postcode=postcode) for line, town, postcode in (left, right)
    )
    assert compare(one, other).address == level


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("9990000018", "999 000 0018", "same"),
        ("9990000018", "9990000026", "different"),
        ("9990000018", "9990000081", "one_digit"),
        ("9990000018", "9991234567", "missing"),
        ("9990000018", "", "missing"),
    ],
)
def test_nhs_numbers(left: str, right: str, level: str) -> None:
    assert compare(a_person(nhs_number=left), a_person(nhs_number=right)).number == level


@settings(max_examples=300, deadline=None)
@given(PEOPLE, PEOPLE)
def test_the_order_of_two_people_makes_no_difference(left: Person, right: Person) -> None:
    assert compare(left, right) == compare(right, left)
    assert scored(left, right) == scored(right, left)


@settings(max_examples=200, deadline=None)
@given(PEOPLE, PEOPLE)
def test_every_score_is_the_sum_of_lines_with_words(left: Person, right: Person) -> None:
    scorer = Scorer(shipped_weights(), 1000)
    levels = compare(left, right)
    rarity = rarity_of(left, right, levels, Frequencies())
    lines = explain(levels, rarity, scorer)
    assert sum(line.bits for line in lines) == pytest.approx(scorer.score(levels, rarity).bits)
    assert all(line.words for line in lines)
    assert all(level == MISSING or level in LEVELS[name] for name, level in zip(LEVELS, levels, strict=True))


def test_what_is_missing_is_no_evidence() -> None:
    nobody = read_person(Description())
    assert set(compare(nobody, a_person())) == {MISSING}
    assert scored(nobody, a_person()).bits == pytest.approx(0.0, abs=0.01)


def test_a_rare_name_says_more_than_a_common_one() -> None:
    people = [a_person(given_name="Mohammed", family_name="Khan") for _ in range(50)]
    people += [a_person(given_name="Ottilie", family_name="Sproat")]
    counted, scorer = count_frequencies(people), Scorer(shipped_weights(), 5000)

    def bits(person: Person) -> float:
        levels = compare(person, person)
        return scorer.score(levels, rarity_of(person, person, levels, counted)).bits

    assert bits(people[-1]) > bits(people[0]) + 5


def test_a_stored_score_is_computed_again_from_version_levels_and_rarity() -> None:
    left, right = a_person(given_name="Ollie"), a_person()
    levels = compare(left, right)
    rarity = rarity_of(left, right, levels, Frequencies(persons=5000))
    again = read_weights(write_weights(shipped_weights()))
    assert again == shipped_weights()
    assert Scorer(again, 5000).score(levels, rarity) == Scorer(shipped_weights(), 5000).score(levels, rarity)


@settings(max_examples=200, deadline=None)
@given(PEOPLE)
def test_keys_fit_a_bigint_and_stand_in_one_tier(person: Person) -> None:
    narrow, wide = keys_of(person)
    assert all(-(2**63) <= key < 2**63 for key in (*narrow, *wide))
    assert len({*narrow, *wide}) == len(narrow) + len(wide)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"given_name": "Mo"}, {"given_name": "Muhammad", "postcode": "", "address_line": ""}),
        ({"given_name": "Entwistle", "family_name": "Oliver"}, {"postcode": "", "address_line": ""}),
        ({"date_of_birth": "2015-07-03"}, {"postcode": "", "address_line": ""}),
        ({"family_name": "Ottershaw", "postcode": "", "address_line": ""}, {}),
        ({"given_name": "Unborn", "date_of_birth": "", "expected_on": "2015-03-20"}, {"family_name": "Ward"}),
    ],
)
def test_who_is_meant_is_found_by_a_key(one: dict[str, str], other: dict[str, str]) -> None:
    left, right = keys_of(a_person(**one)), keys_of(a_person(**other))
    assert {*left.narrow, *left.wide} & {*right.narrow, *right.wide}


def test_keys_never_change() -> None:
    # They are stored: another hash or another tag would lose everybody known.
    assert keys_of(a_person(nhs_number="9990000018")).narrow[0] == -4068416665003023517
