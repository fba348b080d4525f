"""The network of a test; loaded by tests/conftest.py."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fake_services import Got, Receiver, Reply, certificate, serving


@dataclass
class FakeNetwork:
    """The network of a test: which name leads to which receiver; every other name is unknown."""

    certificate: Path
    stack: ExitStack
    ports: dict[str, int] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)

    def connect(self, name: str, answer: Callable[[Got], Reply], *, tls: bool = True) -> Receiver:
        """A receiver that answers under this name."""
        receiver = self.stack.enter_context(serving(Receiver(answer), self.certificate if tls else None))
        self.ports[name] = receiver.port
        return receiver

    def look_up(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host in self.ports:
            self.looked_up.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", self.ports[host]))]
        if host and str(host).replace(".", "").isdigit():
            return REAL_LOOK_UP(host, port, *args, **kwargs)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


REAL_LOOK_UP = socket.getaddrinfo
NAMES = (
    "qyapi.weixin.qq.com",
    "oapi.dingtalk.com",
    "open.feishu.cn",
    "api.day.app",
    "sctapi.ftqq.com",
    "4711.push.ft07.com",
    "www.pushplus.plus",
    "open.larksuite.com",
    "hooks.slack.com",
    "api.telegram.org",
    "discord.com",
    "ntfy.sh",
    "push.example",
    "hooks.example",
)


@pytest.fixture(scope="session")
def tls_certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"), *NAMES)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch, tls_certificate: Path) -> Iterator[FakeNetwork]:
    """Names are looked up here, and the tests' certificate is trusted; the rest of the way is the real one."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_certificate))
    with ExitStack() as stack:
        network = FakeNetwork(tls_certificate, stack)
        monkeypatch.setattr(socket, "getaddrinfo", network.look_up)
        yield network
