"""The first part of the journey: three agencies are worried, and the hub asks what others know."""

from datetime import datetime
from uuid import UUID, uuid4

from deploy.local.journey.checking import check
from deploy.local.journey.company import Company, Considered, Referred
from deploy.local.journey.parties import wait_for
from deploy.local.journey.refused import send_in_vain
from deploy.local.journey.story import Worry, list_worries
from deploy.local.journey.taking import see_taken
from deploy.local.journey.trail import Trail
from shared.clock import london_words
from shared.schemas.cases import CaseLine, CaseView
from shared.schemas.families import RecordStanding, ReferralPeople
from shared.schemas.shapes import Page


async def send_all(company: Company, trail: Trail, *, now: datetime) -> list[Referred]:
    """Let each worried agency send its worry."""
    trail.chapter("Three agencies are worried about children")
    return [await _send(company, trail, worry) for worry in list_worries(now)]


async def _send(company: Company, trail: Trail, worry: Worry) -> Referred:
    sender, document = company.systems[worry.client_id], worry.document
    begins = worry.in_words if worry.draft is None else "checks what it has written so far."
    trail.tell(
        sender.name, f"signs in as {worry.client_id} with {company.proofs[worry.client_id]} and {begins}"
    )
    if worry.refused is not None:
        return await send_in_vain(company, trail, worry, worry.refused)
    if worry.draft is not None:
        document = {**document, "check_receipt_id": await check(sender, trail, worry.draft)}
        trail.tell(sender.name, worry.in_words)
    answer = await sender.call(
        "POST", "intake", "/v1/referrals", json=document, headers={"Idempotency-Key": str(uuid4())}
    )
    return see_taken(company, trail, worry, answer)


async def see_opened(company: Company, trail: Trail, referred: list[Referred]) -> list[Considered]:
    """Wait until each worry has its case, and tell who was asked."""
    trail.chapter("The hub opens a case for each, and asks what others know")
    return [await _see_opened(company, trail, each) for each in referred]


async def _see_opened(company: Company, trail: Trail, referred: Referred) -> Considered:
    reference = referred.accepted.reference
    case_id = await wait_for(f"the case of {reference}", lambda: find_case(company, reference))
    answer = await company.decider.call("GET", "triage", f"/v1/cases/{case_id}")
    case = CaseView.model_validate_json(answer.content)
    names = [referred.name_of(child.child_id) for child in case.children]
    due_at = min(request.due_at for child in case.children for request in child.requests)
    asked = [company.asked[sector].name for sector in company.asked]
    whom = f"{len(names)} children, each considered apart:" if len(names) > 1 else "one child,"
    trail.tell(
        "The hub",
        f"opens the case of {reference}: {whom} {', '.join(names)}. It asks {', '.join(asked[:-1])} and"
        f" {asked[-1]} what they know and how worried they are, 0 to 5, by {london_words(due_at)}.",
    )
    return Considered(referred, case_id)


async def find_case(company: Company, reference: str) -> UUID | None:
    """Return the case of a referral, once there is one."""
    answer = await company.decider.call("GET", "triage", "/v1/cases", params={"reference": reference})
    lines = Page[CaseLine].model_validate_json(answer.content).items
    return lines[0].case_id if lines else None


async def find_people(company: Company, reference: str) -> list[RecordStanding] | None:
    """Return whom the people of a referral are taken for, once they were held against everybody known."""
    answer = await company.decider.call("GET", "intake", f"/v1/referrals/{reference}/people")
    return ReferralPeople.model_validate_json(answer.content).items or None
