"""Who may call intake about one referral: the place where a sealed one is kept from staff nobody named."""

from typing import Any

from fastapi import Depends, Request

from services.intake.actions.sealed import find_sealed, is_kept_from, is_open_by_name
from services.intake.errors import RestrictedReferral
from shared.platform.auth import Caller, Permit
from shared.platform.database import transaction
from shared.schemas.words import Role, Scope


class ReferralPermit(Permit):
    """A permit that also asks whether the referral in the address is open to whoever calls."""

    async def __call__(self, request: Request) -> Caller:
        """Return the caller, if it may call here and the referral is open to it."""
        caller = await super().__call__(request)
        if is_kept_from(caller) and request.path_params:
            async with transaction(request.app.state.sessions, caller.subject) as tx:
                referral_id = await find_sealed(tx, request.path_params)
            # With no transaction open: triage is asked, and only about referrals that are sealed.
            if referral_id and not await is_open_by_name(request.app.state.triage, referral_id, caller):
                raise RestrictedReferral
        return caller


def permit(*, scope: Scope | None = None, roles: frozenset[Role] | set[Role] = frozenset()) -> Any:
    """Return the dependency that lets exactly these callers in, to referrals that are open to them."""
    return Depends(ReferralPermit(scope, frozenset(roles)))
