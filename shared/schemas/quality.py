"""The look at the quality of what an agency sent: beside the child's own way through the hub, never in it."""

from datetime import datetime
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas.ids import AgencyId, ReferralId
from shared.schemas.progress import Finding, FurtherInformation
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Code, Narrative, Rationale
from shared.schemas.times import Instant
from shared.schemas.words import QualityState, QualityVerdict


class GapForm(Form):
    """One thing to ask the sender for."""

    pointer: Code | None = Field(
        None, description="Where in the document it would stand.", examples=["#/children/0/voice"]
    )
    question: Rationale = Field(
        description="The question, as the sender will read it.",
        examples=["Did anyone speak with Maisie on her own?"],
    )


class QualityCheckForm(Form):
    """What a representative makes of a referral of its own agency."""

    verdict: QualityVerdict = Field(examples=["further_information"])
    version: int = Field(ge=1, lt=2**31, description="The version that was looked at.", examples=[1])
    gaps: tuple[GapForm, ...] = Field(
        (), max_length=20, description="What is asked for; at least one when something is."
    )
    text: Narrative | None = Field(
        None, description="Words to the sender.", examples=["Please ring the officer who was there."]
    )
    due_at: Instant | None = Field(
        None,
        description="By when; left out, the hub's own time. The child's clock does not wait for it.",
        examples=["2026-11-23T12:00:00Z"],
    )

    @model_validator(mode="after")
    def _asking_takes_a_question(self) -> Self:
        if self.verdict is QualityVerdict.FURTHER_INFORMATION and not self.gaps:
            raise PydanticCustomError("gap_missing", "Name at least one thing to ask for.")
        asks = self.gaps or self.text is not None or self.due_at is not None
        if self.verdict is QualityVerdict.CONTENT and asks:
            raise PydanticCustomError("gap_not_allowed", "Whoever is content asks for nothing.")
        return self


class QualityCheck(Answer):
    """One referral on an agency's quality queue."""

    referral_id: ReferralId
    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    sender_reference: str | None = Field(examples=["SYP-2026-114226"])
    agency_id: AgencyId
    version: int = Field(examples=[1])
    received_at: datetime
    immediate_danger: bool
    state: QualityState
    findings: list[Finding]
    looked_at: datetime | None = None
    looked_at_by: str | None = Field(None, examples=["Omar Khan"])
    further_information: FurtherInformation | None = Field(
        None, description="What was asked about this version, if anything."
    )


class QualityCount(Answer):
    """How an agency's referrals fared in a span of days."""

    agency_id: AgencyId
    referrals: int = Field(description="First versions received.", examples=[120])
    looked_at: int = Field(description="Versions that a representative looked at.", examples=[100])
    requests: int = Field(description="Requests for further information.", examples=[18])
    answered: int = Field(examples=[12])
    not_answered: int = Field(description="Asked, and the time ran out.", examples=[3])
