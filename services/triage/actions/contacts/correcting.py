"""Bring a case up to a later version of its referral: it may raise at once, and lowers nothing by itself."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.contacts.adding_children import contact_values, join_child, keep_sender_grade
from services.triage.actions.decisions.recommending import recommend_anew
from services.triage.actions.decisions.reopening import reopen
from services.triage.errors import MovedMeanwhile
from services.triage.evidence.people import adults_around, with_new_adults
from services.triage.evidence.said import (
    bring_concerns_up,
    child_at,
    concerns_about,
    is_left_out,
    take_back,
    values_of,
)
from services.triage.models import MAILBOX, Case, CaseChild, Contact, ContactVersion
from services.triage.settings import Settings
from services.triage.store import cases, requests
from shared.clock import london_date
from shared.platform.audit import system
from shared.platform.outbox import announcement
from shared.schemas.children import ReferredChild
from shared.schemas.events import CaseCorrected
from shared.schemas.ids import AgencyId, ChildId
from shared.schemas.progress import ReferralDocument


class _Held(NamedTuple):
    """A case and one of its contacts, held until the transaction ends."""

    case: Case
    contact: Contact


class _Before(NamedTuple):
    """Where a contact stood before a correction."""

    version: int
    immediate_danger: bool
    first_heard_on: date


async def correct_case(
    tx: AsyncSession, versions: Sequence[ReferralDocument], *, now: datetime, settings: Settings
) -> bool:
    """Apply the versions of one referral that its case has not seen yet; an older one changes nothing.

    Args:
        versions: of one referral that has a case, oldest first; not empty.

    Only the referral's own children are brought up to it, whatever else the case considers.

    Returns:
        Whether any of them was new.

    Raises:
        MovedMeanwhile: the referral was moved to another case while this waited.

    Source:
        docs/adr/0014-a-correction-raises-alone.md
    """
    contact = await cases.get_contact(tx, versions[0].referral_id)
    case = await cases.get_case_to_change(tx, contact.case_id)
    # Only now is it certain that nobody else applies a version at this moment, or moves the referral.
    await tx.refresh(contact)
    if contact.case_id != case.case_id:
        raise MovedMeanwhile
    newer = [referral for referral in versions if referral.version > contact.version]
    if not newer:
        return False
    asked = await requests.list_agencies_asked(tx, contact.referral_id)
    held = _Held(case, contact)
    touched: set[ChildId] = set()
    for referral in newer:
        touched |= await _apply(tx, held, referral, now=now, settings=settings)
    await tx.flush()
    for child in await cases.list_children_of(tx, contact.referral_id):
        if child.child_id in touched:
            await recommend_anew(tx, case, child, now=now, times=settings.times)
    case.version += 1
    await _announce(tx, case, newer[-1], asked, now=now)
    return True


async def _apply(
    tx: AsyncSession, held: _Held, referral: ReferralDocument, *, now: datetime, settings: Settings
) -> set[ChildId]:
    """Bring the contact and its children up to one version, and return the children of whom more is known.

    A child that the version leaves out stays as it is known.
    """
    case, contact = held
    known = {child.child_id: child for child in await cases.list_children_of(tx, contact.referral_id)}
    before = _Before(contact.version, contact.immediate_danger, london_date(contact.received_at))
    about_all = _bring_up(contact, contact_values(referral.document))
    contact.version, contact.corrected_at = referral.version, referral.received_at
    # A name for the referral and nothing about a child: it informs nobody anew.
    contact.sender_reference = referral.document.sender_reference
    tx.add(
        ContactVersion(
            referral_id=contact.referral_id, version=referral.version, received_at=referral.received_at
        )
    )
    touched = set()
    for place, accepted in enumerate(referral.children):
        child = known.get(accepted.child_id)
        if child is None:
            await join_child(tx, case, referral, place, now=now, settings=settings)
        elif await _correct_child(tx, child, referral, place, before, about_all=about_all):
            touched.add(child.child_id)
            await reopen(tx, child, referral.received_at, settings.times)
    return touched


async def _correct_child(
    tx: AsyncSession,
    child: CaseChild,
    referral: ReferralDocument,
    place: int,
    before: _Before,
    *,
    about_all: bool,
) -> bool:
    """Bring one child up to a version; say whether anything is known of it that was not before."""
    child.place = place
    is_informed = _bring_child_up(child, referral, place, before) or about_all
    graded = await cases.list_grades(tx, child.child_id)
    is_graded = keep_sender_grade(tx, referral, child, place, graded=graded)
    if not is_informed and not is_graded:
        return False
    # One mark for all: whoever is still blind must not tell a new grade from a new address.
    around = adults_around(await cases.get_contact(tx, child.referral_id), child)
    for request in await requests.list_requests(tx, child.child_id):
        request.corrected_at, request.corrected_version = referral.received_at, referral.version
        if request.sector and request.answered_at is None:
            request.adults = with_new_adults(request.adults, around)
    return True


def _bring_child_up(child: CaseChild, referral: ReferralDocument, place: int, before: _Before) -> bool:
    document, version = referral.document, referral.version
    if is_left_out(document, place):
        return _bring_up(child, {"left_out_in": child.left_out_in or version})
    said = child_at(document, place)
    kept = {name: getattr(child, name) for name in values_of(ReferredChild())}
    now = values_of(said) if said is not None else kept
    taken_back = take_back(
        child.taken_back,
        kept | {"immediate_danger": before.immediate_danger},
        now | {"immediate_danger": document.immediate_danger},
        versions=(before.version, version),
        born_since=before.first_heard_on,
    )
    concerns = bring_concerns_up(child.concerns, concerns_about(document, said), version)
    danger = child.immediate_danger or document.immediate_danger
    standing = {"left_out_in": None, "immediate_danger": danger}
    return _bring_up(child, {**now, **standing, "taken_back": taken_back, "concerns": concerns})


def _bring_up(row: Contact | CaseChild, values: Mapping[str, Any]) -> bool:
    """Set what differs, and say whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


async def _announce(
    tx: AsyncSession, case: Case, newest: ReferralDocument, asked: Sequence[AgencyId], *, now: datetime
) -> None:
    children = [child.child_id for child in newest.children]
    subjects = [case.case_id, newest.referral_id, *children]
    facts = {"referral_version": newest.version}
    entry = LEDGER.entry(system("triage"), "case.corrected", at=now, subjects=subjects, facts=facts)
    event = CaseCorrected(
        case_id=case.case_id,
        referral_id=newest.referral_id,
        referral_version=newest.version,
        asked_agency_ids=tuple(asked),
        version=case.version,
        occurred_at=now,
    )
    await LEDGER.write(tx, entry, announcement(tx, MAILBOX.outbox, event))
