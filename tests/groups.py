"""Which tests run on one worker, one after the other: those that look at the same hub of real processes."""

from collections.abc import Callable

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # ships none

#: Folders whose tests share hubs. Elsewhere each test goes to whichever worker is free.
TOGETHER = ("tests/faults/", "tests/journeys/")


class _Together(LoadScopeScheduling):  # type: ignore[misc]
    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Callable[..., None]
) -> LoadScopeScheduling | None:
    """Keep the groups apart ourselves: pytest-xdist 3.8 notes them where pytest 9.2 no longer looks."""
    return _Together(config, log) if config.getvalue("dist") == "loadgroup" else None
