"""The table of published threshold policies."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.schema import Table


class Policy(Table):
    """A published threshold policy. Never changed after."""

    __tablename__ = "policy"
    __table_args__ = (
        {"comment": "Published threshold policies; a version never changes. Retention: forever."},
    )

    version: Mapped[str] = mapped_column(Text, primary_key=True)
    document: Mapped[str] = mapped_column(Text, comment="The YAML text, as published.")
    published_at: Mapped[datetime]
    published_by: Mapped[str] = mapped_column(Text)
