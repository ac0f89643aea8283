"""Copies of refused referrals: sending what is refused, and looking at what the hub keeps of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import select

from services.intake import app as intake
from services.intake.models import HeldCopy
from services.intake.sealing import Vault
from shared.platform.database import transaction
from tests.hub import URLS, Hub
from tests.tokens import bearer, hub_token

REFERRALS = f"{URLS['intake']}/v1/referrals"
COPIES = f"{URLS['intake']}/v1/held-copies"
#: Stands in whatever is refused: whoever reads it outside a sealed copy reads about a child.
CANARY = "Zebedee-Quill-7702"


def vault_of(hub: Hub) -> Vault:
    """Return what opens the copies of this hub."""
    return Vault(hub.folder.held_copy_key.read_text())


async def send(hub: Hub, content: Any, path: str = "", **headers: str | None) -> httpx.Response:
    """Send a body as the police would; `headers` take the place of its own, and None leaves one out."""
    given = bearer(hub_token(hub.folder)) | {
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid4()),
    }
    given |= {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
    gone = {name.replace("_", "-") for name, value in headers.items() if value is None}
    kept = {name: value for name, value in given.items() if name not in gone}
    return await hub.http.post(REFERRALS + path, content=content, headers=kept)


async def copies_of(hub: Hub, content: bytes, vault: Vault | None = None) -> Sequence[HeldCopy]:
    """Return every copy that opens to these very bytes."""
    vault = vault or vault_of(hub)
    async with transaction(hub.sessions["intake"], "test") as tx:
        rows = (await tx.scalars(select(HeldCopy).where(HeldCopy.size_bytes == len(content)))).all()
    return [row for row in rows if vault.open(row.content) == content]


async def copies_count(hub: Hub) -> int:
    """Return how many times anything was kept."""
    async with transaction(hub.sessions["intake"], "test") as tx:
        return sum(await tx.scalars(select(HeldCopy.times_sent)))


async def a_copy(hub: Hub, content: bytes | None = None) -> str:
    """Have something refused, and return the id of the copy."""
    content = content or f'{{"concerns": "{CANARY} {uuid4()}"}}'.encode()
    answer = await send(hub, content)
    assert answer.status_code >= 400, answer.text
    [copy] = await copies_of(hub, content)
    return str(copy.held_copy_id)


async def opened(hub: Hub, held_copy_id: str, username: str = "dana.reid") -> httpx.Response:
    """Open a copy as somebody would."""
    headers = await hub.as_staff(username)
    return await hub.http.post(
        f"{COPIES}/{held_copy_id}/opening", json={"reason": "It is on the list."}, headers=headers
    )


async def settled(hub: Hub, held_copy_id: str, username: str = "dana.reid", **form: Any) -> httpx.Response:
    """Settle a copy as somebody would."""
    form = {"state": "set_aside", "reason": "Came again in the right shape."} | form
    headers = await hub.as_staff(username)
    return await hub.http.post(f"{COPIES}/{held_copy_id}/settlement", json=form, headers=headers)


@asynccontextmanager
async def intake_with_keys(hub: Hub, keys: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Run a second intake on the same database, with a file of keys of its own."""
    settings = hub.settings["intake"].model_copy(update={"held_copy_key_file": keys})
    between = httpx.AsyncClient(transport=hub.http._transport)
    app = intake.create_app(settings, with_workers=False, http=between)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URLS["intake"]) as client,
    ):
        yield client
