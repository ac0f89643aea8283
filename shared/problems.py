"""Every refusal is a class with a status, a stable code and a sentence.

Problem                      (carried to HTTP as RFC 9457 by shared.platform.web)
├── Unreadable          400  the body cannot be read as JSON
├── ProtocolMisuse      400  a header or parameter is missing or malformed
├── NotAuthenticated    401  nobody we know
├── NotPermitted        403  known, but this function is not yours
├── NotFound            404  absent, or not yours: the same bytes
├── Conflict            409  the state says no
├── Stale               412  If-Match names an older version
├── TooLarge            413
├── UnsupportedMedia    415
├── Invalid             422  read, but not acceptable; errors point at what
├── PreconditionMissing 428  If-Match is required here
├── TooMany             429
├── HeadersTooLarge     431
└── Unavailable         503  try again later; Retry-After says when

Services subclass these in their own errors.py. Rules may raise them: nothing here knows of HTTP libraries.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong; `pointer` into the body or the name of a `parameter`, never the value."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(Exception):
    """A refusal that the caller can act on."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "problem"
    title: ClassVar[str] = "Problem"

    def __init__(
        self, detail: str, *, errors: tuple[FieldError, ...] = (), headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}


class Unreadable(Problem):
    """The body is not JSON that the hub reads."""

    status, code, title = 400, "unreadable", "Body could not be read"


class ProtocolMisuse(Problem):
    """A header or parameter of the request is missing or malformed."""

    status, code, title = 400, "protocol_misuse", "Request not understood"


class NotAuthenticated(Problem):
    """There is no token, or not one that the hub accepts."""

    status, code, title = 401, "not_authenticated", "Not authenticated"

    def __init__(self, detail: str = "Send a bearer token from the hub's token endpoint.") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="safeguarding-hub"'})


class NotPermitted(Problem):
    """The caller is known, but this function is not theirs."""

    status, code, title = 403, "not_permitted", "Not permitted"

    def __init__(self, detail: str = "Your token does not carry the right to do this.") -> None:
        super().__init__(
            detail,
            headers={"WWW-Authenticate": 'Bearer realm="safeguarding-hub", error="insufficient_scope"'},
        )


class NotFound(Problem):
    """It does not exist, or it is not yours: nobody learns which."""

    status, code, title = 404, "not_found", "Not found"

    def __init__(self, detail: str = "There is nothing here that you may see.") -> None:
        super().__init__(detail)


class MethodNotAllowed(Problem):
    """This address does not take that verb."""

    status, code, title = 405, "method_not_allowed", "Method not allowed"


class Conflict(Problem):
    """The present state says no."""

    status, code, title = 409, "conflict", "Conflict"


class Stale(Problem):
    """Someone changed it since it was read."""

    status, code, title = 412, "stale", "Changed since you read it"


class TooLarge(Problem):
    """The body is larger than the hub takes."""

    status, code, title = 413, "too_large", "Body too large"


class UnsupportedMedia(Problem):
    """The body is not sent as plain JSON in UTF-8."""

    status, code, title = 415, "unsupported_media_type", "Unsupported media type"


class Invalid(Problem):
    """The body was read, but something in it is not acceptable."""

    status, code, title = 422, "invalid", "Not acceptable"


class PreconditionMissing(Problem):
    """The request must say which version it was made for."""

    status, code, title = 428, "if_match_required", "If-Match is required"


class TooMany(Problem):
    """Too many requests in too short a time."""

    status, code, title = 429, "too_many_requests", "Too many requests"

    def __init__(self, detail: str, *, retry_after_seconds: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)})


class HeadersTooLarge(Problem):
    """The header section is larger than anything the hub asks for."""

    status, code, title = 431, "headers_too_large", "Headers too large"


class Unavailable(Problem):
    """Something the hub stands on is away, or nobody knows whether a commit went through."""

    status, code, title = 503, "unavailable", "Try again shortly"

    def __init__(
        self,
        detail: str = "The hub cannot answer now. Send the same request again.",
        *,
        retry_after_seconds: int = 2,
    ) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)})
