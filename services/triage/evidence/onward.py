"""What follows a decision: which clocks it starts, which it ends, and what meets them: pure."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from services.triage.models import Timer
from services.triage.policy.scale import SAYS_WHO_ACTS, protection
from shared.schemas.ids import ChildId
from shared.schemas.onward import OnwardStep
from shared.schemas.timers import TimerEnd, TimerKind
from shared.schemas.words import Pathway

#: What follows a decision, or waits with one. It is the child's, however many contacts told of it: one act
#: meets all of them. Screening, level and colour are each contact's own, and an answer is each agency's.
AFTER_A_DECISION: Final = (
    TimerKind.SECOND_LOOK,
    TimerKind.HANDOVER,
    TimerKind.ASSESSMENT,
    TimerKind.CONFERENCE,
)
#: What stands on the list of what is due: that, and managers' reviews.
WATCHED: Final = (*AFTER_A_DECISION, TimerKind.OVERSIGHT_REVIEW)
#: Somebody outside the hub takes the child on, and says so.
HANDED_OVER: Final = frozenset(Pathway) - {Pathway.ADVICE, Pathway.UNIVERSAL}
#: Social care assesses. Whoever has the child already, here or elsewhere, has a clock of its own for that.
ASSESSED: Final = frozenset({Pathway.CHILD_IN_NEED, Pathway.STRATEGY_DISCUSSION})
#: Social care does nothing further.
_NOT_ASSESSED: Final = frozenset({Pathway.ADVICE, Pathway.UNIVERSAL, Pathway.EARLY_HELP})

#: What each step ends, and as what.
MEETS: Final[Mapping[OnwardStep, tuple[TimerKind, TimerEnd]]] = {
    OnwardStep.HANDOVER_ACCEPTED: (TimerKind.HANDOVER, TimerEnd.DONE),
    OnwardStep.ASSESSMENT_COMPLETED: (TimerKind.ASSESSMENT, TimerEnd.DONE),
    OnwardStep.CONFERENCE_HELD: (TimerKind.CONFERENCE, TimerEnd.DONE),
    OnwardStep.CONFERENCE_NOT_NEEDED: (TimerKind.CONFERENCE, TimerEnd.NOT_NEEDED),
}
#: What another authority takes over with the child; until it accepts, it is the hub's.
TAKEN_OVER: Final = (TimerKind.ASSESSMENT, TimerKind.CONFERENCE)


def once_for_each_child(clocks: Iterable[Timer], is_one_with: Mapping[ChildId, ChildId]) -> list[Timer]:
    """Return clocks, of those that are the child's one for all its contacts: the soonest due.

    Args:
        clocks: the soonest due first.
        is_one_with: of each child, the one by which its contacts are counted together.
    """
    shown: dict[object, Timer] = {}
    for place, clock in enumerate(clocks):
        together = (is_one_with.get(clock.child_id, clock.child_id), clock.kind, clock.met_at)
        shown.setdefault(together if clock.kind in AFTER_A_DECISION else place, clock)
    return list(shown.values())


class Change(NamedTuple):
    """What a decision that comes into force does to the clocks of a child."""

    starts: frozenset[TimerKind]
    ends: frozenset[TimerKind]


def change_by(decided: Pathway, replaced: Pathway | None) -> Change:
    """Return which clocks a decision starts and ends.

    One that keeps the pathway hands nobody over again. What runs and is not ended runs on: no decision moves
    a clock that an earlier one started. The conference's was started by a discussion, so that only a decision
    for less than the one it replaces ends it, and none that merely says who acts.

    Args:
        replaced: by which pathway the decision went that stood before; None: none did.

    Source:
        docs/adr/0036-what-follows-a-decision.md
    """
    starts, ends = set[TimerKind](), set[TimerKind]()
    if decided is not replaced:
        ends.add(TimerKind.HANDOVER)
        if decided in HANDED_OVER:
            starts.add(TimerKind.HANDOVER)
    if decided in ASSESSED:
        starts.add(TimerKind.ASSESSMENT)
    if decided in _NOT_ASSESSED:
        ends.add(TimerKind.ASSESSMENT)
    is_less = replaced is not None and protection(decided) < protection(replaced)
    if is_less and decided not in SAYS_WHO_ACTS:
        ends.add(TimerKind.CONFERENCE)
    return Change(frozenset(starts), frozenset(ends))
