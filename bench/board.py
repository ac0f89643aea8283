"""How long the work list and the board take to answer when two thousand cases wait for a decision."""

import asyncio
import time
from typing import Any, Final

import asyncpg
import httpx

from bench.figures import Figure, percentile, say
from bench.grades import CHILDREN, DECIDER, GRADER, open_cases
from bench.stage import Stage
from deploy.local.staff_token import staff_token

CASES: Final = 2_000
_COPIES: Final = CASES // CHILDREN - 1
#: One in so many arrived today, the others on the days before.
_DAYS: Final = 10
_LOOKS: Final = 40
_WHOLE_BOARD: Final = 10
#: What a list shows of a case; no timers: thousands that pass unmet would keep the clock busy meanwhile.
_TABLES: Final = ("case", "contact", "case_child", "information_request", "grade", "recommendation")
_OWN_IDS: Final = frozenset(
    {
        "case_id", "referral_id", "child_id", "recommendation_id", "request_id", "grade_id",
        "same_child_as", "confirmed_as",
    }
)  # fmt: skip
_INSTANTS: Final = frozenset({"opened_at", "received_at", "decide_by", "respond_by"})
#: The same children with their contacts, in the same order, and nothing done with them.
_PLAIN: Final = """
    SELECT * FROM (SELECT * FROM triage."case" WHERE is_open ORDER BY urgency, decide_by, case_id LIMIT $1) c
    JOIN triage.contact t USING (case_id) JOIN triage.case_child k USING (referral_id)
"""
_WORK_LIST, _BOARD = "/v1/cases?limit={}", "/v1/board?limit={}"


def measure_board(stage: Stage, *, rounds: int) -> list[Figure]:
    """Read the work list and the board, and their children's rows by one plain SELECT, in turn."""
    return asyncio.run(_measure(stage, rounds))


async def _measure(stage: Stage, rounds: int) -> list[Figure]:
    async with httpx.AsyncClient(timeout=30) as http:
        grader = {"Authorization": f"Bearer {stage.token(GRADER)}"}
        asked = await open_cases(stage, http, grader)
        await _grade_each(stage, http, grader, asked)
        plain = await asyncpg.connect(stage.database_url.replace("+asyncpg", ""))
        await _copy(plain)
        token = await asyncio.to_thread(staff_token, stage.folder.root, DECIDER)
        decider = {"Authorization": f"Bearer {token}"}
        figures = []
        for name, path, length in (
            ("work_list", _WORK_LIST, 50),
            ("work_list_of_200", _WORK_LIST, 200),
            ("board_of_200", _BOARD, 200),
        ):
            say(f"Reading {name} {_LOOKS * rounds} times.")
            look = _Look(http, stage.services["triage"] + path.format(length), decider, plain, length)
            figures += await look.figures(name, _LOOKS * rounds)
        look = _Look(http, stage.services["triage"] + _BOARD.format(200), decider, plain, CASES)
        say(f"Reading the whole board {_WHOLE_BOARD} times.")
        figures += await look.figures("board_whole", _WHOLE_BOARD)
        await plain.close()
    return figures


async def _grade_each(
    stage: Stage, http: httpx.AsyncClient, grader: dict[str, str], asked: list[dict[str, Any]]
) -> None:
    for number, one in enumerate(asked):
        case = f"{stage.services['triage']}/v1/cases/{one['case_id']}"
        url = f"{case}/children/{one['child_id']}/grades/{one['agency_id']}"
        said = {"status": "graded", "grade": number % 6, "rationale": "What our records show."}
        (await http.put(url, json=said, headers=grader)).raise_for_status()


class _Look:
    """One list, read over HTTP to its end or to `length`, and beside it the plain SELECT of as many cases."""

    def __init__(
        self, http: httpx.AsyncClient, url: str, reader: dict[str, str], plain: Any, length: int
    ) -> None:
        self._http, self._url, self._reader, self._plain, self._length = http, url, reader, plain, length

    async def figures(self, name: str, looks: int) -> list[Figure]:
        """Return p50 and p99 of so many looks, in milliseconds."""
        for _ in range(3):
            await self._read()
            await self._plain.fetch(_PLAIN, self._length)
        read, plain = [], []
        for _ in range(looks):
            began = time.perf_counter()
            await self._read()
            ended = time.perf_counter()
            await self._plain.fetch(_PLAIN, self._length)
            read.append((ended - began) * 1000)
            plain.append((time.perf_counter() - ended) * 1000)
        yardstick = "one SELECT of the same children over the same driver and server"
        return [
            Figure(
                f"{name}_p{share * 100:.0f}", took, "ms", yardstick, took / percentile(plain, share), looks
            )
            for share in (0.5, 0.99)
            for took in [percentile(read, share)]
        ]

    async def _read(self) -> None:
        """Read page after page, as the console does, until there are enough cases."""
        cases: set[str] = set()
        cursor: str | None = None
        while len(cases) < self._length:
            url = self._url + (f"&cursor={cursor}" if cursor else "")
            page = (await self._http.get(url, headers=self._reader)).raise_for_status().json()
            cases |= {one["case_id"] for one in page["items"]}
            cursor = page["next_cursor"]
            if not page["has_more"]:
                break
        if len(cases) < self._length:
            raise SystemExit("There were fewer cases than were made.")


async def _copy(connection: Any) -> None:
    """Copy the cases that the hub opened, each with all that belongs to it, until there are enough."""
    if await connection.fetchval('SELECT count(*) FROM triage."case"') >= CASES:
        return
    say(f"Copying them to {CASES}.")
    async with connection.transaction():
        # Children and recommendations name each other.
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table in _TABLES:
            columns = [
                row[0]
                for row in await connection.fetch(
                    "SELECT column_name FROM information_schema.columns"
                    " WHERE table_schema = 'triage' AND table_name = $1 ORDER BY ordinal_position",
                    table,
                )
            ]
            values = ", ".join(_copied(column) for column in columns)
            await connection.execute(
                f'INSERT INTO triage."{table}" ({", ".join(columns)}) SELECT {values}'
                f' FROM triage."{table}", generate_series(1, $1::int) AS copy',
                _COPIES,
            )
    await connection.execute("VACUUM ANALYZE")


def _copied(column: str) -> str:
    """Return what a copy has in a column: an id of its own, an instant on its own day, or the same."""
    if column in _OWN_IDS:
        return f"md5({column}::text || copy)::uuid"
    if column in _INSTANTS:
        return f"{column} - make_interval(days => copy % {_DAYS})"
    return column
