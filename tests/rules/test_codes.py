"""The code lists: complete against the catalogue they stand for, in words of our own, and strictly read."""

import csv
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

import shared.codes
from shared.codes import (
    DISABILITIES,
    ETHNICITIES,
    INDICATORS,
    INDICATORS_VERSION,
    LOCAL_AUTHORITIES,
    NOT_CODED,
    POLICE_FORCES,
    REFERRAL_SOURCES,
    RISK_GRADES,
    RISK_TOOLS,
    split_known,
)
from shared.codes.before_sending import BEFORE_SENDING
from shared.codes.reading import FileNotReadable, read_code_list, read_yaml
from shared.schemas.words import Pathway

#: id, level and theme of every entry of the catalogue; facts alone, its phrases are not ours to keep.
CATALOGUE = {
    row["id"]: row
    for row in csv.DictReader((Path(__file__).parent / "catalogue.csv").read_text().splitlines())
}
LISTS = sorted(Path(shared.codes.__path__[0]).glob("*.yaml"))
PLAIN_LISTS = [
    *("DISABILITIES", "ETHNICITIES", "INFORMED_OF", "LOCAL_AUTHORITIES", "NAME_KINDS", "PLAN_KINDS"),
    *("POLICE_FORCES", "REFERRAL_SOURCES", "WAYS_OF_ASKING"),
]
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


@pytest.mark.parametrize("file", LISTS, ids=[file.stem for file in LISTS])
def test_every_list_says_which_version_it_is_and_where_it_comes_from(file: Path) -> None:
    # Codes are unique because the reader refuses a key that is given twice.
    document = read_code_list(file.name)
    assert re.fullmatch(r"20[0-9]{2}-[0-9]+", document["version"])
    assert len(document["source"]) > 10
    assert len(document) > 2


@pytest.mark.parametrize("file", LISTS, ids=[file.stem for file in LISTS])
def test_codes_are_told_apart_whatever_their_case(file: Path) -> None:
    codes = list(read_code_list(file.name).get(file.stem, {}))
    assert len({str(code).lower() for code in codes}) == len(codes)


@pytest.mark.parametrize("file", LISTS, ids=[file.stem for file in LISTS])
def test_words_that_no_practitioner_has_reviewed_say_so(file: Path) -> None:
    text = file.read_text()
    if file.stem in {"blaming_phrases", "exploitation_prompts", "before_sending"}:
        assert "practitioner of the deployment must review" in " ".join(text.replace("#", "").split())
        assert "NOT YET REVIEWED" in read_code_list(file.name)["source"]


@pytest.mark.parametrize("listed", PLAIN_LISTS)
def test_a_plain_list_has_words_for_every_code(listed: str) -> None:
    words: Mapping[str, str] = getattr(shared.codes, listed)
    assert all(isinstance(code, str) and isinstance(said, str) and said for code, said in words.items())
    assert len(set(words.values())) == len(words)


def test_lists_of_the_census_are_complete() -> None:
    assert len(ETHNICITIES) == 20
    assert " ".join(DISABILITIES) == "NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA"


def test_councils_are_known_by_number_and_none_that_was_abolished_is_there() -> None:
    assert len(LOCAL_AUTHORITIES) == 153
    assert (LOCAL_AUTHORITIES["371"], LOCAL_AUTHORITIES["373"]) == ("Doncaster", "Sheffield")
    assert {"942", "943"} <= LOCAL_AUTHORITIES.keys()
    assert LOCAL_AUTHORITIES.keys().isdisjoint({"909", "928", "702"})
    assert all(re.fullmatch("[0-9]{3}", number) for number in LOCAL_AUTHORITIES)


def test_every_territorial_force_is_there() -> None:
    by_country = Counter(code[0] for code in POLICE_FORCES)
    assert by_country == {"E": 39, "W": 4, "N": 1, "S": 1}
    assert POLICE_FORCES["E23000011"] == "South Yorkshire"


def test_grades_of_risk_rise_with_the_score() -> None:
    assert [grade.from_score for grade in RISK_GRADES.values()] == [1, 10, 14]
    assert {code: tool.questions for code, tool in RISK_TOOLS.items()} == {"dash_2009": 27, "dash_ric": 24}


def test_every_pathway_has_something_to_do_now() -> None:
    assert BEFORE_SENDING.steps.keys() == set(Pathway)
    assert all(BEFORE_SENDING.steps.values())


def test_no_word_before_sending_tells_anyone_not_to_send() -> None:
    steps = [step for each in BEFORE_SENDING.steps.values() for step in each] + [*BEFORE_SENDING.not_known]
    words = " ".join([*(step.words for step in steps), BEFORE_SENDING.away, BEFORE_SENDING.send_anyway])
    assert not re.search(r"(?:do not|don't|no need to|not necessary to|should not) send", words.lower())


def test_whatever_speaks_of_the_family_can_be_left_out() -> None:
    steps = [step for each in BEFORE_SENDING.steps.values() for step in each]
    to_family = re.compile(
        r"consent|talk with (?:the parents|the child, and)|ask (?:the parents|them)", re.IGNORECASE
    )
    assert [step.words for step in steps if to_family.search(step.words) and not step.talks_with_family] == []
