"""What an endpoint asks for in its signature: the transaction of its request, and the time it began."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import utc_now
from shared.platform.auth import Caller
from shared.platform.database import transaction

# A first request still under way holds its key locked; its twin waits this long and is then told so.
_WAIT_FOR_TWIN = timedelta(milliseconds=300)


async def _request_transaction(request: Request) -> AsyncIterator[AsyncSession]:
    async with transaction(request.app.state.sessions, _subject(request)) as tx:
        yield tx


async def _keyed_transaction(request: Request) -> AsyncIterator[AsyncSession]:
    async with transaction(request.app.state.sessions, _subject(request), lock_wait=_WAIT_FOR_TWIN) as tx:
        yield tx


def _subject(request: Request) -> str:
    caller: Caller | None = getattr(request.state, "caller", None)
    return caller.subject if caller else "anyone"


async def _now(request: Request) -> datetime:
    clock: Callable[[], datetime] = getattr(request.app.state, "clock", utc_now)
    return clock()


#: One request, one transaction. scope="function" commits before the answer is sent: with the default scope
#: a sender could read "201 Created" and the commit could still fail.
Tx = Annotated[AsyncSession, Depends(_request_transaction, scope="function")]

#: The same for a request with an Idempotency-Key, which does not wait long for another with the same key.
KeyedTx = Annotated[AsyncSession, Depends(_keyed_transaction, scope="function")]

#: The instant of the request, aware UTC.
Now = Annotated[datetime, Depends(_now)]
