"""If-Match and If-None-Match as clients send them: over a real connection that accepts gzip, behind nginx as
docs/operations.md sets it up with gzip on, and with the tags that other proxies make of ours."""

import gzip
import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cases.models import Case
from cases.operations import ACTIONS
from tests import ROOT
from tests.api.access_matrix import SENDS
from tests.api.conftest import Program
from tests.processes import free_port, wait_until
from tests.web import scenarios

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@dataclass
class Answer:
    status: int
    etag: str
    encoding: str
    body: Any


@dataclass
class Connection:
    """A program that accepts gzip, as requests, httpx and fetch do by themselves."""

    url: str
    secret: str

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"Accept-Encoding": "gzip, deflate, br, zstd", "Authorization": f"Bearer {self.secret}", **headers}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", content, headers, method=method)
        try:
            response = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            received, encoding = response.read(), response.headers.get("Content-Encoding", "")
            text = gzip.decompress(received) if encoding == "gzip" else received
            return Answer(response.status, response.headers.get("ETag", ""), encoding, json.loads(text or "null"))


@pytest.fixture
def direct(live_server: Any, program: Program) -> Connection:
    return Connection(live_server.url, program.secret)


@pytest.fixture
def behind_nginx(live_server: Any, program: Program, tmp_path: Path) -> Iterator[Connection]:
    if NGINX is None:
        pytest.skip("nginx is not installed")
    (location,) = re.findall(
        r"```nginx\n(.*?)```", (ROOT / "docs/operations.md").read_text(encoding="utf-8"), re.DOTALL
    )
    location = location.replace("http://127.0.0.1:8000", live_server.url)
    port = free_port()
    folders = "".join(
        f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"""
        daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; worker_processes 1;
        events {{ worker_connections 64; }}
        http {{
            {folders} access_log off;
            gzip on; gzip_proxied any; gzip_min_length 1; gzip_types application/json application/problem+json;
            server {{ listen 127.0.0.1:{port}; {location} }}
        }}
        """
    )
    command = [NGINX, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        through = Connection(f"http://127.0.0.1:{port}", program.secret)
        wait_until(lambda: _listens(port), "nginx listens")
        yield through
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{port}/healthz", timeout=5)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def change_and_lose(connection: Connection, reference: str) -> None:
    """A change with the tag that was read is made; with the same tag once more it is not."""
    read = connection("GET", f"cases/{reference}")
    assert (read.status, read.etag[:3], read.encoding) == (200, 'W/"', "gzip")
    path, reply = f"cases/{reference}/reply", {"kind": "under_review"}
    changed = connection("POST", path, reply, If_Match=read.etag)
    assert (changed.status, changed.etag[:3], changed.body["status"]) == (200, 'W/"', "under_review")
    lost = connection("POST", path, {"kind": "reported_done"}, If_Match=read.etag)
    assert (lost.status, lost.body["code"]) == (412, "changed_meanwhile")
    again = connection("POST", path, {"kind": "reported_done"}, If_Match=f"{read.etag}, {changed.etag}")
    assert (again.status, again.body["standing"]["kind"]) == (200, "to_verify")
    same = connection("GET", f"cases/{reference}", If_None_Match=again.etag)
    assert same.status == 304 or same.etag != again.etag  # what may be done next is in the answer to GET alone
    same = connection("GET", f"cases/{reference}", If_None_Match=connection("GET", f"cases/{reference}").etag)
    assert (same.status, same.body) == (304, None)
    assert connection("GET", f"cases/{reference}", If_None_Match=read.etag).status == 200


@pytest.mark.django_db(transaction=True)
def test_directly(direct: Connection, new_driver: scenarios.Make) -> None:
    change_and_lose(direct, scenarios.overdue(new_driver).case.reference)


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_behind_nginx(behind_nginx: Connection, new_driver: scenarios.Make) -> None:
    change_and_lose(behind_nginx, scenarios.overdue(new_driver).case.reference)


#: For each guarded action a case on which it can be done.
ON = {
    "submit": scenarios.draft,
    "confirm": scenarios.verified,
    "complaint-answer": scenarios.complained,
    "appeal": scenarios.complaint_old,
    "appeal-decision": scenarios.appealed,
    "appeal-answer": scenarios.appeal_decided,
    "reopen": scenarios.confirmed,
    "keep": scenarios.confirmed,
    "erase": scenarios.confirmed,
    "expect-refund": scenarios.confirmed,
    "promise-refund": scenarios.refund_open,
    "receive-refund": scenarios.refund_open,
    "write-off-refund": scenarios.refund_open,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", sorted(key.value for key, spec in ACTIONS.items() if spec.verb.guarded))
def test_every_guarded_action(direct: Connection, new_driver: scenarios.Make, action: str) -> None:
    reference = ON.get(action, scenarios.overdue)(new_driver).case.reference
    row = f"POST cases/{{case}}/{action}"
    sends = SENDS.get(row, {})
    before = direct("GET", f"cases/{reference}").etag
    state, content = before.removeprefix('W/"').rstrip('"').split("-")
    stale = direct("POST", f"cases/{reference}/{action}", sends, If_Match=f'W/"{int(state) + 1}-{content}"')
    assert (stale.status, stale.body["code"]) == (412, "changed_meanwhile")
    done = direct("POST", f"cases/{reference}/{action}", sends, If_Match=before)
    assert done.status == 200, done.body


@pytest.mark.django_db(transaction=True)
def test_cards_letters_entries_and_messages(direct: Connection, program: Program, new_driver: scenarios.Make) -> None:
    driver = scenarios.overdue(new_driver)
    case, card = f"cases/{driver.case.reference}", f"cards/{driver.case.card_id}"

    def does(method: str, path: str, body: Any, read: str, status: int = 200) -> None:
        etag = direct("GET", read).etag
        assert etag.startswith('W/"'), read
        stale = direct(method, path, body, If_Match=f'W/"{"f" * 16}-{"0" * 16}"')
        assert (path, stale.status) == (path, 412)
        done = direct(method, path, body, If_Match=etag)
        assert (path, done.status) == (path, status), done.body

    does("PATCH", card, {"plan": "8元保号"}, card)
    does("POST", f"{card}/number", {"number": "13900139000", "words": "misread"}, card)
    letter = f"{case}/letters/complaint"
    draft = {"name": "某某公司", "carrier_name": "中国移动", "signed_on": "2026-10-16", "body": "……"}
    does("PUT", letter, draft, letter)
    does("DELETE", letter, None, letter, 204)
    direct("POST", f"{case}/follow-up", {"words": "called"})
    does("POST", f"{case}/entries/4/void", {"words": "wrong"}, case)
    spare = direct("POST", "cards", {"number": "13700000009", "carrier": "china-mobile"}).body["id"]
    does("DELETE", f"cards/{spare}", None, f"cards/{spare}", 204)


@pytest.mark.parametrize(
    "made",
    [
        "{0}", "W/{0}", " {0} ", '"x", {0}', 'W/"0-0123456789abcdef", W/{0}',
        '"{1}-gzip"', '"{1}-br"', '"{1}-zstd"', '"{1}--gzip"', 'W/"{1}-gzip"', "*",
    ],
)  # fmt: skip
def test_what_proxies_make_of_a_tag(program: Program, new_driver: scenarios.Make, made: str) -> None:
    driver = scenarios.overdue(new_driver)
    path = f"cases/{driver.case.reference}"
    program.get(path)
    tag = made.format(program.etag, program.etag.strip('"'))
    program.get(path, 304, If_None_Match=tag)
    assert program.last.content == b""
    program.post(f"{path}/withdraw", {}, If_Match=tag)
    if tag != "*":
        program.get(path, 200, If_None_Match=tag)


@pytest.mark.parametrize("made", ["w/{0}", "W{0}", "W/ {0}", "{1}", '"{1}-exe"', '"{1}gzip"', '"{1}-"', "'{1}'", "W/*"])
def test_what_is_no_tag_of_ours(program: Program, new_driver: scenarios.Make, made: str) -> None:
    driver = scenarios.overdue(new_driver)
    path = f"cases/{driver.case.reference}"
    program.get(path)
    tag = made.format(program.etag, program.etag.strip('"'))
    program.get(path, 200, If_None_Match=tag)
    program.post(f"{path}/withdraw", {}, 412, If_Match=tag)
    assert Case.objects.get(pk=driver.case.pk).status == "submitted"
