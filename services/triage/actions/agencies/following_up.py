"""Keep what a discussion agreed that somebody does, and whether it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.discussions.attending import Sectors
from services.triage.actions.discussions.discussion_refusals import AgencyNotKnown, DiscussionOver
from services.triage.actions.showing.restricted import list_closed
from services.triage.models import DiscussionAction, DiscussionMark
from services.triage.sight import DECIDERS
from services.triage.store import discussions
from services.triage.store.discussions import ActionsWanted, ActionTold
from services.triage.views.discussions import action_view
from shared.clock import london_date
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.discussion_actions import ActionMarkForm, DiscussionActionForm, DiscussionActionView
from shared.schemas.ids import DiscussionActionId, DiscussionId, DiscussionMarkId, new_id


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actions a reader asks for: open ones, those of its own name."""

    is_open: bool | None
    mine: bool
    after: tuple[date, UUID] | None
    limit: int


async def add_action(
    tx: AsyncSession,
    discussion_id: DiscussionId,
    form: DiscussionActionForm,
    adder: Caller,
    sectors: Sectors,
    *,
    now: datetime,
) -> DiscussionActionView:
    """Add an action to a discussion, before or after it is concluded.

    Raises:
        NotFound: there is no such discussion.
        DiscussionOver: it is called off.
        AgencyNotKnown: there is no such agency.
    """
    held = await discussions.get_to_change(tx, discussion_id)
    if held.called_off_at is not None:
        raise DiscussionOver
    if form.agency_id is not None and form.agency_id not in sectors:
        raise AgencyNotKnown(["#/agency_id"])
    action = DiscussionAction(
        action_id=DiscussionActionId(new_id()),
        discussion_id=discussion_id,
        words=form.words,
        owner=form.owner.strip(),
        agency_id=form.agency_id,
        due_on=form.due_on,
        added_at=now,
        added_by=adder.name,
        added_by_id=adder.subject,
    )
    tx.add(action)
    await tx.flush()
    (view,) = await _views(tx, [ActionTold(action, [])], adder, now=now)
    subjects = [action.action_id, discussion_id, held.case_id]
    await LEDGER.record(tx, adder, "discussion_action.added", at=now, subjects=subjects)
    return view


async def mark_action(
    tx: AsyncSession, action_id: DiscussionActionId, form: ActionMarkForm, marker: Caller, *, now: datetime
) -> DiscussionActionView:
    """Say whether an action is done. Earlier words on it are kept; the same again writes nothing.

    Raises:
        NotFound: there is none, or it falls to another agency than the marker represents.
    """
    action = await discussions.get_action_to_change(tx, action_id)
    if not marker.roles & DECIDERS and action.agency_id != marker.own_agency():
        raise NotFound
    told = await discussions.get_action(tx, action)
    newest = told.marks[-1] if told.marks else None
    if newest is None or (newest.done, newest.note) != (form.done, form.note):
        mark = DiscussionMark(
            mark_id=DiscussionMarkId(new_id()),
            action_id=action_id,
            number=len(told.marks) + 1,
            done=form.done,
            note=form.note,
            marked_at=now,
            marked_by=marker.name,
            marked_by_id=marker.subject,
        )
        tx.add(mark)
        await tx.flush()
        told = ActionTold(action, [*told.marks, mark])
    (view,) = await _views(tx, [told], marker, now=now)
    subjects = [action_id, action.discussion_id]
    await LEDGER.record(
        tx, marker, "discussion_action.marked", at=now, subjects=subjects, facts={"done": form.done}
    )
    return view


async def list_actions(
    tx: AsyncSession, reader: Caller, wanted: Wanted, *, now: datetime
) -> tuple[list[DiscussionActionView], bool]:
    """Return actions, the soonest due first: to those who decide everyone's, to an agency its own."""
    sees_all = bool(reader.roles & DECIDERS)
    agency_id = reader.agency_id if sees_all else reader.own_agency()
    asked = ActionsWanted(
        is_open=wanted.is_open,
        agency_id=agency_id if wanted.mine or not sees_all else None,
        owner=reader.name if wanted.mine else None,
        after=wanted.after,
        limit=wanted.limit,
        without=(await list_closed(tx, reader, now=now)).cases,
    )
    found = await discussions.page_of_actions(tx, asked)
    views = await _views(tx, found[: wanted.limit], reader, now=now)
    subjects = [each for view in views for each in (view.action_id, view.discussion_id)]
    await LEDGER.record(
        tx, reader, "discussion_actions.listed", at=now, subjects=list(dict.fromkeys(subjects))
    )
    return views, len(found) > wanted.limit


async def _views(
    tx: AsyncSession, told: Sequence[ActionTold], reader: Caller, *, now: datetime
) -> list[DiscussionActionView]:
    ids = {each.action.discussion_id for each in told}
    wholes = {whole.discussion.discussion_id: whole for whole in await discussions.list_whole(tx, ids)}
    everyone = [child_id for whole in wholes.values() for child_id in whole.child_ids]
    children = {child.child_id: child for child in await discussions.list_children(tx, everyone)}
    shows_case = bool(reader.roles & DECIDERS)
    return [
        action_view(
            each,
            whole.discussion.case_id if shows_case else None,
            [children[child_id] for child_id in whole.child_ids],
            today=london_date(now),
        )
        for each in told
        for whole in [wholes[each.action.discussion_id]]
    ]
