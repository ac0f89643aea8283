"""Drafts over HTTP: what a member of staff has typed so far, for them alone."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.triage.actions.day import drafting
from services.triage.actions.day.drafting import DraftPlace
from services.triage.api.parts import Config
from services.triage.api.permits import permit
from shared.platform.auth import Caller
from shared.platform.openapi import json_body
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.holding import DraftForm, DraftName, DraftView
from shared.schemas.words import Role

router = APIRouter(tags=["Drafts"])

Writer = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER, Role.AGENCY_REPRESENTATIVE})]
Name = Annotated[DraftName, Path(description="Which form it is of.")]
DraftBody = Annotated[DraftForm, json_body(DraftForm)]

_PATH = "/v1/drafts/{form_name}/{subject_id}"


@router.put(_PATH, response_model=DraftView)
async def put_draft(
    writer: Writer,
    form_name: Name,
    subject_id: PathId,
    form: DraftBody,
    tx: Tx,
    now: Now,
    config: Config,
) -> DraftView:
    """Keep what you have typed so far, in the place of what was kept before. Nobody else reads it."""
    return await drafting.keep(
        tx, DraftPlace(form_name, subject_id), form, writer, now=now, kept=config.draft_kept
    )


@router.get(_PATH, response_model=DraftView)
async def get_draft(writer: Writer, form_name: Name, subject_id: PathId, tx: Tx, now: Now) -> DraftView:
    """Read your own draft."""
    return await drafting.read(tx, DraftPlace(form_name, subject_id), writer, now=now)


@router.delete(_PATH, status_code=204)
async def delete_draft(writer: Writer, form_name: Name, subject_id: PathId, tx: Tx, now: Now) -> None:
    """Delete your own draft."""
    await drafting.forget(tx, DraftPlace(form_name, subject_id), writer, now=now)
