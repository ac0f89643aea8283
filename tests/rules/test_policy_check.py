"""Checking a policy: what is wrong stands at its line, and what is right is told with what it covers."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from deploy.local.command import main
from services.triage import policy as policies
from services.triage.evidence.standing import family_consent, signs_of, standing, with_taken_back
from services.triage.policy.checking import check_text
from services.triage.policy.compiled import compiled
from services.triage.policy.coverage import coverage_of
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import AgencyGrade, ChildFacts, FamilyConsent, Plan
from services.triage.policy.floors import but_for
from services.triage.policy.reading import DEFAULT_POLICY, FIVE_LEVELS, shipped_policy
from shared.codes import INDICATORS, LEFT_TO_PERSONS
from shared.schemas.words import Level, Pathway, Rag, Sector

FIVE = (files(policies) / FIVE_LEVELS).read_text(encoding="utf-8")
A_RULE = """
  - id: another
    source: A test
    words: A test
    when: {when}
    then: {then}
    examples:
      fires: [{fires}]
      not_fires: [{{age_years: 9}}]
"""


def line_of(text: str, words: str) -> int:
    """Return the line, counted from 1, on which words first stand."""
    return text[: text.index(words)].count("\n") + 1


def with_rule(when: str, then: str, fires: str) -> str:
    """Return the policy with five levels and one rule more."""
    return FIVE + A_RULE.format(when=when, then=then, fires=fires)


@pytest.mark.parametrize("name", [DEFAULT_POLICY, FIVE_LEVELS])
def test_the_policies_that_come_with_the_hub_have_no_fault(name: str) -> None:
    assert check_text((files(policies) / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", [DEFAULT_POLICY, FIVE_LEVELS])
def test_each_question_asks_of_one_fact_alone_so_that_a_fact_can_be_taken_out_again(name: str) -> None:
    signals = compiled(shipped_policy(name)).signals

    asked = [bits.bit_count() for bits in signals.asked_of().values()]

    assert sum(asked) == len(signals.atoms)


@pytest.mark.parametrize("name", ["hub-2026-1.yaml", "hub-2026-2.yaml", "hub-2026-3.yaml"])
def test_earlier_policies_are_still_read_and_lack_only_floors_that_came_later(name: str) -> None:
    faults = check_text((files(policies) / name).read_text(encoding="utf-8"))

    assert {fault.code for fault in faults} == {"floor_missing"}


def test_every_sign_and_every_entry_of_the_catalogue_reaches_a_level_or_a_person() -> None:
    covered = coverage_of(shipped_policy(DEFAULT_POLICY))

    assert {one.code for one in covered} == INDICATORS.keys()
    assert all(one.level is None or one.level >= one.points_at for one in covered)
    assert [one.code for one in covered if one.level is None] == ["universal.needs_met"]
    entries = {entry for one in covered for entry in one.stands_for} | set(LEFT_TO_PERSONS)
    assert all(INDICATORS.keys() >= set(left.near) for left in LEFT_TO_PERSONS.values())
    assert entries == {f"TI{number:03}" for number in range(1, 169)}


FAULTS: list[tuple[str, Callable[[], tuple[str, int]]]] = [
    ("cycle_of_levels", lambda: at(FIVE.replace("    level: 4\n", "    level: 2\n"), "- step: 5")),
    ("cycle_of_levels", lambda: at(FIVE.replace("- step: 4", "- step: 2"), "- step: 2", 1)),
    (
        "cycle_of_levels",
        lambda: at(FIVE.replace("    pathway: strategy_discussion", "    pathway: advice"), "- step: 5"),
    ),
    ("level_not_on_scale", lambda: at(FIVE.replace("then: {step: 2", "then: {step: 9"), "then: {step: 9")),
    ("unknown_indicator", lambda: at(FIVE.replace("- neglect.persistent", "- neglect.p"), "- neglect.p")),
    (
        "not_a_policy",
        lambda: at(FIVE.replace("immediate_danger: true}\n    t", "danger: true}\n    t"), "when: {dan"),
    ),
    ("not_a_policy", lambda: at(FIVE.replace("rag: green", "rag: purple"), "rag: purple")),
    ("not_a_policy", lambda: at(FIVE.replace("    level: 4\n", "    level: .nan\n"), "level: .nan")),
    ("not_a_policy", lambda: at(FIVE.replace("    level: 4\n", "    level: 2026-11-23\n"), "level: 2026")),
    ("not_readable", lambda: at(FIVE.replace("version: five", "version: [five"), "title:")),
    (
        "example_does_not_fire",
        lambda: at(FIVE.replace("fires: [{immediate_danger: true}]", "fires: [{}]"), "fires: [{}]"),
    ),
    (
        "overlapping_rules",
        lambda: at(
            with_rule("{any_grade_at_least: 5}", "{step: 4, rag: amber, discussion: recorded}", FIFTH),
            "- id: another",
        ),
    ),
    (
        "unreachable_rule",
        lambda: at(with_rule("{any_grade_at_least: 5}", "{step: 2, rag: amber}", FIFTH), "- id: another"),
    ),
    (
        "silence_sets_floor",
        lambda: at(
            with_rule("{not_heard_any: [police]}", "{rag: red}", "{}").replace(
                "[{age_years: 9}]\n", "[{answered: [police]}]\n"
            ),
            "when: {not_heard_any: [police]}",
        ),
    ),
    (
        "step_says_who_acts",
        lambda: at(
            FIVE.replace("    pathway: child_in_need", "    pathway: allocated_worker"), "pathway: allocated"
        ),
    ),
]
FIFTH = "{grades: [{agency_id: a, grade: 5}]}"


def at(text: str, words: str, after: int = 0) -> tuple[str, int]:
    """Return a text, and the line of it on which words stand: the first, or one after it."""
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if words in line]
    return text, lines[after]


@pytest.mark.parametrize(
    ("code", "broken"), FAULTS, ids=[f"{n}-{code}" for n, (code, _) in enumerate(FAULTS)]
)
def test_a_fault_is_refused_with_its_line(code: str, broken: Callable[[], tuple[str, int]]) -> None:
    text, line = broken()

    assert (code, line) in {(fault.code, fault.line) for fault in check_text(text)}


def test_the_command_tells_what_a_policy_covers(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(str(files(policies) / FIVE_LEVELS))

    assert main(["policy", "check", str(path)]) == 0
    said = capsys.readouterr().out
    assert "5 levels, 16 rules" in said
    assert all(code in said for code in (*INDICATORS, *LEFT_TO_PERSONS, "a person says"))


def test_the_command_names_the_line_and_what_to_do_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(FIVE.replace("rag: green", "rag: purple"), encoding="utf-8")

    assert main(["policy", "check", str(path)]) == 1
    said = capsys.readouterr().err
    assert f"{path}:{line_of(FIVE, 'rag: green')}: " in said
    assert "Mend each at its line and check again" in said
    assert main(["policy", "check", str(tmp_path / "none.yaml")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_the_local_level_is_told_beside_the_hub_s_own() -> None:
    answer = recommend(shipped_policy(FIVE_LEVELS), but_for(indicators=("education.persistent_absence",)))
    view = answer.view()

    assert (view.level, view.pathway) == (Level.COMPLEX, Pathway.EARLY_HELP)
    assert view.local_level is not None
    assert (view.local_level.step, view.local_level.name) == (3, "Targeted early help")


@pytest.mark.parametrize(
    ("consent", "contacts", "codes"),
    [
        (FamilyConsent.GIVEN, 1, []),
        (None, 1, ["consent_needed"]),
        (FamilyConsent.NOT_SOUGHT, 1, ["consent_needed"]),
        (FamilyConsent.REFUSED, 1, ["consent_refused"]),
        (FamilyConsent.REFUSED, 2, ["consent_refused", "refused_again"]),
    ],
)
def test_early_help_without_consent_is_advice_to_the_referrer_until_the_family_agrees(
    consent: FamilyConsent | None, contacts: int, codes: list[str]
) -> None:
    facts = but_for(indicators=("education.attendance",), consent=consent, contacts_12m=contacts)
    answer = recommend(shipped_policy(DEFAULT_POLICY), facts)

    assert (answer.level, answer.pathway) == (Level.ADDITIONAL, Pathway.EARLY_HELP)
    assert [one.code for one in answer.conditions] == codes
    assert all(one.until_then is Pathway.ADVICE for one in answer.conditions[:1])


def test_consent_stands_in_nobody_s_way_above_early_help() -> None:
    facts = but_for(indicators=("abuse.disclosed",), consent=FamilyConsent.REFUSED)

    assert recommend(shipped_policy(DEFAULT_POLICY), facts).conditions == ()


def test_whoever_has_the_child_is_told_and_a_green_waits_for_who_is_silent() -> None:
    facts = but_for(indicators=("education.attendance",), plan=Plan.CHILD_PROTECTION, answered=())
    answer = recommend(shipped_policy(DEFAULT_POLICY), facts)

    assert (answer.rag, answer.provisional) == (Rag.GREEN, True)
    assert [one.code for one in answer.conditions] == ["open_to_social_care", "green_not_final"]


def test_the_fact_that_would_change_most_is_named_with_what_the_answer_would_become() -> None:
    police = AgencyGrade(agency_id="p", sector=Sector.POLICE, grade=4)
    facts = but_for(grades=(police,), answered=(Sector.EDUCATION,))
    told = recommend(shipped_policy(DEFAULT_POLICY), facts).single_fact

    assert told is not None
    assert told.words == (
        "If health graded 4: level 4 (Specialist), strategy discussion, Red, a discussion that is recorded."
    )


def test_where_nothing_could_change_the_answer_no_fact_is_named() -> None:
    facts = but_for(immediate_danger=True, grades=(AgencyGrade(agency_id="p", grade=5),))

    assert recommend(shipped_policy(DEFAULT_POLICY), facts).single_fact is None


def test_what_a_sender_says_of_standing_and_consent_is_read_and_silence_is_not_no() -> None:
    unsaid = {"looked_after": None, "plan": None, "private_fostering": None, "allocated_worker": None}

    assert standing(None) == standing({"plan": "something else"}) == unsaid
    assert standing({"plan": "none", "looked_after": False})["plan"] is Plan.NONE
    assert signs_of({"private_fostering": True}) == ("private_fostering.arrangement",)
    assert signs_of({"private_fostering": False}) == signs_of(None) == ()
    assert family_consent({"sought": True, "given": False}) is FamilyConsent.REFUSED
    assert family_consent({"sought": False, "lawful_basis": "public_task"}) is FamilyConsent.NOT_SOUGHT
    assert family_consent({"sought": False}) is family_consent(None) is None


def test_standing_that_a_later_version_took_back_counts_as_if_it_still_stood() -> None:
    before = [
        {"fact": "plan", "said": "child_protection"},
        {"fact": "private_fostering", "said": "true"},
        {"fact": "given_name", "said": "Maisie"},
    ]
    status = with_taken_back({"plan": "none", "looked_after": False}, before)

    assert status == {"plan": "child_protection", "looked_after": False, "private_fostering": True}


def test_facts_that_were_stored_before_there_were_more_are_still_read() -> None:
    assert ChildFacts.model_validate_json('{"age_years": 9, "contacts_12m": 2}').consent is None
