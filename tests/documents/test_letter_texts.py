"""The texts of letters, word for word: what the record says, in order, and nothing that it does not say."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from cases import operations as ops
from cases.documents.letter_context import load_letter_context
from cases.documents.letter_texts import letter_text
from cases.models import Card, Charge
from cases.selectors import working_calendar
from tests.domain.test_letter_rules import MADE_UP
from tests.helpers import CaseDriver, at, on


def written(driver: CaseDriver, kind: str, now: str) -> list[str]:
    return letter_text(kind, load_letter_context(driver.fresh(), at(now), working_calendar())).splitlines()  # type: ignore[arg-type]


def charge(
    driver: CaseDriver, day: str, amount: str, kind: str = "fee", refunded: str | None = None, words: str = ""
) -> None:
    Charge.objects.create(
        case=driver.case,
        kind=kind,
        amount=Decimal(amount),
        day=on(day),
        words=words,
        refunded_on=on(refunded) if refunded else None,
        recorded_at=at("2026-11-30T10:00"),
    )


@pytest.fixture
def long_wait(new_driver: Callable[..., CaseDriver]) -> CaseDriver:
    """Submitted before Mid-Autumn Festival, chased, promised, complained about; no answer since."""
    driver = new_driver("13800138000", now="2026-09-15T15:00", submitted="2026-09-15T15:00", reference="SL-4711")
    driver.do(ops.FollowUp(at("2026-09-22T10:00"), "call", "会尽快处理。", "工号 2532", "GD-1"), "2026-09-22T10:00")
    promise = ops.Promised(at("2026-09-23T10:00"), "国庆前办好", "李先生", promised_on=on("2026-09-30"))
    driver.do(promise, "2026-09-23T10:00")
    driver.do(ops.Complain(at("2026-09-20T11:00"), "TS-1", "超期"), "2026-09-24T10:00")
    return driver


def test_an_appeal_after_a_silent_carrier(long_wait: CaseDriver) -> None:
    charge(long_wait, "2026-10-01", "8", words="十月")
    charge(long_wait, "2026-11-01", "8.50", refunded="2026-11-05")
    assert written(long_wait, "appeal", "2026-11-09T10:00") == [
        "一、申诉请求",
        "1. 督促被申诉人立即为上列号码办理销户，并以书面或短信形式确认销户生效日期；",
        "2. 退还上述未退费用合计 8.00 元，并停止对该号码继续计费；",
        "3. 要求被申诉人就未按期办理及处理投诉的情况作出书面说明。",
        "二、事实经过",
        "1. 2026年9月15日 15:00，申诉人通过客服热线向被申诉人提出上列号码的销户申请，受理单号 SL-4711。",
        "2. 截至2026年9月16日 15:00（提交后 24 小时），申诉人未收到被申诉人的任何受理确认。",
        "3. 2026年9月20日，申诉人就此向被申诉人提出正式投诉，投诉单号 TS-1。",
        "4. 2026年9月22日，申诉人致电被申诉人催办（接待人员：工号 2532），单号 GD-1。沟通情况：“会尽快处理”。",
        "5. 2026年9月23日，被申诉人（接待人员：李先生）承诺于2026年9月30日前办结：“国庆前办好”。该承诺至今未兑现。",
        "6. 2026年10月1日，被申诉人收取月租费 8.00 元（十月）。",
        "7. 2026年10月8日，投诉的 15 日答复期届满，被申诉人未作答复。",
        "8. 2026年11月1日，被申诉人收取月租费 8.50 元，已于2026年11月5日退还。",
        "9. 自提交次日起计算工作日（休息日不计，调休上班日计入），第 5 个工作日为2026年9月21日，"
        "被申诉人应于该日 24 时前办结或答复。",
        # 09-22 to 24, 09-28 to 30, 10-08 to 10, four weeks to 11-06, 11-09.
        "10. 截至2026年11月9日，已超期 30 个工作日（已扣除中秋节、国庆节放假）。",
        "11. 以上未退还的费用合计 8.00 元。",
        "三、申诉理由",
        "1. 申诉人是上列号码的用户，与申诉事项有直接利害关系；被申诉人明确，请求具体，并有事实根据。",
        "2. 申诉人已先行向被申诉人投诉，被申诉人逾 15 日未答复或者其答复未能解决问题，"
        "符合《电信用户申诉处理办法》第十条的规定。",
        "3. 申诉事项发生至今未超过该办法第十一条规定的期限（至2028年9月21日）。",
        "4. 销户申请于2026年9月15日提出，被申诉人逾期未予办结，申诉人因此请求依法处理。",
    ]


def test_a_complaint_over_national_day(submitted: CaseDriver) -> None:
    assert written(submitted, "complaint", "2026-10-16T10:00") == [
        "就上列号码的销户申请迟迟未能办结一事，我方现正式提出投诉。",
        "一、事实经过",
        "1. 2026年9月30日 15:00，我方通过客服热线向贵公司提出上列号码的销户申请。",
        "2. 截至2026年10月1日 15:00（提交后 24 小时），我方未收到贵公司的任何受理确认。",
        "3. 自提交次日起计算工作日（其间国庆节放假不计，调休上班日计入），第 5 个工作日为2026年10月13日，贵公司应于该日"
        " 24 时前办结或答复。",
        "4. 截至2026年10月16日，已超期 3 个工作日。",
        "二、投诉请求",
        "1. 立即为上列号码办理销户，最迟于2026年11月2日前办结；",
        "2. 办结后以书面或短信形式确认，写明销户生效日期；",
        "3. 停止对该号码计费，并退还2026年10月13日之后收取的费用；",
        "4. 就未按期办理的原因作出书面说明，并提供本投诉的受理编号。",
        "三、说明",
        "请自收到本函之日起 15 日内答复。逾期未答复，或者答复不能解决问题的，我方将依据《电信用户申诉处理办法》第十条，"
        "向所在省的电信用户申诉受理机构提出申诉。",
    ]


def test_what_the_carrier_wanted_and_one_more_paper(submitted: CaseDriver) -> None:
    submitted.do(ops.Acknowledged(at("2026-09-30T16:00"), "已登记", reference="SL-9"), "2026-09-30T16:00")
    submitted.do(ops.Returned(at("2026-10-09T10:00"), "要营业执照原件", "前台", reason="papers"), "2026-10-09T10:00")
    lines = written(submitted, "complaint", "2026-10-16T10:00")
    assert lines[2:7] == [
        "1. 2026年9月30日 15:00，我方通过客服热线向贵公司提出上列号码的销户申请。",
        "2. 2026年9月30日，贵公司确认已登记受理该申请，受理单号 SL-9：“已登记”。",
        "3. 2026年10月9日，贵公司（接待人员：前台）退回该申请，理由为“材料不全”：“要营业执照原件”。",
        "二、投诉请求",
        "1. 受理并最迟于2026年11月2日前办结该号码的销户；如认为仍不具备条件，请一次性书面告知所需的全部材料及依据；",
    ]
    assert not any("超期" in line or "计费" in line for line in lines)  # handed back in time: it is not late


def test_a_cancellation_that_was_to_take_effect_later(submitted: CaseDriver) -> None:
    pending = ops.TakesEffect(at("2026-10-12T10:00"), "预销户成功", "工号 8086", "SL-9", effective_on=on("2026-11-20"))
    submitted.do(pending, "2026-10-12T10:00")
    lines = written(submitted, "complaint", "2026-11-25T10:00")
    assert (
        "3. 2026年10月12日，贵公司（接待人员：工号 8086）答复该号码已预约销户，将于2026年11月20日生效，"
        "受理单号 SL-9：“预销户成功”。"
    ) in lines


@pytest.mark.parametrize(("now", "broken"), [("2026-11-05T10:00", False), ("2026-11-23T10:00", True)])
def test_a_promise_too_far_away_is_not_broken_before_its_day(submitted: CaseDriver, now: str, broken: bool) -> None:
    promise = ops.Promised(at("2026-10-12T10:00"), promised_on=on("2026-11-20"), accept_far=True)
    submitted.do(promise, "2026-10-12T10:00")  # it gives the carrier until 11-02
    lines = written(submitted, "complaint", now)
    assert any("该承诺至今未兑现。" in line for line in lines) == broken


def test_said_to_be_done_and_still_alive(submitted: CaseDriver) -> None:
    submitted.do(ops.ReportedDone(at("2026-10-10T10:00"), "已销户。"), "2026-10-10T10:00")
    submitted.do(ops.Verify(at("2026-10-12T10:00"), "call", "inconclusive"), "2026-10-12T10:00")
    submitted.do(ops.Verify(at("2026-10-12T11:00"), "account", "alive", "仍显示正常"), "2026-10-12T11:00")
    lines = written(submitted, "complaint", "2026-10-13T10:00")
    assert "3. 2026年10月10日，贵公司称已办结销户：“已销户”。" in lines
    assert any(line.startswith("4. 2026年10月12日，经核实（") and "仍未销户：“仍显示正常”。" in line for line in lines)
    assert sum("核实" in line for line in lines) == 1


def test_an_answer_that_does_not_settle_and_the_cost_of_the_delay(submitted: CaseDriver) -> None:
    Card.objects.update(monthly_fee=Decimal("31"))
    submitted.do(ops.Complain(at("2026-10-14T10:00")), "2026-10-14T10:00")
    submitted.do(ops.ComplaintAnswered(at("2026-10-15T10:00"), False, "再等等"), "2026-10-15T10:00")
    lines = written(submitted, "appeal", "2026-10-16T10:00")
    assert "3. 2026年10月14日，申诉人就此向被申诉人提出正式投诉。" in lines
    assert "4. 2026年10月15日，被申诉人对投诉作出答复：“再等等”，问题未得到解决。" in lines
    # 10-14 to 10-16 at a yuan a day.
    assert "7. 按月租费 31.00 元逐日折算，被申诉人超期的 3 天（自然日）相当于 3.00 元。" in lines


def test_without_a_complaint_an_appeal_does_not_claim_one(submitted: CaseDriver) -> None:
    lines = written(submitted, "appeal", "2026-10-16T10:00")
    assert not any("先行" in line for line in lines)


def test_the_receipts_are_its_papers(submitted: CaseDriver) -> None:
    ops.attach_receipts(
        submitted.case, ops.ReceiptUpload("sms", text="已受理"), by=submitted.by, now=at("2026-10-02T10:00")
    )
    assert written(submitted, "appeal", "2026-10-16T10:00")[-2:] == ["四、所附材料", "1. 2026-10-02 1000.txt"]


def test_identity_numbers_are_left_out_and_long_words_cut(submitted: CaseDriver) -> None:
    said = f"证件 {MADE_UP}\n第二行" + "长" * 700
    submitted.do(ops.FollowUp(at("2026-10-10T10:00"), "visit", said), "2026-10-10T10:00")
    line = next(line for line in written(submitted, "complaint", "2026-10-16T10:00") if "营业厅" in line)
    assert "沟通情况：“证件 （证件号码略） 第二行长长" in line
    assert line.endswith("长……”。")
    assert len(line) < 680


def test_numbers_in_what_was_said_are_masked(submitted: CaseDriver) -> None:
    submitted.do(ops.FollowUp(at("2026-10-10T10:00"), "call", "138 0013 8000 还在处理"), "2026-10-10T10:00")
    submitted.do(ops.UnderReview(at("2026-10-10T11:00"), "您的13800138000审核中"), "2026-10-10T11:00")
    text_of_it = "".join(written(submitted, "complaint", "2026-10-16T10:00"))
    assert "“138****8000 还在处理”" in text_of_it
    assert "“您的138****8000审核中”" in text_of_it


@pytest.mark.usefixtures("receipts_folder")
def test_it_is_chinese_for_an_english_reader_too(submitted: CaseDriver) -> None:
    from django.utils import translation

    with translation.override("en"):
        lines = written(submitted, "complaint", "2026-10-16T10:00")
        assert translation.get_language() == "en"
    assert "国庆节" in "".join(lines)
    assert "National" not in "".join(lines)


def test_an_entry_that_was_erased_is_not_told(long_wait: CaseDriver) -> None:
    from django.db import connection

    entry = long_wait.entries.get(kind="follow_up")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_timelinecontent WHERE entry_id = %s", [entry.pk])
    assert not any("催办" in line for line in written(long_wait, "appeal", "2026-11-09T10:00"))
