"""Which referrals are restricted, as intake says, and to whom they are open all the same."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.cases import Case
from services.triage.models.schema import Table
from shared.schemas.ids import AccessId, CaseId, ReferralId, StaffId


class ReferralRestriction(Table):
    """Whether somebody in a referral is restricted, as intake said last.

    It stands with the referral and not with a case, so that it goes where the referral goes, and it may be
    known before the referral has a case.
    """

    __tablename__ = "referral_restriction"
    __table_args__ = (
        Index(
            "ix_referral_restriction_restricted",
            "referral_id",
            postgresql_where=text("is_restricted"),
        ),
        {"comment": "Referrals in which somebody is restricted, or was. Retention: case."},
    )

    referral_id: Mapped[ReferralId] = mapped_column(
        primary_key=True, comment="It may have no case yet: events come in any order."
    )
    is_restricted: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(
        comment="When intake was asked; what is older changes nothing."
    )


class CaseAccess(Table):
    """Somebody to whom a restricted case is open: named by a manager, or by themselves in an emergency."""

    __tablename__ = "case_access"
    __table_args__ = (
        CheckConstraint("kind IN ('named', 'emergency')", name="kind"),
        CheckConstraint("(kind = 'emergency') = (expires_at IS NOT NULL)", name="emergency_runs_out"),
        CheckConstraint(
            "(looked_at IS NULL) = (looked_by IS NULL) AND (looked_at IS NULL) = (looked_by_id IS NULL)"
            " AND (looked_at IS NULL) = (looked_words IS NULL)",
            name="looked_by_somebody",
        ),
        Index("ix_case_access_case", "case_id", "given_at"),
        Index("ix_case_access_staff", "staff_id", "given_at"),
        Index(
            "ix_case_access_to_look_at",
            "given_at",
            postgresql_where=text("kind = 'emergency' AND looked_at IS NULL"),
        ),
        {"comment": "To whom restricted cases are or were open, and why. Retention: case."},
    )

    access_id: Mapped[AccessId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id), comment="As it was opened.")
    referral_ids: Mapped[list[Any]] = mapped_column(
        comment="The referrals of the case then: to these it is open, wherever they are joined to."
    )
    kind: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[StaffId] = mapped_column(comment="To whom.")
    staff_name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]
    given_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    given_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(comment="When a manager took it back.")
    ended_by: Mapped[str | None] = mapped_column(Text, comment="Name of the member of staff.")
    ended_by_id: Mapped[str | None] = mapped_column(Text, comment="Staff id.")
    looked_at: Mapped[datetime | None] = mapped_column(
        comment="When a manager looked at an opening in an emergency."
    )
    looked_by: Mapped[str | None] = mapped_column(Text, comment="Name of the member of staff.")
    looked_by_id: Mapped[str | None] = mapped_column(Text, comment="Staff id.")
    looked_words: Mapped[str | None] = mapped_column(Text)
