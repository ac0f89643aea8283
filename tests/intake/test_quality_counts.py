"""How often agencies are asked for more: counted for the agency itself and for the hub."""

from typing import Any

import pytest

from tests.hub import URLS, Hub, agency_id_of
from tests.intake.looking import asking, look, read
from tests.referrals import a_referral

POLICE = str(agency_id_of("northshire-police"))


async def counts(hub: Hub, who: str, **query: Any) -> dict[str, dict[str, int]]:
    page = await read(hub, "/v1/quality-counts", await hub.as_staff(who), **query)
    return {item.pop("agency_id"): item for item in page["items"]}


async def test_looks_and_requests_are_counted_for_each_agency(hub: Hub) -> None:
    before = (await counts(hub, "omar.khan"))[POLICE]
    first, second = await hub.send(a_referral()), await hub.send(a_referral())
    await look(hub, first["reference"])
    await look(hub, second["reference"], asking())
    after = (await counts(hub, "omar.khan"))[POLICE]
    gained = {name: after[name] - before[name] for name in after}
    assert gained == {"referrals": 2, "looked_at": 2, "requests": 1, "answered": 0, "not_answered": 0}


async def test_a_representative_sees_its_own_agency_and_the_hub_sees_all(hub: Hub) -> None:
    await hub.send(a_referral(), "example-primary")
    assert set(await counts(hub, "ines.moreau")) == {str(agency_id_of("ines.moreau"))}
    assert {POLICE, str(agency_id_of("example-primary"))} <= set(await counts(hub, "ben.ashworth"))


async def test_days_before_anything_was_sent_count_nothing(hub: Hub) -> None:
    found = await counts(hub, "omar.khan", from_on="2020-03-29", to_on="2020-03-29")
    assert set(found[POLICE].values()) == {0}
    assert await counts(hub, "dana.reid", from_on="2020-03-29", to_on="2020-03-29") == {}


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ({"from_on": "2026-02-02", "to_on": "2026-02-01"}, "from_on", "after_the_last"),
        ({"from_on": "2020-01-01", "to_on": "2026-02-01"}, "from_on", "too_long"),
        ({"to_on": "0001-01-01"}, "to_on", "not_possible"),
        ({"from_on": "9999-12-31"}, "from_on", "after_the_last"),
        ({"to_on": "9999-12-31"}, "to_on", "not_possible"),
        ({"to_on": "20260201"}, "to_on", "not_a_date"),
    ],
)
async def test_days_that_cannot_be_counted_are_refused(
    hub: Hub, query: dict[str, str], parameter: str, code: str
) -> None:
    headers = await hub.as_staff("omar.khan")
    answer = await hub.http.get(f"{URLS['intake']}/v1/quality-counts", params=query, headers=headers)
    assert answer.status_code == 422
    assert [(error["parameter"], error["code"]) for error in answer.json()["errors"]] == [(parameter, code)]


async def test_requests_are_a_figure_by_agency(hub: Hub) -> None:
    said = await hub.send(a_referral())
    before = await _figure(hub)
    await look(hub, said["reference"], asking())
    await look(hub, said["reference"], asking(text="Refused, so not counted."))
    assert await _figure(hub) == before + 1


async def _figure(hub: Hub) -> float:
    lines = (await hub.http.get(f"{URLS['intake']}/metrics")).text.splitlines()
    name = f'hub_further_information_requests_total{{agency="{POLICE}"}} '
    return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))
