"""How access knows its own callers: the keys and the records are at hand."""

from collections.abc import Callable
from datetime import datetime, timedelta

from services.access.actions.standing import still_stands
from services.access.tokens import Signer
from shared.platform.auth import Caller
from shared.platform.database import Sessions, transaction
from shared.problems import NotAuthenticated


class OwnAuthenticator:
    """Reads a token with access's own key and looks up whether its bearer still stands."""

    def __init__(
        self, sessions: Sessions, signer: Signer, *, idle: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self._sessions = sessions
        self._signer = signer
        self._idle = idle
        self._clock = clock

    async def __call__(self, token: str, *, method: str, path: str) -> Caller:
        """Return the caller.

        Raises:
            NotAuthenticated: a bad token, or its client or session has ended.
            Unavailable: the database is away.
        """
        caller = await self._signer.read(token)
        async with transaction(self._sessions, caller.subject) as tx:
            stands = await still_stands(tx, caller, idle=self._idle, now=self._clock())
        if not stands:
            raise NotAuthenticated("The client or session behind this token has ended.")
        return caller
