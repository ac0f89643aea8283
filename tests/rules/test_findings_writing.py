"""The words themselves: what blames a child is answered, and what nobody has named is asked about."""

import re
import timeit
from typing import Any

import pytest

from services.intake.findings import find
from shared.codes import INDICATORS
from shared.codes.phrases import BLAMING_PHRASES, EXPLOITATION_NAMED, EXPLOITATION_PROMPTS, Phrase, plain
from shared.schemas.referrals import ReferralIn
from tests.referrals import a_child
from tests.rules.finding import NOON, findings_in, found

PHRASES: dict[str, Phrase] = {**BLAMING_PHRASES, **EXPLOITATION_PROMPTS}
FOUND = [(code, text) for code, phrase in PHRASES.items() for text in phrase.found]
NOT_FOUND = [(code, text) for code, phrase in PHRASES.items() for text in phrase.not_found]


def a_concern(narrative: str, **given: Any) -> dict[str, Any]:
    return {
        "indicator": "neglect.early",
        "narrative": narrative,
        "occurred_at": "2026-11-20T22:40:00Z",
    } | given


def saying(narrative: str, **given: Any) -> set[tuple[str, str]]:
    return found(concerns=[a_concern(narrative, **given)])


@pytest.mark.parametrize(("code", "text"), FOUND)
def test_a_phrase_finds_its_examples(code: str, text: str) -> None:
    assert PHRASES[code].stands_in(plain(f"We heard this:\n{text.upper()} That is all."))


@pytest.mark.parametrize("mark", ["'", '"', "(", ")", "-", "/", "*", "\u2018", "\u201d", "\u2014", "..."])
def test_a_phrase_is_found_whatever_marks_stand_beside_it(mark: str) -> None:
    lost = [(code, text) for code, text in FOUND if not PHRASES[code].stands_in(plain(f"{mark}{text}{mark}"))]
    assert lost == []


@pytest.mark.parametrize(("code", "text"), FOUND)
def test_what_is_looked_for_first_begins_where_a_word_begins(code: str, text: str) -> None:
    words = plain(text).words
    assert any(re.search(rf"\b{re.escape(each)}", words) for each in PHRASES[code].look_for)


@pytest.mark.parametrize(("code", "text"), NOT_FOUND)
def test_a_phrase_leaves_alone_what_only_looks_like_it(code: str, text: str) -> None:
    assert not PHRASES[code].stands_in(plain(text))


@pytest.mark.parametrize("code", BLAMING_PHRASES)
def test_blaming_words_are_answered_with_what_to_write_instead(code: str) -> None:
    phrase = BLAMING_PHRASES[code]
    said = findings_in(concerns=[a_concern(f"A teacher wrote it down. {phrase.found[0]}")])
    blaming = [finding for finding in said if finding.code == "blaming_words"]
    assert [finding.pointer for finding in blaming] == ["#/concerns/0/narrative"]
    assert phrase.instead in blaming[0].detail


def test_blaming_words_are_found_in_a_rationale_and_in_actions_taken() -> None:
    child = a_child(grade={"status": "graded", "grade": 2, "rationale": "She makes poor choices at night."})
    assert ("#/children/0/grade/rationale", "blaming_words") in found(children=[child])
    assert ("#/actions_taken", "blaming_words") in found(actions_taken="Told him; he is streetwise.")


def test_the_childs_own_words_are_never_corrected() -> None:
    voice = {"seen": True, "seen_alone": True, "seen_at": "2026-11-20T22:45:00Z", "views": "I asked for it."}
    assert found(children=[a_child(voice=voice)]) == set()


def test_a_phrase_is_told_of_once_however_often_it_stands_there() -> None:
    concerns = [a_concern("He is streetwise and always was."), a_concern("He is streetwise, we think.")]
    assert [finding.pointer for finding in findings_in(concerns=concerns)] == ["#/concerns/0/narrative"]


@pytest.mark.parametrize("code", EXPLOITATION_PROMPTS)
def test_signs_of_exploitation_draw_a_question(code: str) -> None:
    prompt = EXPLOITATION_PROMPTS[code]
    said = findings_in(concerns=[a_concern(f"Her tutor has seen this. {prompt.found[0]}")])
    assert prompt.question in {finding.detail for finding in said if finding.code == "exploitation_question"}


@pytest.mark.parametrize("indicator", ["missing.single", "missing.several", "exploitation.early_sign"])
def test_a_code_draws_the_question_whatever_the_words(indicator: str) -> None:
    assert ("#/concerns/0/indicator", "exploitation_question") in saying(
        "Noticed by three teachers.", indicator=indicator
    )


@pytest.mark.parametrize("indicator", sorted(EXPLOITATION_NAMED))
def test_whoever_has_named_exploitation_is_not_asked(indicator: str) -> None:
    assert saying("She meets older men and went missing.", indicator=indicator) == set()


def test_the_codes_that_phrases_speak_of_are_on_the_list() -> None:
    named = {code for prompt in EXPLOITATION_PROMPTS.values() for code in prompt.indicators}
    assert INDICATORS.keys() >= named | EXPLOITATION_NAMED


def test_a_long_text_made_to_be_slow_is_read_in_time() -> None:
    words = "older relationship with a new missing engag in the carrying phone choices " * 260
    form = ReferralIn.model_validate(
        {"immediate_danger": True, "concerns": tuple({"narrative": words} for _ in range(50))}
    )
    seconds = min(timeit.repeat(lambda: find(form, today=NOON.date()), number=1, repeat=3))
    assert seconds < 2
