"""Kinds of messages that other hands than the rules' author's write. All texts are synthetic."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from cases.domain.business_days import SHANGHAI
from cases.formats.sms.reader import read_by_rules
from cases.formats.sms.types import Reading, Sms
from tests.formats.sms.corpus import CARRIERS

RECEIVED = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)


def reading(text: str, sender: str = "10086", received_at: datetime = RECEIVED) -> Reading:
    return read_by_rules(Sms(sender, text, received_at), CARRIERS)


@pytest.mark.parametrize("word", ["退网", "离网", "拆机", "销号", "销户", "注销", "退卡"])
@pytest.mark.parametrize("sender", ["10086", "10010", "10000", "10099"])
def test_every_word_counts_for_every_carrier(word: str, sender: str) -> None:
    assert reading(f"您的号码13800138000已成功{word}。", sender).meaning == "done"


@pytest.mark.parametrize(
    "text",
    [
        "您的沃邮箱已注销,感谢使用。",
        "您家的光猫已完成拆机,押金到厅领取。",
        "您的WLAN账号已注销成功。",
        "您已从家庭群组注销,手机号码不受影响。",
        "您尾号4471的借记卡已销户。",
        "【某银行】您尾号6620的储蓄卡已办理销户。",
        "您的商城会员账号注销已完成。",
        "号码13800138000绑定的宽带已拆机。",
    ],
)
def test_another_thing_was_cancelled(text: str) -> None:
    assert reading(text).meaning == "unrelated"


def test_another_thing_that_is_only_mentioned_does_not_hide_the_card() -> None:
    assert reading("13800138000名下宽带未拆,无法销户。").meaning == "refused"
    assert reading("您的号码13800138000已销户,宽带业务不受此次办理影响。").meaning == "done"


@pytest.mark.parametrize(
    "text",
    [
        "听同事说13800138000好像已经销户了",
        "13800138000到底销户了没有?",
        "转发:“13800138000已成功销户”,你信吗,骗子吧",
        "13800138000已成功销户,可我刚打过去还是通的",
        "昨日关于13800138000销户成功的短信系误发,请忽略。",
        "尊敬的${name},您的号码${number}已销户。",
        "您的号码{0}销户结果:{1}",
        "尊敬的XX用户,您的号码已于X月X日销户。",
        "您的号码13800138000已于2026年2月30日销户。",
        "尾号1120已销户,尾号1121因合约未到期无法销户。",
        "13800138000销户成功。失败原因:欠费。",
    ],
)
def test_what_is_doubtful_is_left_to_a_person(text: str) -> None:
    assert reading(text, "").meaning == "ambiguous"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("13800138000的销户申请没有退单,仍在审核中。", "under_review"),
        ("流程:1受理2审核3销户完成。您13800138000的申请当前状态:审核中。", "under_review"),
        ("办理进度\n✔ 已提交\n● 审核中\n○ 预销户\n○ 已销户\n号码13800138000", "under_review"),
        ("您的13800138000销户申请\n已提交至后台\n请等待通知", "registered"),
        ("您的消户申请己受理,号吗13800138000", "registered"),
        ("您的號碼13800138000已銷戶,謝謝。", "done"),
        ("13800138000 已經退咗網,打去係空號", "done"),
        ("预约销户成功,13800138000将于12月31日销户。", "promised"),
        ("13800138000预约12月31日销户成功", "promised"),
        ("13800138000明天销户成功", "promised"),
        ("13800138000停机待销,60天内可恢复。", "precancelled"),
        ("保留期已满,您的13800138000已正式销户。", "done"),
        ("13800138000登记成功不代表注销成功,请等待。", "registered"),
        ("因逾期未补充资料,您13800138000的销户工单自动关闭。", "refused"),
        ("请于3日内重新上传13800138000的身份证照片,逾期工单将自动关闭。", "more_papers"),
        ("您13800138000的销户申请因未按时到厅签字,已被作废。", "refused"),
        ("您13800138000的销户我司不能办理。", "refused"),
        ("您13800138000的销户申请已取消,号码继续使用。", "refused"),
        ("13800138000销户失败:在网合约未到期,请到期后重新申请。", "refused"),
        ("您反映的13800138000无法销户问题已受理,单号AB12345678。", "registered"),
        ("审核中未通过13800138000。", "refused"),
        ("系统未成功执行13800138000的销户。", "refused"),
        ("您的13800138000销户未能办理。", "refused"),
        ("您的号码13800138000今日注销。", "done"),
        ("13800138000销户已处理完毕。", "done"),
        ("13800138000的销户成功登记,等待下一步。", "registered"),
        ("您的工单已归档。", "ambiguous"),
        ("13800138000的销户业务已预约成功,请留意短信。", "precancelled"),
        ("13800138000的资料已提交审核。", "under_review"),
        ("13800138000的注销登记完成,后续由分公司办理。", "registered"),
    ],
)
def test_what_a_message_means(text: str, meaning: str) -> None:
    assert reading(text).meaning == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("13800138000 给您报上去了", "registered"),
        ("小周 17:32\n13800138000还在审,领导没签", "under_review"),
        ("13800138000还差一张手持身份证,拍好发我", "more_papers"),
        ("13800138000销不掉,靓号协议没到期", "refused"),
        ("13800138000最晚周五给你销掉", "promised"),
        ("13800138000刚给销掉了,卡可以扔了", "done"),
        ("Your request to cancel 13800138000 has been received.", "registered"),
        ("Your application to close 13800138000 is under review.", "under_review"),
        ("Please upload a photo of your ID to continue cancelling 13800138000.", "more_papers"),
        ("Your application to cancel 13800138000 was rejected.", "refused"),
        ("13800138000 will be closed on 1 December 2026.", "promised"),
        ("13800138000 is now in pre-cancellation status.", "precancelled"),
        ("13800138000 has been cancelled successfully.", "done"),
    ],
)
def test_notes_chats_and_english(text: str, meaning: str) -> None:
    assert reading(text, "").meaning == meaning


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("13800138000销户已受理,流水号HX1123-0091。", "HX1123-0091"),
        ("13800138000注销登记成功,登记编号:0571-20261123-33。", "0571-20261123-33"),
        ("13800138000销户已建单,催单号LT-7788。", "LT-7788"),
        ("批次号PL20261118A的拆机清单已收悉。", "PL20261118A"),
        ("GDXH-1103-665201号工单处理中。", "GDXH-1103-665201"),
        ("Ticket 4412087751 to cancel 13800138000 has been opened.", "4412087751"),
        ("Your cancellation has been logged, ref. HH-CX-3018.", "HH-CX-3018"),
        ("工号57103说13800138000已登记。", None),
        ("13800138000销户已受理,详询10086或4001100868。", None),
        ("13800138000销户已受理,客服电话010-66554433。", None),
        ("13800138000销户已受理,宽带账号ad21880473不变。", None),
        ("您138XXXX8000的销户工单处理中。", None),
    ],
)
def test_references_are_whole_and_nothing_else_is_one(text: str, reference: str | None) -> None:
    assert reading(text).reference == reference


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("20261201前", date(2026, 12, 1)),
        ("20261201000000前", date(2026, 12, 1)),
        ("12/3前", date(2026, 12, 3)),
        ("12.3前", date(2026, 12, 3)),
        ("2月5日前", date(2027, 2, 5)),
        ("当月底前", date(2026, 11, 30)),
        ("月内", date(2026, 11, 30)),
        ("下月1号", date(2026, 12, 1)),
        ("廿七号前", date(2026, 11, 27)),
        ("48小时里", date(2026, 11, 26)),
        ("一个月内", date(2026, 12, 24)),
        ("年底前", date(2026, 12, 31)),
    ],
)
def test_days_as_people_write_them(said: str, day: date) -> None:
    got = reading(f"您的号码13800138000将于{said}销户。")
    assert (got.meaning, got.promised) == ("promised", day)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("on 1 December 2026", date(2026, 12, 1)),
        ("on Dec 1, 2026", date(2026, 12, 1)),
        ("by 30 November", date(2026, 11, 30)),
        ("within 7 days", date(2026, 12, 1)),
        ("within 24 hours", date(2026, 11, 25)),
        ("on Friday", date(2026, 11, 27)),
        ("tomorrow", date(2026, 11, 25)),
    ],
)
def test_english_days(said: str, day: date) -> None:
    got = reading(f"Your number 13800138000 will be cancelled {said}.")
    assert (got.meaning, got.promised) == ("promised", day)


def test_a_delay_promises_the_later_day() -> None:
    assert reading("13800138000的销户由11月26日延至11月28日完成。").promised == date(2026, 11, 28)


@pytest.mark.parametrize(
    "text",
    [
        "13800138000销户已受理,24小时内与您联系。",
        "13800138000销户已受理,3个工作日内反馈。",
        "13800138000销户审核中(2/4)。",
        "13800138000已于11月20日销户。",
    ],
)
def test_a_day_for_something_else_is_no_promise(text: str) -> None:
    got = reading(text)
    assert got.promised is None
    assert got.meaning != "promised"


@pytest.mark.parametrize(
    ("text", "number", "amount"),
    [
        ("【中国移动】13800138000已销户,余额43.10元已转入您指定的号码13900139000。", "13800138000", "43.10"),
        ("13800138000销户已受理,如需咨询请拨打18600001111。", "13800138000", None),
        ("13800138000、13900139000已销户。", None, None),
        ("138****8000已销户,139****8000已销户。", None, None),
        ("宽带账号kd13800138000已拆机。", None, None),
        ("+86 138 0013 8000 已销户", "13800138000", None),
        ("１３８００１３８０００已销户", "13800138000", None),
        ("13800138000欠费86.50,销不了", "13800138000", "86.50"),
        ("13800138000已销户,套外按5元/GB计费。", "13800138000", None),
    ],
)
def test_the_card_and_the_sum(text: str, number: str | None, amount: str | None) -> None:
    got = reading(text)
    assert (got.number, got.amount) == (number, Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("您的号码13800138000已销户。", True),
        ("您的号码13800138000审核中(2/3)已提交。", True),
        ("(1/2)您的号码13800138000销户申请已受理,", False),
        ("您的号码13800138000销户申请已受理[1/3]", False),
        ("您的号码13800138000销户申请…", False),
        ("您的号码13800138000销户申请将于", False),
        ("您的号码���138���已销户", False),
    ],
)
def test_a_part_or_a_broken_text_is_not_whole(text: str, is_whole: bool) -> None:
    assert reading(text).is_whole is is_whole


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("13800138000到底销户了没有?", True),
        ("您13800138000的申请正在审核中。", True),
        ("验证码385102,您正在办理销户。", True),
        ("您尾号4471的借记卡已销户。", False),
        ("您的宽带已拆机。", False),
        ("您11月账单72.90元。", False),
    ],
)
def test_whether_it_speaks_of_a_cancellation(text: str, speaks: bool) -> None:
    assert reading(text).speaks_of_cancellation is speaks
