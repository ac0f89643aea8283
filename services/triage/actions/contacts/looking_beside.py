"""Find the other cases that the people of a case stand in, or may stand in, and say which it may join."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.showing.restricted import list_closed
from services.triage.evidence.grouped import hub_part_over
from services.triage.store import cases, joins
from services.triage.store.cases import WholeCase
from shared.platform.auth import Caller
from shared.schemas.families import NamedRecord, RecordLinks, ReferralLinks
from shared.schemas.ids import CaseId, MatchId, ReferralId
from shared.schemas.joining import CaseBeside, CasesBeside, Tie
from shared.schemas.words import Role


@dataclass(frozen=True, slots=True)
class Beside:
    """What intake said of everyone in a case before the transaction began.

    Attributes:
        why_not: why that is not all, or nothing; None where everything was searched.
    """

    links: Sequence[ReferralLinks]
    why_not: str | None


async def list_referrals(tx: AsyncSession, case_id: CaseId) -> list[ReferralId]:
    """Return the referrals of a case; raise NotFound if there is no such case."""
    return [contact.referral_id for contact in (await cases.get_whole_case(tx, case_id)).contacts]


async def list_beside(
    tx: AsyncSession, case_id: CaseId, found: Beside, reader: Caller, *, now: datetime
) -> CasesBeside:
    """Return the cases that people of a case stand in or may stand in, those with a confirmed tie first.

    Of those that restricted people stand in, everybody but managers is told how many there are.

    Raises:
        NotFound: there is no such case.
    """
    own = await cases.get_whole_case(tx, case_id)
    mine = {contact.referral_id for contact in own.contacts}
    ties = [tie for one in found.links if one.referral_id in mine for tie in _ties(one, reader)]
    of_referrals = {referral_id for referral_id, _ in ties} - mine
    wholes = await cases.get_whole_cases(tx, await joins.list_cases_of(tx, of_referrals))
    closed = _closed(found.links, reader)
    kept = (await list_closed(tx, reader, now=now)).cases
    others = [whole for whole in wholes if whole.case.case_id != case_id]
    open_ones = [one for one in others if one.case.case_id not in kept and not _referrals_of(one) & closed]
    items = [_beside(whole, ties) for whole in open_ones]
    items.sort(key=lambda one: (not one.can_join, -one.received_at.timestamp(), one.case_id))
    subjects: list[UUID] = [case_id, *(one.case_id for one in items)]
    subjects += [child.child_id for whole in wholes for child in whole.children]
    subjects += [tie.of_record_id for _, tie in ties]
    await LEDGER.record(tx, reader, "cases_beside.read", at=now, subjects=list(dict.fromkeys(subjects)))
    return CasesBeside(
        items=items,
        searched=found.why_not is None,
        why_not=found.why_not,
        restricted_count=len(others) - len(items),
    )


def _closed(links: Sequence[ReferralLinks], reader: Caller) -> set[ReferralId]:
    """Return the referrals of restricted people, which this reader may not open."""
    if Role.MANAGER in reader.roles:
        return set()
    everybody = [item for one in links for item in one.items]
    found = [one for item in everybody for one in item.linked]
    found += [one for item in everybody for question in item.questions for one in question.records]
    return {one.referral_id for one in found if one.is_restricted}


def _referrals_of(whole: WholeCase) -> set[ReferralId]:
    return {contact.referral_id for contact in whole.contacts}


def _beside(whole: WholeCase, ties: Iterable[tuple[ReferralId, Tie]]) -> CaseBeside:
    its = _referrals_of(whole)
    here = [tie for referral_id, tie in ties if referral_id in its]
    is_open = not hub_part_over(whole.children, whole.decisions)
    names = (
        " ".join(filter(None, (child.given_name, child.family_name)))
        for child in whole.children
        if child.same_child_as is None
    )
    return CaseBeside(
        case_id=whole.case.case_id,
        references=[contact.reference for contact in whole.contacts],
        agency_ids=[contact.agency_id for contact in whole.contacts],
        received_at=whole.case.received_at,
        children=[name or "Name not known" for name in names],
        is_open=is_open,
        ties=here,
        can_join=is_open and any(tie.is_confirmed for tie in here),
    )


def _ties(links: ReferralLinks, reader: Caller) -> list[tuple[ReferralId, Tie]]:
    """Return who of a referral is, or may be, whom: each with the referral in which the other stands."""
    sees_all = Role.MANAGER in reader.roles
    found = []
    for item in links.items:
        linked = {one.record_id for one in item.linked}
        found += [_tie(item, one, None, sees_all=sees_all) for one in item.linked]
        found += [
            _tie(item, one, question.match_id, sees_all=sees_all)
            for question in item.questions
            for one in question.records
            if one.record_id not in linked
        ]
    return found


def _tie(
    item: RecordLinks, one: NamedRecord, match_id: MatchId | None, *, sees_all: bool
) -> tuple[ReferralId, Tie]:
    tie = Tie(
        record_id=item.record_id,
        kind=item.kind,
        name=item.name,
        of_record_id=one.record_id,
        of_name=one.name if sees_all or not one.is_restricted else None,
        is_confirmed=one.is_confirmed,
        match_id=match_id,
    )
    return one.referral_id, tie
