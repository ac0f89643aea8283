"""Queries for threshold policies: published, and put forward."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import Case, CaseChild, Policy, PolicySubmission, Recommendation
from shared.schemas.ids import CaseId
from shared.schemas.policies import SubmissionState
from shared.schemas.words import ChildState


async def get_policy(tx: AsyncSession, version: str) -> Policy:
    """Return a published policy by its version."""
    return await tx.get_one(Policy, version)


async def find_policy(tx: AsyncSession, version: str) -> Policy | None:
    """Return a published policy by its version."""
    return await tx.get(Policy, version)


async def find_policy_in_force(tx: AsyncSession) -> Policy | None:
    """Return the policy published last."""
    return (await tx.scalars(select(Policy).order_by(Policy.published_at.desc()).limit(1))).first()


# Made once: each recommendation asks for it. What waits to be written goes with the rest: none of it is here.
_TEXT_IN_FORCE: Final = (
    select(Policy.document).order_by(Policy.published_at.desc()).limit(1).execution_options(autoflush=False)
)


async def find_text_in_force(tx: AsyncSession) -> str | None:
    """Return the text of the policy published last."""
    return await tx.scalar(_TEXT_IN_FORCE)


async def find_newest_publication(tx: AsyncSession) -> datetime | None:
    """Return when a policy was published last."""
    return await tx.scalar(select(func.max(Policy.published_at)))


async def list_policies(tx: AsyncSession) -> Sequence[Policy]:
    """Return every published policy, the newest first."""
    return (await tx.scalars(select(Policy).order_by(Policy.published_at.desc()))).all()


async def list_newest_submissions(tx: AsyncSession) -> Sequence[PolicySubmission]:
    """Return the newest submission of each version, the newest first."""
    newest = (
        select(PolicySubmission)
        .ext(distinct_on(PolicySubmission.version))
        .order_by(PolicySubmission.version, PolicySubmission.submitted_at.desc())
    )
    found = (await tx.scalars(newest)).all()
    return sorted(found, key=lambda one: one.submitted_at, reverse=True)


async def find_submission(tx: AsyncSession, version: str) -> PolicySubmission | None:
    """Return the newest submission of a version."""
    query = select(PolicySubmission).where(PolicySubmission.version == version)
    return (await tx.scalars(query.order_by(PolicySubmission.submitted_at.desc()).limit(1))).first()


async def hold_submission(tx: AsyncSession, version: str) -> PolicySubmission | None:
    """Return the newest submission of a version, held until the transaction ends."""
    query = select(PolicySubmission).where(PolicySubmission.version == version)
    newest = query.order_by(PolicySubmission.submitted_at.desc()).limit(1)
    return (await tx.scalars(newest.with_for_update())).first()


async def is_waiting(tx: AsyncSession, version: str) -> bool:
    """Say whether a policy of this version waits for approval."""
    newest = await find_submission(tx, version)
    return newest is not None and newest.state == SubmissionState.SUBMITTED


async def find_case_recommended_otherwise(tx: AsyncSession, version: str) -> CaseId | None:
    """Return a case with a child still to be decided that another version of the policy recommends for.

    Cases that somebody else holds are passed over: whatever they do there recommends anew too.
    """
    query = (
        select(Case.case_id)
        .where(
            Case.is_open,
            select(CaseChild.child_id)
            .join(Recommendation, Recommendation.recommendation_id == CaseChild.recommendation_id)
            .where(
                CaseChild.case_id == Case.case_id,
                (CaseChild.state != ChildState.DECIDED) | CaseChild.changed_at.is_not(None),
                Recommendation.policy_version != version,
            )
            .exists(),
        )
        .order_by(Case.urgency, Case.decide_by)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await tx.scalars(query)).first()
