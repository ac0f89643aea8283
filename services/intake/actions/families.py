"""Reading a family: everyone who stands in a referral with a person, and adults' other households."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.actions.people import get_placed, subjects_of
from services.intake.actions.showing_people import names_of, show_record
from services.intake.actions.sight import Sight, look
from services.intake.store import records
from services.intake.store.records import Placed
from shared.platform.auth import Caller
from shared.schemas.families import Family, FamilyMember, Household
from shared.schemas.ids import PersonId, ReferralId
from shared.schemas.people_index import PersonRecord
from shared.schemas.words import LinkState, PersonKind


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """The other referrals that adults of a family stand in, newest first, and everyone there."""

    of_adult: dict[PersonId, list[ReferralId]]
    people: dict[ReferralId, list[Placed]]


async def read_family(tx: AsyncSession, person_id: PersonId, reader: Caller, *, now: datetime) -> Family:
    """Return everyone who stands in a referral with a person, adults first, with adults' other households.

    The family of a restricted person would say who that is: but for managers, that one alone is shown.

    Raises:
        NotFound: there is no such person.
    """
    known = await get_placed(tx, person_id)
    own = {record.referral_id for record, _ in known}
    family = await records.list_placed_in(tx, own)
    if (await look(tx, reader, known)).hides(person_id):
        family = [placed for placed in family if placed[0].person_id == person_id]
    members: dict[PersonId, list[Placed]] = {}
    for placed in family:
        members.setdefault(placed[0].person_id, []).append(placed)
    elsewhere = await _elsewhere(tx, {member for member, theirs in members.items() if _is_adult(theirs)}, own)
    seen = [*family, *(placed for home in elsewhere.people.values() for placed in home)]
    sight = await look(tx, reader, seen)
    shown = [_member(member, theirs, elsewhere, sight) for member, theirs in members.items()]
    shown.sort(key=lambda member: (member.kind is not PersonKind.ADULT, member.person_id != person_id))
    await LEDGER.record(tx, reader, "family.read", at=now, subjects=subjects_of(person_id, seen))
    return Family(person_id=person_id, members=shown)


def _is_adult(known: Iterable[Placed]) -> bool:
    return any(record.kind == PersonKind.ADULT for record, _ in known)


async def _elsewhere(tx: AsyncSession, adults: set[PersonId], own: set[ReferralId]) -> _Elsewhere:
    theirs: dict[PersonId, dict[ReferralId, None]] = {}
    for record, _ in await records.list_placed(tx, adults):
        if record.referral_id not in own:
            theirs.setdefault(record.person_id, {})[record.referral_id] = None
    wanted = {referral for referrals in theirs.values() for referral in referrals}
    people: dict[ReferralId, list[Placed]] = {}
    for placed in await records.list_placed_in(tx, wanted):
        people.setdefault(placed[0].referral_id, []).append(placed)
    return _Elsewhere({adult: list(referrals) for adult, referrals in theirs.items()}, people)


def _household(known: Sequence[Placed], sight: Sight) -> Household:
    _, referral = known[0]
    is_sealed = sight.seals(referral.referral_id)
    shown = [show_record(placed, sight) for placed in known]
    return Household(
        referral_id=None if is_sealed else referral.referral_id,
        reference=None if is_sealed else referral.reference,
        received_at=referral.received_at,
        records=sorted(shown, key=lambda record: record.kind is not PersonKind.ADULT),
    )


def _member(
    person_id: PersonId, known: Sequence[Placed], elsewhere: _Elsewhere, sight: Sight
) -> FamilyMember:
    shown = [show_record(placed, sight) for placed in known]
    homes = () if sight.hides(person_id) else elsewhere.of_adult.get(person_id, ())
    return FamilyMember(
        person_id=person_id,
        kind=PersonKind.ADULT if _is_adult(known) else PersonKind.CHILD,
        link_state=_link_state(shown),
        names=names_of(shown),
        records=shown,
        other_households=[_household(elsewhere.people[home], sight) for home in homes],
    )


def _link_state(known: Sequence[PersonRecord]) -> LinkState:
    is_provisional = any(record.link_state is LinkState.PROVISIONAL for record in known)
    return LinkState.PROVISIONAL if is_provisional else known[0].link_state
