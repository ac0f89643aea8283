"""Lists: limits, cursors and filters that nobody gave out, and parameters that are not there."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from shared.platform.paging import write_cursor
from tests.hub import URLS, Hub, agency_id_of, person
from tests.inputs.conftest import require_silence
from tests.inputs.doors import CANARY, Door
from tests.referrals import a_referral

Note = Callable[[str, object], None]
HEALTH = "northshire-health"


@dataclass(frozen=True)
class Listed:
    """A list, who reads it here, and what its cursors are bound to and made of."""

    url: str
    staff: str | None
    cursor: str
    list_name: str
    place: tuple[Any, ...]

    async def read(self, hub: Hub, query: str) -> httpx.Response:
        headers = await (hub.as_staff(self.staff) if self.staff else hub.as_client(HEALTH))
        return await hub.http.get(f"{self.url}?{query}", headers=headers)


AT, ID = "2026-11-22T10:00:00+00:00", "0198f0a0-0000-7000-8000-00000000ffff"
OWN = agency_id_of(HEALTH)


def _of_intake(path: str, staff: str | None, name: str, place: tuple[Any, ...]) -> Listed:
    return Listed(f"{URLS['intake']}/v1/{path}", staff, "cursor", name, place)


LISTS = {
    "referrals": _of_intake("referrals", None, f"referrals of {OWN}: None None None", (AT, ID)),
    "withdrawals": _of_intake("withdrawals", "dana.reid", "withdrawals None", (AT, ID)),
    "quality checks": _of_intake(
        "quality-checks",
        "dana.reid",
        f"quality checks waiting of None for {person('dana.reid').staff_id}",
        (0, AT, ID, 1),
    ),
    "further information": _of_intake(
        "further-information", None, f"further information None for {OWN}", (AT, ID)
    ),
    "held copies": _of_intake("held-copies", "dana.reid", "held copies open", (1, AT, ID)),
    "checks": _of_intake("check-receipts", "priya.nair", "checks sent=None sampled=None", (AT, ID)),
    "cases": Listed(
        f"{URLS['triage']}/v1/cases",
        "dana.reid",
        "cursor",
        f"cases to_decide of {person('dana.reid').staff_id}",
        (1, AT, ID),
    ),
    "questions": Listed(
        f"{URLS['triage']}/v1/information-requests",
        None,
        "cursor",
        f"information requests of {OWN}",
        (AT, ID),
    ),
    "outcomes": Listed(f"{URLS['notifications']}/v1/outcomes", None, "after", f"outcomes of {OWN}", (1,)),
    "notices": Listed(f"{URLS['notifications']}/v1/notices", None, "after", f"notices of {OWN}", (1,)),
    "webhooks": Listed(
        f"{URLS['notifications']}/v1/webhooks", None, "cursor", f"webhooks of {OWN}", (AT, ID)
    ),
    "parked": Listed(
        f"{URLS['triage']}/v1/parked-events", "sam.field", "cursor", "triage.parked", (ID, "open_case")
    ),
    "agencies": Listed(f"{URLS['access']}/v1/agencies", None, "cursor", "agencies", (ID,)),
}
EACH = pytest.mark.parametrize("name", LISTS)

#: What may stand in the place of a number, an instant or an id of a cursor, and is none.
NO_PLACES: tuple[Any, ...] = (
    *(None, True, [], {}, "", "x", CANARY, "\x00", -1, 1.5, 2**31, 2**63, 10**30),
    *("2026-11-22T10:00:00", "2026-11-22", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
    *("20261122T100000Z\ud800", "0198f0a0"),
)


@EACH
@pytest.mark.parametrize(
    "limit",
    ["-1", "0", "1001", "1000000000", "9" * 400, "abc", "", "1.5", "1e2", "NaN", "0x10", "%00", CANARY],
)
async def test_a_limit_out_of_bounds_is_refused(
    name: str, limit: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    answer = await LISTS[name].read(hub, f"limit={limit}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "limit")
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


@EACH
@pytest.mark.parametrize(
    "query", ["limit=1&limit=2", "limit=1&limit=1", "{cursor}=a&{cursor}=b", "x=1&x=2", "limit&limit"]
)
async def test_a_parameter_given_twice_is_refused(
    name: str, query: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    answer = await LISTS[name].read(hub, query.format(cursor=LISTS[name].cursor))
    assert (answer.status_code, answer.json()["code"]) == (400, "protocol_misuse")
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


@EACH
@pytest.mark.parametrize(
    "query",
    [
        *("sort=child.nhs_number", "order_by=family_name", "filter=grade", "fields=*", "expand=adults"),
        *("include=decisions", "team_id=0198f0a0-0000-7000-8000-000000000001", "Limit=1", "q=Example"),
        *("__proto__=1", f"{CANARY}=1", "a%00b=1", "%ff=1", "=1", "offset=10", "x[]=1"),
    ],
)
async def test_a_parameter_that_is_not_there_is_refused(
    name: str, query: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    answer = await LISTS[name].read(hub, query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_parameter")
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


@EACH
async def test_a_cursor_made_as_the_hub_makes_them_is_taken(name: str, hub: Hub) -> None:
    listed = LISTS[name]
    answer = await listed.read(hub, f"{listed.cursor}={write_cursor(listed.list_name, *listed.place)}")
    assert answer.status_code == 200, answer.text


@EACH
async def test_a_cursor_nobody_gave_is_refused(
    name: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    listed, wrong = LISTS[name], []
    forged = _forged(listed)
    for cursor in forged:
        answer = await listed.read(hub, f"{listed.cursor}={quote(cursor)}")
        require_silence(answer, logs)
        if (answer.status_code, answer.json()["code"]) != (400, "bad_cursor"):
            wrong.append((cursor, answer.status_code))
    record_property("bad_inputs", len(forged))
    assert wrong == []


def _forged(listed: Listed) -> list[str]:
    """Return cursors of this list with each part of the place made wrong, and ones of other lists."""
    places = [
        (*listed.place[:part], bad, *listed.place[part + 1 :])
        for part in range(len(listed.place))
        for bad in NO_PLACES
        if not _would_do(listed, part, bad)
    ]
    places += [(), listed.place[1:], (*listed.place, 1), (listed.place,)]
    others = [
        write_cursor(name, *other.place)
        for other in LISTS.values()
        if (name := other.list_name.replace(str(OWN), ID)) != listed.list_name
    ]
    broken = ["x", "!!!", CANARY, "e30", "W10", "bnVsbA", "a" * 500, "\u00e9", "A", _as_cursor(10**200)]
    return [*(write_cursor(listed.list_name, *place) for place in places), *others, *broken]


def _would_do(listed: Listed, part: int, bad: Any) -> bool:
    """Say whether what is wrong elsewhere is right here: any number of a feed, any name of a handler."""
    if "outcomes" in listed.list_name or "notices" in listed.list_name:
        return bool(bad == 2**31)
    return listed.place[part] == "open_case" and isinstance(bad, str) and bad.isprintable()


def _as_cursor(document: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


@EACH
@pytest.mark.parametrize("length", [501, 10_000])
async def test_an_endless_cursor_is_refused(
    name: str, length: int, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    listed = LISTS[name]
    answer = await listed.read(hub, f"{listed.cursor}={(CANARY * length)[:length]}")
    assert answer.status_code == 422
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        ("cases", "queue=all", 422),
        ("cases", f"queue={CANARY}", 422),
        ("cases", "reference=" + CANARY * 10, 422),
        ("cases", "reference=%00", 200),
        ("cases", "reference=%25", 200),
        ("cases", "reference=_", 200),
        ("cases", "reference=%27%20OR%201%3D1%20--", 200),
        ("cases", "reference=SH-", 200),
        ("outcomes", "reference=" + CANARY * 10, 422),
        ("outcomes", "reference=%00", 422),
        ("outcomes", "reference=%25", 200),
        ("outcomes", "reference=_", 200),
        ("outcomes", "reference=%27%20OR%201%3D1%20--", 200),
        ("questions", f"answered={CANARY}", 422),
        ("questions", "answered=2", 422),
    ],
)
async def test_a_filter_is_never_a_pattern(
    name: str, query: str, status: int, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    await hub.send(a_referral(), HEALTH)
    answer = await LISTS[name].read(hub, query)
    assert answer.status_code == status
    assert status != 200 or answer.json()["items"] == []
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


async def test_a_cursor_of_one_webhooks_deliveries_is_not_one_of_anothers(
    hub: Hub, doors: dict[str, Door]
) -> None:
    headers = await hub.as_client(HEALTH)
    made = await doors["webhook"].send_json(doors["webhook"].good)
    url = f"{URLS['notifications']}/v1/webhooks/{made.json()['webhook_id']}"
    cursor = write_cursor(f"deliveries to {ID}", AT, ID)
    answer = await hub.http.get(f"{url}/deliveries?cursor={cursor}", headers=headers)
    await hub.http.delete(url, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
