"""Who is let in with a token, and how soon whoever lost their place is not."""

import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey

from services.access.models import Agency, Client, Staff
from services.access.settings import Settings
from shared.schemas.words import Role
from tests.access.conftest import Access, bearer
from tests.access.people import ISSUER, System, a_key

AGENCIES = "/v1/agencies"


def forged(settings: Settings, algorithm: str = "ES256", key: Key | None = None, **given: Any) -> str:
    """Return a token of our own making, signed with the hub's key unless another is given."""
    own = ECKey.import_key(json.loads(settings.signing_key_file.read_text()))
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "sub": "intake",
        "aud": "safeguarding-hub",
        "iat": now,
        "exp": now + 60,
        "kind": "service",
        "name": "intake",
    }
    header = {"alg": algorithm, "kid": given.pop("kid", own.kid)} | given.pop("header", {})
    claims = {name: value for name, value in (claims | given).items() if value is not None}
    return jwt.encode(header, claims, key or own, algorithms=[algorithm])


async def test_a_good_token_made_by_hand_is_let_in(access: Access, settings: Settings) -> None:
    await access.service("intake")

    answer = await access.http.get(AGENCIES, headers=bearer(forged(settings)))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        {"exp": int(time.time()) - 60},
        {"exp": "tomorrow"},
        {"exp": float("inf")},
        {"exp": -1},
        {"exp": None},
        {"nbf": int(time.time()) + 3600},
        {"iat": int(time.time()) + 3600},
        {"aud": "somebody-else"},
        {"iss": "https://evil.test"},
        {"kid": "../../x"},
        {"kid": "' OR 1=1 --"},
        {"kind": "god"},
        {"kind": "staff", "sub": "intake"},
        {"kind": "staff", "sid": "not-an-id"},
        {"kind": "client", "scope": "admin"},
        {"kind": "client", "scope": "referral:write"},
        {"sub": "nobody"},
        {"roles": ["manager"]},
        {"agency_id": "0198f000-0000-7000-8000-000000000000"},
        {"name": "somebody else"},
        {"key": a_key(), "header": {"jku": "http://127.0.0.1:9/keys"}},
        {"key": OctKey.import_key("x" * 40), "algorithm": "HS256"},
    ],
)
async def test_a_token_with_any_fault_is_refused(
    access: Access, settings: Settings, given: dict[str, Any]
) -> None:
    await access.service("intake")

    answer = await access.http.get(AGENCIES, headers=bearer(forged(settings, **given)))

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 401),
        ([("Authorization", "Bearer")], 401),
        ([("Authorization", "Bearer ")], 401),
        ([("Authorization", "Basic eDp5")], 401),
        ([("Authorization", "Bearer a.b.c")], 401),
        ([("Authorization", "Bearer " + "a" * 30_000)], 401),
        ([("Authorization", "Bearer " + "a" * 100_000)], 431),
        ([("Authorization", "Bearer a"), ("Authorization", "Bearer b")], 400),
        ([("Cookie", "hub_session=x")], 401),
    ],
)
async def test_whoever_shows_no_token_is_refused(
    access: Access, headers: list[tuple[str, str]], status: int
) -> None:
    assert (await access.http.get(AGENCIES, headers=headers)).status_code == status


async def test_every_service_may_ask_who_stands_and_nobody_else(access: Access, police: System) -> None:
    token = await access.token(police)
    for name in ("intake", "triage", "notifications", "console"):
        answer = await access.http.post(
            "/internal/introspect", data={"token": token}, headers=await access.service(name)
        )
        assert answer.json() == {"active": True, "sub": police.client_id, "sid": None}

    refused = await access.http.post("/internal/introspect", data={"token": token}, headers=bearer(token))

    assert refused.status_code == 403
    assert ("request.refused", "deny", "403 not_permitted") in await access.audit(police.client_id)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "a" * 20_000, "é"])
async def test_what_is_no_token_is_not_active(access: Access, token: str) -> None:
    assert not await access.is_live(token)


@pytest.mark.parametrize("change", [{"active": False}, {"scopes": ["outcome:read"]}, {"name": "Renamed"}])
async def test_a_client_that_loses_something_is_refused_at_once(
    access: Access, police: System, change: dict[str, Any]
) -> None:
    token = await access.token(police)
    assert await access.is_live(token)

    await access.change(Client(client_id=police.client_id), **change)

    assert not await access.is_live(token)
    assert (await access.http.get(AGENCIES, headers=bearer(token))).status_code == 401


async def test_an_agency_that_leaves_takes_its_systems_and_people_along(
    access: Access, agency: Agency, police: System, person: Staff
) -> None:
    session_id = (await access.session_of(person))["session_id"]
    tokens = [await access.token(police), (await access.staff_token(session_id)).json()["access_token"]]

    await access.change(agency, active=False)

    for token in tokens:
        assert not await access.is_live(token)
    assert (await access.staff_token(session_id)).status_code == 404


@pytest.mark.parametrize("change", [{"active": False}, {"roles": [Role.PRACTICE_AUDITOR.value]}])
async def test_a_person_who_loses_a_role_is_refused_until_the_next_token(
    access: Access, person: Staff, change: dict[str, Any]
) -> None:
    session_id = (await access.session_of(person))["session_id"]
    token = (await access.staff_token(session_id)).json()["access_token"]

    await access.change(person, **change)

    assert not await access.is_live(token)
    assert (await access.staff_token(session_id)).status_code == (404 if "active" in change else 200)
