"""What notifications refuses, beyond what every service does."""

from shared.problems import Conflict, FieldError, Invalid, NotPermitted, ProtocolMisuse


class CursorNotKnown(ProtocolMisuse):
    """`after` is not a cursor that the hub gave for this list."""

    code, title = "bad_cursor", "Cursor not recognised"

    def __init__(self) -> None:
        super().__init__(
            "This cursor was not given for this list. Start again without one.",
            errors=(FieldError("bad_cursor", "Not a cursor of this list.", parameter="after"),),
        )


class RestrictedOutcome(NotPermitted):
    """Somebody in the referral is restricted, and nobody has let the caller in."""

    code, title = "restricted_referral", "A restricted contact"

    def __init__(self) -> None:
        super().__init__("This contact is restricted. A manager can open it, and can name you for its case.")


class ReferenceNeeded(Invalid):
    """Staff who see every agency's outcomes see them one referral at a time."""

    def __init__(self) -> None:
        super().__init__(
            "Say which referral you ask about.",
            errors=(FieldError("missing", "Give the hub's own reference.", parameter="reference"),),
        )


class UrlNotAllowed(Invalid):
    """The hub will not call this address."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(
            "The hub does not call this address; see errors.",
            errors=(FieldError(code, detail, pointer="#/url"),),
        )


class TooManyWebhooks(Conflict):
    """The agency has as many webhooks as one agency may have."""

    code, title = "too_many_webhooks", "Too many webhooks"

    def __init__(self, limit: int) -> None:
        super().__init__(f"An agency may have {limit} webhooks at a time. Delete one first.")


class WebhookHasEnded(Conflict):
    """Nothing is sent to a webhook that was deleted, or whose receiver said that it is gone."""

    code, title = "webhook_ended", "The webhook has ended"

    def __init__(self) -> None:
        super().__init__("This webhook has ended. Create a new one; your feeds have everything.")
