"""Sessions of staff: the code, the token, the end."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from services.access.models import Agency, Staff
from shared.schemas.words import Role
from tests.access.conftest import Access, bearer
from tests.access.people import System, a_person


async def code_of(access: Access, person: Staff) -> str:
    return httpx.URL((await access.sign_in(person)).headers["location"]).params["code"]


async def swap(access: Access, code: str, headers: dict[str, str] | None = None) -> httpx.Response:
    headers = headers or await access.service("console")
    return await access.http.post("/internal/sessions", json={"code": code}, headers=headers)


async def test_the_console_learns_who_signed_in(access: Access, agency: Agency, person: Staff) -> None:
    session = await access.session_of(person)

    assert session["staff"] == {
        "staff_id": str(person.staff_id),
        "username": person.username,
        "name": "Priya Example",
        "roles": ["decision_maker"],
        "agency_id": str(agency.agency_id),
        "agency_name": "Northshire Police",
    }


async def test_a_code_is_good_once(access: Access, person: Staff) -> None:
    code = await code_of(access, person)

    answers = await asyncio.gather(*(swap(access, code) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]


async def test_a_code_is_good_for_thirty_seconds(access: Access, person: Staff) -> None:
    code, headers = await code_of(access, person), await access.service("console")
    access.clock.ahead = timedelta(seconds=31)

    answer = await swap(access, code, headers)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "code_not_good"
    assert code not in answer.text


async def test_a_code_nobody_gave_is_refused(access: Access) -> None:
    assert (await swap(access, "x" * 43)).status_code == 422


async def test_a_staff_token_names_the_person_and_their_roles(access: Access, person: Staff) -> None:
    session = await access.session_of(person)

    answer = await access.staff_token(session["session_id"])

    assert answer.json()["expires_in"] == 300
    assert (
        await access.http.get("/v1/agencies", headers=bearer(answer.json()["access_token"]))
    ).status_code == 200


async def test_signing_out_ends_the_session_and_its_tokens(access: Access, person: Staff) -> None:
    session_id = (await access.session_of(person))["session_id"]
    token = (await access.staff_token(session_id)).json()["access_token"]
    headers = await access.service("console")

    first = await access.http.delete(f"/internal/sessions/{session_id}", headers=headers)
    again = await access.http.delete(f"/internal/sessions/{session_id}", headers=headers)

    assert (first.status_code, again.status_code) == (204, 204)
    assert (await access.staff_token(session_id)).status_code == 404
    assert (await access.http.get("/v1/agencies", headers=bearer(token))).status_code == 401
    assert not await access.is_live(token)


async def test_an_idle_session_has_ended_and_a_used_one_has_not(access: Access, person: Staff) -> None:
    session_id = (await access.session_of(person))["session_id"]
    headers = await access.service("console")
    answers = []
    for minutes in (50, 100, 161):
        access.clock.ahead = timedelta(minutes=minutes)
        answers.append(await access.http.post(f"/internal/sessions/{session_id}/token", headers=headers))

    assert [answer.status_code for answer in answers] == [200, 200, 404]


async def test_however_busy_a_session_ends_after_eight_hours(access: Access, person: Staff) -> None:
    session_id = (await access.session_of(person))["session_id"]
    headers = await access.service("console")
    statuses = []
    for half_hours in range(17):
        access.clock.ahead = timedelta(minutes=30 * half_hours)
        answer = await access.http.post(f"/internal/sessions/{session_id}/token", headers=headers)
        statuses.append(answer.status_code)

    assert statuses == [200] * 16 + [404]


@pytest.mark.parametrize("session_id", ["0198f0a0-0000-7000-8000-00000000ffff", "not-an-id", "%00"])
async def test_a_session_that_never_was_is_not_found(access: Access, session_id: str) -> None:
    headers = await access.service("console")

    token = await access.http.post(f"/internal/sessions/{session_id}/token", headers=headers)
    end = await access.http.delete(f"/internal/sessions/{session_id}", headers=headers)

    assert (token.status_code, end.status_code) == (404, 404)


async def test_only_the_console_handles_sessions(access: Access, police: System, person: Staff) -> None:
    session_id = (await access.session_of(person))["session_id"]
    staff = bearer((await access.staff_token(session_id)).json()["access_token"])
    callers = [staff, bearer(await access.token(police)), await access.service("triage")]

    for headers in callers:
        for method, path in (
            ("POST", "/internal/sessions"),
            ("POST", f"/internal/sessions/{session_id}/token"),
            ("DELETE", f"/internal/sessions/{session_id}"),
            ("POST", "/internal/demo/staff-token"),
        ):
            answer = await access.http.request(method, path, headers=headers)
            assert answer.status_code == 403, (method, path)


async def test_the_demo_gives_a_token_without_a_password(access: Access, person: Staff) -> None:
    headers = await access.service("console")

    answer = await access.http.post(
        "/internal/demo/staff-token", json={"username": person.username}, headers=headers
    )
    nobody = await access.http.post(
        "/internal/demo/staff-token", json={"username": "nobody"}, headers=headers
    )

    assert await access.is_live(answer.json()["access_token"])
    assert nobody.status_code == 404


async def test_a_session_leaves_its_trace(access: Access, agency: Agency) -> None:
    person = a_person(agency, roles=[Role.MANAGER.value])
    await access.save(person)
    session_id = (await access.session_of(person))["session_id"]
    await access.staff_token(session_id)
    await access.http.delete(f"/internal/sessions/{session_id}", headers=await access.service("console"))

    actions = [action for action, _, _ in await access.audit(str(person.staff_id))]
    assert actions == ["staff.signed_in", "token.issued", "staff.signed_out"]
