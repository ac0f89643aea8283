"""Say what the policy makes of a draft: read once, worked out purely, nothing kept."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.decisions.recommending import policy_in_force
from services.triage.views.drafts import evaluation_of
from shared.platform.auth import Caller
from shared.schemas.checks import Evaluation, EvaluationForm


async def evaluate_draft(
    tx: AsyncSession, form: EvaluationForm, asker: Caller, *, now: datetime
) -> Evaluation:
    """Return the policy's view of a draft. The line in the audit names nobody: no child is known here.

    Raises:
        NoPolicyInForce: no policy has been published.
    """
    policy = await policy_in_force(tx)
    await LEDGER.record(
        tx, asker, "draft.evaluated", at=now, subjects=[], facts={"policy_version": policy.version}
    )
    return evaluation_of(policy, form.referral, now=now)
