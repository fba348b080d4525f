"""The SMS webhook as phones find it: real HTTP to a real ``manage.py serve``. Every message here is synthetic."""

import http.client
import json
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from cases.formats.forwarders.signatures import sms_forwarder_sign
from tests import ROOT
from tests.processes import ServeProcess, empty_postgresql, environment, free_port

pytestmark = [pytest.mark.drill, pytest.mark.sqlite]  # its products are on SQLite, but for those that name PostgreSQL

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
SET_UP = """
import json
from cases.models import Team
from cases.operations.forwarders import add_forwarder, secrets_of
team = Team.objects.create(name="销售一部")
plain, signed = (add_forwarder(team, "json", name="x", signed=signed) for signed in (False, True))
print(json.dumps([secrets_of(plain)[0], *secrets_of(signed)]))
"""
STORED = """
import json
from cases.models import CarrierMessage, Forwarder
counts = Forwarder.objects.order_by("pk").values_list("kept", "repeated", "codes", "strangers", "refused")
print(json.dumps([list(CarrierMessage.objects.values_list("text", flat=True)), list(counts)]))
"""


class Phones:
    """A served product with two phones: `open`, and `signed` with its `key`."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.variables = variables
        self.served = ServeProcess(folder, free_port(), **variables)
        self.served.wait_until_well()
        self.open, self.signed, self.key = self.run_script(SET_UP)

    def run_script(self, script: str) -> Any:
        """What a script that runs in the product's own settings prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", script],
            cwd=ROOT,
            env=environment(DATA_DIR=str(self.served.folder), **self.variables),
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def send(self, method: str, path: str, body: Any = b"", content_type: str = JSON, **headers: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        try:
            chunked = not isinstance(body, bytes)
            connection.request(method, path, body, {"Content-Type": content_type, **headers}, encode_chunked=chunked)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def post(self, message: tuple[int, str, str]) -> int:
        number, text, stamp = message
        fields = {"from": "10086", "content": text, "timestamp": stamp}
        if number % 2:
            return self.send("POST", f"/in/{self.open}/", json.dumps(fields).encode())
        sign = quote(sms_forwarder_sign(stamp, self.key), safe="")
        return self.send("POST", f"/in/{self.signed}/", urlencode(fields | {"sign": sign}).encode(), FORM)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def phones(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Phones]:
    with ExitStack() as stack:
        variables = {}
        if request.param == "postgresql":
            variables["DATABASE_URL"] = stack.enter_context(empty_postgresql("webhook"))
        phones = Phones(tmp_path / "data", **variables)
        stack.callback(phones.served.stop)
        yield phones


def test_a_thousand_messages_at_once_are_each_stored_once_and_no_log_has_an_address(phones: Phones) -> None:
    # 800 different ones and 200 that come again, one after the other or at the same time, by either phone.
    stamp = int(phones.run_script("import time; print(int(time.time() * 1000) - 600_000)"))
    messages = [(n, f"【中国移动】您的申请{n}已受理", str(stamp + n * 10)) for n in range(800)]
    again = [(n + n // 2 % 2, text, str(int(at) + 2000)) for n, text, at in messages[::4]]
    with ThreadPoolExecutor(8) as clients:
        answers = Counter(
            clients.map(phones.post, [m for four in zip(*[iter(messages)] * 4, strict=True) for m in four] + again)
        )
    assert answers == {200: 1000}
    _refusals(phones)
    texts, counts = phones.run_script(STORED)
    assert sorted(texts) == sorted([text for _, text, _ in messages] + ["【中国移动】in chunks"])
    kept, repeated, codes, strangers, refused = (sum(column) for column in zip(*counts, strict=True))
    assert (kept, repeated, codes, strangers, refused) == (801, 200, 1, 0, 4)
    printed = phones.served.printed()
    assert "Forbidden: /in/••••" in printed
    assert "Not Found: /in/••••" in printed
    assert "Method Not Allowed: /in/••••" in printed
    assert not [
        line for line in printed.splitlines() if phones.open in line or phones.signed in line or "n0t-there" in line
    ]


def _refusals(phones: Phones) -> None:
    """What goes wrong in all the ways there are; each leaves a line in the log, or might."""
    own, other = f"/in/{phones.open}/", f"/in/{phones.signed}/"
    message = json.dumps({"from": "10086", "text": "【中国移动】x"}).encode()
    assert phones.send("GET", f"{own}?from=10086&text=x") == 405
    assert phones.send("POST", "/in/n0t-there/", message) == 404
    assert phones.send("POST", other, message) == 403
    assert phones.send("POST", other, message, **{"X-Signature": "0" * 64}) == 403
    assert phones.send("POST", own, b"{") == 400
    assert phones.send("POST", own, b"x" * 70_000) == 413
    assert phones.send("POST", own, message, Host="elsewhere.example") == 400
    assert phones.send("POST", own, json.dumps({"from": "10086", "text": "验证码 1234"}).encode()) == 200
    # The gateway app sends its body in chunks, without a length.
    assert phones.send("POST", own, iter([b'{"from": "10086", ', '"text": "【中国移动】in chunks"}'.encode()])) == 200
    for raw in (f"POST {own} HTTP/9.9\r\n\r\n", f"POST {own} HTTP/1.1\r\nContent-Length: x\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", phones.served.port), timeout=10) as wire:
            wire.sendall(raw.encode())
            assert b" 400 " in wire.recv(100)
    with socket.create_connection(("127.0.0.1", phones.served.port), timeout=10) as wire:
        # It goes away in the middle of its body, which the server in front keeps to itself.
        wire.sendall(f"POST {own} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90\r\n\r\nabc".encode())
