"""Before the journey: families that the hub was told of earlier, so that there is something to find."""

from datetime import datetime
from uuid import uuid4

from deploy.local.journey.company import Company
from deploy.local.journey.parties import wait_for
from deploy.local.journey.sending import find_case, find_people
from deploy.local.journey.story import Earlier, list_earlier
from deploy.local.journey.trail import Trail
from shared.schemas.cases import CaseView
from shared.schemas.decisions import DecisionMade
from shared.schemas.families import PeopleFound
from shared.schemas.progress import ReferralAccepted
from shared.schemas.words_deciding import DecisionStanding

#: No social care action; who asked was advised.
_CLOSED = {"level": 1, "pathway": "advice", "rag": "green"}
_LOOKED = "I read what the sender said and who has answered. Advice is right, and they know how to come back."


async def tell_earlier(company: Company, trail: Trail, *, now: datetime) -> None:
    """Have earlier contacts sent and some of them closed; once only, however often the journey is shown."""
    contacts = list_earlier(now)
    if await _is_known(company, contacts[0]):
        return
    looked_at = [await _send(company, contact) for contact in contacts]
    trail.chapter("What the hub was told before")
    trail.tell(
        "The hub",
        f"has {len(contacts)} contacts about four families. One was closed with advice; the others wait. Some"
        " may be about one child: the console asks which. A family is found there by a name, however it is"
        " spelt, a telephone number or part of an address.",
    )
    for pathway in filter(None, looked_at):
        trail.tell(
            company.manager.name,
            f"took a second look at the advice: until then {pathway} was in force. Protection waits for no"
            f' signature. "{_LOOKED}"',
        )


async def _is_known(company: Company, contact: Earlier) -> bool:
    wanted = {
        "reference": contact.document["sender_reference"],
        "purpose": "other",
        "reason": "The demo looks whether it was told before.",
    }
    answer = await company.decider.call("POST", "intake", "/v1/people/search", json=wanted)
    return bool(PeopleFound.model_validate_json(answer.content).items)


async def _send(company: Company, contact: Earlier) -> str | None:
    """Send one, and wait for its case: a child is held against those who came before.

    Returns:
        What was in force in words while a second person looked at the decision; None where nobody had to.
    """
    sender = company.systems[contact.client_id]
    answer = await sender.call(
        "POST",
        "intake",
        "/v1/referrals",
        json=contact.document,
        headers={"Idempotency-Key": str(uuid4())},
    )
    reference = ReferralAccepted.model_validate_json(answer.content).reference
    case_id = await wait_for(f"the case of {reference}", lambda: find_case(company, reference))
    # Nothing is closed while it is open who a child is.
    await wait_for(f"the people of {reference}", lambda: find_people(company, reference))
    return await _close(company, f"/v1/cases/{case_id}", contact.closed) if contact.closed else None


async def _close(company: Company, path: str, why: str) -> str | None:
    answer = await company.decider.call("GET", "triage", path)
    (child,) = CaseView.model_validate_json(answer.content).children
    said = {**_CLOSED, "rationale": why, "different_decision_reason": why}
    answer = await company.decider.change(path, f"{path}/children/{child.child_id}/decisions", said)
    made = DecisionMade.model_validate_json(answer.content)
    if made.standing is not DecisionStanding.PENDING:
        return None
    answer = await company.decider.call("GET", "triage", path)
    (child,) = CaseView.model_validate_json(answer.content).children
    in_force = next((one.pathway for one in child.decisions or () if one.in_force), None)
    look = {"approved": True, "reason": _LOOKED}
    await company.manager.change(path, f"/v1/decisions/{made.decision_id}/approval", look)
    return in_force.replace("_", " ") if in_force else "no decision"
