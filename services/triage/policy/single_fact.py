"""Which one fact that could still come would most change the answer: tried one by one, nothing guessed."""

from collections.abc import Iterator
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
from services.triage.policy.facts import OLDEST_YEARS, ChildFacts
from services.triage.policy.plain_words import IF, IF_OLDER, NOT_KNOWN, WHO, answer_words
from services.triage.policy.recommendation import SingleFact
from services.triage.policy.signals import Heard, all_heard
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
    who: str
    grade: int
    instead_of: int | None = None


_Named = tuple[str, object] | _Grade | str


def single_fact(ready: Compiled, asked: Asked) -> SingleFact | None:
    """Return the fact whose coming would change level, pathway, colour or discussion most, in this order.

    Tried are: a grade from the first core sector that is silent, one step more from each agency that has
    graded, an age beyond all rules about young children where none is known, and whatever else nobody has
    said and the policy asks for. Of grades that change as much the lowest is named. None: nothing would.
    """
    most, found = (0, 0, 0, 0), None
    unknown = asked.whole.evidence.unknown_count > 0
    for named, heard in _candidates(ready, asked):
        spoken = ready.speak(heard)
        would = spoken.opened if unknown else spoken.closed
        if asked.apart is not None:
            would = highest(would, asked.apart)
        if would != asked.reach:
            change = _change(would, asked.reach)
            if change > most:
                most, found = change, (named, would)
    return _told(ready, *found) if found else None


def _change(would: Reach, is_now: Reach) -> tuple[int, int, int, int]:
    return (
        abs(would.place - is_now.place),
        abs(would.pathway - is_now.pathway),
        abs(would.rag - is_now.rag),
        abs(would.discussion - is_now.discussion),
    )


def _candidates(ready: Compiled, asked: Asked) -> Iterator[tuple[_Named, Heard]]:
    yield from _grades(ready, asked)
    parts, evidence = asked.whole.parts, asked.whole.evidence
    if evidence.age_years is None and not evidence.unborn:
        yield IF_OLDER, _with(all_heard(parts, "age_years"), ready.signals.by_age[OLDEST_YEARS])
    for name in NOT_KNOWN:
        table = ready.signals.plain.get(name)
        if table is not None and getattr(evidence, name) is None:
            rest = all_heard(parts, name)
            for value, heard in table.items():
                if value is not None:
                    yield (name, value), _with(rest, heard)


def _grades(ready: Compiled, asked: Asked) -> Iterator[tuple[_Named, Heard]]:
    signals, parts, grades = ready.signals, asked.whole.parts, asked.whole.evidence.grades
    rest = all_heard(parts, "grades")
    if asked.silent:
        who = asked.silent[0]
        heard = rest if not signals.by_sector[who] else _without_silence(ready, asked, who)
        for grade in signals.telling:
            yield _Grade(WHO[who], grade), _with(heard, signals.graded((*grades, grade)))
    tried: set[int] = set()
    for place, grade in enumerate(grades):
        if grade + 1 in signals.telling and grade not in tried:
            tried.add(grade)
            raised = (*grades[:place], grade + 1, *grades[place + 1 :])
            yield _Grade(_who(asked.facts, grade), grade + 1, grade), _with(rest, signals.graded(raised))


def _without_silence(ready: Compiled, asked: Asked, sector: Sector) -> Heard:
    parts = dict(asked.whole.parts)
    parts["silent"] = ready.signals.silent([one for one in asked.whole.evidence.silent if one is not sector])
    return all_heard(parts, "grades")


def _with(rest: Heard, more: Heard) -> Heard:
    return Heard(rest.yes | more.yes, rest.maybe | more.maybe)


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


def _told(ready: Compiled, named: _Named, would: Reach) -> SingleFact:
    step = ready.steps[would.place] if would.place >= 0 else None
    pathway, rag = PATHWAYS.get(would.pathway), RAGS[would.rag]
    discussion = DISCUSSIONS[would.discussion]
    level = f"level {step.level} ({step.name})" if step else None
    return SingleFact(
        words=f"{_if(named)}: {answer_words(level, pathway, rag, discussion)}.",
        level=step.level if step else None,
        pathway=pathway,
        rag=rag,
        discussion=discussion,
    )


def _if(named: _Named) -> str:
    if isinstance(named, str):
        return named
    if isinstance(named, _Grade):
        before = "" if named.instead_of is None else f" instead of {named.instead_of}"
        return f"If {named.who} graded {named.grade}{before}"
    return IF[named]
