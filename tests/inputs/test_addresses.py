"""Addresses that lead nowhere and methods that are not taken: said plainly, in one way, never followed."""

import io
from collections.abc import Callable

import httpx
import pytest

from tests.hub import URLS, Hub
from tests.inputs.conftest import require_silence
from tests.inputs.doors import CANARY, READABLE, UNKNOWN, Door

Note = Callable[[str, object], None]


async def _get_case(hub: Hub, written: str) -> httpx.Response:
    headers = await hub.as_staff("dana.reid")
    return await hub.http.get(f"{URLS['triage']}/v1/cases/{written}", headers=headers)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "HEAD", "OPTIONS", "FROBNICATE"])
async def test_a_method_that_is_not_taken_is_named_as_such(
    method: str, hub: Hub, record_property: Note
) -> None:
    headers = await hub.as_client("northshire-police") | {"Origin": "https://evil.example"}
    for url in READABLE:
        answer = await hub.http.request(method, url, headers=headers)
        assert (url, answer.status_code) == (url, 405)
        assert "GET" in answer.headers["allow"]
        assert "access-control-allow-origin" not in answer.headers
    record_property("bad_inputs", len(READABLE))


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/referrals/", "/v1//referrals", "/V1/referrals", "/v1/referrals/SH-00000000-0/", "/", "/v1"),
        *("/v1/referrals/%00", "/v1/referrals/%2e%2e%2fx", "/v1/referrals/%0d%0aSet-Cookie:%20x=1"),
        *("/v1/referrals/..%2f..%2fmetrics", "/v1/referrals/%ff%fe", "/v1/referrals/" + "9" * 8_000),
        f"/v1/referrals/{CANARY}",
        *("/docs", "/redoc", "/admin", "/.env", "/internal/referrals/x", "/health/live/x"),
    ],
)
async def test_an_address_that_is_none_is_not_found(
    path: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    headers = await hub.as_client("northshire-police")
    answer = await hub.http.get(f"{URLS['intake']}{path}", headers=headers, follow_redirects=False)
    assert answer.status_code in ({403, 404} if path.startswith("/internal") else {404}), answer.text
    assert "location" not in answer.headers
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


@pytest.mark.parametrize(
    "written",
    [
        "x",
        "%00",
        "0",
        f"{{{UNKNOWN}}}",
        f"urn:uuid:{UNKNOWN}",
        UNKNOWN.replace("-", ""),
        UNKNOWN + "0",
        CANARY,
    ],
)
async def test_an_id_is_written_in_one_way(
    written: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    absent = await _get_case(hub, UNKNOWN)
    answer = await _get_case(hub, written)
    assert answer.status_code == 404
    assert answer.json() | {"request_id": ""} == absent.json() | {"request_id": ""}
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


@pytest.mark.parametrize("handler", ["%00", "OPEN_CASE", "%ff", "a" * 61, "..%2f..", "%0d%0aX:y", CANARY])
async def test_the_name_of_a_handler_is_a_name(
    handler: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    url = f"{URLS['triage']}/v1/parked-events/{handler}/{UNKNOWN}/release"
    answer = await hub.http.post(url, headers=await hub.as_staff("sam.field"))
    assert answer.status_code == 404
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


async def test_an_id_is_the_same_in_capitals_and_not_in_braces(hub: Hub, doors: dict[str, Door]) -> None:
    case_id = doors["decision"].url.split("/")[5]
    statuses = [
        (await _get_case(hub, written)).status_code
        for written in (
            case_id,
            case_id.upper(),
            f"{{{case_id}}}",
            f"urn:uuid:{case_id}",
            case_id.replace("-", ""),
        )
    ]
    assert statuses == [200, 200, 404, 404, 404]
