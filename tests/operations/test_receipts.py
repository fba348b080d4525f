"""Handing in receipts: all or none, the same bytes once, never changed."""

import hashlib
from pathlib import Path

import pytest

from cases.domain.file_types import FileEmpty, FileTooLarge, FileTypeRefused
from cases.models import Receipt, ReceiptAltered, Team, User
from cases.operations import ReceiptUpload, Verify, Withdraw, attach_receipts
from cases.operations.corrections import VoidEntry
from cases.selectors import confirmed_without_receipt
from tests.helpers import Case, CaseDriver, at, local_str, new_case

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
PDF = b"%PDF-1.4\n%%EOF\n"
ATTACHED_AT = at("2026-10-09T10:20")

pytestmark = pytest.mark.usefixtures("receipts_folder")


def stored(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_and_a_text(submitted: CaseDriver, manager: User, receipts_folder: Path) -> None:
    attach_receipts(
        submitted.case,
        ReceiptUpload("form", [("C:\\照片\\申请表.png", PNG), ("bill", PDF)], "【中国移动】已受理"),
        words="柜台给的",
        by=manager,
        now=ATTACHED_AT,
    )
    rows = list(Receipt.objects.values_list("name", "kind", "detected_type", "size"))
    assert rows == [
        ("申请表.png", "form", "image/png", 56),
        ("bill", "form", "application/pdf", 15),
        ("2026-10-09 1020.txt", "sms", "text/plain", 27),
    ]
    receipt = Receipt.objects.first()
    assert receipt is not None
    assert (receipt.sha256, receipt.read()) == (hashlib.sha256(PNG).hexdigest(), PNG)
    assert (local_str(receipt.added_at), receipt.added_by) == ("2026-10-09 10:20", manager)
    assert (receipt.is_picture, receipt.is_text, receipt.download_name()) == (True, False, "申请表.png")
    assert [r.download_name() for r in Receipt.objects.all()[1:]] == ["bill.pdf", "2026-10-09 1020.txt"]
    team, digest = submitted.case.team_id, hashlib.sha256(PDF).hexdigest()
    assert f"{team}/{digest[:2]}/{digest}" in stored(receipts_folder)
    assert len(stored(receipts_folder)) == 3
    assert submitted.kinds[-1] == "receipt"
    assert submitted.last_content["words"] == "柜台给的"
    assert submitted.last_content["receipts"][1] == {
        "name": "bill",
        "sha256": digest,
        "size": 15,
        "kind": "form",
        "type": "application/pdf",
    }
    assert submitted.chain_flaw is None


@pytest.mark.parametrize(("kind", "kept"), [("letter", "letter"), ("sms", "sms"), ("screenshot", "sms")])
def test_a_pasted_text_is_a_letter_or_an_sms(submitted: CaseDriver, manager: User, kind: str, kept: str) -> None:
    attach_receipts(submitted.case, ReceiptUpload(kind, text="已受理"), by=manager, now=ATTACHED_AT)
    assert Receipt.objects.get().kind == kept


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (("empty.pdf", b" \n"), FileEmpty),
        (("bill.pdf", b"MZ\x90\x00" + bytes(60)), FileTypeRefused),
        (("big.png", PNG + bytes(25 * 1024 * 1024)), FileTooLarge),
    ],
)
def test_one_that_is_refused_leaves_nothing_behind(
    submitted: CaseDriver, manager: User, receipts_folder: Path, bad: tuple[str, bytes], error: type[Exception]
) -> None:
    with pytest.raises(error):
        attach_receipts(submitted.case, ReceiptUpload("form", [("good.png", PNG), bad]), by=manager, now=ATTACHED_AT)
    assert not Receipt.objects.exists()
    assert stored(receipts_folder) == []
    assert submitted.kinds == ["logged", "submitted"]


def test_the_same_bytes_are_kept_once_per_case(submitted: CaseDriver, manager: User, receipts_folder: Path) -> None:
    attach_receipts(
        submitted.case, ReceiptUpload("form", [("a.png", PNG), ("b.png", PNG)]), by=manager, now=ATTACHED_AT
    )
    attach_receipts(submitted.case, ReceiptUpload("other", [("c.png", PNG)]), by=manager, now=ATTACHED_AT)
    assert Receipt.objects.count() == 1
    assert len(stored(receipts_folder)) == 1
    assert submitted.kinds == ["logged", "submitted", "receipt"]
    attach_receipts(
        submitted.case, ReceiptUpload("other", [("c.png", PNG), ("d.pdf", PDF)]), by=manager, now=ATTACHED_AT
    )
    assert [row["name"] for row in submitted.last_content["receipts"]] == ["d.pdf"]


def test_nothing_handed_in_is_nothing_recorded(submitted: CaseDriver, manager: User) -> None:
    attach_receipts(submitted.case, ReceiptUpload("form", text="  \n"), by=manager, now=ATTACHED_AT)
    assert submitted.kinds == ["logged", "submitted"]


def test_teams_share_no_bytes(submitted: CaseDriver, other_team: Team, stranger: User, receipts_folder: Path) -> None:
    other = new_case(other_team, submitted.case.carrier, stranger)
    attach_receipts(submitted.case, ReceiptUpload("form", [("a.png", PNG)]), by=submitted.by, now=ATTACHED_AT)
    attach_receipts(other, ReceiptUpload("form", [("a.png", PNG)]), by=stranger, now=ATTACHED_AT)
    folders = {path.split("/")[0] for path in stored(receipts_folder)}
    assert folders == {str(submitted.case.team_id), str(other_team.pk)}


def test_a_closed_case_still_takes_receipts(submitted: CaseDriver, manager: User) -> None:
    submitted.do(Withdraw(), "2026-10-08T10:00")
    attach_receipts(submitted.case, ReceiptUpload("form", [("a.png", PNG)]), by=manager, now=ATTACHED_AT)
    assert Receipt.objects.count() == 1
    assert submitted.status == "withdrawn"


def test_confirmed_without_a_receipt_is_flagged_until_one_is_there(submitted: CaseDriver, manager: User) -> None:
    submitted.do(Verify(at("2026-10-08T10:00"), "hotline", "cancelled", confirm=True), "2026-10-08T10:00")
    assert list(confirmed_without_receipt(Case.objects.all())) == [submitted.case]
    attach_receipts(submitted.case, ReceiptUpload("form", [("a.png", PNG)]), by=manager, now=ATTACHED_AT)
    assert not confirmed_without_receipt(Case.objects.all()).exists()


def test_a_receipt_whose_entry_was_voided_does_not_count(submitted: CaseDriver, manager: User) -> None:
    submitted.do(Verify(at("2026-10-08T10:00"), "hotline", "cancelled", confirm=True), "2026-10-08T10:00")
    attach_receipts(submitted.case, ReceiptUpload("form", [("a.png", PNG)]), by=manager, now=ATTACHED_AT)
    submitted.do(VoidEntry(4, "别人的"), ATTACHED_AT)
    assert Receipt.objects.count() == 1
    assert list(confirmed_without_receipt(Case.objects.all())) == [submitted.case]
    attach_receipts(submitted.fresh(), ReceiptUpload("form", [("a.png", PNG)]), by=manager, now=ATTACHED_AT)
    assert not confirmed_without_receipt(Case.objects.all()).exists()


def test_one_voided_receipt_of_two_is_no_lack(submitted: CaseDriver, manager: User) -> None:
    attach_receipts(submitted.case, ReceiptUpload("form", [("a.png", PNG)]), by=manager, now=at("2026-10-08T09:00"))
    submitted.do(Verify(at("2026-10-08T10:00"), "hotline", "cancelled", confirm=True), "2026-10-08T10:00")
    attach_receipts(submitted.fresh(), ReceiptUpload("form", [("b.pdf", PDF)]), by=manager, now=ATTACHED_AT)
    submitted.do(VoidEntry(5, "别人的"), ATTACHED_AT)
    assert not confirmed_without_receipt(Case.objects.all()).exists()


def test_on_the_disk_it_is_encrypted(submitted: CaseDriver, manager: User, receipts_folder: Path) -> None:
    words = "您的号码已受理(虚构)".encode()
    attach_receipts(submitted.case, ReceiptUpload("sms", [("a.txt", words)]), by=manager, now=ATTACHED_AT)
    raw = (receipts_folder / stored(receipts_folder)[0]).read_bytes()
    assert words not in raw
    assert Receipt.objects.get().read() == words


def test_what_was_stored_before_there_were_keys_is_read(
    submitted: CaseDriver, manager: User, receipts_folder: Path
) -> None:
    attach_receipts(submitted.case, ReceiptUpload("form", [("a.png", PNG)]), by=manager, now=ATTACHED_AT)
    (receipts_folder / stored(receipts_folder)[0]).write_bytes(PNG)
    assert Receipt.objects.get().read() == PNG


def test_handed_in_again_it_mends_a_damaged_file(submitted: CaseDriver, manager: User, receipts_folder: Path) -> None:
    attach_receipts(submitted.case, ReceiptUpload("form", [("a.png", PNG)]), by=manager, now=ATTACHED_AT)
    (receipts_folder / stored(receipts_folder)[0]).write_bytes(b"damaged")
    attach_receipts(submitted.case, ReceiptUpload("form", [("a.png", PNG)]), by=manager, now=ATTACHED_AT)
    assert Receipt.objects.get().read() == PNG


def test_bytes_that_changed_or_went_are_told(submitted: CaseDriver, manager: User, receipts_folder: Path) -> None:
    attach_receipts(submitted.case, ReceiptUpload("form", [("a.png", PNG)]), by=manager, now=ATTACHED_AT)
    path = receipts_folder / stored(receipts_folder)[0]
    path.write_bytes(PNG + b"!")
    with pytest.raises(ReceiptAltered):
        Receipt.objects.get().read()
    path.unlink()
    with pytest.raises(ReceiptAltered):
        Receipt.objects.get().read()
