"""An agency's feed of notices: read in order or one at a time. Nothing is to be confirmed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.actions import LEDGER
from services.notifications.actions.feeds import make_page, read_place
from services.notifications.models import Notice as Row
from services.notifications.rules import NOTICE_TYPES, Occasion
from services.notifications.store import notices as store
from services.notifications.store.feeds import FeedName
from shared.platform.auth import Caller
from shared.platform.json import dump
from shared.platform.paging import write_cursor
from shared.problems import NotFound
from shared.schemas.ids import AgencyId, EventId
from shared.schemas.notices import Notice
from shared.schemas.progress import FurtherInformation, Withdrawal
from shared.schemas.reminders import DiscussionNotice, ReminderNotice
from shared.schemas.shapes import Page


async def list_notices(
    tx: AsyncSession, reader: Caller, *, after: str | None, limit: int, now: datetime
) -> Page[Notice]:
    """Return a page of the notices that the reader's agency was given, in the order they were given.

    Args:
        after: the cursor of the page before; an empty page gives it back, so that it can always be kept.

    Raises:
        CursorNotKnown: `after` was not given for this list.
    """
    agency_id = reader.own_agency()
    place = read_place(_list_name(agency_id), after)
    found = await store.list_notices(tx, agency_id, after=place, limit=limit)
    await _record_read(tx, reader, found[:limit], now=now)
    numbered = [(notice.number, _show(notice)) for notice in found]
    return make_page(_list_name(agency_id), numbered, after=after, limit=limit)


async def read_notice(tx: AsyncSession, reader: Caller, event_id: EventId, *, now: datetime) -> Notice:
    """Return one notice.

    Raises:
        NotFound: there is none, or it is another agency's.
    """
    notice = await store.find_notice(tx, event_id, reader.own_agency())
    if notice is None:
        raise NotFound
    await _record_read(tx, reader, [notice], now=now)
    return _show(notice)


def _list_name(agency_id: AgencyId) -> str:
    return f"{FeedName.NOTICES} of {agency_id}"


async def _record_read(tx: AsyncSession, reader: Caller, notices: Sequence[Row], *, now: datetime) -> None:
    ids: list[UUID] = [each for notice in notices for each in (notice.event_id, notice.referral_id)]
    await LEDGER.record(tx, reader, "notice.read", at=now, subjects=dict.fromkeys(ids))


def _show(notice: Row) -> Notice:
    asked, wish = notice.further_information, notice.withdrawal
    waits, talk = notice.information_request, notice.discussion
    return Notice(
        event_id=notice.event_id,
        cursor=write_cursor(_list_name(notice.agency_id), notice.number),
        type=NOTICE_TYPES[Occasion(notice.occasion)],
        occurred_at=notice.occurred_at,
        reference=notice.reference,
        sender_reference=notice.sender_reference,
        case_id=notice.case_id,
        message=notice.message,
        further_information=FurtherInformation.model_validate(asked) if asked else None,
        withdrawal=Withdrawal.model_validate(wish) if wish else None,
        information_request=ReminderNotice.model_validate_json(dump(waits)) if waits else None,
        discussion=DiscussionNotice.model_validate_json(dump(talk)) if talk else None,
    )
