"""The last part: everyone who was worried is answered, and says that the answer is on record."""

import secrets
from collections.abc import Sequence

import httpx

from deploy.local.journey.company import Company, Considered
from deploy.local.journey.feeds import Feed
from deploy.local.journey.parties import wait_for
from deploy.local.journey.trail import Trail
from deploy.local.receiver.settings import CLIENT_ID as CALLED
from shared.clock import utc_now
from shared.schemas.outcomes import Outcome
from shared.schemas.progress import ReferralProgress
from shared.schemas.words import Stage


async def answer_all(
    company: Company, trail: Trail, cases: list[Considered], feeds: dict[str, Feed[Outcome]]
) -> None:
    """Let each agency find its answers; the police's system is called besides."""
    trail.chapter("Everyone who was worried is answered")
    for case in cases:
        client_id = case.referred.worry.client_id
        outcomes = await _find_outcomes(feeds[client_id], case)
        _tell_outcomes(trail, case, outcomes)
        if client_id == CALLED:
            await _see_recorded(company, trail, case, outcomes)
        else:
            await _acknowledge(trail, case, outcomes)
        await _see_progress(trail, case)


def _tell_outcomes(trail: Trail, case: Considered, outcomes: Sequence[Outcome]) -> None:
    """Tell what was found, children with the same words together."""
    children: dict[tuple[str, str], list[str]] = {}
    for outcome in outcomes:
        same = children.setdefault((outcome.outcome, outcome.message), [])
        same.append(outcome.sender_child_reference or "")
    for (pathway, message), names in children.items():
        words = f'finds in its feed, for {" and ".join(names)}: {pathway.replace("_", " ")}. "{message}"'
        trail.tell(case.referred.sender.name, words)


async def _find_outcomes(feed: Feed[Outcome], case: Considered) -> list[Outcome]:
    """Return one outcome for each child of the referral, once all are there."""
    accepted = case.referred.accepted

    async def look() -> list[Outcome] | None:
        found = [each for each in await feed.read_all() if each.reference == accepted.reference]
        return found if len(found) >= len(accepted.children) else None

    return await wait_for(f"the outcomes of {accepted.reference}", look)


async def _see_recorded(
    company: Company, trail: Trail, case: Considered, outcomes: Sequence[Outcome]
) -> None:
    """Wait until the receiver has recorded and confirmed what it was called about."""
    wanted = {str(outcome.event_id) for outcome in outcomes}
    url = f"{company.around.ports.url('receiver')}/records"

    async def look() -> list[str] | None:
        try:
            records = (await company.around.http.get(url)).json()["items"]
        except httpx.HTTPError:
            return None
        finished = [each for each in records if each["event_id"] in wanted and each["acknowledged_at"]]
        return [each["recorded_reference"] for each in finished] if len(finished) == len(wanted) else None

    recorded = await wait_for("the receiver's records", look)
    trail.tell(
        case.referred.sender.name,
        f"is called about each of them besides. Its system checks the signature, fetches the detail with its"
        f" own token, records it ({', '.join(recorded)}) and tells the hub so.",
    )


async def _acknowledge(trail: Trail, case: Considered, outcomes: Sequence[Outcome]) -> None:
    sender = case.referred.sender
    for outcome in outcomes:
        said = {
            "recorded_reference": f"LOG-{secrets.randbelow(90_000) + 10_000}",
            "recorded_at": utc_now().isoformat(),
        }
        path = f"/v1/outcomes/{outcome.event_id}/acknowledgement"
        await sender.call("POST", "notifications", path, json=said)
        trail.tell(sender.name, f"records it ({said['recorded_reference']}) and tells the hub so.")


async def _see_progress(trail: Trail, case: Considered) -> None:
    """Let the sender read where its referral is, and what it was asked on the way."""
    sender, reference = case.referred.sender, case.referred.accepted.reference

    async def look() -> ReferralProgress | None:
        answer = await sender.call("GET", "intake", f"/v1/referrals/{reference}")
        progress = ReferralProgress.model_validate_json(answer.content)
        return progress if progress.stage is Stage.DECIDED else None

    progress = await wait_for(f"the stage of {reference}", look)
    for asked in progress.further_information:
        trail.tell(
            sender.name,
            f"reads where {reference} is: {progress.stage}. What {asked.requested_by} asked stands there too:"
            f" {asked.state}, by version {asked.answered_version}.",
        )
