"""Asking for a dossier on a page, and the page on which anybody checks one."""

import io
import json
import zipfile
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.formats.dossier_manifest import fingerprint, public_pem, verify_dossier
from cases.models import AuditEntry
from cases.models.keyrings import signing_key
from tests.helpers import CaseDriver
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make, path


def got(page: Page) -> bytes:
    assert page.status == 200
    assert page.response.headers["Content-Type"] == "application/zip"
    assert page.response.headers["Cache-Control"] == "private, no-store"
    return b"".join(page.response.streaming_content)  # type: ignore[attr-defined]


class Answer(Page):
    """An answer that may be a file."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status = response.status_code


def download(person: Person, address: str, **typed: Any) -> bytes:
    return got(Answer(person.client.post(address, typed)))


def manifest(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        told: dict[str, Any] = json.loads(opened.read("manifest.json"))
    return told


def test_of_one_case(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    assert path(driver, "dossier") in me.get(path(driver)).hrefs
    page = me.get(path(driver, "dossier"))
    assert "Show full numbers" in page.text
    assert page.form().fields["with_receipts"] == "on"
    assert "full_numbers" not in page.form().fields
    response = me.client.post(path(driver, "dossier"), {"with_receipts": "on"})
    assert f'filename="xiaoka-{driver.case.reference}-2026-10-16.zip"' in response.headers["Content-Disposition"]
    data = got(Answer(response))
    assert verify_dossier(io.BytesIO(data), signing_key().public_key()).flaws == []
    told = manifest(data)
    assert (told["full_numbers"], told["with_receipts"], told["language"]) == (False, True, "en")
    told = manifest(download(me, path(driver, "dossier"), full_numbers="on"))
    assert (told["full_numbers"], told["with_receipts"]) == (True, False)


def test_who_took_what_out_is_noted(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    before = driver.fresh().entry_head
    download(me, path(driver, "dossier"))
    assert [(a.kind, a.case, a.card) for a in AuditEntry.objects.exclude(kind="signed_in")] == [
        ("exported", driver.case, None)
    ]
    assert "Who has viewed the full number" not in me.get(f"/cards/{driver.case.card_id}/").text
    download(me, path(driver, "dossier"), full_numbers="on")
    newest = AuditEntry.objects.all()[:2]
    assert [(a.kind, a.by, a.card_id) for a in newest] == [
        ("number_shown", me.user, driver.case.card_id),
        ("exported", me.user, None),
    ]
    assert "Who has viewed the full number" in me.get(f"/cards/{driver.case.card_id}/").text
    assert driver.fresh().entry_head == before  # taking it out is no part of the case


def test_of_what_the_list_shows(me: Person, new_driver: Make) -> None:
    late, waiting = scenarios.overdue(new_driver), scenarios.waiting(new_driver)
    assert "/cases/dossier/?standing=overdue" in me.get("/cases/", standing="overdue").hrefs
    page = me.get("/cases/dossier/", standing="overdue")
    assert page.form().fields["references"] == late.case.reference
    both = f"{waiting.case.reference.lower()}, {late.case.reference}\n{late.case.reference}"
    data = download(me, "/cases/dossier/", references=both)
    assert [each["reference"] for each in manifest(data)["cases"]] == [waiting.case.reference, late.case.reference]


def test_a_dossier_beside_a_list_says_of_how_many_cases_and_at_a_case_that_it_is_the_case_s(
    me: Person, new_driver: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = scenarios.overdue(new_driver)
    address, one = "/cases/dossier/?standing=overdue", "Dossier of 1 case"
    assert (address, one) in me.get("/cases/", standing="overdue").links
    assert me.get(address).part("main").count(one) == 1
    scenarios.overdue(new_driver, "13800000008")
    scenarios.overdue(new_driver, "13800000009")
    assert (address, "Dossier of 3 cases") in me.get("/cases/", standing="overdue").links
    for module in ("cases.web.views.case_lists", "cases.web.views.dossiers"):
        monkeypatch.setattr(f"{module}.MAX_CASES", 2)
    assert (address, "Dossier of the first 2 cases") in me.get("/cases/", standing="overdue").links
    page = me.get(address)
    assert "The list has more than 2 cases: these are the first 2 in its order." in page.text
    assert len(page.form().fields["references"].split()) == 2
    assert (path(driver, "dossier"), "Export this case’s dossier") in me.get(path(driver)).links
    assert f"Dossier of case {driver.case.reference}" in me.get(path(driver, "dossier")).text
    assert "Dossier of several cases" in me.get("/cases/dossier/?standing=draft").text


def test_unknown_cases_and_those_of_others_are_named_and_what_was_typed_stays(
    me: Person, outsider: Person, new_driver: Make
) -> None:
    driver = scenarios.overdue(new_driver)
    page = outsider.post("/cases/dossier/", references=driver.case.reference)
    assert f"Case not found: {driver.case.reference}." in page.text
    assert page.form().fields["references"] == driver.case.reference
    page = me.post("/cases/dossier/", references="XK-22222222\0", full_numbers="on")
    assert page.status == 200
    assert page.form().fields["full_numbers"] == "on"
    assert "Enter at least one case." in me.post("/cases/dossier/", references=" ,, ").text
    many = "\n".join(f"XK-{n:08}" for n in range(101))
    assert "Up to 100 cases at a time" in me.post("/cases/dossier/", references=many).text


def test_a_dossier_is_the_teams_alone(outsider: Person, anybody: Person, new_driver: Make) -> None:
    driver: CaseDriver = scenarios.overdue(new_driver)
    for way in (outsider.get, outsider.post):
        assert way(path(driver, "dossier")).status == 404
    assert anybody.post(path(driver, "dossier")).status == anybody.get("/cases/dossier/").status == 302


# The page for everybody


@pytest.fixture
def data(me: Person, new_driver: Make) -> bytes:
    return download(me, path(scenarios.overdue(new_driver), "dossier"), with_receipts="on")


def upload(person: Person, content: bytes, **typed: str) -> Page:
    return person.post("/proof/", typed, dossier=SimpleUploadedFile("x.zip", content))


@pytest.fixture
def visitor(anybody: Person) -> Person:
    anybody.client.cookies["language"] = "en"
    anybody.post("/language/", language="en", next="/proof/")
    return anybody


def test_the_key_is_shown_to_everybody(visitor: Person, data: bytes) -> None:
    page = visitor.get("/proof/")
    pem = public_pem(signing_key().public_key())
    assert pem.splitlines()[1] in page.text
    assert fingerprint(signing_key().public_key()) in page.text
    assert visitor.client.get("/proof/key.pem").content.decode() == pem
    assert b"PRIVATE" not in visitor.client.get("/proof/key.pem").content
    assert "could create a different record and sign it" in page.text


def test_an_untouched_dossier(visitor: Person, data: bytes) -> None:
    page = upload(visitor, data)
    assert "Unchanged: every file matches its signature and the record is complete." in page.text
    assert "Created by http://127.0.0.1:8000 on 16 Oct 2026, 10:00." in page.text
    assert manifest(data)["cases"][0]["head"] in page.text


def test_an_altered_one_is_named(visitor: Person, data: bytes) -> None:
    at = data.index(b"%PDF-1.7") + 100
    page = upload(visitor, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert "This dossier has been changed since it was signed: “dossier.pdf” was altered" in page.text
    assert "Unchanged" not in page.text


def test_with_another_installations_key(visitor: Person, data: bytes) -> None:
    assert "Unchanged" in upload(visitor, data, key=public_pem(signing_key().public_key())).text
    other = public_pem(Ed25519PrivateKey.generate().public_key())
    assert "it was signed with a different key" in upload(visitor, data, key=other).text
    assert "This is not an Ed25519 public key" in upload(visitor, data, key="mine").text


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04" * 1000, b"PK\x05\x06" + bytes(18), bytes(100_000)])
def test_anything_else_is_told(visitor: Person, content: bytes) -> None:
    page = upload(visitor, content)
    assert page.status == 200
    assert "This dossier has been changed since it was signed:" in page.text


def test_nothing_handed_in(visitor: Person) -> None:
    assert "This field is required." in visitor.post("/proof/").text


def test_what_is_too_large_is_refused_before_it_is_read(visitor: Person, data: bytes, settings: Any) -> None:
    settings.DOSSIER_MAX_BYTES = 0
    page = upload(visitor, data + bytes(70_000))
    assert page.status == 413
    assert "Check it with manage.py verify_dossier" in page.text
    assert "Unchanged" not in page.text


def test_it_needs_no_token_for_it_changes_nothing(data: bytes) -> None:
    response = Client(enforce_csrf_checks=True).post("/proof/", {"dossier": SimpleUploadedFile("x.zip", data)})
    assert response.status_code == 200


def test_the_open_page_is_not_kept_busy(anybody: Person) -> None:
    def handed_in() -> Page:
        return Page(anybody.client.post("/proof/", {"dossier": SimpleUploadedFile("a.zip", b"x")}))

    for _ in range(20):
        assert "这不是" in handed_in().text
    assert "短时间内" in handed_in().text
