"""Rows of several tables added in one trip to the database: the trip costs more than what it carries."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Insert, Table, bindparam, insert
from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row on its way into a table: values by the names of columns; the database fills in the others."""

    table: Table
    values: dict[str, Any]


async def add_together(tx: AsyncSession, *rows: NewRow) -> None:
    """Add rows to different tables as one statement, `WITH ... AS (INSERT ...) INSERT ...`: all or none.

    None of them may need another to be there first, except by a foreign key.
    """
    statement = _adding(tuple((row.table, tuple(row.values)) for row in rows))
    values = {_name(row.table, column): value for row in rows for column, value in row.values.items()}
    await tx.execute(statement, values)


# Made once for each set of tables and columns, not for each call: that costs as much as the trip.
@lru_cache(maxsize=100)
def _adding(shapes: tuple[tuple[Table, tuple[str, ...]], ...]) -> Insert:
    *others, last = (
        insert(table)
        .inline()
        .values({column: bindparam(_name(table, column), type_=table.c[column].type) for column in columns})
        for table, columns in shapes
    )
    return last.add_cte(*(other.cte(f"add_{place}") for place, other in enumerate(others)))


def _name(table: Table, column: str) -> str:
    return f"{table.schema}_{table.name}_{column}"
