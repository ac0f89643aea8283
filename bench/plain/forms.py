"""What the plain application reads and answers: the fields that the load sends."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field


class Referrer(BaseModel):
    """Who is worried."""

    name: str = Field(max_length=200)
    role: str = Field(max_length=200)
    source_code: str | None = Field(None, max_length=60)


class Address(BaseModel):
    """Where the child lives."""

    lines: list[str] = []
    town: str | None = Field(None, max_length=200)
    postcode: str | None = Field(None, max_length=60)


class Voice(BaseModel):
    """Whether the child was seen and what it said."""

    seen: bool
    views: str | None = Field(None, max_length=20_000)


class Child(BaseModel):
    """A child."""

    sender_child_reference: str | None = Field(None, max_length=60)
    given_name: str | None = Field(None, max_length=200)
    family_name: str | None = Field(None, max_length=200)
    date_of_birth: date | None = None
    sex: Literal["F", "M", "U"] | None = None
    nhs_number: str | None = Field(None, max_length=60)
    address: Address | None = None
    voice: Voice | None = None


class Concern(BaseModel):
    """What is feared."""

    indicator: str | None = Field(None, max_length=60)
    children: list[str] = []
    narrative: str = Field(max_length=20_000)


class ReferralIn(BaseModel):
    """What is sent."""

    sender_reference: str = Field(max_length=60)
    kind: Literal["referral", "enquiry"]
    immediate_danger: bool = False
    referrer: Referrer
    children: list[Child] = Field(min_length=1, max_length=20)
    concerns: list[Concern] = Field(min_length=1, max_length=50)


class AcceptedChild(BaseModel):
    """A child that was taken."""

    child_id: UUID
    sender_child_reference: str | None


class ReferralOut(BaseModel):
    """What the sender is told."""

    reference: str
    referral_id: UUID
    version: int
    received_at: datetime
    respond_by: datetime
    children: list[AcceptedChild]
    findings: list[str] = []
