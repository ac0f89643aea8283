"""Decisions over HTTP: a named person decides for one child, and a second one looks at what is lower."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.triage.actions.contacts import closing
from services.triage.actions.contacts.links import find_links_of
from services.triage.actions.decisions import deciding, looking_again
from services.triage.actions.decisions.deciding import Deciding
from services.triage.actions.decisions.looking_again import Looking
from services.triage.api.parts import Config
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from services.triage.store.cases import ChildPlace
from shared.platform.auth import Caller
from shared.platform.database import transaction
from shared.platform.headers import IfMatch
from shared.platform.openapi import headers, json_body, problems
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.platform.web import etag
from shared.schemas.decision_records import FramePart
from shared.schemas.decisions import ApprovalForm, DecisionForm, DecisionLooked, DecisionMade, DecisionOutcome
from shared.schemas.ids import CaseId, ChildId, DecisionId
from shared.schemas.shapes import Page
from shared.schemas.words import Pathway, Role

router = APIRouter(tags=["Decisions"])

#: Managers decide what needs one, and whatever else nobody should wait for.
Decider = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
SecondPerson = Annotated[Caller, permit(roles={Role.MANAGER})]
Reader = Annotated[Caller, permit(roles=DECIDERS)]
Answering = Annotated[Caller, permit(services={"notifications"})]

DecisionBody = Annotated[DecisionForm, json_body(DecisionForm)]
ApprovalBody = Annotated[ApprovalForm, json_body(ApprovalForm)]

_VERSION = {"ETag": "The version that stands now."}


async def _may_close(
    request: Request, decider: Decider, case_id: PathId, child_id: PathId, form: DecisionBody
) -> None:
    """Ask intake who the child is, before the transaction opens, where the hub's part would end with it."""
    place = ChildPlace(CaseId(case_id), ChildId(child_id))
    await _ask_who_it_is(request, decider, place, form.pathway)


async def _may_take_force(
    request: Request, looker: SecondPerson, decision_id: PathId, form: ApprovalBody
) -> None:
    """Ask the same before a decision comes into force: the question may have come up since it was made."""
    if not form.approved:
        return
    async with transaction(request.app.state.sessions, looker.subject) as tx:
        waiting = await looking_again.get_waiting(tx, DecisionId(decision_id))
    await _ask_who_it_is(request, looker, waiting.place, waiting.pathway)


async def _ask_who_it_is(request: Request, decider: Caller, place: ChildPlace, pathway: Pathway) -> None:
    if not closing.rests_on_links(pathway, decider):
        return
    async with transaction(request.app.state.sessions, decider.subject) as tx:
        same = await closing.list_same_child(tx, place)
    found = await find_links_of(request.app.state.intake, same)
    closing.require_may_close(found, pathway, decider)


@router.post(
    "/v1/cases/{case_id}/children/{child_id}/decisions",
    status_code=201,
    response_model=DecisionMade,
    dependencies=[Depends(_may_close)],
    responses=problems(409, 412, 428) | {201: headers(_VERSION)},
)
async def post_decision(
    decider: Decider,
    case_id: PathId,
    child_id: PathId,
    version: IfMatch,
    form: DecisionBody,
    tx: Tx,
    now: Now,
    config: Config,
    response: Response,
) -> DecisionMade:
    """Decide for one child. Everyone who referred the child is answered from what is in force.

    A decision for less than the policy recommends, for less urgency than its Red, or for no social care
    action where that is uncertain, is taken and waits for a second look (`standing: pending`); meanwhile what
    is recommended is in force.
    No advice and no universal services while a question who the child is waits (409 `possible_match_open`);
    some decisions are a manager's (409 `needs_second_decider`).
    """
    place = ChildPlace(CaseId(case_id), ChildId(child_id))
    wanted = Deciding(form, version, config.risk_frame, config.times)
    made = await deciding.decide(tx, place, wanted, decider, now=now)
    response.headers["ETag"] = etag(made.version)
    return made


@router.post(
    "/v1/decisions/{decision_id}/approval",
    response_model=DecisionLooked,
    dependencies=[Depends(_may_take_force)],
    responses=problems(409, 412, 428) | {200: headers(_VERSION)},
)
async def post_approval(
    looker: SecondPerson,
    decision_id: PathId,
    version: IfMatch,
    form: ApprovalBody,
    tx: Tx,
    now: Now,
    config: Config,
    response: Response,
) -> DecisionLooked:
    """Say as the second person whether a decision that waits comes into force, and why.

    Another's only (403 `self_approval`). Not approved, what is in force stays, or the child stays undecided.
    """
    looking = Looking(form, version, config.times)
    looked = await looking_again.look_again(tx, DecisionId(decision_id), looking, looker, now=now)
    response.headers["ETag"] = etag(looked.version)
    return looked


@router.get("/v1/risk-frame", response_model=Page[FramePart])
async def get_risk_frame(_reader: Reader, config: Config) -> Page[FramePart]:
    """Read under which headings a decision of this hub analyses risk, in their order."""
    return Page(items=list(config.risk_frame), next_cursor=None, has_more=False)


@router.get("/internal/decisions/{decision_id}", response_model=DecisionOutcome, include_in_schema=False)
async def get_decision_outcome(service: Answering, decision_id: PathId, tx: Tx, now: Now) -> DecisionOutcome:
    """Give the service that answers senders what was decided, never why or by whom."""
    return await deciding.read_outcome(tx, service, DecisionId(decision_id), now=now)
