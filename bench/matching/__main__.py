"""`python -m bench.matching` measures matching alone: how well by `--seeds`, how fast by `--sizes`."""

import argparse

from bench.figures import Figure
from bench.matching.lookup import measure_lookup_alone
from bench.matching.quality import REPORTING, TUNING, measure_quality


def main() -> None:
    """Print one JSON line for each figure; by default the quality on the seeds that are reported."""
    parser = argparse.ArgumentParser(prog="bench.matching", description=__doc__)
    seeds = f"households to invent; tuned on {TUNING}, reported on {REPORTING}"
    parser.add_argument("--seeds", nargs="*", type=int, default=list(REPORTING), help=seeds)
    parser.add_argument("--sizes", nargs="*", type=int, help="instead: lookups among so many persons")
    options = parser.parse_args()
    if options.sizes:
        measure_lookup_alone(_print, tuple(options.sizes))
        return
    for figure in measure_quality(tuple(options.seeds)):
        _print(figure)


def _print(figure: Figure) -> None:
    print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
