"""The look at what an agency sent, and what its senders were asked for."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from services.intake.actions import asked, quality, queueing
from services.intake.actions.quality import LOOKS_AT_ALL
from services.intake.actions.queueing import Queue
from services.intake.api.parts import Heard, Reader
from services.intake.api.permits import permit
from services.intake.rules import SEES_ALL
from services.intake.settings import Settings
from services.intake.store.quality_queue import Place
from shared.platform.auth import Caller
from shared.platform.auth import permit as permit_services
from shared.platform.openapi import json_body, problems
from shared.platform.paging import (
    BadCursor,
    Cursor,
    Limit,
    make_page,
    read_cursor,
    read_time_and_id,
    write_cursor,
)
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import AgencyId, FurtherInformationId
from shared.schemas.progress import FurtherInformation, FurtherInformationAsked
from shared.schemas.quality import QualityCheck, QualityCheckForm, QualityCount
from shared.schemas.shapes import Page
from shared.schemas.times import Day
from shared.schemas.words import FurtherInformationState, QualityState, Role

router = APIRouter()

#: An agency's own representative, and the staff who work with every referral.
Watcher = Annotated[Caller, permit(roles=SEES_ALL | {Role.AGENCY_REPRESENTATIVE})]
Looker = Annotated[Caller, permit(roles=LOOKS_AT_ALL | {Role.AGENCY_REPRESENTATIVE})]
Telling = Annotated[Caller, permit_services(services={"notifications"})]
CheckBody = Annotated[QualityCheckForm, json_body(QualityCheckForm)]
OfAgency = Annotated[
    UUID | None, Query(description="Only this agency's; a representative has its own alone.")
]
InState = Annotated[FurtherInformationState | None, Query(description="Left out: whatever came of them.")]


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


Config = Annotated[Settings, Depends(_settings)]


@router.get("/v1/quality-checks", response_model=Page[QualityCheck], tags=["Quality"])
async def list_quality_checks(
    reader: Watcher,
    tx: Tx,
    now: Now,
    config: Config,
    state: Annotated[QualityState, Query(description="Which part of the queue.")] = QualityState.WAITING,
    agency_id: OfAgency = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[QualityCheck]:
    """List what your agency sent, for a look at its quality.

    What waits for one comes with immediate danger first, then the longest waiting; everything else with
    the newest first. A version that nobody looked at in time leaves the queue. None of this holds a child
    back: the hub has considered every version since it came.
    """
    list_name = f"quality checks {state} of {agency_id} for {reader.subject}"
    queue = Queue(state, AgencyId(agency_id) if agency_id else None, _place(list_name, cursor), limit)
    items, last, has_more = await queueing.list_queue(
        tx, reader, queue, window=config.quality_window, now=now
    )
    next_cursor = write_cursor(list_name, *last) if last else cursor
    return Page(items=items, next_cursor=next_cursor, has_more=has_more)


def _place(list_name: str, cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    rank, at, referral_id, version = read_cursor(list_name, cursor, places=(int, datetime, UUID, int))
    if rank not in {0, 1} or not 0 < version < 2**31:
        raise BadCursor
    return rank, at, referral_id, version


@router.post(
    "/v1/referrals/{reference}/quality-check",
    response_model=QualityCheck,
    responses=problems(409),
    tags=["Quality"],
)
async def post_quality_check(
    looker: Looker, reference: Heard, form: CheckBody, tx: Tx, now: Now, config: Config
) -> QualityCheck:
    """Say what you make of a referral of your agency: content, or what is asked of its sender.

    Look at the newest version. What you ask for reaches the sender's agency at once, with your name and
    the time by which it is needed: left out, the close of the next working day. The answer comes as a new
    version beside the old; without one the request lapses into asked, not answered. The hub decides on
    time either way. The first word on a version stands; saying the same again changes nothing.
    """
    return await quality.check_quality(tx, reference, form, looker, now=now, config=config)


@router.get("/v1/further-information", response_model=Page[FurtherInformation], tags=["Quality"])
async def list_further_information(
    reader: Reader, tx: Tx, now: Now, state: InState = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[FurtherInformation]:
    """List what your agency was asked about its referrals, the newest first.

    Answer with a new version of the referral that names the request in `answers_request_id`. Late is better
    than never: a request that has lapsed can still be answered.
    """
    list_name = f"further information {state} for {reader.agency_id}"
    before = read_time_and_id(list_name, cursor)
    found = await asked.list_asked(tx, reader, state, before=before, limit=limit, now=now)
    return make_page(list_name, found, cursor=cursor, place=lambda last: (last.requested_at, last.request_id))


@router.get("/v1/quality-counts", response_model=Page[QualityCount], tags=["Quality"])
async def list_quality_counts(
    reader: Watcher,
    tx: Tx,
    now: Now,
    from_on: Annotated[Day | None, Query(description="First day, in London. Left out: four weeks.")] = None,
    to_on: Annotated[Day | None, Query(description="Last day, in London. Left out: today.")] = None,
) -> Page[QualityCount]:
    """Count how agencies' referrals fared, in one page: what was sent, looked at, asked for and answered.

    Both days are counted. A representative sees its own agency.
    """
    items = await queueing.count(tx, reader, from_on, to_on, now=now)
    return Page(items=items, next_cursor=None, has_more=False)


@router.get(
    "/internal/further-information/{request_id}",
    response_model=FurtherInformationAsked,
    include_in_schema=False,
)
async def get_further_information(
    service: Telling, request_id: PathId, tx: Tx, now: Now
) -> FurtherInformationAsked:
    """Give a request for more to the service that tells the sender's agency of it."""
    return await asked.read_asked(tx, service, FurtherInformationId(request_id), now=now)
