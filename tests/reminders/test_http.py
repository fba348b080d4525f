"""Speaking to a host that a person named: judged once, spoken to there, in time, and not led astray."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cases.outgoing import ChannelError, HttpAnswer, HttpRequest, exchange, is_public
from tests.fake_network import REAL_LOOK_UP, FakeNetwork
from tests.fake_services import Got, Receiver, anything, certificate, serving

URL = "https://hooks.example/a"


def ask(url: str = URL, *, guarded: bool = True) -> HttpAnswer:
    return exchange(HttpRequest(url, b"{}", {"Content-Type": "application/json"}), public_only=guarded)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:53aa:64c:0:fbff:80ff:fffe",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_no_private_address_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "223.5.5.5", "::ffff:1.1.1.1", "64:ff9b::101:101", "2400:3200::1", "2002:101:101::1"]
)
def test_others_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_however_this_machine_is_written_it_is_not_spoken_to(host: str) -> None:
    with serving(Receiver(anything)) as receiver:
        with pytest.raises(ChannelError):
            ask(f"http://{host}:{receiver.port}/")
        assert receiver.got == []


def test_a_name_that_leads_into_a_private_network_is_refused(network: FakeNetwork) -> None:
    receiver = network.connect("hooks.example", anything)
    with pytest.raises(ChannelError) as refused:
        ask()
    assert "内网" in str(refused.value) or "private network" in str(refused.value)
    assert receiver.got == []


def test_the_installation_may_allow_it(network: FakeNetwork, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    network.connect("hooks.example", anything)
    assert ask().status == 204


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 443)) for host in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: rows)
    monkeypatch.setattr(socket, "create_connection", lambda *a: pytest.fail("connected"))
    with pytest.raises(ChannelError):
        ask()


def test_it_speaks_to_the_address_that_was_judged_whatever_the_name_says_next(
    monkeypatch: pytest.MonkeyPatch, tls_certificate: Path
) -> None:
    """DNS rebinding: public when asked first, this machine when asked again."""
    asked: list[Any] = []
    went: list[Any] = []
    connect = socket.create_connection

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "hooks.example":
            return REAL_LOOK_UP(host, *args, **kwargs)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1" if len(asked) == 1 else "127.0.0.1", 443))]

    monkeypatch.setenv("SSL_CERT_FILE", str(tls_certificate))
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with serving(Receiver(anything), tls_certificate) as receiver:

        def create_connection(peer: Any, *args: Any) -> socket.socket:
            went.append(peer)
            return connect(("127.0.0.1", receiver.port), *args)

        monkeypatch.setattr(socket, "create_connection", create_connection)
        assert ask().status == 204
    assert (asked, went) == (["hooks.example"], [("1.1.1.1", 443)])
    assert receiver.got[0].headers["Host"] == "hooks.example"


def test_tls_asks_for_the_name_and_not_for_the_address(network: FakeNetwork, settings: Any, tmp_path: Path) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    network.certificate = certificate(tmp_path, "another.example")
    network.connect("hooks.example", anything)
    with pytest.raises(ChannelError, match="CERTIFICATE_VERIFY_FAILED"):
        ask()


def test_no_plain_http_where_tls_was_meant(network: FakeNetwork, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    receiver = network.connect("hooks.example", anything, tls=False)
    with pytest.raises(ChannelError):
        ask()
    assert receiver.got == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, network: FakeNetwork, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    receiver = network.connect("hooks.example", lambda got: (status, b""))
    assert ask().status == status
    assert [got.path for got in receiver.got] == ["/a"]


def test_no_proxy_is_asked(network: FakeNetwork, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    network.connect("hooks.example", anything)
    assert ask().status == 204


def test_of_a_long_answer_only_the_beginning_is_read(network: FakeNetwork, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    network.connect("hooks.example", lambda got: (200, b"x" * 5_000_000))
    assert len(ask().text) == 8192


def test_a_host_that_says_nothing_is_left_in_time(network: FakeNetwork, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS, settings.SEND_TIMEOUT = True, 0.3
    enough = threading.Event()

    def never(got: Got) -> Any:
        enough.wait(20)
        return 200, b""

    network.connect("hooks.example", never)
    with pytest.raises(ChannelError, match=r"0\.3"):
        ask()
    enough.set()


@pytest.fixture
def drip(settings: Any) -> Iterator[Callable[[bytes], tuple[int, threading.Event]]]:
    """Servers that say something and then a drop now and then, before the socket's own time-out; and whether they
    were hung up on."""
    settings.ALLOW_PRIVATE_HOSTS, settings.SEND_TIMEOUT = True, 1.5  # thirty drops: a busy machine keeps up
    threads: list[threading.Thread] = []

    def start(said: bytes) -> tuple[int, threading.Event]:
        server, hung_up = socket.create_server(("127.0.0.1", 0)), threading.Event()

        def run() -> None:
            client, _ = server.accept()
            with server, client:
                try:
                    client.sendall(said)
                    for _drop in range(100):
                        client.sendall(b"x")
                        time.sleep(0.05)
                except OSError:
                    hung_up.set()

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()
        return server.getsockname()[1], hung_up

    yield start
    for thread in threads:
        thread.join(20)


def test_a_host_that_answers_drop_by_drop_is_left_in_time(drip: Any) -> None:
    port, hung_up = drip(b"")
    with pytest.raises(ChannelError, match=r"1\.5"):
        ask(f"http://127.0.0.1:{port}/")
    assert hung_up.wait(20)


@pytest.mark.parametrize("said", [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"HTTP/1.1 200 OK\r\n"])
def test_a_status_counts_and_the_rest_is_not_waited_for(said: bytes, drip: Any) -> None:
    port, hung_up = drip(said)
    assert ask(f"http://127.0.0.1:{port}/").status == 200
    assert hung_up.wait(20)


def test_a_handshake_that_never_ends_is_left_in_time(drip: Any) -> None:
    port, hung_up = drip(b"\x16\x03\x03\x40\x00")  # a record of 16 KB begins
    with pytest.raises(ChannelError):
        ask(f"https://127.0.0.1:{port}/")
    assert hung_up.wait(20)


def test_one_limit_can_hold_for_all_of_it(drip: Any, settings: Any) -> None:
    port, hung_up = drip(b"")
    settings.SEND_TIMEOUT = 20
    began = time.monotonic()
    with pytest.raises(ChannelError, match=r"0\.5"):
        exchange(HttpRequest(f"http://127.0.0.1:{port}/", b"{}", {}), public_only=True, within=0.5)
    assert time.monotonic() - began < 5
    assert hung_up.wait(20)


def test_a_longer_limit_waits_longer_than_the_one_for_reminders(network: FakeNetwork, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS, settings.SEND_TIMEOUT = True, 0.2

    def think(got: Got) -> Any:
        time.sleep(0.8)
        return 200, b"{}"

    network.connect("hooks.example", think)
    assert exchange(HttpRequest(URL, b"{}", {}), public_only=True, within=20).status == 200


def test_the_search_for_a_host_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    enough = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: enough.wait(20) and [])
    with pytest.raises(ChannelError, match=r"0\.3"):
        exchange(HttpRequest(URL, b"{}", {}), public_only=True, within=0.3)
    enough.set()


def test_a_host_that_is_not_found_is_said_within_a_limit_too(network: FakeNetwork) -> None:
    with pytest.raises(ChannelError, match=r"找不到|not found"):
        exchange(HttpRequest("https://unknown.example/", b"{}", {}), public_only=True, within=5)


def test_errors_say_what_is_wrong_without_the_address(network: FakeNetwork, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    network.ports["hooks.example"] = 1
    for url in ("https://hooks.example/s3cret?k=s3cret", "https://unknown.example/s3cret"):
        with pytest.raises(ChannelError) as refused:
            ask(url)
        assert "s3cret" not in str(refused.value)
        assert refused.value.__suppress_context__
        assert str(refused.value)


def test_a_host_that_does_not_speak_http(settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True

    def greet(server: socket.socket) -> None:
        client, _ = server.accept()
        with client:
            client.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
            client.recv(1000)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=greet, args=[server], daemon=True).start()
        with pytest.raises(ChannelError, match="BadStatusLine"):
            ask(f"http://127.0.0.1:{server.getsockname()[1]}/")


def test_the_context_is_the_strict_one() -> None:
    context = ssl.create_default_context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
