"""A figure and how it is told."""

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure beside its yardstick.

    Attributes:
        yardstick: what it is held against, measured in the same run; None where it stands alone.
        ratio: value divided by the yardstick's value, or None.
        n: how many things were measured.
    """

    name: str
    value: float
    unit: str
    yardstick: str | None
    ratio: float | None
    n: int

    def line(self) -> str:
        """Return it as one line of JSON."""
        return json.dumps(
            {
                key: round(value, 3) if isinstance(value, float) else value
                for key, value in asdict(self).items()
            }
        )


def say(words: str) -> None:
    """Tell whoever is waiting what happens."""
    print(words, file=sys.stderr, flush=True)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` of all values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
