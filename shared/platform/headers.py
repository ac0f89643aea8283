"""Request headers that the hub gives meaning to."""

import re
from typing import Annotated

from fastapi import Depends, Header, Request

from shared.problems import PreconditionMissing, ProtocolMisuse, Stale

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


async def _idempotency_key(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Yours to choose, new for each referral and the same on every retry; quoted or not.",
            examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
        ),
    ] = None,
) -> str:
    given = request.headers.getlist("idempotency-key")
    if not given or idempotency_key is None:
        raise ProtocolMisuse("Send an Idempotency-Key, so that a retry cannot send the referral twice.")
    if len(given) > 1:
        raise ProtocolMisuse("Idempotency-Key is given twice.")
    key = given[0].strip()
    if len(key) >= 2 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not _KEY.fullmatch(key):
        raise ProtocolMisuse("An Idempotency-Key is 1 to 255 printable ASCII characters without spaces.")
    return key


async def _if_match(
    request: Request,
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description="The `ETag` of the version you read.", examples=['"7"']),
    ] = None,
) -> int:
    given = request.headers.getlist("if-match")
    if not given or if_match is None:
        raise PreconditionMissing("Send If-Match with the ETag of the version you decided on.")
    version = given[0].strip().removeprefix("W/").strip('"')
    if len(given) > 1 or not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Stale("If-Match does not name the version that stands.")
    return int(version)


#: The key that makes a retry harmless; 400 when it is missing or malformed.
IdempotencyKey = Annotated[str, Depends(_idempotency_key)]

#: The version a change was made for; 428 when it is missing.
IfMatch = Annotated[int, Depends(_if_match)]
