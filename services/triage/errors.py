"""What triage refuses, beyond what every service does."""

from shared.problems import Conflict, FieldError, Invalid, Stale, Unavailable
from shared.schemas.words import ChildState


class StepNotAllowed(Conflict):
    """The child cannot go from where it stands to where it was asked to go."""

    code, title = "step_not_allowed", "Step not allowed"

    def __init__(self, now: ChildState, to: ChildState) -> None:
        super().__init__(f"A child that is {now} cannot become {to}.")


class AlreadyDecided(Conflict):
    """The child is decided; a new decision must name the one it replaces."""

    code, title = "already_decided", "Already decided"

    def __init__(self) -> None:
        super().__init__(
            "This child is decided. To decide anew, name the decision that stands in `supersedes`.",
            errors=(
                FieldError("supersedes_required", "Name the decision it replaces.", pointer="#/supersedes"),
            ),
        )


class NothingToSupersede(Conflict):
    """The decision names another that does not stand for this child."""

    code, title = "nothing_to_supersede", "Nothing to supersede"

    def __init__(self) -> None:
        super().__init__(
            "`supersedes` does not name the decision that stands for this child.",
            errors=(FieldError("not_the_standing_decision", "Read the case again.", pointer="#/supersedes"),),
        )


class ReasonRequired(Invalid):
    """The decision differs from the recommendation and does not say why."""

    code, title = "different_decision_reason_required", "Say why you decide differently"

    def __init__(self) -> None:
        super().__init__(
            "This differs from what the policy recommends. Say why.",
            errors=(
                FieldError(
                    "missing", "Required for a different decision.", pointer="#/different_decision_reason"
                ),
            ),
        )


class CaseChanged(Stale):
    """Someone changed the case since it was read."""

    code = "case_changed"

    def __init__(self) -> None:
        super().__init__("The case has changed since you read it. Read it again, then decide.")


class AlreadyAnswered(Conflict):
    """The information request has its answer."""

    code, title = "already_answered", "Already answered"

    def __init__(self) -> None:
        super().__init__("This request has been answered; the first answer stands.")


class NotAnAgency(Invalid):
    """The agency cannot be asked."""

    code, title = "agency_not_known", "No such agency"

    def __init__(self) -> None:
        super().__init__(
            "The hub has no such agency to ask.",
            errors=(FieldError("agency_not_known", "Not an agency of the hub.", pointer="#/agency_id"),),
        )


class NoPolicyInForce(Unavailable):
    """No threshold policy has been published: nothing may be recommended by guess."""

    code = "no_policy_in_force"

    def __init__(self) -> None:
        super().__init__("No threshold policy is in force; the hub's administrator must publish one.")


class MovedMeanwhile(Unavailable):
    """A referral was moved to another case while this waited for it."""

    def __init__(self) -> None:
        super().__init__("Somebody has just moved this to another case. Send the same request again.")


class LinksChanged(Unavailable):
    """Who is linked to whom changed while a join was on its way."""

    def __init__(self) -> None:
        super().__init__("Who is linked to whom has just changed. Send the same request again.")


class NotLinked(Conflict):
    """Nothing that a person confirmed ties the referral to the case."""

    code, title = "not_linked", "Not linked"

    def __init__(self) -> None:
        super().__init__(
            "Nobody in this referral is linked to anybody in the case by a person. Confirm the link first."
        )


class HubPartOver(Conflict):
    """Every child of the case is decided in a way that ended the hub's part."""

    code, title = "hub_part_over", "The hub's part is over"

    def __init__(self) -> None:
        super().__init__(
            "Every child of this case is decided and the hub's part in it is over. What is new is considered"
            " in a case of its own."
        )


class AlreadyInThisCase(Conflict):
    """The referral is considered in this case."""

    code, title = "already_in_this_case", "Already in this case"

    def __init__(self) -> None:
        super().__init__("This referral is considered in this case already.")


class JoinUndone(Conflict):
    """The join was undone before."""

    code, title = "join_undone", "Already undone"

    def __init__(self) -> None:
        super().__init__("This join was undone before.")


class JoinedFurther(Conflict):
    """The referral was moved on from the case that this join brought it to."""

    code, title = "joined_further", "Joined to another case since"

    def __init__(self) -> None:
        super().__init__("This referral was moved on since. Undo the later join first.")
