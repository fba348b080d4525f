"""The texts of letters, word for word: what the record says, in order, and nothing that it does not say."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from cases import operations as ops
from cases.documents.letter_context import load_letter_context
from cases.documents.letter_texts import letter_text
from cases.models import Card, Carrier, Team, User
from cases.models.choices import EscalationKind
from cases.operations import NewCase
from cases.selectors import working_calendar
from tests.domain.test_letter_rules import MADE_UP
from tests.helpers import CaseDriver, at, new_case, on
from tests.moments import NOW

Make = Callable[..., CaseDriver]


def written(driver: CaseDriver, kind: str, now: str) -> list[str]:
    context = load_letter_context(driver.fresh(), at(now), working_calendar())
    return letter_text(EscalationKind(kind), context).splitlines()


def charge(
    driver: CaseDriver, day: str, amount: str, kind: str = "fee", refunded: str | None = None, words: str = ""
) -> None:
    when = "2026-11-30T10:00"
    driver.do(ops.RecordCharge(ops.NewCharge(Decimal(amount), on(day), kind, words)), when)
    if refunded:
        driver.do(ops.RecordRefund(driver.case.charges.latest("id").pk, on(refunded)), when)


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
        "1．督促被申诉人立即为上列号码办理销户，并以书面或短信形式确认销户生效日期；",
        "2．要求被申诉人退还未退费用合计8.00元，并停止对该号码计费；",
        "3．要求被申诉人书面说明未办结的原因、收费依据及投诉的处理情况。",
        "二、事实经过",
        "1．2026年9月15日15:00，申诉人致电被申诉人客服热线，提出上列号码的销户申请，受理单号：SL-4711。",
        "2．截至2026年9月16日15:00（提交后24小时），申诉人未收到被申诉人的受理确认。",
        "3．2026年9月20日，申诉人就此向被申诉人提出正式投诉，投诉单号：TS-1。",
        "4．2026年9月22日，申诉人致电被申诉人催办（客服：工号 2532），单号：GD-1。沟通情况：“会尽快处理”。",
        "5．2026年9月23日，被申诉人（客服：李先生）承诺最迟于2026年9月30日办结。答复内容：“国庆前办好”。"
        "该承诺至今未兑现。",
        "6．2026年10月1日，被申诉人收取月租费8.00元（十月）。",
        "7．2026年10月8日，投诉的15日答复期届满，被申诉人未作答复。",
        "8．2026年11月1日，被申诉人收取月租费8.50元，已于2026年11月5日退还。",
        "9．按被申诉人承诺的时限，最迟应于2026年9月30日办结。",
        # 10-08 to 10, four weeks to 11-06, 11-09.
        "10．截至2026年11月9日，已超过上述时限24个工作日（已扣除国庆节放假）。",
        "11．以上未退费用合计8.00元。",
        "三、申诉理由",
        "1．申诉人是上列号码的用户，与申诉事项有直接利害关系；被申诉人明确，请求具体，并有事实根据。",
        "2．申诉人已先行向被申诉人投诉，被申诉人逾15日未答复，符合《电信用户申诉处理办法》第十条的规定。",
        "3．申诉事项发生至今未超过该办法第十一条规定的二年期限（至2028年9月21日），"
        "其中收费争议未超过五个月期限（至2027年3月1日）。",
        "4．销户申请于2026年9月15日提出，被申诉人至今未办结，申诉人请求依法处理。",
    ]


# Whose time has passed: a duty is only told where the carrier set it.


def told_of_time(lines: list[str]) -> list[str]:
    """The sentences about a time that has passed, without their numbers."""
    return [line.partition("．")[2] for line in lines[1:] if "时限" in line or "办理时间（" in line]


def test_the_usual_time_is_no_duty_of_the_carrier(submitted: CaseDriver) -> None:
    lines = written(submitted, "complaint", "2026-10-16T10:00")
    assert told_of_time(lines) == [
        "按通常的办理时间（自提交次日起5个工作日，期间国庆节放假不计，调休上班日计入）计算，至2026年10月13日已届满，"
        "贵公司仍未办结，也未答复。"
    ]
    for claim in ("应于", "逾期未办", "超期", "违反"):
        assert not any(claim in line for line in lines), claim


def test_published_terms_are_told_as_the_carriers_own(new_driver: Make, unicom: Carrier) -> None:
    driver = new_driver("13900139000", carrier=unicom, now="2026-10-12T10:00", submitted="2026-10-12T10:00")
    assert told_of_time(written(driver, "complaint", "2026-10-23T10:00")) == [
        "按贵公司公布的办理时限（自提交次日起7个工作日），最迟应于2026年10月21日办结或答复，贵公司仍未办结，也未答复。",
        "截至2026年10月23日，已超过上述时限2个工作日。",
    ]


def test_an_answer_within_the_published_time_is_not_denied(new_driver: Make, unicom: Carrier) -> None:
    driver = new_driver("13900139000", carrier=unicom, now="2026-10-12T10:00", submitted="2026-10-12T10:00")
    driver.do(ops.UnderReview(at("2026-10-20T10:00")), "2026-10-20T10:00")
    lines = written(driver, "complaint", "2026-10-23T10:00")
    assert told_of_time(lines)[0] == (
        "按贵公司公布的办理时限（自提交次日起7个工作日）计算，至2026年10月21日已届满，贵公司未在此期间办结。"
    )
    assert not any("应于" in line for line in lines)


def test_terms_that_were_published_after_the_submission_are_not_the_carriers_own(submitted: CaseDriver) -> None:
    Carrier.objects.update(reply_days=2)
    assert told_of_time(written(submitted, "complaint", "2026-10-16T10:00"))[0].startswith("按通常的办理时间（")
    Carrier.objects.update(reply_days=5)  # the days that the case has: now it says so itself
    assert told_of_time(written(submitted, "complaint", "2026-10-16T10:00"))[0].startswith("按贵公司公布的办理时限（")


def test_a_broken_promise_is_a_duty_and_an_open_one_is_not(new_driver: Make) -> None:
    driver = new_driver("13900139000", now="2026-09-15T15:00", submitted="2026-09-15T15:00")
    driver.do(ops.Promised(at("2026-09-23T10:00"), promised_on=on("2026-10-15")), "2026-09-23T10:00")
    assert told_of_time(written(driver, "complaint", "2026-10-10T10:00")) == [
        "按通常的办理时间（自提交次日起5个工作日，调休上班日计入）计算，至2026年9月21日已届满，"
        "贵公司未在此期间办结或答复。",
    ]
    assert told_of_time(written(driver, "complaint", "2026-10-16T10:00")) == [
        "按贵公司承诺的时限，最迟应于2026年10月15日办结。",
        "截至2026年10月16日，已超过上述时限1个工作日。",
    ]


def test_a_promise_of_an_earlier_submission_is_no_duty_in_the_next(new_driver: Make) -> None:
    driver = new_driver("13900139000", now="2026-10-08T10:00", submitted="2026-10-08T10:00")
    driver.do(ops.Promised(at("2026-10-08T11:00"), promised_on=on("2026-10-09")), "2026-10-08T11:00")
    driver.do(ops.Returned(at("2026-10-12T10:00"), reason="papers"), "2026-10-12T10:00")
    driver.do(ops.Submit(at("2026-10-13T10:00")), "2026-10-13T10:00")
    lines = written(driver, "complaint", "2026-10-16T10:00")
    assert "2．2026年10月8日，贵公司承诺最迟于2026年10月9日办结。该承诺未按期兑现。" in lines
    assert told_of_time(lines) == []
    assert lines[0] == "就上列号码的销户申请办理一事，本人现正式提出投诉。"


def test_a_day_off_after_the_last_day_is_no_working_day_late(new_driver: Make) -> None:
    driver = new_driver("13900139000", now="2026-10-16T15:00", submitted="2026-10-16T15:00")
    lines = written(driver, "complaint", "2026-10-24T10:00")  # a Saturday
    assert "至2026年10月23日已届满" in lines[4]
    assert lines[5] == "二、投诉请求"


def test_a_carrier_that_said_anything_was_not_silent(submitted: CaseDriver) -> None:
    submitted.do(ops.FollowUp(at("2026-10-09T10:00"), "call", "在办"), "2026-10-09T10:00")
    (sentence,) = told_of_time(written(submitted, "complaint", "2026-10-16T10:00"))
    assert sentence.endswith("贵公司仍未办结，也未答复办理结果。")


def test_lateness_ends_with_the_return_or_with_done(submitted: CaseDriver) -> None:
    submitted.do(ops.ReportedDone(at("2026-10-15T10:00")), "2026-10-15T10:00")
    lines = written(submitted, "complaint", "2026-10-20T10:00")
    assert "5．截至2026年10月15日贵公司称已办结时，已超过上述时间2个工作日。" in lines
    assert "1．上列号码已销户的，书面确认销户生效日期；尚未销户的，立即办理，最迟于2026年11月4日办结；" in lines
    appeal = written(submitted, "appeal", "2026-10-20T10:00")
    assert appeal[1] == "1．督促被申诉人书面确认上列号码是否已销户及销户生效日期，尚未销户的立即办理；"
    assert not any("至今未办结" in line for line in appeal)


# What a letter is about.


def subject(driver: CaseDriver, now: str = "2026-10-16T10:00") -> str:
    return written(driver, "complaint", now)[0]


def test_a_letter_says_what_has_happened(submitted: CaseDriver, new_driver: Make) -> None:
    assert subject(submitted, "2026-10-09T10:00") == "就上列号码的销户申请办理一事，本人现正式提出投诉。"
    assert subject(submitted) == "就上列号码的销户申请超过通常办理时间仍未办结一事，本人现正式提出投诉。"
    charge(submitted, "2026-10-05", "8")
    assert subject(submitted, "2026-10-09T10:00") == "就上列号码的收费及销户申请办理一事，本人现正式提出投诉。"
    submitted.do(ops.Returned(at("2026-10-15T10:00"), reason="papers"), "2026-10-15T10:00")
    assert subject(submitted) == "就上列号码的销户申请被退回一事，本人现正式提出投诉。"


def test_a_request_of_today_is_not_called_late(new_driver: Make) -> None:
    driver = new_driver("13900139000", now="2026-10-16T09:00", submitted="2026-10-16T09:00")
    assert written(driver, "complaint", "2026-10-16T10:00")[:7] == [
        "就上列号码的销户申请办理一事，本人现正式提出投诉。",
        "一、事实经过",
        "1．2026年10月16日09:00，本人致电贵公司客服热线，提出上列号码的销户申请。",
        "二、投诉请求",
        "1．立即为上列号码办理销户，最迟于2026年11月2日办结；",
        "2．办结后以书面或短信形式确认，写明销户生效日期；",
        "3．书面说明办理进度，并提供本投诉的投诉单号。",
    ]


def test_what_the_carrier_wanted_and_one_more_paper(submitted: CaseDriver) -> None:
    submitted.do(ops.Acknowledged(at("2026-09-30T16:00"), "已登记", reference="SL-9"), "2026-09-30T16:00")
    submitted.do(ops.Returned(at("2026-10-09T10:00"), "要营业执照原件", "前台", reason="papers"), "2026-10-09T10:00")
    lines = written(submitted, "complaint", "2026-10-16T10:00")
    assert lines[2:7] == [
        "1．2026年9月30日15:00，本人致电贵公司客服热线，提出上列号码的销户申请。",
        "2．2026年9月30日，贵公司确认已受理该申请，受理单号：SL-9。答复内容：“已登记”。",
        "3．2026年10月9日，贵公司（客服：前台）退回该申请，理由：材料不全。答复内容：“要营业执照原件”。",
        "二、投诉请求",
        "1．受理申请并最迟于2026年11月2日办结上列号码的销户；"
        "如认为不符合条件，请一次性书面告知还需满足的条件、提交的材料及其依据；",
    ]
    assert not any("超过" in line or "计费" in line for line in lines)  # returned in time: it is not late


def test_a_prepayment_that_was_asked_for_is_not_claimed_as_paid(submitted: CaseDriver) -> None:
    charge(submitted, "2026-10-05", "100", kind="prepayment")
    lines = written(submitted, "complaint", "2026-10-09T10:00")
    assert "3．2026年10月5日，贵公司要求预存话费100.00元。" in lines
    assert "3．取消预存话费100.00元的要求，已经预存的一并退还；" in lines
    assert not any("未退费用" in line for line in lines)


def test_an_old_charge_is_not_told_to_be_in_time(submitted: CaseDriver) -> None:
    charge(submitted, "2026-05-01", "8")
    reasons = written(submitted, "appeal", "2026-10-16T10:00")[-2:]
    assert reasons[0] == "2．申诉事项发生至今未超过《电信用户申诉处理办法》第十一条规定的二年期限（至2028年10月13日）。"


# Who writes.


@pytest.mark.parametrize(("holder", "us"), [("林某某", "本人"), ("演示科技有限公司", "我单位"), ("", "本人")])
def test_a_complaint_is_written_by_the_holder(team: Team, mobile: Carrier, manager: User, holder: str, us: str) -> None:
    case = new_case(team, mobile, manager, submitted="2026-09-30T15:00", facts=ops.CardFacts(holder))
    lines = written(CaseDriver(case, manager), "complaint", "2026-10-16T10:00")
    assert lines[0].endswith(f"，{us}现正式提出投诉。")
    assert not any("我方" in line for line in lines)


def test_a_name_that_was_typed_comes_before_the_holder(submitted: CaseDriver) -> None:
    context = load_letter_context(submitted.fresh(), NOW, working_calendar(), signer="演示科技有限公司")
    assert "我单位现正式提出投诉" in letter_text(EscalationKind.COMPLAINT, context)


# Articles 9 and 10.


def test_the_complaint_names_the_carriers_province_and_one_day(submitted: CaseDriver) -> None:
    lines = written(submitted, "complaint", "2026-10-16T10:00")
    assert lines[-1] == (
        "请自收到本函之日起15日内答复。贵公司逾期未答复，或者本人对处理结果不满意的，本人将依据《电信用户申诉处理办法》"
        "第九条、第十条，向贵公司所在省的电信用户申诉受理机构提出申诉。"
    )
    assert "1．立即为上列号码办理销户，最迟于2026年11月2日办结；" in lines
    assert not any("日前" in line for line in lines)


def complaint_reason(driver: CaseDriver, now: str) -> list[str]:
    return [line for line in written(driver, "appeal", now) if "先行" in line]


def test_an_appeal_names_the_one_condition_that_is_met(submitted: CaseDriver, new_driver: Make) -> None:
    submitted.do(ops.Complain(at("2026-10-14T10:00")), "2026-10-14T10:00")
    assert complaint_reason(submitted, "2026-10-16T10:00") == []  # its 15 days run
    assert complaint_reason(submitted, "2026-10-30T10:00") == [
        "2．申诉人已先行向被申诉人投诉，被申诉人逾15日未答复，符合《电信用户申诉处理办法》第十条的规定。"
    ]
    submitted.do(ops.ComplaintAnswered(at("2026-10-30T11:00"), False, "再等等"), "2026-10-30T11:00")
    assert complaint_reason(submitted, "2026-10-30T12:00") == [
        "2．申诉人已先行向被申诉人投诉，对被申诉人的处理结果不满意，符合《电信用户申诉处理办法》第十条的规定。"
    ]
    submitted.do(ops.Complain(at("2026-11-02T10:00")), "2026-11-02T10:00")  # and once more: the first still counts
    assert "处理结果不满意" in complaint_reason(submitted, "2026-11-03T10:00")[0]
    submitted.do(ops.ComplaintAnswered(at("2026-11-04T10:00"), True), "2026-11-04T10:00")
    assert complaint_reason(submitted, "2026-11-05T10:00") == []


# How things are told.


def test_a_cancellation_that_was_to_take_effect_later(submitted: CaseDriver) -> None:
    pending = ops.TakesEffect(at("2026-10-12T10:00"), "预销户成功", "工号 8086", "SL-9", effective_on=on("2026-11-20"))
    submitted.do(pending, "2026-10-12T10:00")
    lines = written(submitted, "complaint", "2026-11-25T10:00")
    assert (
        "3．2026年10月12日，贵公司（客服：工号 8086）答复该号码已预约销户，将于2026年11月20日生效，"
        "受理单号：SL-9。答复内容：“预销户成功”。"
    ) in lines


def test_a_pending_cancellation_is_late_from_the_day_on_which_it_takes_effect(submitted: CaseDriver) -> None:
    pending = ops.TakesEffect(at("2026-10-15T10:00"), effective_on=on("2026-11-20"))  # after the usual time
    submitted.do(pending, "2026-10-15T10:00")
    before = written(submitted, "complaint", "2026-11-10T10:00")
    assert before[0] == "就上列号码的销户申请办理一事，本人现正式提出投诉。"
    assert not any("已超过" in line or "届满" in line for line in before)
    after = written(submitted, "complaint", "2026-11-25T10:00")
    assert after[0] == "就上列号码超过贵公司答复的生效日期仍未销户一事，本人现正式提出投诉。"
    assert [line[2:] for line in after if "销户生效。" in line or "已超过" in line] == [
        "按贵公司的答复，上列号码应于2026年11月20日销户生效。",
        "截至2026年11月25日，已超过上述日期3个工作日。",
    ]
    Card.objects.update(monthly_fee=Decimal("30"))
    (cost,) = [line for line in written(submitted, "complaint", "2026-11-25T10:00") if "折合" in line]
    assert "超过上述日期的5天（自然日）折合5.00元。" in cost


def test_a_letter_does_not_cite_itself(new_driver: Make) -> None:
    driver = new_driver("13800138000", now="2026-09-15T15:00", submitted="2026-09-15T15:00")
    driver.do(ops.Complain(at("2026-09-24T10:00"), "TS-1"), "2026-09-24T10:00")
    assert not any("正式投诉，" in line for line in written(driver, "complaint", "2026-09-25T10:00"))
    told = "3．2026年9月24日，本人就此向贵公司提出正式投诉，投诉单号：TS-1。"
    assert told in written(driver, "complaint", "2026-10-16T10:00")  # its days are over: this is another one
    driver.do(ops.Appeal(at("2026-10-16T11:00"), "SS-1"), "2026-10-16T11:00")
    for kind in ("complaint", "appeal"):
        assert not any("SS-1" in line for line in written(driver, kind, "2026-10-19T10:00"))
    driver.do(ops.AppealAnswered(at("2026-10-20T10:00"), satisfied=False), "2026-10-20T10:00")
    lines = written(driver, "appeal", "2026-10-21T10:00")
    assert any("2026年10月16日，申诉人已就此提出申诉，申诉编号：SS-1。" in line for line in lines)


@pytest.mark.parametrize(("now", "broken"), [("2026-11-05T10:00", False), ("2026-11-23T10:00", True)])
def test_a_promise_too_far_away_is_not_broken_before_its_day(submitted: CaseDriver, now: str, broken: bool) -> None:
    promise = ops.Promised(at("2026-10-12T10:00"), promised_on=on("2026-11-20"), accept_far=True)
    submitted.do(promise, "2026-10-12T10:00")  # it gives the carrier until 11-02
    lines = written(submitted, "complaint", now)
    assert any("该承诺至今未兑现。" in line for line in lines) == broken


def test_a_method_states_no_result(submitted: CaseDriver) -> None:
    submitted.do(ops.ReportedDone(at("2026-10-10T10:00"), "已销户。"), "2026-10-10T10:00")
    submitted.do(ops.Verify(at("2026-10-12T10:00"), "call", "inconclusive"), "2026-10-12T10:00")
    for hour, method, words in (
        ("11", "account", "仍显示正常"), ("12", "call", ""), ("13", "hotline", "")
    ):  # fmt: skip
        moment = f"2026-10-12T{hour}:00"
        submitted.do(ops.Verify(at(moment), method, "alive", words), moment)
    lines = written(submitted, "complaint", "2026-10-13T10:00")
    assert lines[0] == "就上列号码仍未销户一事，本人现正式提出投诉。"
    assert lines[4:8] == [
        "3．2026年10月10日，贵公司称已办结销户。答复内容：“已销户”。",
        "4．2026年10月12日，经查看账户状态核实，该号码仍未销户。核实情况：“仍显示正常”。",
        "5．2026年10月12日，经拨打测试核实，该号码仍未销户。",
        "6．2026年10月12日，经拨打客服热线查询核实，该号码仍未销户。",
    ]
    assert lines[-3] == "3．书面说明仍未销户的原因，并提供本投诉的投诉单号。"


def test_a_reopened_case_says_what_was_found(submitted: CaseDriver) -> None:
    submitted.do(ops.Verify(at("2026-10-09T10:00"), "account", "cancelled", confirm=True), "2026-10-09T10:00")
    submitted.do(ops.Reopen("又能打通了"), "2026-10-12T10:00")
    lines = written(submitted, "complaint", "2026-10-12T11:00")
    assert "3．2026年10月12日，本人发现该号码仍未销户。具体情况：“又能打通了”。" in lines
    assert not any("要求贵公司继续办理" in line for line in lines)  # the record does not say so


@pytest.mark.parametrize(
    ("channel", "sentence"),
    [
        ("hotline", "本人致电贵公司客服热线，提出上列号码的销户申请。"),
        ("branch", "本人到贵公司营业厅提出上列号码的销户申请。"),
        ("app", "本人通过贵公司线上渠道提出上列号码的销户申请。"),
        ("agent", "本人经贵公司代理商提出上列号码的销户申请。"),
        ("letter", "本人以书面形式向贵公司提出上列号码的销户申请。"),
    ],
)
def test_how_it_was_asked_for(team: Team, manager: User, mobile: Carrier, channel: str, sentence: str) -> None:
    new = NewCase("13800138000", mobile, "cost", channel, submit=ops.Submit(at("2026-09-30T15:00")))
    case = ops.open_case(team, new, by=manager, now=at("2026-09-30T15:00"))
    lines = written(CaseDriver(case, manager), "complaint", "2026-10-16T10:00")
    assert lines[2] == f"1．2026年9月30日15:00，{sentence}"


def test_before_it_is_late_one_asks_and_after_that_one_chases(submitted: CaseDriver) -> None:
    for moment, way in (("2026-10-13T10:00", "app"), ("2026-10-14T10:00", "visit")):
        submitted.do(ops.FollowUp(at(moment), way), moment)
    assert written(submitted, "complaint", "2026-10-16T10:00")[4:6] == [
        "3．2026年10月13日，本人通过贵公司线上渠道询问办理进度。",
        "4．2026年10月14日，本人到贵公司营业厅催办。",
    ]


def test_no_space_stands_beside_a_figure(long_wait: CaseDriver) -> None:
    charge(long_wait, "2026-10-01", "8", words="十月")
    Card.objects.update(monthly_fee=Decimal("31"))
    for kind in ("complaint", "appeal"):
        for line in written(long_wait, kind, "2026-11-09T10:00"):
            assert " " not in line.replace("工号 2532", "")  # that is how somebody typed it


def test_an_answer_that_does_not_settle_and_the_cost_of_the_delay(submitted: CaseDriver) -> None:
    Card.objects.update(monthly_fee=Decimal("31"))
    submitted.do(ops.Complain(at("2026-10-14T10:00")), "2026-10-14T10:00")
    submitted.do(ops.ComplaintAnswered(at("2026-10-15T10:00"), False, "再等等"), "2026-10-15T10:00")
    lines = written(submitted, "appeal", "2026-10-16T10:00")
    assert "3．2026年10月14日，申诉人就此向被申诉人提出正式投诉。" in lines
    assert "4．2026年10月15日，被申诉人答复投诉，问题未得到解决。答复内容：“再等等”。" in lines
    # 10-14 to 10-16 at a yuan a day.
    assert "7．按月租费31.00元逐日折算，超过上述时间的3天（自然日）折合3.00元。" in lines


def test_the_cost_is_counted_from_the_time_that_the_letter_rests_on(new_driver: Make) -> None:
    driver = new_driver("13900139000", now="2026-09-30T15:00", submitted="2026-09-30T15:00")
    Card.objects.update(monthly_fee=Decimal("31"))
    driver.do(ops.Promised(at("2026-10-14T10:00"), promised_on=on("2026-10-20")), "2026-10-14T10:00")
    lines = written(driver, "complaint", "2026-10-23T10:00")
    # 10-21 to 10-23, and not from 10-14 on.
    assert "6．按月租费31.00元逐日折算，超过上述时限的3天（自然日）折合3.00元。" in lines


def test_without_a_complaint_an_appeal_does_not_claim_one(submitted: CaseDriver) -> None:
    lines = written(submitted, "appeal", "2026-10-16T10:00")
    assert not any("先行" in line for line in lines)


def test_the_receipts_are_its_papers(submitted: CaseDriver) -> None:
    ops.attach_receipts(
        submitted.case, ops.ReceiptUpload("sms", text="已受理"), by=submitted.by, now=at("2026-10-02T10:00")
    )
    assert written(submitted, "appeal", "2026-10-16T10:00")[-2:] == ["四、所附材料", "1．短信（2026-10-02 1000.txt）"]


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


def test_quotation_marks_within_a_quotation_are_single_ones(submitted: CaseDriver) -> None:
    submitted.do(ops.FollowUp(at("2026-10-10T10:00"), "call", "对方说“马上办”"), "2026-10-10T10:00")
    assert "沟通情况：“对方说‘马上办’”。" in "".join(written(submitted, "complaint", "2026-10-16T10:00"))


@pytest.mark.usefixtures("receipts_folder")
def test_it_is_chinese_for_an_english_reader_too(submitted: CaseDriver) -> None:
    from django.utils import translation

    with translation.override("en"):
        lines = written(submitted, "complaint", "2026-10-16T10:00")
        assert translation.get_language() == "en"
    assert "国庆节" in "".join(lines)
    assert "National" not in "".join(lines)


@pytest.mark.forged
def test_an_entry_that_was_erased_is_not_told(long_wait: CaseDriver) -> None:
    from django.db import connection

    entry = long_wait.entries.get(kind="follow_up")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_timelinecontent WHERE entry_id = %s", [entry.pk])
    assert not any("催办" in line for line in written(long_wait, "appeal", "2026-11-09T10:00"))
