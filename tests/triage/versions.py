"""A referral and its later versions, sent and carried to triage as a partner would send them."""

from typing import Any

from shared.schemas.ids import new_id
from tests.hub import URLS, Hub
from tests.intake.known_people import a_known_child
from tests.referrals import a_referral

TRIAGE = URLS["triage"]
STRANGLED = {"indicator": "domestic_abuse.strangulation", "narrative": "He held her by the throat."}
EARLY = {"indicator": "neglect.early", "narrative": "No breakfast on twelve of twenty days."}


def a_mild_referral(**given: Any) -> dict[str, Any]:
    """Return a referral that no rule turns red, about a child whom nobody else has heard of."""
    mild = a_known_child(grade={"status": "graded", "grade": 2, "rationale": "Early signs."})
    return a_referral(**({"children": [mild], "concerns": [EARLY]} | given))


async def correct(hub: Hub, said: dict[str, Any], referral: dict[str, Any]) -> dict[str, Any]:
    """Send a later version, let everyone hear of it, and return the case as it stands then."""
    await send_version(hub, said, referral)
    return await hub.case_of(said["reference"])


async def send_version(hub: Hub, said: dict[str, Any], referral: dict[str, Any]) -> None:
    """Send a later version of a referral."""
    answer = await hub.http.post(
        f"{URLS['intake']}/v1/referrals/{said['reference']}/versions",
        json={"reason": "We know more now.", "referral": referral},
        headers=await hub.as_client("northshire-police") | {"Idempotency-Key": str(new_id())},
    )
    assert answer.status_code == 201, answer.text


async def decide(hub: Hub, case: dict[str, Any], **form: Any) -> dict[str, Any]:
    """Decide for the first child of a case: early help, unless the form says otherwise."""
    said = {
        "level": 2,
        "pathway": "early_help",
        "rag": "green",
        "rationale": "The school will lead.",
        "different_decision_reason": "The school knows the family well.",
    }
    child_id = case["children"][0]["child_id"]
    answer = await hub.http.post(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/decisions",
        json=said | form,
        headers=await hub.as_staff("dana.reid") | {"If-Match": f'"{case["version"]}"'},
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def cases_to_decide(hub: Hub) -> dict[str, dict[str, Any]]:
    """Return the decision-makers' work list, by case."""
    lines = await hub.every(f"{TRIAGE}/v1/cases", await hub.as_staff("dana.reid"))
    return {line["case_id"]: line for line in lines}
