"""Every kind of reminder as its reader gets it, whole and in both languages; and several in one message."""

from collections.abc import Callable

import pytest
import time_machine

from cases import operations as ops
from cases.domain.business_days import WorkingCalendar
from cases.domain.reminder_kinds import ReminderKind
from cases.models import NotificationChannel, Reminder, User
from cases.models.choices import ChannelKind
from cases.reminders.render import render_notice
from tests.helpers import CaseDriver, at, on
from tests.web import scenarios
from tests.web.scenarios import Make

pytestmark = pytest.mark.django_db


def promised_far_away(make: Make) -> CaseDriver:
    """After a complaint that was settled, so that the next step is to hold them to it."""
    driver = make("13800000030", now="2026-09-30T15:00", submitted="2026-09-30T15:00")
    driver.do(ops.Complain(at("2026-09-30T16:00")), "2026-09-30T16:00")
    driver.do(ops.ComplaintAnswered(at("2026-09-30T17:00"), satisfied=True), "2026-09-30T17:00")
    promise = ops.Promised(at("2026-10-01T10:00"), promised_on=on("2026-11-20"), accept_far=True)
    driver.do(promise, "2026-10-01T10:00")
    return driver


#: Kind, the case, the moment, then its paragraph in English and in Chinese, without the link.
MAILS = [
    (
        ReminderKind.ACK_MISSING,
        scenarios.waiting,
        "2026-10-16T17:00",
        "138****0002 · China Mobile · 4 working days left\n"
        "Not acknowledged yet. Call 10086 and ask whether the request was received\n"
        "Carrier reference number: SL-4711",
        "138****0002 · 中国移动 · 还剩 4 个工作日\n尚未受理：打 10086 询问是否已受理\n受理单号：SL-4711",
    ),
    (
        ReminderKind.WINDOW_OPEN,
        scenarios.due_today,
        "2026-10-16T09:00",
        "138****0003 · China Mobile · due today\nMake a first call to 10086",
        "138****0003 · 中国移动 · 今天到期\n打 10086 首次催问",
    ),
    (
        ReminderKind.OVERDUE,
        scenarios.overdue,
        "2026-10-14T09:00",
        "138****0005 · China Mobile · 1 working day overdue\nCall 10086 and chase",
        "138****0005 · 中国移动 · 超期 1 个工作日\n打 10086 催办",
    ),
    (
        ReminderKind.STILL_OVERDUE,
        scenarios.overdue,
        "2026-10-16T09:00",
        "138****0005 · China Mobile · 3 working days overdue\nStill overdue. Call 10086 and chase",
        "138****0005 · 中国移动 · 超期 3 个工作日\n仍然超期：打 10086 催办",
    ),
    (
        ReminderKind.PROMISE_BROKEN,
        scenarios.promise_broken,
        "2026-10-15T09:00",
        "138****0006 · China Mobile · 1 working day overdue\n"
        "Promise not kept. Call 10086 and ask them to keep the promise\nPromised date: 14 Oct",
        "138****0006 · 中国移动 · 超期 1 个工作日\n承诺未兑现：打 10086 要求兑现承诺\n承诺日期：10月14日",
    ),
    (
        ReminderKind.PROMISE_BROKEN,  # its time is over, its day is not
        promised_far_away,
        "2026-10-28T09:00",
        "138****0030 · China Mobile · 1 working day overdue\n"
        "Call 10086 and ask for an earlier date, as the promised one is too far away\nPromised date: 20 Nov",
        "138****0030 · 中国移动 · 超期 1 个工作日\n打 10086 要求提前办结（承诺的日期太远）\n承诺日期：11月20日",
    ),
    (
        ReminderKind.COMPLAIN,
        scenarios.overdue,
        "2026-10-28T09:00",
        "138****0005 · China Mobile · 11 working days overdue\nCall 10080 and file a formal complaint",
        "138****0005 · 中国移动 · 超期 11 个工作日\n打 10080 正式投诉",
    ),
    (
        ReminderKind.VERIFY,
        scenarios.to_verify,
        "2026-10-16T09:00",
        "138****0008 · China Mobile · to verify\nVerify that the number has really been cancelled",
        "138****0008 · 中国移动 · 待核实\n核实号码是否真的注销了",
    ),
    (
        ReminderKind.RETURNED,
        scenarios.returned,
        "2026-10-19T09:00",
        "138****0010 · China Mobile · returned: action needed\n"
        "Pay what is owed and keep the receipt, then submit again\n"
        "The amount owed is not known: call 10086. Ask how much is due up to the cancellation date and what it is for. "
        "Pay it, keep the receipt and add it to this case, then submit again. Pay only in the carrier’s own app, at a "
        "branch or as 10086 tells you, never into a private account.",
        "138****0010 · 中国移动 · 被退回，待补办\n缴清欠费，保留凭证，再重新提交\n"
        "欠费金额未知，请打 10086 询问。问清到注销之日共欠多少、是什么费用；缴清后保留凭证并添加到本案件，再重新提交。"
        "只在运营商官方 App、营业厅或按 10086 告知的方式缴费，切勿转给个人。",
    ),
    (
        ReminderKind.COMPLAINT_UNANSWERED,
        scenarios.complaint_old,
        "2026-10-09T09:00",
        "138****0014 · China Mobile · 18 working days overdue\n"
        "Complaint unanswered. File an appeal with the appeal body",
        "138****0014 · 中国移动 · 超期 18 个工作日\n投诉未获答复：向申诉受理机构提出申诉",
    ),
    (
        ReminderKind.APPEAL_DECISION,
        scenarios.appealed,
        "2026-10-19T09:00",
        "138****0017 · China Mobile · 25 working days overdue\n"
        "Appeal decision overdue. Ask the appeal body about your appeal",
        "138****0017 · 中国移动 · 超期 25 个工作日\n申诉受理决定超期：向申诉受理机构询问申诉进度",
    ),
    (
        ReminderKind.APPEAL_ANSWER,
        scenarios.appeal_decided,
        "2026-11-10T09:00",
        "138****0018 · China Mobile · 41 working days overdue\n"
        "Appeal answer overdue. Ask the appeal body about your appeal",
        "138****0018 · 中国移动 · 超期 41 个工作日\n申诉答复超期：向申诉受理机构询问申诉进度",
    ),
    (
        ReminderKind.FINAL_BILL,
        scenarios.confirmed,
        "2026-11-05T09:00",
        "138****0011 · China Mobile · cancelled, confirmed\nCheck the bill after the cancellation for further charges",
        "138****0011 · 中国移动 · 已注销\n核对注销后的账单，看有没有再扣费",
    ),
    (
        ReminderKind.REFUND_DUE,
        scenarios.refund_open,
        "2026-10-21T09:00",
        "138****0027 · China Mobile · cancelled, confirmed\nRefund overdue. Call 10086 and ask for the refund\n"
        "China Mobile owes a refund of 36.50 yuan. The carrier said it would pay by 20 Oct.",
        "138****0027 · 中国移动 · 已注销\n退费超期：打 10086 催要退费\n中国移动应退 36.50 元。运营商说最晚10月20日退。",
    ),
    (
        ReminderKind.MESSAGE,
        scenarios.waiting,
        "2026-10-16T09:00",
        "138****0002 · China Mobile\nSMS to handle. Read the carrier’s SMS, then record or dismiss it",
        "138****0002 · 中国移动\n有短信待处理：查看运营商短信，记录或忽略",
    ),
    (
        ReminderKind.ERASURE,
        scenarios.confirmed,
        "2026-10-20T09:00",
        "138****0011 · China Mobile\nWill be erased soon: its documents and notes will be erased on 20 Nov. Export a "
        "dossier first if you need it. A team manager can choose to keep the case.",
        "138****0011 · 中国移动\n即将清除：材料和文字将于 11月20日清除。需要留存的请先导出卷宗；"
        "团队管理员也可以设为一直保留。",
    ),
]


def mail(reader: User, language: str, moment: str, *told: tuple[ReminderKind, CaseDriver]) -> tuple[str, str]:
    """Subject and text of a message about cases, as its reader gets it at `moment`."""
    reader.language = language
    channel = NotificationChannel(user=reader, kind=ChannelKind.EMAIL)
    reminders = []
    for kind, driver in told:
        case = driver.fresh()
        case.erase_on = on("2026-11-20")
        case.message_at = at(moment) if kind is ReminderKind.MESSAGE else None
        reminders.append(Reminder(case=case, kind=kind, at=at(moment)))
    with time_machine.travel(at(moment), tick=False):
        return render_notice(channel, reminders, at(moment), WorkingCalendar())


@pytest.mark.parametrize(("kind", "state", "moment", "english", "chinese"), MAILS)
def test_each_kind_is_read_whole(
    manager: User,
    new_driver: Make,
    kind: ReminderKind,
    state: Callable[[Make], CaseDriver],
    moment: str,
    english: str,
    chinese: str,
) -> None:
    driver = state(new_driver)
    link = f"\nhttps://xiaoka.example/cases/{driver.case.reference}/\n"
    assert mail(manager, "en", moment, (kind, driver))[1] == english + link
    assert mail(manager, "zh-hans", moment, (kind, driver))[1] == chinese + link


def test_every_kind_is_read_here() -> None:
    assert {row[0] for row in MAILS} == set(ReminderKind)


def test_the_subject_of_one_kind_names_it(manager: User, new_driver: Make) -> None:
    told = [(ReminderKind.OVERDUE, scenarios.overdue(new_driver))]
    assert mail(manager, "en", "2026-10-14T09:00", *told)[0] == "Xiaoka: 1 case needs your attention · Overdue"
    assert mail(manager, "zh-hans", "2026-10-14T09:00", *told)[0] == "销卡：1 个案件待处理 · 超期"


def test_the_subject_of_several_kinds_says_how_many_are_of_the_most_urgent(manager: User, new_driver: Make) -> None:
    told = [
        (ReminderKind.OVERDUE, scenarios.overdue(new_driver, "13800000041")),
        (ReminderKind.COMPLAIN, scenarios.overdue(new_driver, "13800000042")),
        (ReminderKind.COMPLAIN, scenarios.overdue(new_driver, "13800000043")),
    ]
    english, chinese = (mail(manager, language, "2026-10-28T09:00", *told)[0] for language in ("en", "zh-hans"))
    assert english == "Xiaoka: 3 cases need your attention · Time to complain (2)"
    assert chinese == "销卡：3 个案件待处理 · 2 个可以正式投诉"
