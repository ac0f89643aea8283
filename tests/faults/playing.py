"""Runs the script on a thread of its own: the main thread alone may start and kill processes."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

_TICK_SECONDS = 0.05
# To count all that was done takes a while, on the thread beside the script's.
_LOOK_SECONDS = 0.5


class Playing:
    """A coroutine that runs beside the main thread until the `with` block ends."""

    def __init__(self, script: Coroutine[Any, Any, None]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="script")
        self._script = script
        self._future: Future[None] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._future = asyncio.run_coroutine_threadsafe(self._script, self._loop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        done = asyncio.run_coroutine_threadsafe(_cancel_others(), self._loop)
        done.result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def look(self) -> None:
        """Raise what the script raised, if it broke off."""
        assert self._future is not None
        if self._future.done():
            self._future.result()

    def wait_until(
        self, done: Callable[[], bool], *, progress: Callable[[], object], patience_seconds: float
    ) -> bool:
        """Wait until it is `done`; False when there has been no progress for so many seconds.

        How long it takes altogether depends on what else the machine has to do.
        """
        last, give_up_at = progress(), time.monotonic() + patience_seconds
        while not done():
            self.look()
            if (now := progress()) != last:
                last, give_up_at = now, time.monotonic() + patience_seconds
            if time.monotonic() >= give_up_at:
                return False
            time.sleep(_LOOK_SECONDS)
        return True


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    # The transports that they closed take another turn of the loop.
    await asyncio.sleep(_TICK_SECONDS)
