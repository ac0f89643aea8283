"""Queries for discussions, their records and their actions."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Exists, Select, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.triage.models import (
    CaseChild,
    Discussion,
    DiscussionAction,
    DiscussionChild,
    DiscussionIssue,
    DiscussionMark,
    DiscussionVersion,
    Grade,
    InformationRequest,
)
from shared.platform.json import dump
from shared.problems import NotFound
from shared.schemas.discussions import DiscussionRecord
from shared.schemas.ids import AgencyId, CaseId, ChildId, DiscussionActionId, DiscussionId


@dataclass(frozen=True, slots=True)
class ActionTold:
    """An action and what was said of it, the oldest first."""

    action: DiscussionAction
    marks: Sequence[DiscussionMark]

    @property
    def is_done(self) -> bool:
        """What the newest word on it says."""
        return bool(self.marks) and self.marks[-1].done


@dataclass(frozen=True, slots=True)
class WholeDiscussion:
    """A discussion with all that belongs to it."""

    discussion: Discussion
    child_ids: Sequence[ChildId]
    #: Every version of its record, the oldest first; there is always one.
    versions: Sequence[DiscussionVersion]
    actions: Sequence[ActionTold]
    issues: Sequence[DiscussionIssue]

    @property
    def record(self) -> DiscussionRecord:
        """The record as it stands."""
        return record_of(self.versions[-1])

    def record_at(self, number: int | None) -> DiscussionRecord:
        """Return the record as a version of it says, or as it stands; raise NotFound if there is no such."""
        if number is None:
            return self.record
        found = next((each for each in self.versions if each.number == number), None)
        if found is None:
            raise NotFound
        return record_of(found)


def record_of(version: DiscussionVersion) -> DiscussionRecord:
    """Return the record that a version holds."""
    return DiscussionRecord.model_validate_json(dump(version.document))


async def get_to_change(tx: AsyncSession, discussion_id: DiscussionId) -> Discussion:
    """Return a discussion, held until the transaction ends; raise NotFound if there is none."""
    query = select(Discussion).where(Discussion.discussion_id == discussion_id).with_for_update()
    found = (await tx.scalars(query)).first()
    if found is None:
        raise NotFound
    return found


async def get_whole(tx: AsyncSession, discussion_id: DiscussionId) -> WholeDiscussion:
    """Return a discussion with all that belongs to it; raise NotFound if there is none."""
    found = await list_whole(tx, [discussion_id])
    if not found:
        raise NotFound
    return found[0]


async def list_whole(tx: AsyncSession, ids: Collection[DiscussionId]) -> list[WholeDiscussion]:
    """Return these discussions with all that belongs to them, the first called first."""
    query = select(Discussion).where(Discussion.discussion_id.in_(ids))
    found = (await tx.scalars(query.order_by(Discussion.called_at, Discussion.discussion_id))).all()
    if not found:
        return []
    of = await tx.scalars(
        select(DiscussionChild)
        .where(DiscussionChild.discussion_id.in_(ids))
        .order_by(DiscussionChild.child_id)
    )
    children = of.all()
    numbered = select(DiscussionVersion).where(DiscussionVersion.discussion_id.in_(ids))
    versions = (await tx.scalars(numbered.order_by(DiscussionVersion.number))).all()
    issued = select(DiscussionIssue).where(DiscussionIssue.discussion_id.in_(ids))
    issues = (await tx.scalars(issued.order_by(DiscussionIssue.issued_at, DiscussionIssue.issue_id))).all()
    actions = await list_actions_of(tx, ids)
    return [
        WholeDiscussion(
            one,
            [row.child_id for row in children if row.discussion_id == one.discussion_id],
            [row for row in versions if row.discussion_id == one.discussion_id],
            [row for row in actions if row.action.discussion_id == one.discussion_id],
            [row for row in issues if row.discussion_id == one.discussion_id],
        )
        for one in found
    ]


async def list_ids_about(tx: AsyncSession, child_ids: Collection[ChildId]) -> Sequence[DiscussionId]:
    """Return the discussions about any of these children."""
    about = select(DiscussionChild.discussion_id).where(DiscussionChild.child_id.in_(child_ids))
    return (await tx.scalars(about.distinct())).all()


async def page_of_case(
    tx: AsyncSession, case_id: CaseId, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[DiscussionId]:
    """Return one more than `limit` discussions about children that are in a case now, the oldest first."""
    here = (
        select(DiscussionChild.discussion_id)
        .join(CaseChild, CaseChild.child_id == DiscussionChild.child_id)
        .where(CaseChild.case_id == case_id)
    )
    query = select(Discussion.discussion_id).where(Discussion.discussion_id.in_(here))
    return (await tx.scalars(_page(query, after, limit))).all()


async def page_of_agency(
    tx: AsyncSession, agency_id: AgencyId, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[DiscussionId]:
    """Return one more than `limit` discussions that an agency is on the list of now, the oldest first."""
    query = select(Discussion.discussion_id).where(Discussion.agency_ids.contains([agency_id]))
    return (await tx.scalars(_page(query, after, limit))).all()


def _page(
    query: Select[DiscussionId], after: tuple[datetime, UUID] | None, limit: int
) -> Select[DiscussionId]:
    place = tuple_(Discussion.called_at, Discussion.discussion_id)
    if after is not None:
        query = query.where(place > after)
    return query.order_by(Discussion.called_at, Discussion.discussion_id).limit(limit + 1)


async def list_actions_of(tx: AsyncSession, ids: Collection[DiscussionId]) -> list[ActionTold]:
    """Return the actions of these discussions, the soonest due first."""
    query = select(DiscussionAction).where(DiscussionAction.discussion_id.in_(ids))
    ordered = query.order_by(DiscussionAction.due_on, DiscussionAction.action_id)
    return await _with_marks(tx, (await tx.scalars(ordered)).all())


@dataclass(frozen=True, slots=True)
class ActionsWanted:
    """Which actions are listed.

    Attributes:
        is_open: only those not done; False: only those done; None: all.
        agency_id: only those that fall to it; None: everyone's.
        owner: only those of whoever is called so; None: everyone's.
    """

    is_open: bool | None
    agency_id: AgencyId | None
    owner: str | None
    after: tuple[date, UUID] | None
    limit: int
    #: Cases that are left out, with what was discussed of their children: closed to the reader.
    without: Collection[CaseId] = ()


async def page_of_actions(tx: AsyncSession, wanted: ActionsWanted) -> list[ActionTold]:
    """Return one more than `limit` actions, the soonest due first."""
    query = select(DiscussionAction)
    if wanted.without:
        query = query.where(DiscussionAction.discussion_id.not_in(_ids_about_cases(wanted.without)))
    if wanted.agency_id is not None:
        query = query.where(DiscussionAction.agency_id == wanted.agency_id)
    if wanted.owner is not None:
        query = query.where(func.lower(DiscussionAction.owner) == wanted.owner.lower())
    if wanted.is_open is not None:
        query = query.where(~_done() if wanted.is_open else _done())
    if wanted.after is not None:
        query = query.where(tuple_(DiscussionAction.due_on, DiscussionAction.action_id) > wanted.after)
    ordered = query.order_by(DiscussionAction.due_on, DiscussionAction.action_id).limit(wanted.limit + 1)
    return await _with_marks(tx, (await tx.scalars(ordered)).all())


def _ids_about_cases(case_ids: Collection[CaseId]) -> Select[DiscussionId]:
    """Return the query for discussions that were called in these cases, or are about children of them."""
    about = select(DiscussionChild.discussion_id).join(
        CaseChild, CaseChild.child_id == DiscussionChild.child_id
    )
    called = select(Discussion.discussion_id).where(Discussion.case_id.in_(case_ids))
    return select(called.union(about.where(CaseChild.case_id.in_(case_ids))).subquery().c.discussion_id)


async def list_ids_about_cases(tx: AsyncSession, case_ids: Collection[CaseId]) -> set[DiscussionId]:
    """Return the discussions that were called in these cases, or are about children of them."""
    return set((await tx.scalars(_ids_about_cases(case_ids))).all())


def _done() -> Exists:
    later = aliased(DiscussionMark)
    newer = exists().where(later.action_id == DiscussionMark.action_id, later.number > DiscussionMark.number)
    mine = DiscussionMark.action_id == DiscussionAction.action_id
    return exists().where(mine, DiscussionMark.done, ~newer)


async def get_action_to_change(tx: AsyncSession, action_id: DiscussionActionId) -> DiscussionAction:
    """Return an action, held until the transaction ends; raise NotFound if there is none."""
    query = select(DiscussionAction).where(DiscussionAction.action_id == action_id).with_for_update()
    found = (await tx.scalars(query)).first()
    if found is None:
        raise NotFound
    return found


async def get_action(tx: AsyncSession, action: DiscussionAction) -> ActionTold:
    """Return an action with what was said of it."""
    return (await _with_marks(tx, [action]))[0]


async def _with_marks(tx: AsyncSession, actions: Sequence[DiscussionAction]) -> list[ActionTold]:
    ids = [action.action_id for action in actions]
    query = select(DiscussionMark).where(DiscussionMark.action_id.in_(ids)).order_by(DiscussionMark.number)
    marks = (await tx.scalars(query)).all() if ids else []
    return [
        ActionTold(action, [mark for mark in marks if mark.action_id == action.action_id])
        for action in actions
    ]


async def list_children(tx: AsyncSession, child_ids: Collection[ChildId]) -> Sequence[CaseChild]:
    """Return these children, wherever they are considered now."""
    query = select(CaseChild).where(CaseChild.child_id.in_(child_ids)).order_by(CaseChild.child_id)
    return (await tx.scalars(query)).all()


async def list_as_one(tx: AsyncSession, children: Iterable[CaseChild]) -> Sequence[CaseChild]:
    """Return everyone in their cases who is one child with any of these, themselves included."""
    first = {child.same_child_as or child.child_id for child in children}
    cases = {child.case_id for child in children}
    query = select(CaseChild).where(
        CaseChild.case_id.in_(cases), func.coalesce(CaseChild.same_child_as, CaseChild.child_id).in_(first)
    )
    return (await tx.scalars(query.order_by(CaseChild.child_id))).all()


async def list_answers(
    tx: AsyncSession, child_ids: Collection[ChildId], until: datetime | None
) -> Sequence[InformationRequest]:
    """Return what was answered about these children, the oldest first; `until` leaves out what came later."""
    query = select(InformationRequest).where(
        InformationRequest.child_id.in_(child_ids), InformationRequest.answered_at.is_not(None)
    )
    if until is not None:
        query = query.where(InformationRequest.answered_at <= until)
    ordered = query.order_by(InformationRequest.answered_at, InformationRequest.request_id)
    return (await tx.scalars(ordered)).all()


async def list_grades(tx: AsyncSession, child_ids: Collection[ChildId]) -> Sequence[Grade]:
    """Return every grade of these children, oldest first."""
    query = select(Grade).where(Grade.child_id.in_(child_ids)).order_by(Grade.graded_at, Grade.grade_id)
    return (await tx.scalars(query)).all()
