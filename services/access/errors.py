"""What access refuses, beyond what every service does."""

from shared.platform.auth import Caller
from shared.problems import FieldError, Invalid, Problem


class TokenRefused(Exception):
    """The token endpoint says no, in the form of RFC 6749, 5.2 and not as a problem.

    Attributes:
        error: one of the RFC's codes.
        description: a sentence for the client's developer; it repeats nothing of what was sent.
        client: who was refused, once that is known; a known client's refusal is recorded.
    """

    def __init__(self, error: str, description: str, *, client: Caller | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.client = client

    @property
    def status(self) -> int:
        """The HTTP status: 401 when it is not certain who asks, otherwise 400."""
        return 401 if self.error == "invalid_client" else 400


class CodeRefused(Invalid):
    """The sign-in code was used before, is too old, or was never given."""

    def __init__(self) -> None:
        super().__init__(
            "The sign-in code is not good. Start the sign-in again.",
            errors=(FieldError("code_not_good", "Used, too old or unknown.", pointer="#/code"),),
        )


class ForeignForm(Problem):
    """A page of another site sent the sign-in form."""

    status, code, title = 403, "foreign_form", "Not sent from the hub's page"

    def __init__(self) -> None:
        super().__init__("Sign in from the hub's own page.")
