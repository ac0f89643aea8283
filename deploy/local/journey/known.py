"""Between grading and deciding: a contact about a child whom the hub knows, under another spelling."""

from datetime import datetime
from uuid import UUID, uuid4

from deploy.local.journey.company import Company, Considered, Referred
from deploy.local.journey.parties import JourneyEnded, wait_for
from deploy.local.journey.sending import find_case, find_people
from deploy.local.journey.story import Known, known_child
from deploy.local.journey.taking import see_taken
from deploy.local.journey.trail import Trail
from shared.schemas.cases import CaseView
from shared.schemas.families import RecordStanding
from shared.schemas.ids import ChildId
from shared.schemas.joining import CasesBeside
from shared.schemas.people_index import Likeness, Match
from shared.schemas.words import LinkState


async def join_known(company: Company, trail: Trail, first: Considered, *, now: datetime) -> Considered:
    """Take in a contact about a child of the first case and join it to that; return it as it stands then."""
    trail.chapter("A child whom the hub knows comes under another spelling")
    known = known_child(now)
    referred = await _send(company, trail, known)
    reference = referred.accepted.reference
    own_case = await wait_for(f"the case of {reference}", lambda: find_case(company, reference))
    child = first.referred.get_child(known.child)
    before = await _standing(company, first.referred, child)
    if before.record.link_state is LinkState.PROVISIONAL:
        await _confirm(company, before, known)
    (mine,) = referred.accepted.children
    await _say_same(company, trail, await _standing(company, referred, mine.child_id), before, known)
    await _join(company, trail, Considered(referred, own_case), first, known)
    await _see_counted(company, first, child, known)
    return Considered(referred, first.case_id)


async def _send(company: Company, trail: Trail, known: Known) -> Referred:
    worry = known.worry
    sender = company.systems[worry.client_id]
    trail.tell(sender.name, worry.in_words)
    answer = await sender.call(
        "POST", "intake", "/v1/referrals", json=worry.document, headers={"Idempotency-Key": str(uuid4())}
    )
    return see_taken(company, trail, worry, answer)


async def _standing(company: Company, referred: Referred, child_id: ChildId) -> RecordStanding:
    """Return whom a child is taken for, once it has been held against everybody known."""
    reference = referred.accepted.reference
    people = await wait_for(f"the people of {reference}", lambda: find_people(company, reference))
    return next(one for one in people if one.record.record_id == child_id)


async def _say_same(
    company: Company, trail: Trail, standing: RecordStanding, before: RecordStanding, known: Known
) -> None:
    """Let the decision-maker say that the two are one: asked by the hub, or confirming what it linked."""
    (name,) = (child["sender_child_reference"] for child in known.worry.document["children"])
    if standing.open_match_ids:
        likeness = await _answer(company, standing, before, known)
        does = f"asks a person whether {name} is {known.child}"
    elif standing.record.likeness is not None:
        likeness = standing.record.likeness
        await _confirm(company, standing, known)
        does = f"links {name} to {known.child} until a person has looked"
    else:
        raise JourneyEnded("A child whom the hub knows was not found to be known.")
    agree = [field.words for field in likeness.fields if field.bits > 0]
    doubts = "".join(f' Beware: "{hazard}"' for hazard in likeness.hazards)
    trail.tell("The hub", f"{does}. What speaks for it: {'; '.join(agree)}.{doubts}")
    trail.tell(
        company.decider.name, f'sees the two side by side and says that they are one child: "{known.same}"'
    )


async def _answer(
    company: Company, standing: RecordStanding, before: RecordStanding, known: Known
) -> Likeness:
    path = f"/v1/matches/{standing.open_match_ids[0]}"
    answer = await company.decider.call("GET", "intake", path)
    candidates = Match.model_validate_json(answer.content).candidates
    meant = next((one for one in candidates if one.person_id == before.record.person_id), None)
    if meant is None or meant.likeness is None:
        raise JourneyEnded("The hub does not ask about the child that is meant.")
    said = {"verdict": "linked", "person_id": str(meant.person_id), "reason": known.same}
    await company.decider.call("POST", "intake", f"{path}/decision", json=said)
    return meant.likeness


async def _confirm(company: Company, standing: RecordStanding, known: Known) -> None:
    record = standing.record
    said = {"record_id": str(record.record_id), "reason": known.same}
    await company.decider.call("POST", "intake", f"/v1/people/{record.person_id}/links", json=said)


async def _join(company: Company, trail: Trail, own: Considered, first: Considered, known: Known) -> None:
    """Let the decision-maker see which case stands beside the contact's own, and join it to that."""
    if not await _may_join(company, own.case_id, first.case_id):
        raise JourneyEnded("A contact may not join the case of the child that it is about.")
    path, accepted = f"/v1/cases/{first.case_id}", own.referred.accepted
    form = {"referral_id": str(accepted.referral_id), "reason": known.together}
    await company.decider.change(path, f"{path}/joins", form)
    trail.tell(
        company.decider.name,
        f"joins {accepted.reference} to the case of {first.referred.accepted.reference}: one case with two"
        " contacts, each with its own clock and its own answer. What is recommended is worked out anew. It"
        f' can be undone. "{known.together}"',
    )


async def _may_join(company: Company, case_id: UUID, other: UUID) -> bool:
    answer = await company.decider.call("GET", "triage", f"/v1/cases/{case_id}/beside")
    beside = CasesBeside.model_validate_json(answer.content)
    return any(case.case_id == other and case.can_join for case in beside.items)


async def _see_counted(company: Company, case: Considered, child_id: ChildId, known: Known) -> None:
    """Wait until the policy has counted the contacts."""

    async def look() -> bool | None:
        answer = await company.decider.call("GET", "triage", f"/v1/cases/{case.case_id}")
        children = CaseView.model_validate_json(answer.content).children
        recommended = [child.recommendation for child in children if child.child_id == child_id]
        fired = {rule.rule_id for each in recommended if each for rule in each.fired}
        return known.counted in fired or None

    await wait_for(f"the rule {known.counted}", look)
