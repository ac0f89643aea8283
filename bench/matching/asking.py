"""Who somebody is, asked as the worker at the door asks it."""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions.judging import Limits, judge
from services.intake.matching.deciding import DEFAULT_THRESHOLDS
from services.intake.matching.person import Person
from services.intake.matching.weights import shipped_weights
from shared.schemas.ids import PersonId, ReferralId, new_id

_LIMITS = Limits(weights=shipped_weights(), thresholds=DEFAULT_THRESHOLDS, least_population=1)
_NO_REFERRAL = ReferralId(new_id())


class Answer(NamedTuple):
    """Whom the row is linked to, None where a person must look; and all whom it may be, likeliest first."""

    sure: PersonId | None
    possible: list[PersonId]


async def ask(tx: AsyncSession, person: Person) -> Answer:
    """Look somebody up, with all that is read and kept for it."""
    judgement = await judge(tx, person, _LIMITS, besides=_NO_REFERRAL)
    if judgement.sure:
        return Answer(judgement.sure.person_id, [judgement.sure.person_id])
    return Answer(None, [held.person_id for held in judgement.possible])
