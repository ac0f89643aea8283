"""What the hub counts of itself: whether every child goes through it, how deep, and with whose oversight."""

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.measured import months_of
from services.console.pages.showing import show
from services.console.session import SignedIn
from shared.problems import NotPermitted

router = APIRouter(include_in_schema=False)


@router.get("/measures")
async def get_measures(person: SignedIn, request: Request) -> Response:
    """Show managers and auditors coverage and oversight, a month beside the other."""
    if not person.reads_counts:
        raise NotPermitted
    coverage, overseen = await asyncio.gather(
        person.talking.measure_coverage(), person.talking.measure_oversight()
    )
    return show(
        request,
        "measures.html",
        person=person,
        coverage=coverage,
        months=months_of(coverage.items, overseen.items),
    )
