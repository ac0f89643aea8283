"""The threshold policy over HTTP: read by deciders, put forward and approved by two managers, tried first."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.triage.actions.policies import publishing, replaying
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from services.triage.store.replays import Wanted
from shared.platform.auth import Caller
from shared.platform.database import transaction
from shared.platform.headers import IfMatch
from shared.platform.openapi import headers, json_body, problems
from shared.platform.paging import Cursor, Limit, make_page, read_cursor
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.platform.web import etag
from shared.schemas.ids import AgencyId, PolicyReplayId
from shared.schemas.policies import (
    Moved,
    PolicyApprovalForm,
    PolicyForm,
    PolicyLine,
    PolicyView,
    PolicyWithdrawalForm,
    ReplayedChild,
    ReplayForm,
    ReplayView,
    SubmissionView,
)
from shared.schemas.shapes import Page
from shared.schemas.words import Role

router = APIRouter(tags=["Threshold policy"])

Reader = Annotated[Caller, permit(roles=DECIDERS)]
Keeper = Annotated[Caller, permit(roles={Role.MANAGER})]
Version = Annotated[
    str, Path(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60, description="As in the policy's text.")
]
PolicyBody = Annotated[PolicyForm, json_body(PolicyForm)]
ApprovalBody = Annotated[PolicyApprovalForm, json_body(PolicyApprovalForm)]
WithdrawalBody = Annotated[PolicyWithdrawalForm, json_body(PolicyWithdrawalForm)]
ReplayBody = Annotated[ReplayForm, json_body(ReplayForm)]
Direction = Annotated[Moved | None, Query(description="`up` or `down`; left out: both.")]
Sender = Annotated[UUID | None, Query(description="Id of the agency that sent the contact.")]
Level = Annotated[int | None, Query(ge=0, le=4, description="Of the policy in force; 0: none.")]
Locality = Annotated[str | None, Query(max_length=60, description="Postcode district or town, as summed.")]

_ETAG: dict[int | str, dict[str, Any]] = {
    200: headers({"ETag": "The version of what was submitted, for the answer to it."})
}
_ETAG_MADE: dict[int | str, dict[str, Any]] = {201: headers({"ETag": "The version, for the answer to it."})}


async def _acceptable(_keeper: Keeper, form: PolicyBody) -> None:
    """Check the text before the transaction opens: it takes a second."""
    await publishing.require_acceptable(form.document)


async def _still_acceptable(request: Request, keeper: Keeper, version: Version, form: ApprovalBody) -> None:
    """Check the text again: the hub may have learnt more since it was submitted."""
    if not form.approved:
        return
    async with transaction(request.app.state.sessions, keeper.subject) as tx:
        text = await publishing.text_to_approve(tx, version)
    if text is not None:
        await publishing.require_acceptable(text)


@router.get("/v1/policies", response_model=Page[PolicyLine])
async def list_policies(reader: Reader, tx: Tx, now: Now) -> Page[PolicyLine]:
    """List every version of the threshold policy: in force, put forward, and past. There is one page."""
    lines = await publishing.list_policies(tx, reader, now=now)
    return Page(items=lines, next_cursor=None, has_more=False)


@router.get("/v1/policies/{version}", response_model=PolicyView, responses=_ETAG)
async def get_policy(reader: Reader, version: Version, tx: Tx, now: Now, response: Response) -> PolicyView:
    """Read a version as tables: levels, rules with their examples, and what no policy may go below."""
    view, row_version = await publishing.read_policy_view(tx, version, reader, now=now)
    if row_version:
        response.headers["ETag"] = etag(row_version)
    return view


@router.post(
    "/v1/policies",
    status_code=201,
    response_model=SubmissionView,
    dependencies=[Depends(_acceptable)],
    responses=problems(409) | _ETAG_MADE,
)
async def post_policy(
    keeper: Keeper, form: PolicyBody, tx: Tx, now: Now, response: Response
) -> SubmissionView:
    """Put a policy forward. A text with faults is refused; `errors` has one entry for each, with its line."""
    made = await publishing.submit_policy(tx, form, keeper, now=now)
    response.headers["ETag"] = etag(made.row_version)
    return made.view


@router.post(
    "/v1/policies/{version}/approval",
    response_model=SubmissionView,
    dependencies=[Depends(_still_acceptable)],
    responses=problems(409, 412, 428) | _ETAG,
)
async def post_policy_approval(
    keeper: Keeper,
    version: Version,
    row_version: IfMatch,
    form: ApprovalBody,
    tx: Tx,
    now: Now,
    response: Response,
) -> SubmissionView:
    """Approve a policy that another person submitted, which puts it in force, or refuse it.

    Your own is refused (403 `self_approval`). Children still to be decided are recommended for anew within
    minutes; decisions stay as they are.
    """
    made = await publishing.settle_policy(tx, version, form, keeper, row_version=row_version, now=now)
    response.headers["ETag"] = etag(made.row_version)
    return made.view


@router.post(
    "/v1/policies/{version}/withdrawal",
    response_model=SubmissionView,
    responses=problems(409, 412, 428) | _ETAG,
)
async def post_policy_withdrawal(
    keeper: Keeper,
    version: Version,
    row_version: IfMatch,
    form: WithdrawalBody,
    tx: Tx,
    now: Now,
    response: Response,
) -> SubmissionView:
    """Take back a policy that you submitted and nobody has answered yet."""
    made = await publishing.withdraw_policy(tx, version, form, keeper, row_version=row_version, now=now)
    response.headers["ETag"] = etag(made.row_version)
    return made.view


@router.post(
    "/v1/policies/{version}/replays", status_code=202, response_model=ReplayView, responses=problems(409)
)
async def post_policy_replay(
    keeper: Keeper, version: Version, form: ReplayBody, tx: Tx, now: Now
) -> ReplayView:
    """Try a policy over past children, against the one in force. Nothing changes for any of them."""
    return await replaying.start_replay(tx, version, form, keeper, now=now)


@router.get("/v1/policies/{version}/replays", response_model=Page[ReplayView])
async def list_policy_replays(keeper: Keeper, version: Version, tx: Tx, now: Now) -> Page[ReplayView]:
    """List the newest 20 replays of a version, the newest first."""
    found = await replaying.list_replays(tx, version, keeper, now=now)
    return Page(items=found, next_cursor=None, has_more=False)


@router.get("/v1/policy-replays/{replay_id}", response_model=ReplayView)
async def get_policy_replay(keeper: Keeper, replay_id: PathId, tx: Tx, now: Now) -> ReplayView:
    """Read how far a replay is, and who would move: by agency, by level and by locality."""
    return await replaying.read_replay(tx, PolicyReplayId(replay_id), keeper, now=now)


@router.get("/v1/policy-replays/{replay_id}/children", response_model=Page[ReplayedChild])
async def list_replayed_children(
    keeper: Keeper,
    replay_id: PathId,
    tx: Tx,
    now: Now,
    moved: Direction = None,
    agency: Sender = None,
    level: Level = None,
    locality: Locality = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReplayedChild]:
    """List the children who would move, by the case and the reference, in no order that says anything."""
    name = f"moved in {replay_id}"
    after = read_cursor(name, cursor, places=(UUID,))[0] if cursor else None
    wanted = Wanted(moved, AgencyId(agency) if agency else None, level, locality, after, limit)
    found = await replaying.list_moved(tx, PolicyReplayId(replay_id), keeper, wanted, now=now)
    return make_page(name, found, cursor=cursor, place=lambda last: (last.child_id,))
