"""Who may call about outcomes: the place where those of restricted referrals are kept from staff."""

from typing import Any
from uuid import UUID

from fastapi import Depends, Request

from services.notifications.actions.closed import is_kept_from, list_meant, require_open
from shared.platform.auth import Caller, Permit
from shared.platform.database import transaction
from shared.schemas.ids import EventId
from shared.schemas.words import Role, Scope


class OutcomePermit(Permit):
    """A permit that also asks whether what is asked about is open to whoever calls."""

    async def __call__(self, request: Request) -> Caller:
        """Return the caller, if it may call here and nothing it names is closed to it."""
        caller = await super().__call__(request)
        if is_kept_from(caller):
            named, reference = request.path_params.get("event_id"), request.query_params.get("reference")
            async with transaction(request.app.state.sessions, caller.subject) as tx:
                meant = await list_meant(tx, event_id=_event_id(named), reference=reference)
            # With no transaction open.
            await require_open(request.app.state.triage, meant, caller)
        return caller


def permit(*, scope: Scope | None = None, roles: frozenset[Role] | set[Role] = frozenset()) -> Any:
    """Return the dependency that lets exactly these callers in, to what is open to them."""
    return Depends(OutcomePermit(scope, frozenset(roles)))


def _event_id(named: Any) -> EventId | None:
    try:
        return EventId(UUID(str(named)))
    except ValueError:
        return None
