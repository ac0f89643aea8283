"""What triage refuses about timescales."""

from shared.problems import Conflict, FieldError, Invalid


class TargetNotWorkingDay(Invalid):
    """A target on a day when nobody is at work."""

    code, title = "not_a_working_day", "Not a working day"

    def __init__(self) -> None:
        super().__init__(
            "Choose a working day.",
            errors=(
                FieldError(
                    self.code, "A weekend or a bank holiday: choose a working day.", pointer="#/target_on"
                ),
            ),
        )


class TargetNotToCome(Invalid):
    """A target that would be past as it is set."""

    code, title = "not_to_come", "Not to come"

    def __init__(self) -> None:
        super().__init__(
            "Choose a day to come.",
            errors=(FieldError(self.code, "The target would be past already.", pointer="#/target_on"),),
        )


class TargetEnded(Conflict):
    """The target was reached, or another took its place."""

    code, title = "target_ended", "Target ended"

    def __init__(self) -> None:
        super().__init__("This target was reached, or another took its place. Set a new one.")
