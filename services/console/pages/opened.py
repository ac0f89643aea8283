"""What a person opened in an emergency is said on every page they see, for as long as it is open to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.console.session import Person, desk_of
from shared.schemas.restricted import AccessView

_COOKIE: Final = "opened"
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A restricted case that is open to somebody for a while, and until when."""

    case_id: UUID
    until: datetime


def opened_of(request: Request, person: Person, now: datetime) -> list[Opened]:
    """Return what this person opened at this browser and is still open, whatever closes first, first."""
    value = desk_of(request).cookies.read(request, _COOKIE) or ""
    whose, _, rest = value.partition("|")
    # Whoever signs in after them at the same browser opened nothing.
    if whose != person.caller.subject:
        return []
    found = [_read(each) for each in rest.split("|") if each]
    return sorted((each for each in found if each.until > now), key=lambda each: each.until)


def note_opened(
    request: Request, response: Response, person: Person, access: AccessView, now: datetime
) -> None:
    """Have the pages say until when a case is open that was opened just now."""
    if access.expires_at is not None:
        others = [each for each in opened_of(request, person, now) if each.case_id != access.case_id]
        _keep(request, response, person, [*others, Opened(access.case_id, access.expires_at)], now)


def forget_opened(request: Request, response: Response, person: Person, case_id: UUID, now: datetime) -> None:
    """Have the pages say no longer that a case is open: somebody closed it before its hour was over."""
    before = opened_of(request, person, now)
    left = [each for each in before if each.case_id != case_id]
    if len(left) < len(before):
        _keep(request, response, person, left, now)


def _keep(
    request: Request, response: Response, person: Person, opened: Iterable[Opened], now: datetime
) -> None:
    kept = sorted(opened, key=lambda each: each.until)[-_MOST:]
    if not kept:
        desk_of(request).cookies.drop(response, _COOKIE)
        return
    parts = [person.caller.subject, *(f"{each.case_id}={each.until.timestamp():.0f}" for each in kept)]
    seconds = max(int((kept[-1].until - now).total_seconds()), 1)
    desk_of(request).cookies.put(response, _COOKIE, "|".join(parts), seconds=seconds)


def _read(part: str) -> Opened:
    case_id, _, until = part.partition("=")
    return Opened(UUID(case_id), datetime.fromtimestamp(int(until), UTC))
