"""Tokens that prove nothing: forged, borrowed, late, early, or for somebody else."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from joserfc.jws import serialize_compact

from deploy.local.files import Folder
from tests.inputs.doors import CANARY
from tests.tokens import claims_of, hub_token, signing_key

SENDER = "northshire-police"
Maker = Callable[[Folder], str]


def _part(content: bytes | dict[str, Any]) -> str:
    written = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(written).decode().rstrip("=")


def _put_together(header: dict[str, Any], claims: bytes | dict[str, Any], signature: bytes = b"") -> str:
    return ".".join((_part(header), _part(claims), _part(signature)))


def _unsigned(algorithm: str) -> Maker:
    return lambda folder: _put_together(
        {"alg": algorithm, "kid": signing_key(folder).kid}, claims_of(SENDER, name=CANARY)
    )


def _by_public_key(written: Callable[[ECKey], bytes]) -> Maker:
    """Return a maker of tokens whose HMAC secret is the hub's public key, as anyone can read it."""

    def make(folder: Folder) -> str:
        key = signing_key(folder)
        head = {"alg": "HS256", "kid": key.kid, "typ": "JWT"}
        signed = f"{_part(head)}.{_part(claims_of(SENDER, name=CANARY))}"
        mac = hmac.new(written(key), signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_part(mac)}"

    return make


def _by_stranger(**header: Any) -> Maker:
    """Return a maker of tokens signed by a key of somebody else's, under the name of the hub's."""

    def make(folder: Folder) -> str:
        own = ECKey.generate_key("P-256")
        extra = {
            name: own.as_dict(private=False) if value is ECKey else value for name, value in header.items()
        }
        head = {"alg": "ES256", "kid": signing_key(folder).kid} | extra
        return jwt.encode(head, claims_of(SENDER, name=CANARY), own)

    return make


def _signed(header: dict[str, Any] | None = None, **claims: Any) -> Maker:
    """Return a maker of tokens that access itself has signed, with something wrong in them."""

    def make(folder: Folder) -> str:
        key = signing_key(folder)
        head = {"alg": "ES256", "kid": key.kid, "typ": "at+jwt"} | (header or {})
        return jwt.encode(head, claims_of(SENDER, **claims), key)

    return make


def _with_payload(written: bytes) -> Maker:
    def make(folder: Folder) -> str:
        key = signing_key(folder)
        return serialize_compact({"alg": "ES256", "kid": key.kid}, written, key)

    return make


def _with_exp(written: str) -> Maker:
    """Return a maker of tokens whose `exp` is written just so."""
    body = json.dumps(claims_of(SENDER, name=CANARY) | {"exp": "EXP"}).replace('"EXP"', written)
    return _with_payload(body.encode())


def _cut(keep: int) -> Maker:
    return lambda folder: ".".join(hub_token(folder).split(".")[:keep])


def _assertion(folder: Folder) -> str:
    key = ECKey.import_key(json.loads(folder.key_of(SENDER).read_text()))
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims_of(SENDER), key)


NOW = int(time.time())
HOUR = 3600
BAD_TOKENS: dict[str, Maker] = {
    "algorithm none": _unsigned("none"),
    "algorithm None": _unsigned("None"),
    "algorithm nOnE": _unsigned("nOnE"),
    "no algorithm": lambda folder: _put_together({"kid": "x"}, claims_of(SENDER)),
    "an empty signature": _unsigned("ES256"),
    "HS256 with the public key": _by_public_key(lambda key: key.as_pem(private=False)),
    "HS256 with the public key in DER": _by_public_key(lambda key: key.as_der(private=False)),
    "HS256 with the published key": _by_public_key(
        lambda key: json.dumps(key.as_dict(private=False)).encode()
    ),
    "HS256 with nothing": _by_public_key(lambda _key: b""),
    "HS256 with a secret of one's own": lambda folder: jwt.encode(
        {"alg": "HS256", "kid": signing_key(folder).kid}, claims_of(SENDER), OctKey.generate_key(256)
    ),
    "a stranger's key": _by_stranger(),
    "a stranger's key sent along": _by_stranger(jwk=ECKey),
    "a stranger's key set": _by_stranger(jku="https://evil.example/keys"),
    "a stranger's certificate": _by_stranger(x5u="https://evil.example/cert"),
    "a made-up demand": lambda folder: _put_together(
        {"alg": "ES256", "kid": signing_key(folder).kid, "crit": ["made-up"], "made-up": True},
        claims_of(SENDER),
        b"x" * 64,
    ),
    "an unknown key id": _signed({"kid": CANARY}),
    "a path for a key id": _signed({"kid": "../../etc/passwd"}),
    "SQL for a key id": _signed({"kid": "' OR 1=1 --"}),
    "another algorithm's name": lambda folder: _put_together(
        {"alg": "ES512", "kid": signing_key(folder).kid}, claims_of(SENDER), b"x" * 132
    ),
    "expired": _signed(iat=NOW - HOUR, exp=NOW - 120),
    "from an hour ahead": _signed(iat=NOW + HOUR, exp=NOW + 2 * HOUR),
    "not before an hour from now": _signed(nbf=NOW + HOUR),
    "no exp": _signed(exp=None),
    "no iat": _signed(iat=None),
    "no iss": _signed(iss=None),
    "no aud": _signed(aud=None),
    "no sub": _signed(sub=None),
    "no kind": _signed(kind=None),
    "no name": _signed(name=None),
    "exp in words": _with_exp(f'"{CANARY}"'),
    "exp as a text": _with_exp(f'"{NOW + HOUR}"'),
    "exp 1e400": _with_exp("1e400"),
    "exp Infinity": _with_exp("Infinity"),
    "exp NaN": _with_exp("NaN"),
    "exp of 5,000 digits": _with_exp("9" * 5_000),
    "exp negative": _with_exp("-1"),
    "exp true": _with_exp("true"),
    "exp a list": _with_exp(f"[{NOW + HOUR}]"),
    "exp null": _with_exp("null"),
    "another audience": _signed(aud=CANARY),
    "another issuer": _signed(iss="https://evil.example"),
    "a longer issuer": _signed(iss="http://access.evil.example"),
    "another kind": _signed(kind=CANARY),
    "an unknown scope": _signed(scope=CANARY),
    "an unknown role": _signed(roles=[CANARY]),
    "an agency that is no id": _signed(agency_id=CANARY),
    "a session that is no id": _signed(kind="staff", sid=CANARY),
    "a client nobody knows": _signed(sub=CANARY),
    "a scope the client has not got": _signed(
        kind="client", agency_id="0198f0a0-0000-7000-8000-000000000002"
    ),
    "staff without a session": _signed(kind="staff", roles=["decision_maker"]),
    "staff with a made-up session": _signed(kind="staff", sid="0198f0a0-0000-7000-8000-00000000ffff"),
    "a client that says it is a service": _signed(kind="service", agency_id=None, scope=""),
    "a payload that is not JSON": _with_payload(CANARY.encode()),
    "a payload that is a list": _with_payload(b"[1]"),
    "a payload that is null": _with_payload(b"null"),
    "an empty payload": _with_payload(b""),
    "a payload nested 100 deep": _with_payload(b"[" * 100 + b"]" * 100),
    "a client's own assertion": _assertion,
    "one part": _cut(1),
    "two parts": _cut(2),
    "five parts": lambda folder: hub_token(folder) + ".x.y",
    "dots": lambda _folder: "..",
    "four dots": lambda _folder: "....",
    "a word": lambda _folder: CANARY,
    "broken base64": lambda _folder: "!!!.???.###",
    "20 kB": lambda _folder: "a" * 20_000,
    "a token with a letter changed": lambda folder: hub_token(folder)[:-6] + "AAAAAA",
    "a token in quotes": lambda folder: f'"{hub_token(folder)}"',
    "two tokens": lambda folder: f"{hub_token(folder)}, {hub_token(folder)}",
}
