"""Restricted cases: to whom they are open by name, and who opened one in an emergency."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from shared.schemas.ids import AccessId, CaseId, StaffId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale, storable
from shared.schemas.words import Rag


class AccessKind(StrEnum):
    """How a restricted case came to be open to somebody."""

    NAMED = "named"
    EMERGENCY = "emergency"


class AccessForm(Form):
    """Who is to work on a restricted case, and why it is this person."""

    staff_id: StaffId = Field(
        description="A member of the hub's staff who decides, audits practice or coordinates early help."
    )
    reason: Rationale = Field(examples=["Knows neither the family nor anybody at the school."])


class EmergencyForm(Form):
    """Why a restricted case cannot wait for a manager."""

    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=20, max_length=20_000),
        AfterValidator(storable),
    ] = Field(
        description="A manager reads it: at least 20 characters.",
        examples=["Police are at the door now and no manager answers the telephone."],
    )


class AccessLookForm(Form):
    """What a manager found when looking at an opening in an emergency."""

    words: Rationale = Field(examples=["Right: the child was moved that night."])


class AccessView(Answer):
    """Somebody to whom a restricted case is or was open."""

    access_id: AccessId
    case_id: CaseId
    kind: AccessKind
    staff_id: StaffId
    staff_name: str = Field(examples=["Dana Reid"])
    reason: str = Field(examples=["Knows neither the family nor anybody at the school."])
    given_at: datetime
    given_by: str = Field(examples=["Priya Nair"])
    expires_at: datetime | None = Field(description="Null: until a manager takes it back.")
    ended_at: datetime | None
    ended_by: str | None = Field(examples=["Priya Nair"])
    looked_at: datetime | None = Field(description="When a manager looked at an opening in an emergency.")
    looked_by: str | None = Field(examples=["Priya Nair"])
    looked_words: str | None = Field(examples=["Right: the child was moved that night."])
    in_a_day: int | None = Field(
        None,
        description="Of an opening in an emergency: how many this person made within a day, this one"
        " included. More than three call for a conversation; none is refused.",
        examples=[1],
    )


class CaseAccesses(Answer):
    """Whether a case is restricted, and to whom besides managers it is or was open."""

    case_id: CaseId
    restricted: bool
    items: list[AccessView] = Field(description="The newest first.")


class ReaderOfReferral(Answer):
    """Whether a referral is restricted, and open to a member of staff by name or in an emergency."""

    restricted: bool
    open: bool


class RestrictedWaiting(Answer):
    """A restricted case in which a child waits: only that it is there, and how much it presses."""

    case_id: CaseId
    rag: Rag
    decide_by: datetime
