"""How well matching finds who is who, ours beside Splink's on the same rows, neither learning from labels.

Of households, the best match of each incoming row counts; of FEBRL's rows, all pairs. Each is taken at the
threshold that is best for it, so that it is models that are held against each other and not their settings.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure, say
from bench.households.draw import draw
from bench.households.rates import Rates
from bench.households.second import draw_second
from bench.matching import febrl, ours, splink_model
from bench.matching.errors import told_by_hazard
from bench.matching.measures import (
    Pair,
    Quality,
    Scored,
    best_per_left,
    best_quality,
    recall_at_precision,
    unordered,
)

#: What the weights and the rules were tuned on, and what nobody looked at while they were.
TUNING, REPORTING = (1, 2, 3), (11, 12, 13)
#: The same of the second author, whose seeds begin at the first of these.
SECOND_TUNING, SECOND_REPORTING = (21, 22), (31, 32)
#: So precise must be what is linked before anybody has looked.
_PRECISE = 0.995
_PEOPLE, _INCOMING = 20_000, 4_000


@dataclass(frozen=True)
class Task:
    """Files to match, with what is true.

    Attributes:
        known: None where duplicates are looked for in `incoming`.
        by_row: whether the best match of each row counts, not every pair.
    """

    name: str
    incoming: Path
    known: Path | None
    truth: set[Pair]
    by_row: bool

    @property
    def hazards(self) -> Path:
        """Which hazards each incoming row carries; invented households alone have it."""
        return self.incoming.with_name("hazards.csv")

    def counted(self, pairs: list[Scored]) -> list[Scored]:
        """Return the pairs that count."""
        if self.known is None:
            return unordered(pairs)
        return best_per_left(pairs) if self.by_row else pairs


def measure_quality(seeds: tuple[int, ...] = REPORTING) -> Iterator[Figure]:
    """Yield the F1 of each task beside Splink's; without Splink the figures stand alone and say so."""
    if not splink_model.is_installed():
        say(f"Splink is not installed here, so nothing stands beside these. {splink_model.INSTALL}")
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        for seed in seeds:
            say(f"Inventing households, seed {seed}.")
            yield from _measure(_households(Path(folder) / f"{seed}", seed))
        # Of each author as many seeds as were asked for, so that one look costs two.
        for seed in SECOND_REPORTING[: len(seeds)]:
            say(f"Inventing the second author's people, seed {seed}.")
            yield from _measure(_second(Path(folder) / f"{seed}", seed))
        if not febrl.is_installed():
            say(f"FEBRL's rows are not here. {splink_model.INSTALL}")
            return
        for with_id in (True, False):
            yield from _measure(_febrl(Path(folder), "febrl3", febrl.write_febrl3, with_id=with_id))
            yield from _measure(_febrl(Path(folder), "febrl4", febrl.write_febrl4, with_id=with_id))


def _households(folder: Path, seed: int) -> Task:
    draw(seed, _PEOPLE, _INCOMING, Rates()).write(folder)
    kind = "tuning" if seed in TUNING else "households"
    return _task(f"matching_{kind}_{seed}", folder, by_row=True)


def _second(folder: Path, seed: int) -> Task:
    draw_second(seed, _PEOPLE, _INCOMING).write(folder)
    return _task(f"matching_second_author_{seed}", folder, by_row=True)


def _febrl(folder: Path, name: str, write: Callable[..., None], *, with_id: bool) -> Task:
    name = f"{name}_{'with' if with_id else 'without'}_id"
    write(folder / name, with_id=with_id)
    return _task(f"matching_{name}", folder / name, by_row=False)


def _task(name: str, folder: Path, *, by_row: bool) -> Task:
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as rows:
        truth = {(row["left_id"], row["right_id"]) for row in csv.DictReader(rows)}
    known = folder / "known.csv"
    return Task(name, folder / "incoming.csv", known if known.exists() else None, truth, by_row)


def _measure(task: Task) -> Iterator[Figure]:
    say(f"Matching {task.name.removeprefix('matching_')}.")
    judged = {"hub": task.counted(ours.score_pairs(task.incoming, task.known))}
    if splink_model.is_installed():
        theirs = splink_model.score_pairs(task.incoming, task.known, with_movers=task.by_row)
        judged["splink"] = task.counted(theirs)
    best = {name: best_quality(pairs, task.truth) for name, pairs in judged.items()}
    for name, quality in best.items():
        _say(name, quality)
    count = len(task.truth)
    yield _figure(f"{task.name}_f1", [quality.f1 for quality in best.values()], count)
    if task.by_row:
        recalls = [recall_at_precision(_PRECISE, pairs, task.truth) for pairs in judged.values()]
        yield _figure(f"{task.name}_recall_at_precision_995", recalls, count)
    if task.hazards.exists():
        taken = {
            name: {pair[0]: pair[1] for pair in pairs if pair[2] >= best[name].threshold}
            for name, pairs in judged.items()
        }
        say(told_by_hazard(task.hazards, dict(task.truth), taken))


def _figure(name: str, shares: list[float], n: int) -> Figure:
    """Return ours, and beside it Splink's where that was measured."""
    mine, *others = (100 * share for share in shares)
    for theirs in others:
        ratio = mine / theirs if theirs else None
        return Figure(name, mine, "percent", f"Splink 5: {theirs:.3f}", ratio, n)
    return Figure(name, mine, "percent", f"Splink 5 is not installed: {splink_model.INSTALL}", None, n)


def _say(who: str, best: Quality) -> None:
    say(f"  {who}: F1 {best.f1:.4f}, precision {best.precision:.4f}, recall {best.recall:.4f}.")
