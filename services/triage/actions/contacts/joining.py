"""Let a referral join the case of the same child or household, and undo that: nothing is copied or lost."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.contacts.grouping import Regrouping, note_confirmed, regroup
from services.triage.actions.decisions.recommending import refresh
from services.triage.actions.showing.restricted import require_open
from services.triage.errors import (
    AlreadyInThisCase,
    CaseChanged,
    HubPartOver,
    JoinedFurther,
    JoinUndone,
    LinksChanged,
    NotLinked,
    RestrictedRecord,
)
from services.triage.evidence.grouped import confirmed_children, hub_part_over, is_tied
from services.triage.models import Case, CaseJoin
from services.triage.rules import Times
from services.triage.store import cases, history, joins
from services.triage.store.joins import Both
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.families import ReferralLinks
from shared.schemas.ids import CaseId, ChildId, JoinId, ReferralId, new_id
from shared.schemas.joining import JoinMade
from shared.schemas.words import Role


@dataclass(frozen=True, slots=True)
class LinksAsked:
    """Whom everyone in a referral is linked to, and when intake said so: before the transaction began."""

    links: ReferralLinks
    asked_at: datetime


class Joining(NamedTuple):
    """Which referral joins which case, as whoever joins them read it."""

    case_id: CaseId
    referral_id: ReferralId
    reason: str
    version: int


class Undoing(NamedTuple):
    """Which join is undone, by the version of the case that the referral is in, as whoever undoes it read."""

    join_id: JoinId
    reason: str
    version: int


async def join_referral(
    tx: AsyncSession, wanted: Joining, asked: LinksAsked, joiner: Caller, *, now: datetime, times: Times
) -> JoinMade:
    """Move a referral with its children to another case, where those who are one child become one.

    Raises:
        NotFound: there is no such case, or no such referral in any.
        CaseChanged: someone changed the case since it was read.
        AlreadyInThisCase, HubPartOver, NotLinked: the state says no.
        RestrictedRecord: somebody in the referral is restricted, and the joiner is no manager.
        MovedMeanwhile, LinksChanged: someone was faster; the same request may be sent again.

    Source:
        docs/adr/0022-many-referrals-one-case.md
    """
    held = await joins.hold_both(tx, wanted.referral_id, wanted.case_id)
    if Role.MANAGER not in joiner.roles and any(one.is_restricted for one in asked.links.items):
        raise RestrictedRecord
    # What intake said is of the referral alone; the case that it leaves may be restricted by another.
    await require_open(tx, joiner, [held.its.case_id, held.other.case_id], now=now)
    if wanted.version != held.other.version:
        raise CaseChanged
    await _require_joinable(tx, held, asked.links)
    join = CaseJoin(
        join_id=JoinId(new_id()),
        referral_id=wanted.referral_id,
        case_id=held.other.case_id,
        from_case_id=held.its.case_id,
        reason=wanted.reason,
        joined_at=now,
        joined_by=joiner.name,
        joined_by_id=joiner.subject,
    )
    tx.add(join)
    moved = await joins.move(tx, held.contact, held.other.case_id)
    confirmed = confirmed_children(asked.links)
    known = await history.list_children(tx, list(confirmed))
    mine = [one for one in known if one.case_id in {held.its.case_id, held.other.case_id}]
    if not note_confirmed(mine, confirmed, asked.asked_at):
        raise LinksChanged
    changed = await regroup(tx, [held.its, held.other], Regrouping(now, times))
    await _settle(tx, held.its, held.other)
    await _record(tx, join, joiner, "case.joined", changed.union(moved), now=now)
    return _made(join, stands_in=held.other, other=held.its, version=held.other.version)


async def _require_joinable(tx: AsyncSession, held: Both, links: ReferralLinks) -> None:
    if held.its.case_id == held.other.case_id:
        raise AlreadyInThisCase
    whole = await cases.get_whole_case(tx, held.other.case_id)
    if hub_part_over(whole.children, whole.decisions):
        raise HubPartOver
    if not is_tied(links, {contact.referral_id for contact in whole.contacts}):
        raise NotLinked


async def undo_join(
    tx: AsyncSession, wanted: Undoing, undoer: Caller, *, now: datetime, times: Times
) -> JoinMade:
    """Move a referral back to the case that it came from: what it brought with it goes along.

    Whoever was one child only by this join stands as before it; who was decided meanwhile keeps the decision
    and is looked at again.

    Raises:
        NotFound: there is no such join.
        JoinUndone, JoinedFurther: the state says no.
        CaseChanged: someone changed the case since it was read.
        MovedMeanwhile: someone was faster; the same request may be sent again.
    """
    join = await joins.find_join(tx, wanted.join_id)
    if join is None:
        raise NotFound
    held = await joins.hold_both(tx, join.referral_id, join.from_case_id)
    await tx.refresh(join)
    if join.undone_at is not None:
        raise JoinUndone
    if held.its.case_id != join.case_id:
        raise JoinedFurther
    if wanted.version != held.its.version:
        raise CaseChanged
    join.undone_at, join.undone_by, join.undone_by_id = now, undoer.name, undoer.subject
    join.undone_reason = wanted.reason
    moved = await joins.move(tx, held.contact, held.other.case_id)
    doing = Regrouping(now, times, returning=frozenset(moved))
    changed = await regroup(tx, [held.its, held.other], doing)
    await _settle(tx, held.its, held.other)
    await _record(tx, join, undoer, "case.join_undone", changed.union(moved), now=now)
    return _made(join, stands_in=held.other, other=held.its, version=held.its.version)


async def _settle(tx: AsyncSession, *held: Case) -> None:
    """Bring both cases up to date with the referrals that they have now."""
    for case in held:
        contacts = await cases.list_contacts(tx, case.case_id)
        case.received_at = min((one.received_at for one in contacts), default=case.received_at)
        case.version += 1
        await refresh(tx, case)


async def _record(
    tx: AsyncSession, join: CaseJoin, who: Caller, action: str, children: set[ChildId], *, now: datetime
) -> None:
    subjects = [join.case_id, join.from_case_id, join.referral_id, *sorted(children), join.join_id]
    await LEDGER.record(tx, who, action, at=now, subjects=subjects)


def _made(join: CaseJoin, *, stands_in: Case, other: Case, version: int) -> JoinMade:
    return JoinMade(
        join_id=join.join_id,
        referral_id=join.referral_id,
        case_id=stands_in.case_id,
        other_case_id=other.case_id,
        version=version,
    )
