"""How one process of access starts."""

import asyncio
import sys

from services.access.app import create_app, workers
from services.access.settings import Settings
from shared.platform import log
from shared.platform.process import serve_web, until_signalled
from shared.platform.runtime import Runtime


def main(only: str | None = None) -> None:
    """Run access until it is told to stop.

    Args:
        only: "web" or "worker" for one half; both unless told.
    """
    settings = Settings()
    if only == "worker":
        asyncio.run(_work(settings))
    else:
        serve_web(create_app(settings, with_workers=only is None), host=settings.host, port=settings.port)


async def _work(settings: Settings) -> None:
    log.configure("access")
    runtime = Runtime("access", settings)
    try:
        await until_signalled(workers(runtime))
    finally:
        await runtime.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
