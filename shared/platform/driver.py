"""Questions that the driver asks by itself, in the transaction of a session: for what is asked all day."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import asyncpg
from sqlalchemy import CompoundSelect, Select, literal, select
from sqlalchemy.dialects.postgresql import asyncpg as dialects
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.platform.database import begun_connection

# An engine's own dialect writes the same text: nothing that the server says of itself matters to a SELECT.
_DIALECT: Final = dialects.dialect()  # type: ignore[no-untyped-call]

_FIRST: Final = select(literal(1))


class Question:
    """A SELECT as SQLAlchemy writes it, that goes to the database past SQLAlchemy.

    That saves half of the time that a short question takes. Values are given, and rows come, in the types of
    the driver: an array is a list, a UUID a UUID, and jsonb must be cast to text.
    """

    def __init__(self, statement: Select[Any] | CompoundSelect[Any]) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self._text = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._own = compiled.params

    async def ask(self, tx: AsyncSession, given: Mapping[str, Any]) -> Sequence[Any]:
        """Return the rows.

        Args:
            given: values of parameters, by their names; of others it is the statement's own that counts.

        Raises:
            DBAPIError: as a session raises it, so that who ends the transaction knows what to answer.
        """
        # Once a transaction has a connection nothing is waited for, and going the way of those who wait takes
        # as long as a third of a short trip.
        pooled = begun_connection(tx) or (await tx.connection()).sync_connection
        driver: Any = pooled.connection.driver_connection if pooled else None
        if not driver.is_in_transaction():
            # BEGIN, with who acts, goes with the first statement of the session's own.
            await tx.execute(_FIRST)
        values = {**self._own, **given}
        try:
            rows: Sequence[Any] = await driver.fetch(self._text, *(values[name] for name in self._names))
        except asyncpg.PostgresError as error:
            raise _told(DBAPIError, error, is_lost=driver.is_closed()) from error
        except asyncpg.InterfaceError as error:
            raise _told(InterfaceError, error, is_lost=driver.is_closed()) from error
        return rows


def _told(kind: type[DBAPIError], error: Exception, *, is_lost: bool) -> DBAPIError:
    return kind(None, None, error, hide_parameters=True, connection_invalidated=is_lost)
