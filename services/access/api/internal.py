"""What access answers the other services."""

from typing import Annotated

from fastapi import APIRouter

from services.access.actions import directory, sessions
from services.access.actions.standing import still_stands
from services.access.api.forms import SentForm
from services.access.api.parts import OpenedParts
from shared.platform.auth import Caller, permit
from shared.platform.openapi import json_body
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.problems import NotAuthenticated
from shared.schemas.access import Agency, Colleague, LiveAnswer, Session, SessionForm, TokenAnswer
from shared.schemas.ids import AgencyId, SessionId, StaffId

router = APIRouter(prefix="/internal", include_in_schema=False)

AnyService = Annotated[Caller, permit(services={"intake", "triage", "notifications", "console"})]
Triage = Annotated[Caller, permit(services={"triage"})]
Console = Annotated[Caller, permit(services={"console"})]


@router.post("/introspect", response_model=LiveAnswer)
async def post_introspect(
    caller: AnyService, form: SentForm, parts: OpenedParts, tx: Tx, now: Now
) -> LiveAnswer:
    """Say whether the client or session behind a token still stands (RFC 7662)."""
    try:
        bearer = await parts.signer.read(form.get("token", ""))
    except NotAuthenticated:
        return LiveAnswer(active=False)
    if not await still_stands(tx, bearer, idle=parts.settings.session_idle_limit, now=now):
        return LiveAnswer(active=False)
    return LiveAnswer(active=True, sub=bearer.subject, sid=bearer.session_id)


@router.post("/sessions", response_model=Session)
async def post_session(
    caller: Console,
    sent: Annotated[SessionForm, json_body(SessionForm)],
    parts: OpenedParts,
    tx: Tx,
    now: Now,
) -> Session:
    """Swap the one-use code that the browser brought back for its session."""
    return await sessions.swap_code(tx, sent.code, idle=parts.settings.session_idle_limit, now=now)


@router.post("/sessions/{session_id}/token", response_model=TokenAnswer)
async def post_session_token(
    caller: Console, session_id: PathId, parts: OpenedParts, tx: Tx, now: Now
) -> TokenAnswer:
    """Get a token of five minutes for the person behind a session."""
    idle = parts.settings.session_idle_limit
    return await sessions.issue_staff_token(
        tx, SessionId(session_id), signer=parts.signer, idle=idle, now=now
    )


@router.delete("/sessions/{session_id}", status_code=204)
async def delete_session(caller: Console, session_id: PathId, tx: Tx, now: Now) -> None:
    """Sign out: end a session."""
    await sessions.end_session(tx, SessionId(session_id), now=now)


@router.get("/agencies/{agency_id}", response_model=Agency)
async def get_agency(caller: AnyService, agency_id: PathId, tx: Tx) -> Agency:
    """Get an agency by its id, also one that has left."""
    return await directory.get_agency(tx, AgencyId(agency_id))


@router.get("/deciders/{staff_id}", response_model=Colleague)
async def get_decider(caller: Triage, staff_id: PathId, tx: Tx, readers: bool = False) -> Colleague:
    """Say who a member of staff is, if they decide; with `readers`, or read cases; 404 for anybody else."""
    return await directory.get_decider(tx, StaffId(staff_id), readers=readers)
