"""Access's tables: agencies, their client systems, staff, sessions, and what guards the door."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.platform import database
from shared.schemas.ids import AgencyId, SessionId, StaffId


class Table(database.Table):
    """A table of access's schema."""

    __abstract__ = True
    metadata = database.schema_metadata("access")


class Agency(Table):
    """An agency of the partnership."""

    __tablename__ = "agency"
    __table_args__ = (
        CheckConstraint(
            "sector IN ('police', 'health', 'education', 'social_care', 'other')", "sector_known"
        ),
        {"comment": "An agency of the partnership. Retention: directory."},
    )

    agency_id: Mapped[AgencyId] = mapped_column(primary_key=True)
    name: Mapped[str]
    sector: Mapped[str] = mapped_column(comment="police, health, education, social_care or other.")
    active: Mapped[bool] = mapped_column(comment="False shuts out its systems and its staff at once.")


class Client(Table):
    """A system that proves itself: a partner's, or one of the hub's own services."""

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("kind IN ('client', 'service')", "kind_known"),
        CheckConstraint("(kind = 'service') = (agency_id IS NULL)", "service_has_no_agency"),
        CheckConstraint(
            "(auth_method = 'private_key_jwt' AND jwks IS NOT NULL AND secret_digest IS NULL)"
            " OR (auth_method = 'client_secret_basic' AND jwks IS NULL AND secret_digest IS NOT NULL)",
            "proof_fits_method",
        ),
        {"comment": "A system that may ask for tokens. Retention: directory."},
    )

    client_id: Mapped[str] = mapped_column(primary_key=True, comment="For a service its name.")
    kind: Mapped[str] = mapped_column(comment="client (a partner's system) or service (the hub's own).")
    agency_id: Mapped[AgencyId | None] = mapped_column(ForeignKey(Agency.agency_id))
    name: Mapped[str] = mapped_column(comment="What the system is called on screen.")
    auth_method: Mapped[str] = mapped_column(comment="client_secret_basic or private_key_jwt.")
    jwks: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="Public keys, each with its kid."
    )
    secret_digest: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="SHA-256 of a secret of 256 random bits."
    )
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="All the client may ask for.")
    active: Mapped[bool] = mapped_column(comment="False refuses its tokens at once.")


class Staff(Table):
    """A person who may sign in."""

    __tablename__ = "staff"
    __table_args__ = ({"comment": "A person who may sign in. Retention: directory."},)

    staff_id: Mapped[StaffId] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True, comment="Lower case; what is typed at sign-in.")
    name: Mapped[str] = mapped_column(comment="As it stands under the decisions they sign.")
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey(Agency.agency_id))
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    password_hash: Mapped[str] = mapped_column(comment="Argon2id with its parameters and salt.")
    active: Mapped[bool] = mapped_column(comment="False ends every session at once.")


class Session(Table):
    """A member of staff, signed in at the console."""

    __tablename__ = "session"
    __table_args__ = ({"comment": "A signed-in member of staff. Retention: session."},)

    session_id: Mapped[SessionId] = mapped_column(primary_key=True)
    staff_id: Mapped[StaffId] = mapped_column(ForeignKey(Staff.staff_id), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column(comment="When the console last fetched a token for it.")
    expires_at: Mapped[datetime] = mapped_column(comment="However busy, it ends here.")
    ended_at: Mapped[datetime | None] = mapped_column(comment="Signed out.")


class SignInCode(Table):
    """What the browser carries from access's page to the console."""

    __tablename__ = "sign_in_code"
    __table_args__ = ({"comment": "A one-use code of 30 seconds. Retention: transient."},)

    code_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment="SHA-256 of the code.")
    session_id: Mapped[SessionId] = mapped_column(ForeignKey(Session.session_id))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Assertion(Table):
    """A client's assertion that has been used: the same one is not taken twice."""

    __tablename__ = "assertion"
    __table_args__ = ({"comment": "Assertions used, until they expire. Retention: transient."},)

    client_id: Mapped[str] = mapped_column(ForeignKey(Client.client_id), primary_key=True)
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInAttempt(Table):
    """A try with a password; it is written before the password is looked at and goes when it was right."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_username", "username_digest", "at"),
        {"comment": "Tries that failed or are under way, for slowing guesses. Retention: transient."},
    )

    attempt_id: Mapped[UUID] = mapped_column(primary_key=True)
    username_digest: Mapped[bytes] = mapped_column(
        LargeBinary, comment="SHA-256: people type passwords into the username field."
    )
    at: Mapped[datetime] = mapped_column(index=True)
