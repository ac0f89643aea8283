"""Looking up a referral by the reference that somebody typed or said, for those who may see it."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import rules
from services.intake.models import Referral
from services.intake.store import referrals
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.ids import AgencyId
from shared.schemas.reference import Reference, read_reference


def only_agency(reader: Caller) -> AgencyId | None:
    """Return the one agency whose referrals `reader` may see, or None for staff who work with all."""
    if reader.is_staff and reader.roles & rules.SEES_ALL:
        return None
    return reader.own_agency()


def as_heard(reference: str) -> Reference:
    """Return a reference in its one written form.

    Raises:
        NotFound: it is not one; nobody learns more of it than of one that is not there.
    """
    try:
        return read_reference(reference)
    except ValueError:
        raise NotFound from None


async def hold_own(tx: AsyncSession, sender: Caller, reference: str) -> Referral:
    """Return the newest version of a referral of the sender's agency, once nobody else can add to it.

    Raises:
        NotFound: there is none, or it is another agency's.
        Unavailable: somebody else adds to it for longer than a request waits.
    """
    found = await referrals.find_by_reference(tx, as_heard(reference), sender.own_agency())
    if found is None:
        raise NotFound
    await referrals.lock_versions(tx, found.referral_id)
    # Another version may have come while this one waited.
    return await referrals.find_referral(tx, found.referral_id) or found
