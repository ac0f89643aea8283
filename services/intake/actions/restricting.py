"""A manager restricts a person, so that only managers read what is known of them, or lifts it again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.errors import RestrictionStands
from services.intake.models import Restriction as Row
from services.intake.store import persons, records, restrictions
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.ids import PersonId, RecordId, RestrictionId, new_id
from shared.schemas.people_index import Restriction, RestrictionForm


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
    return show_restriction(row)


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
