"""Whether a policy may be published: its examples, its scale and the floors every policy keeps judge it."""

from collections.abc import Iterator
from typing import Final

from services.triage.policy.clauses import Answer
from services.triage.policy.compiled import compiled
from services.triage.policy.conditions import (
    FOR_DISCUSSION_ALONE,
    AllOf,
    AnyOf,
    Atom,
    Condition,
    GradeSpreadAtLeast,
    IndicatorsAny,
)
from services.triage.policy.document import PolicyDocument, Rule
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import weigh
from services.triage.policy.faults import Path, PolicyFault, PolicyNotPublishable, with_lines
from services.triage.policy.floors import FLOORS, but_for, falls_short, ranks
from services.triage.policy.reach import RuleReach
from services.triage.policy.reading import read_policy
from services.triage.policy.scale import SAYS_WHO_ACTS, misplaced, protection
from services.triage.policy.signals import MOST_WAYS
from shared.codes import INDICATORS

_RULES: Final[Path] = ("rules",)


def require_publishable(document: PolicyDocument) -> None:
    """Pass only a policy without faults.

    Raises:
        PolicyNotPublishable: with every fault that was found.
    """
    faults = check_policy(document)
    if faults:
        raise PolicyNotPublishable(tuple(faults))


def check_text(text: str) -> list[PolicyFault]:
    """Return everything that speaks against publishing the policy of a YAML text, each with its line."""
    try:
        document = read_policy(text)
    except PolicyNotPublishable as refused:
        return list(refused.faults)
    return with_lines(text, check_policy(document))


def check_policy(document: PolicyDocument) -> list[PolicyFault]:
    """Return everything that speaks against publishing this policy; an empty list lets it pass."""
    plain = [
        *_scale_faults(document),
        *_duplicates(document),
        *(
            fault
            for place, rule in enumerate(document.rules)
            for fault in _rule_faults(document, rule, place)
        ),
    ]
    # What a rule could ever do is worked out where all is said as it is meant, and nowhere else.
    reaching = [] if plain else _reach_faults(document)
    return [*plain, *reaching, *_signs_that_fall_short(document), *_floors_that_are_missing(document)]


def _scale_faults(document: PolicyDocument) -> Iterator[PolicyFault]:
    field = "levels" if document.scale is None else "scale"
    for place, words in misplaced(document.steps):
        detail = f"{words}: each step must bring no less than the one below it"
        yield PolicyFault("cycle_of_levels", detail, path=(field, place))
    for place, step in enumerate(document.steps):
        if step.pathway in SAYS_WHO_ACTS:
            detail = f"step {step.step} says who acts; name how much is needed, and a person says who"
            yield PolicyFault("step_says_who_acts", detail, path=(field, place, "pathway"))


def _duplicates(document: PolicyDocument) -> Iterator[PolicyFault]:
    seen: set[str] = set()
    for place, rule in enumerate(document.rules):
        if rule.id in seen:
            yield PolicyFault("duplicate_rule", "another rule has this id", rule.id, (*_RULES, place, "id"))
        seen.add(rule.id)


def _rule_faults(document: PolicyDocument, rule: Rule, place: int) -> Iterator[PolicyFault]:
    path: Path = (*_RULES, place)
    yield from _unknown_indicators(rule, path)
    yield from _set_by_what_may_shrink(rule, path)
    yield from _wrong_floors(document, rule, path)
    yield from _wrong_examples(rule, path)
    if len(compiled(document).ways[place]) > MOST_WAYS:
        detail = "its condition can come about in too many ways to be followed; write it as several rules"
        yield PolicyFault("too_many_ways", detail, rule.id, (*path, "when"))


def _asked(condition: Condition, path: Path) -> Iterator[tuple[Atom, Path]]:
    """Yield the single questions of a condition, each with where it is written."""
    if isinstance(condition, AllOf | AnyOf):
        name = "all_of" if isinstance(condition, AllOf) else "any_of"
        for place, part in enumerate(getattr(condition, name)):
            yield from _asked(part, (*path, name, place))
    else:
        yield condition, path


def _unknown_indicators(rule: Rule, path: Path) -> Iterator[PolicyFault]:
    named: list[tuple[str, Path]] = []
    for atom, where in _asked(rule.when, (*path, "when")):
        if isinstance(atom, IndicatorsAny):
            at = (*where, "indicators_any")
            named += [(code, (*at, place)) for place, code in enumerate(atom.indicators_any)]
    for kind in ("fires", "not_fires"):
        for number, facts in enumerate(getattr(rule.examples, kind)):
            at = (*path, "examples", kind, number, "indicators")
            named += [(code, (*at, place)) for place, code in enumerate(facts.indicators)]
    for code, where in named:
        if code not in INDICATORS:
            detail = f"{code} is not on the hub's list of indicators"
            yield PolicyFault("unknown_indicator", detail, rule.id, where)


def _set_by_what_may_shrink(rule: Rule, path: Path) -> Iterator[PolicyFault]:
    then = rule.then
    if then.step is None and then.level is None and then.rag is None:
        return
    for atom, where in _asked(rule.when, (*path, "when")):
        if isinstance(atom, GradeSpreadAtLeast):
            detail = "a spread of grades may only call for discussion: raising a low grade narrows it"
            yield PolicyFault("spread_sets_floor", detail, rule.id, where)
        elif isinstance(atom, FOR_DISCUSSION_ALONE):
            detail = "who has not been heard may only call for discussion: an answer would lower the rest"
            yield PolicyFault("silence_sets_floor", detail, rule.id, where)


def _wrong_floors(document: PolicyDocument, rule: Rule, path: Path) -> Iterator[PolicyFault]:
    then = rule.then
    if then.step is None and then.level is None:
        return
    step = document.step_for(then)
    if step is None:
        named = f"step {then.step}" if then.step is not None else f"level {then.level}"
        detail = f"the policy's scale has no {named}"
        yield PolicyFault("level_not_on_scale", detail, rule.id, (*path, "then"))
    elif then.pathway is not None and protection(then.pathway) < protection(step.pathway):
        detail = f"step {step.step}, {step.name}, calls for {step.pathway} or more, not {then.pathway}"
        yield PolicyFault("pathway_below_level", detail, rule.id, (*path, "then", "pathway"))


def _wrong_examples(rule: Rule, path: Path) -> Iterator[PolicyFault]:
    for number, facts in enumerate(rule.examples.fires):
        # Speaking because a fact is missing is not enough: the example must show what the rule is about.
        if rule.when.answer(weigh(facts)) is not Answer.YES:
            detail = f"the rule does not speak for example {number + 1} of `fires`"
            where = (*path, "examples", "fires", number)
            yield PolicyFault("example_does_not_fire", detail, rule.id, where)
    for number, facts in enumerate(rule.examples.not_fires):
        if rule.when.answer(weigh(facts)) is not Answer.NO:
            detail = f"the rule speaks for example {number + 1} of `not_fires`, or would if a fact were known"
            yield PolicyFault("example_fires", detail, rule.id, (*path, "examples", "not_fires", number))


def _reach_faults(document: PolicyDocument) -> Iterator[PolicyFault]:
    reach = RuleReach(compiled(document))
    said_by = {place: reach.is_said_by(place) for place in range(len(document.rules))}
    too_much = {place for place, other in said_by.items() if other is not None}
    for place, rule in enumerate(document.rules):
        path: Path = (*_RULES, place)
        by = said_by[place]
        if by is not None:
            other = document.rules[by].id
            detail = f"rule {other} sets the same floors and speaks whenever this one does"
            yield PolicyFault("overlapping_rules", detail, rule.id, path)
        elif not reach.changes_something(place, beside=too_much):
            detail = "it can never change an answer: other rules reach as far for every child it speaks for"
            yield PolicyFault("unreachable_rule", detail, rule.id, path)
        elif _shows_nothing(document, rule):
            detail = "in none of its examples does the rule change the answer: other rules reach as far there"
            yield PolicyFault("rule_without_effect", detail, rule.id, (*path, "examples"))


def _shows_nothing(document: PolicyDocument, rule: Rule) -> bool:
    others = document.model_copy(update={"rules": tuple(one for one in document.rules if one is not rule)})
    return all(
        ranks(recommend(document, facts)) == ranks(recommend(others, facts)) for facts in rule.examples.fires
    )


def _signs_that_fall_short(document: PolicyDocument) -> Iterator[PolicyFault]:
    """Yield a fault for each indicator that, named alone, reaches less than the level it points at.

    Level 1 is left out: no policy has to say that all is well, a person does.
    """
    for indicator in INDICATORS.values():
        reached = recommend(document, but_for(indicators=(indicator.code,))).level or 0
        if reached < indicator.level and indicator.level > 1:
            detail = (
                f"{indicator.code} points at level {indicator.level}, alone it reaches {reached or 'none'}"
            )
            yield PolicyFault("indicator_falls_short", detail, path=_RULES)


def _floors_that_are_missing(document: PolicyDocument) -> Iterator[PolicyFault]:
    for floor in FLOORS:
        if falls_short(recommend(document, floor.facts), floor.least):
            detail = f"the policy asks for too little for {floor.words}"
            yield PolicyFault("floor_missing", detail, path=_RULES)
