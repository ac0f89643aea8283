"""What the door is held against on the same server: pgbench and a plain application, with the same rows."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bench.plain.tables import SCHEMA, Base
from deploy.local.cluster import program

CONNECTIONS = 16

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
    immediate_danger, received_at, respond_by, channel, changed, children, document, findings)
VALUES (gen_random_uuid(), 1, 'SH-' || gen_random_uuid(), gen_random_uuid(), 'example-primary',
        (:n::bigint)::text, 'referral', false, now(), now(), 'api', '[]', '[{"child_id": null}]',
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


async def make_room(url: str) -> None:
    """Make tables like the hub's own, with their indexes, that nobody listens to."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        for table in Base.metadata.sorted_tables:
            own = "audit" if table.name == "entry" else "intake"
            like = f"CREATE TABLE {SCHEMA}.{table.name} (LIKE {own}.{table.name} INCLUDING ALL)"
            await connection.execute(text(like))
    await engine.dispose()


def pgbench(url: str, seconds: float) -> float:
    """Return how many times a second pgbench commits the rows of one referral."""
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


def plain_environment(url: str, port: int) -> dict[str, str]:
    """Return what the plain application is told: the migrator's database and a port of its own."""
    return {**os.environ, "PLAIN_DATABASE_URL": url, "PLAIN_PORT": str(port)}
