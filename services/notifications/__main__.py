"""How one process of notifications starts."""

from services.notifications.app import create_app, create_workers
from services.notifications.settings import Settings
from shared.platform.process import Part, serve_web
from shared.platform.runtime import Runtime


def main(only: Part | None = None) -> None:
    """Serve notifications: pages and workers in one process, or one of the two."""
    settings = Settings()
    if only == "worker":
        runtime = Runtime("notifications", settings)
        runtime.work_alone(create_workers(runtime, settings))
    else:
        serve_web(create_app(settings, with_workers=only is None), host=settings.host, port=settings.port)


if __name__ == "__main__":
    main()
