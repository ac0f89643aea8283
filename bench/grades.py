"""How soon a grade is in what a decider reads: from its answer to the case with the recommendation."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from bench.figures import Figure, percentile, say
from bench.load import A_REFERRAL
from bench.stage import Stage
from deploy.local.staff_token import staff_token

RATE = 50
#: After each so many grades the case is read: a decider reads less often than agencies grade, and whoever
#: measures takes the processor from what is measured.
READ_EVERY = 5
CHILDREN = 100
#: Of fewer reads the hundredth part is one or two, and says little.
_AT_LEAST_SECONDS = 30.0
GRADER, DECIDER = "northshire-health", "dana.reid"
_OPENED_WITHIN_SECONDS = 90
_QUIET_SECONDS = 5
_HEARD = "SELECT " + " + ".join(
    f"(SELECT count(*) FROM {service}.inbox)" for service in ("intake", "triage", "notifications")
)


@dataclass
class _Times:
    """What each step took, in seconds."""

    put: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    turned_away: int = 0


def measure_grades(stage: Stage, *, seconds: float) -> list[Figure]:
    """Grade at a steady rate, read the case after each, and an INSERT and SELECT of one row in turn."""
    return asyncio.run(_measure(stage, max(seconds, _AT_LEAST_SECONDS)))


async def _measure(stage: Stage, seconds: float) -> list[Figure]:
    # Given up before the service gives it up: a connection that ends as a request is sent is a request lost.
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64, keepalive_expiry=2)
    async with httpx.AsyncClient(timeout=30, limits=limits) as http:
        grader = {"Authorization": f"Bearer {stage.token(GRADER)}"}
        asked = await open_cases(stage, http, grader)
        token = await asyncio.to_thread(staff_token, stage.folder.root, DECIDER)
        decider = {"Authorization": f"Bearer {token}"}
        plain = await asyncpg.create_pool(stage.database_url.replace("+asyncpg", ""), min_size=4, max_size=8)
        await plain.execute("CREATE TABLE IF NOT EXISTS public.bench_row (id uuid PRIMARY KEY, said text)")
        run = _Run(stage.services["triage"], http, grader, decider, plain)
        for one in asked[:10]:
            await run.grade(one, 1, _Times())
        times = _Times()
        say(f"Grading {RATE} times a second for {seconds:.0f} s, reading each case after it.")
        await _steadily(run, itertools.cycle(asked), times, seconds)
        await plain.close()
    return _figures(times)


@dataclass(frozen=True)
class _Run:
    """Whoever grades, whoever reads, and the plain way of the same."""

    triage: str
    http: httpx.AsyncClient
    grader: dict[str, str]
    decider: dict[str, str]
    plain: Any

    async def grade(self, asked: dict[str, Any], number: int, times: _Times) -> None:
        """Give a grade; now and then read the case, and see the grade and what is recommended in it."""
        case = f"{self.triage}/v1/cases/{asked['case_id']}"
        url = f"{case}/children/{asked['child_id']}/grades/{asked['agency_id']}"
        words = f"What our records show, {uuid4()}."
        said = {"status": "graded", "grade": number % 6, "rationale": words}
        began = time.perf_counter()
        given = await self.http.put(url, json=said, headers=self.grader)
        answered = time.perf_counter()
        if given.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            times.turned_away += 1
            return
        given.raise_for_status()
        times.put.append(answered - began)
        if number % READ_EVERY == 0:
            await self._read(case, words, answered, times)

    async def _read(self, case: str, words: str, answered: float, times: _Times) -> None:
        read = await self.http.get(case, headers=self.decider)
        visible = time.perf_counter()
        if read.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            times.turned_away += 1
            return
        child = read.raise_for_status().json()["children"][0]
        if words not in {one["rationale"] for one in child["grades"]} or child["recommendation"] is None:
            raise SystemExit("A case was read without the grade that had been answered before.")
        times.visible.append(visible - answered)
        times.plain.append(await self._plain(words))

    async def _plain(self, words: str) -> float:
        key, began = uuid4(), time.perf_counter()
        async with self.plain.acquire() as connection:
            await connection.execute("INSERT INTO public.bench_row VALUES ($1, $2)", key, words)
            await connection.fetchval("SELECT said FROM public.bench_row WHERE id = $1", key)
        return time.perf_counter() - began


async def _steadily(run: _Run, asked: Iterator[dict[str, Any]], times: _Times, seconds: float) -> None:
    """Start a grade every so often, whether those before have ended or not."""
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(round(RATE * seconds)):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            group.create_task(run.grade(next(asked), number, times))


async def open_cases(stage: Stage, http: httpx.AsyncClient, grader: dict[str, str]) -> list[dict[str, Any]]:
    """Send referrals of different children, and return what was asked about each.

    Cases that an earlier benchmark of the same hub has opened are taken again.
    """
    if items := await _asked(stage, http, grader):
        return items
    say(f"Opening {CHILDREN} cases.")
    sender = {"Authorization": f"Bearer {stage.token()}"}
    for number in range(CHILDREN):
        child = A_REFERRAL["children"][0] | {  # type: ignore[index]
            "given_name": f"Maisie{number}", "family_name": f"Example{number * 7919}",
            "date_of_birth": f"20{10 + number % 14:02}-0{1 + number % 9}-1{number % 9}", "nhs_number": None,
        }  # fmt: skip
        sent = A_REFERRAL | {"sender_reference": str(uuid4()), "children": [child]}
        key = {"Idempotency-Key": str(uuid4())}
        url = f"{stage.services['intake']}/v1/referrals"
        (await http.post(url, json=sent, headers=sender | key)).raise_for_status()
    until = time.monotonic() + _OPENED_WITHIN_SECONDS
    while time.monotonic() < until:
        if items := await _asked(stage, http, grader):
            await _settle(stage)
            return items
        await asyncio.sleep(1)
    raise SystemExit("The cases were not opened in time.")


async def _settle(stage: Stage) -> None:
    """Wait until no service has heard of anything for a while: what is on its way would be measured too."""
    plain = await asyncpg.connect(stage.database_url.replace("+asyncpg", ""))
    heard, before = await plain.fetchval(_HEARD), -1
    while heard != before:
        await asyncio.sleep(_QUIET_SECONDS)
        heard, before = await plain.fetchval(_HEARD), heard
    await plain.close()


async def _asked(stage: Stage, http: httpx.AsyncClient, grader: dict[str, str]) -> list[dict[str, Any]]:
    """Return what was asked about every case, or nothing while there are too few."""
    url = f"{stage.services['triage']}/v1/information-requests?limit=1000"
    items = (await http.get(url, headers=grader)).raise_for_status().json()["items"]
    return list(items) if len(items) >= CHILDREN else []


def _figures(times: _Times) -> list[Figure]:
    yardstick = "INSERT and SELECT of one row over the same driver and server, p99 in the same run"
    count, plain = len(times.visible), percentile(times.plain, 0.99) * 1000
    figures = []
    for name, values in (("grade_visible", times.visible), ("grade_answered", times.put)):
        for share in (0.5, 0.99):
            value = percentile(values, share) * 1000
            label = f"{name}_p{share * 100:.0f}"
            figures.append(Figure(label, value, "ms", yardstick, value / plain, len(values)))
    sent = len(times.put) + times.turned_away
    figures.append(Figure("grades_turned_away", float(times.turned_away), "requests", None, None, sent))
    return [*figures, Figure("insert_and_select_p99", plain, "ms", None, None, count)]
