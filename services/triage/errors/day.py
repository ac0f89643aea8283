"""What triage refuses of the day's work: holding a case, drafts, and saying that a child may wait."""

from collections.abc import Iterable

from shared.problems import Conflict, FieldError, Invalid


class WaitNotWhole(Invalid):
    """It says neither until when and why, nor to whom and with whose read-back; or both."""

    code, title = "wait_not_whole", "Say one of the two, whole"

    def __init__(self, missing: Iterable[str]) -> None:
        super().__init__(
            "Say until when it is safe to wait and why; or who of the emergency duty team took the child"
            " over, who read it back and when.",
            errors=tuple(FieldError("missing", "Required here.", pointer=f"#/{name}") for name in missing),
        )


class WaitOutOfReach(Invalid):
    """The time is past, or further off than the next working day."""

    code, title = "wait_out_of_reach", "Not that long"

    def __init__(self, field: str, code: str, detail: str) -> None:
        super().__init__(detail, errors=(FieldError(code, detail, pointer=f"#/{field}"),))


class NothingWaits(Conflict):
    """The child is decided: nobody has to speak for it."""

    code, title = "nothing_waits", "This child is decided"

    def __init__(self) -> None:
        super().__init__("This child is decided, so it is not on the board.")


class SinceOutOfReach(Invalid):
    """What changed is told for the time just past alone."""

    code, title = "since_out_of_reach", "Not that far back"

    def __init__(self) -> None:
        detail = "Ask from an instant of the last 31 days, and none to come."
        super().__init__(detail, errors=(FieldError("out_of_reach", detail, parameter="since"),))


class NotADecider(Invalid):
    """The person cannot hold a case: they are not of the hub's staff, or decide nothing."""

    code, title = "not_a_decider", "Nobody who can hold a case"

    def __init__(self) -> None:
        detail = "Not a member of the hub's staff who decides."
        super().__init__(detail, errors=(FieldError(self.code, detail, pointer="#/staff_id"),))


class NotATeam(Invalid):
    """The configuration knows no such team."""

    code, title = "not_a_team", "No such team"

    def __init__(self) -> None:
        detail = "The hub has no such team."
        super().__init__(detail, errors=(FieldError(self.code, detail, pointer="#/team"),))


class DraftTooLarge(Invalid):
    """A draft holds more than any form of the hub."""

    code, title = "draft_too_large", "More than a draft holds"

    def __init__(self) -> None:
        detail = "A draft holds 400 fields and 60,000 characters in all."
        super().__init__(detail, errors=(FieldError("too_long", detail, pointer="#/fields"),))
