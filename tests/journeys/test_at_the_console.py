"""One child's way through the hub as staff see it: pages, cookies and forms on the real services."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.console.app import create_app
from services.console.settings import Settings
from tests.console.conftest import hidden_fields
from tests.console.reading import words_of
from tests.hub import URLS, Hub
from tests.referrals import a_child, a_referral

CONSOLE = URLS["console"]


class Desk:
    """A browser at the console and at access's sign-in page."""

    def __init__(self, http: httpx.AsyncClient, hub: Hub) -> None:
        self.http = http
        self.hub = hub

    async def sign_in(self, username: str, path: str) -> httpx.Response:
        """Open a page as someone who has yet to sign in."""
        leaving = await self.http.get(CONSOLE + path)
        page = await self.http.get(leaving.headers["location"])
        password = self.hub.folder.demo_password.read_text().strip()
        typed = hidden_fields(page.text) | {"username": username, "password": password}
        back = await self.http.post(f"{URLS['access']}/sign-in", data=typed)
        landed = await self.http.get(back.headers["location"])
        return await self.http.get(CONSOLE + landed.headers["location"])

    async def open(self, path: str) -> httpx.Response:
        return await self.http.get(CONSOLE + path)

    async def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Fill in the form at `path` and send it."""
        page = await self.open(path)
        return await self.http.post(
            CONSOLE + path, data=hidden_fields(page.text) | fields, headers={"Origin": CONSOLE}
        )


class _Both(httpx.AsyncBaseTransport):
    """Carries a browser's requests to the console, and those for the sign-in page to access."""

    def __init__(self, console: httpx.AsyncBaseTransport, access: httpx.AsyncClient) -> None:
        self._console = console
        self._access = access

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "console":
            return await self._console.handle_async_request(request)
        return await self._access.send(request)


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
    async with httpx.AsyncClient(transport=_Both(httpx.ASGITransport(app), hub.http)) as http:
        yield Desk(http, hub)


async def _case_page(hub: Hub) -> tuple[str, str]:
    told = await hub.send(a_referral(children=[a_child(), a_child("c2", given_name="Alfie")]))
    case = await hub.case_of(told["reference"])
    return f"/cases/{case['case_id']}", case["children"][0]["child_id"]


async def test_a_child_is_graded_blind_asked_about_and_decided(hub: Hub, desk: Desk) -> None:
    case_path, child_id = await _case_page(hub)
    child = f"{case_path}/children/{child_id}"

    blind = words_of((await desk.sign_in("ines.moreau", case_path)).text)
    assert "Hidden until your agency has graded Maisie Example" in blind
    assert "of 5" not in blind
    graded = await desk.post(f"{child}/grade", {"answer": "4", "rationale": "Two visits to A and E."})
    assert graded.status_code == 303
    seen = words_of((await desk.open(graded.headers["location"])).text)
    assert "4 of 5: high concern" in seen
    assert "3 of 5: considerable concern" in seen


async def test_a_decision_maker_sees_all_and_decides(hub: Hub, desk: Desk) -> None:
    case_path, child_id = await _case_page(hub)
    child = f"{case_path}/children/{child_id}"

    page = words_of((await desk.sign_in("dana.reid", case_path)).text)
    assert "has not answered" in page
    assert "Alfie Example" in page
    refused = await desk.post(f"{child}/decision", {"level": "1"})
    assert refused.status_code == 422
    assert "Choose who acts next" in words_of(refused.text)
    decision = {"level": "4", "pathway": "strategy_discussion", "rag": "red", "rationale": "Third time."}
    decision["different_decision_reason"] = "He has come back."
    decided = await desk.post(f"{child}/decision", decision)
    assert decided.status_code == 303
    told = words_of((await desk.open(decided.headers["location"])).text)
    assert "Decision recorded Maisie Example" in told
    assert "Still to be decided in this case: Alfie Example" in told


async def test_signing_out_shuts_the_door(hub: Hub, desk: Desk) -> None:
    page = await desk.sign_in("dana.reid", "/")

    await desk.http.post(f"{CONSOLE}/sign-out", data=hidden_fields(page.text), headers={"Origin": CONSOLE})

    assert (await desk.open("/")).headers["location"].startswith(f"{URLS['access']}/sign-in")
