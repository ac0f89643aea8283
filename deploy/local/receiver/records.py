"""What the receiver has been told, kept on disk: a call that was answered is never forgotten."""

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from deploy.local.files import PRIVATE_FOLDER
from shared.schemas.notices import Notice
from shared.schemas.outcomes import Outcome, WebhookData

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS record (
    number INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    called_at TEXT NOT NULL,
    reference TEXT,
    child TEXT,
    outcome TEXT,
    recorded_reference TEXT,
    recorded_at TEXT,
    acknowledged_at TEXT
);
CREATE TABLE IF NOT EXISTS notice (
    number INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    called_at TEXT NOT NULL,
    type TEXT,
    reference TEXT,
    read_at TEXT
);
"""
_SHOWN: Final = (
    "event_id", "reference", "child", "outcome", "recorded_reference", "recorded_at", "acknowledged_at"
)  # fmt: skip
_SHOWN_OF_NOTICES: Final = ("event_id", "type", "reference", "read_at")


class Records:
    """The records of one receiver, in the SQLite file at `path`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.row_factory = sqlite3.Row
        self._file.executescript(_TABLES)

    def take(self, call: WebhookData, *, at: datetime) -> None:
        """Note that the hub called about an outcome; the same call again changes nothing."""
        self._file.execute(
            "INSERT OR IGNORE INTO record (event_id, url, called_at) VALUES (?, ?, ?)",
            (str(call.event_id), call.url, at.isoformat()),
        )

    def take_notice(self, call: WebhookData, *, at: datetime) -> None:
        """Note that the hub called about a notice; the same call again changes nothing."""
        self._file.execute(
            "INSERT OR IGNORE INTO notice (event_id, url, called_at) VALUES (?, ?, ?)",
            (str(call.event_id), call.url, at.isoformat()),
        )

    def list_unread(self) -> list[tuple[str, str]]:
        """Return event id and address of the notices that are not read yet, oldest first."""
        rows = self._file.execute("SELECT event_id, url FROM notice WHERE read_at IS NULL ORDER BY number")
        return [(row["event_id"], row["url"]) for row in rows]

    def record_notice(self, notice: Notice, *, at: datetime) -> None:
        """Note what a notice is about, and that it was read: there is nothing to confirm."""
        self._file.execute(
            "UPDATE notice SET type = ?, reference = ?, read_at = ? WHERE event_id = ?",
            (notice.type, notice.reference, at.isoformat(), str(notice.event_id)),
        )

    def list_unfinished(self) -> list[tuple[str, str]]:
        """Return event id and address of what is not recorded and confirmed yet, oldest first."""
        rows = self._file.execute(
            "SELECT event_id, url FROM record WHERE acknowledged_at IS NULL ORDER BY number"
        )
        return [(row["event_id"], row["url"]) for row in rows]

    def record(self, outcome: Outcome, *, at: datetime) -> tuple[str, datetime]:
        """Record an outcome under a number of our own, once; return that number and when it was given."""
        self._file.execute(
            "UPDATE record SET reference = ?, child = ?, outcome = ?, recorded_at = ?,"
            " recorded_reference = printf('NORTHSHIRE-%s-%05d', ?, number)"
            " WHERE event_id = ? AND recorded_reference IS NULL",
            (
                outcome.reference,
                outcome.sender_child_reference,
                outcome.outcome,
                at.isoformat(),
                at.year,
                str(outcome.event_id),
            ),
        )
        row = self._file.execute(
            "SELECT recorded_reference, recorded_at FROM record WHERE event_id = ?", (str(outcome.event_id),)
        ).fetchone()
        return row["recorded_reference"], datetime.fromisoformat(row["recorded_at"])

    def finish(self, event_id: str, *, at: datetime) -> None:
        """Note that the hub has our confirmation."""
        self._file.execute(
            "UPDATE record SET acknowledged_at = ? WHERE event_id = ?", (at.isoformat(), event_id)
        )

    def list_all(self) -> list[dict[str, Any]]:
        """Return every record, oldest first: ids, references and codes, nothing about a child."""
        rows = self._file.execute(f"SELECT {', '.join(_SHOWN)} FROM record ORDER BY number")  # noqa: S608
        return [dict(row) for row in rows]

    def list_notices(self) -> list[dict[str, Any]]:
        """Return every notice, oldest first: ids, references and types."""
        columns = ", ".join(_SHOWN_OF_NOTICES)
        rows = self._file.execute(f"SELECT {columns} FROM notice ORDER BY number")  # noqa: S608
        return [dict(row) for row in rows]

    def close(self) -> None:
        """Close the file."""
        self._file.close()
