"""`python -m bench.households --seed 1 --out DIR` writes the files of one seed."""

import argparse
from collections import Counter
from dataclasses import fields
from pathlib import Path

from bench.figures import say
from bench.households.draw import draw
from bench.households.rates import Rates


def main() -> None:
    """Write known.csv, incoming.csv, truth.csv and hazards.csv, and tell how often each hazard came."""
    hazards = [each.name for each in fields(Rates)]
    parser = argparse.ArgumentParser(prog="bench.households", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--people", type=int, default=20_000, help="how many are known")
    parser.add_argument("--incoming", type=int, default=4_000, help="how many rows come in")
    parser.add_argument("--out", type=Path, required=True, help="the folder of the files; it is made")
    parser.add_argument(
        "--without", nargs="*", default=[], choices=hazards, metavar="HAZARD", help=" ".join(hazards)
    )
    options = parser.parse_args()
    drawn = draw(options.seed, options.people, options.incoming, Rates().without(*options.without))
    drawn.write(options.out)
    say(f"{len(drawn.known)} known, {len(drawn.incoming)} incoming, {len(drawn.truth)} of them known.")
    for hazard, count in Counter(hazard for _, hazard in drawn.hazards).most_common():
        say(f"  {count / len(drawn.incoming):7.2%}  {hazard}")


if __name__ == "__main__":
    main()
