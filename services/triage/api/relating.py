"""Related cases over HTTP: cases of several households side by side, for those who decide."""

from typing import Annotated

from fastapi import APIRouter

from services.triage.actions.contacts import relating
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from shared.platform.auth import Caller
from shared.platform.openapi import json_body, problems
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import CaseId, RelationId
from shared.schemas.relating import RelationForm, RelationView, UndoRelationForm
from shared.schemas.shapes import Page
from shared.schemas.words import Role

router = APIRouter(tags=["Related cases"])

Reader = Annotated[Caller, permit(roles=DECIDERS)]
Relater = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
RelationBody = Annotated[RelationForm, json_body(RelationForm)]
UndoBody = Annotated[UndoRelationForm, json_body(UndoRelationForm)]


@router.get("/v1/cases/{case_id}/related", response_model=Page[RelationView])
async def list_related(
    reader: Reader, case_id: PathId, tx: Tx, now: Now, cursor: Cursor = None, limit: Limit = 50
) -> Page[RelationView]:
    """List the cases that belong with one, the oldest relation first, those undone included.

    Of another household only references and dates are told.
    """
    list_name = f"related to {case_id}"
    after = read_time_and_id(list_name, cursor)
    found = await relating.list_related(tx, CaseId(case_id), reader, after=after, limit=limit, now=now)
    return make_page(list_name, found, cursor=cursor, place=lambda last: (last.made_at, last.relation_id))


@router.post(
    "/v1/cases/{case_id}/related", status_code=201, response_model=RelationView, responses=problems(409)
)
async def post_relation(
    relater: Relater, case_id: PathId, form: RelationBody, tx: Tx, now: Now
) -> RelationView:
    """Relate a case to one of another household. Nothing of either case changes, so no version is asked."""
    return await relating.relate(tx, CaseId(case_id), form, relater, now=now)


@router.post("/v1/relations/{relation_id}/undo", response_model=RelationView, responses=problems(409))
async def post_relation_undo(
    relater: Relater, relation_id: PathId, form: UndoBody, tx: Tx, now: Now
) -> RelationView:
    """Undo a relation, and say why. It stays in the history of both cases."""
    return await relating.undo(tx, RelationId(relation_id), form, relater, now=now)
