"""A client that openapi-python-client generates from the document, as docs/api.md says, does everything on a server as
it is run: it accepts gzip, sends its defaults along, and reads every answer that the document names."""

import importlib
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

from tests import ROOT
from tests.api.generated_client import NOW, Caller, arguments
from tests.processes import PATIENCE, ServeProcess, empty_postgresql, environment, free_port, wait_until

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(
        importlib.util.find_spec("openapi_python_client") is None, reason="openapi-python-client is not installed"
    ),
]
SETTINGS = {"XIAOKA_TEST": "true", "XIAOKA_NOW": NOW, "API_REQUESTS_A_MINUTE": "100000"}
TOKEN = """
from cases.clock import now
from cases.domain.roles import Role, Scope
from cases.models import Membership, Team, User
from cases.operations.tokens import create_token
member = Membership.objects.create(
    user=User.objects.create(email="client@example.com"), team=Team.objects.create(name="合成团队"), role=Role.MANAGER
)
print(create_token(member, name="generated", scopes=list(Scope), days=30, now=now())[1])
"""


def run(*command: str, **options: Any) -> str:
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=PATIENCE, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeProcess]:
    """On a database of its own, of the kind that the tests run on; its clock stands still."""
    folder = tmp_path_factory.mktemp("served") / "data"
    with ExitStack() as stack:
        if connection.vendor != "sqlite":
            SETTINGS["DATABASE_URL"] = stack.enter_context(empty_postgresql("generated"))
        process = ServeProcess(folder, free_port(), **SETTINGS)
        stack.callback(process.stop)
        yield process


@pytest.fixture(scope="module")
def package(served: ServeProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The generated package, without a warning: nothing of the document was left out of it."""
    served.wait_until_well()
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(served.get("/api/v1/openapi.json")[1], encoding="utf-8")
    (settings,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/api.md").read_text(encoding="utf-8"), re.DOTALL)
    (folder / "client.yaml").write_text(f"{settings}post_hooks: []\n", encoding="utf-8")
    options = ("--path", "openapi.json", "--config", "client.yaml", "--output-path", "made", "--fail-on-warning")
    run("-m", "openapi_python_client", "generate", *options, cwd=folder)
    sys.path.insert(0, str(folder / "made"))
    yield importlib.import_module("xiaoka_client")
    sys.path.remove(str(folder / "made"))


@pytest.fixture(scope="module")
def call(package: ModuleType, served: ServeProcess) -> Iterator[Caller]:
    environ = environment(DATA_DIR=str(served.folder), **SETTINGS)
    secret = run("manage.py", "shell", "-v0", "-c", TOKEN, cwd=ROOT, env=environ).strip()
    caller = Caller(package, f"http://127.0.0.1:{served.port}", secret)
    with caller.client:
        yield caller


def test_from_the_number_to_the_confirmation(call: Caller) -> None:
    made = call("log_one", 201, {"number": "13700000001", "carrier": "china-mobile", "holder": "某某科技有限公司"})
    reference, etags = made.reference, [call.etag]

    def act(name: str, **body: Any) -> Any:
        told = call(name, 200, body, reference=reference, if_match=etags[-1])
        etags.append(call.etag)
        return told

    assert act("submit", happened_at="2026-10-12T16:00:00+08:00", reference="SL-1").status == "submitted"
    assert str(act("reply", kind="promised", promised_on="2026-10-16").promised_on) == "2026-10-16"
    assert act("reply", kind="reported_done").standing.kind == "to_verify"
    refused = call("withdraw", 412, {}, reference=reference, if_match=etags[1])
    assert refused.code == "changed_meanwhile"
    assert call("read_case", 200, reference=reference).number == "137****0001"
    assert act("verify", method="hotline", finding="cancelled").status == "submitted"
    told = act("confirm")
    assert (told.status, told.confirmed_at) == ("confirmed", datetime.fromisoformat(NOW))
    assert {etag[:3] for etag in etags} == {'W/"'}  # it accepts gzip, and every answer was compressed
    kinds = [entry.kind for entry in call("read_timeline", 200, reference=reference).items]
    assert kinds == ["logged", "submitted", "promised", "reported_done", "verified", "confirmed"]
    call("read_case", 304, reference=reference, if_none_match=etags[-1])


def test_what_is_left_out_of_a_change_stays(call: Caller) -> None:
    card = {"number": "13700000002", "carrier": "china-mobile", "holder": "王小明", "user": "李静", "note": "合成"}
    made = call("register_card", 201, card)
    changed = call("change_card", 200, {"plan": "8元保号"}, pk=made.id, if_match=call.etag)
    assert (changed.plan, changed.holder, changed.user, changed.note) == ("8元保号", "王小明", "李静", "合成")


def test_many_at_once(call: Caller) -> None:
    new = {"carrier": "china-unicom", "submitted_at": "2026-10-15T09:00:00+08:00"}
    items = [new | {"number": f"1370000001{digit}"} for digit in (0, 1, 2, 0)]
    logged = call("log_many", 200, {"items": items}, idempotency_key="many")
    references = [one.reference for one in logged.items]
    assert [reference is None for reference in references] == [False, False, False, True]
    assert logged.items[3].problem.code == "open_case_exists"
    done = call(
        "bulk_follow_up",
        200,
        {"references": [*references[:3], "XK-22222222"], "act": {"words": "called"}},
        idempotency_key="calls",
    )
    assert (done.done, [one.problem.code for one in done.refused]) == (references[:3], ["not_found"])
    undone = call("bulk_undo", 200, {"idempotency_key": "calls"})
    assert sorted(undone.undone) == sorted(references[:3])
    assert sorted(call("bulk_undo", 200, {"idempotency_key": "many"}).withdrawn) == sorted(references[:3])


def test_a_table_is_imported(call: Caller) -> None:
    table = "号码,运营商,机主\n13700000021,移动,某某公司\nbad,移动,某某公司\n".encode()
    body = call.body_class("hand_in_table")(file=call.file("卡.csv", table))
    made = call("hand_in_table", 201, body)
    assert (made.columns, made.forecast.new, made.forecast.wrong) == (["number", "carrier", "holder"], 1, 1)
    rows = call("list_rows", 200, pk=made.id)
    assert [(row.row, row.outcome, row.facts.holder) for row in rows.items] == [
        (2, "new", "某某公司"),
        (3, "wrong", ""),
    ]
    assert call("run_import", 200, pk=made.id).state == "running"
    wait_until(lambda: call("read_import", 200, pk=made.id).state == "done", "the worker imports the table")
    assert call("read_import", 200, pk=made.id).became.new == 1
    assert [one.row for one in call("list_failures", 200, pk=made.id).items] == [3]
    assert call("get_failed_rows", 200, pk=made.id).payload.read(2) == b"PK"
    assert [card.number for card in call("list_cards", 200, q="0021").items] == ["137****0021"]


#: Why the examples of the document are refused on a case that was just submitted, or a table just handed in.
REFUSED = {
    "amend_entry": "nothing_amendable",
    "appeal": "no_complaint_yet",
    "appeal_answer": "nothing_to_answer",
    "appeal_decision": "nothing_to_answer",
    "bill": "wrong_state",
    "bulk_undo": "nothing_to_undo",
    "complaint_answer": "nothing_to_answer",
    "confirm": "not_verified",
    "erase": "not_closed",
    "expect_refund": "not_cancelled_yet",
    "finish_letter": "invalid",
    "get_failed_rows": "not_found",
    "keep": "not_closed",
    "name_columns": "wrong_columns",
    "promise_refund": "no_open_refund",
    "receive_refund": "no_open_refund",
    "reopen": "wrong_state",
    "replace_cells": "no_such_cell",
    "submit": "wrong_transition",
    "take_back_import": "import_not_taken_back",
    "write_off_refund": "no_open_refund",
}


def test_every_operation(call: Caller) -> None:
    """Each is sent the document's example, on something that was just made, with the ETag that was just read."""
    refused = {}
    for name, operation in call.operations.items():
        response = operation.sync_detailed(client=call.client, **arguments(call, name))
        assert (response.parsed is None) == (response.status_code == 204), (name, response.content)
        if response.status_code >= 300:
            refused[name] = response.parsed.code
    assert len(call.operations) > 90
    assert refused == REFUSED
