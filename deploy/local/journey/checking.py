"""In the first part: a sender checks what it has written so far, and is told what to do."""

from typing import Any

from deploy.local.journey.parties import Party
from deploy.local.journey.trail import Trail, in_words
from shared.schemas.checks import ReferralCheck

_SHOWN = 2


async def check(sender: Party, trail: Trail, draft: dict[str, Any]) -> str:
    """Let a sender check its draft; return the id of the receipt, to be sent with the referral."""
    answer = await sender.call("POST", "intake", "/v1/referrals/check", json=draft)
    checked = ReferralCheck.model_validate_json(answer.content)
    trail.tell("The hub", f'says first: "{checked.safety[0]}"')
    _tell_gaps(trail, checked)
    _tell_likely(trail, checked)
    trail.tell("The hub", f'says what to do now: "{checked.what_to_do_now[0]}" And: "{checked.send_anyway}"')
    return str(checked.receipt_id)


def _tell_gaps(trail: Trail, checked: ReferralCheck) -> None:
    """Tell what is asked about the child, of all that is asked."""
    asked = [gap.question for gap in checked.gaps if (gap.pointer or "").startswith("#/children/")]
    shown = " ".join(f'"{question}"' for question in asked[:_SHOWN])
    more = len(checked.gaps) - len(asked[:_SHOWN])
    trail.tell("The hub", f"asks {shown} and {more} things more. None of them would hold the worry back.")


def _tell_likely(trail: Trail, checked: ReferralCheck) -> None:
    if checked.likely is None:
        trail.tell("The hub", "cannot say just now what would probably come of it.")
        return
    for child in checked.likely:
        said = {"level": child.level, "pathway": child.pathway, "rag": child.rag}
        rules = ", ".join(rule.rule_id for rule in child.rules)
        name = child.sender_child_reference
        trail.tell(
            "The hub",
            f"expects for {name}: {in_words(said)}. Rules that would fire: {rules}. A person will decide.",
        )
