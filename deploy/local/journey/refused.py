"""What the hub refuses it keeps: somebody reads it, rings its sender and takes it up by telephone."""

from typing import Any
from uuid import uuid4

from deploy.local.journey.company import Company, Referred
from deploy.local.journey.parties import JourneyEnded
from deploy.local.journey.story import Refused, Worry
from deploy.local.journey.taking import see_taken
from deploy.local.journey.trail import Trail
from shared.schemas.held_copies import HeldCopy, OpenedCopy
from shared.schemas.shapes import Page


async def send_in_vain(company: Company, trail: Trail, worry: Worry, refused: Refused) -> Referred:
    """Let a sender's worry be refused for its shape; return it as it was taken up by telephone."""
    sender = company.systems[worry.client_id]
    answer = await sender.call_in_vain(
        "POST",
        "intake",
        "/v1/referrals",
        json=worry.document | refused.slip,
        headers={"Idempotency-Key": str(uuid4())},
    )
    told = answer.json()
    where = ", ".join(f"{error['pointer']} is {error['code']}" for error in told["errors"])
    trail.tell("The hub", f'refuses it: {answer.status_code}, {where}. "{told["advice"]}"')
    trail.chapter("What is refused is not lost")
    copy = await _open_copy(company, trail, worry, refused)
    return await _take_up(company, trail, worry, {**refused.call, "held_copy_id": str(copy.held_copy_id)})


async def _open_copy(company: Company, trail: Trail, worry: Worry, refused: Refused) -> OpenedCopy:
    """Let the decision-maker find the copy on the list, and read it with a reason."""
    decider, agency = company.decider, company.agencies[worry.client_id]
    listed = await decider.call("GET", "intake", "/v1/held-copies", params={"limit": 1000})
    copies = Page[HeldCopy].model_validate_json(listed.content).items
    waiting = [copy for copy in copies if copy.agency_id == agency.agency_id]
    if not waiting:
        raise JourneyEnded("A refused referral is not on the list of what was kept.")
    newest = max(waiting, key=lambda copy: copy.last_sent_at)
    path = f"/v1/held-copies/{newest.held_copy_id}/opening"
    answer = await decider.call("POST", "intake", path, json={"reason": refused.reason})
    trail.tell(
        decider.name,
        "finds it on the list of what was refused, which says who sent it and why it was refused, not what it"
        f' says. To read it takes a reason: "{refused.reason}"',
    )
    return OpenedCopy.model_validate_json(answer.content)


async def _take_up(company: Company, trail: Trail, worry: Worry, call: dict[str, Any]) -> Referred:
    """Let the decision-maker ring the sender and write down what is said."""
    decider, agency = company.decider, company.agencies[worry.client_id]
    own = {"agency_id": str(agency.agency_id), "sender_reference": worry.document["sender_reference"]}
    answer = await decider.call(
        "POST",
        "intake",
        "/v1/referrals/by-telephone",
        json=call | own,
        headers={"Idempotency-Key": str(uuid4())},
    )
    who = call["call_back"]["role"].lower()
    trail.tell(decider.name, f'rings the {who} and writes it down as it is said: "{call["words"]}"')
    return see_taken(company, trail, worry, answer)
