"""Reading persons: one under every name, their family on one page, and a child's links for other services."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.actions.looking_up import as_heard
from services.intake.actions.showing_people import names_of, show_decision, show_record
from services.intake.models import PersonRecord as Row
from services.intake.store import links, records, referrals
from services.intake.store.records import Placed
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.families import (
    ChildLinks,
    Family,
    FamilyMember,
    Household,
    LinkedRecord,
    RecordStanding,
    ReferralPeople,
)
from shared.schemas.ids import ChildId, PersonId, RecordId, ReferralId
from shared.schemas.people_index import OpenMatch, PersonDetail, PersonRecord
from shared.schemas.words import LinkState, PersonKind


async def read_person(
    tx: AsyncSession, person_id: PersonId, reader: Caller, *, now: datetime
) -> PersonDetail:
    """Return a person with every record of every referral.

    Raises:
        NotFound: there is no such person, or all their records were linked elsewhere.
    """
    placed = await _placed(tx, person_id)
    shown = [show_record(one) for one in placed]
    ids = [record.record_id for record in shown]
    history = await links.list_decisions(tx, [person_id], ids)
    tasks = await links.list_open(tx, ids)
    await LEDGER.record(tx, reader, "person.read", at=now, subjects=_subjects(person_id, shown))
    return PersonDetail(
        person_id=person_id,
        names=names_of(shown),
        records=shown,
        history=[show_decision(decision) for decision in history],
        open_matches=[
            OpenMatch(match_id=task.match_id, record_id=task.record_id, raised_at=task.raised_at)
            for task in tasks
        ],
    )


async def _placed(tx: AsyncSession, person_id: PersonId) -> list[Placed]:
    placed = await records.list_placed(tx, [person_id])
    if not placed:
        raise NotFound
    return placed


def _subjects(person_id: PersonId, shown: Iterable[PersonRecord]) -> list[PersonId | RecordId | ReferralId]:
    together = [one for record in shown for one in (record.record_id, record.referral_id, record.person_id)]
    return list(dict.fromkeys([person_id, *together]))


async def read_family(tx: AsyncSession, person_id: PersonId, reader: Caller, *, now: datetime) -> Family:
    """Return everyone who stands in a referral with a person, adults first, with adults' other households.

    Raises:
        NotFound: there is no such person.
    """
    own = {record.referral_id for record, _ in await _placed(tx, person_id)}
    members: dict[PersonId, list[PersonRecord]] = {}
    for placed in await records.list_placed_in(tx, own):
        record = show_record(placed)
        members.setdefault(record.person_id, []).append(record)
    adults = {member for member, known in members.items() if _is_adult(known)}
    elsewhere = await _households(tx, adults, own)
    shown = [_member(member, known, elsewhere.get(member, [])) for member, known in members.items()]
    shown.sort(key=lambda member: (member.kind is not PersonKind.ADULT, member.person_id != person_id))
    seen = [record for member in shown for record in member.records]
    seen += [record for homes in elsewhere.values() for home in homes for record in home.records]
    await LEDGER.record(tx, reader, "family.read", at=now, subjects=_subjects(person_id, seen))
    return Family(person_id=person_id, members=shown)


def _is_adult(known: Iterable[PersonRecord]) -> bool:
    return any(record.kind is PersonKind.ADULT for record in known)


async def _households(
    tx: AsyncSession, adults: set[PersonId], own: set[ReferralId]
) -> dict[PersonId, list[Household]]:
    """Return, for each adult, the other referrals they stand in with everyone there, the newest first."""
    theirs: dict[PersonId, dict[ReferralId, None]] = {}
    for record, _ in await records.list_placed(tx, adults):
        if record.referral_id not in own:
            theirs.setdefault(record.person_id, {})[record.referral_id] = None
    wanted = {referral for referrals in theirs.values() for referral in referrals}
    people: dict[ReferralId, list[PersonRecord]] = {}
    for placed in await records.list_placed_in(tx, wanted):
        people.setdefault(placed[0].referral_id, []).append(show_record(placed))
    homes = {referral: _household(known) for referral, known in people.items()}
    return {adult: [homes[referral] for referral in referrals] for adult, referrals in theirs.items()}


def _household(known: Sequence[PersonRecord]) -> Household:
    first = known[0]
    adults_first = sorted(known, key=lambda record: record.kind is not PersonKind.ADULT)
    return Household(
        referral_id=first.referral_id,
        reference=first.reference,
        received_at=first.received_at,
        records=adults_first,
    )


def _member(person_id: PersonId, known: list[PersonRecord], elsewhere: list[Household]) -> FamilyMember:
    is_provisional = any(record.link_state is LinkState.PROVISIONAL for record in known)
    return FamilyMember(
        person_id=person_id,
        kind=PersonKind.ADULT if _is_adult(known) else PersonKind.CHILD,
        link_state=LinkState.PROVISIONAL if is_provisional else known[0].link_state,
        names=names_of(known),
        records=known,
        other_households=elsewhere,
    )


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
    items = [
        RecordStanding(
            record=show_record(one),
            linked=[
                linked_record(other, one[0], by_id) for other in of_persons if _is_other(other[0], one[0])
            ],
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


def _is_other(one: Row, other: Row) -> bool:
    return one.person_id == other.person_id and one.record_id != other.record_id


async def read_links(tx: AsyncSession, child_id: ChildId, service: Caller, *, now: datetime) -> ChildLinks:
    """Return a child's other records, those that people confirmed told from those the machine linked.

    Raises:
        NotFound: there is no such child, or it has not been held against those known yet.
    """
    record = await records.find_record(tx, RecordId(child_id))
    if record is None or record.kind != PersonKind.CHILD:
        raise NotFound
    together = await records.list_placed(tx, [record.person_id])
    others = [placed for placed in together if placed[0].record_id != record.record_id]
    tasks = await links.list_open(tx, [one.record_id for one, _ in together])
    subjects = [child_id, record.person_id, *(one.record_id for one, _ in others)]
    await LEDGER.record(tx, service, "child_links.read", at=now, subjects=subjects)
    by_id = {one.record_id: one for one, _ in together}
    return ChildLinks(
        child_id=child_id,
        referral_id=record.referral_id,
        person_id=record.person_id,
        link_state=LinkState(record.link_state),
        confirmed_as=confirmed_as(record, by_id),
        linked=[linked_record(placed, record, by_id) for placed in others],
        open_match_ids=[task.match_id for task in tasks],
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
        is_confirmed=_is_confirmed(whose, record, by_id),
        confirmed_as=confirmed_as(record, by_id),
    )


def _is_confirmed(one: Row, other: Row, by_id: dict[RecordId, Row]) -> bool:
    """Say whether people have confirmed every link on the way from one record to the other."""
    ups, downs = _way_up(one, by_id), _way_up(other, by_id)
    shared = {row.record_id for row in ups} & {row.record_id for row in downs}
    between = [row for row in (*ups, *downs) if row.record_id not in shared]
    return all(row.link_state != LinkState.PROVISIONAL for row in between)


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
