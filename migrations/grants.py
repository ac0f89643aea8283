"""Which role may do what, set anew after every migration: the table below is the whole truth."""

from sqlalchemy.ext.asyncio import AsyncConnection

from migrations.metadata import ROLES, SERVICES, WITH_EVENTS
from shared.platform.resending import READS


async def grant_all(connection: AsyncConnection) -> None:
    """Take every right from the hub's roles, then give each its own."""
    for statement in (*_revocations(), *_grants()):
        await connection.exec_driver_sql(statement)


def _revocations() -> list[str]:
    roles = ", ".join(ROLES)
    schemas = (*SERVICES, "audit", "reconciler", "public")
    return [
        statement
        for schema in schemas
        for statement in (
            f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {roles}",
            f"REVOKE ALL ON SCHEMA {schema} FROM {roles}, PUBLIC",
        )
    ]


def _grants() -> list[str]:
    statements = [statement for service in SERVICES for statement in _of_service(service)]
    statements += _whole_schema("reconciler", "hub_reconciler")
    for service in WITH_EVENTS:
        statements.append(f"GRANT USAGE ON SCHEMA {service} TO hub_reconciler")
        statements += [
            f"GRANT SELECT ({', '.join(columns)}) ON {service}.{table} TO hub_reconciler"
            for table, columns in READS.items()
        ]
    return statements


def _of_service(service: str) -> list[str]:
    role = f"hub_{service}"
    return [
        *_whole_schema(service, role),
        f"GRANT USAGE ON SCHEMA audit TO {role}",
        f"GRANT INSERT ON audit.entry TO {role}",
    ]


def _whole_schema(schema: str, role: str) -> list[str]:
    return [
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    ]
