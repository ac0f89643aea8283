"""Which clocks a decision starts and ends, and who is told of a discussion: tables of cases."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from services.triage.evidence.invited import told_of_calling_off, told_of_change
from services.triage.evidence.onward import ASSESSED, HANDED_OVER, change_by
from services.triage.policy.scale import protection
from shared.schemas.discussions import Attendee, AttendeePart, DiscussionRecord
from shared.schemas.ids import AgencyId, AttendeeId
from shared.schemas.timers import TimerKind
from shared.schemas.words import Pathway

HANDOVER, ASSESSMENT, CONFERENCE = TimerKind.HANDOVER, TimerKind.ASSESSMENT, TimerKind.CONFERENCE
POLICE, TRUST, SCHOOL = (AgencyId(UUID(int=number)) for number in (1, 2, 3))
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LATER, PAST = NOW + timedelta(hours=4), NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    ("decided", "replaced", "starts", "ends"),
    [
        (Pathway.ADVICE, None, set(), {HANDOVER, ASSESSMENT}),
        (Pathway.EARLY_HELP, None, {HANDOVER}, {HANDOVER, ASSESSMENT}),
        (Pathway.CHILD_IN_NEED, None, {HANDOVER, ASSESSMENT}, {HANDOVER}),
        (
            Pathway.STRATEGY_DISCUSSION,
            Pathway.CHILD_IN_NEED,
            {HANDOVER, ASSESSMENT},
            {HANDOVER},
        ),
        # The same pathway again hands nobody over, and an assessment runs on where one does.
        (Pathway.STRATEGY_DISCUSSION, Pathway.STRATEGY_DISCUSSION, {ASSESSMENT}, set()),
        # Less than what stood: no conference is waited for any more.
        (
            Pathway.CHILD_IN_NEED,
            Pathway.STRATEGY_DISCUSSION,
            {HANDOVER, ASSESSMENT},
            {HANDOVER, CONFERENCE},
        ),
        (
            Pathway.ADVICE,
            Pathway.STRATEGY_DISCUSSION,
            set(),
            {HANDOVER, ASSESSMENT, CONFERENCE},
        ),
        # Another authority has to accept first; until then all of it is the hub's.
        (Pathway.OTHER_AUTHORITY, Pathway.STRATEGY_DISCUSSION, {HANDOVER}, {HANDOVER}),
        (Pathway.ALLOCATED_WORKER, Pathway.CHILD_IN_NEED, {HANDOVER}, {HANDOVER}),
    ],
)
def test_a_decision_starts_and_ends_clocks(
    decided: Pathway, replaced: Pathway | None, starts: set[TimerKind], ends: set[TimerKind]
) -> None:
    change = change_by(decided, replaced)
    assert (set(change.starts), set(change.ends)) == (starts, ends)


def test_no_decision_that_protects_as_much_ends_a_statutory_clock() -> None:
    for decided, replaced in product(Pathway, Pathway):
        change = change_by(decided, replaced)
        if protection(decided) >= protection(replaced):
            assert CONFERENCE not in change.ends
            assert replaced not in ASSESSED or ASSESSMENT not in change.ends
        assert (HANDOVER in change.starts) is (decided in HANDED_OVER and decided is not replaced)


def a_record(
    *agencies: AgencyId, at: datetime | None = LATER, held_at: datetime | None = None
) -> DiscussionRecord:
    people = [Attendee(attendee_id=AttendeeId(each), name="One", agency_id=each) for each in agencies]
    family = Attendee(attendee_id=AttendeeId(UUID(int=9)), name="A mother", part=AttendeePart.FAMILY)
    return DiscussionRecord(planned_at=at, held_at=held_at, attendees=[*people, family])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, a_record(POLICE, TRUST), ({POLICE, TRUST}, set(), set())),
        (None, a_record(POLICE, at=None), ({POLICE}, set(), set())),
        # Written down afterwards, or as somebody who was there.
        (None, a_record(POLICE, at=PAST), (set(), set(), set())),
        (a_record(POLICE), a_record(POLICE, TRUST, held_at=NOW), (set(), set(), set())),
        (a_record(POLICE), a_record(POLICE), (set(), set(), set())),
        (a_record(POLICE, TRUST), a_record(TRUST, SCHOOL), ({SCHOOL}, set(), {POLICE})),
        (
            a_record(POLICE, TRUST),
            a_record(TRUST, SCHOOL, at=LATER + timedelta(days=1)),
            ({SCHOOL}, {TRUST}, {POLICE}),
        ),
    ],
)
def test_agencies_are_told_of_what_is_to_come_and_of_what_changed_for_them(
    before: DiscussionRecord | None,
    after: DiscussionRecord,
    told: tuple[set[AgencyId], set[AgencyId], set[AgencyId]],
) -> None:
    found = told_of_change(before, after, now=NOW)
    assert (set(found.invited), set(found.moved), set(found.withdrawn)) == told


def test_who_waits_for_a_discussion_that_is_not_held_is_told_so() -> None:
    assert told_of_calling_off(a_record(POLICE, at=PAST)).withdrawn == {POLICE}
    assert not told_of_calling_off(a_record(POLICE, held_at=PAST)).anybody
