"""The agencies of the partnership."""

import pytest

from services.access.models import Agency
from shared.schemas.ids import new_id
from tests.access.conftest import Access, bearer
from tests.access.people import System, an_agency


async def test_the_list_of_agencies_is_read_to_its_end_page_by_page(access: Access, police: System) -> None:
    added = [an_agency(name=f"School {number}", sector="education") for number in range(5)]
    await access.save(*added)
    headers = bearer(await access.token(police))

    seen: list[str] = []
    cursor: str | None = None
    while True:
        answer = await access.http.get(
            "/v1/agencies", params={"limit": 2} | ({"cursor": cursor} if cursor else {}), headers=headers
        )
        page = answer.json()
        seen += [agency["agency_id"] for agency in page["items"]]
        cursor = page["next_cursor"]
        if not page["has_more"]:
            break

    assert len(seen) == len(set(seen))
    assert {str(agency.agency_id) for agency in added} <= set(seen)


async def test_an_agency_that_left_is_not_listed_but_keeps_its_name(access: Access, police: System) -> None:
    gone = an_agency(name="Closed School", active=False)
    await access.save(gone)

    page = await access.http.get(
        "/v1/agencies", params={"limit": 1000}, headers=bearer(await access.token(police))
    )
    named = await access.http.get(
        f"/internal/agencies/{gone.agency_id}", headers=await access.service("triage")
    )

    assert str(gone.agency_id) not in page.text
    assert named.json()["name"] == "Closed School"


@pytest.mark.parametrize("cursor", ["x", "é", "WyJhZ2VuY2llcyIsICJ4Il0", "WyJvdGhlciIsICJ4Il0", "a" * 400])
async def test_a_forged_cursor_is_refused(access: Access, police: System, cursor: str) -> None:
    headers = bearer(await access.token(police))

    answer = await access.http.get("/v1/agencies", params={"cursor": cursor}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_an_agency_that_never_was_is_not_found(access: Access, agency: Agency) -> None:
    headers = await access.service("triage")

    for name in (str(new_id()), "x", f"{agency.agency_id}x"):
        assert (await access.http.get(f"/internal/agencies/{name}", headers=headers)).status_code == 404


async def test_only_services_ask_for_one_agency(access: Access, agency: Agency, police: System) -> None:
    headers = bearer(await access.token(police))

    answer = await access.http.get(f"/internal/agencies/{agency.agency_id}", headers=headers)

    assert answer.status_code == 403
