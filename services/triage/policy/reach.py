"""What a rule could ever do: tried on the least children that it speaks for, which says it for all others.

A rule that raises nothing for the least child it speaks for raises nothing for any other: whatever else is
known of a child can only make the other rules reach further.
"""

from collections.abc import Iterator, Set
from itertools import islice, product
from typing import Any, Final

from services.triage.policy.circumstances import NotHeardAny, PlanAtLeast, ReturnsAtLeast
from services.triage.policy.compiled import Compiled, Reach, highest
from services.triage.policy.conditions import (
    AgeUnderYears,
    AnyGradeAtLeast,
    Atom,
    ContactsAtLeast,
    GradesAtLeast,
    GradeSpreadAtLeast,
    IndicatorLevelAtLeast,
    IndicatorsAny,
    Unborn,
)
from services.triage.policy.facts import Evidence, FamilyConsent, Plan, Silence
from services.triage.policy.signals import NO_SIGNAL, Bits, fulfilled
from shared.codes import INDICATORS

#: Beyond so many least children a rule is taken to do something: nobody can check it by hand either.
_MOST_TRIED: Final = 20_000


class RuleReach:
    """What the rules of one policy could ever do beside each other."""

    def __init__(self, ready: Compiled) -> None:
        self._ready = ready
        self._tried = {place: tuple(self._least(place)) for place in range(len(ready.ways))}

    def changes_something(self, place: int, beside: Set[int]) -> bool:
        """Say whether a rule changes the answer for any child, `beside` rules that only repeat others."""
        if len(self._tried[place]) >= _MOST_TRIED:
            return True
        mine = self._ready.reaches[place]
        away = {place, *beside}
        return any(
            highest(mine, others) != others
            for others in (self._without(away, bits) for bits in self._tried[place])
        )

    def _without(self, away: Set[int], bits: Bits) -> Reach:
        """Return how far all other rules reach, for some bits."""
        spoke = (
            self._ready.reaches[place]
            for place, ways in enumerate(self._ready.ways)
            if place not in away and fulfilled(ways, bits)
        )
        return highest(Reach(), *spoke)

    def is_said_by(self, place: int) -> int | None:
        """Return the place of another rule with the same floors that speaks whenever this one does."""
        mine, tried = self._ready.reaches[place], self._tried[place]
        for other, reach in enumerate(self._ready.reaches):
            if (
                other == place
                or reach != mine
                or len(tried) >= _MOST_TRIED
                or not self._implies(place, other)
            ):
                continue
            # Of two that say the same the later one is too much.
            if other < place or not self._implies(other, place):
                return other
        return None

    def _implies(self, place: int, other: int) -> bool:
        return all(fulfilled(self._ready.ways[other], bits) for bits in self._tried[place])

    def _least(self, place: int) -> Iterator[Bits]:
        signals = self._ready.signals
        ways = self._ready.ways[place]
        least = (
            bits
            for way in ways
            for bits in _least_children(
                self._ready, [atom for at, atom in enumerate(signals.atoms) if way >> at & 1]
            )
        )
        return islice(least, _MOST_TRIED)


def _least_children(ready: Compiled, asked: list[Atom]) -> Iterator[Bits]:
    """Yield the bits of each child who answers yes to all that is asked and to as little else as can be."""
    named = [_codes(atom) for atom in asked if isinstance(atom, IndicatorsAny | IndicatorLevelAtLeast)]
    silent = [atom.not_heard_any for atom in asked if isinstance(atom, NotHeardAny)]
    plain = _evidence(asked)
    for codes in product(*named):
        for sectors in product(*silent):
            evidence = plain._replace(
                indicators=frozenset(codes),
                level=max((INDICATORS[code].level for code in codes), default=0),
                silent=dict.fromkeys(sectors, Silence.NOT_ASKED),
            )
            yield ready.signals.heard(evidence).yes


def _codes(atom: IndicatorsAny | IndicatorLevelAtLeast) -> list[str]:
    if isinstance(atom, IndicatorsAny):
        return [code for code in atom.indicators_any if code in INDICATORS]
    return [one.code for one in INDICATORS.values() if one.level >= atom.indicator_level_at_least]


def _evidence(asked: list[Atom]) -> Evidence:
    found = NO_SIGNAL._replace(grades=_grades(asked))
    for atom in asked:
        found = _with(found, atom)
    return found


def _with(found: Evidence, atom: Atom) -> Evidence:
    match atom:
        case AgeUnderYears(age_under_years=years):
            age = found.age_years
            return found if age is None else found._replace(age_years=min(age, years - 1))
        case Unborn():
            return found._replace(unborn=True, age_years=None)
        case ContactsAtLeast(contacts_12m_at_least=count):
            return found._replace(contacts_12m=max(found.contacts_12m, count))
        case ReturnsAtLeast(returns_12m_at_least=count):
            return found._replace(returns_12m=max(found.returns_12m, count))
        case PlanAtLeast(plan_at_least=plan):
            plans = list(Plan)
            return found._replace(plan=max(found.plan or Plan.NONE, Plan(plan), key=plans.index))
        case _:
            return found._replace(**_SIMPLY.get(next(iter(type(atom).model_fields)), {}))


#: Facts that answer yes to a question which has only one.
_SIMPLY: Final[dict[str, dict[str, Any]]] = {
    "immediate_danger": {"immediate_danger": True},
    "re_referral_12m": {"re_referral_12m": True},
    "hot_spot": {"hot_spot": True},
    "looked_after": {"looked_after": True},
    "private_fostering": {"private_fostering": True},
    "allocated_worker": {"allocated_worker": True},
    "previous_plan": {"previous_plan": True},
    "consent_refused": {"consent": FamilyConsent.REFUSED},
    "not_seen": {"child_seen": False},
}


def _grades(asked: list[Atom]) -> tuple[int, ...]:
    """Return the lowest grades of the fewest agencies that answer yes to all that is asked about grades."""
    needed: list[tuple[int, int]] = []
    for atom in asked:
        if isinstance(atom, AnyGradeAtLeast):
            needed.append((1, atom.any_grade_at_least))
        elif isinstance(atom, GradesAtLeast):
            needed.append((atom.grades_at_least.agencies, atom.grades_at_least.grade))
        elif isinstance(atom, GradeSpreadAtLeast):
            needed.append((1, atom.grade_spread_at_least))
    most = max((agencies for agencies, _ in needed), default=0)
    ranks = [max(grade for agencies, grade in needed if agencies >= rank) for rank in range(1, most + 1)]
    apart = any(isinstance(atom, GradeSpreadAtLeast) for atom in asked)
    return (*ranks, 0) if apart else tuple(ranks)
