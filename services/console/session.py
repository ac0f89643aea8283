"""The signed-in person behind a request: their cookie, their token, their forms' mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.responses import Response

from services.console.backend import (
    Backend,
    Closed,
    Day,
    Intake,
    People,
    Policies,
    Related,
    Services,
    Talking,
    Timers,
)
from services.console.exchange import SignedOut
from services.console.seal import Seal
from services.console.staff import Staff
from shared.platform.auth import Caller
from shared.schemas.access import Session
from shared.schemas.ids import AgencyId, SessionId
from shared.schemas.words import Role

_FORM = "console form"


@dataclass(frozen=True, slots=True)
class Cookies:
    """How the console's cookies are named and sent: never to scripts, never from another site's forms."""

    seal: Seal
    secure: bool

    def named(self, name: str) -> str:
        """Return the full name; `__Host-` makes browsers refuse one set by a neighbouring site."""
        return f"__Host-hub_console_{name}" if self.secure else f"hub_console_{name}"

    def put(self, response: Response, name: str, value: str, *, seconds: int) -> None:
        """Set a cookie, marked as ours."""
        response.set_cookie(
            self.named(name),
            self.seal.close(name, value),
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def read(self, request: Request, name: str) -> str | None:
        """Return the value of a cookie of ours, None if there is none or it was tampered with."""
        given = request.cookies.get(self.named(name))
        return self.seal.open(name, given) if given else None

    def names_of(self, request: Request, beginning: str) -> list[str]:
        """Return the names of our cookies that begin so, without what `named` puts before them."""
        before = self.named("")
        whole = [name for name in request.cookies if name.startswith(before + beginning)]
        return [name.removeprefix(before) for name in whole]

    def drop(self, response: Response, name: str) -> None:
        """Take a cookie back."""
        response.delete_cookie(self.named(name), path="/", secure=self.secure, httponly=True, samesite="lax")


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever is signed in, and the services as they may use them."""

    session_id: SessionId
    caller: Caller
    backend: Backend
    intake: Intake
    people: People
    related: Related
    day: Day
    timers: Timers
    talking: Talking
    policies: Policies
    closed: Closed
    form_mark: str

    @property
    def name(self) -> str:
        """The name they are shown by."""
        return self.caller.name

    @property
    def decides(self) -> bool:
        """Whether decisions are theirs to make."""
        return Role.DECISION_MAKER in self.caller.roles

    @property
    def reads_cases(self) -> bool:
        """Whether any of their roles has business with a child's case."""
        return bool(self.caller.roles - {Role.ADMINISTRATOR, Role.INFORMATION_GOVERNANCE})

    @property
    def looks_after_events(self) -> bool:
        """Whether what the hub could not deal with is theirs to mend."""
        return bool({Role.ADMINISTRATOR, Role.MANAGER} & self.caller.roles)

    @property
    def looks_after_searches(self) -> bool:
        """Whether it is theirs to see who looked for families, and why."""
        return bool({Role.PRACTICE_AUDITOR, Role.INFORMATION_GOVERNANCE} & self.caller.roles)

    @property
    def sees_all(self) -> bool:
        """Whether the work list is the hub's, by urgency, and not one agency's, by its own due times."""
        return bool(_SEES_ALL & self.caller.roles)

    @property
    def represents(self) -> AgencyId | None:
        """The agency they grade and answer for, None if they do neither."""
        return self.caller.agency_id if Role.AGENCY_REPRESENTATIVE in self.caller.roles else None

    @property
    def settles(self) -> bool:
        """Whether what waits for the hub itself is theirs to settle: held copies, withdrawals, links."""
        return bool(_SETTLES & self.caller.roles)

    @property
    def restricts(self) -> bool:
        """Whether restricted people are open to them, and theirs to restrict."""
        return Role.MANAGER in self.caller.roles

    @property
    def oversees(self) -> bool:
        """Whether management oversight is theirs to sign."""
        return Role.MANAGER in self.caller.roles

    @property
    def keeps_policy(self) -> bool:
        """Whether the threshold policy is theirs to put forward, try and approve."""
        return Role.MANAGER in self.caller.roles

    @property
    def sees_contacts(self) -> bool:
        """Whether contacts are theirs to read: the hub's, or those of the agency they represent."""
        return self.sees_all or self.represents is not None

    def reads_contact_of(self, agency_id: AgencyId) -> bool:
        """Say whether a contact of this agency is theirs to read."""
        return self.sees_all or self.represents == agency_id

    @property
    def takes_calls(self) -> bool:
        """Whether they write down what a caller says."""
        return self.settles or Role.EARLY_HELP_COORDINATOR in self.caller.roles

    @property
    def looks_at_quality(self) -> bool:
        """Whether they may say what they make of a contact: its agency's representative, or the hub."""
        return self.settles or self.represents is not None

    @property
    def reads_counts(self) -> bool:
        """Whether what was checked and never sent is theirs to look back at."""
        return bool({Role.MANAGER, Role.PRACTICE_AUDITOR} & self.caller.roles)

    @property
    def reads_measures(self) -> bool:
        """Whether numbers about all children, which name none of them, are theirs to see."""
        return self.reads_counts or Role.INFORMATION_GOVERNANCE in self.caller.roles


_SEES_ALL = frozenset({Role.DECISION_MAKER, Role.MANAGER, Role.PRACTICE_AUDITOR})
_SETTLES = frozenset({Role.DECISION_MAKER, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page stands on; `app.py` puts it together once."""

    staff: Staff
    services: Services
    cookies: Cookies
    public_url: str
    sign_in_url: str


def desk_of(request: Request) -> Desk:
    """Return the desk of this application."""
    desk: Desk = request.app.state.desk
    return desk


def session_id_of(request: Request) -> SessionId | None:
    """Return the session whose cookie the browser brought; it may have ended."""
    value = desk_of(request).cookies.read(request, _SESSION_COOKIE)
    return SessionId(UUID(value)) if value else None


_SESSION_COOKIE = "session"


def keep_session(request: Request, response: Response, session: Session, now: datetime) -> None:
    """Give the browser the cookie of a session, for as long as access lets it live."""
    seconds = max(int((session.expires_at - now).total_seconds()), 0)
    desk_of(request).cookies.put(response, _SESSION_COOKIE, str(session.session_id), seconds=seconds)


def drop_session(request: Request, response: Response) -> None:
    """Take the session's cookie back."""
    desk_of(request).cookies.drop(response, _SESSION_COOKIE)


def form_mark_of(request: Request) -> str:
    """Return what a form of this session carries, so that no other page can post in the person's name."""
    return desk_of(request).cookies.seal.mark(_FORM, str(session_id_of(request)))


def is_own_form(request: Request, fields: Mapping[str, str]) -> bool:
    """Say whether a form was made for the session that now posts it."""
    cookies = desk_of(request).cookies
    return cookies.seal.fits(_FORM, str(session_id_of(request)), fields.get("form_mark", ""))


async def signed_in(request: Request) -> Person:
    """Return whoever is signed in.

    Raises:
        SignedOut: nobody is.
        Unavailable: access, which knows, is away.
    """
    desk = desk_of(request)
    session_id = session_id_of(request)
    if session_id is None:
        raise SignedOut
    kept = await desk.staff.token_of(session_id)
    return Person(
        session_id=session_id,
        caller=kept.caller,
        backend=Backend(desk.services, kept.token),
        intake=Intake(desk.services, kept.token),
        people=People(desk.services, kept.token),
        related=Related(desk.services, kept.token),
        day=Day(desk.services, kept.token),
        timers=Timers(desk.services, kept.token),
        talking=Talking(desk.services, kept.token),
        policies=Policies(desk.services, kept.token),
        closed=Closed(desk.services, kept.token),
        form_mark=form_mark_of(request),
    )


#: A page that is for signed-in staff says so in its signature; anyone else is sent to sign in first.
SignedIn = Annotated[Person, Depends(signed_in)]


def now_of(request: Request) -> datetime:
    """Return this instant, aware, in UTC."""
    now: datetime = request.app.state.clock()
    return now


#: The instant of the request, aware UTC.
Now = Annotated[datetime, Depends(now_of)]
