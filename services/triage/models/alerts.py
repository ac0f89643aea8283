"""The tables by which a Red child reaches a person: the alert, and how somebody was called about it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.cases import Case, CaseChild
from services.triage.models.schema import Table
from shared.schemas.ids import AlertId, CaseId, ChildId


class Alert(Table):
    """A Red child that a person must say they have seen."""

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)"
            " AND (acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)",
            name="acknowledged_by_somebody",
        ),
        Index("ix_alert_waiting", "raised_at", "alert_id", postgresql_where=text("acknowledged_at IS NULL")),
        Index("ix_alert_child", "child_id", "raised_at"),
        Index("ix_alert_case", "case_id"),
        {"comment": "Children graded Red, to be acknowledged within minutes. Retention: case."},
    )

    alert_id: Mapped[AlertId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    raised_at: Mapped[datetime]
    escalated_at: Mapped[datetime | None] = mapped_column(
        comment="When nobody had acknowledged it in time and the second contact's turn came."
    )
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text, comment="Name of the member of staff.")
    acknowledged_by_id: Mapped[str | None] = mapped_column(Text, comment="Staff id.")


class AlertPage(Table):
    """A call to somebody outside the hub about an alert: tried until it is taken or acknowledged."""

    __tablename__ = "alert_page"
    __table_args__ = (
        CheckConstraint("contact IN ('first', 'second')", name="contact"),
        Index("ix_alert_page_due", "next_try_at", postgresql_where=text("taken_at IS NULL")),
        {"comment": "Pages sent about Red children; they name nobody. Retention: case."},
    )

    alert_id: Mapped[AlertId] = mapped_column(ForeignKey(Alert.alert_id), primary_key=True)
    contact: Mapped[str] = mapped_column(Text, primary_key=True)
    tries: Mapped[int]
    next_try_at: Mapped[datetime] = mapped_column(
        comment="Not before; moved on by whoever claims it, so that a try that dies is made again."
    )
    taken_at: Mapped[datetime | None] = mapped_column(comment="When the gateway took it.")
    problem: Mapped[str | None] = mapped_column(Text, comment="Code of what kept the last try from it.")
