"""Every decision that tests make rests on a recommendation that can be worked out again."""

from functools import cache

from sqlalchemy import text

from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from services.triage.policy.reading import read_policy
from shared.platform.database import transaction
from shared.platform.json import dump
from shared.schemas.policy import RecommendationView
from tests.hub import Hub

_STORED = text(
    "SELECT DISTINCT r.recommendation_id, r.facts, r.view, p.document"
    " FROM triage.decision d"
    " JOIN triage.recommendation r ON r.recommendation_id IN (d.recommendation_id, d.first_recommendation_id)"
    " JOIN triage.policy p ON p.version = r.policy_version"
)


async def check_decisions(hub: Hub) -> int:
    """Work out anew what each stored decision was made on, and return how many were the same: all of them."""
    policy_of = cache(read_policy)
    async with transaction(hub.sessions["triage"], "tests") as tx:
        stored = (await tx.execute(_STORED)).all()
    for _, facts, view, document in stored:
        again = recommend(policy_of(document), ChildFacts.model_validate_json(dump(facts))).view()
        assert again == RecommendationView.model_validate(view)
    return len(stored)
