"""Which one fact that could still come would most change the answer: tried one by one, nothing guessed."""

from typing import NamedTuple

from services.triage.policy.compiled import (
    DISCUSSIONS,
    PATHWAYS,
    RAGS,
    Compiled,
    Look,
    Reach,
    highest,
)
from services.triage.policy.facts import OLDEST_YEARS, PLAN_ORDER, ChildFacts, Plan
from services.triage.policy.plain_words import IF, IF_OLDER, WHO, answer_words
from services.triage.policy.recommendation import SingleFact
from services.triage.policy.signals import Bits, Heard
from shared.schemas.words import Sector


class Asked(NamedTuple):
    """The answer that stands, and what it was made from.

    Attributes:
        whole: all facts together.
        reach: of the answer.
        apart: how far the answers to single referrals reach, if there are several; nothing that comes can
            go below them.
        silent: core sectors that have not said what they know.
    """

    facts: ChildFacts
    whole: Look
    reach: Reach
    apart: Reach | None
    silent: tuple[Sector, ...]


class _Grade(NamedTuple):
    """A grade that might come: of a sector that is silent, or in the place of one that stands."""

    grade: int
    sector: Sector | None = None
    instead_of: int | None = None


_Named = tuple[str, object] | _Grade | str
_Change = tuple[int, int, int, int]
_NO_CHANGE: _Change = (0, 0, 0, 0)
_NOTHING: frozenset[object] = frozenset()
#: What a child is not whom the council's system knows on a child in need plan, whoever else says nothing.
_LESS_THAN_IN_NEED: frozenset[object] = frozenset(
    plan for plan in Plan if PLAN_ORDER[plan] < PLAN_ORDER[Plan.CHILD_IN_NEED]
)


def single_fact(ready: Compiled, asked: Asked) -> SingleFact | None:
    """Return the fact whose coming would change level, pathway, colour or discussion most, in this order.

    Tried are: a grade from the first core sector that is silent, one step more from each agency that has
    graded, an age beyond all rules about young children where none is known, and whatever else nobody has
    said and the policy asks for. Of grades that do as much to level, pathway and colour the lowest is named.
    None: nothing would change anything.
    """
    search = _Search(ready, asked)
    search.try_silent_sector()
    search.try_higher_grades()
    search.try_what_nobody_said()
    if search.found is None:
        return None
    named, would = search.found
    key = (_if(asked.facts, named), would)
    told = ready.told_of_one.get(key)
    if told is None:
        told = ready.told_of_one[key] = _told(ready, *key)
    return told


class _Search:
    """Tries what might come, and keeps what changes most."""

    def __init__(self, ready: Compiled, asked: Asked) -> None:
        self._ready, self._asked = ready, asked
        self._is_open = asked.whole.evidence.unknown_count > 0
        #: What all facts but the grades say.
        self._rest = ready.signals.without(asked.whole.heard, "grades")
        self._most = _NO_CHANGE
        self.found: tuple[_Named, Reach] | None = None

    def _would_if_graded(self, rest: Heard, graded: Bits) -> Reach:
        return self._would(Heard(rest.yes | graded, rest.maybe | graded))

    def _would(self, heard: Heard) -> Reach:
        spoken = self._ready.speak(heard)
        would = spoken.opened if self._is_open else spoken.closed
        return would if self._asked.apart is None else highest(would, self._asked.apart)

    def _offer(self, named: _Named, would: Reach) -> None:
        change = _change(would, self._asked.reach)
        if change > self._most:
            self._most, self.found = change, (named, would)

    def try_silent_sector(self) -> None:
        """Try each grade from the first silent sector, from the highest to the lowest that does as much."""
        asked, signals = self._asked, self._ready.signals
        if not asked.silent:
            return
        sector, grades = asked.silent[0], asked.whole.evidence.grades
        rest = self._without_silence(sector) if signals.by_sector[sector] else self._rest
        last: tuple[int, Reach] | None = None
        for grade in reversed(signals.telling):
            would = self._would_if_graded(rest, signals.graded((*grades, grade)))
            if last is not None and not self._does_as_much(would, last[1]):
                break
            last = grade, would
        if last is not None:
            self._offer(_Grade(last[0], sector), last[1])

    def _does_as_much(self, would: Reach, other: Reach) -> bool:
        """Say whether two do the same to level, pathway and colour, or where neither does, to discussion."""
        is_now = self._asked.reach
        return would == other if other[:3] == is_now[:3] else would[:3] == other[:3]

    def try_higher_grades(self) -> None:
        """Try one step more of each grade that stands."""
        signals, grades = self._ready.signals, self._asked.whole.evidence.grades
        for grade in dict.fromkeys(grades):
            if grade + 1 in signals.telling:
                place = grades.index(grade)
                raised = (*grades[:place], grade + 1, *grades[place + 1 :])
                would = self._would_if_graded(self._rest, signals.graded(raised))
                self._offer(_Grade(grade + 1, instead_of=grade), would)

    def try_what_nobody_said(self) -> None:
        """Try every value of each fact that is not known and that the policy asks for."""
        whole, signals = self._asked.whole, self._ready.signals
        if whole.evidence.age_years is None and not whole.evidence.unborn:
            rest, older = signals.without(whole.heard, "age_years"), signals.by_age[OLDEST_YEARS]
            self._offer(IF_OLDER, self._would(rest | older))
        council = self._asked.facts.council
        untrue = _LESS_THAN_IN_NEED if council is not None and council.child_in_need_plan else _NOTHING
        for name in self._ready.may_be_untold:
            if getattr(whole.evidence, name) is None:
                rest = signals.without(whole.heard, name)
                for value, heard in signals.plain[name].items():
                    if value is not None and value not in untrue:
                        self._offer((name, value), self._would(rest | heard))

    def _without_silence(self, sector: Sector) -> Heard:
        signals, silent = self._ready.signals, self._asked.whole.evidence.silent
        left = signals.silent(one for one in silent if one is not sector)
        rest = signals.without(self._rest, "silent")
        return Heard(rest.yes | left, rest.maybe | left)


def _change(would: Reach, is_now: Reach) -> _Change:
    if would == is_now:
        return _NO_CHANGE
    return (
        abs(would.place - is_now.place),
        abs(would.pathway - is_now.pathway),
        abs(would.rag - is_now.rag),
        abs(would.discussion - is_now.discussion),
    )


def _told(ready: Compiled, words: str, would: Reach) -> SingleFact:
    step = ready.steps[would.place] if would.place >= 0 else None
    pathway, rag = PATHWAYS.get(would.pathway), RAGS[would.rag]
    discussion = DISCUSSIONS[would.discussion]
    level = f"level {step.level} ({step.name})" if step else None
    return SingleFact(
        words=f"{words}: {answer_words(level, pathway, rag, discussion)}.",
        level=step.level if step else None,
        pathway=pathway,
        rag=rag,
        discussion=discussion,
    )


def _if(facts: ChildFacts, named: _Named) -> str:
    if isinstance(named, str):
        return named
    if not isinstance(named, _Grade):
        return IF[named]
    if named.instead_of is None:
        return f"If {WHO[named.sector]} graded {named.grade}"
    return f"If {_who(facts, named.instead_of)} graded {named.grade} instead of {named.instead_of}"


def _who(facts: ChildFacts, grade: int) -> str:
    """Return, in words, an agency whose highest grade is this one."""
    highest_of: dict[str, int] = {}
    for given in facts.all_grades:
        if given.grade is not None:
            highest_of[given.agency_id] = max(given.grade, highest_of.get(given.agency_id, 0))
    for given in facts.all_grades:
        if given.grade == grade and highest_of[given.agency_id] == grade:
            sent = facts.sender_grade is not None and given.agency_id == facts.sender_grade.agency_id
            return "the sender" if given.sector is None and sent else WHO[given.sector]
    return WHO[None]
