"""Beside the second part: senders are asked for more, and answer with a version. No child waits for it."""

from dataclasses import replace
from uuid import uuid4

from deploy.local.journey.company import Company, Considered
from deploy.local.journey.feeds import Feed
from deploy.local.journey.parties import wait_for
from deploy.local.journey.story import Question, Version
from deploy.local.journey.trail import Trail
from shared.clock import london_words
from shared.schemas.cases import CaseView
from shared.schemas.notices import Notice
from shared.schemas.progress import FurtherInformation, ReferralAccepted
from shared.schemas.quality import QualityCheck


async def ask_for_more(
    company: Company, trail: Trail, cases: list[Considered], feeds: dict[str, Feed[Notice]]
) -> list[Considered]:
    """Let representatives ask, and senders answer; return the cases with what was sent last."""
    trail.chapter("Beside it, senders are asked for more; no child waits for that")
    return [await _complete(company, trail, case, feeds) for case in cases]


async def _complete(
    company: Company, trail: Trail, case: Considered, feeds: dict[str, Feed[Notice]]
) -> Considered:
    worry = case.referred.worry
    if worry.asked:
        await _ask(company, trail, case, worry.asked)
    if worry.later is None:
        return case
    asked = await _find_request(feeds[worry.client_id], case)
    return await _answer(company, trail, case, worry.later, asked)


async def _ask(company: Company, trail: Trail, case: Considered, asked: tuple[Question, ...]) -> None:
    """Let the representative of the sender's agency look at what was sent, and ask."""
    accepted, representative = case.referred.accepted, company.who_speaks_for(case.referred.worry)
    form = {
        "verdict": "further_information",
        "version": accepted.version,
        "gaps": [{"pointer": question.pointer, "question": question.words} for question in asked],
    }
    path = f"/v1/referrals/{accepted.reference}/quality-check"
    answer = await representative.call("POST", "intake", path, json=form)
    found = QualityCheck.model_validate_json(answer.content).findings
    words = " ".join(f'"{question.words}"' for question in asked)
    trail.tell(
        representative.name,
        f"looks at {accepted.reference} for {case.referred.sender.name}, sees the {len(found)} odd or missing"
        f" things that the hub found in it, and asks: {words}",
    )


async def _find_request(feed: Feed[Notice], case: Considered) -> FurtherInformation:
    """Return what the sender is asked, once its feed has it."""
    reference = case.referred.accepted.reference

    async def look() -> FurtherInformation | None:
        told = [each.further_information for each in await feed.read_on() if each.reference == reference]
        return next((asked for asked in told if asked is not None), None)

    return await wait_for(f"the notice about {reference}", look)


async def _answer(
    company: Company, trail: Trail, case: Considered, later: Version, asked: FurtherInformation
) -> Considered:
    """Let the sender answer with its next version, and wait until the case goes by it."""
    sender, worry = case.referred.sender, case.referred.worry
    answer = await sender.call(
        "POST",
        "intake",
        f"/v1/referrals/{asked.reference}/versions",
        json={
            "reason": later.reason,
            "answers_request_id": str(asked.request_id),
            "referral": worry.document | later.instead,
        },
        headers={"Idempotency-Key": str(uuid4())},
    )
    accepted = ReferralAccepted.model_validate_json(answer.content)
    questions = f"{len(asked.gaps)} questions" if len(asked.gaps) > 1 else f'"{asked.gaps[0].question}"'
    trail.tell(
        sender.name,
        f"finds a notice in its feed: {asked.requested_by} asks {questions}, by {london_words(asked.due_at)}."
        f' It answers with version {accepted.version}: "{later.reason}"',
    )
    await _see_corrected(company, case, accepted)
    trail.tell(
        "The hub", f"has the case go by version {accepted.version}; the one before it stays as it was sent."
    )
    return replace(case, referred=replace(case.referred, accepted=accepted))


async def _see_corrected(company: Company, case: Considered, accepted: ReferralAccepted) -> None:
    async def look() -> bool | None:
        answer = await company.decider.call("GET", "triage", f"/v1/cases/{case.case_id}")
        contacts = CaseView.model_validate_json(answer.content).contacts
        versions = [each.version for each in contacts if each.referral_id == accepted.referral_id]
        return versions == [accepted.version] or None

    await wait_for(f"version {accepted.version} of {accepted.reference} in its case", look)
