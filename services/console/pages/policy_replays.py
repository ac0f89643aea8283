"""A policy tried over past children: how far it is, who would move, and the way to their cases."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from services.console.standing import agency_name
from shared.problems import NotPermitted
from shared.schemas.ids import AgencyId, PolicyReplayId
from shared.schemas.policies import ReplayState, ReplaySum, ReplayView

router = APIRouter(include_in_schema=False)

_MOST_BARS: Final = 15
_FILTERS: Final = ("moved", "agency", "level", "locality", "cursor")


@dataclass(frozen=True, slots=True)
class Bar:
    """How many of some children would move, and how long the bars of that are, of 100.

    Attributes:
        key: what to ask the list for.
    """

    key: str
    name: str
    children: int
    up: int
    down: int
    up_length: float
    down_length: float


@dataclass(frozen=True, slots=True)
class Picture:
    """One way to look at who would move; `left_out` more have fewer who do."""

    heading: str
    by: str
    bars: list[Bar]
    left_out: int


@router.get("/policy-replays/{replay_id}")
async def get_replay(person: SignedIn, request: Request, replay_id: UUID) -> Response:
    """Show a trial: sums as bars and figures, and a page of the children who would move."""
    if not person.keeps_policy:
        raise NotPermitted
    replay = await person.policies.get_replay(PolicyReplayId(replay_id))
    pictures = await _pictures(person, replay)
    wanted = {name: value for name in _FILTERS if (value := request.query_params.get(name))}
    page = await person.policies.list_moved(replay.replay_id, wanted)
    return show(
        request,
        "policy_replay.html",
        person=person,
        names=await person.backend.agencies(),
        replay=replay,
        is_done=replay.state is ReplayState.DONE,
        share=round(100 * replay.done / replay.total) if replay.total else 100,
        pictures=pictures,
        children=page.items,
        next_cursor=page.next_cursor if page.has_more else None,
        wanted=wanted,
        asked={name: value for name, value in wanted.items() if name != "cursor"},
        asked_words=_words(wanted, pictures),
    )


def _words(wanted: dict[str, str], pictures: list[Picture]) -> list[str]:
    """Return what the list is narrowed to, by the names that the figures carry."""
    known = {(picture.by, bar.key): bar.name for picture in pictures for bar in picture.bars}
    return [known.get((name, value), value) for name, value in wanted.items() if name != "cursor"]


async def _pictures(person: Person, replay: ReplayView) -> list[Picture]:
    names = await person.backend.agencies()
    agencies = {one.key: agency_name(names, AgencyId(UUID(one.key))) for one in replay.by_agency}
    levels = {one.key: f"Level {one.key}" if one.key != "0" else "No level" for one in replay.by_level}
    return [
        _picture("By who sent the contact", "agency", replay.by_agency, agencies),
        _picture("By level now", "level", replay.by_level, levels),
        _picture("By postcode district or town", "locality", replay.by_locality, {}),
    ]


def _picture(heading: str, by: str, sums: list[ReplaySum], names: dict[str, str]) -> Picture:
    longest = max((max(one.up, one.down) for one in sums), default=0) or 1
    bars = [
        Bar(
            one.key,
            names.get(one.key, one.key),
            one.children,
            one.up,
            one.down,
            round(100 * one.up / longest, 1),
            round(100 * one.down / longest, 1),
        )
        for one in sums[:_MOST_BARS]
    ]
    return Picture(heading, by, bars, len(sums) - len(bars))
