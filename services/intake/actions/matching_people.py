"""Matching at the door: once a referral has come, each of its people is held against all who are known."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.actions.describing import Described, describe, find_same_adult
from services.intake.actions.family_ties import ask_about_births, follows_child, judge_as_child
from services.intake.actions.indexing import MACHINE, Case, settle
from services.intake.actions.judging import NOTHING, Judgement, Limits, judge
from services.intake.actions.restricting import announce_around
from services.intake.matching.keys import hashed, keys_of
from services.intake.matching.person import from_stored
from services.intake.matching.terms import hashes_of, terms_of
from services.intake.models import MAILBOX, PersonRecord, Referral
from services.intake.store import links, persons, records, referrals
from shared.platform.outbox import announcement
from shared.problems import NotFound, Unavailable
from shared.schemas.events import PeopleMatched, ReferralReceived
from shared.schemas.ids import PersonId, RecordId
from shared.schemas.words import LinkState, PersonKind


async def match_people(tx: AsyncSession, event: ReferralReceived, limits: Limits, *, now: datetime) -> None:
    """Index the people of a version of a referral and say whom each may be.

    One who is surely known is linked provisionally, with the evidence; one who may be is a task for a person;
    anybody else is a new person. A later version changes what is said of its people and has those matched
    again of whom it says something else, but touches no link that a person confirmed.

    Raises:
        NotFound: there is no such version.
        Unavailable: somebody moved a record meanwhile; to be tried again.
    """
    version = await referrals.find_referral(tx, event.referral_id, version=event.version)
    if version is None:
        raise NotFound
    described = describe(version)
    await persons.lock_keys(tx, _locks(event, described))
    known = await records.list_of_referral(tx, event.referral_id)
    standing = _standing(known)
    # Versions may be heard of in any order: the newest word about somebody stands.
    cases = [case for case in _cases(described, known) if not _is_overtaken(case, version)]
    cases = await _judge(tx, cases, version, limits)
    await persons.lock_persons(tx, _persons_touched(cases))
    if _standing(await records.list_of_referral(tx, event.referral_id)) != standing:
        # Somebody of the staff was quicker; what was judged rests on what is no longer so.
        raise Unavailable("A record was moved meanwhile.")
    made = await _settle_all(tx, cases, version, limits, now=now)
    await _tell(tx, version, [*made, *(one for one in known if one not in made)])
    await announce_around(tx, _persons_touched(cases) | {one.person_id for one in made}, now=now)
    for case, record in zip(cases, made, strict=True):
        if case.before is None and record.link_state == LinkState.OWN:
            await persons.add_terms(tx, record.person_id, hashes_of(terms_of(case.described.person)))


async def _settle_all(
    tx: AsyncSession, cases: Sequence[Case], version: Referral, limits: Limits, *, now: datetime
) -> list[PersonRecord]:
    """Write down everybody, the children first: an adult may be one of them."""
    made: list[tuple[Case, PersonRecord]] = []
    for case in cases:
        judgement = await judge_as_child(tx, case, made, limits)
        made.append((case, await settle(tx, replace(case, judgement=judgement), version, now=now)))
    return [record for _, record in made]


def _standing(known: Iterable[PersonRecord]) -> list[tuple[RecordId, PersonId, str]]:
    return [(record.record_id, record.person_id, record.link_state) for record in known]


def _locks(event: ReferralReceived, described: Iterable[Described]) -> set[int]:
    keys = {hashed(f"referral {event.referral_id}")}
    for one in described:
        narrow, wide = keys_of(one.person)
        keys.update(narrow, wide)
    return keys


def _cases(described: Sequence[Described], known: Sequence[PersonRecord]) -> list[Case]:
    children = {one.record_id: one for one in known if one.kind == PersonKind.CHILD}
    adults = [(from_stored(one.compared), one) for one in known if one.kind == PersonKind.ADULT]
    cases = []
    for one in described:
        if one.child_id is not None:
            cases.append(Case(one, children.get(RecordId(one.child_id))))
        elif (place := find_same_adult(one, adults)) is not None:
            cases.append(Case(one, adults.pop(place)[1]))
        else:
            cases.append(Case(one, None))
    return cases


def _is_overtaken(case: Case, version: Referral) -> bool:
    return case.before is not None and case.before.version >= version.version


async def _judge(tx: AsyncSession, cases: Sequence[Case], version: Referral, limits: Limits) -> list[Case]:
    asked = {case.before.person_id for case in cases if case.is_matched and case.before}
    apart = await links.find_told_apart(tx, asked) if asked else {}
    judged = []
    for one in cases:
        case, judgement = replace(one, apart=_not_asked_about(one, apart)), NOTHING
        # Who is a child of the same referral too is whoever that child is.
        if case.is_matched and not follows_child(case, cases):
            judgement = await judge(
                tx, case.described.person, limits, besides=version.referral_id, apart=case.apart
            )
        judged.append(replace(case, judgement=judgement))
    return await ask_about_births(tx, _leave_to_people(judged), version.referral_id, limits)


def _not_asked_about(case: Case, apart: dict[PersonId, set[PersonId]]) -> frozenset[PersonId]:
    before = case.before
    if before is None:
        return frozenset()
    # A person made from a record is that record's already, whoever else was linked to it since.
    own = {before.person_id} if before.link_state == LinkState.OWN else set()
    return frozenset(apart.get(before.person_id, set()) | own)


def _leave_to_people(cases: Sequence[Case]) -> list[Case]:
    """Have a person asked, however sure the machine is, where it must not decide.

    Two people of one referral are told apart by its sender; two persons who exist are never joined.
    """
    claimed = [case.judgement.sure.person_id for case in cases if case.judgement.sure]
    left = []
    for case in cases:
        sure = case.judgement.sure
        if sure and (claimed.count(sure.person_id) > 1 or _would_join_two(case)):
            left.append(replace(case, judgement=Judgement(possible=(sure,))))
        else:
            left.append(case)
    return left


def _would_join_two(case: Case) -> bool:
    return case.before is not None and case.before.link_state == LinkState.OWN


def _persons_touched(cases: Iterable[Case]) -> set[PersonId]:
    touched = {case.before.person_id for case in cases if case.before}
    return touched | {case.judgement.sure.person_id for case in cases if case.judgement.sure}


async def _tell(tx: AsyncSession, version: Referral, touched: Sequence[PersonRecord]) -> None:
    people = tuple(dict.fromkeys(record.person_id for record in touched))
    at = version.received_at
    subjects = [version.referral_id, *(record.record_id for record in touched), *people]
    facts = {
        "version": version.version,
        "provisional": sum(record.link_state == LinkState.PROVISIONAL for record in touched),
    }
    entry = LEDGER.entry(MACHINE, "people.matched", at=at, subjects=subjects, facts=facts)
    told = PeopleMatched(
        referral_id=version.referral_id,
        referral_version=version.version,
        person_ids=people,
        occurred_at=at,
    )
    await LEDGER.write(tx, entry, announcement(tx, MAILBOX.outbox, told))
