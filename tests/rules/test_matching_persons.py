"""What is read from a description, whatever is written in it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.matching.addresses import read_address, read_postcode
from services.intake.matching.dates import read_date
from services.intake.matching.names import family_tokens, fold, given_tokens
from services.intake.matching.person import Description, as_stored, from_stored, read_person
from tests.rules.matching_people import a_person

ANY_TEXT = st.text(max_size=60)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("José", "jose"),
        ("  Zoë-Mae ", "zoe mae"),
        ("O\u2019Brien", "obrien"),
        ("ŁUKASZ", "lukasz"),
        ("Юсуф", "yusuf"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_letters_are_folded_to_plain_ones(written: str, read: str) -> None:
    assert fold(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Miss Ada", ("ada",)),
        ("Mary-Jane", ("mary", "jane")),
        ("Baby", ()),
        ("Baby boy", ()),
        ("Unborn baby", ()),
        ("Baby of Sarah", ()),
        ("Unborn Sarah", ()),
        ("Twin 1", ()),
        ("Not known", ()),
        ("Baby Alfie", ("alfie",)),
        ("J", ("j",)),
        ("", ()),
    ],
)
def test_a_word_in_place_of_a_given_name_is_no_name(written: str, read: tuple[str, ...]) -> None:
    assert given_tokens(written)[0] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Smith-Jones", ("smith", "jones")),
        ("O Brien", ("obrien",)),
        ("Mac Donald", ("macdonald",)),
        ("Al-Hassan", ("hassan",)),
        ("van der Berg", ("berg",)),
        ("Unknown", ()),
    ],
)
def test_family_names_are_read_in_their_parts(written: str, read: tuple[str, ...]) -> None:
    assert family_tokens(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2015-03-07", "20150307"),
        ("07/03/2015", "20150307"),
        ("7.3.15", "20150307"),
        ("7th March 2015", "20150307"),
        ("20150307", "20150307"),
        ("2015-03-07T00:00:00", "20150307"),
        ("2015", "20150000"),
        ("1900-01-01", ""),
        ("19371303", "19371303"),
        ("not known", ""),
        ("", ""),
    ],
)
def test_dates_are_read_in_the_forms_people_write(written: str, read: str) -> None:
    assert read_date(written) == read


@pytest.mark.parametrize(
    ("line", "town", "postcode", "home"),
    [
        ("Flat 3, 12A High Street, Leeds", "Leeds", "ls6 2ab", "3/12a/LS62AB"),
        ("12 High St Leeds LS6 2AB", "Leeds", "", "/12/LS62AB"),
        ("12-14 High Street", "", "LS6 2AB", "/12/LS62AB"),
        ("No fixed abode", "", "", ""),
        ("Rose Cottage", "", "LS6 2AB", "/rose cottage/LS62AB"),
    ],
)
def test_an_address_has_one_form(line: str, town: str, postcode: str, home: str) -> None:
    assert read_address(line, town, postcode).home == home


def test_a_letter_that_stands_for_a_digit_of_a_postcode_is_mended() -> None:
    assert read_postcode("LS6 ZAB") == "LS6ZAB"
    assert read_postcode("LS6 OAB") == "LS60AB"
    assert read_postcode("ZZ99 3VZ") == ""


def test_a_number_with_a_wrong_check_digit_is_never_used_as_one() -> None:
    right, wrong = a_person(nhs_number="999 000 0018"), a_person(nhs_number="999 000 0019")
    assert (right.number, right.unchecked) == ("9990000018", "")
    assert (wrong.number, wrong.unchecked) == ("", "9990000019")
    assert a_person(nhs_number="0000000000").unchecked == ""


def test_a_stored_person_is_the_same_when_read_back() -> None:
    person = a_person(other_names=(("Ollie", "Smith-Jones"),), telephone="0113 496 0000")
    assert from_stored(json.loads(json.dumps(as_stored(person)))) == person


@settings(max_examples=300, deadline=None)
@given(
    st.builds(
        Description,
        **dict.fromkeys(
            (
                "given_name",
                "family_name",
                "date_of_birth",
                "expected_on",
                "nhs_number",
                "upn",
                "address_line",
            ),
            ANY_TEXT,
        ),
        **dict.fromkeys(("town", "postcode", "sex", "telephone"), ANY_TEXT),
        other_names=st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=2).map(tuple),
    )
)
def test_whatever_is_written_can_be_read(told: Description) -> None:
    person = read_person(told)
    assert from_stored(json.loads(json.dumps(as_stored(person)))) == person
