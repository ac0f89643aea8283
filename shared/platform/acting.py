"""Who acts, said with the BEGIN of a transaction: a trip to the database of its own costs as much again."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import asyncpg

_BEGIN: Final = "BEGIN;"


class ActingConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection whose next transaction begins with settings that end with it."""

    _begin = _BEGIN

    def begin_with(self, settings: Mapping[str, str]) -> None:
        """Make these settings for the next transaction alone, by the names that PostgreSQL gives them.

        Where that transaction is never begun, whoever begins the next says so anew.
        """
        self._begin = _beginning(tuple(settings.items())) if settings else _BEGIN

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109
        """Run a statement; BEGIN goes with the settings that are waiting for it."""
        if query == _BEGIN:
            query, self._begin = self._begin, _BEGIN
        status: str = await super().execute(query, *args, timeout=timeout)
        return status


# Made once for each who acts, not for each transaction.
@lru_cache(maxsize=1_000)
def _beginning(settings: tuple[tuple[str, str], ...]) -> str:
    """Return BEGIN and the settings as one text: several statements can have no parameters.

    As hexadecimal digits, so that no value can end its own quotes, however the server reads a backslash.
    """
    made = (f"set_config({_literal(name)}, {_literal(value)}, true)" for name, value in settings)
    return f"{_BEGIN}SELECT {', '.join(made)}"


def _literal(value: str) -> str:
    return f"convert_from(decode('{value.encode().hex()}', 'hex'), 'UTF8')"
