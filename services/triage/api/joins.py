"""Joins over HTTP: which cases stand beside another, a referral that joins one, and undoing it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.triage.actions.contacts import joining, looking_beside
from services.triage.actions.contacts.joining import Joining, LinksAsked, Undoing
from services.triage.actions.contacts.links import get_referral_links, list_links_or_say_why
from services.triage.actions.contacts.looking_beside import Beside
from services.triage.api.parts import Config
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from shared.platform.auth import Caller
from shared.platform.database import transaction
from shared.platform.headers import IfMatch
from shared.platform.openapi import headers, json_body, problems
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.platform.web import etag
from shared.schemas.ids import CaseId, JoinId
from shared.schemas.joining import CasesBeside, JoinForm, JoinMade, UndoJoinForm
from shared.schemas.words import Role

router = APIRouter(tags=["Joins"])

Watcher = Annotated[Caller, permit(roles=DECIDERS)]
Joiner = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
JoinBody = Annotated[JoinForm, json_body(JoinForm)]
UndoBody = Annotated[UndoJoinForm, json_body(UndoJoinForm)]

_STANDS_NOW = {"ETag": "The version that stands now, of the case that was named."}


async def _find_beside(request: Request, watcher: Watcher, case_id: PathId) -> Beside:
    """Ask intake whom the people of a case are linked to, with no transaction open."""
    async with transaction(request.app.state.sessions, watcher.subject) as tx:
        referral_ids = await looking_beside.list_referrals(tx, CaseId(case_id))
    return Beside(*await list_links_or_say_why(request.app.state.intake, referral_ids))


async def _ask_links(
    request: Request, _joiner: Joiner, _version: IfMatch, form: JoinBody, now: Now
) -> LinksAsked:
    """Ask intake whom the people of the referral are linked to, before the transaction opens."""
    return LinksAsked(await get_referral_links(request.app.state.intake, form.referral_id), now)


@router.get("/v1/cases/{case_id}/beside", response_model=CasesBeside)
async def get_beside(
    watcher: Watcher, case_id: PathId, found: Annotated[Beside, Depends(_find_beside)], tx: Tx, now: Now
) -> CasesBeside:
    """Read which other cases the people of this one stand in, or may stand in.

    `searched` says whether everything was looked at: no other case is not the same as not searched.
    """
    return await looking_beside.list_beside(tx, CaseId(case_id), found, watcher, now=now)


@router.post(
    "/v1/cases/{case_id}/joins",
    status_code=201,
    response_model=JoinMade,
    responses=problems(409, 412, 428, 503) | {201: headers(_STANDS_NOW)},
)
async def post_join(
    joiner: Joiner,
    case_id: PathId,
    version: IfMatch,
    form: JoinBody,
    asked: Annotated[LinksAsked, Depends(_ask_links)],
    tx: Tx,
    now: Now,
    config: Config,
    response: Response,
) -> JoinMade:
    """Let a referral join this case, where a person has confirmed that somebody in it stands in both.

    It keeps its clock, and its sender its own answer. `If-Match` names the version of this case.
    """
    wanted = Joining(CaseId(case_id), form.referral_id, form.reason, version)
    made = await joining.join_referral(tx, wanted, asked, joiner, now=now, times=config.times)
    response.headers["ETag"] = etag(made.version)
    return made


@router.post(
    "/v1/joins/{join_id}/undo",
    response_model=JoinMade,
    responses=problems(409, 412, 428) | {200: headers(_STANDS_NOW)},
)
async def post_undo(
    joiner: Joiner,
    join_id: PathId,
    version: IfMatch,
    form: UndoBody,
    tx: Tx,
    now: Now,
    config: Config,
    response: Response,
) -> JoinMade:
    """Undo a join: the referral goes back to its own case, with all that belongs to it.

    `If-Match` names the version of the case that it is in; `version` and `ETag` are of that case too.
    """
    wanted = Undoing(JoinId(join_id), form.reason, version)
    made = await joining.undo_join(tx, wanted, joiner, now=now, times=config.times)
    response.headers["ETag"] = etag(made.version)
    return made
