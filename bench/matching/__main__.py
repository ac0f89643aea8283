"""`python -m bench.matching --seeds 1 2 3` measures matching alone, on the seeds it is tuned on."""

import argparse

from bench.matching.quality import REPORTING, TUNING, measure_quality


def main() -> None:
    """Print one JSON line for each figure; by default those of the seeds that are reported."""
    parser = argparse.ArgumentParser(prog="bench.matching", description=__doc__)
    seeds = f"households to invent; tuned on {TUNING}, reported on {REPORTING}"
    parser.add_argument("--seeds", nargs="*", type=int, default=list(REPORTING), help=seeds)
    for figure in measure_quality(tuple(parser.parse_args().seeds)):
        print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
