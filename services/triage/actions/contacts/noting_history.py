"""Keep with a child who it is and how often the hub has heard of it, whenever its links have changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.contacts.grouping import Regrouping, note_confirmed, regroup
from services.triage.actions.decisions.recommending import recommend_anew, work_out
from services.triage.evidence.decided import came_into_force, had_plan_before
from services.triage.evidence.facts import awaits_decision
from services.triage.evidence.history import (
    Heard,
    Repeats,
    confirmed_to_be,
    heard_of,
    linked_children,
    nearest,
    repeats,
)
from services.triage.evidence.places import places_of, shows_drawn_in
from services.triage.models import Case, CaseChild
from services.triage.settings import Settings
from services.triage.store import cases, history
from services.triage.store.household import Household, get_household
from services.triage.store.places import count_families
from shared.platform.audit import system
from shared.schemas.families import ChildLinks
from shared.schemas.ids import CaseId, ChildId, RecordId


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
    """Work out from links who is one child with whom, and how often children were heard of.

    Those whom people have confirmed to be one child become one in the case that they share, or are parted.
    What the policy recommends is worked out anew where the answer changes. A child that is decided keeps its
    recommendation: what comes back has a case of its own until somebody joins them.

    Raises:
        MovedMeanwhile: a child was moved to another case while this waited; the event comes again.

    Source:
        docs/adr/0020-a-closing-decision-counts-as-closure.md, 0022-many-referrals-one-case.md
    """
    everyone = {child_id for links in found for child_id in (links.child_id, *linked_children(links))}
    held = await history.hold_cases(tx, everyone)
    await _group(tx, held, found, noting)
    for links in found:
        contact = await cases.find_contact(tx, links.referral_id)
        if contact is None:
            # Not considered yet: the event that says whom its people were matched with comes after.
            continue
        heard = heard_of(links, Heard(contact.referral_id, contact.received_at))
        made = await history.list_decisions(tx, list(heard))
        decided = came_into_force(made)
        for child in await history.list_children(tx, nearest(links)):
            # One that knows newer links knows better.
            if child.history_at is not None and child.history_at > noting.asked_at:
                continue
            found_now = _Noted(
                repeats(heard[child.child_id], heard.values(), decided, now=noting.now),
                had_plan_before(made, child.child_id),
                await _at_a_hot_spot(tx, child, list(held), noting),
            )
            await _note(tx, held[child.case_id], child, found_now, noting)


@dataclass(frozen=True, slots=True)
class _Noted:
    """What a child's history comes to."""

    repeats: Repeats
    earlier_plan: bool
    hot_spot: bool

    @classmethod
    def of(cls, child: CaseChild) -> "_Noted":
        """Return what is noted of a child so far."""
        counted = Repeats(child.contacts_12m, child.re_referral_12m, child.returns_12m)
        return cls(counted, child.earlier_plan, child.hot_spot)


async def _at_a_hot_spot(
    tx: AsyncSession, child: CaseChild, its_cases: Sequence[CaseId], noting: Noting
) -> bool:
    """Say whether a child lives or learns where others were drawn in, and keep its places if it was itself.

    Once found it stays: that a window has passed must not lower what is recommended for a child that waits.
    """
    places, settings = places_of(child.details), noting.settings
    kept = places if shows_drawn_in(child.concerns) else []
    if child.places != kept:
        child.places = kept
    if child.hot_spot or not places or not awaits_decision(child):
        return child.hot_spot
    since = noting.now - settings.hot_spot_window
    return await count_families(tx, places, since=since, but=its_cases) >= settings.hot_spot_families


async def _group(
    tx: AsyncSession, held: Mapping[CaseId, Case], found: Sequence[ChildLinks], noting: Noting
) -> None:
    confirmed: dict[ChildId, RecordId] = {}
    for links in found:
        confirmed |= confirmed_to_be(links)
    children = await history.list_children(tx, list(confirmed))
    note_confirmed(children, confirmed, noting.asked_at)
    doing = Regrouping(noting.now, noting.settings.times)
    together = Counter(child.case_id for child in children)
    # A child that is alone in its case with this history can neither be joined to another nor parted.
    for case_id in [case_id for case_id, count in together.items() if count > 1]:
        changed = await regroup(tx, [held[case_id]], doing)
        if changed:
            held[case_id].version += 1
            subjects = [case_id, *sorted(changed)]
            who = system("triage")
            await LEDGER.record(tx, who, "children.regrouped", at=noting.now, subjects=subjects)


async def _note(tx: AsyncSession, case: Case, child: CaseChild, worked_out: _Noted, noting: Noting) -> None:
    child.history_at = noting.asked_at
    if worked_out == _Noted.of(child):
        return
    counted = worked_out.repeats
    child.contacts_12m, child.re_referral_12m = counted.contacts_12m, counted.re_referral_12m
    child.returns_12m = counted.returns_12m
    child.earlier_plan, child.hot_spot = worked_out.earlier_plan, worked_out.hot_spot
    if awaits_decision(child):
        household = await get_household(tx, child)
        if await _changes_the_answer(tx, child, household, noting):
            times = noting.settings.times
            await recommend_anew(tx, case, child, now=noting.now, times=times, household=household)
            case.version += 1
    facts = {
        "contacts_12m": child.contacts_12m,
        "re_referral_12m": child.re_referral_12m,
        "returns_12m": child.returns_12m,
        "earlier_plan": child.earlier_plan,
        "hot_spot": child.hot_spot,
    }
    subjects = [case.case_id, child.child_id]
    who = system("triage")
    await LEDGER.record(tx, who, "child.history_noted", at=noting.now, subjects=subjects, facts=facts)


async def _changes_the_answer(
    tx: AsyncSession, child: CaseChild, household: Household, noting: Noting
) -> bool:
    """Say whether the policy answers otherwise now: a fourth contact need not disturb who is deciding."""
    standing = await cases.get_recommendation(tx, child)
    made = await work_out(tx, child, now=noting.now, household=household)
    return bool(made.answer.view().model_dump(mode="json") != standing.view)
