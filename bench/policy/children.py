"""Children as a hub may meet them, drawn from a seed, for measuring."""

from random import Random
from typing import Any

from services.triage.policy.facts import AgencyGrade, ChildFacts, FamilyConsent
from shared.codes import INDICATORS
from shared.schemas.words import Sector

_CODES = sorted(INDICATORS)
_AGENCIES = (("police", Sector.POLICE), ("school", Sector.EDUCATION), ("trust", Sector.HEALTH))


def draw_children(count: int, seed: int = 7) -> list[ChildFacts]:
    """Return so many children: one to three signs, none to three agencies that have graded."""
    draw = Random(seed)
    return [_child(draw) for _ in range(count)]


def _child(draw: Random) -> ChildFacts:
    graded = draw.sample(_AGENCIES, draw.randint(0, 3))
    grades = tuple(
        AgencyGrade(agency_id=agency, sector=sector, grade=draw.choice([0, 1, 1, 2, 2, 3, 3, 4, 5]))
        for agency, sector in graded
    )
    told: list[Any] = [None, True, False]
    return ChildFacts(
        indicators=tuple(draw.sample(_CODES, draw.choice([1, 1, 2, 3]))),
        immediate_danger=draw.random() < 0.02,
        age_years=None if draw.random() < 0.05 else draw.randint(0, 17),
        grades=grades,
        not_answered=tuple(sector for _, sector in _AGENCIES if sector not in {one.sector for one in grades}),
        contacts_12m=draw.choice([1, 1, 1, 2, 3, 4]),
        re_referral_12m=draw.random() < 0.1,
        looked_after=draw.choice(told),
        previous_plan=draw.choice(told),
        consent=draw.choice([None, *FamilyConsent]),
        child_seen=draw.choice(told),
    )
