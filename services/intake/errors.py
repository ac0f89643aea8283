"""What intake refuses, beyond what every service does."""

from shared.problems import Conflict, FieldError, Invalid


class KeyInFlight(Conflict):
    """The first request with this key, or this sender's reference, has not been answered yet."""

    code, title = "request_in_flight", "The first request is still under way"

    def __init__(self) -> None:
        super().__init__(
            "The same request is being answered now. Send it again shortly.", headers={"Retry-After": "1"}
        )


class KeyReused(Invalid):
    """The key was used for other content."""

    code, title = "idempotency_mismatch", "Idempotency-Key used for other content"

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was sent with other content. Use a new key for a new referral.",
            errors=(FieldError("idempotency_mismatch", "Used before.", parameter="Idempotency-Key"),),
        )


class DuplicateReference(Conflict):
    """The sender's own reference already names a referral with other content."""

    code, title = "duplicate_reference", "Your reference is already in use"

    def __init__(self) -> None:
        super().__init__(
            "You have sent other content under this sender_reference. If it is a new worry, give it a new"
            " reference; if you are correcting the first, send a new version of it.",
            errors=(FieldError("duplicate_reference", "Already used.", pointer="#/sender_reference"),),
        )
