"""The questions of a policy as bits: which of them a child's facts answer with yes, and which may be yes.

Every single question of all rules is one bit. What a fact does to the bits is worked out once for each value
it may have, by asking the questions themselves, so that nothing here has a meaning of its own.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple, TypeVar

from services.triage.policy.clauses import Answer
from services.triage.policy.conditions import AllOf, AnyOf, Atom, Condition, GradesAtLeast, atoms
from services.triage.policy.facts import OLDEST_YEARS, Evidence, FamilyConsent, Plan, Silence
from shared.codes import INDICATORS
from shared.schemas.words import Sector

#: A set of bits.
Bits = int
#: A condition as the least sets of bits that fulfil it: any one of them is enough.
Ways = tuple[Bits, ...]

#: Beyond this, a condition is refused by the check: nobody could follow it, and it would be slow.
MOST_WAYS: Final = 2_000

_MOST_COUNTED: Final = 50
#: So many answers of one kind are kept, some ten megabytes; then all are let go. With fewer, a policy that
#: asks for another fact would forget what the next child needs.
_MOST_KEPT: Final = 16_384
_TOLD: Final = (True, False, None)

#: A child of whom no question holds.
NO_SIGNAL: Final = Evidence(
    indicators=frozenset(),
    unknown_count=0,
    level=0,
    grades=(),
    immediate_danger=False,
    age_years=OLDEST_YEARS,
    unborn=False,
    contacts_12m=0,
    re_referral_12m=False,
    returns_12m=0,
    hot_spot=False,
    looked_after=False,
    plan=Plan.NONE,
    private_fostering=False,
    allocated_worker=False,
    previous_plan=False,
    consent=FamilyConsent.GIVEN,
    child_seen=True,
    silent={},
)
#: Facts that stand alone, and every value that they may have.
_PLAIN: Final[Mapping[str, tuple[Hashable, ...]]] = {
    "immediate_danger": (True, False),
    "re_referral_12m": (True, False),
    "contacts_12m": tuple(range(_MOST_COUNTED + 1)),
    "returns_12m": tuple(range(_MOST_COUNTED + 1)),
    "hot_spot": _TOLD,
    "looked_after": _TOLD,
    "plan": (*Plan, None),
    "private_fostering": _TOLD,
    "allocated_worker": _TOLD,
    "previous_plan": _TOLD,
    "consent": (*FamilyConsent, None),
    "child_seen": _TOLD,
}
#: Key of the table of ages for a child who is not born yet.
_UNBORN: Final = -1


class Heard(NamedTuple):
    """What is so, and what may be: `maybe` holds `yes`, and what a missing fact leaves open."""

    yes: Bits
    maybe: Bits

    def __or__(self, other: "Heard") -> "Heard":
        return Heard(self.yes | other.yes, self.maybe | other.maybe)


_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Kept(dict[_Key, _Value]):
    """What was worked out before, by what it was worked out from; it never grows beyond a bound."""

    def __setitem__(self, key: _Key, value: _Value) -> None:
        if len(self) >= _MOST_KEPT:
            self.clear()
        super().__setitem__(key, value)


class Counted(dict[_Key, _Value]):
    """What a number without a bound says: beyond the last one that any rule could ask for, the same."""

    def __missing__(self, _: _Key) -> _Value:
        return next(reversed(self.values()))


class Signals:
    """The bits of one policy, and what each fact does to them.

    Each question asks of one fact alone, so that what a fact has said can be taken out again.
    """

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self.atoms: tuple[Atom, ...] = tuple(dict.fromkeys(one for when in conditions for one in atoms(when)))
        self._bit = {atom: 1 << place for place, atom in enumerate(self.atoms)}
        counts = [one.grades_at_least.agencies for one in self.atoms if isinstance(one, GradesAtLeast)]
        self.codes = {
            code: self._probe(indicators=frozenset({code}), level=INDICATORS[code].level).yes
            for code in INDICATORS
        }
        self.most_agencies = max(counts, default=1)
        self.by_rank = tuple(
            tuple(self._probe(grades=(grade,) * agencies).yes for grade in range(6))
            for agencies in range(1, self.most_agencies + 1)
        )
        self.by_spread = tuple(
            self._probe(grades=(5, 5 - spread)).yes & ~self._probe(grades=(5, 5)).yes for spread in range(6)
        )
        #: Grades that are more to some question than the one below them.
        self.telling = tuple(
            grade
            for grade in range(1, 6)
            if any(self.by_spread) or any(table[grade] != table[grade - 1] for table in self.by_rank)
        )
        ages: dict[int | None, Heard] = {age: self._probe(age_years=age) for age in range(OLDEST_YEARS + 1)}
        self.by_age = ages | {
            None: self._probe(age_years=None),
            _UNBORN: self._probe(age_years=None, unborn=True),
        }
        self.by_sector = {sector: self._probe(silent={sector: Silence.NOT_ASKED}).yes for sector in Sector}
        self._graded: Kept[tuple[int, ...], Bits] = Kept()
        every = {
            name: Counted({value: self._probe(**{name: value}) for value in values})
            for name, values in _PLAIN.items()
        }
        #: Facts that some question of the policy asks for; the others need no looking at.
        self.plain = {
            name: table for name, table in every.items() if any(heard.maybe for heard in table.values())
        }
        self._but = {name: ~bits for name, bits in self.asked_of().items()}

    def _probe(self, **given: Any) -> Heard:
        evidence = NO_SIGNAL._replace(**given)
        yes = maybe = 0
        for atom, bit in self._bit.items():
            answer = atom.answer(evidence)
            yes |= bit if answer is Answer.YES else 0
            maybe |= bit if answer is not Answer.NO else 0
        return Heard(yes, maybe)

    def ways(self, condition: Condition) -> Ways:
        """Return the least sets of bits that fulfil a condition; no more than one over `MOST_WAYS`."""
        if isinstance(condition, AnyOf):
            return _least([way for part in condition.any_of for way in self.ways(part)])
        if isinstance(condition, AllOf):
            found: Ways = (0,)
            for part in condition.all_of:
                found = _both(found, self.ways(part))
            return found
        return (self._bit[condition],)

    def asked_of(self) -> dict[str, Bits]:
        """Return the bits of the questions that ask of each fact, by its name; no bit stands twice."""
        grades = [bits for table in self.by_rank for bits in table]
        return {
            "indicators": reduce(or_, self.codes.values()),
            "grades": reduce(or_, (*grades, *self.by_spread)),
            "age_years": reduce(or_, (heard.maybe for heard in self.by_age.values())),
            "silent": reduce(or_, self.by_sector.values()),
        } | {name: reduce(or_, (one.maybe for one in table.values())) for name, table in self.plain.items()}

    def heard(self, evidence: Evidence) -> Heard:
        """Return what all facts together make of the bits."""
        yes = self.graded(evidence.grades) | self.silent(evidence.silent)
        for code in evidence.indicators:
            yes |= self.codes[code]
        aged = self.by_age[_UNBORN if evidence.unborn else evidence.age_years]
        maybe = yes | aged.maybe
        yes |= aged.yes
        for name, table in self.plain.items():
            heard = table[getattr(evidence, name)]
            yes |= heard.yes
            maybe |= heard.maybe
        return Heard(yes, maybe)

    def without(self, heard: Heard, name: str) -> Heard:
        """Return what is left of the bits when one fact says nothing."""
        left = self._but[name]
        return Heard(heard.yes & left, heard.maybe & left)

    def graded(self, grades: tuple[int, ...]) -> Bits:
        """Return what one grade for each agency makes of the bits."""
        found = self._graded.get(grades)
        if found is None:
            found = self._graded[grades] = self._grade(grades)
        return found

    def _grade(self, grades: tuple[int, ...]) -> Bits:
        if not grades:
            return 0
        ordered = sorted(grades, reverse=True)
        found = self.by_spread[ordered[0] - ordered[-1]]
        for table, grade in zip(self.by_rank, ordered, strict=False):
            found |= table[grade]
        return found

    def silent(self, sectors: Iterable[Sector]) -> Bits:
        """Return what the silence of sectors makes of the bits."""
        found = 0
        for sector in sectors:
            found |= self.by_sector[sector]
        return found


def fulfilled(ways: Ways, bits: Bits) -> bool:
    """Say whether any of the ways to fulfil a condition is there."""
    return any(way & bits == way for way in ways)


def _both(some: Ways, others: Ways) -> Ways:
    if len(some) * len(others) > 10 * MOST_WAYS:
        return tuple(range(MOST_WAYS + 1))  # too many; the check refuses it by their number alone
    return _least([one | other for one in some for other in others])


def _least(found: Sequence[Bits]) -> Ways:
    """Return the ways of which none holds another, cut off where there are too many to be read."""
    kept: list[Bits] = []
    for way in sorted(set(found), key=int.bit_count):
        if not any(one & way == one for one in kept):
            kept.append(way)
        if len(kept) > MOST_WAYS:
            break
    return tuple(kept)
