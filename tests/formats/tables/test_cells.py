"""Days, fees, carriers, standings and choices in cells."""

from datetime import date, time
from decimal import Decimal

import pytest

from cases.formats.tables.carriers import carrier_slug, usual_carrier
from cases.formats.tables.choices import read_channel, read_purpose, read_reason, read_return_reason
from cases.formats.tables.days import read_day
from cases.formats.tables.fees import read_fee
from cases.formats.tables.statuses import is_unclear_status, read_status


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024/3/5",
        "2024.3.5",
        "2024年3月5日",
        "20240305",
        "45356",
        "24年3月5日",
        "24.3.5",
        "Mar 5, 2024",
        "5 March 2024",
        "05-Mar-2024",
        "2024-03-05 星期二",
        "2024 - 03 - 05",
        "２０２４－０３－０５",
    ],
)
def test_a_day_in_many_spellings(text: str) -> None:
    read = read_day(text)
    assert read is not None
    assert (read.day, read.clock) == (date(2024, 3, 5), None)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2024-03-05 14:22", time(14, 22)),
        ("2024-03-05T14:22:33+08:00", time(14, 22, 33)),
        ("2024-03-05T06:22:33Z", time(14, 22, 33)),
        ("2024/3/5 0:00:00", time(0, 0)),
        ("2024年3月5日 下午3点", time(15, 0)),
        ("2024/3/5 2:30 PM", time(14, 30)),
        ("2024/3/5 上午12:30", time(0, 30)),
        ("2024/3/5 12:30 AM", time(0, 30)),
        ("2024年3月5日 凌晨12:05", time(0, 5)),
        ("2024/3/5 下午12:30", time(12, 30)),
        ("2024/3/5 12:30 PM", time(12, 30)),
        ("45356.5", time(12, 0)),
        ("20240305142233", time(14, 22, 33)),
    ],
)
def test_a_time_of_day(text: str, clock: time) -> None:
    read = read_day(text)
    assert read is not None
    assert (read.day, read.clock) == (date(2024, 3, 5), clock)


@pytest.mark.parametrize(
    "text",
    [
        "3月5日",
        "2024-03",
        "2024/3/5 晚上12:30",
        "2024年3月",
        "2024-02-30",
        "长期",
        "05/03/2024",
        "19",
        "13800138000",
        "12345",
        "",
    ],
)
def test_what_is_not_one_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_a_day_first_that_can_be_nothing_else() -> None:
    read = read_day("25/03/2024")
    assert read is not None
    assert read.day == date(2024, 3, 25)


def test_a_short_year_and_words_are_told() -> None:
    short, noted = read_day("24.3.5"), read_day("2024.3.5（补卡）")
    assert short is not None
    assert short.is_short
    assert noted is not None
    assert noted.words == "(补卡)"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("19", "19.00"),
        ("19.9", "19.90"),
        ("¥19", "19.00"),
        ("￥１９", "19.00"),
        ("19元/月", "19.00"),
        ("每月19元", "19.00"),
        ("19元/月/张", "19.00"),
        ("RMB19", "19.00"),
        ("1,200", "1200.00"),
        ("0", "0.00"),
        ("免费", "0.00"),
        ("19.900000000000002", "19.90"),
        ("29元(含10GB)", "29.00"),
    ],
)
def test_a_fee(text: str, amount: str) -> None:
    fee = read_fee(text)
    assert fee is not None
    assert fee.amount == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    [
        "面议",
        "约29",
        "29-39",
        "29/39",
        "19元起",
        "228元/年",
        "-5",
        "8元保号",
        "首月1元,次月19元",
        "1.999",
        "9999999",
        "",
    ],
)
def test_what_is_no_fee_of_a_month(text: str) -> None:
    assert read_fee(text) is None


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("移动", "china-mobile"),
        ("CMCC", "china-mobile"),
        ("China Mobile", "china-mobile"),
        ("中国移动广东公司", "china-mobile"),
        ("中国移动通信集团广东有限公司", "china-mobile"),
        ("广东深圳移动", "china-mobile"),
        ("移动（物联网）", "china-mobile"),
        ("联通(深圳)", "china-unicom"),
        ("深圳联通", "china-unicom"),
        ("电信物联网", "china-telecom"),
        ("中国电信股份有限公司深圳分公司", "china-telecom"),
        ("中国广电", "china-broadnet"),
        ("小米移动", "xiaomi-mobile"),
        ("远特", "yuante"),
        ("天音移动", None),
        ("长城移动", None),
        ("阿里通信", None),
        ("移动/联通", None),
        ("移动/CMCC", "china-mobile"),
        ("移动(已携转联通)", None),
        ("联通虚商", None),
        ("广电192", "china-broadnet"),
        ("192号段广电", "china-broadnet"),
        ("联通171", None),
        ("电信CTWing", "china-telecom"),
        ("13800138000", None),
    ],
)
def test_a_carrier_by_its_usual_names(name: str, slug: str | None) -> None:
    assert usual_carrier(name) == slug


def test_names_that_the_team_gave_come_first() -> None:
    carriers = {"阿里通信": "huaxiang", "中国移动": "china-mobile"}
    assert carrier_slug("阿里通信", carriers) == "huaxiang"
    assert carrier_slug("阿里通信（深圳）", carriers) == "huaxiang"
    assert carrier_slug("联通", carriers) is None  # a carrier that the database does not have


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("已注销", "confirmed"),
        ("已销户", "confirmed"),
        ("注销成功", "confirmed"),
        ("Cancelled", "confirmed"),
        ("已办结待核实", "reported_done"),
        ("运营商已注销，待核实", "reported_done"),
        ("已完成", "reported_done"),
        ("审核中", "under_review"),
        ("注销中", "under_review"),
        ("已受理", "under_review"),
        ("In review", "under_review"),
        ("已申请注销", "submitted"),
        ("已提交待审核", "submitted"),
        ("待审核", "submitted"),
        ("申请中", "submitted"),
        ("被退回", "returned"),
        ("审核不通过", "returned"),
        ("注销失败", "returned"),
        ("rejected", "returned"),
        ("待注销", "draft"),
        ("需注销", "draft"),
        ("准备注销", "draft"),
        ("待提交", "draft"),
        ("To be cancelled", "draft"),
        ("正常", None),
        ("停机", None),
        ("欠费停机", None),
        ("已激活", None),
        ("未注销", None),
        ("不注销", None),
        ("无需注销", None),
        ("取消注销", None),
        ("已注销?", None),
        ("可能已注销", None),
        ("active", None),
        # in people's own words
        ("审核中（已催2次）", "under_review"),
        ("在弄", "under_review"),
        ("客户经理已受理，等5天", "under_review"),
        ("客服说要7天", "submitted"),
        ("材料交了，等通知", "submitted"),
        ("交上去了", "submitted"),
        ("已提交，9月2日", "submitted"),
        ("Pending with carrier", "submitted"),
        ("办好了", "reported_done"),
        ("客服说已经销了", "reported_done"),
        ("销了，2026.8.30", "confirmed"),
        ("已销户，余额退回法人卡", "confirmed"),
        ("退回来了要补身份证", "returned"),
        ("Rejected - unpaid balance", "returned"),
        ("要销", "draft"),
        ("合约到期再销", "draft"),
        ("等老板签字", "draft"),
        ("已提交OA", "draft"),
        ("OA审批通过，已提交运营商", "submitted"),
        ("OA驳回", None),
        ("不销了，给新人用", None),
        ("不能销！！", None),
        ("还在用，别销", None),
        ("还没弄", None),
        ("没销", None),
        ("拆机了，卡没销", None),
        ("打过去是空号，应该销掉了", None),
        ("Not cancelled yet", None),
        ("申请已撤回", None),
        ("电销中", None),
        ("营销了", None),
        ("", None),
    ],
)
def test_a_standing(text: str, status: str | None) -> None:
    read = read_status(text)
    assert (read.status if read else None) == status


def test_a_standing_with_more_to_it() -> None:
    returned, cancelled = read_status("被退回-欠费"), read_status("已注销（2026.9.3）")
    assert returned is not None
    assert (returned.return_reason, returned.is_whole) == ("arrears", False)
    assert cancelled is not None
    assert (cancelled.day, cancelled.is_whole) == (date(2026, 9, 3), False)


def test_yes_and_no_are_a_standing_only_under_a_title_that_says_of_what() -> None:
    done, wanted = read_status("是", "是否已注销"), read_status("是", "是否需要注销")
    assert done is not None
    assert done.status == "confirmed"
    assert wanted is not None
    assert wanted.status == "draft"
    assert read_status("是", "是否注销") is None
    assert read_status("否", "是否已注销") is None


@pytest.mark.parametrize(
    ("text", "unclear"), [("预销户", True), ("已注销?", True), ("正常", False), ("停机", False), ("否", False)]
)
def test_words_about_a_request_that_name_no_standing_are_unclear(text: str, unclear: bool) -> None:
    assert is_unclear_status(text) is unclear


def test_choices() -> None:
    reason, words = read_reason("骚扰电话多"), read_reason("人员离职")
    assert reason is not None
    assert (reason.value, reason.is_whole) == ("harassment", True)
    assert words is not None
    assert (words.value, words.is_whole) == ("other", False)
    channel, purpose, returned = read_channel("10086热线"), read_purpose("电销外呼"), read_return_reason("合约未到期")
    assert channel is not None
    assert channel.value == "hotline"
    assert read_channel("随便") is None
    assert purpose is not None
    assert (purpose.value, purpose.is_whole) == ("other", False)
    assert returned is not None
    assert returned.value == "contract"


@pytest.mark.parametrize(
    ("text", "purpose"),
    [("客服", "care"), ("电话推广", "marketing"), ("电销", "marketing"), ("会员回访", "other"), ("客服热线", "other")],
)
def test_a_purpose_is_told_by_its_whole_name_only(text: str, purpose: str) -> None:
    read = read_purpose(text)
    assert read is not None
    assert (read.value, read.is_whole) == (purpose, purpose != "other")
