"""What access tells the other services about who is calling."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.schemas.ids import AgencyId, SessionId, StaffId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Code
from shared.schemas.words import Role, Sector


class Agency(Answer):
    """An agency of the partnership."""

    agency_id: AgencyId
    name: str = Field(examples=["Northshire Police"])
    sector: Sector


class TokenAnswer(Answer):
    """RFC 6749, 5.1."""

    access_token: str = Field(examples=["eyJhbGciOiJFUzI1NiIs..."])
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme, not a secret
    expires_in: int = Field(description="Seconds.", examples=[300])
    scope: str = Field(examples=["outcome:read referral:write"])


class TokenRefusal(Answer):
    """RFC 6749, 5.2."""

    error: str = Field(examples=["invalid_client"])
    error_description: str = Field(examples=["The client is not known, or its proof does not hold."])


class LiveAnswer(Answer):
    """RFC 7662: whether the session or client behind a token still stands."""

    active: bool
    sub: str | None = None
    sid: SessionId | None = None


class SessionForm(Form):
    """The one-use code that the browser brought back from sign-in."""

    code: Code


class StaffMember(Answer):
    """A member of staff."""

    staff_id: StaffId
    username: str
    name: str
    roles: list[Role]
    agency_id: AgencyId
    agency_name: str


class Colleague(Answer):
    """A member of staff as those who work beside them may know them."""

    staff_id: StaffId
    name: str = Field(examples=["Dana Reid"])
    roles: list[Role]


class Session(Answer):
    """A signed-in session of the console."""

    session_id: SessionId
    staff: StaffMember
    expires_at: datetime
