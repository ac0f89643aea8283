"""Which clocks a decision starts and ends, and who is told of a discussion: tables of cases."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from services.triage.evidence.invited import told_of_calling_off, told_of_change
from services.triage.evidence.onward import ASSESSED, HANDED_OVER, change_by
from services.triage.evidence.overseen import Running, ended_with, looked_at, stands_for_case
from services.triage.models import Breach, Timer
from services.triage.policy.scale import protection
from services.triage.store.timers import FoundBreach, Named
from services.triage.views.timers import breach_view
from shared.schemas.discussions import Attendee, AttendeePart, DiscussionRecord
from shared.schemas.ids import AgencyId, AttendeeId, ChildId
from shared.schemas.timers import TimerEnd, TimerKind
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


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("met_at", "graded_at", "because", "late_by"),
    [
        (None, None, None, None),
        (NOW + MINUTE, None, None, 60),
        (NOW + MINUTE, None, TimerEnd.DONE, 60),
        # An agency that grades has answered, whatever becomes of its question after that.
        (None, NOW + MINUTE, None, 60),
        (LATER, NOW + MINUTE, None, 60),
        # Accepted in time, and told of after it had been found late.
        (PAST, None, TimerEnd.DONE, 0),
        *((NOW + MINUTE, None, end, None) for end in TimerEnd if end is not TimerEnd.DONE),
    ],
)
def test_what_was_late_says_whether_it_was_done_and_by_how_much_late(
    met_at: datetime | None, graded_at: datetime | None, because: TimerEnd | None, late_by: int | None
) -> None:
    of: dict[str, Any] = {"timer_id": UUID(int=1), "case_id": UUID(int=2), "child_id": UUID(int=3)}
    breach = Breach(breach_id=UUID(int=4), kind=HANDOVER, due_at=NOW, found_at=NOW, **of)
    timer = Timer(kind=HANDOVER, due_at=NOW, met_at=met_at, ended_because=because, **of)
    view = breach_view(
        FoundBreach(breach, timer, None, graded_at), [], {of["child_id"]: Named(None, None, None, None, "SH")}
    )
    first = min((at for at in (met_at, graded_at) if at), default=None)
    assert (view.met_at, view.late_by_seconds) == (first, late_by)


def test_a_look_meets_reviews_of_whom_it_is_about_and_they_end_with_the_hubs_part() -> None:
    """Ann under two names, and Ben; one review of each, and one of the whole case."""
    ann, again, ben = (ChildId(UUID(int=number)) for number in (1, 2, 3))
    both = {ann: ann, again: ann, ben: ben}
    clocks = {about: Timer(timer_id=UUID(int=9)) for about in (ann, again, ben, None)}
    running = [Running(clock, about) for about, clock in clocks.items()]

    def names(found: list[Timer]) -> set[ChildId | None]:
        return {about for about, clock in clocks.items() if clock in found}

    assert names(looked_at(running, None, both)) == {ann, again, ben, None}
    assert names(looked_at(running, again, both)) == {ann, again}
    # Whoever looks at the only child of a case has looked at the case.
    assert names(looked_at(running[:2] + running[3:], ann, {ann: ann, again: ann})) == {ann, again, None}
    for decided, over, ended in (
        ({ann, again}, {ann, again}, {ann, again}),
        # Under one of its names the child is in hand still.
        ({again}, {again}, set()),
        ({ben}, {ann, again, ben}, {ben, None}),
        ({ben}, {ben}, {ben}),
    ):
        assert names(ended_with(running, decided, over, both)) == ended
    assert stands_for_case([again, ben, ann], both) == ben
