"""Letters about money once the number is cancelled: literally, as carrier and appeal body read them."""

from decimal import Decimal

import pytest

from cases.documents.letters import draft_from_record
from cases.models import Case
from cases.models.choices import EscalationKind
from cases.operations import Complain, ExpectRefund, NewCharge, PromiseRefund, ReceiveRefund, RecordCharge, Verify
from tests.helpers import CaseDriver, at, on


@pytest.fixture
def confirmed(submitted: CaseDriver) -> CaseDriver:
    submitted.do(Verify(at("2026-10-12T10:00"), "hotline", "cancelled", confirm=True), "2026-10-12T10:05")
    return submitted


def letter(driver: CaseDriver, kind: EscalationKind, now: str) -> list[str]:
    case = Case.objects.select_related("card", "carrier", "team").get(pk=driver.case.pk)
    return draft_from_record(case, kind, at(now), signer="某人").split("\n")


def test_a_complaint_about_a_promised_refund_of_which_a_part_came(confirmed: CaseDriver) -> None:
    confirmed.do(ExpectRefund(Decimal("36.5"), due_on=on("2026-10-30")), "2026-10-12T11:00")
    confirmed.do(
        PromiseRefund(at("2026-11-02T10:00"), on("2026-11-06"), "call", "工号 1024", "六日前到账"), "2026-11-02T10:05"
    )
    confirmed.do(ReceiveRefund(on("2026-11-05"), Decimal("16.5")), "2026-11-05T18:00")
    assert letter(confirmed, EscalationKind.COMPLAINT, "2026-11-10T10:00") == [
        "就上列号码销户后余额未退还一事，本人现正式提出投诉。",
        "一、事实经过",
        "1．2026年9月30日15:00，本人致电贵公司客服热线，提出上列号码的销户申请。",
        "2．2026年10月12日，经核实，上列号码已销户。",
        "3．销户后，贵公司应退还账户余额36.50元，贵公司答复最迟于2026年10月30日退还。",
        "4．2026年11月2日，贵公司（客服：工号 1024）承诺最迟于2026年11月6日退还余额。答复内容：“六日前到账”。"
        "该承诺至今未兑现。",
        "5．2026年11月5日，本人收到退还的余额16.50元。",
        "6．截至2026年11月10日，余额20.00元仍未退还：最初最迟应于2026年10月30日退还，后推迟至2026年11月6日，"
        "已超过推迟后的日期4天（自然日）。",
        "二、投诉请求",
        "1．立即退还账户余额20.00元；",
        "2．书面说明余额未退还的原因，并提供本投诉的投诉单号。",
        "三、说明",
        "请自收到本函之日起15日内答复。贵公司逾期未答复，或者本人对处理结果不满意的，本人将依据《电信用户申诉处理办法》"
        "第九条、第十条，向贵公司所在省的电信用户申诉受理机构提出申诉。",
    ]


def test_an_appeal_about_a_charge_and_a_refund_of_an_unknown_sum(confirmed: CaseDriver) -> None:
    confirmed.do(ExpectRefund(), "2026-10-12T11:00")  # 15 working days: 2026-11-02
    confirmed.do(
        RecordCharge(NewCharge(Decimal(19), on("2026-10-12"))), "2026-11-03T09:00"
    )  # the day itself: not after
    confirmed.do(RecordCharge(NewCharge(Decimal(19), on("2026-11-01"))), "2026-11-03T09:05")
    confirmed.do(Complain(at("2026-11-03T10:00"), "TS-1"), "2026-11-03T10:05")
    assert letter(confirmed, EscalationKind.APPEAL, "2026-11-19T10:00") == [
        "一、申诉请求",
        "1．要求被申诉人核算并立即退还账户余额；",
        "2．要求被申诉人退还销户后收取的费用19.00元，并停止对该号码计费；",
        "3．要求被申诉人书面说明余额未退还的原因、收费依据及投诉的处理情况。",
        "二、事实经过",
        "1．2026年9月30日15:00，申诉人致电被申诉人客服热线，提出上列号码的销户申请。",
        "2．2026年10月12日，经核实，上列号码已销户。",
        "3．销户后，被申诉人应退还账户余额，被申诉人未告知退还日期；自销户次日起算，15个工作日至2026年11月2日届满。",
        "4．2026年11月1日，被申诉人收取月租费19.00元。",
        "5．2026年11月3日，申诉人就此向被申诉人提出正式投诉，投诉单号：TS-1。",
        "6．2026年11月18日，投诉的15日答复期届满，被申诉人未作答复。",
        "7．截至2026年11月19日，余额仍未退还，已超过上述日期17天（自然日）。",
        "三、申诉理由",
        "1．申诉人是上列号码的用户，与申诉事项有直接利害关系；被申诉人明确，请求具体，并有事实根据。",
        "2．申诉人已先行向被申诉人投诉，被申诉人逾15日未答复，符合《电信用户申诉处理办法》第十条的规定。",
        "3．申诉事项发生至今未超过该办法第十一条规定的收费争议的五个月期限（至2027年4月1日）。",
        "4．最迟应于2026年11月2日退还的余额至今未退还，申诉人请求依法处理。",
    ]


def test_an_appeal_counts_its_five_months_from_the_first_day(confirmed: CaseDriver) -> None:
    confirmed.do(ExpectRefund(Decimal("36.5"), due_on=on("2026-10-30")), "2026-10-12T11:00")
    confirmed.do(Complain(at("2026-11-03T10:00"), "TS-1"), "2026-11-03T10:05")
    confirmed.do(PromiseRefund(at("2026-11-19T10:00"), on("2026-11-27")), "2026-11-19T10:05")
    assert letter(confirmed, EscalationKind.APPEAL, "2026-11-30T10:00")[-2:] == [
        "3．申诉事项发生至今未超过该办法第十一条规定的收费争议的五个月期限（至2027年3月30日）。",
        "4．最迟应于2026年10月30日退还的余额至今未退还，申诉人请求依法处理。",
    ]


def test_what_was_late_before_the_cancellation_is_no_matter_any_more(submitted: CaseDriver) -> None:
    submitted.do(Complain(at("2026-10-20T10:00")), "2026-10-20T10:05")
    submitted.do(Verify(at("2026-11-12T10:00"), "hotline", "cancelled", confirm=True), "2026-11-12T10:05")
    submitted.do(RecordCharge(NewCharge(Decimal("8.50"), on("2026-12-01"), words="套餐费")), "2026-12-02T09:00")
    text = letter(submitted, EscalationKind.COMPLAINT, "2026-12-02T10:00")
    assert text[0] == "就上列号码销户后仍被收费一事，本人现正式提出投诉。"
    assert text[2:8] == [
        "1．2026年9月30日15:00，本人致电贵公司客服热线，提出上列号码的销户申请。",
        "2．2026年11月12日，经核实，上列号码已销户。",
        "3．2026年12月1日，贵公司收取月租费8.50元（套餐费）。",
        "二、投诉请求",
        "1．退还销户后收取的费用8.50元，并停止对该号码计费；",
        "2．书面说明收费依据，并提供本投诉的投诉单号。",
    ]
