"""`python -m bench.matching` measures matching alone: how well by `--seeds`, how fast by `--sizes`."""

import argparse
from pathlib import Path

from bench.figures import Figure
from bench.matching.lookup import FOR_MEMORY, STORE, Wanted, measure_lookup
from bench.matching.quality import REPORTING, TUNING, measure_quality


def main() -> None:
    """Print one JSON line for each figure; by default the quality on the seeds that are reported."""
    parser = argparse.ArgumentParser(prog="bench.matching", description=__doc__)
    seeds = f"households to invent; tuned on {TUNING}, reported on {REPORTING}"
    parser.add_argument("--seeds", nargs="*", type=int, default=list(REPORTING), help=seeds)
    parser.add_argument("--sizes", nargs="*", type=int, help="instead: lookups among so many persons")
    parser.add_argument("--store", type=Path, default=STORE, help="where crowds are kept between runs")
    parser.add_argument("--splink", type=int, default=10, help="so many lookups of Splink's beside; 0: none")
    told = f"so many lookups for memory, {FOR_MEMORY:,} unless told; 0: none"
    parser.add_argument("--memory", type=int, default=FOR_MEMORY, help=told)
    parser.add_argument("--answers", type=Path, help="where to write who was answered")
    options = parser.parse_args()
    if options.sizes:
        wanted = Wanted(options.store, tuple(options.sizes), options.splink, options.memory, options.answers)
        for figure in measure_lookup(wanted):
            _print(figure)
        return
    for figure in measure_quality(tuple(options.seeds)):
        _print(figure)


def _print(figure: Figure) -> None:
    print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
