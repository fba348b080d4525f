"""A whole server on a small file system that fills up: reading goes on, what writes says why it cannot, and all is
well again once there is room."""

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import ROOT
from tests.processes import ServeProcess, environment, free_port, wait_until

pytestmark = [pytest.mark.drill, pytest.mark.sqlite]

#: An administrator with a session and a token, and a case.
SEED = """
import json
from datetime import timedelta
from django.test import Client
from cases import clock, operations as ops
from cases.domain.roles import Scope
from cases.models import Carrier, Team, User
from cases.operations.tokens import create_token
user = User.objects.create_superuser("operator@example.com", "correct horse battery", name="Olga", language="en")
team = Team.objects.create(name="Synthetic")
membership = team.memberships.create(user=user, role="manager")
case = ops.open_case(team, ops.NewCase("13800138000", Carrier.objects.first(), "cost", "hotline"),
    by=user, now=clock.now())
_, token = create_token(membership, name="t", scopes=list(Scope), days=9, now=clock.now())
client = Client()
client.force_login(user)
print(json.dumps({"session": client.cookies["sessionid"].value, "reference": case.reference, "token": token}))
"""

NEW_CASE = {"number": "13900139000", "carrier": "1", "reason": "harassment", "channel": "branch", "press": "draft"}


@dataclass
class Answer:
    status: int
    text: str
    headers: dict[str, str]


class Site:
    """A running server, and a browser without JavaScript that is signed in there."""

    def __init__(self, served: ServeProcess, seed: dict[str, str]) -> None:
        self.served, self.seed = served, seed

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return Answer(response.status, response.read().decode(errors="replace"), dict(response.getheaders()))
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        return self.send("GET", path, Cookie=f"sessionid={self.seed['session']}")

    def post(self, path: str, fields: dict[str, str], *, file: bytes = b"", signed_in: bool = True) -> Answer:
        """Send a form, with the token of its page; a file makes it a multipart form."""
        session = f"; sessionid={self.seed['session']}" if signed_in else ""
        token = "x" * 32
        fields = {"csrfmiddlewaretoken": token, **fields}
        body, content_type = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        if file:
            parts = [
                *(
                    f'\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                    for name, value in fields.items()
                ),
                '\r\nContent-Disposition: form-data; name="uploads"; filename="scan.txt"\r\n\r\n',
            ]
            body = b"--b" + "--b".join(parts).encode() + file + b"\r\n--b--\r\n"
            content_type = "multipart/form-data; boundary=b"
        cookie = f"csrftoken={token}{session}"
        return self.send("POST", path, body, Cookie=cookie, Content_Type=content_type)

    def api(self, method: str, path: str, body: object = None) -> Answer:
        headers = {"Authorization": f"Bearer {self.seed['token']}", "Accept_Language": "en"}
        data = None if body is None else json.dumps(body).encode()
        return self.send(method, f"/api/v1/{path}", data, Content_Type="application/json", **headers)

    def sign_in(self) -> Answer:
        fields = {"login": "operator@example.com", "password": "correct horse battery"}
        return self.post("/sign-in/", fields, signed_in=False)


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of 64 MB."""
    folder = tmp_path_factory.mktemp("small")
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here: that takes root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module")
def site(small_disk: Path) -> Iterator[Site]:
    (small_disk / "tmp").mkdir()
    variables = {"MIN_FREE_SPACE": "1MB", "TMPDIR": str(small_disk / "tmp"), "ADMIN_SECOND_FACTOR": "false"}
    served = ServeProcess(small_disk / "data", free_port(), **variables)
    try:
        served.wait_until_well()
        seeding = subprocess.run(
            [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", SEED],
            cwd=ROOT,
            env=environment(DATA_DIR=str(served.folder)),
            capture_output=True,
            text=True,
            check=True,
        )
        yield Site(served, json.loads(seeding.stdout.splitlines()[-1]))
    finally:
        served.stop()


@pytest.fixture
def full(small_disk: Path, site: Site) -> Iterator[None]:
    """Not a byte is free; there is room again afterwards."""
    filler = small_disk / "filler"
    assert site.get("/").status == 200
    with filler.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(b"\0" * 65536)
            except OSError:
                break
    assert os.statvfs(small_disk).f_bavail == 0
    yield
    filler.unlink()
    wait_until(lambda: site.get("/healthz").status == 200, "all is well again")


@pytest.mark.usefixtures("full")
def test_healthz_and_metrics_say_that_the_disk_is_full(site: Site) -> None:
    health = site.get("/healthz")
    answer = json.loads(health.text)
    assert (health.status, answer["status"], answer["low_space"]) == (503, "unwell", ["DATA_DIR"])
    assert answer["why"].startswith("DATA_DIR cannot be written: No space left on device")
    assert str(site.served.folder) not in health.text
    page = site.get("/metrics").text
    assert 'xiaoka_free_bytes{folder="DATA_DIR"} 0.0' in page
    assert 'xiaoka_free_wanted_bytes{folder="DATA_DIR"} 1e+06' in page


@pytest.mark.usefixtures("full")
def test_reading_goes_on(site: Site) -> None:
    reference = site.seed["reference"]
    paths = ["/", f"/cases/{reference}/", "/admin/", "/cards/"]
    assert [site.get(path).status for path in paths] == [200] * len(paths)
    assert [site.api("GET", path).status for path in ("cases", f"cases/{reference}")] == [200, 200]


@pytest.mark.usefixtures("full")
def test_whatever_writes_says_why_it_cannot(site: Site) -> None:
    reference = site.seed["reference"]
    receipt = f"/cases/{reference}/receipts/"
    answers = {
        "sign in": site.sign_in(),
        "a receipt of 5 MB": site.post(receipt, {"kind": "form"}, file=b"synthetic " * 500_000),
        "a pasted text": site.post(receipt, {"kind": "sms", "text": "合成短信：已受理。"}),
        "a new case": site.post("/cases/new/", NEW_CASE),
        "the admin": site.post(
            "/admin/cases/calendaroverride/add/", {"date": "2026-12-31", "is_working": "", "name": "x", "_save": "1"}
        ),
    }
    told = {
        name: answer.status
        for name, answer in answers.items()
        if answer.status != 507 or not re.search("disk is full|磁盘已满|no room left", answer.text)
    }
    assert told == {}
    card = site.api("POST", "cards", {"number": "13900139001", "carrier": "china-mobile"})
    problem = json.loads(card.text)
    assert (card.status, problem["code"], problem["title"]) == (507, "disk_full", "Insufficient storage")
    assert problem["detail"].startswith("The server’s disk is full and nothing was saved.")


def test_afterwards_what_was_refused_is_done(site: Site, full: None, request: pytest.FixtureRequest) -> None:
    assert site.sign_in().status == 507
    (Path(str(site.served.folder)).parent / "filler").write_bytes(b"")
    assert site.sign_in().status == 302
    assert site.api("POST", "cards", {"number": "13900139001", "carrier": "china-mobile"}).status == 201
