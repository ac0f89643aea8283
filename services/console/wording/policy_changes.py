"""How a policy differs from the one in force, for whoever approves it: what stood, and what would stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.console.wording.codes import PATHWAYS, SECTORS
from shared.schemas.policies import LevelView, PolicyView, RuleView, WhenView


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a rule, or of the policy, that reads otherwise: only the lines that differ."""

    name: str
    before: Sequence[str]
    now: Sequence[str]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different.

    Attributes:
        gone: rules that are no longer there: what they raised, nothing raises by them.
        new: rules that were not there.
        changed: rules that are there still, with the parts that differ.
        frame: what differs beside the rules: the levels, and who has to have answered.
    """

    against: str
    gone: list[RuleView]
    new: list[RuleView]
    changed: list[tuple[RuleView, list[Part]]]
    frame: list[Part]

    @property
    def is_nothing(self) -> bool:
        """Whether the two would answer alike: titles and sources apart, nothing differs."""
        return not (self.gone or self.new or self.changed or self.frame)


def changes_of(policy: PolicyView, in_force: PolicyView) -> Changes:
    """Return how a policy differs from the one in force, rules in the order in which they stand."""
    before = {rule.rule_id: rule for rule in in_force.rules}
    now = {rule.rule_id for rule in policy.rules}
    both = [(rule, _parts(before[rule.rule_id], rule)) for rule in policy.rules if rule.rule_id in before]
    return Changes(
        against=in_force.version,
        gone=[rule for rule in in_force.rules if rule.rule_id not in now],
        new=[rule for rule in policy.rules if rule.rule_id not in before],
        changed=[(rule, parts) for rule, parts in both if parts],
        frame=list(
            _differing(
                [
                    ("Levels", _levels(in_force.levels), _levels(policy.levels)),
                    ("Who has to have answered", _sectors(in_force), _sectors(policy)),
                ]
            )
        ),
    )


def _parts(before: RuleView, now: RuleView) -> list[Part]:
    return list(
        _differing(
            [
                ("When", _when(before.when), _when(now.when)),
                ("Then", before.then, now.then),
                ("Words", [before.words], [now.words]),
                ("Source", [before.source], [now.source]),
                ("It must speak for", before.speaks_for, now.speaks_for),
                ("It must not speak for", before.silent_for, now.silent_for),
            ]
        )
    )


def _differing(parts: Iterable[tuple[str, Sequence[str], Sequence[str]]]) -> Iterable[Part]:
    """Yield the parts that differ, each with only those of its lines that do."""
    for name, before, now in parts:
        if list(before) != list(now):
            gone = [line for line in before if line not in now]
            new = [line for line in now if line not in before]
            # The same lines in another order are all of them another reading.
            yield Part(name, gone, new) if gone or new else Part(name, before, now)


def _when(condition: WhenView) -> list[str]:
    """Return a condition as lines, each part led by what it is a part of."""
    if not condition.parts:
        return [condition.words]
    lines = [line for part in condition.parts for line in _when(part)]
    return [condition.words, *(f"{condition.words}: {line}" for line in lines)]


def _sectors(policy: PolicyView) -> list[str]:
    return [SECTORS[sector] for sector in policy.core_sectors]


def _levels(levels: Sequence[LevelView]) -> list[str]:
    return [
        f"{one.step} {one.name} (the hub's level {one.level}): {one.words}. {PATHWAYS[one.pathway]} or more"
        for one in levels
    ]
