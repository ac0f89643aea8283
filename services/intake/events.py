"""Who listens to what in intake."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import progressing
from shared.platform.subscriptions import Handler, Subscriptions
from shared.schemas.events import CaseOpened, ChildDecided, Event


async def _nothing_more(_here: None, _event: Event) -> None:
    """Fetch nothing: the event says all that intake keeps."""


async def _case_opened(tx: AsyncSession, event: CaseOpened, _fetched: None, _here: None) -> None:
    await progressing.note_case_opened(tx, event)


async def _child_decided(tx: AsyncSession, event: ChildDecided, _fetched: None, _here: None) -> None:
    await progressing.note_child_decided(tx, event)


SUBSCRIPTIONS: Subscriptions = {
    CaseOpened: (Handler("note_case_opened", fetch=_nothing_more, apply=_case_opened, from_the_start=True),),
    ChildDecided: (
        Handler("note_child_decided", fetch=_nothing_more, apply=_child_decided, from_the_start=True),
    ),
}
