"""Outcomes over HTTP: what an agency was told, read as often as it likes, confirmed once."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.notifications.actions import outcomes
from services.notifications.api.permits import permit
from services.notifications.rules import SEES_ALL
from shared.platform.auth import Caller
from shared.platform.openapi import json_body
from shared.platform.paging import Cursor, Limit
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import EventId
from shared.schemas.outcomes import Acknowledgement, AcknowledgementForm, Outcome
from shared.schemas.shapes import Page
from shared.schemas.text import Code
from shared.schemas.words import Role, Scope

router = APIRouter(tags=["Outcomes"])

Reader = Annotated[Caller, permit(scope=Scope.OUTCOME_READ, roles=SEES_ALL | {Role.AGENCY_REPRESENTATIVE})]
System = Annotated[Caller, permit(scope=Scope.OUTCOME_READ)]
About = Annotated[
    Code | None, Query(description="Only about one referral: the hub's reference, or your own for it.")
]


@router.get("/v1/outcomes", response_model=Page[Outcome])
async def list_outcomes(
    reader: Reader, tx: Tx, now: Now, reference: About = None, after: Cursor = None, limit: Limit = 100
) -> Page[Outcome]:
    """Read what your agency was told, in the order it was told: your feed.

    Keep `next_cursor` and pass it as `after` next time; an empty page gives it back. Nothing leaves the
    feed, so an old cursor reads everything since again. Staff of the hub name the referral they ask about.
    """
    return await outcomes.list_outcomes(tx, reader, reference, after=after, limit=limit, now=now)


@router.get("/v1/outcomes/{event_id}", response_model=Outcome)
async def get_outcome(reader: Reader, event_id: PathId, tx: Tx, now: Now) -> Outcome:
    """Read one outcome; a webhook names it."""
    return await outcomes.read_outcome(tx, reader, EventId(event_id), now=now)


@router.post("/v1/outcomes/{event_id}/acknowledgement", response_model=Acknowledgement)
async def post_acknowledgement(
    client: System,
    event_id: PathId,
    form: Annotated[AcknowledgementForm, json_body(AcknowledgementForm)],
    tx: Tx,
    now: Now,
) -> Acknowledgement:
    """Confirm that you recorded an outcome. The first confirmation stands; a second gets it back."""
    return await outcomes.acknowledge(tx, EventId(event_id), form, client, now=now)
