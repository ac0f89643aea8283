"""What triage refuses about the life of a threshold policy."""

from collections.abc import Sequence

from shared.problems import Conflict, FieldError, Invalid, NotPermitted, Stale

#: As many faults are told at once; a text with more is told again when these are mended.
_MOST_TOLD = 200


class PolicyNotAccepted(Invalid):
    """The policy was not understood, or would not keep children safe."""

    code, title = "policy_not_publishable", "This policy may not be published"

    def __init__(self, faults: Sequence[FieldError]) -> None:
        super().__init__(
            "The policy has faults; `errors` names each, with its line in the text. Mend them and submit it"
            " again.",
            errors=tuple(faults[:_MOST_TOLD]),
        )


class VersionPublished(Conflict):
    """A published version never changes."""

    code, title = "version_published", "This version is published"

    def __init__(self) -> None:
        super().__init__(
            "This version is published already and never changes. Give the new policy a version of its own.",
            errors=(FieldError(self.code, "Change `version` in the text.", pointer="#/document"),),
        )


class VersionSubmitted(Conflict):
    """Another text waits under this version."""

    code, title = "version_submitted", "This version waits for approval"

    def __init__(self) -> None:
        super().__init__(
            "A policy of this version waits for approval. Withdraw that, or give this another version.",
            errors=(FieldError(self.code, "Change `version` in the text.", pointer="#/document"),),
        )


class NotWaiting(Conflict):
    """Nothing of this version waits for an answer."""

    code, title = "not_waiting", "Not waiting for approval"

    def __init__(self) -> None:
        super().__init__(
            "Nothing of this version waits for approval: somebody has answered, or withdrawn it."
        )


class PolicyChanged(Stale):
    """Another text was submitted, or somebody answered, since it was read."""

    code = "policy_changed"

    def __init__(self) -> None:
        super().__init__("This is not what you read any more. Read the policy again, then answer.")


class SelfApproval(NotPermitted):
    """Whoever submitted a policy cannot approve it."""

    code, title = "self_approval", "Another person must approve"

    def __init__(self) -> None:
        super().__init__("You submitted this policy, so another manager must approve it.")


class NotTheSubmitter(NotPermitted):
    """Only whoever submitted a policy withdraws it."""

    code, title = "not_the_submitter", "Not yours to withdraw"

    def __init__(self) -> None:
        super().__init__("Somebody else submitted this policy. You can refuse it instead, and say why.")


class ReplayGoing(Conflict):
    """A replay of this version has not ended."""

    code, title = "replay_going", "A replay is under way"

    def __init__(self) -> None:
        super().__init__(
            "This policy is being tried already. Read how far that is, or wait until it has ended."
        )
