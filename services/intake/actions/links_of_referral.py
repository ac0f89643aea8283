"""Tell triage whom everyone in a referral is known, or only asked, to be: children and adults alike."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.actions.people import confirmed_as, is_restricted, linked_record
from services.intake.models import Match
from services.intake.models import PersonRecord as Row
from services.intake.store import links, records, referrals
from services.intake.store.records import Placed
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.families import NamedRecord, OpenQuestion, RecordLinks, ReferralLinks
from shared.schemas.ids import PersonId, RecordId, ReferralId
from shared.schemas.words import PersonKind

#: The open tasks around some records, each with the persons it asks about.
_Asked = Sequence[tuple[Match, PersonId]]


async def read_referral_links(
    tx: AsyncSession, referral_id: ReferralId, service: Caller, *, now: datetime
) -> ReferralLinks:
    """Return everyone in a referral with their other records, and with those whom they may be.

    A question stands with both sides of it: with whom it is about, and with whom they are held against.

    Raises:
        NotFound: there is no such referral.
    """
    if await referrals.find_referral(tx, referral_id, version=1) is None:
        raise NotFound
    own = await records.list_placed_in(tx, [referral_id])
    persons = {record.person_id for record, _ in own}
    asked = await links.list_open_around(tx, [record.record_id for record, _ in own], persons)
    asking = await records.list_placed_by_id(tx, {match.record_id for match, _ in asked})
    around = {person_id for _, person_id in asked} | {record.person_id for record, _ in asking.values()}
    known = await records.list_placed(tx, persons | around)
    by_id = {record.record_id: record for record, _ in known}
    items = [
        RecordLinks(
            record_id=record.record_id,
            kind=PersonKind(record.kind),
            name=_name(record),
            confirmed_as=confirmed_as(record, by_id),
            linked=[_named(other, record, by_id) for other in _others(known, record)],
            questions=_questions(record, asked, asking, known),
            is_restricted=is_restricted(record, (other for other, _ in known)),
        )
        for record, _ in own
    ]
    subjects = [referral_id, *(one for row in by_id.values() for one in (row.record_id, row.person_id))]
    await LEDGER.record(
        tx, service, "referral_links.read", at=now, subjects=list(dict.fromkeys([*subjects, *asking]))
    )
    return ReferralLinks(referral_id=referral_id, items=items)


def _others(known: Sequence[Placed], whose: Row) -> list[Placed]:
    return [
        placed
        for placed in known
        if placed[0].person_id == whose.person_id and placed[0].record_id != whose.record_id
    ]


def _questions(
    record: Row, asked: _Asked, asking: Mapping[RecordId, Placed], known: Sequence[Placed]
) -> list[OpenQuestion]:
    """Return the questions about a record: whom it may be, and who may be it."""
    found: dict[Match, list[NamedRecord]] = {}
    for match, person_id in asked:
        if match.record_id == record.record_id:
            about = [placed for placed in known if placed[0].person_id == person_id]
        elif person_id == record.person_id:
            about = [asking[match.record_id]]
        else:
            continue
        found.setdefault(match, []).extend(_named(placed, record, {}) for placed in about)
    return [
        OpenQuestion(
            match_id=match.match_id,
            # One who is only asked about is not confirmed, whatever is confirmed among its own records.
            records=[_only_asked(one, known) for one in about],
        )
        for match, about in found.items()
    ]


def _only_asked(one: NamedRecord, known: Sequence[Placed]) -> NamedRecord:
    row = next(row for row, _ in known if row.record_id == one.record_id)
    closed = is_restricted(row, (other for other, _ in known))
    return one.model_copy(update={"is_confirmed": False, "is_restricted": closed})


def _named(placed: Placed, whose: Row, by_id: dict[RecordId, Row]) -> NamedRecord:
    return NamedRecord(name=_name(placed[0]), **linked_record(placed, whose, by_id).model_dump())


def _name(record: Row) -> str | None:
    name = record.told.get("name") or {}
    return " ".join(filter(None, (name.get("given_name"), name.get("family_name")))) or None
