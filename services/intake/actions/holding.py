"""Keeping what was refused, for staff to see: a worry in the wrong shape is still a worry."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from prometheus_client import Counter

from services.intake import advice
from services.intake.actions import LEDGER
from services.intake.sealing import Vault, speaks_of_danger
from services.intake.store import held_copies
from shared.clock import utc_now
from shared.platform.database import Sessions, transaction
from shared.platform.refusals import Advise, OnRefusal, Refusal
from shared.problems import FieldError
from shared.schemas.ids import new_id
from shared.schemas.words import HeldCopyState

#: What an agency may send about a child, and how the list calls it; with the slash that some systems add.
_KEPT = tuple(
    (re.compile(pattern), f"POST {route}")
    for pattern, route in (
        (r"/v1/referrals/?", "/v1/referrals"),
        (r"/v1/referrals/[^/]+/versions/?", "/v1/referrals/{reference}/versions"),
        (r"/v1/referrals/[^/]+/withdrawal/?", "/v1/referrals/{reference}/withdrawal"),
    )
)
#: Where staff write a call down, and where a draft is checked. Whoever is refused there is a person with the
#: words on the screen before them, or has sent nothing yet: nothing is kept, but the advice is the same.
_ON_SCREEN = {"/v1/referrals/by-telephone", "/v1/referrals/check"}
#: The first request is being answered; the body cannot be held; the sender was told to wait and send again.
_NOT_KEPT = {"request_in_flight", "too_large", "too_many_requests"}

_copies = Counter(
    "hub_held_copies_total",
    "Refused referrals of which a copy was kept, by why they were refused.",
    ("code",),
)


def keeping(sessions: Sessions, vault: Vault, *, telephone: str) -> OnRefusal:
    """Return what records a refusal and keeps a sealed copy of what was sent, in one transaction.

    It ends before the sender has its answer: a crash right after that loses nothing. Where the copy cannot
    be written the answer is a 503, so that the sender tries again.

    Args:
        telephone: the hub's, for the advice to the sender.
    """

    async def write(refusal: Refusal) -> str | None:
        request = _kept_as(*refusal.method_and_path)
        wanted = request is not None and refusal.code not in _NOT_KEPT
        # What is left of it comes from the sender, at its own pace: before the transaction opens.
        content = await refusal.content() if wanted else None
        now = utc_now()
        copy = _sealed(refusal, content, str(request), vault, now) if content is not None else None
        async with transaction(sessions, refusal.caller.subject) as tx:
            await LEDGER.record_refusal(tx, refusal, at=now)
            if copy is not None:
                await held_copies.keep(tx, *copy)
        if copy is None:
            return None
        _copies.labels(refusal.code).inc()
        return advice.after_refusal(telephone, immediate_danger=copy[0]["immediate_danger"])

    return write


def advising(*, telephone: str) -> Advise:
    """Return what says to senders of worries what to do when the hub has kept nothing of what they sent."""

    def advise(method: str, path: str) -> str | None:
        if method == "POST" and path in _ON_SCREEN:
            return advice.in_danger(telephone)
        return advice.nothing_kept(telephone) if _kept_as(method, path) else None

    return advise


def _kept_as(method: str, path: str) -> str | None:
    if method != "POST":
        return None
    return next((request for pattern, request in _KEPT if pattern.fullmatch(path)), None)


def _sealed(
    refusal: Refusal, content: bytes, request: str, vault: Vault, now: datetime
) -> tuple[dict[str, Any], list[str]]:
    """Return the row of a copy, and the marks that it would have had under older keys."""
    path = refusal.method_and_path[1]
    mark, *older_marks = vault.marks(path, content)
    told = {"path": path, "errors": _lines(refusal.errors)}
    row = {
        "held_copy_id": new_id(),
        "agency_id": refusal.caller.agency_id,
        "client_id": refusal.caller.subject,
        "client_name": refusal.caller.name,
        "request": request,
        "status": refusal.status,
        "code": refusal.code,
        "told": vault.seal(json.dumps(told).encode()),
        "content": vault.seal(content),
        "content_mark": mark,
        "size_bytes": len(content),
        "immediate_danger": speaks_of_danger(content),
        "first_sent_at": now,
        "last_sent_at": now,
        "times_sent": 1,
        "state": HeldCopyState.WAITING,
    }
    return row, older_marks


def _lines(errors: Iterable[FieldError]) -> list[str]:
    """Return each error in a line, as the sender was told it: where, and what; never the value."""
    return [f"{error.pointer or error.parameter or 'At large'}: {error.detail}" for error in errors]
