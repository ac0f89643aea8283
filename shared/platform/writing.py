"""Rows of several tables added in one trip to the database: the trip costs more than what it carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Executable, Table, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

_Shape = tuple[Table, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row on its way into a table: values by the names of columns; the database fills in the others."""

    table: Table
    values: dict[str, Any]

    @property
    def shape(self) -> _Shape:
        """The table and the columns: what a statement is made from, whatever the values."""
        return self.table, tuple(self.values)


async def add_together(tx: AsyncSession, *rows: NewRow, claims: Sequence[NewRow] = ()) -> NewRow | None:
    """Add rows, to one table or several, as one statement: all of them or none.

    Args:
        claims: rows that are added before, one after the other, each if there is none with its key yet.
            Where there is, nothing after it is added: neither the claims that follow nor `rows`.

    Returns:
        The claim whose key was taken already, or None when all was added.
    """
    shapes = tuple(claim.shape for claim in claims), tuple(row.shape for row in rows)
    statement = _adding(*shapes)
    values = {
        _name(place, column): value
        for place, row in enumerate((*claims, *rows))
        for column, value in row.values.items()
    }
    added = (await tx.execute(statement, values)).one()
    return next((claim for claim, count in zip(claims, added, strict=False) if not count), None)


# Made once for each set of tables and columns, not for each call: that costs as much as the trip.
@lru_cache(maxsize=100)
def _adding(claims: tuple[_Shape, ...], rows: tuple[_Shape, ...]) -> Executable:
    """Return `WITH claim AS (INSERT ...), row AS (INSERT ... SELECT ... FROM claim) SELECT ...`.

    Each part adds as many rows as the one before it gave, which is one or none: so nothing is added after a
    claim that is taken.
    """
    parts: list[CTE] = []
    for place, shape in enumerate(claims):
        taking = _insert(shape, place, after=parts[-1:]).on_conflict_do_nothing()
        parts.append(taking.returning(literal_column("1")).cte(f"claim_{place}"))
    first = len(claims)
    adding = [
        _insert(shape, place, after=parts[-1:]).cte(f"row_{place}") for place, shape in enumerate(rows, first)
    ]
    counts = [select(func.count()).select_from(claim).scalar_subquery() for claim in parts]
    return select(*counts, literal_column("1")).add_cte(*adding)


def _insert(shape: _Shape, place: int, *, after: Sequence[CTE]) -> Insert:
    table, columns = shape
    values = (bindparam(_name(place, column), type_=table.c[column].type) for column in columns)
    return insert(table).from_select(columns, select(*values).select_from(*after))


def _name(place: int, column: str) -> str:
    return f"{column}_{place}"
