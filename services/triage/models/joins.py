"""The table of joins: which referral came to a case from one of its own, and whether that was undone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.cases import Case, Contact
from services.triage.models.schema import Table
from shared.schemas.ids import CaseId, JoinId, ReferralId


class CaseJoin(Table):
    """A referral that a person moved from its case to another. Rows are only added; one may be undone."""

    __tablename__ = "case_join"
    __table_args__ = (
        CheckConstraint("case_id <> from_case_id", name="two_cases"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (undone_by_id IS NULL)"
            " AND (undone_at IS NULL) = (undone_reason IS NULL)",
            name="undone_by_somebody",
        ),
        Index("ix_case_join_case", "case_id"),
        Index("ix_case_join_from", "from_case_id"),
        Index("ix_case_join_referral", "referral_id"),
        {"comment": "Referrals that joined another case, undone joins included. Retention: case."},
    )

    join_id: Mapped[JoinId] = mapped_column(primary_key=True)
    referral_id: Mapped[ReferralId] = mapped_column(ForeignKey(Contact.referral_id))
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id), comment="The case that it joined.")
    from_case_id: Mapped[CaseId] = mapped_column(
        ForeignKey(Case.case_id), comment="The case that it came from, and goes back to when undone."
    )
    reason: Mapped[str] = mapped_column(Text)
    joined_at: Mapped[datetime]
    joined_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    joined_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(Text, comment="Name of the member of staff.")
    undone_by_id: Mapped[str | None] = mapped_column(Text, comment="Staff id.")
    undone_reason: Mapped[str | None] = mapped_column(Text)
