"""Who listens to what in a service, and what its handlers work with."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from shared.platform.database import Sessions
from shared.platform.mailbox import Mailbox
from shared.platform.patience import delay_after
from shared.schemas.events import Event

Here = TypeVar("Here")
E = TypeVar("E", bound=Event)
F = TypeVar("F")


@dataclass(frozen=True)
class Handler(Generic[Here, E, F]):
    """One thing a service does about an event.

    Args:
        name: unique in the service and never changed: inbox rows and the durable carry it.
        fetch: asks the owners for what it needs; runs with no transaction open, perhaps more than once.
        apply: makes the effect, in the transaction that writes the inbox row.
        from_the_start: whether it is owed the events from before it was first deployed as well.
    """

    name: str
    fetch: Callable[[Here, E], Awaitable[F]]
    apply: Callable[[AsyncSession, E, F, Here], Awaitable[None]]
    from_the_start: bool = False


#: Who listens to what in one service.
Subscriptions = Mapping[type[Event], tuple[Handler[Any, Any, Any], ...]]


@dataclass(frozen=True)
class Pace:
    """How patient a worker is. Delays double from the first to the longest, in seconds.

    The reconciler takes an event that was not tried for 20 seconds for lost: no delay may be longer.
    """

    tries: int = 8
    first_try_delay: float = 0.5
    longest_try_delay: float = 15.0
    first_away_delay: float = 0.1
    longest_away_delay: float = 15.0
    fetch_within_seconds: float = 30.0
    at_once: int = 8
    idle_seconds: float = 3.0

    def after_try(self, tries: int) -> float:
        """Return the seconds to wait after so many tries that the event made fail."""
        return delay_after(tries, first_seconds=self.first_try_delay, longest_seconds=self.longest_try_delay)

    def after_away(self, times: int) -> float:
        """Return the seconds to wait when what the event needs was away so many times."""
        return delay_after(
            times, first_seconds=self.first_away_delay, longest_seconds=self.longest_away_delay
        )


@dataclass(frozen=True)
class Workplace(Generic[Here]):
    """What the handlers of one service work with; `here` is the service's own, handed to them."""

    mailbox: Mailbox
    sessions: Sessions
    here: Here
    pace: Pace = Pace()
    process: UUID = field(default_factory=uuid4)
