"""Contacts as they arrive: danger first, then the newest, with from whom and until when an answer is owed."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from services.console import wording
from services.console.pages.showing import show
from services.console.session import Now, Person, SignedIn
from services.console.standing import Names, agency_name
from services.console.wording import Deadline
from shared.problems import NotPermitted, Problem
from shared.schemas.ids import AgencyId
from shared.schemas.progress import ReferralProgress, WithdrawalAsked
from shared.schemas.reference import read_reference
from shared.schemas.words import Channel, FurtherInformationState, Stage, WithdrawalState

router = APIRouter(include_in_schema=False)

_MOST_IN_DANGER: Final = 100
_PATIENCE_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One contact on the list.

    Attributes:
        asked_until: when an open request for more is due, None when nothing was asked or all is answered.
        withdrawing: whether its sender wishes to take it back and nobody has answered that.
    """

    contact: ReferralProgress
    from_whom: str
    deadline: Deadline
    asked_until: datetime | None
    withdrawing: bool

    @property
    def answered(self) -> bool:
        """Whether its sender has been answered."""
        return self.contact.stage is Stage.DECIDED

    @property
    def urgent(self) -> bool:
        """Whether it says that a child is in danger, and nobody has decided yet."""
        return self.contact.immediate_danger and not self.answered


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contacts someone asked for."""

    danger: bool = False
    channel: Channel | None = None
    agency_id: AgencyId | None = None

    @property
    def query(self) -> str:
        """The same, as an address carries it; ids and codes alone."""
        pairs = {
            "danger": "true" if self.danger else None,
            "channel": self.channel,
            "agency": str(self.agency_id) if self.agency_id else None,
        }
        return urlencode({name: value for name, value in pairs.items() if value})

    @property
    def anything(self) -> bool:
        """Whether nothing is left out."""
        return not self.query


def _wanted(danger: bool = False, channel: str = "", agency: str = "") -> Wanted:
    return Wanted(danger, _channel(channel), _agency(agency))


@router.get("/contacts")
async def get_contacts(
    person: SignedIn,
    request: Request,
    now: Now,
    wanted: Annotated[Wanted, Depends(_wanted)],
    cursor: str | None = None,
) -> Response:
    """Show what has arrived that this person may see."""
    if not person.sees_contacts:
        raise NotPermitted
    found = await person.intake.list_contacts(
        cursor=cursor,
        immediate_danger=wanted.danger or None,
        channel=wanted.channel,
        agency_id=wanted.agency_id,
    )
    urgent = await _in_danger(person) if wanted.anything and cursor is None else []
    names = await person.backend.agencies()
    return show(
        request,
        "contacts.html",
        person=person,
        names=names,
        arrivals=arrivals([*urgent, *found.items], names, now),
        wanted=wanted,
        withdrawals=await _withdrawals(person),
        next_cursor=found.next_cursor if found.has_more else None,
        later_page=cursor is not None,
    )


@router.get("/contacts/{heard}/case")
async def get_case_of_contact(person: SignedIn, heard: str) -> Response:
    """Lead to the case that a contact belongs to, or say that there is none yet."""
    try:
        reference = read_reference(heard)
    except ValueError:
        return RedirectResponse("/contacts", 303)
    found = await person.backend.list_cases_of(reference)
    if len(found.items) == 1:
        return RedirectResponse(f"/cases/{found.items[0].case_id}", 303)
    return RedirectResponse(f"/?reference={reference}", 303)


def arrivals(contacts: Iterable[ReferralProgress], names: Names, now: datetime) -> list[Arrival]:
    """Return contacts as the list shows them, each once: danger that nobody has decided stands first."""
    once = {contact.reference: contact for contact in contacts}
    rows = [_arrival(contact, names, now) for contact in once.values()]
    return sorted(rows, key=lambda row: (not row.urgent, -row.contact.received_at.timestamp()))


def _arrival(contact: ReferralProgress, names: Names, now: datetime) -> Arrival:
    open_requests = [
        asked.due_at for asked in contact.further_information if asked.state is FurtherInformationState.ASKED
    ]
    withdrawal = contact.withdrawal
    return Arrival(
        contact=contact,
        from_whom=agency_name(names, contact.agency_id),
        deadline=wording.deadline(contact.respond_by, now),
        asked_until=min(open_requests, default=None),
        withdrawing=withdrawal is not None and withdrawal.state is WithdrawalState.REQUESTED,
    )


async def _in_danger(person: Person) -> Sequence[ReferralProgress]:
    """Return contacts in danger that nobody has decided: none may slide off the first page."""
    found = await person.intake.list_contacts(immediate_danger=True, limit=_MOST_IN_DANGER)
    return [contact for contact in found.items if contact.stage is not Stage.DECIDED]


async def _withdrawals(person: Person) -> Sequence[WithdrawalAsked]:
    if not person.settles:
        return []
    return (await person.intake.list_withdrawals(WithdrawalState.REQUESTED)).items


def _channel(given: str) -> Channel | None:
    return Channel(given) if given in list(Channel) else None


def _agency(given: str) -> AgencyId | None:
    try:
        return AgencyId(UUID(given))
    except ValueError:
        return None


async def progress_of(person: Person, references: Sequence[str]) -> dict[str, ReferralProgress]:
    """Return where contacts are, by reference; without those that intake does not give soon enough.

    A case is not held back for what was asked of its senders.
    """
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            found = await asyncio.gather(*(_find_progress(person, reference) for reference in references))
    except TimeoutError:
        return {}
    return {answer.reference: answer for answer in found if answer is not None}


async def _find_progress(person: Person, reference: str) -> ReferralProgress | None:
    try:
        return await person.intake.get_progress(reference)
    except Problem:
        return None
