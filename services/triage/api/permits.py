"""Who may call triage, and for which case: the one place where a restricted case is kept from its callers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Request

from services.triage.actions.showing.restricted import is_kept_from, require_open_for
from services.triage.store.restricted import LEADS_TO_CASES
from shared.clock import utc_now
from shared.platform.auth import Caller, Permit
from shared.platform.database import transaction
from shared.platform.requests import Tx
from shared.schemas.words import Role, Scope


class CasePermit(Permit):
    """A permit that also asks, of every case to which an id of the address leads, whether it is open.

    It is asked right after the right to call and before anything of the request is read, with a transaction
    of its own. A list has no case in its address: it keeps closed cases back by itself.
    """

    async def __call__(self, request: Request) -> Caller:
        """Return the caller, if it may call here and nothing it names is closed to it."""
        caller = await super().__call__(request)
        ids = _ids(request.path_params)
        if ids and is_kept_from(caller):
            async with transaction(request.app.state.sessions, caller.subject) as tx:
                await require_open_for(tx, caller, ids, now=_now(request))
        return caller


class LookPermit(CasePermit):
    """The same, asked in the transaction of the look itself.

    For routes without a body that ask nobody else: while a body or another service is waited for, no
    connection is held.
    """

    async def __call__(self, request: Request, tx: Tx) -> Caller:  # type: ignore[override]
        """Return the caller, as a permit does."""
        caller = await Permit.__call__(self, request)
        if is_kept_from(caller):
            await require_open_for(tx, caller, _ids(request.path_params), now=_now(request))
        return caller


def permit(
    *,
    scope: Scope | None = None,
    roles: frozenset[Role] | set[Role] = frozenset(),
    services: set[str] | None = None,
    every_client: bool = False,
    to_look: bool = False,
) -> Any:
    """Return the dependency that lets exactly these callers in, to cases that are open to them.

    Every route of triage uses it, as a test of the house asks.

    Args:
        to_look: whether the case is asked for in the transaction of the request (`LookPermit`).
    """
    kind = LookPermit if to_look else CasePermit
    return Depends(kind(scope, frozenset(roles), frozenset(services or ()), every_client))


def _ids(path: Mapping[str, Any]) -> dict[str, UUID]:
    """Return the ids of an address that lead to cases; what cannot be one is answered as not there, later."""
    found = {}
    for name in LEADS_TO_CASES & path.keys():
        try:
            found[name] = UUID(str(path[name]))
        except ValueError:
            continue
    return found


def _now(request: Request) -> datetime:
    now: datetime = getattr(request.app.state, "clock", utc_now)()
    return now
