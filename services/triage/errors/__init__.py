"""What triage refuses, beyond what every service does."""

from collections.abc import Sequence

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

    def __init__(self, pointer: str = "#/agency_id") -> None:
        super().__init__(
            "The hub has no such agency to ask.",
            errors=(FieldError("agency_not_known", "Not an agency of the hub.", pointer=pointer),),
        )


class PossibleMatchOpen(Conflict):
    """The child may be one whom the hub knows, and nobody has said yet whether it is."""

    code, title = "possible_match_open", "It is not settled who this child is"

    def __init__(self, match_ids: Sequence[str]) -> None:
        """Name each question that waits and where to answer it; none: the child was not compared yet."""
        asked = [
            f"Answer first whether this child is one the hub knows: question {match_id}, at"
            f" /v1/matches/{match_id}."
            for match_id in match_ids
        ]
        words = asked or ["This child was not held against those known yet. Send it again in a minute."]
        super().__init__(
            "No decision for no social care action while it is open who the child is. Every other pathway can"
            " be decided now.",
            errors=tuple(FieldError(self.code, each, pointer="#/pathway") for each in words),
        )


class NeedsSecondDecider(Conflict):
    """A manager must decide this; why is not said."""

    code, title = "needs_second_decider", "A manager must decide this"

    def __init__(self) -> None:
        super().__init__(
            "This decision needs a manager: ask yours to make it. Any pathway by which the hub goes on with"
            " the child you can decide yourself, now.",
            errors=(FieldError(self.code, "A manager must decide this pathway.", pointer="#/pathway"),),
        )


class LinksNotKnown(Unavailable):
    """The index of persons is away, and what is decided rests on it."""

    code, title = "links_not_known", "It cannot be looked up who this child is"

    def __init__(self) -> None:
        super().__init__(
            "The index of persons does not answer, so nobody can say whether this child is known. Send it"
            " again shortly; every pathway but advice, universal and early help can be decided now.",
            retry_after_seconds=5,
        )


class NoPolicyInForce(Unavailable):
    """No threshold policy has been published: nothing may be recommended by guess."""

    code = "no_policy_in_force"

    def __init__(self) -> None:
        super().__init__("No threshold policy is in force; the hub's administrator must publish one.")


class NotACase(Invalid):
    """There is no such case to relate to."""

    code, title = "case_not_known", "No such case"

    def __init__(self) -> None:
        super().__init__(
            "The hub has no such case.",
            errors=(FieldError("case_not_known", "Not a case of the hub.", pointer="#/case_id"),),
        )


class SameCase(Conflict):
    """A case cannot be related to itself."""

    code, title = "same_case", "One and the same case"

    def __init__(self) -> None:
        super().__init__(
            "Name another case: a case is not related to itself.",
            errors=(FieldError("same_case", "This is the case itself.", pointer="#/case_id"),),
        )


class AlreadyRelated(Conflict):
    """The two cases are related in this way already."""

    code, title = "already_related", "Already related"

    def __init__(self) -> None:
        super().__init__("These cases are related in this way already; the first relation stands.")


class RelationUndone(Conflict):
    """The relation was undone before."""

    code, title = "relation_undone", "Already undone"

    def __init__(self) -> None:
        super().__init__("This relation was undone already.")


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


class RestrictedRecord(Conflict):
    """Somebody in the referral is restricted: only a manager has it join a case."""

    code, title = "restricted_record", "A manager decides this"

    def __init__(self) -> None:
        super().__init__("This is restricted: a manager can open it, and decides it. Ask one.")


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
