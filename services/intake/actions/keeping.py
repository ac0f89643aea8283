"""Keeping one version of a referral: its row, its line in the audit and its announcement, together."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.models import MAILBOX
from services.intake.store import referrals
from services.intake.store.keys import telling_twins
from shared.platform.auth import Caller
from shared.platform.json import Sent
from shared.platform.outbox import announcement
from shared.platform.writing import NewRow
from shared.schemas.events import ReferralReceived
from shared.schemas.ids import AgencyId
from shared.schemas.progress import ReferralAccepted
from shared.schemas.referrals import ReferralIn
from shared.schemas.words import Channel, ReferralKind


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a referral on its way into the hub.

    Attributes:
        agency_id: whose referral it is, and who is answered.
        sender_reference: what the agency calls it; the first version's stands.
        reason: why a later version was sent.
        changed: pointers to what differs from the version before.
    """

    sent: Sent[ReferralIn]
    answer: ReferralAccepted
    agency_id: AgencyId
    sender_reference: str | None
    channel: Channel = Channel.API
    reason: str | None = None
    changed: tuple[str, ...] = ()


async def keep(
    tx: AsyncSession, version: Version, who: Caller, *, action: str, claims: Sequence[NewRow] = ()
) -> NewRow | None:
    """Store a version as it was sent and announce it.

    Args:
        who: the system that sent it, or the member of staff who wrote it down.
        action: how the audit calls this, `referral.received`.
        claims: what it must be the first to take; where another has taken one, nothing is stored.

    Returns:
        The first of `claims` that another has taken, or None when the version is stored.

    Raises:
        KeyInFlight: another has taken one of them and has not ended yet.
    """
    answer, form = version.answer, version.sent.form
    referral = referrals.new_referral(
        {
            "referral_id": answer.referral_id,
            "version": answer.version,
            "reference": answer.reference,
            "agency_id": version.agency_id,
            "client_id": who.subject,
            "sender_reference": version.sender_reference,
            "kind": form.kind or ReferralKind.REFERRAL,
            "immediate_danger": form.immediate_danger,
            "received_at": answer.received_at,
            "respond_by": answer.respond_by,
            "channel": version.channel,
            "recorded_by": who.name if who.is_staff else None,
            "reason": version.reason,
            "changed": list(version.changed),
            "document": version.sent.document,
            **answer.model_dump(mode="json", include={"children", "findings"}),
        },
    )
    subjects = [answer.referral_id, *(child.child_id for child in answer.children)]
    entry = LEDGER.entry(who, action, at=answer.received_at, subjects=subjects)
    event = ReferralReceived(
        referral_id=answer.referral_id,
        version=answer.version,
        agency_id=version.agency_id,
        occurred_at=answer.received_at,
    )
    with telling_twins():
        return await LEDGER.write(tx, entry, referral, announcement(tx, MAILBOX.outbox, event), claims=claims)
