"""How a process of the console starts: it answers HTTP, and has nothing else to do."""

from services.console.app import create_app
from services.console.settings import Settings
from shared.platform.process import Part, serve_web


def main(only: Part | None = None) -> None:
    """Serve the pages until SIGTERM; `worker` alone would be a process without work."""
    if only == "worker":
        raise SystemExit("the console has no worker; leave out --only, or say --only web")
    settings = Settings()
    serve_web(create_app(settings), host=settings.host, port=settings.port)


if __name__ == "__main__":
    main()
