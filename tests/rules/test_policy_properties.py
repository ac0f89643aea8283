"""What holds for every child, whatever is known: over a hundred thousand random ones, for both policies."""

from collections.abc import Callable, Iterator
from random import Random

import pytest

from services.triage.evidence.together import together
from services.triage.policy.clauses import Answer
from services.triage.policy.conditions import atoms
from services.triage.policy.document import PolicyDocument
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import OLDEST_YEARS, AgencyGrade, ChildFacts, weigh
from services.triage.policy.floors import FLOORS, but_for, falls_short, ranks
from services.triage.policy.plain_words import IF, IF_OLDER, WHO
from services.triage.policy.reading import DEFAULT_POLICY, FIVE_LEVELS, shipped_policy
from services.triage.policy.recommendation import Recommendation
from tests.rules.children import a_child, a_grade, but, less_known, more_worry, taken_away

Note = Callable[[str, object], None]

#: Times seven properties and two policies: 100,800 children.
CASES = 7_200


@pytest.fixture(params=[DEFAULT_POLICY, FIVE_LEVELS], scope="module")
def policy(request: pytest.FixtureRequest) -> PolicyDocument:
    """Return each of the policies that come with the hub."""
    return shipped_policy(request.param)


@pytest.fixture
def children(record_property: Note, request: pytest.FixtureRequest) -> Iterator[tuple[Random, ChildFacts]]:
    """Yield random children, always the same ones for a test."""
    draw = Random(request.node.name)
    record_property("policy_cases", CASES)
    return ((draw, a_child(draw)) for _ in range(CASES))


Children = Iterator[tuple[Random, ChildFacts]]


def is_no_lower(more: Recommendation, less: Recommendation) -> bool:
    """Say whether level, protection and colour are not lowered.

    To learn enough for a first level is no lowering: until then the colour is amber for want of knowledge.
    """
    (level, protects, urgent, _), (was_level, protected, was_urgent, _) = ranks(more), ranks(less)
    return level >= was_level and protects >= protected and (urgent >= was_urgent or less.level is None)


def step_of(answer: Recommendation) -> int:
    return answer.local.step if answer.local else 0


def test_the_same_facts_are_answered_the_same_and_as_each_rule_alone_says(
    policy: PolicyDocument, children: Children
) -> None:
    for number, (_, facts) in enumerate(children):
        answer, evidence = recommend(policy, facts), weigh(facts)
        says = [(rule.id, rule.when.answer(evidence)) for rule in policy.rules]
        spoke = [(rule_id, said is Answer.UNKNOWN) for rule_id, said in says if said is not Answer.NO]
        assert [(rule.rule_id, rule.assumed) for rule in answer.fired] == spoke
        is_stored = number % 4 == 0
        again = ChildFacts.model_validate_json(facts.model_dump_json()) if is_stored else but(facts)
        assert recommend(policy, again) == answer


def test_a_concern_added_or_a_grade_raised_lowers_nothing(policy: PolicyDocument, children: Children) -> None:
    for draw, facts in children:
        before, after = recommend(policy, facts), recommend(policy, more_worry(draw, facts))
        assert is_no_lower(after, before)
        assert step_of(after) >= step_of(before)


def test_a_missing_fact_lowers_nothing(policy: PolicyDocument, children: Children) -> None:
    for draw, facts in children:
        known, hidden = recommend(policy, facts), recommend(policy, less_known(draw, facts))
        assert all(high >= low for high, low in zip(ranks(hidden), ranks(known), strict=True))
        assert step_of(hidden) >= step_of(known)


def test_a_link_lowers_nothing_whether_a_person_confirmed_it_or_not(
    policy: PolicyDocument, children: Children
) -> None:
    for draw, facts in children:
        alone = recommend(policy, facts)
        # Confirmed, the referrals are read together; until then they add to how often it was heard of.
        if draw.random() < 0.5:
            more = together([facts, a_child(draw)])
        else:
            more = but(facts, contacts_12m=facts.contacts_12m + draw.randint(1, 3), re_referral_12m=True)
        answer = recommend(policy, more)
        assert is_no_lower(answer, alone)
        assert ranks(answer)[3] >= ranks(alone)[3]


def test_every_floor_holds_in_every_combination(policy: PolicyDocument, children: Children) -> None:
    plain = but_for()
    for number, (_, facts) in enumerate(children):
        floor = FLOORS[number % len(FLOORS)]
        worry = {name: value for name, value in floor.facts if value != getattr(plain, name)}
        added = {
            name: getattr(facts, name) + worry[name] for name in ("indicators", "grades") if name in worry
        }
        given = {"unborn": False, "age_years": floor.facts.age_years} | worry | added
        assert not falls_short(recommend(policy, but(facts, **given)), floor.least)


def test_the_rules_that_decide_are_named_and_without_their_facts_the_answer_is_another(
    policy: PolicyDocument, children: Children
) -> None:
    rules = {rule.id: rule for rule in policy.rules}
    for _, facts in children:
        answer = recommend(policy, facts)
        deciding = [rules[rule.rule_id] for rule in answer.fired if rule.decides]
        assert deciding or not answer.fired or ranks(answer)[::3] == (0, 0)
        less = facts
        for atom in (atom for rule in deciding for atom in atoms(rule.when)):
            less = taken_away(less, atom)
        assert not deciding or ranks(recommend(policy, less)) != ranks(answer)


def test_the_single_fact_brings_what_it_is_said_to_bring(policy: PolicyDocument, children: Children) -> None:
    found = 0
    for draw, facts in children:
        told = recommend(policy, facts).single_fact
        if told is None:
            continue
        found += 1
        then = recommend(policy, brought_in(facts, told.words.split(":")[0], a_grade(draw)))
        assert (then.level, then.pathway, then.rag, then.discussion) == (
            told.level,
            told.pathway,
            told.rag,
            told.discussion,
        )
    assert found > CASES / 2


def brought_in(facts: ChildFacts, said: str, some: AgencyGrade) -> ChildFacts:
    """Return the facts with the one that is said to come."""
    if said == IF_OLDER:
        return but(facts, age_years=OLDEST_YEARS)
    named = next((key for key, words in IF.items() if words == said), None)
    if named is not None:
        return but(facts, **{named[0]: named[1]})
    grade, _, before = said.partition(" graded ")[2].partition(" instead of ")
    update = {"agency_id": "new", "grade": int(grade), "status": "graded"}
    if before:
        highest = {given.agency_id: given.grade for given in sorted(facts.all_grades, key=_grade)}
        update["agency_id"] = next(agency for agency, given in highest.items() if given == int(before))
    else:
        who = said.removeprefix("If ").partition(" graded ")[0]
        sector = next(sector for sector, words in WHO.items() if words == who)
        update["sector"] = sector
        waiting = tuple(one for one in facts.not_answered if one is not sector)
        could_not = tuple(one for one in facts.could_not_say if one is not sector)
        facts = but(facts, not_answered=waiting, could_not_say=could_not)
    return but(facts, grades=(*facts.grades, some.model_copy(update=update)))


def _grade(given: AgencyGrade) -> int:
    return -1 if given.grade is None else given.grade


def test_capacity_is_no_fact_and_no_question() -> None:
    assert not {name for name in ChildFacts.model_fields if "capacity" in name or "service" in name}
