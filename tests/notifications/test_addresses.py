"""Which addresses the hub may call: every spelling of an inner one is refused, by its text or its address."""
# ruff: noqa: RUF001 - look-alike letters are what some of these are about

import socket
from ipaddress import ip_address

import pytest

from services.notifications.webhooks.addresses import AddressRefused, check, is_public, read_url

REFUSED_TEXT = [
    # Not plainly https.
    "", "https://", "//police.example/hub", "police.example/hub", "/hub", "HTTPS://police.example",
    "http://police.example/hub", "ftp://police.example/", "file:///etc/passwd", "gopher://police.example/",
    "data:text/plain,hello", "javascript:alert(1)", "https:/police.example", "https:police.example",
    "https://police.example/hub#part", "https://police.example/a b", "https://police.example/\n",
    " https://police.example/", "https://police.example/ ", "https://police.example/\\evil",
    "https://police.example\\@inside.example/", "https://police.example/é", "https://police.example/\x00",
    "https://police.example\t/", "https:///hub", "https://?x", "https://:443/",
    # Someone else's name or password in it.
    "https://user@police.example/", "https://user:word@police.example/", "https://police.example:443@evil.test/",
    "https://police.example%2f@evil.test/", "https://@police.example/",
    # Ports.
    "https://police.example:22/", "https://police.example:25/", "https://police.example:80/",
    "https://police.example:5432/", "https://police.example:0/", "https://police.example:65536/",
    "https://police.example:99999/", "https://police.example:/", "https://police.example:443:443/",
    "https://police.example:+443/", "https://police.example:４４３/",
    # Names that are none, or that look like others.
    "https://localhost/", "https://police/", "https://police.example./", "https://.police.example/",
    "https://police..example/", "https://-police.example/", "https://police-.example/",
    "https://police_.example/", "https://pоlice.example/", "https://xn--plice-jye.example/",
    "https://police.xn--e1afmkfd/", "https://ⓟolice.example/", "https://" + "a" * 64 + ".example/",
    "https://" + "a." * 130 + "example/", "https://police.example%00.evil.test/", "https://hub.example/",
    # Numbers that resolvers read as addresses.
    "https://127.1/", "https://127.0.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/",
    "https://0177.0.0.1/", "https://017700000001/", "https://127.0.0.01/", "https://127.0.0.1./",
    "https://1.2.3.4.5/", "https://256.1.1.1/", "https://①②⑦.0.0.1/", "https://１２７.0.0.1/",
    "https://127。0。0。1/", "https://0/", "https://10.0.0.0x1/",
    # Brackets that hold no plain address.
    "https://[::1%25eth0]/", "https://[fe80::1%25eth0]/", "https://[::1/", "https://::1/", "https://[1]/",
    "https://[v1.x]/", "https://[]/", "https://[127.0.0.1]/", "https://[::1]:22/",
]  # fmt: skip

REFUSED_ADDRESSES = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
    "127.0.0.1", "127.0.0.2", "127.255.255.255", "168.63.129.16", "169.254.0.1", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.3", "192.168.0.1",
    "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
    "224.1.2.3", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::10.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1",
    "::ffff:93.184.215.14", "::ffff:0:10.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1",
    "2001:db8::1", "2002:a00:1::", "2002:7f00:1::1", "3fff::1", "3fff:fff::1", "4000::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fe80::1%2", "febf::1", "fec0::1", "ff02::1",
    "ff0e::1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c%eth0",
]  # fmt: skip

PUBLIC_ADDRESSES = [
    "1.1.1.1", "93.184.215.14", "100.63.255.255", "100.128.0.1", "126.255.255.255", "172.15.0.1",
    "172.32.0.1", "192.0.1.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "2001:200::1",
    "2606:4700::1111", "2a00:1450::1",
]  # fmt: skip

POLICE = read_url("https://police.example/hub")


@pytest.mark.parametrize("url", REFUSED_TEXT, ids=ascii)
def test_a_url_that_is_not_plainly_public_https_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_url(url, own_hosts={"hub.example"})
    assert url == "" or url not in refused.value.detail


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_a_name_that_resolves_to_an_inner_address_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(AddressRefused, match="public addresses alone"):
        check([address], POLICE)


@pytest.mark.parametrize("address", REFUSED_ADDRESSES)
def test_one_inner_address_among_public_ones_refuses_all(address: str) -> None:
    with pytest.raises(AddressRefused):
        check(["93.184.215.14", address], POLICE)


@pytest.mark.parametrize("address", [each for each in REFUSED_ADDRESSES if "%" not in each])
def test_an_inner_address_written_in_the_url_is_refused(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(AddressRefused):
        check([address], read_url(f"https://{host}/hub"))


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_public_address_may_be_dialled(address: str) -> None:
    assert check([address], POLICE) == [ip_address(address)]


def test_a_name_without_an_address_is_refused() -> None:
    with pytest.raises(AddressRefused):
        check([], POLICE)


@pytest.mark.parametrize("spelling", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.1"])
def test_this_machines_resolver_reads_more_than_dotted_quads(spelling: str) -> None:
    # Why the text is never enough: should a spelling slip through, its address is refused.
    resolved = [str(entry[4][0]) for entry in socket.getaddrinfo(spelling, None, type=socket.SOCK_STREAM)]
    assert set(resolved) == {"127.0.0.1"}
    with pytest.raises(AddressRefused):
        check(resolved, POLICE)


@pytest.mark.parametrize(
    ("url", "authority", "dialled"),
    [
        ("https://police.example/hub", "police.example", "https://93.184.215.14:443/hub"),
        ("https://Police.Example", "police.example", "https://93.184.215.14:443/"),
        ("https://police.example:8443/a?b=c", "police.example:8443", "https://93.184.215.14:8443/a?b=c"),
        ("https://police.example?b", "police.example", "https://93.184.215.14:443/?b"),
        ("https://93.184.215.14/%41", "93.184.215.14", "https://93.184.215.14:443/%41"),
        ("https://3com.example/", "3com.example", "https://93.184.215.14:443/"),
    ],
)
def test_what_was_checked_is_dialled_under_the_registered_name(
    url: str, authority: str, dialled: str
) -> None:
    destination = read_url(url)
    assert destination.authority == authority
    assert destination.dialled_at(ip_address("93.184.215.14")) == dialled


def test_a_version_6_address_is_dialled_in_brackets() -> None:
    assert POLICE.dialled_at(ip_address("2606:4700::1111")) == "https://[2606:4700::1111]:443/hub"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1"])
def test_a_demo_on_one_machine_may_call_that_machine(address: str) -> None:
    destination = read_url("http://localhost:8008/hub", allow_loopback=True)
    assert check([address], destination, allow_loopback=True) == [ip_address(address)]


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "93.184.215.14", "::ffff:127.0.0.1"])
def test_a_demo_may_call_nothing_else_by_plain_http(address: str) -> None:
    destination = read_url("http://localhost:8008/hub", allow_loopback=True)
    with pytest.raises(AddressRefused):
        check([address], destination, allow_loopback=True)
    with pytest.raises(AddressRefused):
        check(["127.0.0.1", address], destination, allow_loopback=True)


def test_without_the_demos_setting_this_machine_is_refused_even_over_https() -> None:
    with pytest.raises(AddressRefused):
        check(["127.0.0.1"], POLICE)
