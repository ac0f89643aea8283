"""Publishing a policy: a slip of the author's pen is caught before it can reach a child."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.triage.policy.checking import check_text, require_publishable
from services.triage.policy.faults import PolicyNotPublishable
from services.triage.policy.reading import default_policy, read_policy
from shared.codes.reading import read_yaml

Draft = dict[str, Any]


def a_policy(change: Callable[[Draft], object] = lambda draft: None) -> str:
    """Return the default policy as text, changed by its author."""
    draft = default_policy().model_dump(mode="json", exclude_none=True)
    change(draft)
    return json.dumps(draft)  # JSON is YAML too


def a_rule(draft: Draft, rule_id: str) -> Draft:
    """Return one rule of a draft."""
    found: Draft = next(rule for rule in draft["rules"] if rule["id"] == rule_id)
    return found


def faults_of(change: Callable[[Draft], object]) -> set[tuple[str, str | None]]:
    """Return code and rule of every fault that a change brings about."""
    return {(fault.code, fault.rule_id) for fault in check_text(a_policy(change))}


def test_the_default_policy_may_be_published() -> None:
    policy = default_policy()

    require_publishable(policy)
    assert all(len(rule.examples.fires) >= 2 and len(rule.examples.not_fires) >= 2 for rule in policy.rules)


def test_a_policy_reads_back_as_it_was_written() -> None:
    assert read_policy(a_policy()) == default_policy()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (lambda draft: draft.update(ruels=[]), "#/ruels"),
        (lambda draft: a_rule(draft, "grade-five").update(wen={}), "#/rules/2/wen"),
        (lambda draft: a_rule(draft, "grade-five").update(when={"any_grade": 5}), "#/rules/2/when"),
        (
            lambda draft: a_rule(draft, "grade-five").update(when={"any_grade_at_least": "5"}),
            "#/rules/2/when",
        ),
        (lambda draft: a_rule(draft, "grade-five").update(when={"any_grade_at_least": 0}), "#/rules/2/when"),
        (lambda draft: a_rule(draft, "grade-five").update(when="always"), "#/rules/2/when"),
        (lambda draft: a_rule(draft, "grade-five").update(when={}), "#/rules/2/when"),
        (lambda draft: a_rule(draft, "grade-five").update(when={"not": {"unborn": True}}), "#/rules/2/when"),
        (lambda draft: a_rule(draft, "grade-five")["then"].update(rag="purple"), "#/rules/2/then/rag"),
        (lambda draft: a_rule(draft, "grade-five")["then"].update(level=5), "#/rules/2/then/level"),
        (lambda draft: a_rule(draft, "grade-five")["then"].pop("level"), "#/rules/2/then"),
        (lambda draft: a_rule(draft, "grade-five").update(then={}), "#/rules/2/then"),
        (
            lambda draft: a_rule(draft, "grade-five")["then"].update(pathway="other_authority"),
            "#/rules/2/then",
        ),
        (lambda draft: a_rule(draft, "grade-five")["examples"].update(not_fires=[]), "#/rules/2/examples"),
        (
            lambda draft: a_rule(draft, "grade-five")["examples"]["fires"][0].update(age=9),
            "#/rules/2/examples/fires/0/age",
        ),
        (lambda draft: a_rule(draft, "grade-five")["then"].update(step=3), "#/rules/2/then"),
        (lambda draft: draft.update(levels=[]), "#/levels"),
        (lambda draft: draft.pop("scale"), "#/"),
        (lambda draft: draft["scale"].__delitem__(slice(1, 4)), "#/scale"),
        (lambda draft: draft.update(rules=[]), "#/rules"),
        (lambda draft: draft.update(version=2026), "#/version"),
    ],
)
def test_what_the_language_does_not_have_is_refused_and_never_skipped(
    change: Callable[[Draft], object], pointer: str
) -> None:
    with pytest.raises(PolicyNotPublishable) as refused:
        read_policy(a_policy(change))

    assert any(fault.detail.startswith(pointer) for fault in refused.value.faults)


@pytest.mark.parametrize(
    "text", ["", "- a list", "version: a\nversion: b\n", "version: 2026-01-01", "a: [", "["]
)
def test_text_that_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(PolicyNotPublishable):
        read_policy(text)


def test_an_example_that_does_not_fire_stops_publication() -> None:
    faults = faults_of(
        lambda draft: a_rule(draft, "grade-five")["examples"]["fires"].append({"age_years": 9})
    )

    assert faults == {("example_does_not_fire", "grade-five")}


def test_an_example_that_fires_against_its_author_s_word_stops_publication() -> None:
    faults = faults_of(
        lambda draft: a_rule(draft, "early-help")["examples"]["not_fires"].append(
            {"age_years": 9, "indicators": ["neglect.early"]}
        )
    )

    assert faults == {("example_fires", "early-help")}


def test_an_example_that_fires_only_for_want_of_an_age_proves_nothing_either_way() -> None:
    of_unknown_age = {"indicators": ["neglect.early"]}

    def add(draft: Draft) -> None:
        examples = a_rule(draft, "unborn-or-under-one")["examples"]
        examples["fires"].append(of_unknown_age)
        examples["not_fires"].append(of_unknown_age)

    assert faults_of(add) == {
        ("example_does_not_fire", "unborn-or-under-one"),
        ("example_fires", "unborn-or-under-one"),
    }


def test_a_misspelt_indicator_stops_publication() -> None:
    def misspell(draft: Draft) -> None:
        a_rule(draft, "complex-need")["when"]["any_of"][0]["indicators_any"] = ["domestic_abuse.child_presnt"]

    assert faults_of(misspell) == {("unknown_indicator", "complex-need")}


def test_two_rules_with_one_id_stop_publication() -> None:
    faults = faults_of(lambda draft: draft["rules"].append(a_rule(draft, "grade-five")))

    assert ("duplicate_rule", "grade-five") in faults


def test_a_rule_that_can_never_change_an_answer_stops_publication() -> None:
    def add(draft: Draft) -> None:
        examples = {"fires": [{"age_years": 9, "indicators": ["neglect.severe"]}], "not_fires": [{}]}
        changed = {"id": "shadow", "when": {"indicator_level_at_least": 3}, "examples": examples}
        draft["rules"].append(a_rule(draft, "early-help") | changed)

    assert faults_of(add) == {("overlapping_rules", "shadow")}


def test_a_spread_of_grades_may_call_for_discussion_and_for_nothing_else() -> None:
    def add(then: Draft) -> Callable[[Draft], object]:
        grades = [{"agency_id": "a", "grade": 0}, {"agency_id": "b", "grade": 4}]
        examples = {
            "fires": [{"age_years": 9, "grades": grades}],
            "not_fires": [{"age_years": 9, "grades": grades[1:]}],
        }
        rule = {"id": "apart", "source": "A test", "words": "The agencies differ", "examples": examples}
        return lambda draft: draft["rules"].append(
            rule | {"when": {"grade_spread_at_least": 4}, "then": then}
        )

    assert faults_of(add({"discussion": "same_day"})) == set()
    assert faults_of(add({"rag": "red"})) == {("spread_sets_floor", "apart")}


def test_a_pathway_that_protects_less_than_its_level_stops_publication() -> None:
    faults = faults_of(lambda draft: a_rule(draft, "complex-need")["then"].update(pathway="early_help"))

    assert faults == {("pathway_below_level", "complex-need")}


@pytest.mark.parametrize("rule_id", ["immediate-danger", "significant-harm", "grade-five"])
def test_a_policy_without_a_floor_is_not_published(rule_id: str) -> None:
    faults = faults_of(lambda draft: draft["rules"].remove(a_rule(draft, rule_id)))

    assert ("floor_missing", None) in faults


def test_a_policy_that_forgets_a_sign_is_not_published() -> None:
    faults = faults_of(lambda draft: draft["rules"].remove(a_rule(draft, "early-help")))

    assert ("indicator_falls_short", None) in faults


def test_a_refusal_names_every_fault_and_its_rule() -> None:
    def spoil(draft: Draft) -> None:
        a_rule(draft, "early-help")["examples"]["fires"].append({"age_years": 9})
        a_rule(draft, "grade-five")["examples"]["fires"].append({"age_years": 9})

    with pytest.raises(PolicyNotPublishable) as refused:
        require_publishable(read_policy(a_policy(spoil)))

    assert {fault.rule_id for fault in refused.value.faults} == {"early-help", "grade-five"}
    assert "rule grade-five: the rule does not speak for example 3" in str(refused.value)


def test_the_rule_in_the_guide_may_be_added_to_the_default_policy() -> None:
    guide = (Path(__file__).parents[2] / "docs/guides/threshold-policy.md").read_text(encoding="utf-8")
    rule = next(part for part in guide.split("```yaml\n") if part.startswith("id:")).split("```")[0]

    assert faults_of(lambda draft: draft["rules"].append(read_yaml(rule))) == set()
