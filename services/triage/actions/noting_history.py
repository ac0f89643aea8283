"""Keep with a child how often the hub has heard of it, whenever its links have changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.recommending import policy_in_force, recommend_anew
from services.triage.evidence.facts import awaits_decision
from services.triage.evidence.history import Decided, Heard, Repeats, heard_of, nearest, repeats
from services.triage.models import Case, CaseChild
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from services.triage.settings import Settings
from services.triage.store import cases, history
from shared.platform.audit import system
from shared.platform.json import dump
from shared.schemas.families import ChildLinks
from shared.schemas.words import Pathway


@dataclass(frozen=True, slots=True)
class Noting:
    """When and by which times history is noted.

    Attributes:
        asked_at: when intake was asked for the links; what was worked out from newer ones stands.
    """

    asked_at: datetime
    now: datetime
    settings: Settings


async def note_history(tx: AsyncSession, found: Sequence[ChildLinks], noting: Noting) -> None:
    """Work out from links how often children were heard of; recommend anew where that changes the answer.

    A child that is decided keeps its recommendation: what comes back has a case of its own.

    Source:
        docs/adr/0020-a-closing-decision-counts-as-closure.md
    """
    held = await history.hold_cases(tx, {child_id for links in found for child_id in nearest(links)})
    for links in found:
        contact = await cases.find_contact(tx, links.referral_id)
        if contact is None:
            # Not considered yet: the event that says whom its people were matched with comes after.
            continue
        heard = heard_of(links, Heard(contact.referral_id, contact.received_at))
        made = await history.list_decisions(tx, list(heard))
        decided = [Decided(one.child_id, Pathway(one.pathway), one.decided_at) for one in made]
        for child in await history.list_children(tx, nearest(links)):
            case = held.get(child.case_id)
            # A case opened since is not held; one that knows newer links knows better.
            if case is None or (child.history_at is not None and child.history_at > noting.asked_at):
                continue
            worked_out = repeats(heard[child.child_id], heard.values(), decided, now=noting.now)
            await _note(tx, case, child, worked_out, noting)


async def _note(tx: AsyncSession, case: Case, child: CaseChild, worked_out: Repeats, noting: Noting) -> None:
    child.history_at = noting.asked_at
    if worked_out == Repeats(child.contacts_12m, child.re_referral_12m):
        return
    child.contacts_12m, child.re_referral_12m = worked_out.contacts_12m, worked_out.re_referral_12m
    if awaits_decision(child) and await _changes_the_answer(tx, child, worked_out):
        await recommend_anew(tx, case, child, now=noting.now, times=noting.settings.times)
        case.version += 1
    facts = {"contacts_12m": child.contacts_12m, "re_referral_12m": child.re_referral_12m}
    subjects = [case.case_id, child.child_id]
    who = system("triage")
    await LEDGER.record(tx, who, "child.history_noted", at=noting.now, subjects=subjects, facts=facts)


async def _changes_the_answer(tx: AsyncSession, child: CaseChild, worked_out: Repeats) -> bool:
    """Say whether the policy answers otherwise now: a fourth contact need not disturb who is deciding."""
    standing = await cases.get_recommendation(tx, child)
    facts = ChildFacts.model_validate_json(dump(standing.facts)).model_copy(
        update={
            "contacts_12m": worked_out.contacts_12m,
            "re_referral_12m": worked_out.re_referral_12m,
        }
    )
    answer = recommend(await policy_in_force(tx), facts)
    return bool(answer.view().model_dump(mode="json") != standing.view)
