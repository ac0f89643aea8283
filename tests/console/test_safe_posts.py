"""Nobody posts in another's name, and nothing that was typed is lost."""

import httpx
import pytest

from tests.console.conftest import CONSOLE, FROM_HERE, Browser, hidden_fields
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE, PRIYA
from tests.console.test_decision_form import CHILD, DECISION, TRIAGE_CHILD

DECIDE = f"{CHILD}/decision"


async def _post(browser: Browser, fields: dict[str, str], headers: dict[str, str]) -> httpx.Response:
    form = hidden_fields((await browser.open(DECIDE)).text)
    return await browser.http.post(DECIDE, data=form | DECISION | fields, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": CONSOLE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": CONSOLE, "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:8001", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_a_form_that_did_not_come_from_our_page_is_refused(
    priya: Browser, headers: dict[str, str]
) -> None:
    answer = await _post(priya, {}, headers)

    assert answer.status_code == 403
    assert not priya.hub.asked_of("POST", f"{TRIAGE_CHILD}/decisions")


@pytest.mark.parametrize("mark", ["", "0" * 64, "ünfit"])
async def test_a_form_without_the_mark_of_its_session_is_not_recorded(priya: Browser, mark: str) -> None:
    answer = await _post(priya, {"form_mark": mark}, FROM_HERE)

    assert answer.status_code == 409
    assert "Check what you typed, then send it" in words_of(answer.text)
    assert not priya.hub.asked_of("POST", f"{TRIAGE_CHILD}/decisions")


@pytest.mark.parametrize("media", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
async def test_only_forms_are_read(priya: Browser, media: str) -> None:
    headers = FROM_HERE | {"Content-Type": media}

    answer = await priya.http.post(DECIDE, content=b'{"level": 3}', headers=headers)

    assert answer.status_code == 415
    assert "The hub could not read that" in words_of(answer.text)


@pytest.mark.parametrize("body", [b"a=%ff", b"\xff=1", b"&".join(b"a%d=1" % n for n in range(401))])
async def test_a_form_that_cannot_be_read_is_refused_with_a_page(priya: Browser, body: bytes) -> None:
    headers = FROM_HERE | {"Content-Type": "application/x-www-form-urlencoded"}

    answer = await priya.http.post(DECIDE, content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_session_that_ended_over_the_form_keeps_every_word(priya: Browser) -> None:
    form = await priya.open(DECIDE)
    priya.hub.signed_in.clear()

    answer = await priya.post(DECIDE, DECISION, form)

    assert answer.status_code == 401
    assert "Nothing has been recorded." in words_of(answer.text)
    assert hidden_fields(answer.text)["rationale"] == DECISION["rationale"]
    assert hidden_fields(answer.text)["version"] == "7"
    assert "Violence three times" in words_of(answer.text)


async def test_what_was_kept_is_recorded_after_signing_in_again(priya: Browser) -> None:
    form = await priya.open(DECIDE)
    priya.hub.signed_in.clear()
    kept = await priya.post(DECIDE, DECISION, form)
    await priya.sign_in(PRIYA, "/sign-in")

    confirm = await priya.post(DECIDE, {}, kept)
    done = await priya.post(DECIDE, {}, confirm)

    assert confirm.status_code == 409
    assert done.status_code == 303
    refused, recorded = priya.hub.asked_of("POST", f"{TRIAGE_CHILD}/decisions")
    assert refused.body == recorded.body
    assert recorded.body["rationale"] == DECISION["rationale"]


async def test_signing_in_again_in_another_tab_leads_to_a_page_that_says_go_back(browser: Browser) -> None:
    page = await browser.sign_in(PRIYA, "/sign-in")

    assert page.url.path == "/signed-in-again"
    assert "Close this tab" in words_of(page.text)


async def test_a_service_that_is_away_loses_nothing_that_was_typed(priya: Browser) -> None:
    form = await priya.open(DECIDE)
    priya.hub.away.add("triage")

    answer = await priya.post(DECIDE, DECISION, form)

    assert answer.status_code == 503
    assert "What you typed is kept here" in words_of(answer.text)
    assert hidden_fields(answer.text)["rationale"] == DECISION["rationale"]


async def test_what_was_kept_from_an_outage_is_sent_with_one_press(priya: Browser) -> None:
    form = await priya.open(DECIDE)
    priya.hub.away.add("triage")
    kept = await priya.post(DECIDE, DECISION, form)
    priya.hub.away.clear()

    assert (await priya.post(DECIDE, {}, kept)).status_code == 303


@pytest.mark.parametrize("path", ["/", f"/cases/{CASE}", f"{CHILD}/decision"])
async def test_a_service_that_is_away_has_a_page_that_says_try_again(priya: Browser, path: str) -> None:
    priya.hub.away.add("triage")

    answer = await priya.open(path)

    assert answer.status_code == 503
    assert "Nothing that was recorded is lost" in words_of(answer.text)
    assert f'href="{path}">Try again' in answer.text
    assert answer.headers["retry-after"] == "2"


async def test_access_away_is_a_page_too(priya: Browser) -> None:
    priya.http.cookies.delete("hub_console_session")
    priya.hub.away.add("access")

    assert (await priya.open("/")).status_code == 303


@pytest.mark.parametrize(
    "path", ["/nowhere", "/cases/none", f"/cases/{MAISIE}", f"/cases/{CASE}/children/{CASE}/decision"]
)
async def test_what_is_not_there_has_a_page_of_its_own(priya: Browser, path: str) -> None:
    answer = await priya.open(path)

    assert answer.status_code == 404
    assert "There is nothing here that you can see" in words_of(answer.text)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_a_failure_says_no_more_than_a_number_to_quote(
    priya: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(priya.hub, "lines", [object()])

    answer = await priya.open("/")

    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "object" not in answer.text


async def test_health_is_told_to_machines_in_their_own_form(browser: Browser) -> None:
    assert (await browser.open("/health/ready")).json() == {"status": "ready"}
    assert (await browser.open("/health/none")).headers["content-type"] == "application/problem+json"


async def test_a_parameter_given_twice_is_refused_with_a_page(priya: Browser) -> None:
    answer = await priya.open("/?queue=decided&queue=to_decide")

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")


async def test_the_style_sheet_may_be_kept_for_ever(browser: Browser) -> None:
    page = await browser.open("/signed-out")
    address = page.text.partition('href="/console-')[2].partition('"')[0]

    answer = await browser.open(f"/console-{address}")

    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
