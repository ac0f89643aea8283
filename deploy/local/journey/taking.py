"""What the hub says when it has taken a worry, by whichever door it came."""

import httpx

from deploy.local.journey.company import Company, Referred
from deploy.local.journey.story import Worry
from deploy.local.journey.trail import Trail
from shared.clock import london_words
from shared.schemas.progress import ReferralAccepted


def see_taken(company: Company, trail: Trail, worry: Worry, answer: httpx.Response) -> Referred:
    """Tell what the hub answered, and return the worry as it has it."""
    sender, accepted = company.systems[worry.client_id], ReferralAccepted.model_validate_json(answer.content)
    trail.tell(
        "The hub",
        f"has it for good: {answer.status_code}, {accepted.reference}."
        f" {sender.name} will be answered by {london_words(accepted.respond_by)}.",
    )
    return Referred(worry, sender, accepted)
