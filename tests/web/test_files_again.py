"""A refused form keeps no files, and says at each file field that had some that they must be chosen again."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.helpers import CaseDriver
from tests.web.html_client import Person
from tests.web.scenarios import path

AGAIN = "Choose again, as a refused form keeps no files: "


@pytest.fixture(autouse=True)
def _folder(receipts_folder: Path) -> None:
    """Receipts go into the test's own folder."""


def pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 made up", "application/pdf")


def test_receipts_whose_note_is_too_long(me: Person, submitted: CaseDriver) -> None:
    files = [pdf("one.pdf"), pdf("two.pdf")]
    page = me.fill(path(submitted), path(submitted, "receipts"), uploads=files, words="x" * 501)
    assert f"{AGAIN}one.pdf, two.pdf" in page.text
    assert not submitted.case.receipts.exists()


def test_a_case_error_after_the_form_was_clean_says_it_too(me: Person, submitted: CaseDriver) -> None:
    files = [SimpleUploadedFile("program.exe", b"MZ\x90\x00 made up")]
    page = me.fill(path(submitted), path(submitted, "receipts"), uploads=files, text="合成短信")
    assert "合成短信" in page.html
    assert "program.exe" in page.text


def test_a_bill_whose_month_is_none(me: Person) -> None:
    page = me.post(
        "/bills/new/", {"month": "not a month", "upload": SimpleUploadedFile("bill.csv", "号码,金额\n".encode())}
    )
    assert f"{AGAIN}bill.csv" in page.text


def test_no_file_no_sentence(me: Person, submitted: CaseDriver) -> None:
    page = me.fill(path(submitted), path(submitted, "receipts"), words="x" * 501)
    assert AGAIN not in page.text
    assert AGAIN not in me.get(path(submitted)).text


def test_an_upload_that_is_wrong_itself_says_what_is_wrong_and_not_that(me: Person) -> None:
    page = me.post("/cards/import/", upload=SimpleUploadedFile("cards.zip", b"PK\x05\x06" + b"\0" * 18))
    assert page.status == 200
    assert AGAIN not in page.text
