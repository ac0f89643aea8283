"""What an endpoint asks for in its signature: the transaction of its request, and the time it began."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import utc_now
from shared.platform.auth import Caller
from shared.platform.database import transaction


async def _request_transaction(request: Request) -> AsyncIterator[AsyncSession]:
    caller: Caller | None = getattr(request.state, "caller", None)
    subject = caller.subject if caller else "anyone"
    async with transaction(request.app.state.sessions, subject) as tx:
        yield tx


async def _now(request: Request) -> datetime:
    clock: Callable[[], datetime] = getattr(request.app.state, "clock", utc_now)
    return clock()


#: One request, one transaction. scope="function" commits before the answer is sent: with the default scope
#: a sender could read "201 Created" and the commit could still fail.
Tx = Annotated[AsyncSession, Depends(_request_transaction, scope="function")]

#: The instant of the request, aware UTC.
Now = Annotated[datetime, Depends(_now)]
