"""How one process of a service runs: its pages, its workers, or both, until it is told to stop."""

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

import structlog
import uvicorn
from fastapi import FastAPI

from shared.platform import log

Part = Literal["web", "worker"]
#: Runs until `stop` is set. What it raises is logged, and it is started again.
Worker = Callable[[asyncio.Event], Awaitable[None]]

_RESTART_SECONDS = 1.0
_DRAIN_SECONDS = 10


async def keep_working(name: str, worker: Worker, stop: asyncio.Event) -> None:
    """Run `worker` until `stop`, again when it fails: a worker that gives up is a child forgotten."""
    while not stop.is_set():
        try:
            await worker(stop)
        except Exception as error:
            structlog.get_logger().error(
                "worker_failed", worker=name, error_type=type(error).__name__, place=log.where(error)
            )
            await asyncio.sleep(_RESTART_SECONDS)


def serve_web(app: FastAPI, *, host: str, port: int) -> None:
    """Answer HTTP until SIGTERM or SIGINT; requests under way are finished first."""
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_DRAIN_SECONDS,
        h11_max_incomplete_event_size=32_768,
    )


def leave_what_is_loaded_alone() -> None:
    """Tell the garbage collector that what stands after the start stays, and to look for more less often.

    A request makes thousands of objects and hardly a cycle: left as it is, the collector goes through them
    several times in each, at a twentieth of all the processor's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


async def run_workers(workers: Mapping[str, Worker], stop: asyncio.Event) -> None:
    """Run all `workers` side by side until `stop`."""
    async with asyncio.TaskGroup() as group:
        for name, worker in workers.items():
            group.create_task(keep_working(name, worker, stop), name=name)


async def until_signalled(workers: Mapping[str, Worker]) -> None:
    """Run `workers` as a process of their own, until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run_workers(workers, stop)
