"""How many referrals are acknowledged, beside pgbench doing the same inserts on the same server."""

import asyncio
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.figures import Figure, percentile, say
from bench.load import Tally, send_for
from bench.stage import Stage, server_url
from deploy.local.cluster import program

CONNECTIONS = 16
_TABLES = (
    "intake.idempotency_key",
    "intake.sender_reference",
    "intake.referral",
    "intake.outbox",
    "audit.entry",
)

# The rows of one referral, as intake writes them, in the order it writes them; the document is built anew
# for each, as a sender's is.
_SCRIPT = """
\\set n random(1, 1000000000)
BEGIN;
SELECT set_config('hub.subject', 'example-primary', true);
INSERT INTO bench.idempotency_key (agency_id, client_id, key, fingerprint, status, answer, created_at)
VALUES (gen_random_uuid(), 'example-primary', (:n::bigint)::text || clock_timestamp(), repeat('f', 64), 201,
        jsonb_build_object('reference', 'SH-00000000-0', 'findings', jsonb_build_array(:n::bigint)), now());
INSERT INTO bench.sender_reference (agency_id, sender_reference, referral_id, fingerprint)
VALUES (gen_random_uuid(), (:n::bigint)::text, gen_random_uuid(), repeat('f', 64));
INSERT INTO bench.referral (referral_id, version, reference, agency_id, client_id, sender_reference, kind,
    immediate_danger, received_at, respond_by, children, document, findings)
VALUES (gen_random_uuid(), 1, 'SH-' || gen_random_uuid(), gen_random_uuid(), 'example-primary',
        (:n::bigint)::text, 'referral', false, now(), now(), '[{"child_id": null}]',
        jsonb_build_object('n', :n::bigint, 'said', repeat('The child was in the house throughout. ', 70)),
        '[]');
INSERT INTO bench.entry (audit_id, at, service, actor_kind, actor_id, agency_id, roles, action, allowed,
    subject_ids, facts, request_id)
VALUES (gen_random_uuid(), now(), 'intake', 'client', 'example-primary', gen_random_uuid(),
        '{referral.write}', 'referral.received', 'allow', ARRAY[gen_random_uuid()], '{}', (:n::bigint)::text);
INSERT INTO bench.outbox (event_id, event_type, payload)
VALUES (gen_random_uuid(), 'intake.referral_received.v1', jsonb_build_object('referral_id', :n::bigint));
COMMIT;
"""


def measure_referrals(hub: Stage, *, rounds: int, seconds: float) -> list[Figure]:
    """Measure hub and yardstick in turn, so that a machine that changes its speed changes both."""
    url = server_url(hub)
    asyncio.run(_make_room(url))
    token, tallies, ratios, yardsticks = hub.token(), [], [], []
    address = f"{hub.services['intake']}/v1/referrals"
    asyncio.run(send_for(address, token, connections=CONNECTIONS, seconds=1.0))
    for number in range(1, rounds + 1):
        yardstick = _pgbench(url, seconds)
        tally = asyncio.run(send_for(address, token, connections=CONNECTIONS, seconds=seconds))
        rate = tally.acknowledged / seconds
        say(f"Round {number} of {rounds}: {rate:.0f} referrals/s acknowledged, pgbench {yardstick:.0f}/s.")
        tallies.append(tally)
        yardsticks.append(yardstick)
        ratios.append(rate / yardstick)
    return _figures(tallies, yardsticks, ratios, seconds)


def _figures(
    tallies: list[Tally], yardsticks: list[float], ratios: list[float], seconds: float
) -> list[Figure]:
    count = sum(tally.acknowledged for tally in tallies)
    refused = {status: number for tally in tallies for status, number in tally.others.items()}
    if refused:
        say(f"Answers that were not 201, by status: {refused}")
    rate = statistics.median(tally.acknowledged / seconds for tally in tallies)
    times = [1000 * took for tally in tallies for took in tally.seconds]
    beside = f"pgbench, same inserts, {CONNECTIONS} clients: {statistics.median(yardsticks):.0f}/s"
    return [
        Figure("referrals_acknowledged", rate, "1/s", beside, statistics.median(ratios), count),
        Figure("referral_answer_p50", percentile(times, 0.5), "ms", None, None, count),
        Figure("referral_answer_p99", percentile(times, 0.99), "ms", None, None, count),
    ]


async def _make_room(url: str) -> None:
    """Make tables like intake's own, with their indexes, that nobody listens to."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE SCHEMA bench"))
        for table in _TABLES:
            like = f"CREATE TABLE bench.{table.partition('.')[2]} (LIKE {table} INCLUDING ALL)"
            await connection.execute(text(like))
    await engine.dispose()


def _pgbench(url: str, seconds: float) -> float:
    """Return the transactions per second of the yardstick."""
    parts = make_url(url)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_SCRIPT)
        script.flush()
        command = [program("pgbench"), "--no-vacuum", "--protocol=prepared", "--jobs=2"]
        command += [f"--client={CONNECTIONS}", f"--time={max(1, round(seconds))}", f"--file={script.name}"]
        command += [f"--host={parts.host}", f"--port={parts.port}", f"--username={parts.username}"]
        told = subprocess.run(
            [*map(str, command), str(parts.database)],
            env={"PGPASSWORD": str(parts.password), "PATH": str(Path("/usr/bin"))},
            capture_output=True,
            text=True,
            check=False,
        )
    found = re.search(r"tps = ([0-9.]+)", told.stdout)
    if found is None:
        raise SystemExit(f"pgbench said:\n{told.stderr}")
    return float(found[1])
