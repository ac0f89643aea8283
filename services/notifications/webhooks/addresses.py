"""Which addresses the hub may call: decided from the text of a URL and then from what its name resolves to.

Pure. The text alone never proves an address harmless: a name may resolve to anything, and resolvers read
many spellings of 127.0.0.1. So every resolved address is held against a table of the hub's own (Python's
`is_global` calls several networks global that lead back inside), and the one that passed is the one dialled.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address

PORTS: Final = frozenset({443, 8443})

_PARTS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}\]|[A-Za-z0-9.-]{1,253})"
    r"(?::(?P<port>[0-9]{1,5}))?(?P<target>[/?][\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*)?"
)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TOP_LABEL = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")

_DENIED_V4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' shared space; some clouds' metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's host, on an otherwise public network
        "169.254.0.0/16",  # link-local, metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
#: Nothing outside this is on the public network: mapped, compatible and translated IPv4, unique local,
#: link-local, site-local, multicast, discard and segment routing addresses are all outside.
_PUBLIC_V6: Final = IPv6Network("2000::/3")
_DENIED_V6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: holds any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_LOOPBACK_V4: Final = IPv4Network("127.0.0.0/8")
_LOOPBACK_V6: Final = IPv6Address("::1")


class AddressRefused(Exception):
    """The hub does not call this; `code` is stable, and neither repeats what was sent."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL taken apart, its text found acceptable.

    Attributes:
        host: lower case; an IPv6 address stands without brackets.
        target: path and query, as sent on.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The Host header: the name that was registered, whatever address is dialled."""
        default = 443 if self.scheme == "https" else 80
        return _bracketed(self.host) + ("" if self.port == default else f":{self.port}")

    def dialled_at(self, address: Address) -> str:
        """Return the URL with `address` in place of the name, so that it is not looked up once more."""
        return f"{self.scheme}://{_bracketed(str(address))}:{self.port}{self.target}"


def read_url(url: str, *, own_hosts: Collection[str] = (), allow_loopback: bool = False) -> Destination:
    """Return where `url` leads, if its text is acceptable.

    Args:
        own_hosts: the hub's own names: it does not call itself.
        allow_loopback: takes plain http, any port and single-label names too; `check` then holds those to
            loopback addresses. For the demo on one machine alone.

    Raises:
        AddressRefused: not plainly an https URL of a public name on port 443 or 8443.
    """
    found = _PARTS.fullmatch(url)
    if found is None:
        raise AddressRefused(
            "not_https", "Send an https URL in plain ASCII, with no user name, password or fragment in it."
        )
    scheme, host = found["scheme"], found["host"].lower().strip("[]")
    port = int(found["port"] or (443 if scheme == "https" else 80))
    if not allow_loopback:
        _require_public_text(scheme, host, port, own_hosts)
    if port not in range(1, 65_536) or not (_is_address(host) or _is_name(host)):
        raise AddressRefused("bad_host", "The host is not a name or address the hub can call.")
    target = found["target"] or "/"
    return Destination(scheme, host, port, target if target.startswith("/") else f"/{target}")


def _require_public_text(scheme: str, host: str, port: int, own_hosts: Collection[str]) -> None:
    if scheme != "https":
        raise AddressRefused("not_https", "Only https addresses are called.")
    if port not in PORTS:
        raise AddressRefused("bad_port", "Only ports 443 and 8443 are called.")
    if host in own_hosts:
        raise AddressRefused("not_public", "The hub does not call itself.")
    if not _is_address(host) and "." not in host:
        raise AddressRefused("bad_host", "Give the full name of the host.")


def check(
    addresses: Sequence[str], destination: Destination, *, allow_loopback: bool = False
) -> list[Address]:
    """Return the addresses that may be dialled for `destination`, in the order given.

    One bad address refuses all: which of them is dialled must not matter.

    Args:
        addresses: everything the name resolves to, as the resolver says it.

    Raises:
        AddressRefused: there is none, or one of them is not on the public network.
    """
    read = [ip_address(address) for address in addresses]
    if allow_loopback and read and all(is_loopback(address) for address in read):
        return read
    if destination.scheme != "https" or destination.port not in PORTS:
        raise AddressRefused("not_https", "Only https addresses on port 443 or 8443 are called.")
    if not read or not all(is_public(address) for address in read):
        raise AddressRefused("not_public", "The host does not resolve to public addresses alone.")
    return read


def is_public(address: Address) -> bool:
    """Say whether `address` is on the public network and cannot stand for one that is not."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _DENIED_V4)
    return (
        address.scope_id is None
        and address in _PUBLIC_V6
        and not any(address in network for network in _DENIED_V6)
    )


def is_loopback(address: Address) -> bool:
    """Say whether `address` is this machine's own, in its plain form."""
    return address in _LOOPBACK_V4 if isinstance(address, IPv4Address) else address == _LOOPBACK_V6


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_name(host: str) -> bool:
    """Say whether `host` is a plain DNS name: no trailing dot, no number that resolvers read as an address.

    Punycode is refused with the rest of internationalised names: look-alikes are told apart by nobody.
    """
    labels = host.split(".")
    return (
        bool(_TOP_LABEL.fullmatch(labels[-1]))
        and not labels[-1].startswith("0x")
        and all(_LABEL.fullmatch(label) and not label.startswith("xn--") for label in labels)
    )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
