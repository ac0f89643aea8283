"""The list of the longest files of tests names files that there are."""

from tests.house.source import ROOT
from tests.order import SECONDS


def test_every_file_that_is_begun_first_is_there() -> None:
    assert [name for name in SECONDS if not (ROOT / "tests" / name).is_file()] == []


def test_the_longest_is_begun_first() -> None:
    assert list(SECONDS.values()) == sorted(SECONDS.values(), reverse=True)
