"""Dossiers and tables by way of the API: what is in them, what is masked, and what is noted."""

import csv
import io
import zipfile
from typing import Any

import pytest

from cases import operations as ops
from cases.formats import dossier_manifest
from cases.models import AuditEntry, Team, User
from cases.models.keyrings import signing_key
from tests.api.conftest import Made, Program
from tests.moments import NOW
from tests.web import scenarios


def body(program: Program) -> bytes:
    return b"".join(program.last.streaming_content)


def noted() -> list[tuple[Any, ...]]:
    return list(AuditEntry.objects.exclude(kind="token_made").order_by("pk").values_list("kind", "about"))


def test_a_dossier_is_signed_masked_and_noted(program: Program, new_driver: scenarios.Make, manager: User) -> None:
    case = scenarios.overdue(new_driver).case
    ops.attach_receipts(case, ops.ReceiptUpload("other", [("a.txt", b"hello")]), by=manager, now=NOW)
    program.get(f"cases/{case.reference}/dossier")
    assert program.last["Content-Type"] == "application/zip"
    assert program.last["Content-Disposition"] == f'attachment; filename="xiaoka-{case.reference}-2026-10-16.zip"'
    packed = body(program)
    assert dossier_manifest.verify_dossier(io.BytesIO(packed), signing_key().public_key(), 1_000_000).flaws == []
    files = zipfile.ZipFile(io.BytesIO(packed))
    assert [files.read(name) for name in files.namelist() if name.startswith("receipts/")] == [b"hello"]
    assert not any(b"13800000005" in files.read(name) for name in files.namelist())
    program.get(f"cases/{case.reference}/dossier?numbers=full&receipts=false")
    files = zipfile.ZipFile(io.BytesIO(body(program)))
    assert [name for name in files.namelist() if name.startswith("receipts/")] == []
    assert noted() == [
        ("exported", "dossier, API: sync"),
        ("exported", "dossier, numbers in full, API: sync"),
        ("number_shown", "dossier, numbers in full, API: sync"),
    ]


def test_many_in_one_dossier_or_none(program: Program, new_driver: scenarios.Make) -> None:
    references = [make(new_driver).case.reference for make in (scenarios.overdue, scenarios.draft)]
    asked = "&".join(f"references={reference}" for reference in references)
    program.get(f"dossiers?{asked}")
    names = zipfile.ZipFile(io.BytesIO(body(program))).namelist()
    assert all(any(reference in name for name in names) for reference in references)
    assert program.last["Content-Disposition"] == 'attachment; filename="xiaoka-2-cases-2026-10-16.zip"'
    refused = program.get(f"dossiers?{asked}&references=XK-22222222", 422)
    assert (refused["code"], refused["detail"]) == ("no_such_cases", "Case not found: XK-22222222.")
    assert program.get("dossiers", 422)["errors"][0]["field"] == "references"
    too_many = "&".join(["references=XK-22222222"] * 101)
    assert program.get(f"dossiers?{too_many}", 422)["errors"][0]["detail"] == "Must have 100 items or fewer."
    assert noted() == [("exported", "dossier, API: sync")] * 2


def test_the_list_as_a_table(program: Program, new_driver: scenarios.Make) -> None:
    overdue, draft = scenarios.overdue(new_driver).case, scenarios.draft(new_driver).case
    program.get("tables/cases?format=csv&sort=number")
    assert program.last["Content-Disposition"] == 'attachment; filename="xiaoka-cases-2026-10-16.csv"'
    rows = list(csv.reader(body(program).decode("utf-8-sig").splitlines()))
    assert rows[0][:5] == ["Number", "Case reference", "Carrier", "Status", "Progress"]
    assert [row[:2] for row in rows[1:]] == [["138****0001", draft.reference], ["138****0005", overdue.reference]]
    assert rows[2][4] == "3 working days overdue"
    program.get("tables/cases?format=csv&standing=overdue&numbers=full")
    rows = list(csv.reader(body(program).decode("utf-8-sig").splitlines()))
    assert [row[:2] for row in rows[1:]] == [["13800000005", overdue.reference]]
    program.get("tables/cards")
    assert body(program)[:2] == b"PK"
    assert noted() == [
        ("exported", "2 cases, csv, API: sync"),
        ("exported", "1 cases, csv, API: sync, numbers in full"),
        ("number_shown", "list, numbers in full"),
        ("exported", "2 cards, xlsx, API: sync"),
    ]


def test_what_is_refused_is_not_noted(
    program: Program,
    program_of: Made,
    new_driver: scenarios.Make,
    team: Team,
    viewer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenarios.overdue(new_driver)
    scenarios.draft(new_driver)
    assert program.get("tables/cases?q=13800000005", 400)["code"] == "number_in_address"
    assert program.get("tables/cards?format=pdf", 422)["errors"][0]["field"] == "format"
    assert program_of(viewer, team).get("tables/cards?numbers=full", 403)["code"] == "only_viewer"
    monkeypatch.setattr("cases.documents.exports.MAX_ROWS", 1)
    refused = program.get("tables/cases", 422)
    assert (refused["code"], refused["detail"]) == ("too_many_rows", "The list has more than 1 rows. Filter it first.")
    assert noted() == []
