"""Whose word on the scheme counts, where the web server listens, how many it takes, and what it logs."""

import logging
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.buffering_site import GET, Site
from tracker.logs import HideSecrets
from tracker.web_server.worker import _connection_limit


@pytest.mark.parametrize(
    ("trusted", "sent", "scheme"),
    [
        (frozenset({"127.0.0.1"}), b"https", "https"),
        (frozenset({"127.0.0.1"}), b"http", "http"),
        (frozenset({"192.0.2.1"}), b"https", "http"),
        (frozenset({"*"}), b"https", "https"),
    ],
)
def test_the_scheme_is_what_a_trusted_proxy_says(
    site: Callable[..., Site], trusted: frozenset[str], sent: bytes, scheme: str
) -> None:
    proxied = site(trusted=trusted, scheme_headers={"X-FORWARDED-PROTO": "https"})
    proxied.answer(
        GET.replace(
            b"Host: a", b"Host: a\r\nX-Forwarded-For: 192.0.2.7\r\nX_Forwarded_For: 1\r\nX-Forwarded-Proto: " + sent
        )
    )
    (asked,) = proxied.asked
    assert asked["wsgi.url_scheme"] == scheme
    assert (asked["REMOTE_ADDR"], asked["HTTP_X_FORWARDED_FOR"]) == ("127.0.0.1", "192.0.2.7")
    assert asked["HTTP_X_FORWARDED_PROTO"] == sent.decode()


def test_it_listens_on_a_unix_socket(site: Callable[..., Site], tmp_path: Path) -> None:
    local = site(path=tmp_path / "socket", scheme_headers={"X-FORWARDED-PROTO": "https"})
    local.answer(GET.replace(b"Host: a", b"Host: a\r\nX-Forwarded-Proto: https"))
    assert local.asked[0]["wsgi.url_scheme"] == "https"


def test_the_access_log_has_neither_secret_addresses_nor_what_is_asked(
    site: Callable[..., Site], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(HideSecrets())
    with caplog.at_level(logging.INFO, "xiaoka.access"):
        site().answer(GET.replace(b"GET /", b"GET /in/s3cret/?q=13800138000"))
    (line,) = caplog.messages
    assert line.startswith("127.0.0.1 GET /in/••••/ 200 ")
    assert "13800138000" not in line


@pytest.mark.parametrize(
    ("soft", "hard", "allowed", "connections", "raised"),
    [
        (1024, 500_000, True, 1000, [(4000, 500_000)]),
        (1024, 2048, True, 512, [(2048, 2048)]),
        (1024, 500_000, False, 256, [(4000, 500_000)]),
        (9000, 9000, True, 1000, []),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, True, 1000, []),
    ],
)
def test_there_are_as_many_connections_as_open_files_allow(
    monkeypatch: pytest.MonkeyPatch,
    soft: int,
    hard: int,
    allowed: bool,
    connections: int,
    raised: list[tuple[int, int]],
) -> None:
    asked: list[tuple[int, int]] = []

    def setrlimit(kind: int, limits: tuple[int, int]) -> None:
        asked.append(limits)
        if not allowed:
            raise PermissionError

    monkeypatch.setattr(resource, "getrlimit", lambda kind: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    assert (_connection_limit(1000), asked) == (connections, raised)
