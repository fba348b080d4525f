"""Sentences of a case's page and its letters' page as people read them, in both languages, on Friday 2026-10-16 at
10:00."""

from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine

from cases import operations as ops
from cases.models import Card, Carrier, Case, User
from tests.helpers import CaseDriver, at
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path

SignIn = Callable[..., Person]
LANGUAGES = ["en", "zh-hans"]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(manager: User, mobile: Carrier, sign_in: SignIn, language: str) -> Person:
    return sign_in(manager, language)


# The next step


def test_what_is_due_today_is_waited_for(reader: Person, new_driver: Make, language: str) -> None:
    driver = scenarios.promised_today(new_driver)
    said = {"en": "Promised for today; wait for the carrier’s reply", "zh-hans": "承诺今天办结，等待运营商答复"}[
        language
    ]
    assert said in reader.get(path(driver)).text
    assert said in reader.get("/").part("promised_today")
    again = scenarios.due_today(new_driver)
    again.do(ops.UnderReview(at("2026-10-12T10:00")), "2026-10-12T10:00")
    with time_machine.travel(at("2026-10-16T10:00"), tick=False):
        reply_by = again.reply_by
    assert reply_by == "2026-10-17 00:00"
    due = {"en": "Due today; wait for the carrier’s reply", "zh-hans": "今天到期，等待运营商答复"}[language]
    assert due in reader.get(path(again)).text


@pytest.mark.parametrize(
    ("channel", "said", "is_called"),
    [
        (
            "hotline",
            {
                "en": "Get the documents ready and call 10086 to submit the request",
                "zh-hans": "备齐材料，打 10086 提交申请",
            },
            True,
        ),
        (
            "branch",
            {
                "en": "Get the documents ready and submit the request at a branch",
                "zh-hans": "备齐材料，到营业厅提交申请",
            },
            False,
        ),
        (
            "app",
            {
                "en": "Get the documents ready and submit the request in the carrier’s app or website",
                "zh-hans": "备齐材料，在 App 或网站提交申请",
            },
            False,
        ),
        (
            "agent",
            {
                "en": "Get the documents ready and submit the request through the reseller",
                "zh-hans": "备齐材料，经代理商提交申请",
            },
            False,
        ),
        (
            "letter",
            {
                "en": "Get the documents ready and submit the request by letter",
                "zh-hans": "备齐材料，以书面形式提交申请",
            },
            False,
        ),
    ],
)
def test_a_draft_is_submitted_by_its_channel(
    reader: Person, new_driver: Make, language: str, channel: str, said: dict[str, str], is_called: bool
) -> None:
    driver = scenarios.draft(new_driver)
    Case.objects.update(channel=channel)
    page = reader.get(path(driver))
    assert said[language] in page.text
    assert ('class="call-script"' in page.markup) == is_called


# Where a round begins, and which deadline has passed


def first_caption(page: str) -> str:
    """What stands under the first day of the strip."""
    return page.split('class="day__caption')[1].partition(">")[2].partition("<")[0].strip()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (scenarios.waiting, {"en": "submitted", "zh-hans": "提交"}),
        (scenarios.promised_today, {"en": "start", "zh-hans": "起算"}),
        (scenarios.under_review, {"en": "start", "zh-hans": "起算"}),
        (scenarios.takes_effect, {"en": "start", "zh-hans": "起算"}),
    ],
)
def test_a_round_begins_with_what_it_rests_on(
    reader: Person, new_driver: Make, language: str, state: Callable[[Make], CaseDriver], said: dict[str, str]
) -> None:
    assert first_caption(reader.get(path(state(new_driver))).markup) == said[language]


def test_the_cost_of_a_delay_names_the_deadline_from_which_it_counts(
    reader: Person, new_driver: Make, language: str
) -> None:
    driver = scenarios.overdue(new_driver)
    without_fee = {
        "en": "3 calendar days past the original reply deadline (13 Oct). Add the card’s monthly fee to see the cost.",
        "zh-hans": "超出原答复期限（10月13日）3 个自然日。 填写号卡的月租后，这里会显示拖延造成的费用。",
    }[language]
    assert without_fee in reader.get(path(driver)).text
    Card.objects.update(monthly_fee=Decimal("31"))
    with_fee = {
        "en": "Cost of the delay: 3.00 yuan, from the monthly fee of 31.00 yuan by the day. 3 calendar days past the "
        "original reply deadline (13 Oct).",
        "zh-hans": "拖延造成的费用：3.00 元（月租 31.00 元，按日折算）。 超出原答复期限（10月13日）3 个自然日。",
    }[language]
    assert with_fee in reader.get(path(driver)).text


# The ladder and the letters


def test_days_of_a_complaint_that_were_moved_on_say_why(reader: Person, new_driver: Make, language: str) -> None:
    said = {
        "en": "the carrier’s 15 calendar days ended on 8 Oct (the 15th day was a day off, so the next working day "
        "counts)",
        "zh-hans": "15 日答复期已于 10月8日届满（第 15 日是休息日，顺延至下一个工作日）",
    }[language]
    assert said in reader.get(path(scenarios.complaint_old(new_driver))).text
    other = {"en": "answer due by the end of Fri 16 Oct filed", "zh-hans": "答复期限：10月16日 24:00（"}[language]
    assert other not in reader.get(path(scenarios.complained(new_driver))).text


def test_a_closed_case_shows_only_the_rungs_that_were_used(reader: Person, new_driver: Make, language: str) -> None:
    driver = scenarios.overdue(new_driver)
    driver.do(ops.FollowUp(at("2026-10-15T10:00"), "call"), "2026-10-15T10:00")
    driver.do(ops.Withdraw("changed our mind"), "2026-10-16T09:00")
    ladder = reader.get(path(driver)).markup.partition('<ol class="ladder"')[2].partition("</ol>")[0]
    assert ladder.count("<li") == 1
    assert {"en": "<b>Follow-up</b>", "zh-hans": "<b>跟进</b>"}[language] in ladder
    untouched = scenarios.waiting(new_driver)
    untouched.do(ops.Withdraw("changed our mind"), "2026-10-16T09:00")
    assert 'class="ladder"' not in reader.get(path(untouched)).markup


@pytest.mark.parametrize(
    ("state", "moment", "english", "chinese"),
    [
        (
            scenarios.overdue,
            "2026-10-16T10:00",
            "You cannot appeal yet: complain to the carrier first. File the appeal by 13 Oct 2028. You can "
            "still prepare the letter.",
            "现在还不能申诉：请先向运营商投诉。 最晚 2028年10月13日提出申诉。 可以先写好申诉书。",
        ),
        (
            scenarios.complained,
            "2026-10-16T10:00",
            "You cannot appeal yet: the carrier’s 15 calendar days are not over. Possible from 17 Oct. File "
            "the appeal by 24 Sep 2028. You can still prepare the letter.",
            "现在还不能申诉：运营商的 15 日答复期未满。 10月17日起可以申诉。 最晚 2028年9月24日提出申诉。 "
            "可以先写好申诉书。",
        ),
        (
            scenarios.complaint_settled,
            "2026-10-16T10:00",
            "You cannot appeal: the complaint was settled. You can still prepare the letter.",
            "不能申诉：投诉已解决。 可以先写好申诉书。",
        ),
        (
            scenarios.complaint_old,
            "2026-10-16T10:00",
            "You can appeal (since 9 Oct). File the appeal by 8 Sep 2028.",
            "可以申诉（10月9日起）。 最晚 2028年9月8日提出申诉。",
        ),
        (
            scenarios.appealed,
            "2026-10-16T10:00",
            "An appeal is in progress already. You can still prepare the letter.",
            "已有一个申诉处理中，请等待答复。 可以先写好申诉书。",
        ),
    ],
)
def test_the_page_of_an_appeal_names_the_one_reason_that_applies(
    manager: User,
    sign_in: SignIn,
    new_driver: Make,
    state: Callable[[Make], CaseDriver],
    moment: str,
    english: str,
    chinese: str,
) -> None:
    driver = state(new_driver)
    for language, said in (("en", english), ("zh-hans", chinese)):
        assert said in sign_in(manager, language).get(path(driver, "letters", "appeal")).text


def test_after_two_years_one_cannot_appeal_any_more(reader: Person, new_driver: Make, language: str) -> None:
    driver = scenarios.complaint_old(new_driver)
    Case.objects.update(first_reply_by=at("2024-09-01T00:00"))
    said = {
        "en": "You cannot appeal any more: the time limit has ended. The time limit ended on 31 Aug.",
        "zh-hans": "不能再申诉：已过申诉期限。 申诉期限已于 8月31日届满。",
    }[language]
    assert said in reader.get(path(driver, "letters", "appeal")).text
