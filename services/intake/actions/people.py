"""Reading persons: one under every name, the people of a referral, and a child's links for other services."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.actions.looking_up import as_heard
from services.intake.actions.restricting import show_restriction
from services.intake.actions.showing_people import names_of, show_decision, show_record
from services.intake.actions.sight import Sight, look
from services.intake.models import PersonRecord as Row
from services.intake.store import links, records, referrals, restrictions
from services.intake.store.records import Placed
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.families import ChildLinks, LinkedRecord, RecordStanding, ReferralPeople
from shared.schemas.ids import ChildId, PersonId, RecordId, ReferralId
from shared.schemas.people_index import OpenMatch, PersonDetail
from shared.schemas.words import LinkState, PersonKind


async def read_person(
    tx: AsyncSession, person_id: PersonId, reader: Caller, *, now: datetime
) -> PersonDetail:
    """Return a person with every record of every referral; of a restricted one, that they are there.

    Raises:
        NotFound: there is no such person, or all their records were linked elsewhere.
    """
    placed = await get_placed(tx, person_id)
    ids = [record.record_id for record, _ in placed]
    history = await links.list_decisions(tx, [person_id], ids)
    sight = await look(tx, reader, placed, history)
    shown = [show_record(one, sight) for one in placed]
    await LEDGER.record(tx, reader, "person.read", at=now, subjects=subjects_of(person_id, placed))
    is_restricted = person_id in sight.persons
    if sight.hides(person_id):
        return PersonDetail(
            person_id=person_id, names=[], records=shown, history=[], open_matches=[], restricted=True
        )
    tasks = await links.list_open(tx, ids)
    restricted = await restrictions.list_of(tx, person_id, ids) if sight.opens else ()
    return PersonDetail(
        person_id=person_id,
        names=names_of(shown),
        records=shown,
        history=[show_decision(decision, sight) for decision in history],
        open_matches=[
            OpenMatch(match_id=task.match_id, record_id=task.record_id, raised_at=task.raised_at)
            for task in tasks
        ],
        restricted=is_restricted,
        restrictions=[show_restriction(row) for row in restricted],
    )


async def get_placed(tx: AsyncSession, person_id: PersonId) -> list[Placed]:
    """Return every record of a person with its referral; raise NotFound where there is none."""
    placed = await records.list_placed(tx, [person_id])
    if not placed:
        raise NotFound
    return placed


def subjects_of(person_id: PersonId, seen: Iterable[Placed]) -> list[PersonId | RecordId | ReferralId]:
    """Return the ids of what was looked at, each once: the audit knows what was left out as well."""
    together = [one for row, _ in seen for one in (row.record_id, row.referral_id, row.person_id)]
    return list(dict.fromkeys([person_id, *together]))


async def list_people(tx: AsyncSession, reference: str, reader: Caller, *, now: datetime) -> ReferralPeople:
    """Return the people of a referral, children first, each with whom they are taken for.

    Raises:
        NotFound: there is no such referral.
    """
    referral = await referrals.find_by_reference(tx, as_heard(reference), None)
    if referral is None:
        raise NotFound
    placed = await records.list_placed_in(tx, [referral.referral_id])
    of_persons = await records.list_placed(tx, {record.person_id for record, _ in placed})
    by_id = {record.record_id: record for record, _ in of_persons}
    tasks = await links.list_open(tx, [record.record_id for record, _ in placed])
    sight = await look(tx, reader, placed)
    items = [
        RecordStanding(
            record=show_record(one, sight),
            linked=_linked_shown(one[0], of_persons, by_id, sight),
            open_match_ids=[task.match_id for task in tasks if task.record_id == one[0].record_id],
        )
        for one in placed
    ]
    subjects = [
        referral.referral_id,
        *(one for record, _ in of_persons for one in (record.record_id, record.person_id)),
    ]
    await LEDGER.record(tx, reader, "referral_people.read", at=now, subjects=list(dict.fromkeys(subjects)))
    return ReferralPeople(items=sorted(items, key=lambda item: item.record.kind is PersonKind.ADULT))


def _linked_shown(
    whose: Row, of_persons: Iterable[Placed], by_id: dict[RecordId, Row], sight: Sight
) -> list[LinkedRecord]:
    if sight.hides(whose.person_id):
        return []
    others = (placed for placed in of_persons if _is_other(placed[0], whose))
    return [linked_record(other, whose, by_id) for other in others]


def _is_other(one: Row, other: Row) -> bool:
    return one.person_id == other.person_id and one.record_id != other.record_id


async def read_links(tx: AsyncSession, child_id: ChildId, service: Caller, *, now: datetime) -> ChildLinks:
    """Return a child's other records, those that people confirmed told from those the machine linked.

    Restricted ones are among them: they count in full, and the service shows them to managers alone.

    Raises:
        NotFound: there is no such child, or it has not been held against those known yet.
    """
    record = await records.find_record(tx, RecordId(child_id))
    if record is None or record.kind != PersonKind.CHILD:
        raise NotFound
    together = await records.list_placed(tx, [record.person_id])
    others = [placed for placed in together if placed[0].record_id != record.record_id]
    tasks = await links.list_open(tx, [one.record_id for one, _ in together])
    asked_about = await links.list_asking(tx, record.person_id)
    subjects = [child_id, record.person_id, *(one.record_id for one, _ in others)]
    await LEDGER.record(tx, service, "child_links.read", at=now, subjects=subjects)
    by_id = {one.record_id: one for one, _ in together}
    return ChildLinks(
        child_id=child_id,
        referral_id=record.referral_id,
        person_id=record.person_id,
        link_state=LinkState(record.link_state),
        is_restricted=is_restricted(record, by_id.values()),
        confirmed_as=confirmed_as(record, by_id),
        linked=[linked_record(placed, record, by_id) for placed in others],
        open_match_ids=[task.match_id for task in tasks],
        asked_about_match_ids=[task.match_id for task in asked_about],
    )


def linked_record(placed: Placed, whose: Row, by_id: dict[RecordId, Row]) -> LinkedRecord:
    """Return another record of the person whose a record is.

    Args:
        by_id: every record of that person.
    """
    record, referral = placed
    return LinkedRecord(
        record_id=record.record_id,
        kind=PersonKind(record.kind),
        referral_id=record.referral_id,
        reference=referral.reference,
        agency_id=referral.agency_id,
        received_at=referral.received_at,
        is_confirmed=is_confirmed(whose, record, by_id),
        confirmed_as=confirmed_as(record, by_id),
        is_restricted=is_restricted(record, by_id.values()),
    )


def is_confirmed(one: Row, other: Row, by_id: dict[RecordId, Row]) -> bool:
    """Say whether people have confirmed every link on the way from one record to the other."""
    ups, downs = _way_up(one, by_id), _way_up(other, by_id)
    shared = {row.record_id for row in ups} & {row.record_id for row in downs}
    between = [row for row in (*ups, *downs) if row.record_id not in shared]
    return all(row.link_state != LinkState.PROVISIONAL for row in between)


def is_restricted(record: Row, known: Iterable[Row]) -> bool:
    """Say whether a record is of a restricted person, all of whose records are among those known."""
    return record.is_restricted or any(
        one.is_restricted for one in known if one.person_id == record.person_id
    )


def confirmed_as(record: Row, by_id: dict[RecordId, Row]) -> RecordId:
    """Return the record that a record comes to by links that people have confirmed: itself, if by none.

    It is the same for two records just where every link between them was confirmed.
    """
    up = by_id.get(record.likened_to) if record.likened_to else None
    if up is None or record.link_state == LinkState.PROVISIONAL:
        return record.record_id
    return confirmed_as(up, by_id)


def _way_up(record: Row, by_id: dict[RecordId, Row]) -> list[Row]:
    way = [record]
    while (to := way[-1].likened_to) is not None and to in by_id:
        way.append(by_id[to])
    return way
