"""The code lists: complete against the catalogue they stand for, in words of our own, and strictly read."""

import csv
from pathlib import Path

import pytest

from shared.codes import INDICATORS, INDICATORS_VERSION, NOT_CODED, REFERRAL_SOURCES, split_known
from shared.codes.reading import FileNotReadable, read_yaml

#: id, level and theme of every entry of the catalogue; facts alone, its phrases are not ours to keep.
CATALOGUE = {
    row["id"]: row
    for row in csv.DictReader((Path(__file__).parent / "catalogue.csv").read_text().splitlines())
}
NOT_CODED_ON_PURPOSE = {"TI105", "TI119", "TI139"}


def test_every_theme_of_the_catalogue_has_a_code() -> None:
    stood_for = {entry for indicator in INDICATORS.values() for entry in indicator.stands_for}

    assert {row["theme"] for row in CATALOGUE.values()} == {CATALOGUE[entry]["theme"] for entry in stood_for}


def test_every_entry_of_the_catalogue_is_stood_for_unless_left_out_on_purpose() -> None:
    stood_for = {entry for indicator in INDICATORS.values() for entry in indicator.stands_for}

    assert CATALOGUE.keys() - stood_for == NOT_CODED_ON_PURPOSE
    assert stood_for <= CATALOGUE.keys()


@pytest.mark.parametrize("code", INDICATORS)
def test_a_code_points_no_lower_than_anything_it_stands_for(code: str) -> None:
    indicator = INDICATORS[code]

    assert all(int(CATALOGUE[entry]["level"]) <= indicator.level for entry in indicator.stands_for)


def test_words_are_one_plain_sentence_each_and_never_the_same() -> None:
    words = [indicator.words for indicator in INDICATORS.values()]

    assert len(set(words)) == len(words)
    assert all(said[0].isupper() and not said.endswith(".") and len(said) <= 160 for said in words)


def test_domestic_abuse_with_a_child_there_is_complex_need() -> None:
    indicator = INDICATORS["domestic_abuse.child_present"]

    assert (indicator.theme, indicator.level, indicator.ring_first) == ("domestic_abuse", 3, True)
    assert INDICATORS_VERSION == "2026-1"


@pytest.mark.parametrize("theme", ["sexual_abuse", "domestic_abuse", "fgm", "fii", "honour_based_abuse"])
def test_where_telling_the_family_may_do_harm_the_hub_is_rung_first(theme: str) -> None:
    assert all(indicator.ring_first for indicator in INDICATORS.values() if indicator.theme == theme)


def test_an_unknown_code_and_a_missing_one_are_kept_apart_from_the_known() -> None:
    known, unknown = split_known(["neglect.early", None, "neglect.eraly", "neglect.early", None])

    assert known == ("neglect.early",)
    assert unknown == (NOT_CODED, "neglect.eraly")


def test_sources_of_referral_are_the_codes_of_the_census() -> None:
    assert " ".join(REFERRAL_SOURCES) == "1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 5D 6 7 8 9 10"
    assert all(isinstance(words, str) and words for words in REFERRAL_SOURCES.values())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("level: 4\nlevel: 1\n", "twice"),
        ("a: &loud [1]\nb: [*loud, *loud]\n", "write it out"),
        ("a: [1\n", "line"),
        ("a: !!python/object/apply:os.getcwd []\n", "constructor"),
    ],
)
def test_yaml_that_loses_or_hides_something_is_refused(text: str, reason: str) -> None:
    with pytest.raises(FileNotReadable, match=reason):
        read_yaml(text)
