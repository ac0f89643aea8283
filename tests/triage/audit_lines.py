"""Audit rows as a test reads them back, under a role that services do not have."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.postgres import PostgresServer


async def lines_of_action(server: PostgresServer, action: str, subject: UUID) -> list[tuple[Any, ...]]:
    """Return who did something to a subject, to what else, and the facts kept of it; oldest first."""
    engine = create_async_engine(server.url)
    async with engine.connect() as connection:
        query = text(
            "SELECT actor_id, subject_ids, facts FROM audit.entry"
            " WHERE action = :action AND :subject = ANY(subject_ids) ORDER BY at"
        )
        found = await connection.execute(query, {"action": action, "subject": subject})
        lines = [tuple(row) for row in found]
    await engine.dispose()
    return lines
