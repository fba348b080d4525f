"""Sentences of a case's page and its letters' page as people read them, in both languages, on Friday 2026-10-16 at
10:00."""

from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine

from cases import operations as ops
from cases.models import Card, Carrier, Case, User
from cases.operations.follow_up import Snooze
from tests.helpers import CaseDriver, at, on
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


@pytest.mark.forged
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
    driver = new_driver("13800000014", now="2024-08-23T10:00", submitted="2024-08-23T10:00")
    driver.do(ops.Complain(at("2024-09-02T10:00")), "2024-09-02T10:00")
    said = {
        "en": "You cannot appeal any more: the time limit has ended. The time limit ended on 30 Aug.",
        "zh-hans": "不能再申诉：已过申诉期限。 申诉期限已于 8月30日届满。",
    }[language]
    assert said in reader.get(path(driver, "letters", "appeal")).text


# Forms


def test_an_empty_snooze_says_what_is_missing_and_records_nothing(
    reader: Person, new_driver: Make, language: str
) -> None:
    driver = scenarios.overdue(new_driver)
    page = reader.fill(path(driver, "snooze"), until="")
    said = {
        "en": "Choose a date. Reminders are not snoozed now, so there is nothing to resume.",
        "zh-hans": "请选择日期。现在没有暂停提醒，不需要恢复。",
    }[language]
    assert page.status == 200
    assert said in page.text
    assert "snoozed" not in driver.kinds
    reader.fill(path(driver, "snooze"), until="2026-10-20")
    assert reader.get(path(driver, "snooze")).form().fields["until"] == "2026-10-20"
    assert reader.fill(path(driver, "snooze"), until="").status == 302
    assert driver.kinds.count("snoozed") == 2
    help_text = {
        "en": "Snoozing does not change the deadline.",
        "zh-hans": "在此日期之前不提醒；暂停提醒不改变答复期限。",
    }[language]
    assert help_text in reader.get(path(driver, "snooze")).text


def test_a_snooze_that_is_over_is_not_proposed_again(reader: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    driver.do(Snooze(on("2026-10-15")), "2026-10-14T10:00")
    assert reader.get(path(driver, "snooze")).form().fields["until"] == ""


def test_a_return_has_a_reason(reader: Person, new_driver: Make, language: str) -> None:
    said = {"en": "Reason for return", "zh-hans": "退回原因"}[language]
    assert said in reader.get(path(scenarios.waiting(new_driver), "reply")).text
    page = reader.get(path(scenarios.returned(new_driver)))
    assert page.markup.count(f">{said}</dt>") == 2  # among the facts and in the timeline


def test_what_cannot_be_recorded_for_another_reason_than_the_status_does_not_blame_it(
    reader: Person, new_driver: Make, language: str
) -> None:
    text = reader.get(path(scenarios.overdue(new_driver), "complaint-answer")).text
    assert {"en": "There is nothing to record here now.", "zh-hans": "现在没有可以记录的内容。"}[language] in text
    assert {"en": "while the case is", "zh-hans": "案件当前状态为"}[language] not in text


def test_codes_are_told_to_nobody(reader: Person, new_driver: Make, language: str) -> None:
    said = {
        "en": "Give documents only to the carrier, never to strangers or unknown websites. Never tell anyone a "
        "verification code.",
        "zh-hans": "证件只交给运营商，不要给陌生人或来路不明的网站。验证码不要告诉任何人。",
    }[language]
    assert said in reader.get(path(scenarios.draft(new_driver))).text
    assert said in reader.get("/cases/new/").text


# Lists, imports and the guide


def test_an_import_says_in_the_readers_language_how_much_it_takes(reader: Person, language: str) -> None:
    said = {"en": "Up to 20 MB and 200,000 rows.", "zh-hans": "最大 20 MB、200,000 行。"}[language]
    assert said in reader.get("/cards/import/").text


def test_a_search_without_hits_gives_advice(reader: Person, new_driver: Make, language: str) -> None:
    scenarios.waiting(new_driver)
    page = reader.get("/cards/", q="9999")
    said = {
        "en": "No cards found Check the number, or search by its last four digits, the carrier or the holder. "
        "All cards",
        "zh-hans": "没有找到号卡 请核对号码，也可以按后四位、运营商或机主搜索。 全部号卡",
    }[language]
    assert said in page.text


def test_the_statistics_say_what_they_count(reader: Person, new_driver: Make, language: str) -> None:
    scenarios.waiting(new_driver)
    text = reader.get("/statistics/").text
    assert {"en": "Waiting, including due today", "zh-hans": "等待中（含今天到期）"}[language] in text
    said = {
        "en": "Replies due today and in the next ten working days",
        "zh-hans": "今天和未来 10 个工作日到期的答复",
    }[language]
    assert said in text


def test_the_guide_says_only_what_holds(reader: Person, language: str) -> None:
    scripts = {
        "en": "Stay calm and brief. Ask for a date every time, and note the staff number at the end.",
        "zh-hans": "语气平和、简短，每次都要问到一个日期，最后记下工号。",
    }[language]
    assert scripts in reader.get("/guide/scripts/").text
    iccid = {
        "en": "the ICCID, which is printed on the plastic card from which the SIM was taken, and on its packaging",
        "zh-hans": "虚拟运营商会要 ICCID，印在卡板（取下小卡后剩下的大卡）或随卡资料上。",
    }[language]
    questions = reader.get("/guide/questions/").text
    assert iccid in questions
    assert {"en": "shows 已销户 (cancelled)", "zh-hans": "显示“已销户”"}[language].replace(
        "显示", "是不是显示"
    ) in questions
    branches = {
        "en": "Most virtual operators have no branches; they or the reseller ask for it.",
        "zh-hans": "虚拟运营商大多没有营业厅，线上办理或经代理商办理时会要求提供。",
    }[language]
    assert branches in reader.get("/guide/papers/").text


def test_the_title_of_a_removal_keeps_the_names_apart(reader: Person, agent: User, language: str) -> None:
    page = reader.follow(reader.get("/teams/"))
    link = next(
        href for href, words in page.links if words == {"en": "Remove from team", "zh-hans": "移出团队"}[language]
    )
    title = {"en": "Remove Wang Wei from 销售一部", "zh-hans": "移出团队：Wang Wei（销售一部）"}[language]
    assert title in reader.get(link).text
