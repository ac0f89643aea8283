"""Signing in and out."""

from typing import Any

import httpx
import pytest

from services.console.settings import Settings
from services.console.sign_in import own_path
from tests.console.conftest import CONSOLE, FROM_HERE, Browser
from tests.console.fakes import ACCESS, ACCESS_FOR_BROWSERS, INTAKE, SESSION, TRIAGE
from tests.console.scenes import CASE, PRIYA


async def test_whoever_is_not_signed_in_is_sent_to_access(browser: Browser) -> None:
    answer = await browser.open("/")

    assert answer.status_code == 303
    there = httpx.URL(answer.headers["location"])
    assert str(there.copy_with(query=None)) == f"{ACCESS_FOR_BROWSERS}/sign-in"
    assert there.params["return_to"] == f"{CONSOLE}/signed-in"
    assert len(there.params["state"]) >= 24


async def test_signing_in_leads_to_the_page_that_was_wanted(browser: Browser) -> None:
    page = await browser.sign_in(PRIYA, f"/cases/{CASE}")

    assert page.status_code == 200
    assert page.url.path == f"/cases/{CASE}"
    assert "Priya Shah" in page.text


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    leaving = await browser.open("/")
    state = httpx.URL(leaving.headers["location"]).params["state"]
    code = browser.hub.a_code_for(PRIYA)
    back = await browser.http.get("/signed-in", params={"code": code, "state": state})

    cookie = next(c for c in back.headers.get_list("set-cookie") if c.startswith("hub_console_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


async def test_a_code_that_another_browser_asked_for_signs_nobody_in(browser: Browser) -> None:
    code = browser.hub.a_code_for(PRIYA)

    answer = await browser.http.get("/signed-in", params={"code": code, "state": "somebody-elses-state"})

    assert answer.status_code == 400
    assert not browser.hub.asked_of("POST", "/internal/sessions")
    assert (await browser.open("/")).status_code == 303


async def test_a_used_code_offers_to_start_again(browser: Browser) -> None:
    leaving = await browser.open("/")
    state = httpx.URL(leaving.headers["location"]).params["state"]

    answer = await browser.http.get("/signed-in", params={"code": "used", "state": state})

    assert answer.status_code == 400
    assert "Sign in again" in answer.text


async def test_knowing_a_session_id_opens_nothing(browser: Browser) -> None:
    browser.hub.signed_in[SESSION] = PRIYA
    browser.http.cookies.set("hub_console_session", str(SESSION))

    assert (await browser.open("/")).status_code == 303


async def test_a_session_that_access_has_ended_leads_back_to_sign_in(priya: Browser) -> None:
    priya.hub.signed_in.clear()

    answer = await priya.open(f"/cases/{CASE}")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{ACCESS_FOR_BROWSERS}/sign-in")


async def test_the_token_of_a_session_is_asked_for_once_while_it_is_good(priya: Browser) -> None:
    await priya.open("/")
    await priya.open(f"/cases/{CASE}")

    assert len(priya.hub.asked_of("POST", f"/internal/sessions/{SESSION}/token")) == 1


async def test_signing_out_ends_the_session_at_access(priya: Browser) -> None:
    answer = await priya.post("/sign-out", {}, await priya.open("/"))

    assert answer.headers["location"] == "/signed-out"
    assert priya.hub.signed_in == {}
    assert "hub_console_session" not in priya.http.cookies


async def test_signing_out_while_access_is_away_says_so(priya: Browser) -> None:
    page = await priya.open("/")
    priya.hub.away.add("access")

    answer = await priya.post("/sign-out", {}, page)
    told = await priya.open(answer.headers["location"])

    assert "hub_console_session" not in priya.http.cookies
    assert "The hub could not be told" in told.text


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example", "", "evil", "/a b", "/\nx", "/%zzé"]
)
def test_nobody_is_led_to_another_site(path: str) -> None:
    assert own_path(path) == "/"


async def test_a_wanted_page_at_another_site_becomes_the_work_list(browser: Browser) -> None:
    leaving = await browser.http.get("//evil.example/cases")

    assert "evil.example" not in leaving.headers.get("location", "")


@pytest.mark.parametrize(
    "given", [{"public_url": "http://hub.example"}, {"access_public_url": "http://a.example"}]
)
def test_pages_for_staff_are_not_served_in_the_clear(given: dict[str, Any]) -> None:
    known = {
        "port": 8000,
        "public_url": CONSOLE,
        "access_url": ACCESS,
        "triage_url": TRIAGE,
        "intake_url": INTAKE,
    }

    with pytest.raises(ValueError, match="https"):
        Settings(**{"access_public_url": "https://a.example", "key_file": "key", **known, **given})


def test_cookies_need_https_wherever_pages_are_served_by_it() -> None:
    settings = Settings(
        port=8000, public_url="https://hub.example", access_url="https://access.example", triage_url=TRIAGE,
        intake_url=INTAKE, notifications_url=TRIAGE, key_file="key",
    )  # fmt: skip

    assert settings.secure_cookies
    assert settings.access_public_url == "https://access.example"


async def test_a_signed_in_person_keeps_headers_that_shut_others_out(priya: Browser) -> None:
    page = await priya.open("/")

    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "'unsafe-inline'" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in page.text
    assert " style=" not in page.text


async def test_a_form_needs_no_session_to_be_refused_from_elsewhere(browser: Browser) -> None:
    answer = await browser.http.post(
        "/sign-out", data={}, headers=FROM_HERE | {"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403


async def test_a_page_that_keeps_reloading_signed_out_gathers_few_cookies(browser: Browser) -> None:
    for _ in range(12):
        await browser.open("/")

    assert len(browser.http.cookies) <= 5


async def test_two_tabs_may_be_on_their_way_at_once(browser: Browser) -> None:
    first = httpx.URL((await browser.open("/")).headers["location"]).params["state"]
    await browser.open(f"/cases/{CASE}")
    code = browser.hub.a_code_for(PRIYA)

    back = await browser.http.get("/signed-in", params={"code": code, "state": first})

    assert back.headers["location"] == "/"
