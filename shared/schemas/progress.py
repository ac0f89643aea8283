"""What a sender is told of its referral: that the hub has it, what is odd in it, and where it is."""

from datetime import datetime

from pydantic import Field

from shared.schemas.ids import AgencyId, ChildId, FurtherInformationId, ReferralId, WithdrawalId
from shared.schemas.referrals import ReferralIn
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale
from shared.schemas.words import Channel, FurtherInformationState, ReferralKind, Stage, WithdrawalState


class Finding(Answer):
    """Something odd or missing that did not stop the referral; please put it right when you can."""

    pointer: str = Field(description="Where in the document you sent.", examples=["#/children/0/nhs_number"])
    code: str = Field(description="Stable: program against this.", examples=["check_digit"])
    detail: str = Field(
        description="For a person.", examples=["Not a valid NHS number: kept, but not used to match."]
    )


class AcceptedChild(Answer):
    """The hub's id for a child you sent."""

    child_id: ChildId
    sender_child_reference: str | None = Field(examples=["c1"])


class ReferralAccepted(Answer):
    """The hub has your referral, and owes you an answer by `respond_by`."""

    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    referral_id: ReferralId
    version: int = Field(examples=[1])
    received_at: datetime = Field(description="When this version arrived.")
    respond_by: datetime = Field(
        description="When you will have been answered at the latest; a later version does not move it."
    )
    children: list[AcceptedChild]
    findings: list[Finding] = Field(description="Odd or missing things; none of them held the referral back.")
    advice: str | None = Field(
        None,
        description="What to do now, when a child is in danger.",
        examples=["If the child is in danger now and nobody has rung 999: do it now."],
    )


class Gap(Answer):
    """One thing that the sender is asked for."""

    pointer: str | None = Field(
        description="Where in the document it would stand; null for something at large.",
        examples=["#/children/0/voice"],
    )
    question: str = Field(examples=["Did anyone speak with Maisie on her own?"])


class FurtherInformation(Answer):
    """A request for more, beside the referral and never in its way: the hub decides without it if need be."""

    request_id: FurtherInformationId
    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    sender_reference: str | None = Field(examples=["SYP-2026-114226"])
    version: int = Field(description="The version it was asked about.", examples=[1])
    gaps: list[Gap]
    text: str | None = Field(
        description="Words to the sender.", examples=["Please ring the officer who was there."]
    )
    requested_at: datetime
    requested_by: str = Field(description="Who asks.", examples=["Omar Khan"])
    due_at: datetime
    state: FurtherInformationState
    answered_version: int | None = Field(None, description="The version that answered it.", examples=[2])
    closed_at: datetime | None = Field(None, description="When it was answered, or lapsed.")


class FurtherInformationAsked(FurtherInformation):
    """A request for more, as the hub's own services read it."""

    referral_id: ReferralId
    agency_id: AgencyId


class WithdrawalForm(Form):
    """A wish to take a referral back. The hub decides; until it has, the referral stands."""

    reason: Rationale = Field(
        description="Why, in your own words.", examples=["Sent in error: another family."]
    )


class Withdrawal(Answer):
    """A wish to take a referral back, and what became of it."""

    withdrawal_id: WithdrawalId
    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    reason: str = Field(examples=["Sent in error: another family."])
    requested_at: datetime
    state: WithdrawalState
    decided_at: datetime | None = None
    decision_reason: str | None = Field(
        None,
        description="The hub's words to you.",
        examples=["Agreed. The child's record keeps what was sent."],
    )


class WithdrawalAsked(Withdrawal):
    """A wish to take a referral back, as the hub's staff and services read it."""

    referral_id: ReferralId
    agency_id: AgencyId
    sender_reference: str | None = Field(examples=["SYP-2026-114226"])


class WithdrawalDecisionForm(Form):
    """The hub's answer to a sender who wants its referral back."""

    agreed: bool = Field(description="Whether the referral is treated as taken back.", examples=[False])
    reason: Rationale = Field(
        description="Why; the sender reads it.", examples=["The worry stands whoever noticed it."]
    )


class VersionForm(Form):
    """A correction, or an answer to a request for more: the whole referral as you would send it today."""

    reason: Rationale = Field(
        description="What is new or was wrong.", examples=["The school has given us the new address."]
    )
    answers_request_id: FurtherInformationId | None = Field(
        None,
        description="The request for further information that this answers, if it does.",
        examples=["0198f0a0-0000-7000-8000-00000000e001"],
    )
    referral: ReferralIn = Field(
        description="The whole of it, with the same `child_id` or `sender_child_reference` for each child."
    )


class VersionSummary(Answer):
    """One version of a referral, without its words."""

    version: int = Field(examples=[2])
    received_at: datetime
    channel: Channel
    reason: str | None = Field(description="Null for the first.", examples=["New address."])
    changed: list[str] = Field(
        description="Pointers to what differs from the version before.", examples=[["#/children/0/address"]]
    )
    findings: list[Finding]


class ReferralProgress(Answer):
    """Where a referral is, and what was asked of its sender."""

    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    referral_id: ReferralId
    sender_reference: str | None = Field(examples=["SYP-2026-114226"])
    agency_id: AgencyId = Field(description="The agency that sent it.")
    kind: ReferralKind
    channel: Channel = Field(description="How its first version came.")
    immediate_danger: bool
    version: int = Field(examples=[1])
    received_at: datetime = Field(description="When the first version arrived.")
    respond_by: datetime
    stage: Stage
    held_by: str = Field(
        description="Who holds it now.", examples=["The hub: agencies asked, decision to come"]
    )
    children: list[AcceptedChild]
    findings_count: int = Field(description="Odd or missing things in its newest version.", examples=[2])
    further_information: list[FurtherInformation] = Field(
        default=[], description="What was asked of you, the newest first."
    )
    withdrawal: Withdrawal | None = None


class ReferralVersion(Answer):
    """One version of a referral in full, to those who sent it and to the staff who work with it."""

    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    referral_id: ReferralId
    version: int = Field(examples=[1])
    received_at: datetime
    channel: Channel
    recorded_by: str | None = Field(
        None, description="For a contact by telephone: who wrote it down.", examples=["Dana Reid"]
    )
    reason: str | None = Field(None, description="Why this version was sent.", examples=["New address."])
    changed: list[str] = Field(default=[], examples=[["#/children/0/address"]])
    children: list[AcceptedChild] = Field(description="In the order of `document.children`.")
    document: ReferralIn
    findings: list[Finding]


class ReferralDocument(Answer):
    """A referral as the hub's own services read it."""

    referral_id: ReferralId
    version: int
    reference: str
    agency_id: AgencyId
    received_at: datetime
    respond_by: datetime
    children: list[AcceptedChild] = Field(
        description="In the order of `document.children`; after them any whom a later version left out."
    )
    document: ReferralIn
    findings: list[Finding]


class ReferralRestriction(Answer):
    """Whether somebody in a referral is restricted, so that only whom a manager names may read it."""

    referral_id: ReferralId
    restricted: bool


class ReferralSender(Answer):
    """Who is to be answered about a referral, and the names they gave things. No word about the child."""

    referral_id: ReferralId
    reference: str
    sender_reference: str | None
    agency_id: AgencyId
    received_at: datetime
    children: list[AcceptedChild]
