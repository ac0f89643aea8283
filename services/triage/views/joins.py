"""Put a join into the shape that deciders read."""

from services.triage.store.cases import Joined
from shared.schemas.joining import JoinView


def join_view(joined: Joined) -> JoinView:
    """Return a referral's coming to a case, and its going back where that was undone."""
    join = joined.join
    return JoinView(
        join_id=join.join_id,
        case_id=join.case_id,
        from_case_id=join.from_case_id,
        referral_id=join.referral_id,
        reference=joined.reference,
        reason=join.reason,
        joined_at=join.joined_at,
        joined_by=join.joined_by,
        undone_at=join.undone_at,
        undone_by=join.undone_by,
        undone_reason=join.undone_reason,
    )
