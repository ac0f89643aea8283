"""What triage refuses around restricted cases."""

from shared.problems import Conflict, FieldError, Invalid, NotPermitted


class RestrictedCase(NotPermitted):
    """Somebody in the case is restricted, and nobody has let the caller in."""

    code, title = "restricted_case", "A restricted case"

    def __init__(self) -> None:
        super().__init__(
            "This case is restricted. A manager can open it and can name you for it. If it cannot wait for"
            " one, open it in an emergency and say why."
        )


class ReadsNoCases(Invalid):
    """Whoever is named sees no cases, or none but what their own agency has a part in."""

    code, title = "reads_no_cases", "Nobody who may see cases"

    def __init__(self) -> None:
        detail = "Not a member of the hub's staff who decides, audits practice or coordinates early help."
        super().__init__(detail, errors=(FieldError(self.code, detail, pointer="#/staff_id"),))


class CaseNotRestricted(Conflict):
    """Nobody has to be let in: the case is open to whoever is asked about."""

    code, title = "case_is_open", "The case is open"

    def __init__(self) -> None:
        super().__init__("This case is open already: nobody has to be let in.")


class AccessEnded(Conflict):
    """The case is closed again to whoever was let in."""

    code, title = "access_ended", "Taken back before"

    def __init__(self) -> None:
        super().__init__("This was taken back before.")


class OpeningLookedAt(Conflict):
    """Another manager has looked at the opening."""

    code, title = "opening_looked_at", "Looked at before"

    def __init__(self) -> None:
        super().__init__("Another manager has looked at this opening.")


class NotYourOwnOpening(NotPermitted):
    """Whoever opened a case in an emergency does not look at that themselves."""

    code, title = "own_opening", "Somebody else looks at this"

    def __init__(self) -> None:
        super().__init__("Whoever opened a case in an emergency does not look at that themselves.")
