"""What the hub tells those who referred a child, how they confirm it, and where they want to be called."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from shared.schemas.ids import ChildId, DeliveryId, EventId, WebhookId
from shared.schemas.notices import NoticeType
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Code, storable
from shared.schemas.times import Instant
from shared.schemas.words import Pathway

OUTCOME_DECIDED: Literal["outcome.decided"] = "outcome.decided"

#: What a webhook can be called about: everything that stands in one of an agency's feeds.
MessageType = Literal["outcome.decided", NoticeType]

WebhookUrl = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(storable)]


class Team(Answer):
    """Who to ring about it."""

    name: str = Field(examples=["Early help hub"])
    telephone: str = Field(examples=["01632 960002"])


class Outcome(Answer):
    """What was decided for one child you referred, in the words your agency may see."""

    event_id: EventId = Field(
        description="One per agency, referral, child and decision; also the `webhook-id`."
    )
    cursor: str = Field(examples=["WyJvdXRjb21lcyIsNDJd"])
    type: Literal["outcome.decided"]
    occurred_at: datetime
    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    sender_reference: str | None = Field(examples=["SYP-2026-114226"])
    child_id: ChildId
    sender_child_reference: str | None = Field(examples=["c1"])
    outcome: Pathway
    level: int | None = Field(None, description="Level of need, where your agency may know it.", examples=[2])
    decided_at: datetime
    team: Team | None = None
    message: str = Field(
        description="The answer, for the person who was worried.",
        examples=["The family is offered early help."],
    )
    threshold_feedback: list[str] = Field(
        default=[],
        description="Which parts of the threshold policy spoke for this child, in plain words.",
        examples=[["The family would do better with some early help."]],
    )
    supersedes: EventId | None = Field(None, description="The outcome this one replaces.")
    challenge_by: datetime | None = Field(None, description="Until when you may challenge the decision.")
    acknowledged_at: datetime | None = Field(
        None, description="When your system confirmed that it recorded it."
    )


class AcknowledgementForm(Form):
    """Your system's confirmation that it recorded the outcome."""

    recorded_reference: Code = Field(description="Your reference for the record.", examples=["NICHE-884213"])
    recorded_at: Instant = Field(examples=["2026-11-22T10:15:00Z"])


class Acknowledgement(Answer):
    """The confirmation that stands: the first one."""

    event_id: EventId
    recorded_reference: str = Field(examples=["NICHE-884213"])
    recorded_at: datetime
    acknowledged_at: datetime


class WebhookForm(Form):
    """Where and about what the hub should call you."""

    url: WebhookUrl = Field(
        description="An https address on port 443 or 8443.", examples=["https://police.example/hub"]
    )
    event_types: tuple[MessageType, ...] = Field(
        description="Outcomes, and any kind of notice.",
        min_length=1,
        max_length=10,
        examples=[["outcome.decided", "referral.further_information_requested"]],
    )


class Webhook(Answer):
    """A subscription."""

    webhook_id: WebhookId
    url: str = Field(examples=["https://police.example/hub"])
    event_types: list[str] = Field(examples=[["outcome.decided"]])
    created_at: datetime
    ended_at: datetime | None = Field(None, description="Since when it is called no more.")
    ended_because: str | None = Field(
        None, description="deleted by you, or gone: your server answered 410.", examples=["deleted"]
    )


class WebhookCreated(Webhook):
    """A new subscription with its secret, which is shown this once."""

    secret: str = Field(
        description="Verify our signature with it, by the Standard Webhooks scheme. Shown once.",
        examples=["whsec_..."],
    )


class DeliveryAttempt(Answer):
    """One try to reach a webhook."""

    attempted_at: datetime
    status_code: int | None = Field(description="Null: no answer came.", examples=[204])
    error: str | None = Field(examples=["timeout"])


class Delivery(Answer):
    """An outcome or a notice on its way to a webhook."""

    delivery_id: DeliveryId
    event_id: EventId
    type: MessageType
    state: Literal["due", "delivered", "failed"]
    attempts: list[DeliveryAttempt]
    next_attempt_at: datetime | None
    delivered_at: datetime | None


class WebhookData(Answer):
    """The thin body of a webhook: enough to fetch the rest with a token, nothing to leak."""

    event_id: EventId
    reference: str
    sender_reference: str | None
    url: str


class WebhookOutcome(WebhookData):
    """The same for an outcome."""

    child_id: ChildId
    outcome: Pathway


class WebhookBody(Answer):
    """What the hub posts to a webhook about an outcome."""

    type: Literal["outcome.decided"]
    timestamp: datetime
    data: WebhookOutcome


class WebhookNoticeBody(Answer):
    """What the hub posts to a webhook about a notice."""

    type: NoticeType
    timestamp: datetime
    data: WebhookData
