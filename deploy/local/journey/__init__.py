"""The demo journey: worries about children, from the agencies that have them to the answers they get.

Everything goes over HTTP, as partners' systems and the staff's browsers go: nothing here looks into a
database or takes a way of its own into the hub.
"""

import asyncio
import time
from pathlib import Path

import httpx

from deploy.local.cast import demo_cast
from deploy.local.files import Folder
from deploy.local.journey.answering import answer_all as answer_questions
from deploy.local.journey.asking_more import ask_for_more
from deploy.local.journey.company import Company
from deploy.local.journey.deciding import decide_all
from deploy.local.journey.earlier import tell_earlier
from deploy.local.journey.feeds import open_feeds
from deploy.local.journey.handing_over import hand_over_all
from deploy.local.journey.known import join_known
from deploy.local.journey.parties import JourneyEnded, Surroundings
from deploy.local.journey.sending import see_opened, send_all
from deploy.local.journey.telling import answer_all as answer_senders
from deploy.local.journey.trail import Say, Trail
from deploy.local.ports import Ports
from shared.clock import utc_now

_EXCHANGE_SECONDS = 15.0


def run(data_dir: Path, ports: Ports, *, say: Say) -> None:
    """Take some worries through the demo hub that runs in `data_dir`, telling each step with `say`.

    Raises:
        JourneyEnded: a step did not come about.
    """
    asyncio.run(_run(Folder(data_dir), ports, Trail(say)))


async def _run(folder: Folder, ports: Ports, trail: Trail) -> None:
    began_at = time.monotonic()
    async with httpx.AsyncClient(timeout=_EXCHANGE_SECONDS, trust_env=False) as http:
        try:
            company = Company(demo_cast(), Surroundings(http, folder, ports))
            feeds = await open_feeds(company)
            await tell_earlier(company, trail, now=utc_now())
            cases = await see_opened(company, trail, await send_all(company, trail, now=utc_now()))
            cases = await ask_for_more(company, trail, cases, feeds.notices)
            await answer_questions(company, trail, cases)
            joined = await join_known(company, trail, cases[0], now=utc_now())
            await decide_all(company, trail, cases, joined)
            await hand_over_all(company, trail, cases)
            await answer_senders(company, trail, [*cases, joined], feeds.outcomes)
        except httpx.HTTPError as error:
            raise JourneyEnded(f"The hub did not answer ({type(error).__name__}).") from error
    trail.chapter(f"That was the journey of four worries, in {time.monotonic() - began_at:.0f} s.")
