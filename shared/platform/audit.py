"""Audit rows: who did, saw or was refused what, written in the transaction of the thing itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import utc_now
from shared.platform import log
from shared.platform.auth import Caller, CallerKind
from shared.platform.database import (
    LOCK_NOT_AVAILABLE,
    Sessions,
    is_away,
    schema_metadata,
    sqlstate,
    transaction,
)
from shared.platform.refusals import OnRefusal, Refusal
from shared.platform.writing import NewRow, add_together
from shared.problems import Unavailable
from shared.schemas.ids import new_id

metadata = schema_metadata("audit")

entry = Table(
    "entry",
    metadata,
    Column("audit_id", Uuid, primary_key=True, comment="Made in the service: its role may not read back."),
    Column("at", DateTime(timezone=True), nullable=False, comment="UTC, by the service's clock."),
    Column("service", Text, nullable=False),
    Column("actor_kind", Text, nullable=False, comment="client, staff or service."),
    Column("actor_id", Text, nullable=False, comment="Client id, staff id or service name."),
    Column("agency_id", Uuid, nullable=True, comment="The actor's agency."),
    Column("session_id", Uuid, nullable=True),
    Column("roles", ARRAY(Text), nullable=False, comment="Roles or scopes the actor held."),
    Column(
        "action", Text, nullable=False, comment="Past tense: referral.received, case.read, request.refused."
    ),
    Column("allowed", Text, nullable=False, comment="allow or deny."),
    Column("rule", Text, nullable=True, comment="For a refusal: status and code."),
    Column("subject_ids", ARRAY(Uuid), nullable=False, comment="Ids of every record touched or shown."),
    Column("facts", JSONB, nullable=False, comment="Codes and versions; never a word about a person."),
    Column("request_id", Text, nullable=False),
    Index("ix_entry_subject_ids", "subject_ids", postgresql_using="gin"),
    Index("ix_entry_at", "at"),
    comment="Every read, write and refusal. Roles may INSERT here and nothing else. Retention: audit.",
)


# A value, a constraint, a row that somebody else holds: where other rows go along, it is about one of them.
_ABOUT_OTHER_ROWS = ("22", "23", LOCK_NOT_AVAILABLE)


class NotAccountedFor(Unavailable):
    """The audit takes no row: what nobody can account for is neither shown nor done."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A service's hand in the audit."""

    service: str

    async def record(
        self,
        tx: AsyncSession,
        who: Caller,
        action: str,
        *,
        at: datetime,
        subjects: Iterable[UUID],
        facts: dict[str, Any] | None = None,
    ) -> None:
        """Write down that `who` did or saw something, in the same transaction as the thing itself.

        Args:
            action: a code in the past tense, `referral.received`.
            subjects: ids of every record touched or shown; for a list, all of them.
            facts: codes and versions worth keeping; never a name or a word about a person.

        Raises:
            NotAccountedFor: it could not be written down, so it must not happen either.
        """
        await _write(tx, self.entry(who, action, at=at, subjects=subjects, facts=facts))

    def entry(
        self,
        who: Caller,
        action: str,
        *,
        at: datetime,
        subjects: Iterable[UUID],
        facts: dict[str, Any] | None = None,
    ) -> NewRow:
        """Return what `record` writes, to be written together with what it tells of."""
        row = self._row(who, action, at) | {"subject_ids": list(subjects), "facts": facts or {}}
        return NewRow(entry, row)

    async def write(
        self, tx: AsyncSession, made: NewRow, *told_of: NewRow, claims: Sequence[NewRow] = ()
    ) -> NewRow | None:
        """Write an entry and the rows that it tells of in one trip to the database.

        Args:
            claims: as `add_together` takes them: one that is taken already keeps all the others out.

        Returns:
            That claim, or None when all was written.

        Raises:
            NotAccountedFor: as `record` does.
        """
        return await _write(tx, made, *told_of, claims=claims)

    def on_refusal(self, sessions: Sessions) -> OnRefusal:
        """Return the one function that records a refusal: in a transaction of its own, since the request's
        rolls back.
        """

        async def write(refusal: Refusal) -> None:
            async with transaction(sessions, refusal.caller.subject) as tx:
                await self.record_refusal(tx, refusal, at=utc_now())

        return write

    async def record_refusal(self, tx: AsyncSession, refusal: Refusal, *, at: datetime) -> None:
        """Write down that someone was refused; in the same transaction as what is kept of the request.

        Raises:
            NotAccountedFor: it could not be written down.
        """
        row = self._row(refusal.caller, "request.refused", at)
        ids = [found for value in refusal.path_ids.values() if (found := _uuid(value))]
        row |= {
            "allowed": "deny",
            "rule": f"{refusal.status} {refusal.code}",
            "subject_ids": ids,
            "facts": {"request": refusal.action},
        }
        await _write(tx, NewRow(entry, row))

    def _row(self, who: Caller, action: str, at: datetime) -> dict[str, Any]:
        return {
            "audit_id": new_id(),
            "at": at,
            "service": self.service,
            "actor_kind": who.kind,
            "actor_id": who.subject,
            "agency_id": who.agency_id,
            "session_id": who.session_id,
            "roles": sorted([*who.scopes, *who.roles]),
            "action": action,
            "allowed": "allow",
            "rule": None,
            "request_id": log.request_id.get() or "none",
        }


def system(service: str) -> Caller:
    """Return the caller that stands for a service acting by itself, on an event or a timer."""
    return Caller(CallerKind.SERVICE, service, service)


async def _write(
    tx: AsyncSession, made: NewRow, *told_of: NewRow, claims: Sequence[NewRow] = ()
) -> NewRow | None:
    try:
        return await add_together(tx, *told_of, made, claims=claims)
    except DBAPIError as error:
        if is_away(error) or (told_of and sqlstate(error).startswith(_ABOUT_OTHER_ROWS)):
            raise
        structlog.get_logger().error(
            "audit_refused_a_row", error_type=type(error).__name__, code=sqlstate(error)
        )
        raise NotAccountedFor from error


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
