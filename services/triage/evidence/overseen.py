"""Which days of review an entry of management oversight settles, and which end with the hub's part: pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from services.triage.models import Timer
from shared.schemas.ids import ChildId
from shared.schemas.oversight import OversightKind

#: By these a manager has looked again. A direction says what is to be done: somebody has still to see that it
#: was.
LOOKS: Final = frozenset({OversightKind.SIGN_OFF, OversightKind.REVIEW})


class Running(NamedTuple):
    """The clock of a review that has not been made, and whom it is about; None: the whole case."""

    clock: Timer
    about: ChildId | None


def looked_at(
    running: Iterable[Running], about: ChildId | None, is_one_with: Mapping[ChildId, ChildId]
) -> list[Timer]:
    """Return the clocks of a case that a manager's look meets.

    Args:
        about: the child that was looked at; None: the whole case, and with it each child. Looking at the only
            child of a case is looking at all of it.
        is_one_with: of each child of the case, the one by which its contacts are counted together.
    """
    if about is None:
        return [each.clock for each in running]
    one = is_one_with[about]
    is_only = set(is_one_with.values()) == {one}
    return [
        each.clock
        for each in running
        if (is_only if each.about is None else is_one_with.get(each.about) == one)
    ]


def ended_with(
    running: Iterable[Running],
    decided: Collection[ChildId],
    over: Collection[ChildId],
    is_one_with: Mapping[ChildId, ChildId],
) -> list[Timer]:
    """Return the clocks of a case that end with what has just been decided.

    A review of the whole case is made as long as one of its children is in the hub's hands; one of a child
    that was promised after the hub's part in it had ended is made all the same.

    Args:
        decided: the children that were decided.
        over: those in whom the hub has no further part.
    """
    in_hand = {one for child, one in is_one_with.items() if child not in over}
    ones = {is_one_with[child] for child in decided} - in_hand
    return [
        each.clock
        for each in running
        if (not in_hand if each.about is None else is_one_with.get(each.about) in ones)
    ]


def stands_for_case(children: Sequence[ChildId], is_one_with: Mapping[ChildId, ChildId]) -> ChildId:
    """Return the child under whose name the review of a whole case stands on a list: the first of it."""
    return next((child for child in children if is_one_with[child] == child), children[0])
