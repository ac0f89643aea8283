"""What triage refuses about timescales."""

from shared.problems import Conflict, FieldError, Invalid, NotPermitted


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


class ReviewNotToCome(Invalid):
    """A day to look again that is over already."""

    code, title = "review_not_to_come", "Not to come"

    def __init__(self) -> None:
        words = "Choose today or a day to come."
        super().__init__(words, errors=(FieldError(self.code, words, pointer="#/review_on"),))


class TargetEnded(Conflict):
    """The target was reached, or another took its place."""

    code, title = "target_ended", "Target ended"

    def __init__(self) -> None:
        super().__init__("This target was reached, or another took its place. Set a new one.")


class NothingWaits(Conflict):
    """What is said to be done does not wait to be done for this child."""

    code, title = "nothing_waits", "Nothing waits for this"

    def __init__(self) -> None:
        super().__init__(
            "No such clock runs for this child: somebody has recorded it already, a later decision took its"
            " place, or nothing has begun it. Read the case again."
        )


class NotDoneYet(Invalid):
    """Something is said to have been done at a time when it cannot have been."""

    code, title = "not_done_yet", "Not a time when it was done"

    def __init__(self, code: str) -> None:
        words = (
            "It was done by now: say when." if code == "to_come" else "It cannot have been done before that."
        )
        super().__init__(words, errors=(FieldError(code, words, pointer="#/done_at"),))


class ConferenceManagerNeeded(NotPermitted):
    """Only a manager says that enquiries under section 47 need no conference."""

    code, title = "conference_manager_needed", "A manager decides this"

    def __init__(self) -> None:
        super().__init__("Only a manager records that no conference is needed. Ask yours.")
