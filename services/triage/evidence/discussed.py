"""What discussions a child is owed, when one counts, and what follows from it: pure, nothing is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from services.triage.evidence.silence import WITH_REFERRAL
from services.triage.models import Grade
from services.triage.policy.scale import protection
from services.triage.rules import Times
from shared.clock import london_date
from shared.schemas.discussions import Attendance, AttendeePart, DiscussionKind, DiscussionRecord
from shared.schemas.ids import AgencyId, ChildId, DiscussionId, GradeId
from shared.schemas.invitations import Call
from shared.schemas.policy import RecommendationView
from shared.schemas.words import Level, Pathway, Rag, Sector

#: Who must be there, by kind. Where a kind names nobody, two agencies make a discussion.
Quorums = Mapping[DiscussionKind, frozenset[Sector]]
HUB_MANAGER: Final = "hub_manager"
SECOND_AGENCY: Final = "second_agency"
_FIVE: Final = 5
_WIDE: Final = 3
_PRESSING: Final = list(Call)


class Agreed(NamedTuple):
    """What a deployment configured about discussions: who must be there, and when a conference is due."""

    quorums: Quorums
    times: Times


class Talked(NamedTuple):
    """A discussion as rules see it."""

    discussion_id: DiscussionId
    kind: DiscussionKind
    child_ids: frozenset[ChildId]
    called_at: datetime
    concluded_at: datetime | None
    called_off: bool
    quorum_met: bool | None
    views_of: frozenset[AgencyId] = frozenset()

    @property
    def is_waited_for(self) -> bool:
        """Whether it is called and neither concluded nor called off."""
        return self.concluded_at is None and not self.called_off


class Owed(NamedTuple):
    """A discussion that a child is owed."""

    call: Call
    since: datetime | None
    #: The one that is called and not concluded, if any.
    called: DiscussionId | None

    @property
    def due_on(self) -> date | None:
        """The day in London by whose end it is due; None where none is set."""
        return london_date(self.since) if self.call is Call.SAME_DAY and self.since else None


def missing_from(kind: DiscussionKind, record: DiscussionRecord, quorums: Quorums) -> tuple[str, ...]:
    """Return who must have been there and was not: sectors, `hub_manager`, `second_agency`.

    Only whoever attended counts: what an agency sent in writing can be read, but not asked.
    """
    there = [one for one in record.attendees if one.attendance is Attendance.ATTENDED]
    professionals = [one for one in there if one.part is not AttendeePart.FAMILY]
    sectors = {one.sector for one in professionals}
    missing = [str(sector) for sector in Sector if sector in quorums.get(kind, ()) and sector not in sectors]
    if kind is DiscussionKind.THRESHOLD and not any(
        one.part is AttendeePart.HUB_MANAGER for one in professionals
    ):
        missing.append(HUB_MANAGER)
    if len({one.agency_id or one.organisation for one in professionals}) < 2:
        missing.append(SECOND_AGENCY)
    return tuple(missing)


def discussion_owed(
    recommendation: RecommendationView | None,
    discussions: Sequence[Talked],
    graded: Sequence[Grade],
    *,
    heard_at: datetime | None = None,
) -> tuple[Owed, ...]:
    """Return the discussions that a child is still owed, the most pressing first.

    What the policy calls for is owed until one that covers it was concluded after the grades that called for
    it. Owing one never stops a decision.

    Args:
        recommendation: the one in force for the child; None: there is none, so the policy calls for nothing.
        discussions: those about the child, under any of its ids.
        graded: every grade of the child under any of its ids, in any order.
        heard_at: when the newest contact about it arrived: from then on what no grade explains is called for.
    """
    owed = list(_after_no_quorum(discussions))
    if recommendation is not None and recommendation.discussion is not None:
        call = Call(recommendation.discussion)
        since = called_since(call, graded, heard_at)
        if not any(_covers(one, call, since) for one in discussions):
            owed.append(Owed(call, since, _waiting(discussions, call)))
    return tuple(sorted(owed, key=lambda one: _PRESSING.index(one.call)))


def is_same_day_owed(owed: Iterable[Owed]) -> bool:
    """Say whether a same-day discussion is owed: a reason for a second look at no social care action."""
    return any(one.call is Call.SAME_DAY for one in owed)


def called_since(call: Call, graded: Sequence[Grade], heard_at: datetime | None = None) -> datetime | None:
    """Return since when a discussion is called for: when a 5 was newly given, or grades drew newly apart.

    An agency that stays at its grade in other words calls for nothing new.
    """
    told = _replay(graded)
    if call is Call.SAME_DAY and told.fives:
        return max(told.fives.values())
    return told.apart_since or heard_at


def views_missing(
    decided: tuple[int, Pathway, Rag], graded: Sequence[Grade], discussions: Sequence[Talked]
) -> tuple[AgencyId, ...]:
    """Return the agencies whose 5 a decision would lower without their view to that on record.

    A 5 asks for level 3, child in need and Red at the least. A view is on record once a discussion that holds
    it was concluded, after the 5 was given; an agency that has itself graded lower since has said its own.

    Args:
        decided: level, pathway and colour.
    """
    level, pathway, rag = decided
    keeps = level >= Level.COMPLEX and protection(pathway) >= protection(Pathway.CHILD_IN_NEED)
    if keeps and rag is Rag.RED:
        return ()
    newest = {one.agency_id: one.grade for one in sorted(graded, key=_in_time) if one.grade is not None}
    return tuple(
        agency_id
        for agency_id, since in sorted(_replay(graded).fives.items())
        if newest[agency_id] == _FIVE
        and not any(
            one.concluded_at and one.concluded_at >= since and agency_id in one.views_of
            for one in discussions
        )
    )


def _after_no_quorum(discussions: Sequence[Talked]) -> Iterable[Owed]:
    """Yield that a strategy discussion without all who must be there is held again."""
    strategies = [one for one in discussions if one.kind is DiscussionKind.STRATEGY]
    held = sorted((one.concluded_at, one.quorum_met) for one in strategies if one.concluded_at)
    if held and not held[-1][1]:
        waited_for = next((one.discussion_id for one in strategies if one.is_waited_for), None)
        yield Owed(Call.HOLD_AGAIN, held[-1][0], waited_for)


def _covers(one: Talked, call: Call, since: datetime | None) -> bool:
    if one.concluded_at is None or not one.quorum_met or one.kind not in _fitting(call):
        return False
    return since is None or one.concluded_at >= since


def _fitting(call: Call) -> frozenset[DiscussionKind]:
    if call is Call.SAME_DAY:
        return frozenset({DiscussionKind.THRESHOLD, DiscussionKind.STRATEGY})
    return frozenset(DiscussionKind)


def _waiting(discussions: Sequence[Talked], call: Call) -> DiscussionId | None:
    fitting = (one for one in discussions if one.is_waited_for and one.kind in _fitting(call))
    return next((one.discussion_id for one in fitting), None)


@dataclass(slots=True)
class _Told:
    """What the grades of a child came to, one after the other.

    Attributes:
        fives: by agency that stands at 5, since when.
        apart_since: when the grades last drew wide apart, or wider; None: they are not.
    """

    fives: dict[AgencyId, datetime] = field(default_factory=dict)
    apart_since: datetime | None = None


def _in_time(grade: Grade) -> tuple[datetime, GradeId]:
    return grade.graded_at, grade.grade_id


def _replay(graded: Sequence[Grade]) -> _Told:
    told, spread = _Told(), 0
    standing: dict[tuple[AgencyId, ChildId, str], int | None] = {}
    for grade in sorted(graded, key=_in_time):
        key = (grade.agency_id, grade.child_id, grade.given)
        standing[key] = _counts(grade, standing.get(key))
        _note_fives(told, standing, grade)
        figures = [figure for figure in standing.values() if figure is not None]
        before, spread = spread, max(figures, default=0) - min(figures, default=0)
        if spread < _WIDE:
            told.apart_since = None
        elif spread > before or told.apart_since is None:
            told.apart_since = grade.graded_at
    return told


def _counts(grade: Grade, before: int | None) -> int | None:
    """Return what stands after a grade: of those sent with a referral the highest, as the policy has it."""
    if grade.given != WITH_REFERRAL:
        return grade.grade
    return max((one for one in (before, grade.grade) if one is not None), default=None)


def _note_fives(
    told: _Told, standing: Mapping[tuple[AgencyId, ChildId, str], int | None], grade: Grade
) -> None:
    own = [figure for (agency_id, *_), figure in standing.items() if agency_id == grade.agency_id]
    if _FIVE in own:
        told.fives.setdefault(grade.agency_id, grade.graded_at)
    else:
        told.fives.pop(grade.agency_id, None)
