"""The only place that opens and ends a transaction."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

import asyncpg
import sqlalchemy
import structlog
from sqlalchemy import (
    Connection,
    DateTime,
    MetaData,
    Uuid,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Session

from shared.platform.acting import ActingConnection
from shared.platform.settings import DatabaseSettings
from shared.problems import Unavailable
from shared.schemas import ids

Sessions = async_sessionmaker[AsyncSession]

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: Each is safe only when it is on; a server with one of them off may forget what it acknowledged.
_MUST_BE_ON = ("fsync", "synchronous_commit", "full_page_writes")

#: How many statements a connection keeps ready.
_STATEMENTS = 1_000

# PostgreSQL going away, shutting down, or refusing more connections.
_AWAY = ("08", "57", "53")
_DEADLOCKED = ("40001", "40P01")
LOCK_NOT_AVAILABLE = "55P03"
#: What may be raised where a connection was asked for and there is none.
_NO_ANSWER = (DBAPIError, PoolTimeout, OSError, TimeoutError, asyncpg.PostgresError)


class Table(DeclarativeBase):
    """What every table is made of: typed ids are UUIDs, instants carry a zone, dicts are jsonb.

    Each service derives its own base with `metadata = schema_metadata("<service>")`.
    """

    __abstract__ = True
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        **dict.fromkeys(ids.ALL, Uuid),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def plain_table(model: type[Table]) -> sqlalchemy.Table:
    """Return the table of `model` for statements that the ORM keeps out of.

    Made once and given its row at each call, an insert into it costs half of what `insert(Model).values(row)`
    does: the ORM looks at every value, and a statement with values in it is read anew each time.
    """
    return cast("sqlalchemy.Table", model.__table__)


def schema_metadata(schema: str) -> MetaData:
    """Return the metadata of one service's schema, with names that migrations can rely on."""
    return MetaData(schema=schema, naming_convention=_NAMES)


class NotDurable(ConnectionError):
    """The database may forget what it acknowledged: worse than none, and treated as one that is away."""

    def __init__(self, setting: str) -> None:
        super().__init__(f"PostgreSQL has {setting} off: an acknowledged referral could be lost")


def create_engine(
    settings: DatabaseSettings, *, application_name: str, must_be_durable: bool = False
) -> AsyncEngine:
    """Return the engine of one process: a pool with bounded waits, and timeouts set on the server.

    Args:
        must_be_durable: whether a database that may forget is refused: at each new connection, since it may
            be away when the process starts, and come back with other settings.
    """
    milliseconds = {
        "statement_timeout": settings.statement_timeout,
        "lock_timeout": settings.lock_timeout,
        "idle_in_transaction_session_timeout": settings.statement_timeout * 4,
        # The reconciler takes it that no transaction is older than this: what it has not seen by then
        # was never committed.
        "transaction_timeout": settings.transaction_timeout,
    }
    engine = create_async_engine(
        settings.url,
        pool_size=settings.pool_size,
        max_overflow=0,
        # Parameters hold names and narratives; an error must never carry them into a log.
        hide_parameters=True,
        pool_timeout=settings.pool_acquire_timeout.total_seconds(),
        pool_pre_ping=False,
        connect_args={
            "connection_class": ActingConnection,
            # A service has some hundreds of statements; one that is not kept is prepared anew, a trip more.
            "prepared_statement_cache_size": _STATEMENTS,
            "timeout": settings.connect_timeout.total_seconds(),
            "command_timeout": settings.statement_timeout.total_seconds() * 2,
            "server_settings": {"application_name": application_name}
            | {name: str(int(value.total_seconds() * 1000)) for name, value in milliseconds.items()},
        },
    )
    # Whoever takes the connection next says who acts, or nobody does.
    event.listen(engine.sync_engine, "begin", _forget_who_acted)
    if must_be_durable:
        event.listen(engine.sync_engine, "connect", _refuse_forgetful)
    return engine


def _forget_who_acted(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    driver.begin_with({})


def _refuse_forgetful(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("SELECT " + ", ".join(f"current_setting('{name}')" for name in _MUST_BE_ON))
    values = cursor.fetchone()
    cursor.close()
    connection.rollback()
    for name, value in zip(_MUST_BE_ON, values, strict=True):
        if value == "off":
            structlog.get_logger().error("database_not_durable", reason=name)
            connection.close()
            raise NotDurable(name)


def create_sessions(engine: AsyncEngine) -> Sessions:
    """Return the maker of sessions; objects stay readable after the commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def transaction(
    sessions: Sessions, subject: str, *, lock_wait: timedelta | None = None
) -> AsyncIterator[AsyncSession]:
    """Run one transaction as `subject`: committed when the block ends, rolled back when it raises.

    Args:
        sessions: the maker of sessions of this process.
        subject: who acts, for the row policies of the database; set for this transaction alone, so that
            it never leaks to the next user of a pooled connection.
        lock_wait: how long a statement waits for a row that another transaction holds; as long as the
            settings say unless told.

    Raises:
        Unavailable: the database is away, too busy, or it is not known whether the commit went through.
            The caller may send the same request again.
    """
    try:
        # Left by an exception, the session is closed, which rolls back.
        async with sessions() as session:
            session.sync_session.info[_ACTING] = _settings_of(subject, lock_wait)
            yield session
            await session.commit()
    except PoolTimeout as error:
        raise Unavailable("The hub is busy. Send the same request again.") from error
    except (DBAPIError, InterfaceError) as error:
        if is_away(error):
            raise Unavailable from error
        raise
    except (ConnectionError, TimeoutError, asyncpg.PostgresConnectionError) as error:
        raise Unavailable from error


# Where a session keeps who acts until it has a connection to say it on.
_ACTING = "acting"
# Where it keeps the transaction that has a connection.
_BEGUN = "begun"


def _settings_of(subject: str, lock_wait: timedelta | None) -> dict[str, str]:
    if lock_wait is None:
        return {"hub.subject": subject}
    return {"hub.subject": subject, "lock_timeout": str(int(lock_wait.total_seconds() * 1000))}


def begun_connection(session: AsyncSession) -> Connection | None:
    """Return the connection of a transaction that has begun; None where it must be waited for."""
    own = session.sync_session
    has_begun = own.in_transaction() and own.info.get(_BEGUN) is own.get_transaction()
    return own.connection() if has_begun else None


@event.listens_for(Session, "after_begin")
def _say_who_acts(session: Session, begun: object, connection: Connection) -> None:
    session.info[_BEGUN] = begun
    if settings := session.info.pop(_ACTING, None):
        driver: Any = connection.connection.driver_connection
        driver.begin_with(settings)


def sqlstate(error: BaseException) -> str:
    """Return the SQLSTATE of a database error, or an empty string."""
    original = getattr(error, "orig", None)
    return str(getattr(original, "sqlstate", None) or "")


def is_away(error: DBAPIError) -> bool:
    """Say whether `error` speaks of the server or the connection rather than of the statement."""
    state = sqlstate(error)
    if error.connection_invalidated or state.startswith(_AWAY) or state in _DEADLOCKED:
        return True
    return isinstance(error, (InterfaceError, OperationalError)) and not state


async def require_durability(engine: AsyncEngine) -> None:
    """Refuse to start on a database that may forget what it acknowledged.

    One that is away does not keep a process from starting: it will be looked at when it is back.

    Raises:
        NotDurable: fsync, synchronous_commit or full_page_writes is off, and `engine` must be durable.
    """
    try:
        async with engine.connect():
            return
    except NotDurable:
        raise
    except _NO_ANSWER as error:
        structlog.get_logger().warning("database_away", reason=type(error).__name__)


async def answers(engine: AsyncEngine, *, within_seconds: float = 2.0) -> bool:
    """Say whether the database answers now."""
    try:
        async with asyncio.timeout(within_seconds), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except _NO_ANSWER:
        return False
    return True
