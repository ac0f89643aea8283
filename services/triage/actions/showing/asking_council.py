"""Ask the council's own case system about a child, through the adapter that the council runs.

One bounded exchange: no proxy, no redirect, no connection kept. Whatever goes wrong is "not searched" in
words, and is logged by code alone: neither what was asked nor what was answered.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import httpx
import structlog

from services.triage.evidence.history import COUNCIL, COUNCIL_NAME, Found
from shared.platform import json
from shared.platform.connections import Transport
from shared.problems import Invalid, Unreadable
from shared.schemas.chronology import ChronologyLine, HistorySourceView, LineKind, LineLink, Significance
from shared.schemas.council_system import CouncilAnswer, CouncilEvent, CouncilEventKind, SoughtChild

_READ_AT_MOST_BYTES: Final = 512 * 1024
#: Clocks differ a little; a copy that says it is complete up to later than that says something else.
_CLOCKS_DIFFER_BY: Final = timedelta(minutes=2)
_AT_ONCE: Final = 16
_LEAST_SECRET: Final = 32
_AGENT: Final = "safeguarding-hub-triage/1"
_KINDS: Final[Mapping[CouncilEventKind, str]] = {
    CouncilEventKind.CONTACT: "Contact",
    CouncilEventKind.REFERRAL: "Referral to social care",
    CouncilEventKind.ASSESSMENT: "Assessment",
    CouncilEventKind.PLAN: "Plan",
    CouncilEventKind.LOOKED_AFTER: "Looked after",
    CouncilEventKind.CLOSURE: "Closure",
    CouncilEventKind.OTHER: "Other",
}
_WHY_NOT: Final[Mapping[str, str]] = {
    "timeout": "It took too long to answer",
    "away": "It cannot be reached",
    "refused": "It does not accept the hub's secret",
    "redirected": "It sends the hub to another address",
    "failed": "It answered with an error",
    "too_big": "Its answer is longer than the hub reads",
    "malformed": "Its answer cannot be read",
}


class _NoAnswer(Exception):
    """There is no answer to go by; `code` says why, `status` what HTTP said."""

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Adapter:
    """Where the council's adapter is, and how the hub proves itself there.

    Attributes:
        patience: the longest one question may take, from its turn to the end of the answer.
    """

    url: str
    secret: str
    trusted: ssl.SSLContext
    patience: timedelta


def read_adapter(url: str, secret_file: Path, ca_file: Path | None, patience: timedelta) -> Adapter:
    """Return the adapter as the settings name it.

    Raises:
        OSError: a file cannot be read.
        ValueError: the secret is short, or cannot stand in a header.
    """
    secret = secret_file.read_text(encoding="utf-8").strip()
    if len(secret) < _LEAST_SECRET or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ValueError("the secret for the council's case system must be 32 printable characters or more")
    trusted = httpx.create_ssl_context(trust_env=False)
    if ca_file is not None:
        trusted.load_verify_locations(ca_file)
    return Adapter(url, secret, trusted, patience)


class CouncilSystem:
    """The council's own case system, connected."""

    is_connected = True

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter
        self._turn = asyncio.Semaphore(_AT_ONCE)

    def not_searched(self, why: str) -> HistorySourceView:
        """Return that nobody looked there, and why."""
        return HistorySourceView(source=COUNCIL, name=COUNCIL_NAME, searched=False, as_of=None, why_not=why)

    async def search(self, sought: SoughtChild) -> Found:
        """Return what the council knows of a child; what it says is shown and kept nowhere.

        Source:
            docs/adr/0026-the-councils-own-case-system.md
        """
        try:
            answer = await self._ask(sought)
        except _NoAnswer as none:
            structlog.get_logger().warning("council_system_not_searched", code=none.code, status=none.status)
            return Found(self.not_searched(f"{_WHY_NOT[none.code]}: look there yourself."))
        view = HistorySourceView(
            source=COUNCIL,
            name=COUNCIL_NAME,
            searched=True,
            as_of=answer.as_of,
            found=answer.found,
            status=answer.status,
        )
        return Found(view, [_line(event, sought) for event in answer.events])

    async def _ask(self, sought: SoughtChild) -> CouncilAnswer:
        try:
            async with asyncio.timeout(self._adapter.patience.total_seconds()), self._turn:
                body = await self._exchange(sought)
        except (TimeoutError, httpx.TimeoutException):
            raise _NoAnswer("timeout") from None
        except (httpx.HTTPError, OSError):
            raise _NoAnswer("away") from None
        try:
            answer = json.read(CouncilAnswer, body).form
        except (Unreadable, Invalid):
            raise _NoAnswer("malformed") from None
        if answer.as_of > sought.as_at + _CLOCKS_DIFFER_BY:
            raise _NoAnswer("malformed")
        return answer

    async def _exchange(self, sought: SoughtChild) -> bytes:
        headers = {
            "Authorization": f"Bearer {self._adapter.secret}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": _AGENT,
            "X-Request-Id": str(sought.request_id),
            "Connection": "close",
        }
        content = sought.model_dump_json()
        # No read may outlast the whole, so httpx's own limit never bites first.
        async with (
            httpx.AsyncClient(
                transport=Transport(verify=self._adapter.trusted, trust_env=False),
                trust_env=False,
                follow_redirects=False,
                timeout=self._adapter.patience.total_seconds(),
            ) as http,
            http.stream("POST", self._adapter.url, content=content, headers=headers) as response,
        ):
            _require_an_answer(response)
            return await _read(response)


def _require_an_answer(response: httpx.Response) -> None:
    status = response.status_code
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise _NoAnswer("refused", status)
    if response.is_redirect:
        raise _NoAnswer("redirected", status)
    if status != httpx.codes.OK:
        raise _NoAnswer("failed", status)
    media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media != "application/json" or "Content-Encoding" in response.headers:
        raise _NoAnswer("malformed", status)


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > _READ_AT_MOST_BYTES:
            raise _NoAnswer("too_big", response.status_code)
    return bytes(body)


def _line(event: CouncilEvent, sought: SoughtChild) -> ChronologyLine:
    """Return an event as a line; its id is a digest, as the place of a line stands in cursors."""
    name = sought.names[0] if sought.names else None
    return ChronologyLine(
        line_id=f"{LineKind.OTHER}:{COUNCIL}:{sha256(event.event_id.encode()).hexdigest()[:32]}",
        at=event.at,
        kind=LineKind.OTHER,
        source=COUNCIL,
        agency_id=None,
        agency_words=event.agency,
        words=f"{_KINDS[event.kind]}: {event.words}",
        significance=Significance(event.significance.value),
        case_id=None,
        reference=event.source_reference,
        child_id=None,
        given_name=name.given_name if name else None,
        family_name=name.family_name if name else None,
        link=LineLink.OWN,
    )
