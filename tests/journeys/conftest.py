"""What the journeys share."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.console.app import create_app
from services.console.settings import Settings
from tests.hub import URLS, Hub
from tests.journeys.desk import CONSOLE, Both, Desk


@pytest.fixture
async def desk(hub: Hub) -> AsyncIterator[Desk]:
    """A browser before a console on the real services."""
    settings = Settings(
        port=1,
        public_url="https://console",
        access_public_url="https://access",
        access_url=URLS["access"],
        triage_url=URLS["triage"],
        intake_url=URLS["intake"],
        notifications_url=URLS["notifications"],
        key_file=hub.folder.key_of("console"),
    )
    # In this process the services are called by name and in the clear; a deployment is not let.
    plain = settings.model_copy(update={"public_url": CONSOLE, "access_public_url": URLS["access"]})
    app = create_app(plain, hub.http)
    async with httpx.AsyncClient(transport=Both(httpx.ASGITransport(app), hub.http)) as http:
        yield Desk(http, hub)
