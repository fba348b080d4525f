"""Every endpoint, every method, as each of six who ask: what each gets is what the table says."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import resolve

from cases import operations as ops
from cases.api.instance import api
from cases.models import Batch, Branch, Carrier, CarrierMessage, Charge, ImportFailure, Receipt, Team, User
from cases.operations import card_import
from tests.api.access_matrix import SENDS, TABLE
from tests.api.conftest import Made
from tests.helpers import on
from tests.moments import NOW
from tests.web import scenarios

PEOPLE = ("nobody", "outsider", "viewer", "agent", "manager", "reader")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.fixture
def things(new_driver: scenarios.Make, team: Team, manager: User, mobile: Carrier) -> dict[str, Any]:
    """One of everything that an address can name, all of the one team."""
    case, now = scenarios.overdue(new_driver).case, NOW
    ops.attach_receipts(case, ops.ReceiptUpload("other", [("a.txt", b"hello")]), by=manager, now=now)
    message = CarrierMessage.objects.create(
        team=team, source="pasted", sender="10086", text="【测试】请到营业厅办理", received_at=now, stored_at=now,
        digest="0" * 64, state="unmatched", meaning="ambiguous",
    )  # fmt: skip
    ops.save_letter_draft(case, ops.LetterEdit("appeal", {}, "x", None), by=manager, now=now)
    table = card_import.upload(team, "a.csv", "号码\nbad\n".encode(), by=manager, now=now)
    card_import.dry_run(table, by=manager, now=now)
    ImportFailure.objects.create(card_import=table, row=2, why="x")
    batch = Batch.objects.create(team=team, carrier=mobile, channel="letter", submitted_at=now, made_by=manager)
    return {
        "case": case.reference,
        "card": case.card_id,
        "slug": mobile.slug,
        "branch": Branch.objects.create(team=team, carrier=mobile, name="x").pk,
        "receipt": Receipt.objects.get().pk,
        "charge": Charge.objects.create(case=case, kind="fee", amount=8, day=on("2026-10-01"), recorded_at=now).pk,
        "batch": batch.pk,
        "message": message.pk,
        "table": table.pk,
    }


@pytest.fixture
def secrets(
    program_of: Made, team: Team, manager: User, agent: User, stranger: User, viewer: User
) -> dict[str, str | None]:
    return {
        "nobody": None,
        "outsider": program_of(stranger, Team.objects.exclude(pk=team.pk).get()).secret,
        "viewer": program_of(viewer, team).secret,
        "agent": program_of(agent, team).secret,
        "manager": program_of(manager, team).secret,
        "reader": program_of(manager, team, "read").secret,
    }


def answer(secret: str | None, method: str, address: str, sends: Any) -> int:
    """The status. Whatever it changed is taken back."""
    cache.clear()
    headers = {"If-Match": "*"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    sent = {} if method in ("GET", "HEAD") else {"data": json.dumps(sends), "content_type": "application/json"}
    with transaction.atomic():
        response = Client(raise_request_exception=False).generic(method, address, headers=headers, **sent)
        list(response)  # a file is closed when it was read
        transaction.set_rollback(True)
    return int(response.status_code)


def sends(row: str, things: dict[str, Any]) -> Any:
    body = SENDS.get(row, {})
    return {name: value.format(**things) if isinstance(value, str) else value for name, value in body.items()}


def endpoints() -> set[tuple[str, str]]:
    """Every method of every endpoint, by the route that Django knows."""
    return {
        (method, "api/v1/" + path.strip("/").replace("{", "<").replace("}", ">"))
        for _prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }


def test_every_endpoint_has_a_row(things: dict[str, Any]) -> None:
    declared = set()
    for row in TABLE:
        method, address = row.split()
        route = resolve("/api/v1/" + address.format(**things).partition("?")[0]).route
        declared.add((method, route))
    missing = endpoints() - declared
    assert not missing, f"No row says who gets what from {sorted(missing)}: add it to tests/api/access_matrix.py."


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_gets_what_the_table_says(who: str, secrets: dict[str, str | None], things: dict[str, Any]) -> None:
    wrong = []
    for row, expected in TABLE.items():
        method, place = row.split()
        words = expected.split()
        wanted = 401 if who == "nobody" else int(words[0] if len(words) == 1 else words[PEOPLE.index(who) - 1])
        got = answer(secrets[who], method, "/api/v1/" + place.format(**things), sends(row, things))
        if got != wanted:
            wrong.append(f"{row}: {got}, not {wanted}")
    assert not wrong, "\n".join(wrong)


def test_no_other_method_does_anything(secrets: dict[str, str | None], things: dict[str, Any]) -> None:
    """Asked by the manager, who may most."""
    wrong, taken = [], endpoints()
    for place in dict.fromkeys(row.split()[1] for row in TABLE if "?" not in row):
        address = "/api/v1/" + place.format(**things)
        route = resolve(address).route
        for method in METHODS:
            as_get = "GET" if method == "HEAD" else method
            if (as_get, route) in taken and method != "HEAD":
                continue
            got = answer(secrets["manager"], method, address, {})
            if got not in ((200,) if (as_get, route) in taken else (404, 405)):
                wrong.append(f"{method} {place}: {got}")
    assert not wrong, "\n".join(wrong)
