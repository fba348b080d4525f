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
from tests.web import scenarios
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


@pytest.fixture
def owed(new_driver: Make) -> list[CaseDriver]:
    """Three cancelled on 10-15: a refund that was put off, one of an unknown sum beside a charge, a charge alone."""
    rows = [scenarios.confirmed(new_driver, f"1380000005{number}") for number in range(3)]
    rows[0].do(ops.ExpectRefund(Decimal("36.50"), "cash", due_on=on("2026-10-15")), "2026-10-15T13:00")
    rows[0].do(ops.PromiseRefund(at("2026-10-16T09:00"), on("2026-10-20"), "call"), "2026-10-16T09:05")
    rows[1].do(ops.ExpectRefund(None, "cash", due_on=on("2026-10-21")), "2026-10-15T13:00")
    rows[1].do(ops.RecordCharge(ops.NewCharge(Decimal("8.00"), on("2026-10-18"))), "2026-10-18T12:00")
    rows[2].do(ops.RecordCharge(ops.NewCharge(Decimal("19.00"), on("2026-10-19"))), "2026-10-19T12:00")
    for driver in rows:
        driver.do(ops.Complain(at("2026-10-22T10:00"), f"TS-{driver.case.pk}"), "2026-10-22T10:05")
    return rows


def money_contexts(drivers: list[CaseDriver], now: str) -> list[LetterContext]:
    return load_contexts([driver.fresh() for driver in drivers], at(now), working_calendar(), "上海测试有限公司")


def test_of_cancelled_numbers_a_letter_about_money_with_what_is_owed_for_each(
    owed: list[CaseDriver], monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts = money_contexts(owed, "2026-10-26T10:00")
    text = shared_letter_text(EscalationKind.COMPLAINT, contexts)
    assert text.split("\n")[:-2] == [
        "就附表所列3个号码销户后余额未退还或仍被收费一事，我单位现正式提出投诉。",
        "一、事实经过",
        "1．我单位向贵公司提出附表所列3个号码的销户申请，经核实均已销户，各号码的核实销户日期、受理单号等见附表。",
        "2．截至2026年10月26日，其中2个号码的余额已超过应退日期仍未退还，其中金额已知的合计36.50元，"
        "各号码的金额和日期见附表。",
        "3．贵公司推迟过其中1个号码的退还日期，推迟后仍未退还。",
        "4．其中2个号码销户后仍被收费，至今未退还的合计27.00元，各号码的金额见附表。",
        "5．我单位就上述号码向贵公司催办或询问，附表共记录1次。",
        "二、投诉请求",
        "1．立即退还附表所列未退余额，金额待核算的核算后退还；",
        "2．退还附表所列销户后收取的费用，并停止对上述号码计费；",
        "3．书面说明余额未退还的原因、收费依据，并逐个号码提供本投诉的投诉单号。",
    ]
    papers: list[Any] = []
    monkeypatch.setattr(letters_for_many, "render_letter_pdf", lambda paper: papers.append(paper) or b"%PDF-")
    fields = {"signed_on": "2026-10-26", "name": "上海测试有限公司"}
    assert shared_letter_pdf(EscalationKind.COMPLAINT, contexts, fields, text)[0] == "投诉函（费用） 2026-10-26.pdf"
    annex = papers[0].annex
    rows = [dict(zip(annex["columns"], row, strict=True)) for row in annex["rows"]]
    names = ("未退余额（元）", "应退日期", "销户后收费（元）", "收费日期或账单月份", "催办", "核实销户日期")
    assert [[row[name] for name in names] for row in rows] == [
        ["36.50", "最初2026年10月15日，后推迟至2026年10月20日", "", "", "1次，最近2026年10月16日", "2026年10月15日"],
        ["金额待核算", "2026年10月21日", "8.00", "2026年10月18日", "", "2026年10月15日"],
        ["", "", "19.00", "2026年10月19日", "", "2026年10月15日"],
    ]
    assert "投诉" not in annex["columns"]


def test_an_appeal_about_them_is_in_time_by_the_oldest(owed: list[CaseDriver]) -> None:
    text = shared_letter_text(EscalationKind.APPEAL, money_contexts(owed, "2026-11-10T10:00")).split("\n")
    assert text[1:4] == [
        "1．要求被申诉人立即退还附表所列未退余额，金额待核算的核算后退还；",
        "2．要求被申诉人退还附表所列销户后收取的费用，并停止对上述号码计费；",
        "3．要求被申诉人书面说明余额未退还的原因、收费依据及投诉的处理情况。",
    ]
    assert (
        text[-1]
        == "3．各号码的申诉事项发生至今均未超过该办法第十一条规定的收费争议的五个月期限（最早的至2027年3月15日）。"
    )
    late = shared_letter_text(EscalationKind.APPEAL, money_contexts(owed, "2027-03-16T10:00"))
    assert "五个月" not in late


def test_a_text_that_nobody_changed_speaks_as_who_writes(drivers: list[CaseDriver]) -> None:
    drafted = shared_letter_text(EscalationKind.COMPLAINT, contexts_of(drivers, "张三"))
    company = contexts_of(drivers, "上海测试有限公司")
    assert "本人现正式提出投诉" in drafted
    assert "我单位现正式提出投诉" in in_writers_voice(EscalationKind.COMPLAINT, company, drafted)
    assert in_writers_voice(EscalationKind.COMPLAINT, company, drafted + "改") == drafted + "改"
