"""Taking a referral back: the sender asks, the hub decides, and nothing is deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import models
from services.intake.actions import LEDGER, keys
from services.intake.actions.keys import Kept
from services.intake.actions.looking_up import hold_own
from services.intake.actions.sealed import list_kept_from
from services.intake.errors import WithdrawalIsDecided, WithdrawalRequested
from services.intake.models import MAILBOX, Referral
from services.intake.store import withdrawals
from services.intake.store.withdrawals import Named
from shared.platform.auth import Caller
from shared.platform.json import Sent
from shared.platform.outbox import publish
from shared.problems import NotFound
from shared.schemas.events import WithdrawalDecided
from shared.schemas.ids import WithdrawalId, new_id
from shared.schemas.progress import Withdrawal, WithdrawalAsked, WithdrawalDecisionForm, WithdrawalForm
from shared.schemas.words import WithdrawalState


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sender is told of its wish to take a referral back, and whether it was told so before."""

    answer: Withdrawal
    replayed: bool = False


async def ask_to_withdraw(
    tx: AsyncSession, reference: str, sent: Sent[WithdrawalForm], sender: Caller, key: str, *, now: datetime
) -> Wish:
    """Note a sender's wish to take a referral back, once for each key; the referral goes on meanwhile.

    Args:
        key: the sender's Idempotency-Key; the same key with the same content gets the first answer again.

    Raises:
        NotFound: there is no such referral, or it is another agency's.
        KeyReused: the key was used for other content.
        KeyInFlight: the first request with it is still under way.
        WithdrawalRequested: the hub has yet to decide on an earlier wish.
    """
    referral = await hold_own(tx, sender, reference)
    withdrawal_id = WithdrawalId(new_id())
    # The reason is somebody's words: it is kept with the withdrawal, and the key leads there.
    kept = Kept(201, {"withdrawal_id": str(withdrawal_id)})
    fingerprint = keys.fingerprint_for("withdrawal", referral.referral_id, sent)
    if earlier := await keys.claim(tx, sender, key, fingerprint, kept, now=now):
        return await _wish_again(tx, sender, earlier, now=now)
    if await withdrawals.is_one_open(tx, referral.referral_id):
        raise WithdrawalRequested
    await withdrawals.add_withdrawal(tx, _row(withdrawal_id, referral, sent.form, sender, now))
    subjects = [referral.referral_id, withdrawal_id]
    await LEDGER.record(tx, sender, "withdrawal.requested", at=now, subjects=subjects)
    return Wish(_as_asked(withdrawal_id, referral.reference, sent.form.reason, now))


async def _wish_again(tx: AsyncSession, sender: Caller, earlier: Kept, *, now: datetime) -> Wish:
    withdrawal, reference, _ = await _get(tx, WithdrawalId(UUID(earlier.body["withdrawal_id"])))
    subjects = [withdrawal.referral_id, withdrawal.withdrawal_id]
    await LEDGER.record(tx, sender, "withdrawal.replayed", at=now, subjects=subjects)
    # As it was told the first time, whatever has become of it since.
    answer = _as_asked(withdrawal.withdrawal_id, reference, withdrawal.reason, withdrawal.requested_at)
    return Wish(answer, replayed=True)


def _row(
    withdrawal_id: WithdrawalId, referral: Referral, form: WithdrawalForm, sender: Caller, now: datetime
) -> dict[str, object]:
    return {
        "withdrawal_id": withdrawal_id,
        "referral_id": referral.referral_id,
        "agency_id": referral.agency_id,
        "client_id": sender.subject,
        "reason": form.reason,
        "requested_at": now,
        "state": WithdrawalState.REQUESTED,
    }


def _as_asked(withdrawal_id: WithdrawalId, reference: str, reason: str, now: datetime) -> Withdrawal:
    return Withdrawal(
        withdrawal_id=withdrawal_id,
        reference=reference,
        reason=reason,
        requested_at=now,
        state=WithdrawalState.REQUESTED,
    )


def show_withdrawal(withdrawal: models.Withdrawal, reference: str) -> Withdrawal:
    """Return a withdrawal as its sender sees it."""
    return Withdrawal(
        withdrawal_id=withdrawal.withdrawal_id,
        reference=reference,
        reason=withdrawal.reason,
        requested_at=withdrawal.requested_at,
        state=WithdrawalState(withdrawal.state),
        decided_at=withdrawal.decided_at,
        decision_reason=withdrawal.decision_reason,
    )


async def list_withdrawals(
    tx: AsyncSession,
    reader: Caller,
    state: WithdrawalState | None,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[WithdrawalAsked], bool]:
    """Return the wishes to take referrals back, oldest first, and whether there are more."""
    closed = await list_kept_from(tx, reader)
    found = await withdrawals.list_withdrawals(tx, state, after=after, limit=limit, without=closed)
    page = found[:limit]
    await _record_read(tx, reader, page, now=now)
    return [_to_staff(named) for named in page], len(found) > limit


async def read_withdrawal(
    tx: AsyncSession, reader: Caller, withdrawal_id: WithdrawalId, *, now: datetime
) -> WithdrawalAsked:
    """Return a withdrawal to the service that tells its sender what was decided.

    Raises:
        NotFound: there is none.
    """
    named = await _get(tx, withdrawal_id)
    await _record_read(tx, reader, [named], now=now)
    return _to_staff(named)


async def decide_withdrawal(
    tx: AsyncSession,
    withdrawal_id: WithdrawalId,
    form: WithdrawalDecisionForm,
    decider: Caller,
    *,
    now: datetime,
) -> WithdrawalAsked:
    """Decide whether a referral is treated as taken back, and let its sender be told.

    Raises:
        NotFound: there is no such withdrawal.
        WithdrawalIsDecided: somebody has decided already.
    """
    withdrawal, _, _ = named = await _get(tx, withdrawal_id, to_decide=True)
    if withdrawal.state != WithdrawalState.REQUESTED:
        raise WithdrawalIsDecided
    withdrawal.state = WithdrawalState.AGREED if form.agreed else WithdrawalState.DECLINED
    withdrawal.decided_at = now
    withdrawal.decided_by, withdrawal.decided_by_name = decider.subject, decider.name
    withdrawal.decision_reason = form.reason
    await tx.flush()
    subjects = [withdrawal_id, withdrawal.referral_id]
    facts = {"state": withdrawal.state}
    await LEDGER.record(tx, decider, "withdrawal.decided", at=now, subjects=subjects, facts=facts)
    event = WithdrawalDecided(
        withdrawal_id=withdrawal_id, referral_id=withdrawal.referral_id, occurred_at=now
    )
    await publish(tx, MAILBOX.outbox, event)
    return _to_staff(named)


async def _get(tx: AsyncSession, withdrawal_id: WithdrawalId, *, to_decide: bool = False) -> Named:
    named = await withdrawals.find_withdrawal(tx, withdrawal_id, to_decide=to_decide)
    if named is None:
        raise NotFound
    return named


async def _record_read(tx: AsyncSession, reader: Caller, page: Sequence[Named], *, now: datetime) -> None:
    subjects = [each for row, _, _ in page for each in (row.withdrawal_id, row.referral_id)]
    await LEDGER.record(tx, reader, "withdrawal.read", at=now, subjects=subjects)


def _to_staff(named: Named) -> WithdrawalAsked:
    withdrawal, reference, sender_reference = named
    return WithdrawalAsked(
        **dict(show_withdrawal(withdrawal, reference)),
        referral_id=withdrawal.referral_id,
        agency_id=withdrawal.agency_id,
        sender_reference=sender_reference,
    )
