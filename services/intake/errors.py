"""What intake refuses, beyond what every service does."""

from shared.problems import Conflict, FieldError, Invalid, NotPermitted, Unavailable


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


class VersionOvertaken(Conflict):
    """What was looked at is no longer what the sender says."""

    code, title = "version_overtaken", "A later version has come"

    def __init__(self) -> None:
        super().__init__(
            "The sender has sent a later version since. Read the newest version and look at that one.",
            errors=(FieldError("version_overtaken", "Not the newest.", pointer="#/version"),),
        )


class NoSuchVersion(Invalid):
    """The referral has no version of that number yet."""

    code, title = "no_such_version", "There is no such version"

    def __init__(self) -> None:
        super().__init__(
            "The referral has no such version. Name the one that you read.",
            errors=(FieldError("no_such_version", "There is none.", pointer="#/version"),),
        )


class AlreadyLookedAt(Conflict):
    """Somebody has said what they make of this version, and it was something else."""

    code, title = "already_looked_at", "This version has been looked at"

    def __init__(self) -> None:
        super().__init__(
            "Somebody has already said what they make of this version, and the first word stands."
            " Read it on the list of quality checks; what is still needed is best asked by telephone."
        )


class DueAtNotAcceptable(Invalid):
    """A request for more must leave the sender some time, and not so much that it no longer serves."""

    title = "The due time is not acceptable"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(
            "The sender cannot be asked to answer by then.",
            errors=(FieldError(code, detail, pointer="#/due_at"),),
        )


class NotASpan(Invalid):
    """The days asked for are not a span that can be counted."""

    title = "These days cannot be counted"

    def __init__(self, code: str, detail: str, parameter: str) -> None:
        super().__init__(
            "Some parameters are not acceptable; see errors.",
            errors=(FieldError(code, detail, parameter=parameter),),
        )


class NotOfThisReferral(Invalid):
    """An id that was sent back belongs to another referral, or to none."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__("Send back only ids that the hub gave for this referral; see errors.", errors=errors)


class WithdrawalRequested(Conflict):
    """The hub has yet to decide on an earlier wish to take this referral back."""

    code, title = "withdrawal_requested", "Withdrawal already requested"

    def __init__(self) -> None:
        super().__init__("You have asked for this already; the hub has yet to decide. Ring it for more.")


class WithdrawalIsDecided(Conflict):
    """Somebody has decided on this withdrawal before."""

    code, title = "withdrawal_decided", "Withdrawal already decided"

    def __init__(self) -> None:
        super().__init__("Somebody has decided on this withdrawal already. Read what the sender was told.")


class NotKept(Unavailable):
    """A refusal that no copy could be kept of: it is not answered, so that its sender tries again."""


class CopyKeyMissing(Unavailable):
    """A held copy was sealed with a key that is no longer, or not yet, in the file of keys."""

    code, title = "held_copy_key_missing", "The key to this copy is missing"

    def __init__(self) -> None:
        super().__init__(
            "The copy is safe, but the key that opens it is not here. Whoever operates the hub must put it"
            " back into the file of keys.",
            retry_after_seconds=60,
        )


class CopySettled(Conflict):
    """The held copy has been taken up or set aside."""

    code, title = "held_copy_settled", "This copy is dealt with"

    def __init__(self) -> None:
        super().__init__("Someone has taken up this copy or set it aside. Read the list again.")


class NotNamed(Invalid):
    """Something in the body names what the hub does not know, or names nothing where it must."""

    def __init__(self, field: str, code: str, detail: str) -> None:
        super().__init__(
            "Some fields are not acceptable; see errors.",
            errors=(FieldError(code, detail, pointer=f"#/{field}"),),
        )


class CallersReferenceTaken(DuplicateReference):
    """The reference that a caller gave already names a referral of the caller's agency."""

    def __init__(self) -> None:
        Conflict.__init__(
            self,
            "The agency has sent something under this reference before. Leave it out here, and have the"
            " caller send what is new as a version of the first.",
            errors=(FieldError("duplicate_reference", "Already used.", pointer="#/sender_reference"),),
        )


class MatchIsDecided(Conflict):
    """Somebody has said what they make of this candidate, or the task is closed."""

    code, title = "match_decided", "This question is answered"

    def __init__(self) -> None:
        super().__init__(
            "Somebody has answered this, or nothing is left to ask. Read the task again; a link can be made"
            " or undone on the person's page."
        )


class AlreadyLinked(Conflict):
    """A person has confirmed whose record it is."""

    code, title = "already_linked", "This record is linked"

    def __init__(self) -> None:
        super().__init__(
            "Somebody has confirmed whose record this is. Where that is wrong, unlink it first, with your"
            " reason."
        )


class NotLinked(Conflict):
    """The record stands alone."""

    code, title = "not_linked", "This record is not linked"

    def __init__(self) -> None:
        super().__init__("Nothing else is linked to this record, so there is nothing to undo.")


class NoBirthAwaited(Conflict):
    """No record of the person expects a child, or the birth is linked."""

    code, title = "no_birth_awaited", "No birth is awaited"

    def __init__(self) -> None:
        super().__init__(
            "No record of this person is of an unborn child, or the birth is linked already. Read the"
            " person again."
        )


class LinkUnconfirmed(Conflict):
    """The machine alone takes several records for one child."""

    code, title = "link_unconfirmed", "Nobody has confirmed that this is one child"

    def __init__(self) -> None:
        super().__init__(
            "The hub alone takes these records for one child. Confirm the link or undo it first, then say"
            " what you found out."
        )


class RestrictedRecord(Conflict):
    """Somebody in it is restricted: only a manager decides."""

    code, title = "restricted_record", "A manager decides this"

    def __init__(self) -> None:
        super().__init__("This is restricted: a manager can open it, and decides it. Ask one.")


class RestrictedReferral(NotPermitted):
    """Somebody in the referral is restricted, and nobody has let the caller in."""

    code, title = "restricted_referral", "A restricted contact"

    def __init__(self) -> None:
        super().__init__("This contact is restricted. A manager can open it, and can name you for its case.")


class RestrictionStands(Conflict):
    """The person is restricted already, or is not."""

    code, title = "restriction_stands", "It stands so already"

    def __init__(self) -> None:
        super().__init__("This is how the person stands already. Read the person again.")
