"""Assertions at the token endpoint: which keys, algorithms and times are taken, and each only once."""

import asyncio
import base64
import json
import time
from typing import Any

import pytest
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from services.access.models import Agency
from tests.access.conftest import Access
from tests.access.people import ISSUER, System, a_client, a_key, assertion_form, public, refusal, signed


def keys_of_all_kinds() -> list[tuple[str, Key]]:
    rsa = RSAKey.generate_key(2048, {"kid": "rsa"})
    ed = OKPKey.generate_key("Ed25519", {"kid": "ed"})
    return [("ES256", a_key()), ("PS256", rsa), ("RS256", rsa), ("RS512", rsa), ("Ed25519", ed)]


@pytest.mark.parametrize(("algorithm", "key"), keys_of_all_kinds())
async def test_every_allowed_algorithm_is_taken(
    access: Access, agency: Agency, algorithm: str, key: Key
) -> None:
    client = a_client(agency, jwks=public(key))
    await access.save(client)
    claims = System(client.client_id, a_key()).claims(aud=ISSUER)

    answer = await access.http.post("/oauth2/token", data=assertion_form(signed(claims, key, algorithm)))

    assert answer.status_code == 200


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_the_old_name_of_ed25519_is_taken(access: Access, agency: Agency) -> None:
    key = OKPKey.generate_key("Ed25519", {"kid": "ed"})
    client = a_client(agency, jwks=public(key))
    await access.save(client)
    claims = System(client.client_id, a_key()).claims()

    answer = await access.http.post("/oauth2/token", data=assertion_form(signed(claims, key, "EdDSA")))

    assert answer.status_code == 200


async def test_an_assertion_is_taken_once(access: Access, police: System) -> None:
    form = assertion_form(police.assertion())
    first = await access.http.post("/oauth2/token", data=form)

    again = await access.http.post("/oauth2/token", data=form)

    assert first.status_code == 200
    assert refusal(again) == (401, "invalid_client")


async def test_of_two_with_the_same_assertion_at_once_one_gets_in(access: Access, police: System) -> None:
    form = assertion_form(police.assertion())

    answers = await asyncio.gather(*(access.http.post("/oauth2/token", data=form) for _ in range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]


@pytest.mark.parametrize(
    "given",
    [
        {"exp": int(time.time()) + 100_000},
        {"exp": 1},
        {"exp": "tomorrow"},
        {"exp": 10**400},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"aud": "https://elsewhere.test"},
        {"iss": "somebody-else"},
        {"jti": "a\x00b"},
        {"jti": None},
        {"sub": "a\x00b", "iss": "a\x00b"},
        {"sub": {"a": 1}},
    ],
)
async def test_a_faulty_assertion_is_refused(access: Access, police: System, given: dict[str, Any]) -> None:
    answer = await access.http.post("/oauth2/token", data=assertion_form(police.assertion(**given)))

    assert refusal(answer) == (401, "invalid_client")


def forgeries(police: System) -> dict[str, str]:
    """Return assertions that police's key did not sign in the way it may."""
    claims, stranger = police.claims(), a_key(kid=police.key.kid)
    modulus = json.dumps(police.key.as_dict(private=False)).encode()
    head, body, _ = police.assertion().split(".")
    parts = {"alg": "none", "kid": police.key.kid}
    none = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
    deep = base64.urlsafe_b64encode(b'{"sub":' + b"[" * 4000).decode().rstrip("=")
    hmac_key = OctKey.import_key(modulus, {"kid": police.key.kid or ""})
    elsewhere = "http://127.0.0.1:9/keys"
    return {
        "another key under the same kid": signed(claims, stranger, "ES256"),
        "an unknown kid": signed(claims, police.key, "ES256", kid="../../etc/passwd"),
        "a kid of SQL": signed(claims, police.key, "ES256", kid="' OR 1=1 --"),
        "no kid": signed(claims, police.key, "ES256", kid=""),
        "alg none": f"{none}.{body}.",
        "signature cut off": f"{head}.{body}.",
        "the public key as a secret": signed(claims, hmac_key, "HS256"),
        "jku of the sender's": signed(claims, stranger, "ES256", jku=elsewhere),
        "its own key in the header": signed(claims, stranger, "ES256", jwk=public(stranger)["keys"][0]),
        "not a JWT": "hello",
        "four parts": "a.b.c.d",
        "nested deep": f"{head}.{deep}.AAAA",
        "100 kB would be cut before; 20 kB": "a" * 20_000,
        "not ASCII": "é.é.é",
    }


async def test_a_forged_assertion_is_refused(access: Access, police: System) -> None:
    for name, assertion in forgeries(police).items():
        answer = await access.http.post("/oauth2/token", data=assertion_form(assertion))
        assert refusal(answer) == (401, "invalid_client"), name


async def test_a_key_on_another_curve_than_its_algorithm_is_refused(access: Access, agency: Agency) -> None:
    key = ECKey.generate_key("P-384", {"kid": "p384"})
    client = a_client(agency, jwks=public(key))
    await access.save(client)
    claims = System(client.client_id, a_key()).claims()

    answer = await access.http.post("/oauth2/token", data=assertion_form(signed(claims, key, "ES384")))

    assert refusal(answer) == (401, "invalid_client")
