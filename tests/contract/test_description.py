"""Whoever calls, with whatever: never a 5xx, never an answer that the API does not describe."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.drawing import Call, draw, operations
from tests.hub import URLS, Hub
from tests.permissions.scenes import Scenes
from tests.permissions.states import State
from tests.permissions.subjects import Crowd, Subject

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: A partner's system, and everyone whose role lets them in somewhere.
CALLERS = (
    Subject.SENDER,
    Subject.OTHER,
    Subject.DECISION_MAKER,
    Subject.MANAGER,
    Subject.PRACTICE_AUDITOR,
    Subject.SENDERS_PERSON,
    Subject.EARLY_HELP,
    Subject.ADMINISTRATOR,
)
SERVICES = ("access", "intake", "triage", "notifications")
#: Who may not do a thing is told so before what was sent is read: after so many calls of a kind, the others
#: of that kind would be answered alike.
TURNED_AWAY = 2


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("caller", CALLERS)
async def test_every_answer_is_one_that_is_described(
    caller: Subject,
    service: str,
    hub: Hub,
    crowd: Crowd,
    scenes: Scenes,
    record_property: Callable[[str, object], None],
) -> None:
    record = await scenes.get(State.CALLED)
    wrong, calls = [], 0
    for operation in operations(service):
        for kind in draw(operation, record.ids):
            refusals = 0
            for case in kind:
                headers = dict(await crowd.headers(caller, None))
                answer = await send(hub.http, service, case, headers)
                calls += 1
                try:
                    case.validate_response(answer, checks=CHECKS)
                except FailureGroup as fault:
                    wrong.append(f"{operation.label} {answer.status_code}: {fault}")
                refusals += answer.status_code == httpx.codes.FORBIDDEN
                if refusals == TURNED_AWAY:
                    break
    record_property("contract_calls", calls)
    assert wrong == []


async def send(http: httpx.AsyncClient, service: str, case: Call, headers: dict[str, str]) -> httpx.Response:
    """Send a drawn call as somebody, byte by byte as it was drawn."""
    drawn = case.as_transport_kwargs(base_url=URLS[service])
    own = {name: value for name, value in drawn["headers"].items() if name.lower() != "authorization"}
    given = [
        (name.encode(), str(value).encode("utf-8", "surrogateescape"))
        for name, value in (own | headers).items()
    ]
    request = http.build_request(
        drawn["method"],
        drawn["url"],
        params=drawn.get("params") or None,
        json=drawn.get("json"),
        content=drawn.get("data") if isinstance(drawn.get("data"), (bytes, str)) else None,
        data=drawn.get("data") if isinstance(drawn.get("data"), dict) else None,
        headers=given,
    )
    return await http.send(request)


@pytest.mark.parametrize(
    ("status", "body"), [(500, {}), (418, {}), (200, {"items": "none"}), (422, {"code": "invalid"})]
)
def test_an_answer_that_is_not_described_is_noticed(status: int, body: dict[str, str]) -> None:
    listing = next(each for each in operations("intake") if each.label == "GET /v1/referrals")
    case = next(draw(listing, {}))[0]
    answer = httpx.Response(status, json=body, request=httpx.Request("GET", "http://intake/v1/referrals"))
    answer.elapsed = timedelta(0)
    with pytest.raises(FailureGroup):
        case.validate_response(answer, checks=CHECKS)
