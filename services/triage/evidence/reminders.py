"""When an agency that has not answered is reminded: pure, worked out from the question's own times."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from services.triage.models import InformationRequest

#: After these, a person of the hub rings.
MOST_REMINDERS: Final = 5
REMIND_AGAIN_AFTER: Final = timedelta(hours=24)

Asked = TypeVar("Asked", bound=InformationRequest)


def remind_at(request: InformationRequest) -> datetime:
    """Return when a question without an answer is brought to mind next.

    At half of its time, when it falls due, and then once in 24 hours: elapsed time, as the question's own due
    time has counted working time already. Whoever could not be reminded in time is reminded once, not twice.
    """
    if request.reminded_at is None:
        return request.asked_at + (request.due_at - request.asked_at) / 2
    if request.reminded_at < request.due_at:
        return request.due_at
    return request.reminded_at + REMIND_AGAIN_AFTER


def reminders_due(requests: Sequence[Asked], now: datetime) -> list[Asked]:
    """Return the questions whose agency is reminded now.

    Source:
        docs/adr/0031-who-is-asked-and-on-what-ground.md
    """
    return [
        request
        for request in requests
        if request.answered_at is None and request.reminders < MOST_REMINDERS and remind_at(request) <= now
    ]
