"""Random children for the policy: quickly made, from a seed, in every way that facts may come."""

from datetime import UTC, datetime
from random import Random
from typing import Any

from services.triage.policy.conditions import Atom, GradesAtLeast, GradeSpreadAtLeast, IndicatorsAny
from services.triage.policy.facts import (
    OLDEST_YEARS,
    AgencyGrade,
    ChildFacts,
    CouncilStanding,
    FamilyConsent,
    Plan,
)
from services.triage.policy.floors import but_for
from shared.codes import INDICATORS
from shared.schemas.words import GradeStatus, Sector

CODES = sorted(INDICATORS)
AGENCIES = [
    ("police", Sector.POLICE),
    ("school", Sector.EDUCATION),
    ("trust", Sector.HEALTH),
    ("gp", Sector.HEALTH),
    ("council", Sector.SOCIAL_CARE),
    ("charity", None),
]
STATUSES = [*(GradeStatus.GRADED,) * 5, GradeStatus.NOTHING_KNOWN, GradeStatus.UNABLE]
AS_OF = datetime(2026, 11, 20, 9, tzinfo=UTC)
TOLD = [None, None, True, False]


def a_grade(draw: Random) -> AgencyGrade:
    """Return what one agency said."""
    agency, sector = draw.choice(AGENCIES)
    status = draw.choice(STATUSES)
    grade = draw.choice([0, 1, 2, 2, 3, 3, 4, 5]) if status is GradeStatus.GRADED else None
    return AgencyGrade.model_construct(agency_id=agency, sector=sector, status=status, grade=grade)


def some(draw: Random, among: list[Any], counts: list[int]) -> tuple[Any, ...]:
    """Return as many of something as one of the counts says."""
    return tuple(draw.choice(among) for _ in range(draw.choice(counts)))


def a_child(draw: Random) -> ChildFacts:
    """Return the facts of a child, from one referral; of some children little is said, of others much."""
    return a_quiet_child(draw) if draw.random() < 0.3 else a_busy_child(draw)


def a_quiet_child(draw: Random) -> ChildFacts:
    """Return a child of whom one sign and one thing more is told, so that nothing else speaks over it."""
    name = draw.choice(list(_SAID))
    sign = draw.choice(CODES)
    return but_for(indicators=(sign,), age_years=draw.randint(0, 17), **{name: draw.choice(_SAID[name])})


_SAID: dict[str, list[Any]] = {
    "looked_after": [True, None],
    "plan": [*Plan, None],
    "private_fostering": [True, None],
    "allocated_worker": [True, None],
    "previous_plan": [True],
    "consent": [*FamilyConsent, None],
    "child_seen": [False, None],
    "answered": [(), (Sector.HEALTH,)],
    "contacts_12m": [2, 3],
    "re_referral_12m": [True],
    "returns_12m": [1, 2],
    "hot_spot": [True, None],
}


def a_busy_child(draw: Random) -> ChildFacts:
    """Return a child of whom anything may be told."""
    unborn = draw.random() < 0.05
    return ChildFacts.model_construct(
        indicators=some(draw, CODES, [0, 0, 1, 1, 2, 3]),
        unknown_indicators=("not_coded",) if draw.random() < 0.1 else (),
        immediate_danger=draw.random() < 0.03,
        age_years=None if unborn or draw.random() < 0.15 else draw.randint(0, 18),
        unborn=unborn,
        grades=tuple(a_grade(draw) for _ in range(draw.choice([0, 0, 1, 2, 3, 4]))),
        sender_grade=a_grade(draw) if draw.random() < 0.5 else None,
        not_answered=some(draw, list(Sector), [0, 0, 1, 2]),
        answered=some(draw, list(Sector), [0, 1, 2, 4]),
        could_not_say=some(draw, list(Sector), [0, 0, 0, 1]),
        unheard=(),
        contacts_12m=draw.choice([0, 1, 1, 2, 3, 6]),
        re_referral_12m=draw.random() < 0.1,
        returns_12m=draw.choice([0, 0, 0, 1, 2]),
        hot_spot=draw.choice([None, False, False, True]),
        council=a_standing(draw),
        looked_after=draw.choice(TOLD),
        plan=draw.choice([None, *Plan]),
        private_fostering=draw.choice(TOLD),
        allocated_worker=draw.choice(TOLD),
        previous_plan=draw.choice(TOLD),
        consent=draw.choice([None, *FamilyConsent]),
        child_seen=draw.choice(TOLD),
        apart=(),
    )


def a_standing(draw: Random) -> CouncilStanding | None:
    """Return what the council's own case system says of a child; of most nobody has asked."""
    names = CouncilStanding.model_fields.keys() - {"as_of"}
    said = {name: draw.choice(TOLD) for name in sorted(names)}
    return CouncilStanding(**said, as_of=AS_OF) if draw.random() < 0.3 else None


def but(facts: ChildFacts, **changed: object) -> ChildFacts:
    """Return the same facts with something changed."""
    return facts.model_copy(update=changed)


def more_worry(draw: Random, facts: ChildFacts) -> ChildFacts:
    """Return the facts with one more concern, a grade given or raised, danger, or the council's word."""
    match draw.randrange(5):
        case 4:
            return but(facts, council=facts.council or a_standing(draw))
        case 0:
            return but(facts, indicators=(*facts.indicators, draw.choice(CODES)))
        case 1:
            return but(facts, immediate_danger=True)
        case 2:
            return but(facts, grades=(*facts.grades, a_grade(draw)))
        case _:
            return but(facts, grades=tuple(raised(draw, given) for given in facts.grades))


def raised(draw: Random, given: AgencyGrade) -> AgencyGrade:
    """Return a grade that is no lower."""
    if given.grade is None:
        return given
    return given.model_copy(update={"grade": draw.randint(given.grade, 5)})


#: Facts that nobody may have said. What is known of earlier times counts as it is found, like repeats.
HIDDEN = (
    *("looked_after", "plan", "private_fostering", "allocated_worker", "consent", "child_seen"),
    *("age_years", "answered"),
)


def less_known(draw: Random, facts: ChildFacts) -> ChildFacts:
    """Return the facts with one of them missing."""
    said = [name for name in HIDDEN if getattr(facts, name) not in (None, ())]
    name = draw.choice(said or HIDDEN)
    return but(facts, **{name: () if name == "answered" else None})


def taken_away(facts: ChildFacts, atom: Atom) -> ChildFacts:
    """Return the facts without whatever answers a question of a rule with yes or perhaps."""
    if isinstance(atom, IndicatorsAny):
        left = tuple(code for code in facts.indicators if code not in atom.indicators_any)
        return but(facts, indicators=left)
    name = next(iter(type(atom).model_fields))
    if name == "indicator_level_at_least":
        least = getattr(atom, name)
        left = tuple(code for code in facts.indicators if INDICATORS[code].level < least)
        return but(facts, indicators=left)
    if "grade" in name:
        return _without_grades(facts, atom)
    return but(facts, **_AWAY[name])


_AWAY: dict[str, dict[str, object]] = {
    "immediate_danger": {"immediate_danger": False},
    "age_under_years": {"age_years": OLDEST_YEARS, "unborn": False},
    "unborn": {"age_years": OLDEST_YEARS, "unborn": False},
    "contacts_12m_at_least": {"contacts_12m": 1},
    "re_referral_12m": {"re_referral_12m": False},
    "returns_12m_at_least": {"returns_12m": 0},
    "hot_spot": {"hot_spot": False},
    "looked_after": {"looked_after": False, "council": None},
    "plan_at_least": {"plan": Plan.NONE, "council": None},
    "private_fostering": {"private_fostering": False},
    "allocated_worker": {"allocated_worker": False, "council": None},
    "previous_plan": {"previous_plan": False},
    "consent_refused": {"consent": FamilyConsent.GIVEN},
    "not_seen": {"child_seen": True},
    "not_heard_any": {"answered": tuple(Sector), "not_answered": (), "could_not_say": ()},
}


def _without_grades(facts: ChildFacts, atom: Atom) -> ChildFacts:
    if isinstance(atom, GradesAtLeast):
        least = atom.grades_at_least.grade
    else:
        least = 0 if isinstance(atom, GradeSpreadAtLeast) else atom.model_dump()["any_grade_at_least"]

    def away(given: AgencyGrade) -> AgencyGrade:
        unsaid = {"grade": None, "status": GradeStatus.NOTHING_KNOWN}
        return given.model_copy(update=unsaid) if (given.grade or -1) >= least or least == 0 else given

    sender = facts.sender_grade
    return but(
        facts,
        grades=tuple(map(away, facts.grades)),
        sender_grade=away(sender) if sender is not None else None,
    )
