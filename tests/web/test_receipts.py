"""Receipts: handed in as files or pasted text, given back unaltered, refused in words."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Receipt
from tests.helpers import CaseDriver
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import STATES, Make, path

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
ELF = b"\x7fELF\x02\x01\x01\x00" + b"\x00" * 56
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 200
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect/></svg>'


def file(name: str, data: bytes, claims: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, claims)


def hand_in(me: Person, driver: CaseDriver, *files: Any, **typed: Any) -> Page:
    return me.fill(path(driver), path(driver, "receipts"), uploads=list(files), **typed)


def stored(folder: Path) -> list[Path]:
    return [found for found in folder.rglob("*") if found.is_file()]


def refused(page: Page, driver: CaseDriver, folder: Path) -> None:
    """Nothing was stored, and the page of the case is there with the form open."""
    assert page.status == 200
    assert page.text.count("Day-by-day count") == 1
    assert not Receipt.objects.exists()
    assert not stored(folder)
    assert "receipt" not in driver.kinds


def test_a_photo_from_a_phone_is_a_receipt_like_any_other(me: Person, new_driver: Make, receipts_folder: Path) -> None:
    driver = scenarios.overdue(new_driver)
    html = me.get(path(driver)).html
    assert 'accept="image/*" capture="environment"' in html
    hand_in(me, driver, file("申请表.pdf", PDF), photo=file("image.jpg", PNG, "image/jpeg"))
    assert [receipt.name for receipt in Receipt.objects.all()] == ["image.jpg", "申请表.pdf"]


def test_files_and_a_pasted_text_at_once(me: Person, new_driver: Make, receipts_folder: Path) -> None:
    driver = scenarios.overdue(new_driver)
    done = hand_in(
        me, driver, file("申请表.pdf", PDF), file("图.png", PNG), text="【中国移动】已受理", words="营业厅给的"
    )
    page = me.follow(done)
    assert "3 receipts saved." in page.text
    listed = page.part("receipts")
    assert "申请表.pdfScreenshot or photo" in listed
    assert "2026-10-16 1000.txtSMS" in listed
    assert "营业厅给的" in page.part("entry-3")
    assert driver.chain_flaw is None
    links = [href for href in page.hrefs if "/receipts/" in href]
    assert len(links) == 3
    answers = [me.get(href).response for href in links]
    assert [answer.content for answer in answers] == [PDF, PNG, "【中国移动】已受理".encode()]
    assert [answer.headers["Content-Type"] for answer in answers] == [
        "application/pdf",
        "image/png",
        "text/plain; charset=utf-8",
    ]
    for answer in answers:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert "filename*=utf-8''%E7%94%B3%E8%AF%B7%E8%A1%A8.pdf" in answers[0].headers["Content-Disposition"]
    sums = {hashlib.sha256(data).hexdigest() for data in (PDF, PNG, "【中国移动】已受理".encode())}
    assert {found.name for found in stored(receipts_folder)} == sums


def test_a_confirmed_and_a_withdrawn_case_still_take_receipts(me: Person, new_driver: Make) -> None:
    for name in ("draft", "confirmed", "withdrawn", "returned"):
        assert "1 receipt saved." in me.follow(hand_in(me, STATES[name](new_driver), text="短信")).text, name


def test_the_same_file_again_is_kept_once_and_the_same_click_too(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    hand_in(me, driver, file("a.pdf", PDF))
    again = me.follow(hand_in(me, driver, file("b.pdf", PDF)))
    assert "These receipts have already been added." in again.text
    page = me.get(path(driver))
    for _ in range(2):
        me.send(page, path(driver), path(driver, "receipts"), text="短信")
    assert Receipt.objects.count() == 2


def test_nothing_chosen_and_nothing_pasted(me: Person, new_driver: Make, receipts_folder: Path) -> None:
    driver = scenarios.overdue(new_driver)
    page = me.fill(path(driver), path(driver, "receipts"), text="   ", words="备注")
    refused(page, driver, receipts_folder)
    assert "Choose at least one file, or paste text." in page.text
    assert page.form(path(driver, "receipts")).fields["words"] == "备注"


KINDS = (
    "is not a supported file type. Upload a PDF, OFD, JPEG, PNG, HEIC, WebP, recording (AMR, 3GP, AAC, M4A, MP3, OGG, "
    "WAV) or plain text. Save a Word or Excel file as PDF; of a video, upload the sound or a screenshot."
)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("empty.pdf", b"", "“empty.pdf” is empty and was not saved. Choose the file again."),
        ("blank.txt", b" \n\t ", "“blank.txt” is empty and was not saved. Choose the file again."),
        ("invoice.pdf", EXE, f"“invoice.pdf” {KINDS}"),
        ("invoice.pdf", ELF, f"“invoice.pdf” {KINDS}"),
        ("page.html", HTML, f"“page.html” {KINDS}"),
        ("page.pdf", HTML, f"“page.pdf” {KINDS}"),
        ("drawing.svg", SVG, f"“drawing.svg” {KINDS}"),
        ("drawing.png", SVG, f"“drawing.png” {KINDS}"),
        ("photo.jpg.exe", EXE, f"“photo.jpg.exe” {KINDS}"),
        ("run.sh", b"#!/bin/sh\nrm -rf /\n", f"“run.sh” {KINDS}"),
        ("archive.zip", b"PK\x03\x04" + b"\x00" * 60, f"“archive.zip” {KINDS}"),
    ],
)
def test_files_that_are_refused(
    me: Person, new_driver: Make, receipts_folder: Path, name: str, data: bytes, sentence: str
) -> None:
    driver = scenarios.overdue(new_driver)
    page = hand_in(me, driver, file("good.pdf", PDF), file(name, data), text="短信原文", words="备注", kind="form")
    refused(page, driver, receipts_folder)
    assert sentence in page.text
    fields = page.form(path(driver, "receipts")).fields
    assert (fields["text"], fields["words"], fields["kind"]) == ("短信原文", "备注", "form")


class Zeros(io.RawIOBase):
    """25 MB that are never in memory at once."""

    name = "scan.pdf"
    content_type = "application/pdf"
    size = 25 * 1024 * 1024

    def __init__(self) -> None:
        self.left = self.size

    def readable(self) -> bool:
        return True

    def read(self, wanted: int = -1) -> bytes:
        given = min(self.left, wanted if wanted >= 0 else self.left)
        self.left -= given
        return b"0" * given


def test_25_megabytes_are_refused_and_what_was_typed_stays(me: Person, new_driver: Make, receipts_folder: Path) -> None:
    driver = scenarios.overdue(new_driver)
    page = hand_in(me, driver, Zeros(), text="短信原文", words="备注")
    refused(page, driver, receipts_folder)
    assert "“scan.pdf” is larger than 20 MB. Upload a smaller scan or photo." in page.text
    assert page.form(path(driver, "receipts")).fields["text"] == "短信原文"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a" * 296 + ".pdf", "a" * 116 + ".pdf"),
        ("../../../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\evil.pdf", "evil.pdf"),
        ("photo.jpg.pdf", "photo.jpg.pdf"),
        ("no ending", "no ending"),
        ("😀 发票\u202egpj.pdf", "😀 发票gpj.pdf"),
        ('"><script>alert(1)<script>.pdf', '"><script>alert(1)<script>.pdf'),
    ],
)
def test_file_names_are_kept_as_far_as_they_are_harmless(me: Person, new_driver: Make, name: str, kept: str) -> None:
    driver = scenarios.overdue(new_driver)
    upload = file("x.pdf", PDF)
    upload._name = name  # type: ignore[attr-defined]
    page = me.follow(hand_in(me, driver, upload))
    receipt = Receipt.objects.get()
    assert receipt.name == kept
    assert f"{kept}Screenshot" in page.part("receipts")
    assert "<script>alert(1)" not in page.html
    answer = me.get(path(driver, "receipts", str(receipt.pk))).response
    assert answer.content == PDF
    assert "\n" not in answer.headers["Content-Disposition"]


def test_a_receipt_is_given_out_with_the_ending_of_what_it_is(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    hand_in(me, driver, file("photo.jpg", PNG, "image/jpeg"))
    answer = me.get(path(driver, "receipts", str(Receipt.objects.get().pk))).response
    assert answer.headers["Content-Type"] == "image/png"
    assert 'filename="photo.jpg.png"' in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_a_stored_file_that_was_harmed_is_not_given_out(
    me: Person, new_driver: Make, receipts_folder: Path, harm: str
) -> None:
    driver = scenarios.overdue(new_driver)
    hand_in(me, driver, file("申请表.pdf", PDF))
    (row,) = stored(receipts_folder)
    if harm == "altered":
        row.write_bytes(PDF.replace(b"1.4", b"1.5"))
    else:
        row.unlink()
    page = me.get(path(driver, "receipts", str(Receipt.objects.get().pk)))
    assert page.status == 410
    assert "The file “申请表.pdf” is missing or no longer matches the upload" in page.text
    assert PDF[:8] not in page.response.content
    assert me.get(path(driver)).status == 200


def test_very_many_and_very_long(me: Person, new_driver: Make, receipts_folder: Path) -> None:
    driver = scenarios.overdue(new_driver)
    page = me.fill(path(driver), path(driver, "receipts"), text="长" * 100_000)
    refused(page, driver, receipts_folder)
    assert "Ensure this value has at most 20000 characters (it has 100000)." in page.text
    assert (
        "30 receipts saved." in me.follow(hand_in(me, driver, *(file(f"{n}.txt", b"%d" % n) for n in range(30)))).text
    )
    too_many = [file(f"{n}.txt", b"%d" % n) for n in range(101)]
    assert hand_in(me, driver, *too_many).status == 400
    assert Receipt.objects.count() == 30


def test_nul_bytes_in_a_pasted_text(me: Person, new_driver: Make, receipts_folder: Path) -> None:
    driver = scenarios.overdue(new_driver)
    page = me.fill(path(driver), path(driver, "receipts"), text="a\x00b")
    refused(page, driver, receipts_folder)
    assert "Null characters are not allowed." in page.text


def test_markup_in_a_pasted_text_is_told_apart(me: Person, new_driver: Make, receipts_folder: Path) -> None:
    driver = scenarios.overdue(new_driver)
    page = me.fill(path(driver), path(driver, "receipts"), text="<script>alert(1)</script>")
    refused(page, driver, receipts_folder)
    assert KINDS in page.text


def test_no_such_receipt(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    hand_in(me, driver, text="短信")
    other = scenarios.waiting(new_driver)
    pk = Receipt.objects.get().pk
    for wrong in (str(pk + 1), "9" * 30, "9" * 5000, "x", "-1"):
        assert me.get(path(driver, "receipts", wrong)).status == 404
    assert me.get(path(other, "receipts", str(pk))).status == 404
