"""Time `hub policy replay` over 100,000 past children, with its memory, beside a plain read of their rows."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import make_url

from bench.figures import Figure, say
from bench.policy.children import draw_children
from deploy.local import seed
from deploy.local.environment import role_url
from deploy.local.files import Folder, secret_in
from deploy.local.keys import make_missing_keys
from deploy.local.migrating import migrate_database
from deploy.local.postgres import running_postgres
from services.triage import policy
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from services.triage.policy.reading import FIVE_LEVELS, default_policy
from shared.schemas.ids import new_id

CHILDREN: Final = 100_000
_PORT: Final = 29_471
_AT: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
_CHUNK: Final = 5_000
_LOOK_EVERY_SECONDS: Final = 0.05
_PLACES: Final = ("ZZ1", "ZZ2", "ZZ3", "ZZ4", "ZZ5", "ZZ6", "ZZ7", "ZZ8")
_COLUMNS: Final = {
    "case": "case_id version opened_at received_at is_open urgency decide_by",
    "contact": (
        "referral_id case_id reference agency_id received_at respond_by immediate_danger adults version"
    ),
    "case_child": (
        "child_id case_id referral_id place state immediate_danger concerns details decide_by rag"
        " recommendation_id"
    ),
    "recommendation": "recommendation_id case_id child_id policy_version facts view made_at",
}
#: What a replay reads of each child, and nothing else done with it.
_PLAIN: Final = """
import asyncio, asyncpg, sys
async def main():
    connection = await asyncpg.connect(sys.argv[1])
    count = 0
    async with connection.transaction():
        async for row in connection.cursor(
            "SELECT c.child_id, c.case_id, t.reference, t.agency_id, r.facts::text, r.view, r.policy_version,"
            " c.details->'address' FROM triage.case_child c JOIN triage.contact t USING (referral_id)"
            " JOIN triage.recommendation r ON r.recommendation_id = c.recommendation_id"
            " WHERE c.same_child_as IS NULL ORDER BY c.child_id", prefetch=1000):
            count += 1
    print(count)
asyncio.run(main())
"""


def measure_replay() -> Iterator[Figure]:
    """Yield seconds beside those of the plain read, and peak megabytes beside those of a tenth of it all."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as root:
        folder = Folder(Path(root))
        folder.prepare()
        make_missing_keys(folder)
        with running_postgres(Path(root) / "postgres", _PORT, durable=True) as server:
            migrate_database(server.url, folder)
            seed.load(server.url, folder.root, demo=True)
            asyncio.run(_fill(server.url))
            url = role_url(server.url, "hub_triage", secret_in(folder.password_of("hub_triage")))
            yield from _measure(Path(root), url)


def _measure(root: Path, url: str) -> Iterator[Figure]:
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    plain, _ = _run([sys.executable, "-c", _PLAIN, dsn], root, {})
    candidate = str(files(policy).joinpath(FIVE_LEVELS))
    command = [sys.executable, "-m", "deploy.local.command", "policy", "replay", candidate]
    command += ["--list", str(root / "moved.csv")]
    told = {"HUB_TRIAGE_DATABASE_URL": url}
    tenth = (_AT + timedelta(minutes=CHILDREN * 9 // 10)).date().isoformat()
    _, less_mb = _run([*command, "--since", tenth], root, told)
    took, peak_mb = _run(command, root, told)
    yield Figure("policy_replay", took, "s", "a plain read of the same rows", took / plain, CHILDREN)
    name = "the same over a tenth of the children"
    yield Figure("policy_replay_memory", peak_mb, "MB", name, peak_mb / less_mb, CHILDREN)


def _run(command: list[str], cwd: Path, told: dict[str, str]) -> tuple[float, float]:
    """Return how many seconds a command took, its start included, and its peak memory in megabytes."""
    began = time.monotonic()
    here = str(Path(__file__).parent.parent)
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, "PYTHONPATH": here} | told, stdout=sys.stderr
    )
    peak_mb = 0.0
    while process.poll() is None:
        peak_mb = max(peak_mb, _peak_mb(process.pid))
        time.sleep(_LOOK_EVERY_SECONDS)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return time.monotonic() - began, peak_mb


def _peak_mb(pid: int) -> float:
    """Return the most memory a process has had; what the system says of it after it ended counts ours too."""
    try:
        said = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in said.splitlines() if line.startswith("VmHWM")), 0.0)


async def _fill(url: str) -> None:
    """Make the children: half of them recommended for by the policy in force, half by one before it."""
    say(f"Making {CHILDREN} past children.")
    connection = await asyncpg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    )
    drawn = draw_children(CHILDREN)
    for begin in range(0, CHILDREN, _CHUNK):
        rows: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
        for number, facts in enumerate(drawn[begin : begin + _CHUNK], start=begin):
            for name, row in zip(_COLUMNS, _child(number, facts), strict=True):
                rows[name].append(row)
        for name, columns in _COLUMNS.items():
            await connection.copy_records_to_table(
                name, schema_name="triage", columns=columns.split(), records=rows[name]
            )
    await connection.execute("ANALYZE")
    await connection.close()


def _child(number: int, facts: ChildFacts) -> tuple[tuple[Any, ...], ...]:
    case_id, referral_id, child_id, made_id = (new_id() for _ in range(4))
    at = _AT + timedelta(minutes=number)
    in_force = default_policy()
    is_newest = number % 2 == 0
    view = recommend(in_force, facts).view().model_dump_json() if is_newest else "{}"
    version = in_force.version if is_newest else "before"
    details = f'{{"address": {{"postcode": "{_PLACES[number % len(_PLACES)]} 9ZZ"}}}}'
    # The agencies need not be ones that access knows: nobody looks.
    agency_id = f"0198f0a0-0000-7000-8000-00000000000{number % 7}"
    return (
        (case_id, 1, at, at, False, 1, at),
        (referral_id, case_id, f"BENCH-{number}", agency_id, at, at, False, "[]", 1),
        (child_id, case_id, referral_id, 0, "decided", False, "[]", details, at, "amber", made_id),
        (made_id, case_id, child_id, version, facts.model_dump_json(), view, at),
    )
