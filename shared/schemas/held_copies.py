"""Copies of referrals that were refused: a worry in the wrong shape is still a worry."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.schemas.ids import AgencyId, HeldCopyId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale
from shared.schemas.words import HeldCopyState


class HeldCopy(Answer):
    """A refused referral on the work list: who sent it and why it was refused, not what it says."""

    held_copy_id: HeldCopyId
    agency_id: AgencyId | None
    client_name: str = Field(
        description="The system that sent it.", examples=["Northshire Police records system"]
    )
    request: str = Field(description="Method and route.", examples=["POST /v1/referrals"])
    first_sent_at: datetime
    last_sent_at: datetime
    times_sent: int = Field(description="How often the very same was sent and refused.", examples=[3])
    status: int = Field(examples=[422])
    code: str = Field(description="Why it was refused.", examples=["invalid"])
    immediate_danger: bool = Field(description="It says that a child is in danger, as far as it can be read.")
    size_bytes: int = Field(examples=[3120])
    state: HeldCopyState
    opened_by: str | None = Field(None, examples=["Dana Reid"])
    opened_at: datetime | None = None
    settled_by: str | None = Field(None, examples=["Dana Reid"])
    settled_at: datetime | None = None
    settled_reason: str | None = Field(None, examples=["Taken up by telephone."])
    reference: str | None = Field(
        None, description="The referral it lives on as.", examples=["SH-7K3QX9MA-9"]
    )


class OpeningForm(Form):
    """Why a member of staff reads a held copy."""

    reason: Rationale = Field(examples=["On the list: it says that a child is in danger."])


class OpenedCopy(HeldCopy):
    """A held copy with what was sent."""

    content: str = Field(
        description="What was sent, as text; bytes that are no text are shown as replacement characters.",
        examples=['{"kind": "referral", "concerns": []}'],
    )
    path: str | None = Field(
        None,
        description="Where it was sent: a later version or a withdrawal names its referral here.",
        examples=["/v1/referrals/SH-7K3QX9MA-9/versions"],
    )
    errors: list[str] = Field(
        default=[],
        description="Where it was not acceptable, as told to the sender.",
        examples=[["#/kind: This is required."]],
    )


class SettlementForm(Form):
    """What became of a held copy that needs no referral of its own."""

    state: Literal["set_aside", "taken_up"] = Field(
        description="`taken_up` names the referral it lives on as; `set_aside` says why nothing is needed.",
        examples=["set_aside"],
    )
    reason: Rationale = Field(examples=["The same referral came in the right shape two minutes later."])
    reference: str | None = Field(
        None, max_length=40, description="With `taken_up`.", examples=["SH-7K3QX9MA-9"]
    )
