"""A look at a referral before it is sent: what is missing, what would probably come of it, what to do now."""

from datetime import datetime

from pydantic import Field

from shared.schemas.ids import AgencyId, CheckReceiptId
from shared.schemas.policy import FiredRule
from shared.schemas.progress import Finding, Gap
from shared.schemas.referrals import ReferralDraft
from shared.schemas.shapes import Answer, Form
from shared.schemas.words import Pathway, Rag


class EvaluationForm(Form):
    """A draft that intake asks triage about. Nothing of it is stored."""

    referral: ReferralDraft


class ChildEvaluation(Answer):
    """What the policy would say of one child on what the draft says alone."""

    place: int = Field(description="The child's place in the draft, from 0.", examples=[0])
    sender_child_reference: str | None = Field(None, examples=["c1"])
    level: int | None = Field(
        description="1 to 4; null: the policy cannot say, a person would.", examples=[2]
    )
    pathway: Pathway | None
    rag: Rag
    rules: list[FiredRule] = Field(description="Which rules of the published policy would speak, and why.")
    missing: list[str] = Field(
        description="What is not known that could change it.",
        examples=[["Your own agency's level of concern for this child, 0 to 5, and why."]],
    )


class Evaluation(Answer):
    """The policy's view of a draft."""

    policy_version: str = Field(examples=["hub-2026-1"])
    children: list[ChildEvaluation]


class ReferralCheck(Answer):
    """What the hub makes of a draft. It never says that you should not send it."""

    receipt_id: CheckReceiptId = Field(
        description="Names nobody. Send it with the referral as `check_receipt_id`, or say it when you ring."
    )
    checked_at: datetime
    telephone: str = Field(description="Ring it at any point.", examples=["01632 960100"])
    safety: list[str] = Field(
        description="Read this first: what to do before anything else, and what not to do yet.",
        examples=[["Do not tell the family yet. Ring the hub first."]],
    )
    gaps: list[Gap] = Field(description="What a referral still needs, with the question to ask yourself.")
    findings: list[Finding] = Field(description="Odd or missing things; none would hold the referral back.")
    likely: list[ChildEvaluation] | None = Field(
        description="The likely answer for each child; null while that part of the hub is away."
    )
    policy_version: str | None = Field(None, examples=["hub-2026-1"])
    what_to_do_now: list[str] = Field(
        description="Steps, in order.", examples=[["Talk with the parents about early help."]]
    )
    send_anyway: str = Field(
        description="How to send it whatever this says.",
        examples=["If you are worried, send it: a person reads every referral."],
    )


class CheckReceipt(Answer):
    """What is kept of a check: codes and a time, no word about anyone."""

    receipt_id: CheckReceiptId
    agency_id: AgencyId
    checked_at: datetime
    indicators: list[str] = Field(
        description="Codes of the hub's list; `not_coded` stands for any other.", examples=[["neglect.early"]]
    )
    likely_level: int | None = Field(examples=[2])
    likely_pathway: Pathway | None
    gaps: list[str] = Field(examples=[["#/children/0/voice"]])
    children_count: int = Field(examples=[1])
    sampled: bool = Field(description="One of those that staff look at when they are never sent.")
    sent_as: str | None = Field(
        None, description="The referral that came of it, if one did.", examples=["SH-7K3QX9MA-9"]
    )
