"""A client system proves itself and gets a token."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.access import rules, store
from services.access.actions import LEDGER
from services.access.actions.callers import client_caller, held_scopes
from services.access.assertions import NotAnAssertion, claimed_subject, verified_claims
from services.access.errors import TokenRefused
from services.access.models import Client
from services.access.passwords import secret_matches
from services.access.tokens import Signer
from shared.platform.auth import Caller
from shared.schemas.access import TokenAnswer

#: The same words whether the client is unknown, shut out, or its proof is wrong.
_UNPROVEN = "The client is not known, or its proof does not hold."


@dataclass(frozen=True, slots=True)
class SecretProof:
    """A client shows the secret it shares with the hub."""

    client_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class AssertionProof:
    """A client shows what it signed with its own private key.

    Attributes:
        client_id: what the form names beside the assertion, if it does.
        audiences: the addresses of ours that the assertion may be meant for.
    """

    assertion: str
    client_id: str | None
    audiences: Collection[str]


async def issue_client_token(
    tx: AsyncSession, proof: SecretProof | AssertionProof, asked: str | None, *, signer: Signer, now: datetime
) -> TokenAnswer:
    """Return a token for the client that `proof` stands for.

    Args:
        asked: the scopes asked for, with spaces between them; none asks for all the client has.

    Raises:
        TokenRefused: the proof does not hold, or the client may not have a scope it asks for.
    """
    if isinstance(proof, SecretProof):
        client = await _prove_by_secret(tx, proof)
    else:
        client = await _prove_by_assertion(tx, proof, now)
    scopes = rules.granted_scopes(held_scopes(client), asked)
    if scopes is None:
        raise TokenRefused(
            "invalid_scope", "The client does not hold every scope asked for.", client=_of(client)
        )
    caller = client_caller(client, scopes)
    await LEDGER.record(tx, caller, "token.issued", at=now, subjects=[])
    return signer.token_for(caller, client_id=client.client_id, now=now)


async def _prove_by_secret(tx: AsyncSession, proof: SecretProof) -> Client:
    client = await store.find_client(tx, proof.client_id)
    matches = secret_matches(proof.secret, client.secret_digest if client else None)
    if client is None or not matches:
        raise _unproven(client)
    return client


async def _prove_by_assertion(tx: AsyncSession, proof: AssertionProof, now: datetime) -> Client:
    try:
        claimed = claimed_subject(proof.assertion)
    except NotAnAssertion:
        raise _unproven(None) from None
    if "\x00" in claimed or proof.client_id not in (None, claimed):
        raise _unproven(None)
    client = await store.find_client(tx, claimed)
    if client is None or client.jwks is None:
        raise _unproven(client)
    try:
        claims = verified_claims(proof.assertion, client.jwks)
    except NotAnAssertion:
        raise _unproven(client) from None
    if fault := rules.assertion_fault(claims, client_id=claimed, audiences=proof.audiences, now=now):
        raise TokenRefused("invalid_client", fault, client=_of(client))
    # Kept past its end by the leeway that lets it in after it, else it could be used once more.
    kept_until = datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=rules.LEEWAY_SECONDS)
    if not await store.remember_assertion(tx, claimed, claims["jti"], expires_at=kept_until):
        raise TokenRefused("invalid_client", "This assertion was used before.", client=_of(client))
    return client


def _unproven(client: Client | None) -> TokenRefused:
    return TokenRefused("invalid_client", _UNPROVEN, client=_of(client) if client else None)


def _of(client: Client) -> Caller:
    return client_caller(client, frozenset())
