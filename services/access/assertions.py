"""A client's signed assertion (RFC 7523): taken apart, and held against the client's registered keys."""

import json
import warnings
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import Key, KeySet
from joserfc.jws import JWSRegistry, extract_compact

from services.access.rules import ASSERTION_KEYS, key_suits

_MAX_LENGTH = 8_000

# RS512 is not among the library's recommended algorithms, so each one is named. Header parameters nobody
# knows are harmless: none of them is ever followed, least of all one that says where a key is to be had.
_REGISTRY = JWSRegistry(algorithms=list(ASSERTION_KEYS), strict_check_header=False)

# RecursionError: JSON nested a thousand deep fits into an assertion.
_FAULTS = (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


class NotAnAssertion(Exception):
    """It cannot be read, or no registered key of the client signed it."""


def claimed_subject(assertion: str) -> str:
    """Return whom an assertion, not checked yet, claims to speak for.

    Raises:
        NotAnAssertion: it cannot be read that far.
    """
    if len(assertion) > _MAX_LENGTH:
        raise NotAnAssertion
    try:
        claims = json.loads(extract_compact(assertion.encode("ascii"), registry=_REGISTRY).payload)
        subject = claims["sub"]
    except _FAULTS:
        raise NotAnAssertion from None
    if not isinstance(subject, str):
        raise NotAnAssertion
    return subject


def verified_claims(assertion: str, jwks: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of an assertion that one of the client's registered keys signed.

    The key is the one its `kid` names: no other is tried, and nothing in the header is fetched.

    Raises:
        NotAnAssertion: for any fault whatever.
    """
    try:
        header = extract_compact(assertion.encode("ascii"), registry=_REGISTRY).headers()
        key = _key_named(header.get("kid"), jwks)
        if not key_suits(header["alg"], key.key_type, getattr(key, "curve_name", None)):
            raise NotAnAssertion
        with warnings.catch_warnings():
            # The old name stays allowed while partners' libraries know no other.
            warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)
            return jwt.decode(assertion, key, registry=_REGISTRY).claims
    except _FAULTS:
        raise NotAnAssertion from None


def _key_named(key_id: Any, jwks: Mapping[str, Any]) -> Key:
    for key in KeySet.import_key_set({"keys": list(jwks["keys"])}).keys:
        if isinstance(key_id, str) and key.kid == key_id:
            return key
    raise NotAnAssertion
