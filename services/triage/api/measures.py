"""Measures over HTTP: what was done in time, by month or week and by agency."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.triage.actions.showing import measuring
from services.triage.api.permits import permit
from shared.platform.auth import Caller
from shared.platform.requests import Now, Tx
from shared.schemas.measures import AgencyMeasure, Period
from shared.schemas.times import Day
from shared.schemas.words import Role

router = APIRouter(tags=["Measures"])

Measuring = Annotated[
    Caller, permit(roles={Role.MANAGER, Role.PRACTICE_AUDITOR, Role.INFORMATION_GOVERNANCE})
]
By = Annotated[Period, Query(description="Count by month, or by ISO week; both in London.")]
From = Annotated[Day | None, Query(alias="from", description="First day, in London. Left out: a year.")]
To = Annotated[Day | None, Query(alias="to", description="Last day, in London. Left out: today.")]


@router.get("/v1/measures/agencies", response_model=AgencyMeasure)
async def get_agencies(
    reader: Measuring, tx: Tx, now: Now, by: By = "month", from_on: From = None, to_on: To = None
) -> AgencyMeasure:
    """Count what was decided, answered in time and found late, by month or week and by agency.

    Both days are counted. Breaches are counted by when they were found, and of how many somebody said why.
    """
    return await measuring.measure_agencies(tx, reader, by, from_on, to_on, now=now)
