"""Keep what somebody has typed so far, for them alone."""

from collections.abc import Set
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.errors.day import DraftTooLarge
from services.triage.models import Draft
from services.triage.sight import DECIDERS
from services.triage.store import cases, holding, requests
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.holding import DraftForm, DraftName, DraftView
from shared.schemas.ids import CaseId, ChildId, DiscussionId, RequestId, StaffId
from shared.schemas.words import Role

#: Forty people of a discussion have eight fields each.
MOST_FIELDS, MOST_CHARACTERS = 400, 60_000
#: What the form of who was there says; the form of what was said says all else.
_WHO_AND_WHEN = frozenset({"attendees", "held_at", "planned_at"})


class DraftPlace(NamedTuple):
    """One form about one record."""

    name: DraftName
    subject_id: UUID


async def keep(
    tx: AsyncSession,
    place: DraftPlace,
    form: DraftForm,
    writer: Caller,
    *,
    now: datetime,
    kept: timedelta,
) -> DraftView:
    """Keep a draft in the place of the writer's earlier one of the same form.

    Raises:
        NotFound: the writer has no such form to fill in.
        DraftTooLarge: it holds more than any form.
    """
    await _require_business(tx, *place, writer)
    size = sum(len(key) + len(value) for key, value in form.fields.items())
    if len(form.fields) > MOST_FIELDS or size > MOST_CHARACTERS:
        raise DraftTooLarge
    draft = {
        "staff_id": _own_id(writer),
        "form": place.name.value,
        "subject_id": place.subject_id,
        "fields": form.fields,
        "saved_at": now,
        "expires_at": now + kept,
    }
    await holding.forget_drafts(tx, now=now)
    await holding.keep_draft(tx, draft)
    await LEDGER.record(
        tx, writer, "draft.kept", at=now, subjects=[place.subject_id], facts={"form": place.name}
    )
    return DraftView.model_validate(draft)


async def read(tx: AsyncSession, place: DraftPlace, writer: Caller, *, now: datetime) -> DraftView:
    """Return the writer's own draft: a look at what it is about, and accounted for as one.

    Raises:
        NotFound: there is none, it is kept no longer, or what it is about is not theirs any more.
    """
    await _require_business(tx, *place, writer)
    found = await holding.find_draft(tx, _own_id(writer), *place, now=now)
    if found is None:
        raise NotFound
    await LEDGER.record(
        tx, writer, "draft.read", at=now, subjects=[place.subject_id], facts={"form": place.name}
    )
    return _view(found)


async def forget(tx: AsyncSession, place: DraftPlace, writer: Caller, *, now: datetime) -> None:
    """Delete the writer's own draft; where there is none, nothing changes."""
    await holding.forget_draft(tx, _own_id(writer), *place)
    await LEDGER.record(
        tx, writer, "draft.deleted", at=now, subjects=[place.subject_id], facts={"form": place.name}
    )


async def settle(tx: AsyncSession, place: DraftPlace, doer: Caller, *, now: datetime) -> None:
    """Delete the draft of what its writer does in this very transaction: an act that is done leaves none.

    Where the act is undone with its transaction, the draft stands. Systems write no drafts.

    Source:
        docs/adr/0043-a-draft-ends-with-its-act.md
    """
    if doer.is_staff and await holding.forget_draft(tx, _own_id(doer), *place):
        facts = {"form": place.name, "done": True}
        await LEDGER.record(tx, doer, "draft.deleted", at=now, subjects=[place.subject_id], facts=facts)


def forms_of_record(parts: Set[str]) -> list[DraftName]:
    """Return the forms that these parts of a discussion's record are written in.

    A record in which nothing is new was sent by the form of what was said.
    """
    forms = [DraftName.ATTENDANCE] if parts & _WHO_AND_WHEN else []
    return forms + ([DraftName.MINUTES] if parts - _WHO_AND_WHEN or not parts else [])


def _view(draft: Draft) -> DraftView:
    return DraftView.model_validate(draft, from_attributes=True)


def _own_id(writer: Caller) -> StaffId:
    return StaffId(UUID(writer.subject))


async def _require_business(tx: AsyncSession, name: DraftName, subject_id: UUID, writer: Caller) -> None:
    match name:
        case DraftName.DECISION:
            may = _decides(writer) and await holding.find_child(tx, ChildId(subject_id)) is not None
        case DraftName.GRADE:
            may = await _may_grade(tx, ChildId(subject_id), writer)
        case DraftName.ANSWER:
            asked = await holding.find_request(tx, RequestId(subject_id))
            may = asked is not None and asked.agency_id == _represents(writer)
        case DraftName.DISCUSSION:
            may = _decides(writer) and await holding.find_case(tx, CaseId(subject_id)) is not None
        case DraftName.ATTENDANCE | DraftName.MINUTES:
            held = await holding.find_discussion(tx, DiscussionId(subject_id))
            may = _decides(writer) and held is not None
    if not may:
        raise NotFound


def _decides(writer: Caller) -> bool:
    return bool(writer.roles & DECIDERS)


def _represents(writer: Caller) -> UUID | None:
    return writer.agency_id if Role.AGENCY_REPRESENTATIVE in writer.roles else None


async def _may_grade(tx: AsyncSession, child_id: ChildId, writer: Caller) -> bool:
    agency_id = _represents(writer)
    child = await holding.find_child(tx, child_id)
    if child is None or agency_id is None:
        return False
    asked = await requests.list_requests(tx, child_id)
    sender = await cases.get_contact(tx, child.referral_id)
    return agency_id in {sender.agency_id, *(request.agency_id for request in asked)}
