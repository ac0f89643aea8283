"""The demo's receiver: what a partner's system does with the hub's calls, in a process of its own.

It takes a call, checks who signed it, fetches the outcome with its own token, records it and confirms that
it did. A partner that builds its own receiver can read it as an example.
"""

from deploy.local.receiver.app import create_app
from deploy.local.receiver.settings import Settings
from shared.platform.process import serve_web


def main() -> None:
    """Receive calls until SIGTERM."""
    settings = Settings()
    serve_web(create_app(settings), host=settings.host, port=settings.port)
