"""Persons and truth as CSV tables hold them; odd values are read for what they are worth."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from services.intake.matching.names import says_baby
from services.intake.matching.person import Description, Person, read_person
from services.intake.matching.turning import set_right

COLUMNS: Final = (
    *("id", "given_name", "family_name", "date_of_birth", "nhs_number"),
    *("address_line", "town", "postcode", "sex"),
)
TRUTH_COLUMNS: Final = ("left_id", "right_id")
#: Of ten-digit numbers drawn at random one in eleven passes: with fewer than this the column holds others.
_FEWEST_THAT_PASS: Final = 0.25

#: One in so many dates may be years too late by a slip of the hand.
_SLIPS: Final = 500


class Row(NamedTuple):
    """One line of a table of persons."""

    id: str
    told: Description


class TableFault(ValueError):
    """A table lacks what it must have; the sentence says what, without a value of it."""


def read_rows(lines: Iterable[str], name: str) -> list[Row]:
    """Return the persons of a table.

    Args:
        lines: of CSV, with a heading; columns that are not known are left alone.
        name: what the table is called in a fault.

    Raises:
        TableFault: a column is missing, no line follows the heading, or two persons have one id.
    """
    rows = []
    for cells in _cells(lines, COLUMNS, name):
        told = Description(
            given_name=cells["given_name"],
            family_name=cells["family_name"],
            date_of_birth=cells["date_of_birth"],
            nhs_number=cells["nhs_number"],
            address_line=cells["address_line"],
            town=cells["town"],
            postcode=cells["postcode"],
            sex=cells["sex"],
        )
        rows.append(Row(cells["id"], told))
    if not rows:
        raise TableFault(
            f"{name} holds no persons. Give a file with a line for each person under its heading."
        )
    _have_ids_of_their_own(rows, name)
    return rows


def _have_ids_of_their_own(rows: Sequence[Row], name: str) -> None:
    ids = [row.id for row in rows if row.id]
    if repeated := len(ids) - len(set(ids)):
        raise TableFault(
            f"{name} has {repeated} lines with an id that stands on a line before. Give each line its own id:"
            " the truth names people by it."
        )


def read_truth(lines: Iterable[str], name: str) -> list[tuple[str, str]]:
    """Return the pairs of ids that are one person.

    Raises:
        TableFault: a column is missing.
    """
    return [(cells["left_id"], cells["right_id"]) for cells in _cells(lines, TRUTH_COLUMNS, name)]


def _cells(lines: Iterable[str], columns: Sequence[str], name: str) -> Iterator[dict[str, str]]:
    # A stray NUL would end the reading; nobody's name has one.
    reader = csv.reader(line.replace("\0", "") for line in lines)
    try:
        heading = [cell.strip().lstrip("\ufeff").casefold() for cell in next(reader, [])]
        missing = [column for column in columns if column not in heading]
        if missing:
            raise TableFault(
                f"{name} has no column {', '.join(missing)}. Its heading must name {', '.join(columns)};"
                " the fields below may be empty."
            )
        places = {column: heading.index(column) for column in columns}
        for row in reader:
            if any(cell.strip() for cell in row):
                yield {column: row[at].strip() if at < len(row) else "" for column, at in places.items()}
    except csv.Error as fault:
        raise TableFault(f"{name} is no CSV that can be read: {fault}. Save it as CSV in UTF-8.") from fault


def persons_of(*tables: Sequence[Row]) -> tuple[list[Person], ...]:
    """Return the persons of tables that are held against each other.

    Where hardly any of the NHS numbers passes its check, the column holds some other identifier, and all of
    it is taken as it stands.
    """
    read = tuple([read_person(row.told) for row in table] for table in tables)
    valid = sum(bool(person.number) for people in read for person in people)
    filled = sum(bool(row.told.nhs_number) for table in tables for row in table)
    if filled and valid < filled * _FEWEST_THAT_PASS:
        read = tuple([read_person(row.told, any_identifier=True) for row in table] for table in tables)
    newest = _newest_of(read)
    dated = (
        [_dated(*pair, newest) for pair in zip(*two, strict=True)] for two in zip(tables, read, strict=True)
    )
    return set_right(*dated)


def _newest_of(tables: Iterable[Iterable[Person]]) -> str:
    """Return the date of birth of about the youngest, past which dates are slips."""
    born = sorted(person.born for people in tables for person in people if person.born)
    return born[-1 - len(born) // _SLIPS] if born else ""


def _dated(row: Row, person: Person, newest: str) -> Person:
    """Return a child without name and date as one that was a baby when the tables were written."""
    if person.born or not person.is_unnamed:
        return person
    return person._replace(newborn_by=newest, is_due=says_baby(row.told.given_name))
