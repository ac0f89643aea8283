"""What the hub counts of itself, month by month, as bars with their figures beside them; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.console.wording.deciding import DEPTHS
from shared.schemas.depth import CoverageLine
from shared.schemas.oversight import OversightMonth
from shared.schemas.words_deciding import Depth

_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure, and how long its bar is.

    Attributes:
        words: what was counted, such as "All core agencies heard".
        share: of all children of the month, 0 to 100.
        is_concern: whether a long bar is bad news.
    """

    words: str
    count: int
    share: int
    is_concern: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """One month's children, each counted once, by the month of its first decision."""

    words: str
    children: int
    bars: tuple[Bar, ...]


def months_of(coverage: Sequence[CoverageLine], overseen: Sequence[OversightMonth]) -> list[Month]:
    """Return what was measured in each month of which anything is known, the newest first."""
    oversight = {one.month: one for one in overseen}
    named = {line.month for line in coverage} | set(oversight)
    return [
        _month(name, [line for line in coverage if line.month == name], oversight.get(name))
        for name in sorted(named, reverse=True)
    ]


def _month(name: str, lines: Sequence[CoverageLine], overseen: OversightMonth | None) -> Month:
    children = sum(line.children for line in lines) or (overseen.decided if overseen else 0)
    depths = [
        Bar(f"{DEPTHS[depth]} through the hub", count, _share(count, children))
        for depth in Depth
        if (count := sum(line.children for line in lines if line.depth is depth)) or depth is Depth.FULL
    ]
    proceeded = sum(line.proceeded_now for line in lines)
    urgent = Bar("Urgent: handed over while checks ran", proceeded, _share(proceeded, children))
    bars = [*depths, urgent, *_heard(lines, children)]
    if overseen:
        words = "With management oversight"
        bars.append(Bar(words, overseen.overseen, _share(overseen.overseen, overseen.decided)))
    return Month(f"{date.fromisoformat(f'{name}-01'):%B %Y}", children, tuple(bars))


def _heard(lines: Sequence[CoverageLine], children: int) -> list[Bar]:
    """Return how many children were decided with how many agencies heard, the fewest first: they are why
    anybody looks.
    """
    counts: dict[str, int] = {}
    for line in lines:
        for heard, count in line.core_answers.items():
            counts[heard] = counts.get(heard, 0) + count
    known = sorted((int(heard), count) for heard, count in counts.items() if heard != _UNKNOWN)
    bars = [Bar(_heard_words(heard), count, _share(count, children), heard == 0) for heard, count in known]
    if unknown := counts.get(_UNKNOWN):
        bars.append(Bar("Agencies heard: not recorded then", unknown, _share(unknown, children)))
    return bars


def _heard_words(heard: int) -> str:
    if heard == 0:
        return "No core agency heard"
    return f"{heard} core {'agency' if heard == 1 else 'agencies'} heard"


def _share(count: int, of_all: int) -> int:
    return round(100 * count / of_all) if of_all else 0
