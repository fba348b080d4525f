"""A dossier as it is really made: what the PDF says, what lies in the archive, and what is kept from it."""

import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from cases.documents import dossier, thumbnails
from cases.documents.dossier import DossierOptions, NoCases, write_dossier
from cases.formats.dossier_manifest import verify_dossier
from cases.formats.zip_archive import ArchiveTooLarge
from cases.models import CalendarOverride, Carrier, Case, Receipt, Team, User
from cases.models.keyrings import signing_key
from cases.operations import (
    CardFacts,
    FollowUp,
    NewCharge,
    Promised,
    ReceiptUpload,
    RecordCharge,
    TakesEffect,
    Verify,
    attach_receipts,
)
from cases.operations.batches import BatchReply, NewBatch, record_batch_reply, submit_batch
from cases.operations.corrections import AmendEntry, VoidEntry
from tests.helpers import CaseDriver, at, new_case, on
from tests.moments import NOW

SMS = "【中国移动】synthetic: 您的号码13800138000销户申请已受理"


def picture(size: tuple[int, int] = (60, 40), form: str = "PNG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode in ("L", "P") else (30, 120, 90, 128)[: len(mode)]).save(out, form)
    return out.getvalue()


@pytest.fixture
def long_case(team: Team, mobile: Carrier, manager: User, receipts_folder: Path) -> CaseDriver:
    """A case with a call, a broken promise, a charge, a picture and a text."""
    facts = CardFacts("王小明", monthly_fee=Decimal(31))
    submitted = CaseDriver(new_case(team, mobile, manager, submitted="2026-09-30T15:00", facts=facts), manager)
    submitted.do(
        FollowUp(at("2026-10-09T10:00"), words="催办 13900139000, 工号 1024", agent="1024"), "2026-10-09T10:00"
    )
    submitted.do(Promised(at("2026-10-10T10:00"), promised_on=on("2026-10-12"), words="周一办"), "2026-10-10T10:00")
    files = [("受理单13800138000.png", picture()), ("form.pdf", b"%PDF-1.4 synthetic")]
    submitted.case = attach_receipts(
        submitted.case, ReceiptUpload("screenshot", files, SMS), by=manager, now=at("2026-10-10T11:00"), words="柜台"
    )
    submitted.do(RecordCharge(NewCharge(Decimal("19.80"), on("2026-10-01"), words="十月月租")), NOW)
    return submitted


def make_dossier(*cases: Case, language: str = "en", **choices: bool) -> bytes:
    out = io.BytesIO()
    with translation.override(language):
        write_dossier(cases, out, options=DossierOptions(**choices), now=NOW)
    return out.getvalue()


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def paper(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(files(data)["dossier.pdf"]))


def text(data: bytes) -> str:
    return squeezed("".join(page.extract_text() for page in paper(data).pages))


def squeezed(value: str) -> str:
    return "".join(value.replace("\u200b", "").split())


def dossier_flaws(data: bytes) -> list[str]:
    return [str(flaw) for flaw in verify_dossier(io.BytesIO(data), signing_key().public_key()).flaws]


def test_what_the_paper_says(long_case: CaseDriver) -> None:
    data = make_dossier(long_case.case, full_numbers=True)
    said = text(data)
    for part in (
        "SIM card cancellation dossier",
        "138 0013 8000 · China Mobile · " + long_case.case.reference,
        "王小明",
        "Wed 30 Sep 2026, 15:00",
        "Thu 1 Oct 2026 public holiday: National Day",
        "Sat 10 Oct 2026 3 make-up working day",
        "Wed 14 Oct 2026 2 working days overdue",
        "催办 13900139000, 工号 1024",
        "Carrier promised a date 周一办",
        "Monthly fee 19.80 yuan",
        "十月月租",
        SMS,
        "Entries: 6.",
        long_case.fresh().entry_head,
        hashlib.sha256(picture()).hexdigest(),
    ):
        assert squeezed(part) in said, part
    assert "1/" in said


def test_the_paper_is_tagged_bookmarked_titled_and_its_fonts_are_in_it(long_case: CaseDriver) -> None:
    reader = paper(make_dossier(long_case.case))
    assert reader.metadata is not None
    assert reader.metadata.title == "SIM card cancellation dossier"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en-US"
    bookmarks: list[Any] = reader.outline
    assert bookmarks[0].title.startswith("138****8000 · China Mobile")
    assert {each.title for each in bookmarks[1]} >= {"Card details", "Deadlines, day by day", "Timeline", "Receipts"}
    fonts = {
        str(font.get_object()["/BaseFont"]): font.get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any("NotoSansCJK" in name for name in fonts)
    for font in fonts.values():
        inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in inner or "/FontFile3" in inner
    assert len([image for page in reader.pages for image in page.images]) == 1


def test_in_chinese(long_case: CaseDriver) -> None:
    reader = paper(make_dossier(long_case.case, language="zh-hans"))
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    said = squeezed("".join(page.extract_text() for page in reader.pages))
    assert squeezed("2026 年 10 月 1 日(周四) 法定节假日") in said or "国庆节" in said


@pytest.mark.parametrize(("language", "method"), [("en", "Test call"), ("zh-hans", "拨打测试")])
def test_of_a_number_in_use_it_does_not_say_that_a_call_failed(
    submitted: CaseDriver, receipts_folder: Path, language: str, method: str
) -> None:
    submitted.do(Verify(at("2026-10-15T11:00"), "call", "alive"), "2026-10-15T11:00")
    said = text(make_dossier(submitted.case, language=language))
    assert squeezed(method) in said
    assert "failed" not in said
    assert "打不出去" not in said


def test_what_lies_in_the_archive(long_case: CaseDriver) -> None:
    data = make_dossier(long_case.case, full_numbers=True)
    there = files(data)
    short = hashlib.sha256(picture()).hexdigest()[:12]
    assert there[f"receipts/{long_case.case.reference}/{short}-受理单13800138000.png"] == picture()
    record = json.loads(there[f"timeline/{long_case.case.reference}.json"])
    kinds = ["logged", "submitted", "follow_up", "promised", "receipt", "charge"]
    assert [entry["kind"] for entry in record["entries"]] == kinds
    assert record["entries"][2]["content"]["words"] == "催办 13900139000, 工号 1024"
    manifest = json.loads(there["manifest.json"])
    assert manifest["made_at"] == "2026-10-16T10:00:00+08:00"
    assert list(there)[-3:] == ["dossier.pdf", "manifest.json", "manifest.sig"]
    assert dossier_flaws(data) == []


def test_numbers_and_names_are_masked_unless_asked_for(long_case: CaseDriver) -> None:
    data = make_dossier(long_case.case)
    said, there = text(data), files(data)
    assert "138****8000" in said
    assert "139****9000" in said
    assert "王**" in said
    for secret in ("13800138000", "13900139000", "王小明", "13800138000".replace("0013", " 0013 ")):
        assert squeezed(secret) not in said
        own = {name: content for name, content in there.items() if not name.startswith("receipts/")}
        assert not any(secret.encode() in content for content in own.values())
        assert not any(secret in name for name in there)
    record = json.loads(there[f"timeline/{long_case.case.reference}.json"])
    assert {entry["content_is"] for entry in record["entries"]} == {"left out"}
    assert "Receipts are included as uploaded; their content is not masked." in " ".join(
        "".join(page.extract_text() for page in paper(data).pages).split()
    )
    assert dossier_flaws(data) == []


def test_without_the_receipts_they_are_named(long_case: CaseDriver) -> None:
    data = make_dossier(long_case.case, with_receipts=False)
    assert not any(name.startswith("receipts/") for name in files(data))
    assert hashlib.sha256(picture()).hexdigest() in text(data)
    assert squeezed(SMS.replace("13800138000", "138****8000")) not in text(data)
    assert dossier_flaws(data) == []


def test_one_bit_changed_is_found(long_case: CaseDriver) -> None:
    whole = make_dossier(long_case.case)
    step = max(len(whole) // 400, 1)
    for place in [*range(0, len(whole), step), *range(len(whole) - 600, len(whole))]:
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        assert dossier_flaws(bytes(changed)), place


@pytest.mark.forged
def test_a_record_that_was_altered_below_is_told(long_case: CaseDriver) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_timelineentry SET kind = 'promised' WHERE sequence = 3")
    data = make_dossier(long_case.case)
    assert squeezed("The record, or the data stored with it, was altered: entry 3 was altered.") in text(data)
    assert dossier_flaws(data) == [f"{long_case.case.reference}: entry 3 was altered"]


@pytest.mark.parametrize(
    "broken", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF1234WEBP", picture()[:60], b"GIF89a", b"%PDF"]
)
def test_what_is_no_picture_gives_none(broken: bytes) -> None:
    assert thumbnails.make_thumbnail(broken) is None


def test_pictures_become_small_upright_and_lose_what_a_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    out = io.BytesIO()
    Image.new("RGB", (3000, 1500), "red").save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(thumbnails.make_thumbnail(out.getvalue()) or b"")) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (600, 1200), {})
    for form, mode in (("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGBA"), ("JPEG", "RGB")):
        assert thumbnails.make_thumbnail(picture(form=form, mode=mode)), (form, mode)


def test_a_huge_picture_is_not_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "_MAX_PIXELS", 2399)
    assert thumbnails.make_thumbnail(picture()) is None


def test_a_broken_picture_does_not_break_the_paper(submitted: CaseDriver, manager: User, receipts_folder: Path) -> None:
    submitted.case = attach_receipts(
        submitted.case, ReceiptUpload("screenshot", [("坏.png", picture()[:60])]), by=manager, now=NOW
    )
    assert Receipt.objects.get().is_picture
    data = make_dossier(submitted.case)
    assert squeezed("This picture cannot be displayed. The file is in the dossier.") in text(data)
    assert dossier_flaws(data) == []


def test_pictures_beyond_the_room_are_named(long_case: CaseDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossier, "MAX_PICTURE_BYTES", 10)
    data = make_dossier(long_case.case)
    assert squeezed("Not shown here to save space") in text(data)
    assert dossier_flaws(data) == []


def test_a_receipt_that_is_gone_is_told(long_case: CaseDriver, receipts_folder: Path) -> None:
    digest = hashlib.sha256(picture()).hexdigest()
    (receipts_folder / str(long_case.case.team_id) / digest[:2] / digest).unlink()
    data = make_dossier(long_case.case)
    assert squeezed("The stored file is missing or no longer matches the upload") in text(data)
    assert len([name for name in files(data) if name.startswith("receipts/")]) == 2
    assert dossier_flaws(data) == []


WORDS = (
    '#panic("x") $a^2$ *bold* _it_ @label <tag> \\n `code` = no heading\n- list // comment /* */ "quoted" [x] <script>'
)


def test_words_are_words_and_never_markup(submitted: CaseDriver, manager: User, receipts_folder: Path) -> None:
    submitted.do(FollowUp(at("2026-10-09T10:00"), words=WORDS, agent="#1024"), "2026-10-09T10:00")
    submitted.do(FollowUp(at("2026-10-09T11:00"), words="x" * 2000), "2026-10-09T11:00")
    submitted.do(FollowUp(at("2026-10-09T12:00"), words="\u202e\ufeff\x01\x07🙂\U0003ffff"), "2026-10-09T12:00")
    submitted.case = attach_receipts(
        submitted.case,
        ReceiptUpload("other", [("#a $b *c* @d\\.txt", b"synthetic #let x = 1 $ @")]),
        by=manager,
        now=NOW,
    )
    data = make_dossier(submitted.case, full_numbers=True)
    assert squeezed(WORDS) in text(data)
    assert squeezed("synthetic #let x = 1 $ @") in text(data)
    assert text(data).count("x") >= 2000  # over two pages
    assert dossier_flaws(data) == []


def test_names_that_no_file_system_takes(submitted: CaseDriver, manager: User, receipts_folder: Path) -> None:
    name = "长" * 100 + 'a:b*c?"<>|.txt'
    submitted.case = attach_receipts(
        submitted.case, ReceiptUpload("other", [(name, b"synthetic")]), by=manager, now=NOW
    )
    (path,) = [name for name in files(make_dossier(submitted.case)) if name.startswith("receipts/")]
    assert path.endswith("长.txt")
    assert len(path.rpartition("/")[2].encode()) <= 255
    assert not set(':*?"<>|') & set(path)


def test_many_cases_in_one(long_case: CaseDriver, new_driver: Callable[..., CaseDriver], manager: User) -> None:
    others = [new_driver(f"1390013900{n}", submitted="2026-09-30T15:00") for n in range(3)]
    cases = [others[2].case, long_case.case, others[0].case]
    data = make_dossier(*cases)
    manifest = json.loads(files(data)["manifest.json"])
    assert [each["reference"] for each in manifest["cases"]] == [case.reference for case in cases]
    titles = [each.title for each in paper(data).outline if not isinstance(each, list)]
    assert [title.rpartition(" ")[2] for title in titles][-3:] == [case.reference for case in cases]
    assert dossier_flaws(data) == []


def test_the_bytes_of_receipts_do_not_pile_up(
    submitted: CaseDriver, manager: User, receipts_folder: Path, tmp_path: Path
) -> None:
    size = 4 * 1024 * 1024
    for number in range(12):
        big = b"%PDF-1.4 synthetic" + bytes([number]) * size
        submitted.case = attach_receipts(
            submitted.case, ReceiptUpload("other", [(f"{number}.pdf", big)]), by=manager, now=NOW
        )
    del big
    make_dossier(submitted.case)  # fonts and templates are loaded
    with (tmp_path / "out.zip").open("w+b") as out:
        tracemalloc.start()
        write_dossier([submitted.case], out, options=DossierOptions(), now=NOW)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert out.tell() > 12 * size
        assert peak < 8 * size, peak
        out.seek(0)
        assert verify_dossier(out, signing_key().public_key()).flaws == []


def test_no_case_and_too_many(long_case: CaseDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoCases):
        make_dossier()
    monkeypatch.setattr("cases.formats.zip_archive._MAX_BYTES", 5000)
    with pytest.raises(ArchiveTooLarge):
        make_dossier(long_case.case)


@pytest.mark.forged
def test_an_erased_entry_and_a_year_outside_the_calendar(long_case: CaseDriver) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM cases_timelinecontent WHERE entry_id IN"
            " (SELECT id FROM cases_timelineentry WHERE sequence = 3)"
        )
        cursor.execute("UPDATE cases_waitinground SET reply_by = '2039-01-05 00:00:00+00:00'")
    CalendarOverride.objects.create(date=on("2026-10-09"), working=False, name="台风")
    data = make_dossier(long_case.case, full_numbers=True)
    assert squeezed("This entry’s content was erased. The record chain is intact.") in text(data)
    assert squeezed("The working-day calendar covers") in text(data)
    assert dossier_flaws(data) == []


@pytest.mark.forged
def test_what_was_recorded_is_printed_and_not_what_the_tables_say(long_case: CaseDriver) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_card SET number = '13900000001', holder = '赵六'")
        cursor.execute("UPDATE cases_case SET submitted_at = '2026-01-05 02:00:00+00:00'")
        cursor.execute("UPDATE cases_charge SET amount = 900")
        cursor.execute("UPDATE cases_waitinground SET reply_by = '2026-09-02 16:00:00+00:00'")
    paper = text(make_dossier(long_case.fresh(), full_numbers=True))
    for recorded in ("138 0013 8000", "王小明", "Wed 30 Sep 2026, 15:00", "19.80 yuan", "Wed 14 Oct 2026"):
        assert squeezed(recorded) in paper, recorded
    for forged in ("139 0000 0001", "赵六", "5 Jan 2026", "900.00 yuan"):
        assert squeezed(forged) not in paper, forged
    assert squeezed("The stored details of this case differ from its record.") in paper


def test_a_voided_entry_is_struck_through_and_a_corrected_one_says_so(long_case: CaseDriver) -> None:
    long_case.do(AmendEntry(4, {"promised_on": "2026-10-13"}, "录音里是13日"), "2026-10-11T09:00")
    long_case.do(VoidEntry(3, "打给了别的运营商"), "2026-10-11T09:05")
    data = make_dossier(long_case.case, full_numbers=True)
    archive = zipfile.ZipFile(io.BytesIO(data))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(archive.read("dossier.pdf"))).pages)
    assert "Voided by Li Na, 11 Oct 2026" in text
    assert "打给了别的运营商" in text
    assert "催办" in text  # it stays readable
    assert "Corrected by Li Na" in text
    assert "Promised date: Mon 12 Oct 2026 → Tue 13 Oct 2026" in text
    assert "Voided entry 3 (Follow-up)" in text
    record = json.loads(archive.read(f"timeline/{long_case.case.reference}.json"))
    kinds = [entry["kind"] for entry in record["entries"]]
    assert kinds[-2:] == ["amended", "voided"]
    assert (kinds[2], record["entries"][-1]["content"]["corrects"]) == ("follow_up", 3)
    assert verify_dossier(io.BytesIO(data), signing_key().public_key()).flaws == []


def test_what_was_answered_to_a_batch_is_in_the_dossier_of_each_case(
    team: Team, mobile: Carrier, manager: User, receipts_folder: Path
) -> None:
    numbers = ["13800138001", "13800138002"]
    submitted_at = at("2026-10-12T09:00")
    new_batch = NewBatch(mobile, numbers, channel="letter", reason="cost", submitted_at=submitted_at, reference="函 7")
    batch = submit_batch(team, new_batch, by=manager, now=submitted_at).batch
    assert batch
    reply = BatchReply(
        at("2026-10-15T10:00"),
        done=numbers[:1],
        others={numbers[1]: "欠费 12 元"},
        others_kind="returned",
        words="盖章回函",
    )
    record_batch_reply(batch, reply, by=manager, now=at("2026-10-15T11:00"))
    done, returned = Case.objects.order_by("card__number")
    assert squeezed("2026年10月15日 周四 10:00 运营商称已办结 盖章回函") in text(make_dossier(done, language="zh-hans"))
    said = text(make_dossier(returned, language="zh-hans"))
    assert squeezed("2026年10月15日 周四 10:00 被运营商退回 欠费 12 元 盖章回函") in said
    assert squeezed("退回原因：其他原因") in said
    assert squeezed("运营商称已办结") not in said
    said = text(make_dossier(returned))
    assert squeezed("Thu 15 Oct 2026, 10:00 Returned by the carrier 欠费 12 元 盖章回函") in said
    assert squeezed("Reason for return: Another reason") in said


@pytest.mark.parametrize(
    ("roaming", "english", "chinese"),
    [
        (False, "Takes effect on: Sun 1 Nov 2026 Roaming used: no", "预销户注销日期：2026年11月1日 周日 用过漫游：否"),
        (True, "Takes effect on: Tue 1 Dec 2026 Roaming used: yes", "预销户注销日期：2026年12月1日 周二 用过漫游：是"),
    ],
)
def test_a_reply_that_names_no_day_takes_effect_on_the_one_of_the_register(
    submitted: CaseDriver, mobile: Carrier, receipts_folder: Path, roaming: bool, english: str, chinese: str
) -> None:
    Carrier.objects.filter(pk=mobile.pk).update(effect_day=1)
    submitted.case = submitted.fresh()
    submitted.do(TakesEffect(at("2026-10-13T10:00"), "预销户成功", roaming=roaming), "2026-10-13T10:00")
    assert squeezed(
        f"Replies When Carrier’s reply Tue 13 Oct 2026, 10:00 Carrier: takes effect later 预销户成功 {english}"
    ) in text(make_dossier(submitted.case))
    assert squeezed(f"运营商称预销户 预销户成功 {chinese}") in text(make_dossier(submitted.case, language="zh-hans"))


def test_the_paper_says_what_it_belongs_to_and_what_is_left_out(long_case: CaseDriver) -> None:
    english = text(make_dossier(long_case.case, with_receipts=False))
    part = "This document is part of a signed ZIP file, the dossier, together with the full record."
    assert squeezed(part) in english
    assert squeezed("Receipts are listed by name and hash only; the files are not included.") in english
    assert squeezed("Reason for cancellation") in english
    chinese = text(make_dossier(long_case.case, language="zh-hans", with_receipts=False))
    assert squeezed("本文件和完整记录一起装在一个带数字签名的 ZIP 文件（卷宗）里。") in chinese
    assert squeezed("凭证只写明名称和哈希，不附文件。") in chinese
