"""Queries for restricted cases: which they are, and to whom they are open."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Select,
    Uuid,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import (
    Alert,
    Breach,
    Case,
    CaseAccess,
    CaseChild,
    CaseJoin,
    CaseRelation,
    ChildTarget,
    Contact,
    Decision,
    Discussion,
    DiscussionAction,
    DiscussionChild,
    InformationRequest,
    ReferralRestriction,
)
from shared.problems import NotFound
from shared.schemas.ids import AccessId, CaseId, ReferralId, StaffId


class Sealed(NamedTuple):
    """A case, and a referral of it in which somebody is restricted."""

    case_id: CaseId
    referral_id: ReferralId


def _of_discussions(ids: Select[Any]) -> Select[Any]:
    """Return the cases of some discussions, and those that their children stand in now."""
    called = select(Discussion.case_id).where(Discussion.discussion_id.in_(ids))
    about = select(DiscussionChild.child_id).where(DiscussionChild.discussion_id.in_(ids))
    return select(union(called, select(CaseChild.case_id).where(CaseChild.child_id.in_(about))).subquery())


def _of_subject(subject: UUID) -> Select[Any]:
    """Return the case of whatever a draft is about: a child, a question, a discussion, or a case itself."""
    ways = (_OF[name](subject) for name in ("case_id", "child_id", "request_id", "discussion_id"))
    return select(union_all(*ways).subquery())


def _itself(value: UUID) -> Select[Any]:
    return select(literal(value, Uuid))


#: To which cases an id in an address leads, by the name it has there.
_OF: Final[Mapping[str, Callable[[UUID], Select[Any]]]] = {
    "case_id": _itself,
    "child_id": lambda value: select(CaseChild.case_id).where(CaseChild.child_id == value),
    "decision_id": lambda value: select(Decision.case_id).where(Decision.decision_id == value),
    "request_id": lambda value: select(InformationRequest.case_id).where(
        InformationRequest.request_id == value
    ),
    "discussion_id": lambda value: _of_discussions(
        select(Discussion.discussion_id).where(Discussion.discussion_id == value)
    ),
    "action_id": lambda value: _of_discussions(
        select(DiscussionAction.discussion_id).where(DiscussionAction.action_id == value)
    ),
    "join_id": lambda value: select(
        union(
            select(CaseJoin.case_id).where(CaseJoin.join_id == value),
            select(CaseJoin.from_case_id).where(CaseJoin.join_id == value),
        ).subquery()
    ),
    "relation_id": lambda value: select(
        union(
            select(CaseRelation.one_case_id).where(CaseRelation.relation_id == value),
            select(CaseRelation.other_case_id).where(CaseRelation.relation_id == value),
        ).subquery()
    ),
    "target_id": lambda value: select(ChildTarget.case_id).where(ChildTarget.target_id == value),
    "breach_id": lambda value: select(Breach.case_id).where(Breach.breach_id == value),
    "alert_id": lambda value: select(Alert.case_id).where(Alert.alert_id == value),
    "access_id": lambda value: select(CaseAccess.case_id).where(CaseAccess.access_id == value),
    "subject_id": _of_subject,
}
#: The ids in addresses that lead to cases.
LEADS_TO_CASES: Final = frozenset(_OF)


async def list_cases_meant(tx: AsyncSession, ids: Mapping[str, UUID]) -> list[CaseId]:
    """Return the cases to which the ids of an address lead.

    Args:
        ids: by the names of `LEADS_TO_CASES`.
    """
    if ids.keys() <= {"case_id"}:
        return [CaseId(one) for one in ids.values()]
    found = union_all(*(_OF[name](value) for name, value in ids.items()))
    return list(dict.fromkeys((await tx.scalars(select(found.subquery()))).all()))


# Made once, not at each call: everything that is read of a case asks this first.
_RESTRICTED: Final = select(ReferralRestriction.referral_id).where(ReferralRestriction.is_restricted)
_HERE: Final = select(Contact.case_id, Contact.referral_id).where(Contact.referral_id.in_(_RESTRICTED))
_WENT: Final = select(CaseJoin.from_case_id, CaseJoin.referral_id).where(
    CaseJoin.referral_id.in_(_RESTRICTED),
    CaseJoin.undone_at.is_(None),
    ~exists().where(Contact.case_id == CaseJoin.from_case_id),
)
_THESE: Final = any_(bindparam("case_ids", type_=ARRAY(Uuid)))
_SEALED: Final = union(_HERE, _WENT)
_SEALED_OF: Final = union(
    _HERE.where(Contact.case_id == _THESE), _WENT.where(CaseJoin.from_case_id == _THESE)
)


#: The condition that a case of a query is one of those that `list_sealed` names.
IS_SEALED: Final = or_(
    _HERE.where(Contact.case_id == Case.case_id).correlate(Case).exists(),
    _WENT.where(CaseJoin.from_case_id == Case.case_id).correlate(Case).exists(),
)


async def list_sealed(tx: AsyncSession, case_ids: Collection[CaseId] | None = None) -> list[Sealed]:
    """Return the restricted cases with the referrals that make them so; with ids, of those cases alone.

    A case that is left empty tells of the referrals that joined another, and is as restricted as they are.
    """
    if case_ids is None:
        found = await tx.execute(_SEALED)
    else:
        found = await tx.execute(_SEALED_OF, {"case_ids": list(case_ids)})
    return [Sealed(*row) for row in found]


async def list_restricted(tx: AsyncSession, referral_ids: Collection[ReferralId]) -> set[ReferralId]:
    """Return those of some referrals that are restricted."""
    query = select(ReferralRestriction.referral_id).where(
        ReferralRestriction.referral_id.in_(referral_ids), ReferralRestriction.is_restricted
    )
    return set((await tx.scalars(query)).all())


async def keep_restriction(tx: AsyncSession, said: Mapping[ReferralId, bool], asked_at: datetime) -> None:
    """Keep what intake said of referrals, where nothing newer is kept."""
    row = insert(ReferralRestriction)
    kept = row.on_conflict_do_update(
        index_elements=[ReferralRestriction.referral_id],
        set_={"is_restricted": row.excluded.is_restricted, "asked_at": row.excluded.asked_at},
        where=ReferralRestriction.asked_at <= row.excluded.asked_at,
    )
    # In one order: two who keep some of the same wait for each other and never in a ring.
    rows = [
        {"referral_id": referral_id, "is_restricted": said[referral_id], "asked_at": asked_at}
        for referral_id in sorted(said)
    ]
    await tx.execute(kept, rows)


async def list_opened_to(tx: AsyncSession, staff_id: StaffId, *, now: datetime) -> set[ReferralId]:
    """Return the referrals that are open to a member of staff by name, or in an emergency that goes on."""
    query = select(CaseAccess.referral_ids).where(CaseAccess.staff_id == staff_id, *_standing(now))
    return {ReferralId(UUID(one)) for ids in await tx.scalars(query) for one in ids}


async def list_of_case(
    tx: AsyncSession, case_id: CaseId, referrals: Iterable[ReferralId]
) -> Sequence[CaseAccess]:
    """Return everybody to whom a case, or a referral that is in it now, is or was open, the newest first."""
    ids = [str(one) for one in referrals]
    about = or_(CaseAccess.case_id == case_id, *(CaseAccess.referral_ids.contains([one]) for one in ids))
    query = select(CaseAccess).where(about).order_by(CaseAccess.given_at.desc(), CaseAccess.access_id.desc())
    return (await tx.scalars(query)).all()


async def get_access_to_change(tx: AsyncSession, access_id: AccessId) -> CaseAccess:
    """Return who was let in, held until the transaction ends; raise NotFound if there is none."""
    found = await tx.get(CaseAccess, access_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def page_of_emergencies(
    tx: AsyncSession, *, looked_at: bool | None, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[CaseAccess]:
    """Return one more than `limit` openings in an emergency, the oldest first."""
    place = (CaseAccess.given_at, CaseAccess.access_id)
    query = select(CaseAccess).where(CaseAccess.kind == "emergency").order_by(*place)
    if looked_at is not None:
        query = query.where(
            CaseAccess.looked_at.is_not(None) if looked_at else CaseAccess.looked_at.is_(None)
        )
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return (await tx.scalars(query.limit(limit + 1))).all()


async def count_emergencies(tx: AsyncSession, staff_id: StaffId, *, to: datetime, within: timedelta) -> int:
    """Return how often somebody opened a case in an emergency in the time up to `to`, it included."""
    query = select(func.count()).where(
        CaseAccess.kind == "emergency",
        CaseAccess.staff_id == staff_id,
        CaseAccess.given_at > to - within,
        CaseAccess.given_at <= to,
    )
    return await tx.scalar(query) or 0


def _standing(now: datetime) -> tuple[Any, ...]:
    return (
        CaseAccess.ended_at.is_(None),
        or_(CaseAccess.expires_at.is_(None), CaseAccess.expires_at > now),
    )
