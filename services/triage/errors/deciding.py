"""What triage refuses around decisions: the second look, the frame of a risk analysis, the depth."""

from shared.problems import Conflict, FieldError, Invalid, NotPermitted


class SelfApproval(NotPermitted):
    """Whoever decided looks at their own decision."""

    code, title = "self_approval", "Another person looks at it"

    def __init__(self) -> None:
        super().__init__("You made this decision: a second look is another manager's. Nothing waits for it.")


class LookedAtBefore(Conflict):
    """The decision does not wait for a second look, or does no more."""

    code, title = "not_waiting", "It does not wait for a second look"

    def __init__(self) -> None:
        super().__init__(
            "This decision does not wait for a second look: somebody has looked, or decided anew. Read the"
            " case again."
        )


class GradingAgencyViewMissing(Conflict):
    """A 5 would be lowered, and what the agency that gave it thinks of that is not on record."""

    code, title = "grading_agency_view_missing", "The agency that graded 5 has not been heard"

    def __init__(self) -> None:
        super().__init__(
            "An agency graded 5. Record in a threshold discussion what it thinks of that, or have it"
            " grade again, before you approve this one. Until then what is in force stays."
        )


class NotInTheFrame(Invalid):
    """The risk analysis names a heading that the hub's frame does not have, or one twice."""

    code, title = "not_in_the_frame", "Not a heading of the frame"

    def __init__(self, place: int) -> None:
        super().__init__(
            "The risk analysis goes by the headings of the hub's frame, each once.",
            errors=(
                FieldError(
                    self.code, "Not a heading of the hub's frame.", pointer=f"#/risk_analysis/{place}/key"
                ),
            ),
        )


class DepthReasonRequired(Invalid):
    """Less than the full process, and no reason why."""

    code, title = "depth_reason_required", "Say why the hub goes less deep"

    def __init__(self) -> None:
        super().__init__(
            "Say why the hub does not go all the way for this child.",
            errors=(FieldError("missing", "Required but for the full process.", pointer="#/reason"),),
        )


class ManagerNeeded(NotPermitted):
    """Only a manager sends a child straight to its worker."""

    code, title = "manager_needed", "A manager decides this"

    def __init__(self) -> None:
        super().__init__("Only a manager sends a child straight to its worker. Ask yours.")


class NotASpan(Invalid):
    """Days between which nothing can be counted."""

    code, title = "not_a_span", "Nothing to count between these days"

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail, errors=(FieldError(code, detail, parameter="from"),))
