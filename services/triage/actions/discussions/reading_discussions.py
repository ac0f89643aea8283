"""Show discussions to those who decide, and to those invited their own part; every look is accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.discussions.discussing import show
from services.triage.actions.showing.restricted import list_closed
from services.triage.evidence.discussed import Agreed, Owed, Talked, discussion_owed, views_missing
from services.triage.models import CaseChild
from services.triage.sight import DECIDERS, sight_of
from services.triage.store import cases, discussions, relations
from services.triage.store.discussions import WholeDiscussion
from services.triage.views.cases import referrals_of, sees_grades
from services.triage.views.discussions import discussion_view, owed_view
from services.triage.views.packs import PackOf, invitation_view, pack_view
from shared.clock import london_date
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.discussions import Attendee, AttendeePart, DiscussionKind, DiscussionView
from shared.schemas.ids import AgencyId, AttendeeId, CaseId, ChildId, DiscussionId
from shared.schemas.invitations import Invitation, OwedView, Pack
from shared.schemas.policy import RecommendationView
from shared.schemas.words import Pathway, Rag, Role


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list is asked for: so many after a place."""

    after: tuple[datetime, UUID] | None
    limit: int


async def list_of_case(
    tx: AsyncSession,
    case_id: CaseId,
    reader: Caller,
    agreed: Agreed,
    part: Part,
    *,
    now: datetime,
) -> tuple[list[DiscussionView], bool, list[OwedView]]:
    """Return a part of the discussions about a case's children, whether there are more, and what is owed.

    Raises:
        NotFound: there is no such case.
    """
    if await relations.find_case(tx, case_id) is None:
        raise NotFound
    found = await discussions.page_of_case(tx, case_id, after=part.after, limit=part.limit)
    wholes = await discussions.list_whole(tx, found[: part.limit])
    closed = (await list_closed(tx, reader, now=now)).cases
    if closed:
        # Of a child that a join brought here and its undoing took away again.
        kept_back = await discussions.list_ids_about_cases(tx, closed)
        wholes = [whole for whole in wholes if whole.discussion.discussion_id not in kept_back]
    views = [await show(tx, whole, agreed, now=now) for whole in wholes]
    owed = await _owed_in(tx, case_id)
    children = [child_id for view in views for child_id in view.child_ids]
    subjects = [case_id, *(view.discussion_id for view in views), *children]
    subjects += [each.child_id for each in owed]
    await LEDGER.record(tx, reader, "discussions.listed", at=now, subjects=list(dict.fromkeys(subjects)))
    return views, len(found) > part.limit, owed


async def _owed_in(tx: AsyncSession, case_id: CaseId) -> list[OwedView]:
    children = await cases.list_children(tx, case_id)
    firsts = {child.same_child_as or child.child_id for child in children}
    first = [child for child in children if child.child_id in firsts]
    return [owed_view(child.child_id, owed) for child in first for owed in await find_owed(tx, child)]


async def find_owed(tx: AsyncSession, child: CaseChild) -> tuple[Owed, ...]:
    """Return the discussions that a child is owed, from all that was said of it under any of its ids."""
    group = await cases.list_group(tx, child)
    ids = [one.child_id for one in group]
    recommended = (
        RecommendationView.model_validate((await cases.get_recommendation(tx, child)).view)
        if child.recommendation_id
        else None
    )
    arrived = [(await cases.get_contact(tx, one.referral_id)).received_at for one in group]
    graded = await discussions.list_grades(tx, ids)
    return discussion_owed(recommended, await list_talked(tx, ids), graded, heard_at=max(arrived))


async def find_views_missing(
    tx: AsyncSession, child: CaseChild, decided: tuple[int, Pathway, Rag]
) -> tuple[AgencyId, ...]:
    """Return the agencies whose 5 such a decision would lower without their view on record."""
    ids = [one.child_id for one in await cases.list_group(tx, child)]
    return views_missing(decided, await discussions.list_grades(tx, ids), await list_talked(tx, ids))


async def list_talked(tx: AsyncSession, child_ids: Sequence[ChildId]) -> list[Talked]:
    """Return the discussions about any of these ids of a child, as rules see them."""
    found = await discussions.list_whole(tx, await discussions.list_ids_about(tx, child_ids))
    return [_talked(whole) for whole in found]


def _talked(whole: WholeDiscussion) -> Talked:
    one = whole.discussion
    return Talked(
        discussion_id=one.discussion_id,
        kind=DiscussionKind(one.kind),
        child_ids=frozenset(whole.child_ids),
        called_at=one.called_at,
        concluded_at=one.concluded_at,
        called_off=one.called_off_at is not None,
        quorum_met=one.quorum_met,
        views_of=frozenset(each.agency_id for each in whole.record.grading_agency_views),
    )


async def read(
    tx: AsyncSession,
    discussion_id: DiscussionId,
    reader: Caller,
    agreed: Agreed,
    *,
    number: int | None,
    now: datetime,
) -> DiscussionView:
    """Return a discussion; raise NotFound if there is none, or no such version of its record."""
    whole = await discussions.get_whole(tx, discussion_id)
    children = {child.child_id: child for child in await discussions.list_children(tx, whole.child_ids)}
    view = discussion_view(whole, children, agreed, today=london_date(now), number=number)
    subjects = [discussion_id, view.case_id, *view.child_ids]
    await LEDGER.record(tx, reader, "discussion.read", at=now, subjects=subjects)
    return view


async def list_invitations(
    tx: AsyncSession, reader: Caller, part: Part, *, now: datetime
) -> tuple[list[Invitation], bool]:
    """Return the discussions that the reader's agency is invited to, the oldest first."""
    agency_id = reader.own_agency()
    found = await discussions.page_of_agency(tx, agency_id, after=part.after, limit=part.limit)
    shown = [
        invitation_view(whole, await discussions.list_children(tx, whole.child_ids), agency_id)
        for whole in await discussions.list_whole(tx, found[: part.limit])
    ]
    subjects = [each for one in shown for each in (one.discussion_id, *(of.child_id for of in one.children))]
    await LEDGER.record(tx, reader, "invitations.listed", at=now, subjects=list(dict.fromkeys(subjects)))
    return shown, len(found) > part.limit


async def read_pack(
    tx: AsyncSession, discussion_id: DiscussionId, attendee_id: AttendeeId, reader: Caller, *, now: datetime
) -> Pack:
    """Return what an attendee may read: to those who decide anyone's pack, to an agency its own.

    What was answered after a discussion ended is not of it, and one that is called off shows nothing.

    Raises:
        NotFound: no such discussion or attendee, or the reader's agency is not the attendee's.
    """
    whole = await discussions.get_whole(tx, discussion_id)
    attendee = next((one for one in whole.record.attendees if one.attendee_id == attendee_id), None)
    decides = bool(reader.roles & DECIDERS)
    if attendee is None or not (decides or _is_own(attendee, reader)):
        raise NotFound
    children = await discussions.list_children(tx, whole.child_ids)
    if not decides and attendee.part is AttendeePart.HUB_MANAGER:
        # What the hub keeps to itself goes to its own people, whatever part an agency's was written down for.
        attendee = attendee.model_copy(update={"part": AttendeePart.PROFESSIONAL})
    one = whole.discussion
    told = await discussions.list_as_one(tx, children) if one.called_off_at is None else []
    answers = await discussions.list_answers(tx, [each.child_id for each in told], one.concluded_at)
    is_blind = attendee.agency_id is not None and await _is_blind(tx, children, attendee.agency_id)
    pack = pack_view(whole, children, answers, PackOf(attendee, is_blind, decides))
    read_of = [answer.request_id for answer in pack.answers]
    subjects = [discussion_id, one.case_id, *whole.child_ids, *read_of]
    await LEDGER.record(tx, reader, "pack.read", at=now, subjects=subjects)
    return pack


def _is_own(attendee: Attendee, reader: Caller) -> bool:
    return attendee.agency_id is not None and attendee.agency_id == reader.agency_id


async def _is_blind(tx: AsyncSession, children: Sequence[CaseChild], agency_id: AgencyId) -> bool:
    """Say whether an agency has yet to grade one of these children: nothing may tell it of others' grades."""
    sight = sight_of(frozenset({Role.AGENCY_REPRESENTATIVE}), agency_id)
    wholes = await cases.get_whole_cases(tx, list({child.case_id for child in children}))
    of = {whole.case.case_id: whole for whole in wholes}
    return not all(
        referrals_of(of[child.case_id], sight) and sees_grades(of[child.case_id], child, sight)
        for child in children
    )
