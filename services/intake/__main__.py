"""How one process of intake starts."""

from services.intake.app import create_app, create_workers
from services.intake.settings import Settings
from shared.platform.process import Part, serve_web
from shared.platform.runtime import Runtime


def main(only: Part | None = None) -> None:
    """Serve intake: pages and workers in one process, or one of the two."""
    settings = Settings()
    if only == "worker":
        runtime = Runtime("intake", settings)
        runtime.work_alone(create_workers(runtime, settings))
    else:
        serve_web(create_app(settings, with_workers=only is None), host=settings.host, port=settings.port)


if __name__ == "__main__":
    main()
