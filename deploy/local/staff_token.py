"""`hub staff-token`: a demo person's token for trying the API by hand, asked for as the console asks."""

import asyncio
from http import HTTPStatus
from pathlib import Path

import httpx

from deploy.local.faults import LaunchFault
from deploy.local.running import RunningHub, get_demo_hub
from shared.platform.peers import ClientIdentity, http_client
from shared.schemas.access import TokenAnswer


class NoSuchPerson(LaunchFault):
    """The demo has nobody of that name."""

    def __init__(self) -> None:
        super().__init__(
            "The demo has nobody of that user name.\nThe names are in what `hub up --demo` printed."
        )


class AccessDidNotAnswer(LaunchFault):
    """Access is away, or refuses the console's own identity."""

    def __init__(self, hub: RunningHub) -> None:
        super().__init__(f"Access gave no token. See {hub.folder.log_of('access')}, then try again.")


def staff_token(data_dir: Path, username: str) -> str:
    """Return a token, good for five minutes, for a person of the demo that runs in `data_dir`.

    Raises:
        LaunchFault: no demo runs there, it has no such person, or access is away.
    """
    hub = get_demo_hub(data_dir)
    try:
        return asyncio.run(_ask(hub, username))
    except (httpx.HTTPError, TimeoutError) as error:
        raise AccessDidNotAnswer(hub) from error


async def _ask(hub: RunningHub, username: str) -> str:
    access_url = hub.ports.url("access")
    async with http_client() as http:
        console = ClientIdentity(
            http, client_id="console", key_file=hub.folder.key_of("console"), access_url=access_url
        )
        return (await ask_staff_token(http, console, access_url, username)).access_token


async def ask_staff_token(
    http: httpx.AsyncClient, console: ClientIdentity, access_url: str, username: str
) -> TokenAnswer:
    """Return a token for a person of the demo, asked for with the console's own identity.

    Raises:
        NoSuchPerson: the demo has nobody of that name.
        httpx.HTTPError: access is away or refuses the console.
    """
    headers = {"Authorization": f"Bearer {await console.token()}"}
    url = f"{access_url}/internal/demo/staff-token"
    answer = await http.post(url, json={"username": username}, headers=headers)
    if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY):
        raise NoSuchPerson
    answer.raise_for_status()
    return TokenAnswer.model_validate_json(answer.content)
