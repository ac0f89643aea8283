"""Whether a policy may be published: read it strictly, then let its own examples and the floors judge it."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import ValidationError

from services.triage.policy.clauses import Answer
from services.triage.policy.conditions import GradeSpreadAtLeast, IndicatorsAny, atoms
from services.triage.policy.document import PolicyDocument, Rule
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts, weigh
from services.triage.policy.floors import FLOORS, falls_short, ranks
from services.triage.policy.scale import protection
from shared.codes import INDICATORS
from shared.codes.reading import FileNotReadable, read_yaml

#: The policy a hub starts with.
DEFAULT_POLICY: Final = "hub-2026-2.yaml"


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One reason why a policy may not be published."""

    #: Stable, for programs: duplicate_rule, unknown_indicator, example_does_not_fire, ...
    code: str
    #: For the author of the policy.
    detail: str
    rule_id: str | None = None

    def __str__(self) -> str:
        place = f"rule {self.rule_id}: " if self.rule_id else ""
        return f"{place}{self.detail} [{self.code}]"


class PolicyNotPublishable(ValueError):
    """The policy was not understood, or would not keep children safe; `faults` says everything found."""

    def __init__(self, faults: tuple[PolicyFault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read_policy(text: str) -> PolicyDocument:
    """Return the policy that a YAML text holds.

    A field, condition or word the language does not have is refused and never skipped: a misspelt field
    would otherwise be a rule that never speaks.

    Raises:
        PolicyNotPublishable: it is no YAML of the plain kind, or not a policy; one fault for each error.
    """
    try:
        # Through JSON, because strict models take "red" for a colour from JSON and from nothing else.
        return PolicyDocument.model_validate_json(json.dumps(read_yaml(text), allow_nan=False))
    except ValidationError as error:
        raise PolicyNotPublishable(_misreadings(error)) from error
    except (FileNotReadable, TypeError, ValueError, RecursionError) as error:
        raise PolicyNotPublishable((PolicyFault("not_readable", str(error)),)) from error


@cache
def default_policy() -> PolicyDocument:
    """Return the policy that is shipped with the hub."""
    return read_policy((files(__package__) / DEFAULT_POLICY).read_text(encoding="utf-8"))


def require_publishable(document: PolicyDocument) -> None:
    """Pass only a policy without faults.

    Raises:
        PolicyNotPublishable: with every fault that was found.
    """
    faults = check_policy(document)
    if faults:
        raise PolicyNotPublishable(tuple(faults))


def check_policy(document: PolicyDocument) -> list[PolicyFault]:
    """Return everything that speaks against publishing this policy; an empty list lets it pass."""
    return [
        *_duplicates(document),
        *(fault for rule in document.rules for fault in _rule_faults(document, rule)),
        *_signs_that_fall_short(document),
        *_floors_that_are_missing(document),
    ]


def _rule_faults(document: PolicyDocument, rule: Rule) -> Iterator[PolicyFault]:
    yield from _unknown_indicators(rule)
    yield from _misplaced_spread(rule)
    yield from _pathway_below_level(document, rule)
    yield from _wrong_examples(rule)
    if _changes_nothing(document, rule):
        detail = "in none of its examples does the rule change the answer: other rules always reach as far"
        yield PolicyFault("rule_without_effect", detail, rule.id)


def _duplicates(document: PolicyDocument) -> Iterator[PolicyFault]:
    for rule_id, count in Counter(rule.id for rule in document.rules).items():
        if count > 1:
            yield PolicyFault("duplicate_rule", f"{count} rules have this id", rule_id)


def _unknown_indicators(rule: Rule) -> Iterator[PolicyFault]:
    asked = [atom.indicators_any for atom in atoms(rule.when) if isinstance(atom, IndicatorsAny)]
    told = [example.indicators for example in (*rule.examples.fires, *rule.examples.not_fires)]
    for code in sorted({code for codes in (*asked, *told) for code in codes} - INDICATORS.keys()):
        yield PolicyFault("unknown_indicator", f"{code} is not on the hub's list of indicators", rule.id)


def _misplaced_spread(rule: Rule) -> Iterator[PolicyFault]:
    asks_spread = any(isinstance(atom, GradeSpreadAtLeast) for atom in atoms(rule.when))
    if asks_spread and (rule.then.level or rule.then.rag):
        detail = (
            "a rule about the spread of grades may only call for discussion: raising a low grade narrows it"
        )
        yield PolicyFault("spread_sets_floor", detail, rule.id)


def _pathway_below_level(document: PolicyDocument, rule: Rule) -> Iterator[PolicyFault]:
    if rule.then.level is None or rule.then.pathway is None:
        return
    meaning = document.steps[rule.then.level - 1]
    if protection(rule.then.pathway) < protection(meaning.pathway):
        detail = f"level {meaning.level} calls for {meaning.pathway} or more, not {rule.then.pathway}"
        yield PolicyFault("pathway_below_level", detail, rule.id)


def _wrong_examples(rule: Rule) -> Iterator[PolicyFault]:
    for number, facts in enumerate(rule.examples.fires, start=1):
        # Speaking because a fact is missing is not enough: the example must show what the rule is about.
        if rule.when.answer(weigh(facts)) is not Answer.YES:
            detail = f"the rule does not speak for example {number} of `fires`"
            yield PolicyFault("example_does_not_fire", detail, rule.id)
    for number, facts in enumerate(rule.examples.not_fires, start=1):
        if rule.when.answer(weigh(facts)) is not Answer.NO:
            detail = f"the rule speaks for example {number} of `not_fires`, or would if a fact were known"
            yield PolicyFault("example_fires", detail, rule.id)


def _changes_nothing(document: PolicyDocument, rule: Rule) -> bool:
    others = document.model_copy(update={"rules": tuple(one for one in document.rules if one is not rule)})
    return all(
        ranks(recommend(document, facts)) == ranks(recommend(others, facts)) for facts in rule.examples.fires
    )


def _signs_that_fall_short(document: PolicyDocument) -> Iterator[PolicyFault]:
    """Yield a fault for each indicator that, named alone, reaches less than the level it points at.

    Level 1 is left out: no policy has to say that all is well, a person does.
    """
    for indicator in INDICATORS.values():
        alone = ChildFacts(indicators=(indicator.code,), age_years=16)
        reached = recommend(document, alone).level or 0
        if reached < indicator.level and indicator.level > 1:
            detail = (
                f"{indicator.code} points at level {indicator.level}, alone it reaches {reached or 'none'}"
            )
            yield PolicyFault("indicator_falls_short", detail)


def _floors_that_are_missing(document: PolicyDocument) -> Iterator[PolicyFault]:
    for floor in FLOORS:
        if falls_short(recommend(document, floor.facts), floor.least):
            yield PolicyFault("floor_missing", f"the policy asks for too little for {floor.words}")


def _misreadings(error: ValidationError) -> tuple[PolicyFault, ...]:
    return tuple(
        PolicyFault("not_a_policy", f"#/{'/'.join(str(step) for step in found['loc'])}: {found['msg']}")
        for found in error.errors(include_url=False, include_input=False, include_context=False)
    )
