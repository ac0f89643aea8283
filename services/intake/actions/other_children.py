"""Children whom the hub knows with the adults of a referral, and who are not in it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.actions.looking_up import as_heard
from services.intake.actions.people import is_confirmed
from services.intake.actions.showing_people import show_record
from services.intake.actions.sight import Sight, look
from services.intake.models import PersonRecord
from services.intake.store import records, referrals
from services.intake.store.records import Placed
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.families import AdultTie, OtherChild, OtherChildren
from shared.schemas.ids import PersonId, ReferralId
from shared.schemas.people_index import Told
from shared.schemas.words import PersonKind


async def list_other_children(
    tx: AsyncSession, reference: str, reader: Caller, *, now: datetime
) -> OtherChildren:
    """Return the children who stand with an adult of a referral elsewhere, those heard of last first.

    Raises:
        NotFound: there is no such referral.
    """
    referral = await referrals.find_by_reference(tx, as_heard(reference), None)
    if referral is None:
        raise NotFound
    placed_here = await records.list_placed_in(tx, [referral.referral_id])
    here = [record for record, _ in placed_here]
    adults = [record for record in here if record.kind == PersonKind.ADULT]
    hidden = await look(tx, reader, placed_here)
    # The family of somebody restricted would say who that is.
    open_adults = [adult for adult in adults if not hidden.hides(adult.person_id)]
    ties = await _ties(tx, open_adults, referral.referral_id)
    standing = [
        (record, other)
        for record, other in await records.list_placed_in(tx, ties)
        if record.kind == PersonKind.CHILD and record.person_id not in {one.person_id for one in here}
    ]
    heard = await _heard(tx, {record.person_id for record, _ in standing})
    items = _items(standing, ties, heard, await look(tx, reader, standing))
    subjects = [referral.referral_id, *heard, *(record.record_id for record, _ in standing)]
    await LEDGER.record(tx, reader, "other_children.read", at=now, subjects=subjects)
    return OtherChildren(items=items, is_matched=bool(here), adults_count=len(adults))


async def _ties(
    tx: AsyncSession, adults: Iterable[PersonRecord], besides: ReferralId
) -> dict[ReferralId, list[AdultTie]]:
    """Return, by each other referral that one of the adults stands in, who of them does."""
    adults = list(adults)
    placed = await records.list_placed(tx, {adult.person_id for adult in adults})
    by_id = {record.record_id: record for record, _ in placed}
    ties: dict[ReferralId, list[AdultTie]] = {}
    for adult in adults:
        for record, referral in placed:
            if record.person_id != adult.person_id or record.referral_id == besides:
                continue
            if record.kind == PersonKind.ADULT:
                tie = AdultTie(
                    person_id=adult.person_id,
                    name=Told.model_validate(adult.told).name,
                    relationships=Told.model_validate(record.told).relationships,
                    reference=referral.reference,
                    is_confirmed=is_confirmed(adult, record, by_id),
                )
                ties.setdefault(record.referral_id, []).append(tie)
    return ties


async def _heard(tx: AsyncSession, children: set[PersonId]) -> dict[PersonId, datetime]:
    """Return when each child was last heard of, in whatever referral."""
    heard: dict[PersonId, datetime] = {}
    for record, referral in await records.list_placed(tx, children):
        known = heard.setdefault(record.person_id, referral.received_at)
        heard[record.person_id] = max(known, referral.received_at)
    return heard


def _items(
    standing: Iterable[Placed],
    ties: dict[ReferralId, list[AdultTie]],
    heard: dict[PersonId, datetime],
    sight: Sight,
) -> list[OtherChild]:
    # The newest referral stands first, so the first record of a child is its newest.
    known: dict[PersonId, tuple[Placed, list[AdultTie]]] = {}
    for placed in standing:
        record, _ = placed
        known.setdefault(record.person_id, (placed, []))[1].extend(
            _shown(ties[record.referral_id], sealed=sight.seals(record.referral_id))
        )
    items = [
        OtherChild(
            person_id=person_id,
            record=show_record(placed, sight),
            last_heard_at=None if sight.hides(person_id) else heard[person_id],
            ties=sorted(their_ties, key=lambda tie: not tie.is_confirmed),
        )
        for person_id, (placed, their_ties) in known.items()
    ]
    return sorted(items, key=lambda item: heard[item.person_id], reverse=True)


def _shown(ties: Iterable[AdultTie], *, sealed: bool) -> list[AdultTie]:
    hidden = {"reference": None} if sealed else {}
    return [tie.model_copy(update=hidden) for tie in ties]
