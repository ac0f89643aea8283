"""The hub's own matching on files, as `hub matching evaluate` runs it: fitted to them, without the truth."""

from pathlib import Path

from bench.matching.measures import Scored
from services.intake.matching.evaluating import score_tables
from services.intake.matching.frequencies import count_frequencies
from services.intake.matching.scoring import Scorer
from services.intake.matching.tables import persons_of, read_rows
from services.intake.matching.training import train
from services.intake.matching.weights import shipped_weights


def score_pairs(left: Path, right: Path | None) -> list[Scored]:
    """Return the pairs worth keeping with their bits.

    Args:
        left: a file in the columns of the hub.
        right: the file of known persons; None looks for duplicates in `left`.
    """
    tables = []
    for file in (left, right):
        if file:
            with file.open(encoding="utf-8", newline="") as lines:
                tables.append(read_rows(lines, file.name))
    people = persons_of(*tables)
    known, ids = people[-1], [[row.id for row in table] for table in tables]
    counted = count_frequencies([person for table in people for person in table])
    weights = train(
        people[0], known if right else None, counted, shipped_weights(), lambda _step, _done, _of: None
    ).weights
    scored = score_tables(
        people[0],
        known if right else None,
        counted,
        Scorer(weights, len(known)),
        frozenset(),
        lambda _done, _of: None,
    )
    return [(ids[0][pair.left], ids[-1][pair.right], pair.bits) for pair in scored.pairs]
