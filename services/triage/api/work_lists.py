"""The parts of the work list over HTTP: how much waits in each, for the links that lead to them."""

from typing import Annotated, Final

from fastapi import APIRouter

from services.triage.actions.showing import reading
from services.triage.api.parts import Config, Queue, held_by
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from services.triage.store.work_list import Held
from shared.platform.auth import Caller
from shared.platform.requests import Now, Tx
from shared.schemas.work_lists import WorkLists

router = APIRouter()

Reader = Annotated[Caller, permit(roles=DECIDERS)]
_PARTS: Final[tuple[Queue, ...]] = ("mine", "my_team", "unallocated", "to_decide")


@router.get("/v1/work-lists", response_model=WorkLists, tags=["Cases"])
async def get_work_lists(reader: Reader, tx: Tx, now: Now, config: Config) -> WorkLists:
    """Count what waits in each part of the work list. No child is named."""
    parts: dict[str, Held | None] = {part: held_by(part, reader, config) for part in _PARTS}
    return await reading.count_work(tx, reader, parts, now=now)
