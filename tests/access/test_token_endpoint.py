"""POST /oauth2/token: who gets a token, and what is said to those who do not."""

import asyncio
import base64
import json
import time
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OctKey, OKPKey, RSAKey

from services.access.models import Agency, Client
from shared.schemas.ids import new_id
from tests.access.conftest import Access
from tests.access.people import ISSUER, System, a_client, a_key, an_agency, assertion_form, public, signed

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANT = "grant_type=client_credentials"


def basic(client_id: str, secret: str = "secret") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of a refusal that has the form of RFC 6749."""
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json()) == {"error", "error_description"}
    assert (answer.status_code == 401) == ("www-authenticate" in answer.headers)
    return answer.status_code, answer.json()["error"]


async def test_a_system_with_a_key_gets_a_token_of_five_minutes(access: Access, police: System) -> None:
    answer = await access.http.post("/oauth2/token", data=assertion_form(police.assertion()))

    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 300)
    assert set(body["scope"].split()) == {"referral:write", "outcome:read"}


async def test_a_token_says_who_calls_and_is_checked_with_the_published_key(
    access: Access, police: System, agency: Agency
) -> None:
    keys = KeySet.import_key_set((await access.http.get("/.well-known/jwks.json")).json())

    token = jwt.decode(await access.token(police), keys, algorithms=["ES256"])

    assert token.header["typ"] == "at+jwt"
    assert token.header["kid"] == keys.keys[0].kid
    assert token.claims["exp"] - token.claims["iat"] == 300
    said = {name: token.claims[name] for name in ("iss", "aud", "sub", "kind", "name", "agency_id", "scope")}
    assert said == {
        "iss": ISSUER,
        "aud": "safeguarding-hub",
        "sub": police.client_id,
        "kind": "client",
        "name": "Northshire records",
        "agency_id": str(agency.agency_id),
        "scope": "outcome:read referral:write",
    }


async def test_the_published_keys_hold_nothing_private(access: Access) -> None:
    (key,) = (await access.http.get("/.well-known/jwks.json")).json()["keys"]

    assert "d" not in key


async def test_a_system_with_a_secret_gets_a_token(access: Access, school: Client) -> None:
    answer = await access.http.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials", "scope": "outcome:read"},
        headers=basic(school.client_id),
    )

    assert answer.status_code == 200
    assert answer.json()["scope"] == "outcome:read"


async def test_a_service_gets_a_token_without_scopes(access: Access) -> None:
    headers = await access.service("triage")

    answer = await access.http.get("/v1/agencies", headers=headers)

    assert answer.status_code == 200


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


@pytest.mark.parametrize(
    ("client_id", "secret"),
    [
        ("{client}", "wrong"),
        ("{client}", ""),
        ("nobody", "secret"),
        ("{client}\x00", "secret"),
        ("x" * 30_000, "secret"),
        ("{client}", "s" * 30_000),
        ("é", "ü"),
        ("%ff", "%00"),
        ("'; DROP TABLE client; --", "x"),
    ],
)
async def test_a_wrong_secret_is_refused_in_the_same_words(
    access: Access, school: Client, client_id: str, secret: str
) -> None:
    headers = basic(client_id.replace("{client}", school.client_id), secret)

    answer = await access.http.post("/oauth2/token", content=GRANT, headers=FORM | headers)

    assert refusal(answer) == (401, "invalid_client")


@pytest.mark.parametrize(
    "header", ["Basic", "Basic ", "Basic !!!", "Basic YWJj", "Bearer x", "Digest x", "é"]
)
async def test_an_authorization_header_that_cannot_be_used_is_refused(access: Access, header: str) -> None:
    headers = [*FORM.items(), ("Authorization", header)]

    raw = [(name.encode(), value.encode()) for name, value in headers]
    answer = await access.http.post("/oauth2/token", content=GRANT, headers=raw)

    assert refusal(answer) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("body", "media", "error"),
    [
        ("", FORM["Content-Type"], "invalid_request"),
        (GRANT, "application/json", "invalid_request"),
        (GRANT, "", "invalid_request"),
        (GRANT, "multipart/form-data; boundary=x", "invalid_request"),
        (GRANT, "application/x-www-form-urlencoded; charset=utf-16", "invalid_request"),
        ('{"grant_type": "client_credentials"}', FORM["Content-Type"], "invalid_request"),
        (f"{GRANT}&{GRANT}", FORM["Content-Type"], "invalid_request"),
        (f"{GRANT}&scope=a&scope=b", FORM["Content-Type"], "invalid_request"),
        (f"{GRANT}&scope=%ff", FORM["Content-Type"], "invalid_request"),
        (f"{GRANT}&scope=%00", FORM["Content-Type"], "invalid_request"),
        (f"{GRANT}&scope=\udcff", FORM["Content-Type"], "invalid_request"),
        ("&".join(f"a{n}=1" for n in range(100)), FORM["Content-Type"], "invalid_request"),
        ("grant_type=", FORM["Content-Type"], "invalid_request"),
        ("grant_type=password&username=a&password=b", FORM["Content-Type"], "unsupported_grant_type"),
        ("grant_type=" + "x" * 50_000, FORM["Content-Type"], "unsupported_grant_type"),
        (f"{GRANT}&client_secret=secret", FORM["Content-Type"], "invalid_request"),
        (f"{GRANT}&client_assertion=a.b.c", FORM["Content-Type"], "invalid_request"),
        (f"{GRANT}&client_id=somebody-else", FORM["Content-Type"], "invalid_client"),
        (f"{GRANT}&scope=admin", FORM["Content-Type"], "invalid_scope"),
        (f"{GRANT}&scope={'x' * 50_000}", FORM["Content-Type"], "invalid_scope"),
        (f"{GRANT}&scope=referral%3Aread", FORM["Content-Type"], "invalid_scope"),
    ],
)
async def test_a_malformed_request_is_refused_as_the_rfc_says(
    access: Access, school: Client, body: str, media: str, error: str
) -> None:
    headers = basic(school.client_id) | ({"Content-Type": media} if media else {})

    answer = await access.http.post(
        "/oauth2/token", content=body.encode(errors="surrogateescape"), headers=headers
    )

    assert refusal(answer) == (401 if error == "invalid_client" else 400, error)
    assert "somebody-else" not in answer.text


async def test_nobody_at_all_is_refused(access: Access) -> None:
    answer = await access.http.post("/oauth2/token", content=GRANT, headers=FORM)

    assert refusal(answer) == (401, "invalid_client")


async def test_two_authorization_headers_are_refused(access: Access, school: Client) -> None:
    (header,) = basic(school.client_id).items()

    answer = await access.http.post("/oauth2/token", content=GRANT, headers=[*FORM.items(), header, header])

    assert refusal(answer) == (400, "invalid_request")


async def test_an_assertion_of_another_kind_is_refused(access: Access, police: System) -> None:
    form = assertion_form(police.assertion(), client_assertion_type="urn:x:saml2-bearer")

    assert refusal(await access.http.post("/oauth2/token", data=form)) == (400, "invalid_request")


async def test_a_client_id_beside_the_assertion_must_be_its_own(access: Access, police: System) -> None:
    form = assertion_form(police.assertion(), client_id="somebody-else")

    assert refusal(await access.http.post("/oauth2/token", data=form)) == (401, "invalid_client")


async def test_a_body_over_the_limit_is_not_read(access: Access) -> None:
    answer = await access.http.post("/oauth2/token", content="a" * 70_000, headers=FORM)

    assert answer.status_code == 413


async def test_a_client_with_a_key_cannot_use_a_secret(access: Access, police: System) -> None:
    answer = await access.http.post(
        "/oauth2/token", content=GRANT, headers=FORM | basic(police.client_id, "")
    )

    assert refusal(answer) == (401, "invalid_client")


@pytest.mark.parametrize("shut_out", ["client", "agency"])
async def test_whoever_is_shut_out_gets_no_token(access: Access, shut_out: str) -> None:
    agency = an_agency(active=shut_out != "agency")
    await access.save(agency)
    system = await access.system(agency, active=shut_out != "client")

    answer = await access.http.post("/oauth2/token", data=assertion_form(system.assertion()))

    assert refusal(answer) == (401, "invalid_client")


async def test_tokens_and_a_known_clients_refusals_are_written_down(access: Access, police: System) -> None:
    await access.token(police)
    await access.http.post("/oauth2/token", data=assertion_form(police.assertion(exp=1)))
    await access.http.post("/oauth2/token", data=assertion_form(police.assertion(), scope="admin"))

    assert await access.audit(police.client_id) == [
        ("token.issued", "allow", None),
        ("request.refused", "deny", "401 invalid_client"),
        ("request.refused", "deny", "400 invalid_scope"),
    ]


async def test_a_refused_scope_does_not_use_the_assertion_up(access: Access, police: System) -> None:
    assertion = police.assertion(jti=str(new_id()))
    await access.http.post("/oauth2/token", data=assertion_form(assertion, scope="admin"))

    answer = await access.http.post("/oauth2/token", data=assertion_form(assertion))

    assert answer.status_code == 200


async def test_the_metadata_says_where_and_how(access: Access) -> None:
    said = (await access.http.get("/.well-known/oauth-authorization-server")).json()

    assert said["issuer"] == ISSUER
    assert said["token_endpoint"] == f"{ISSUER}/oauth2/token"
    assert "RS512" in said["token_endpoint_auth_signing_alg_values_supported"]
