"""POST /oauth2/token: who gets a token, and what is said to those who do not."""

import base64

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from services.access.models import Agency, Client
from shared.schemas.ids import new_id
from tests.access.conftest import Access
from tests.access.people import ISSUER, System, an_agency, assertion_form, refusal

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANT = "grant_type=client_credentials"


def basic(client_id: str, secret: str = "secret") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


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


@pytest.mark.parametrize(
    ("client_id", "secret"),
    [
        ("{client}", "wrong"),
        ("{client}", ""),
        ("nobody", "secret"),
        ("{client}\x00", "secret"),
        ("x" * 20_000, "secret"),
        ("{client}", "s" * 20_000),
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
