"""What a letter about many numbers says, and its table."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from cases import operations as ops
from cases.documents import letters_for_many
from cases.documents.letter_context import LetterContext
from cases.documents.letters_for_many import in_writers_voice, load_contexts, shared_letter_pdf, shared_letter_text
from cases.models.choices import EscalationKind
from cases.selectors import working_calendar
from tests.helpers import CaseDriver, at, on
from tests.web.scenarios import Make

NOW: datetime = at("2026-10-16T10:00")


@pytest.fixture
def drivers(new_driver: Make) -> list[CaseDriver]:
    """Two late ones: the first was chased and promised, the second charged."""
    first = new_driver("13800000001", now="2026-09-30T15:00", submitted="2026-09-30T15:00", reference="SL-1")
    first.do(ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-14"), way="call"), "2026-10-12T15:00")
    second = new_driver("13800000002", now="2026-10-08T10:00", submitted="2026-10-08T10:00")
    second.do(ops.RecordCharge(ops.NewCharge(Decimal("8.00"), on("2026-10-15"))), "2026-10-15T12:00")
    return [second, first]


def contexts_of(drivers: list[CaseDriver], signer: str) -> list[LetterContext]:
    return load_contexts([driver.fresh() for driver in drivers], NOW, working_calendar(), signer)


def test_the_text_sums_up_and_the_table_has_what_is_each_ones_own(
    drivers: list[CaseDriver], monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts = contexts_of(drivers, "上海测试有限公司")
    text = shared_letter_text(EscalationKind.COMPLAINT, contexts)
    assert text.startswith("就附表所列2个号码的销户申请逾期未办结一事，我单位现正式提出投诉。")
    assert "1．2026年9月30日至2026年10月8日，我单位向贵公司提出附表所列2个号码的销户申请" in text
    assert "贵公司就其中1个号码作出的办结承诺未兑现。" in text
    assert "尚未退还的合计8.00元" in text
    papers: list[Any] = []
    monkeypatch.setattr(letters_for_many, "render_letter_pdf", lambda paper: papers.append(paper) or b"%PDF-")
    shared_letter_pdf(EscalationKind.COMPLAINT, contexts, {"signed_on": "2026-10-16", "name": "上海测试有限公司"}, text)
    annex = papers[0].annex
    assert annex["title"] == "附表：涉及号码（2个）"
    rows = [dict(zip(annex["columns"], row, strict=True)) for row in annex["rows"]]
    assert [row["号码"] for row in rows] == ["13800000001", "13800000002"]  # the longest wait first
    assert rows[0]["应办结日期及依据"] == "2026年10月14日（承诺）"
    assert rows[0]["催办"] == "1次，最近2026年10月12日"
    assert rows[1]["应办结日期及依据"] == "2026年10月14日（通常办理时间）"
    assert [row["超期（工作日）"] for row in rows] == ["2", "2"]
    assert [row["未退费用（元）"] for row in rows] == ["", "8.00"]


def test_a_text_that_nobody_changed_speaks_as_who_writes(drivers: list[CaseDriver]) -> None:
    drafted = shared_letter_text(EscalationKind.COMPLAINT, contexts_of(drivers, "张三"))
    company = contexts_of(drivers, "上海测试有限公司")
    assert "本人现正式提出投诉" in drafted
    assert "我单位现正式提出投诉" in in_writers_voice(EscalationKind.COMPLAINT, company, drafted)
    assert in_writers_voice(EscalationKind.COMPLAINT, company, drafted + "改") == drafted + "改"
