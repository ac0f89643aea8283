"""The token endpoint (RFC 6749) and what is published about it (RFC 8414, RFC 7517)."""

import base64
import binascii
from typing import Annotated, Any
from urllib.parse import unquote_plus

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import JSONResponse

from services.access.actions import LEDGER
from services.access.actions.client_tokens import AssertionProof, SecretProof, issue_client_token
from services.access.api.forms import read_form
from services.access.api.parts import OpenedParts, Parts
from services.access.errors import TokenRefused
from services.access.rules import ASSERTION_KEYS
from shared.platform import log
from shared.platform.openapi import problems
from shared.platform.refusals import Refusal, problem_response
from shared.platform.requests import Now, Tx
from shared.problems import Problem, ProtocolMisuse, UnsupportedMedia
from shared.schemas.access import TokenAnswer, TokenRefusal
from shared.schemas.words import Scope

router = APIRouter(tags=["Tokens"])

_GRANT = "client_credentials"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_KEPT_SECONDS = 60


async def _token_form(request: Request) -> dict[str, str]:
    try:
        return await read_form(request)
    except (UnsupportedMedia, ProtocolMisuse) as problem:
        raise TokenRefused("invalid_request", problem.detail) from None


TokenForm = Annotated[dict[str, str], Depends(_token_form)]

_FIELDS = ("grant_type", "scope", "client_id", "client_assertion_type", "client_assertion")
_BODY: dict[str, Any] = {
    "security": [],
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {name: {"type": "string"} for name in _FIELDS},
                }
            }
        },
    },
}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    **problems(413),
    400: {
        "model": TokenRefusal,
        "description": "The request is malformed, or asks for what you do not hold.",
    },
    401: {"model": TokenRefusal, "description": "You did not prove who you are."},
}


@router.post("/oauth2/token", response_model=TokenAnswer, responses=_REFUSALS, openapi_extra=_BODY)
async def post_token(
    request: Request, form: TokenForm, parts: OpenedParts, tx: Tx, now: Now, response: Response
) -> TokenAnswer:
    """Get a token of five minutes for your system.

    Send `grant_type=client_credentials` with your secret in the Authorization header (`client_secret_basic`)
    or an assertion signed with your private key (`private_key_jwt`). Without `scope` the token carries all
    you hold.
    """
    proof = _proof(request, form, parts)
    response.headers["Pragma"] = "no-cache"
    return await issue_client_token(tx, proof, form.get("scope"), signer=parts.signer, now=now)


def _proof(request: Request, form: dict[str, str], parts: Parts) -> SecretProof | AssertionProof:
    grant = form.get("grant_type")
    if grant is None:
        raise TokenRefused("invalid_request", "grant_type is required.")
    if grant != _GRANT:
        raise TokenRefused("unsupported_grant_type", f"The only grant here is {_GRANT}.")
    headers = request.headers.getlist("authorization")
    assertion = form.get("client_assertion")
    if len(headers) + (assertion is not None) + ("client_secret" in form) > 1:
        raise TokenRefused("invalid_request", "Prove who you are in one way, once.")
    if headers:
        return _secret_proof(headers[0], form.get("client_id"))
    if assertion is None:
        raise TokenRefused(
            "invalid_client", "Send your secret in the Authorization header, or a client_assertion."
        )
    if form.get("client_assertion_type") != _ASSERTION_TYPE:
        raise TokenRefused("invalid_request", f"client_assertion_type must be {_ASSERTION_TYPE}.")
    return AssertionProof(assertion, form.get("client_id"), parts.settings.audiences)


def _secret_proof(header: str, client_id: str | None) -> SecretProof:
    scheme, _, credentials = header.partition(" ")
    try:
        decoded = base64.b64decode(credentials.strip(), validate=True).decode()
        # Both halves are form-encoded before they are joined: RFC 6749, 2.3.1.
        name, colon, secret = (unquote_plus(part, errors="strict") for part in decoded.partition(":"))
    except (ValueError, binascii.Error):
        raise _bad_basic() from None
    if scheme.lower() != "basic" or not colon or "\x00" in name or client_id not in (None, name):
        raise _bad_basic()
    return SecretProof(name, secret)


def _bad_basic() -> TokenRefused:
    return TokenRefused("invalid_client", "The Authorization header is not one the hub can use here.")


async def answer_refusal(request: Request, refused: Exception) -> JSONResponse:
    """Return the answer to a refused request for a token, after a known client's refusal was recorded."""
    if not isinstance(refused, TokenRefused):
        raise TypeError("only for TokenRefused")
    if refused.client is not None:
        what = Refusal(
            refused.client, "POST /oauth2/token", {}, refused.status, refused.error, log.request_id.get()
        )
        try:
            await LEDGER.on_refusal(request.app.state.sessions)(what)
        except Problem as unrecorded:
            return problem_response(unrecorded)
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    if refused.status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="safeguarding-hub"'
    body = TokenRefusal(error=refused.error, error_description=refused.description)
    return JSONResponse(body.model_dump(), refused.status, headers)


@router.get("/.well-known/oauth-authorization-server", openapi_extra={"security": []})
async def get_metadata(parts: OpenedParts, response: Response) -> dict[str, Any]:
    """See where tokens are to be had, and how a client may prove itself."""
    response.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    root = parts.settings.public_url
    return {
        "issuer": parts.signer.issuer,
        "token_endpoint": f"{root}/oauth2/token",
        "jwks_uri": f"{root}/.well-known/jwks.json",
        "grant_types_supported": [_GRANT],
        "response_types_supported": [],
        "scopes_supported": [scope.value for scope in Scope],
        "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
        "token_endpoint_auth_signing_alg_values_supported": list(ASSERTION_KEYS),
    }


@router.get("/.well-known/jwks.json", openapi_extra={"security": []})
async def get_keys(parts: OpenedParts, response: Response) -> dict[str, Any]:
    """Get the public keys that the hub's tokens are signed with."""
    response.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    return parts.signer.published()
