"""Unborn children whose due date has passed with no birth linked, and what staff find out about them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import models
from services.intake.actions import LEDGER
from services.intake.actions.birth_ties import is_mother
from services.intake.actions.looking_up import as_heard
from services.intake.actions.showing_people import show_record
from services.intake.actions.sight import Sight, look, require_opened
from services.intake.errors import LinkUnconfirmed, NoBirthAwaited
from services.intake.store import births, persons, records, referrals
from services.intake.store.births import Expected, Place
from services.intake.store.records import Placed
from shared.clock import london_date
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.births import BirthNote, BirthNoteForm, OverdueBirth
from shared.schemas.ids import BirthNoteId, PersonId, ReferralId, new_id
from shared.schemas.words import BirthFound


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which unborn children are listed.

    Attributes:
        grace: past the due date by more than this, there is an alarm.
        reference: none but children of this referral, as it was typed or said.
    """

    grace: timedelta
    reference: str | None = None


async def list_overdue(
    tx: AsyncSession, reader: Caller, wanted: Wanted, *, after: Place | None, limit: int, now: datetime
) -> tuple[list[OverdueBirth], bool]:
    """Return a page of unborn children past their due date, the oldest due first, and whether there are more.

    A birth that the machine alone linked takes nobody off the list: a link may raise, never lower.

    Raises:
        NotFound: there is no such referral.
    """
    theirs = None if wanted.reference is None else await _people_of(tx, wanted.reference)
    found = await births.list_overdue(tx, london_date(now), persons=theirs, after=after, limit=limit)
    page = found[:limit]
    known = await _known(tx, dict(page))
    sight = await look(tx, reader, known.everybody)
    subjects = [one for record, _ in known.everybody for one in (record.person_id, record.record_id)]
    await LEDGER.record(tx, reader, "overdue_births.listed", at=now, subjects=list(dict.fromkeys(subjects)))
    return _show(page, known, sight, wanted.grace, today=london_date(now)), len(found) > limit


async def _people_of(tx: AsyncSession, reference: str) -> set[PersonId]:
    referral = await referrals.find_by_reference(tx, as_heard(reference), None)
    if referral is None:
        raise NotFound
    return {record.person_id for record in await records.list_of_referral(tx, referral.referral_id)}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of some children: their records, everybody in the same referrals, and what was noted."""

    theirs: dict[PersonId, list[Placed]]
    beside: dict[ReferralId, list[Placed]]
    notes: dict[PersonId, list[BirthNote]]

    @property
    def everybody(self) -> list[Placed]:
        """The children and the adults of their referrals."""
        return [placed for beside in self.beside.values() for placed in beside]

    def mothers_of(self, person_id: PersonId) -> list[Placed]:
        """Return who is called the mother in a referral of the child's."""
        own = dict.fromkeys(record.referral_id for record, _ in self.theirs[person_id])
        return [placed for referral in own for placed in self.beside[referral] if is_mother(placed[0])]


async def _known(tx: AsyncSession, due: dict[PersonId, date]) -> _Known:
    theirs: dict[PersonId, list[Placed]] = {person_id: [] for person_id in due}
    for placed in await records.list_placed(tx, due):
        theirs[placed[0].person_id].append(placed)
    beside: dict[ReferralId, list[Placed]] = {}
    own = {record.referral_id for placed in theirs.values() for record, _ in placed}
    for placed in await records.list_placed_in(tx, own):
        beside.setdefault(placed[0].referral_id, []).append(placed)
    notes: dict[PersonId, list[BirthNote]] = {person_id: [] for person_id in due}
    for person_id, note in await births.list_notes(tx, due):
        notes[person_id].append(_show_note(note))
    return _Known(theirs, beside, notes)


def _show(
    page: list[tuple[PersonId, date]], known: _Known, sight: Sight, grace: timedelta, *, today: date
) -> list[OverdueBirth]:
    items = []
    for person_id, due_on in page:
        # Whoever may not read who a child is may not read it from the mother, or from what was noted.
        is_hidden = sight.hides(person_id)
        mothers = [] if is_hidden else known.mothers_of(person_id)
        item = OverdueBirth(
            person_id=person_id,
            due_on=due_on,
            days_overdue=(today - due_on).days,
            is_alarm=today - due_on > grace,
            alarm_on=due_on + grace + timedelta(days=1),
            records=[show_record(placed, sight) for placed in known.theirs[person_id]],
            mothers=[show_record(placed, sight) for placed in mothers],
            notes=[] if is_hidden else known.notes[person_id],
            restricted=person_id in sight.persons,
        )
        items.append(item)
    return items


def _show_note(note: models.BirthNote) -> BirthNote:
    return BirthNote(
        note_id=note.note_id,
        person_id=note.person_id,
        what=BirthFound(note.what),
        reason=note.reason,
        new_due_on=note.new_due_on,
        noted_at=note.noted_at,
        noted_by=note.noted_by_name,
    )


async def note_birth(
    tx: AsyncSession, person_id: PersonId, form: BirthNoteForm, decider: Caller, *, now: datetime
) -> BirthNote:
    """Keep what somebody found out about a child who was expected; what was noted before stays.

    Saying the same again writes nothing.

    Raises:
        NotFound: there is no such person.
        NoBirthAwaited: no record of theirs expects a child, or a birth is linked.
        RestrictedRecord: the child is restricted, and the decider is no manager.
        LinkUnconfirmed: the machine alone takes several records for one child.
    """
    await persons.lock_persons(tx, [person_id])
    if not await records.list_of_persons(tx, [person_id]):
        raise NotFound
    expected = await births.list_expected(tx, person_id)
    if not expected:
        raise NoBirthAwaited
    await require_opened(tx, decider, [person_id])
    if len(expected) > 1:
        # What is known of one of them must not quiet the alarm about another.
        raise LinkUnconfirmed
    earlier = [note for _, note in await births.list_notes(tx, [person_id])]
    if earlier and _says_the_same(earlier[0], form, decider):
        note = earlier[0]
    else:
        note = _note_of(expected[0], form, decider, now=now)
        await births.add_note(tx, note)
    subjects = [note.note_id, person_id, note.record_id]
    await LEDGER.record(tx, decider, "birth.noted", at=now, subjects=subjects, facts={"what": form.what})
    return _show_note(note)


def _note_of(expected: Expected, form: BirthNoteForm, decider: Caller, *, now: datetime) -> models.BirthNote:
    return models.BirthNote(
        note_id=BirthNoteId(new_id()),
        record_id=expected.record_id,
        person_id=expected.person_id,
        what=form.what,
        reason=form.reason,
        new_due_on=form.new_due_on,
        noted_at=now,
        noted_by=decider.subject,
        noted_by_name=decider.name,
    )


def _says_the_same(note: models.BirthNote, form: BirthNoteForm, decider: Caller) -> bool:
    said = (note.what, note.reason, note.new_due_on, note.noted_by)
    return said == (form.what, form.reason, form.new_due_on, decider.subject)
