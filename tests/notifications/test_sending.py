"""One call to a real server: judged on its status, bounded in time and size, never led elsewhere."""

import asyncio
import gzip
import ipaddress
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.notifications.rules import AttemptError
from services.notifications.webhooks.sending import Guard, Sender
from shared.clock import utc_now
from tests.notifications.conftest import resolve_for_tests
from tests.notifications.receiver import Receiver, running_receiver

#: Where this process dialled; an audit hook cannot be taken back, so there is one for the whole run.
DIALLED: list[Any] = []
sys.addaudithook(lambda event, args: DIALLED.append(args[1]) if event == "socket.connect" else None)


async def dialling(sends: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Send on a loop that dials where the hook looks: the tests' own loop dials without Python's sockets."""
    DIALLED.clear()
    await asyncio.to_thread(asyncio.run, sends())


LOCAL = Guard(allow_loopback=True, resolver=resolve_for_tests)
BODY = b'{"type":"outcome.decided"}'


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    async with Sender(LOCAL, deadline_seconds=1.0) as open_sender:
        yield open_sender


async def post(sender: Sender, url: str) -> tuple[int | None, AttemptError | None]:
    answered = await sender.post(url, BODY, {"webhook-id": "one"})
    return answered.status_code, answered.error


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_a_receiver_that_says_yes_has_it(sender: Sender, receiver: Receiver, status: int) -> None:
    receiver.says("/hub", status)
    assert await post(sender, receiver.url()) == (status, None)
    (call,) = receiver.calls
    assert (call.body, call.headers["webhook-id"]) == (BODY, "one")
    assert call.headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_a_no_and_is_not_followed(
    sender: Sender, receiver: Receiver, status: int
) -> None:
    receiver.says("/hub", status, {"Location": receiver.url("/elsewhere")})
    assert await post(sender, receiver.url()) == (status, AttemptError.NOT_ACCEPTED)
    assert receiver.calls_to("/elsewhere") == []


@pytest.mark.parametrize("status", [304, 400, 401, 404, 410, 429, 500, 503])
async def test_any_other_answer_is_a_no(sender: Sender, receiver: Receiver, status: int) -> None:
    receiver.says("/hub", status)
    assert await post(sender, receiver.url()) == (status, AttemptError.NOT_ACCEPTED)


async def test_what_a_receiver_asks_for_is_handed_on_as_it_stands(sender: Sender, receiver: Receiver) -> None:
    receiver.says("/hub", 503, {"Retry-After": "garbage"})
    assert (await sender.post(receiver.url(), BODY, {})).retry_after == "garbage"


@pytest.mark.parametrize(
    "answer",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", b"x" * 1_000_000),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"0" * 50_000_000)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"4000\r\n" + b"x" * 0x4000 + b"\r\n" * 9),
    ],
    ids=["a gigabyte", "a gzip bomb", "chunks that go wrong"],
)
async def test_an_endless_answer_is_judged_on_its_status(
    sender: Sender, receiver: Receiver, answer: Sequence[bytes]
) -> None:
    receiver.says_raw("/hub", *answer)
    assert await post(sender, receiver.url()) == (200, None)


@pytest.mark.parametrize(
    ("answer", "every_seconds"),
    [
        ((), 0.0),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",), 9.0),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", *([b"x"] * 100)), 0.2),
        ((b"HTTP/1.1 200 OK\r\n", *([b"X-More: x\r\n"] * 100)), 0.2),
        ((b"HTTP/1.1 100 Continue\r\n\r\n",) * 5000, 0.001),
    ],
    ids=["never", "headers alone", "drips its body", "drips its headers", "says go on for ever"],
)
async def test_a_try_ends_at_its_deadline(
    sender: Sender, receiver: Receiver, answer: Sequence[bytes], every_seconds: float
) -> None:
    if answer:
        receiver.says_raw("/hub", *answer, every_seconds=every_seconds)
    else:
        receiver.hangs("/hub")
    began = time.monotonic()
    assert await post(sender, receiver.url()) == (None, AttemptError.TIMEOUT)
    # Without one, the soonest of them would end after five seconds.
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "answer", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000, b"HTTP/1.1 two\r\n\r\n"]
)
async def test_an_answer_that_is_not_http_is_a_no(sender: Sender, receiver: Receiver, answer: bytes) -> None:
    receiver.says_raw("/hub", answer)
    assert await post(sender, receiver.url()) == (None, AttemptError.BAD_ANSWER)


async def test_cookies_are_not_kept(sender: Sender, receiver: Receiver) -> None:
    receiver.says("/hub", 200, {"Set-Cookie": "a=b; Path=/"})
    for _ in range(2):
        await post(sender, receiver.url())
    assert all("cookie" not in call.headers for call in receiver.calls)


async def test_the_environments_proxy_is_not_used(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with Sender(LOCAL, deadline_seconds=1.0) as sender:
        assert await post(sender, receiver.url()) == (200, None)


async def test_a_server_that_is_away_is_said_to_be(sender: Sender) -> None:
    assert await post(sender, "http://127.0.0.1:1/hub") == (None, AttemptError.CONNECTION_FAILED)
    assert await post(sender, "http://nowhere.example/hub") == (None, AttemptError.NOT_RESOLVED)


@pytest.mark.parametrize(
    "url",
    [
        "https://inside.example/hub", "https://mixed.example/hub", "https://127.0.0.1/hub",
        "https://[::1]/hub", "http://receiver.example/hub", "https://localhost/hub",
        "https://169.254.169.254/latest/meta-data", "https://receiver.example/hub",
    ],
)  # fmt: skip
async def test_an_inner_address_is_not_dialled_at_all(url: str) -> None:
    async def sends() -> None:
        async with Sender(Guard(resolver=resolve_for_tests), deadline_seconds=1.0) as sender:
            assert await post(sender, url) == (None, AttemptError.BLOCKED_ADDRESS)

    await dialling(sends)
    assert DIALLED == []


async def test_a_name_that_turns_inward_later_is_refused_when_it_is_called(receiver: Receiver) -> None:
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])

    async def rebinding(_host: str) -> list[str]:
        return next(answers)

    guard = Guard(resolver=rebinding)
    url = f"https://police.example:8443{'/hub'}"
    await guard.find(url)

    async def sends() -> None:
        async with Sender(guard, deadline_seconds=1.0) as sender:
            assert await post(sender, url) == (None, AttemptError.BLOCKED_ADDRESS)

    await dialling(sends)
    assert (DIALLED, receiver.calls) == ([], [])


async def test_the_address_that_was_checked_is_the_one_dialled(receiver: Receiver) -> None:
    lookups: list[str] = []

    async def resolver(host: str) -> list[str]:
        lookups.append(host)
        return ["127.0.0.9"]

    async def sends() -> None:
        async with Sender(Guard(allow_loopback=True, resolver=resolver), deadline_seconds=1.0) as sender:
            await post(sender, f"http://receiver.example:{receiver.port}/hub")

    await dialling(sends)
    assert lookups == ["receiver.example"]
    assert {address[0] for address in DIALLED} == {"127.0.0.9"}


async def test_the_next_address_is_tried_when_one_does_not_answer(receiver: Receiver) -> None:
    async def resolver(_host: str) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    async with Sender(Guard(allow_loopback=True, resolver=resolver), deadline_seconds=1.0) as sender:
        assert await post(sender, f"http://receiver.example:{receiver.port}/hub") == (200, None)
    assert receiver.calls[0].headers["host"] == f"receiver.example:{receiver.port}"


def certificate(folder: Path, name: str, *, days: int) -> tuple[Path, ssl.SSLContext]:
    """Make a self-signed certificate; return the file to trust it by and a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names = x509.SubjectAlternativeName(
        [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.8"))]
    )
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(utc_now() - timedelta(days=30))
        .not_valid_after(utc_now() + timedelta(days=days))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / f"{name}.pem", folder / f"{name}.key"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return trusted, context


@pytest.fixture(
    params=[("receiver.example", 30, True), ("receiver.example", 30, False), ("other.example", 30, True),
            ("receiver.example", -1, True)],
    ids=["good", "not trusted", "another name", "expired"],
)  # fmt: skip
def tls_receiver(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Receiver, Path | None, bool]]:
    name, days, is_trusted = request.param
    trusted, context = certificate(tmp_path, name, days=days)
    with running_receiver(context) as running:
        good = request.param == ("receiver.example", 30, True)
        yield running, trusted if is_trusted else None, good


async def test_the_certificate_must_be_the_registered_names(
    tls_receiver: tuple[Receiver, Path | None, bool],
) -> None:
    receiver, ca_file, good = tls_receiver
    async with Sender(LOCAL, deadline_seconds=2.0, ca_file=ca_file) as sender:
        answered = await post(sender, receiver.url(host="receiver.example"))
    assert answered == ((200, None) if good else (None, AttemptError.TLS_FAILED))
    assert len(receiver.calls) == (1 if good else 0)
