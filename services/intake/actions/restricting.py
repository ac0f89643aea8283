"""A manager restricts a person, so that only managers read what is known of them, or lifts it again."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.errors import RestrictionStands
from services.intake.models import MAILBOX
from services.intake.models import Restriction as Row
from services.intake.store import persons, records, referrals, restrictions
from shared.platform.auth import Caller
from shared.platform.outbox import publish
from shared.problems import NotFound
from shared.schemas.events import RestrictionChanged
from shared.schemas.ids import PersonId, RecordId, ReferralId, RestrictionId, new_id
from shared.schemas.people_index import Restriction, RestrictionForm
from shared.schemas.progress import ReferralRestriction


async def restrict(
    tx: AsyncSession, person_id: PersonId, form: RestrictionForm, manager: Caller, *, now: datetime
) -> Restriction:
    """Mark every record of a person, or take the mark from all of them; what is counted stays the same.

    The marks stay with the records: one that is taken from the person keeps its own.

    Raises:
        NotFound: there is no such person, or all their records were linked elsewhere.
        RestrictionStands: it stands so already.

    Source:
        docs/adr/0023-restricted-people.md
    """
    await persons.lock_persons(tx, [person_id])
    together = await records.list_of_persons(tx, [person_id])
    if not together:
        raise NotFound
    changed = [record for record in together if record.is_restricted is not form.restricted]
    if not changed:
        raise RestrictionStands
    for record in changed:
        record.is_restricted = form.restricted
    row = Row(
        restriction_id=RestrictionId(new_id()),
        person_id=person_id,
        is_restricted=form.restricted,
        record_ids=[str(record.record_id) for record in changed],
        reason=form.reason,
        decided_at=now,
        decided_by=manager.subject,
        decided_by_name=manager.name,
    )
    await restrictions.add(tx, row)
    action = "person.restricted" if form.restricted else "person.restriction_lifted"
    subjects = [person_id, *(record.record_id for record in changed)]
    await LEDGER.record(tx, manager, action, at=now, subjects=subjects, facts={"records": len(changed)})
    await _announce(tx, {record.referral_id for record in together}, now=now)
    return show_restriction(row)


async def announce_around(tx: AsyncSession, persons: Collection[PersonId], *, now: datetime) -> None:
    """Say that records went from or to a restricted person, where one of these persons is one.

    Whose records they are decides who may read them: a referral is restricted, or open again, by a link.
    """
    await _announce(tx, await restrictions.list_referrals_around(tx, persons), now=now)


async def _announce(tx: AsyncSession, referral_ids: Iterable[ReferralId], *, now: datetime) -> None:
    if told := tuple(sorted(referral_ids)):
        await publish(tx, MAILBOX.outbox, RestrictionChanged(referral_ids=told, occurred_at=now))


async def read_restriction(
    tx: AsyncSession, referral_id: ReferralId, service: Caller, *, now: datetime
) -> ReferralRestriction:
    """Say to whoever shows a referral whether somebody in it is restricted now.

    Raises:
        NotFound: there is no such referral.
    """
    if await referrals.find_referral(tx, referral_id, version=1) is None:
        raise NotFound
    sealed = await restrictions.list_sealed(tx, [referral_id])
    await LEDGER.record(tx, service, "referral.restriction_read", at=now, subjects=[referral_id])
    return ReferralRestriction(referral_id=referral_id, restricted=bool(sealed))


def show_restriction(row: Row) -> Restriction:
    """Return a line of the history."""
    return Restriction(
        restriction_id=row.restriction_id,
        person_id=row.person_id,
        restricted=row.is_restricted,
        record_ids=[RecordId(UUID(record_id)) for record_id in row.record_ids],
        reason=row.reason,
        decided_at=row.decided_at,
        decided_by=row.decided_by_name,
    )
