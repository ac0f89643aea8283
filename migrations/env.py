"""How Alembic reaches the database: the connection is handed in, the schemas are ours alone."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, text

from migrations.metadata import METADATA, SCHEMAS


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return name in SCHEMAS if kind == "schema" else True


def _is_asked_for(item: Any, _name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Leave out other schemas when a migration is written for one."""
    asked: str | None = context.config.attributes.get("schema")
    return asked is None or kind != "table" or item.schema == asked


def _upgrade(connection: Connection) -> None:
    # A migration that cannot have its lock soon gives up, rather than queueing every referral behind it.
    connection.execute(text("SET lock_timeout = '2s'"))
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_schemas=True,
        include_name=_is_ours,
        include_object=_is_asked_for,
        version_table="migration",
        version_table_schema="public",
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


_upgrade(context.config.attributes["connection"])
