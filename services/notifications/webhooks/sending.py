"""One call to a partner's address: looked up once, checked, dialled as checked, cut off at its deadline."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx

from services.notifications.rules import Answered, AttemptError
from services.notifications.webhooks.addresses import (
    Address,
    AddressRefused,
    Destination,
    check,
    read_url,
)
from shared.platform.connections import Transport

#: Returns every address of a host; raises OSError when it has none.
Resolver = Callable[[str], Awaitable[Sequence[str]]]

_READ_AT_MOST_BYTES: Final = 16_384
_RESOLVE_WITHIN_SECONDS: Final = 5.0
_DIAL_AT_MOST: Final = 3
_AGENT: Final = "safeguarding-hub-webhooks/1"

# Lookups of hostile names hang for many seconds and cannot be called off: they get threads of their own, so
# that no other lookup of this process waits behind them.
_LOOKUPS: Final = ThreadPoolExecutor(max_workers=32, thread_name_prefix="webhook-lookup")


async def resolve(host: str) -> Sequence[str]:
    """Ask this machine's resolver for every address of `host`.

    Raises:
        OSError: it has none, or nobody answers.
    """
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_LOOKUPS, _look_up, host)
    return list(dict.fromkeys(found))


def _look_up(host: str) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Guard:
    """Finds out where a URL leads, and refuses what the hub must not call.

    Attributes:
        own_hosts: the hub's own names.
        allow_loopback: for the demo on one machine alone.
    """

    own_hosts: frozenset[str] = frozenset()
    allow_loopback: bool = False
    resolver: Resolver = resolve

    async def find(self, url: str) -> tuple[Destination, list[Address]]:
        """Return where `url` leads and the addresses that may be dialled for it.

        Raises:
            AddressRefused: the text or one of the addresses is not acceptable.
            OSError: the name has no address, or nobody could say within five seconds (TimeoutError).
        """
        destination = read_url(url, own_hosts=self.own_hosts, allow_loopback=self.allow_loopback)
        return destination, check(
            await self._addresses(destination.host), destination, allow_loopback=self.allow_loopback
        )

    async def _addresses(self, host: str) -> Sequence[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            async with asyncio.timeout(_RESOLVE_WITHIN_SECONDS):
                return await self.resolver(host)


class Sender:
    """Posts to webhooks: no proxy, no redirect, no cookie, no connection used twice.

    Connections are not kept: one is known by its address alone, and two partners may share an address.
    """

    def __init__(self, guard: Guard, *, deadline_seconds: float, ca_file: Path | None = None) -> None:
        self._guard = guard
        self._deadline_seconds = deadline_seconds
        trusted = httpx.create_ssl_context(trust_env=False)
        if ca_file is not None:
            trusted.load_verify_locations(ca_file)
        self._http = httpx.AsyncClient(
            transport=Transport(
                verify=trusted,
                trust_env=False,
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            ),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(deadline_seconds, connect=5.0),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answered:
        """Post `body` to `url` and return what became of it, at the latest after the deadline."""
        try:
            async with asyncio.timeout(self._deadline_seconds):
                destination, addresses = await self._guard.find(url)
                return await self._dial(destination, addresses, body, headers)
        except (AddressRefused, httpx.InvalidURL):
            return Answered(None, AttemptError.BLOCKED_ADDRESS)
        except (TimeoutError, httpx.TimeoutException):
            return Answered(None, AttemptError.TIMEOUT)
        except httpx.ConnectError as error:
            return Answered(None, _why_not_connected(error))
        except httpx.NetworkError:
            return Answered(None, AttemptError.CONNECTION_FAILED)
        except httpx.HTTPError:
            return Answered(None, AttemptError.BAD_ANSWER)
        except OSError:
            return Answered(None, AttemptError.NOT_RESOLVED)

    async def _dial(
        self, destination: Destination, addresses: Sequence[Address], body: bytes, headers: dict[str, str]
    ) -> Answered:
        """Try one address after the other until a connection stands; then there is no second try."""
        *others, last = addresses[:_DIAL_AT_MOST]
        for address in others:
            try:
                return await self._exchange(destination, address, body, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._exchange(destination, last, body, headers)

    async def _exchange(
        self, destination: Destination, address: Address, body: bytes, headers: dict[str, str]
    ) -> Answered:
        request = self._http.build_request(
            "POST",
            destination.dialled_at(address),
            content=body,
            headers={
                **headers,
                "Host": destination.authority,
                "Content-Type": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": _AGENT,
                "Connection": "close",
            },
            extensions={"sni_hostname": destination.host},
        )
        response = await self._http.send(request, stream=True)
        try:
            await _read_a_little(response)
        finally:
            await response.aclose()
        error = None if response.is_success else AttemptError.NOT_ACCEPTED
        return Answered(response.status_code, error, response.headers.get("retry-after"))


async def _read_a_little(response: httpx.Response) -> None:
    """Wait for the end of the answer, without keeping or decoding it; a long one counts as ended."""
    read = 0
    async for chunk in response.aiter_raw(_READ_AT_MOST_BYTES):
        read += len(chunk)
        if read >= _READ_AT_MOST_BYTES:
            return


def _why_not_connected(error: httpx.ConnectError) -> AttemptError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return AttemptError.TLS_FAILED
        cause = cause.__cause__ or cause.__context__
    return AttemptError.CONNECTION_FAILED
