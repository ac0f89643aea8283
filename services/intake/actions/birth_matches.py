"""In a task: that a child was expected in one and born in the other, and whether to the same mother."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions.birth_ties import Mothers, birth_words, is_mother, is_unborn
from services.intake.actions.people import is_confirmed
from services.intake.models import PersonRecord
from services.intake.store import records
from services.intake.store.records import Placed
from shared.schemas.ids import PersonId, RecordId, ReferralId
from shared.schemas.people_index import Told


async def find_births(tx: AsyncSession, record: Placed, known: Sequence[Placed]) -> dict[PersonId, str]:
    """Return, for each known person who may be the child of the record, how due date and birth fit, in words.

    Left out is whoever was not expected in one and born in the other.
    """
    told = Told.model_validate(record[0].told)
    others = [(one, Told.model_validate(one.told)) for one, _ in known]
    fitting = [
        (one, theirs)
        for one, theirs in others
        if is_unborn(told) != is_unborn(theirs) and birth_words(told, theirs, Mothers.NOT_TOLD)
    ]
    if not fitting:
        return {}
    mothers = await _mothers(tx, {record[0].referral_id, *(one.referral_id for one, _ in fitting)})
    by_id = await _trees(tx, [mother for found in mothers.values() for mother in found])
    words: dict[PersonId, str] = {}
    for one, theirs in fitting:
        here, there = mothers.get(record[0].referral_id, []), mothers.get(one.referral_id, [])
        said = birth_words(told, theirs, _compared(here, there, by_id))
        if said and one.person_id not in words:
            words[one.person_id] = said
    return words


async def _mothers(tx: AsyncSession, referrals: set[ReferralId]) -> dict[ReferralId, list[PersonRecord]]:
    mothers: dict[ReferralId, list[PersonRecord]] = {}
    for one, _ in await records.list_placed_in(tx, referrals):
        if is_mother(one):
            mothers.setdefault(one.referral_id, []).append(one)
    return mothers


async def _trees(tx: AsyncSession, mothers: Sequence[PersonRecord]) -> dict[RecordId, PersonRecord]:
    placed = await records.list_placed(tx, {mother.person_id for mother in mothers})
    return {one.record_id: one for one, _ in placed}


def _compared(
    here: Sequence[PersonRecord], there: Sequence[PersonRecord], by_id: dict[RecordId, PersonRecord]
) -> Mothers:
    if not here or not there:
        return Mothers.NOT_TOLD
    pairs = [(one, other) for one in here for other in there if one.person_id == other.person_id]
    if not pairs:
        return Mothers.NOT_LINKED
    if any(is_confirmed(one, other, by_id) for one, other in pairs):
        return Mothers.SAME
    return Mothers.SAME_PERHAPS
