"""What is posted to webhooks: enough to fetch the rest with a token, and the same bytes at every try."""

from services.notifications.models import Notice, Outcome
from services.notifications.rules import NOTICE_TYPES, Occasion
from shared.schemas.outcomes import (
    OUTCOME_DECIDED,
    WebhookBody,
    WebhookData,
    WebhookNoticeBody,
    WebhookOutcome,
)
from shared.schemas.words import Pathway


def write_body(message: Outcome | Notice, public_url: str) -> bytes:
    """Return the body about an outcome or a notice.

    Args:
        public_url: where partners fetch it.
    """
    host = public_url.rstrip("/")
    body = _of_outcome(message, host) if isinstance(message, Outcome) else _of_notice(message, host)
    return body.model_dump_json().encode()


def _of_outcome(outcome: Outcome, host: str) -> WebhookBody:
    return WebhookBody(
        type=OUTCOME_DECIDED,
        timestamp=outcome.occurred_at,
        data=WebhookOutcome(
            event_id=outcome.event_id,
            reference=outcome.reference,
            sender_reference=outcome.sender_reference,
            child_id=outcome.child_id,
            outcome=Pathway(outcome.outcome),
            url=f"{host}/v1/outcomes/{outcome.event_id}",
        ),
    )


def _of_notice(notice: Notice, host: str) -> WebhookNoticeBody:
    return WebhookNoticeBody(
        type=NOTICE_TYPES[Occasion(notice.occasion)],
        timestamp=notice.occurred_at,
        data=WebhookData(
            event_id=notice.event_id,
            reference=notice.reference,
            sender_reference=notice.sender_reference,
            url=f"{host}/v1/notices/{notice.event_id}",
        ),
    )
