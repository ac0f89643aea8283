"""Discussions over HTTP: deciders call and record them, invited agencies see their own part."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from services.triage.actions.agencies import following_up
from services.triage.actions.discussions import discussing, reading_discussions
from services.triage.actions.discussions.discussing import Step
from services.triage.actions.discussions.reading_discussions import Part
from services.triage.api.parts import Config, agreed_in
from services.triage.api.permits import permit
from services.triage.settings import Settings
from services.triage.sight import DECIDERS
from services.triage.store.discussions import WholeDiscussion
from shared.platform.auth import Caller
from shared.platform.headers import IfMatch
from shared.platform.openapi import headers, json_body, problems
from shared.platform.paging import BadCursor, Cursor, Limit, make_page, read_cursor, read_time_and_id
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.platform.web import etag
from shared.schemas.discussion_actions import ActionMarkForm, DiscussionActionForm, DiscussionActionView
from shared.schemas.discussions import (
    CallingOffForm,
    ConclusionForm,
    DiscussionForm,
    DiscussionView,
    IssueForm,
    RecordForm,
)
from shared.schemas.ids import AgencyId, AttendeeId, CaseId, DiscussionActionId, DiscussionId
from shared.schemas.invitations import CaseDiscussions, Invitation, Pack
from shared.schemas.shapes import Page
from shared.schemas.words import Role, Sector

router = APIRouter(tags=["Discussions"])

Reader = Annotated[Caller, permit(roles=DECIDERS)]
Leader = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
Invited = Annotated[Caller, permit(roles={Role.AGENCY_REPRESENTATIVE})]
Watcher = Annotated[Caller, permit(roles=DECIDERS | {Role.AGENCY_REPRESENTATIVE})]
Doer = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER, Role.AGENCY_REPRESENTATIVE})]

CallBody = Annotated[DiscussionForm, json_body(DiscussionForm)]
RecordBody = Annotated[RecordForm, json_body(RecordForm)]
ConclusionBody = Annotated[ConclusionForm, json_body(ConclusionForm)]
CallingOffBody = Annotated[CallingOffForm, json_body(CallingOffForm)]
IssueBody = Annotated[IssueForm, json_body(IssueForm)]
ActionBody = Annotated[DiscussionActionForm, json_body(DiscussionActionForm)]
MarkBody = Annotated[ActionMarkForm, json_body(ActionMarkForm)]
_STEPS = problems(409, 412, 428) | {200: headers({"ETag": "The version that stands now."})}


async def _sectors(request: Request, _leader: Leader) -> Mapping[AgencyId, Sector]:
    """Ask access which agencies there are and what each counts for, before the transaction opens."""
    sectors: Mapping[AgencyId, Sector] = await request.app.state.agencies.sectors()
    return sectors


Sectors = Annotated[Mapping[AgencyId, Sector], Depends(_sectors)]


async def _step(by: Leader, now: Now, version: IfMatch, config: Config) -> Step:
    return Step(by, now, version, agreed_in(config))


InStep = Annotated[Step, Depends(_step)]


async def _shown(
    tx: Tx, whole: WholeDiscussion, config: Settings, now: Now, response: Response
) -> DiscussionView:
    response.headers["ETag"] = etag(whole.discussion.version)
    return await discussing.show(tx, whole, agreed_in(config), now=now)


@router.post(
    "/v1/cases/{case_id}/discussions",
    status_code=201,
    response_model=DiscussionView,
    responses={201: headers({"ETag": "The version of the discussion."})},
)
async def post_discussion(
    leader: Leader,
    case_id: PathId,
    form: CallBody,
    sectors: Sectors,
    tx: Tx,
    now: Now,
    config: Config,
    response: Response,
) -> DiscussionView:
    """Call a strategy, multi-agency or threshold discussion about one or more children of a case."""
    whole = await discussing.call(tx, CaseId(case_id), form, leader, sectors, now=now)
    return await _shown(tx, whole, config, now, response)


@router.get("/v1/cases/{case_id}/discussions", response_model=CaseDiscussions)
async def list_case_discussions(
    reader: Reader,
    case_id: PathId,
    tx: Tx,
    now: Now,
    config: Config,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CaseDiscussions:
    """List the discussions about the children of a case, the oldest first, and those that are still owed."""
    name = f"discussions of {case_id}"
    part = Part(read_time_and_id(name, cursor), limit)
    items, more, owed = await reading_discussions.list_of_case(
        tx, CaseId(case_id), reader, agreed_in(config), part, now=now
    )
    page = make_page(
        name, (items, more), cursor=cursor, place=lambda last: (last.called_at, last.discussion_id)
    )
    return CaseDiscussions(**dict(page), owed=owed)


@router.get("/v1/discussions", response_model=Page[Invitation])
async def list_discussions(
    invited: Invited, tx: Tx, now: Now, cursor: Cursor = None, limit: Limit = 50
) -> Page[Invitation]:
    """List the discussions that your agency is invited to, the oldest first."""
    name = f"invitations of {invited.agency_id}"
    part = Part(read_time_and_id(name, cursor), limit)
    found = await reading_discussions.list_invitations(tx, invited, part, now=now)
    return make_page(name, found, cursor=cursor, place=lambda last: (last.called_at, last.discussion_id))


@router.get(
    "/v1/discussions/{discussion_id}",
    response_model=DiscussionView,
    responses={200: headers({"ETag": "The version of the discussion."})},
)
async def get_discussion(
    reader: Reader,
    discussion_id: PathId,
    tx: Tx,
    now: Now,
    config: Config,
    response: Response,
    record_number: Annotated[
        int | None,
        Query(ge=1, le=100_000, description="An earlier version of the record; left out: the newest."),
    ] = None,
) -> DiscussionView:
    """Read a discussion: who was there, what was settled, who does what by when."""
    view = await reading_discussions.read(
        tx, DiscussionId(discussion_id), reader, agreed_in(config), number=record_number, now=now
    )
    response.headers["ETag"] = etag(view.version)
    return view


@router.post("/v1/discussions/{discussion_id}/record", response_model=DiscussionView, responses=_STEPS)
async def post_record(
    discussion_id: PathId,
    step: InStep,
    form: RecordBody,
    sectors: Sectors,
    tx: Tx,
    config: Config,
    response: Response,
) -> DiscussionView:
    """Record parts of a discussion: what is left out stays. Every version of the record is kept.

    Once it is concluded, minutes, the safety plan, visit, medical and conference can still be added.
    """
    whole = await discussing.record(tx, DiscussionId(discussion_id), form, step, sectors)
    return await _shown(tx, whole, config, step.now, response)


@router.post("/v1/discussions/{discussion_id}/conclusion", response_model=DiscussionView, responses=_STEPS)
async def post_conclusion(
    discussion_id: PathId, step: InStep, form: ConclusionBody, tx: Tx, config: Config, response: Response
) -> DiscussionView:
    """Conclude a discussion. Without a quorum it is recorded as such, and a later one is called for."""
    whole = await discussing.conclude(tx, DiscussionId(discussion_id), form, step)
    return await _shown(tx, whole, config, step.now, response)


@router.post("/v1/discussions/{discussion_id}/calling-off", response_model=DiscussionView, responses=_STEPS)
async def post_calling_off(
    discussion_id: PathId, step: InStep, form: CallingOffBody, tx: Tx, config: Config, response: Response
) -> DiscussionView:
    """Say that a discussion will not be held, and why. What called for it is still owed."""
    whole = await discussing.call_off(tx, DiscussionId(discussion_id), form, step)
    return await _shown(tx, whole, config, step.now, response)


@router.post("/v1/discussions/{discussion_id}/issues", response_model=DiscussionView, responses=_STEPS)
async def post_issue(
    discussion_id: PathId, step: InStep, form: IssueBody, tx: Tx, config: Config, response: Response
) -> DiscussionView:
    """Note who was given the minutes: those named, or everyone on the list who has not had them."""
    whole = await discussing.issue(tx, DiscussionId(discussion_id), form, step)
    return await _shown(tx, whole, config, step.now, response)


@router.get("/v1/discussions/{discussion_id}/pack", response_model=Pack)
async def get_pack(
    watcher: Watcher,
    discussion_id: PathId,
    tx: Tx,
    now: Now,
    attendee: Annotated[UUID, Query(description="Whose pack; for an agency, one of its own.")],
) -> Pack:
    """Read what an attendee may see: agencies' answers, as far as their owners let each travel.

    No grade, no recommendation and no address stands in it. An agency that has not graded is not told why the
    discussion was called either.
    """
    of = AttendeeId(attendee)
    return await reading_discussions.read_pack(tx, DiscussionId(discussion_id), of, watcher, now=now)


@router.post(
    "/v1/discussions/{discussion_id}/actions",
    status_code=201,
    response_model=DiscussionActionView,
    responses=problems(409),
)
async def post_action(
    leader: Leader, discussion_id: PathId, form: ActionBody, sectors: Sectors, tx: Tx, now: Now
) -> DiscussionActionView:
    """Add an action with its owner and its day. Nothing that anybody read changes, so no version is asked."""
    return await following_up.add_action(tx, DiscussionId(discussion_id), form, leader, sectors, now=now)


@router.get("/v1/discussion-actions", response_model=Page[DiscussionActionView])
async def list_discussion_actions(
    watcher: Watcher,
    tx: Tx,
    now: Now,
    is_open: Annotated[
        bool | None,
        Query(alias="open", description="Only those not done, or only those done; left out: all."),
    ] = None,
    mine: Annotated[bool, Query(description="Only those whose owner is called as you are.")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DiscussionActionView]:
    """List what discussions agreed, the soonest due first. An agency sees what falls to it."""
    name = f"actions {is_open} {mine} of {watcher.subject}"
    place = read_cursor(name, cursor, places=(str, UUID)) if cursor else None
    after = (_day(place[0]), place[1]) if place else None
    wanted = following_up.Wanted(is_open=is_open, mine=mine, after=after, limit=limit)
    found = await following_up.list_actions(tx, watcher, wanted, now=now)
    return make_page(name, found, cursor=cursor, place=lambda last: (last.due_on.isoformat(), last.action_id))


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise BadCursor from None


@router.post("/v1/discussion-actions/{action_id}/marks", response_model=DiscussionActionView)
async def post_action_mark(
    doer: Doer, action_id: PathId, form: MarkBody, tx: Tx, now: Now
) -> DiscussionActionView:
    """Say whether an action is done, with a note. An agency marks what falls to it; all words are kept."""
    return await following_up.mark_action(tx, DiscussionActionId(action_id), form, doer, now=now)
