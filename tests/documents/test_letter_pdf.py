"""The PDF of a letter: its words can be taken out again, its fonts are in it, and nobody's words are markup."""

import re
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from cases.documents import letter_texts
from cases.documents.letter_texts import letter_file_name, letter_pdf
from cases.models.choices import EscalationKind
from tests.domain.test_letter_rules import WHOLE
from tests.helpers import CaseDriver

BODY = "一、申诉请求\n1. 督促被申诉人立即办理销户；\n二、事实经过\n1. 2026年9月30日 15:00，提出申请。\n"
RECIPIENT = "浙江省电信用户申诉受理中心"


def render_pdf(driver: CaseDriver, body: str = BODY, **fields: str) -> bytes:
    return letter_pdf(driver.case, EscalationKind.APPEAL, {**WHOLE, **fields}, body, RECIPIENT)


def read_pdf(data: bytes) -> PdfReader:
    return PdfReader(BytesIO(data))


def words(data: bytes) -> str:
    """All text, without white space: where a line ends is no matter."""
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in read_pdf(data).pages))


def fonts(reader: PdfReader) -> list[Any]:
    return [
        descendant.get_object()["/FontDescriptor"].get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
        for descendant in font.get_object()["/DescendantFonts"]
    ]


def test_everything_that_article_12_asks_for_can_be_read_in_it(submitted: CaseDriver) -> None:
    text = words(render_pdf(submitted))
    for part in (
        "申诉书",
        "姓名或名称演示公司",
        "通讯地址某省某市某路1号",
        "邮政编码310000",
        "联系电话0571-00000000",
        "名称中国移动",
        "地址某市某街2号",
        "13800138000",
        "一、申诉请求",
        "1.督促被申诉人立即办理销户；",
        "2026年9月30日15:00，提出申请。",
        f"此致{RECIPIENT}",
        "2026年10月16日",
        f"案件编号：{submitted.case.reference}1/1",
    ):
        assert part in text, part


def test_a_complaint_has_a_salutation_and_no_second_address(submitted: CaseDriver) -> None:
    body = "就上列号码一事，本人现正式提出投诉。"
    fields = {**WHOLE, "carrier_name": "演示通信公司"}
    text = words(letter_pdf(submitted.case, EscalationKind.COMPLAINT, fields, body, "演示通信公司"))
    assert text.count("演示通信公司") == 2  # among the parties, and here
    assert f"演示通信公司：{body}特此投诉。投诉人（签名或盖章）：" in text
    assert "此致" not in text


def test_an_appeal_is_addressed_below_and_has_no_salutation(submitted: CaseDriver) -> None:
    text = words(render_pdf(submitted))
    assert text.count(RECIPIENT) == 1
    assert f"此致{RECIPIENT}申诉人（签名或盖章）：" in text
    assert f"{RECIPIENT}：" not in text
    assert "特此" not in text


def test_no_space_stands_within_the_number(submitted: CaseDriver) -> None:
    page = read_pdf(render_pdf(submitted)).pages[0].extract_text()
    assert "13800138000" in page
    assert "138 0013" not in page


@pytest.mark.parametrize("mark", ["1．", "1. ", "1、", "12．", "123．"])
def test_items_keep_their_numbers(submitted: CaseDriver, mark: str) -> None:
    assert f"{mark.strip()}督促办理。" in words(render_pdf(submitted, f"{mark}督促办理。\n"))


def test_an_amount_is_no_number_of_an_item(submitted: CaseDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(letter_texts, "render_pdf", lambda _template, data: given.update(data) or b"")
    render_pdf(submitted, "一、请求\n1. 退还\n2．2026年起\n1.50元\n补充")
    assert [(line["heading"], line["number"], line["text"]) for line in given["body"]] == [
        (True, "", "一、请求"),
        (False, "1.", "退还"),
        (False, "2．", "2026年起"),
        (False, "", "1.50元"),
        (False, "", "补充"),
    ]


def test_its_fonts_are_in_it_and_it_is_tagged_titled_and_in_chinese(submitted: CaseDriver) -> None:
    reader = read_pdf(render_pdf(submitted))
    assert fonts(reader)
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts(reader))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("zh")
    assert reader.metadata is not None
    assert reader.metadata.title == "申诉书"


def test_the_same_letter_is_the_same_bytes(submitted: CaseDriver) -> None:
    assert render_pdf(submitted) == render_pdf(submitted)


HOSTILE = [
    '#set page(width: 1cm) #panic() #import "x.typ"',
    '#read("/etc/passwd") #json("data.json")',
    "$x^2$ *not bold* _not slanted_ `code` @reference <label> \\ \\u{41}",
    "<script>alert(1)</script> & &amp; // no comment /* none */",
    "= no heading",
    "] [ ) ( } { \" ' ~ - + / 1. https:",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_words_are_never_markup(submitted: CaseDriver, hostile: str) -> None:
    wanted = hostile.replace(" ", "")
    reader = read_pdf(render_pdf(submitted, f"{BODY}{hostile}\n", name=hostile, address=hostile, carrier_name=hostile))
    text = words(render_pdf(submitted, f"{BODY}{hostile}\n", name=hostile, address=hostile, carrier_name=hostile))
    assert len(reader.pages) == 1
    assert text.count(wanted) >= 4  # who writes twice, for it is the signature as well
    assert "root:" not in text


def test_many_pages_bear_their_numbers(submitted: CaseDriver) -> None:
    reader = read_pdf(
        render_pdf(submitted, BODY + "\n".join(f"{n}. 某年某月某日，再次催办，仍无结果。" for n in range(3, 120)))
    )
    count = len(reader.pages)
    assert count >= 4
    for number, page in enumerate(reader.pages, 1):
        assert f"{number}/{count}" in re.sub(r"\s", "", page.extract_text())


def test_a_word_longer_than_the_page_is_broken_and_stays_on_it(submitted: CaseDriver) -> None:
    data = render_pdf(submitted, BODY + "q" * 900, address="z" * 200)
    assert (words(data).count("q"), words(data).count("z")) == (900, 200)
    ends: list[float] = []

    def seen(text: str, _cm: Any, matrix: Any, _font: Any, _size: Any) -> None:
        if "q" in text or "z" in text:
            ends.append(matrix[4])

    for page in read_pdf(data).pages:
        page.extract_text(visitor_text=seen)
    assert max(ends) < 595


def test_rare_characters_and_pictures_in_words_do_no_harm(submitted: CaseDriver) -> None:
    text = words(render_pdf(submitted, BODY + "龘𠮷 🙂 ﷽ \u202e右到左 é ñ"))
    assert "龘𠮷" in text


def test_what_a_draft_lacks_is_left_to_be_filled_in(submitted: CaseDriver) -> None:
    text = words(letter_pdf(submitted.case, EscalationKind.COMPLAINT, {}, "", ""))
    assert "投诉函" in text
    assert "姓名或名称＿＿＿＿＿＿" in text


def test_its_name_has_its_date() -> None:
    assert letter_file_name(EscalationKind.COMPLAINT, "2026-10-16") == "投诉函 2026-10-16.pdf"
    assert letter_file_name(EscalationKind.APPEAL, "") == "申诉书.pdf"
