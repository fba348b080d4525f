"""Sentences as people read them, whole and in both languages, on Friday 2026-10-16 at 10:00."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from cases import operations as ops
from cases.models import Carrier, CarrierMessage, Case, User
from tests.helpers import at
from tests.moments import NOW
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


def act(me: Person, address: str, **typed: Any) -> str:
    return me.follow(me.fill(address, **typed)).text


# What was recorded, and what cannot be


@pytest.mark.parametrize(
    ("state", "action", "typed", "said"),
    [
        ("overdue", "follow-up", {"way": "call"}, {"en": "Recorded: Follow-up", "zh-hans": "已记录：跟进"}),
        (
            "waiting",
            "reply",
            {"kind": "promised", "promised_on": "2026-10-20"},
            {"en": "Recorded: Carrier promised a date", "zh-hans": "已记录：运营商承诺日期"},
        ),
        (
            "overdue",
            "snooze",
            {"until": "2026-10-20"},
            {"en": "Recorded: Reminders snoozed", "zh-hans": "已记录：暂停提醒"},
        ),
        ("draft", "withdraw", {}, {"en": "Recorded: Withdrawn", "zh-hans": "已记录：撤回申请"}),
    ],
)
def test_what_was_recorded_is_named_as_the_timeline_names_it(
    reader: Person,
    new_driver: Make,
    language: str,
    state: str,
    action: str,
    typed: dict[str, Any],
    said: dict[str, str],
) -> None:
    driver = scenarios.STATES[state](new_driver)
    assert said[language] in act(reader, path(driver, action), **typed)


def test_the_same_form_sent_twice_names_it_again(reader: Person, new_driver: Make, language: str) -> None:
    driver = scenarios.overdue(new_driver)
    form = reader.get(path(driver, "snooze"))
    for _ in range(2):
        page = reader.follow(reader.send(form, path(driver, "snooze"), until="2026-10-20"))
        assert {"en": "Recorded: Reminders snoozed", "zh-hans": "已记录：暂停提醒"}[language] in page.text


def test_a_refusal_says_where_the_case_stands_and_what_comes_next(
    reader: Person, new_driver: Make, language: str
) -> None:
    driver = scenarios.draft(new_driver)
    said = {
        "en": "This action is not available while the case is “In preparation”. Next step: Get the documents ready and "
        "call 10086 to submit the request Back to the case",
        "zh-hans": "案件当前状态为“准备中”，不支持此操作。 下一步：备齐材料，打 10086 提交申请 返回案件",
    }[language]
    assert said in reader.get(path(driver, "follow-up")).text
    assert said in reader.get(path(driver, "letters", "complaint")).text


def test_a_case_without_a_next_step_names_none(reader: Person, new_driver: Make, language: str) -> None:
    driver = scenarios.withdrawn(new_driver)
    said = {
        "en": "This action is not available while the case is “Withdrawn”. Back to the case",
        "zh-hans": "案件当前状态为“已撤回”，不支持此操作。 返回案件",
    }[language]
    assert said in reader.get(path(driver, "follow-up")).text


def test_an_erased_case_says_that_it_is(reader: Person, new_driver: Make, language: str) -> None:
    driver = scenarios.withdrawn(new_driver)
    assert reader.fill(path(driver, "erase"), sure="on").status == 302
    said = {
        "en": "The documents and notes of this case were erased on 16 Oct. Nothing more can be recorded.",
        "zh-hans": "本案件的材料和文字已于 10月16日清除，不能再添加记录。",
    }[language]
    assert said in reader.get(path(driver, "keep")).text


# Days


def test_the_preview_says_until_the_end_of_which_day(anybody: Person, language: str) -> None:
    anybody.client.cookies["django_language"] = language
    with time_machine.travel(at("2026-09-29T10:00"), tick=False):
        page = anybody.get("/guide/waiting/", submitted_at="2026-09-29T15:00")
    said = {
        "en": "Submitted at this time, the reply is due by the end of Mon 12 Oct. Acknowledgement due by 30 Sep, "
        "15:00. You can make a first call after the end of Fri 9 Oct.",
        "zh-hans": "按此时间提交，答复期限为 10月12日 24:00。 "
        "最晚 9月30日 15:00 受理；10月9日 24:00 之后可以首次催问。",
    }[language]
    assert said in page.text
    choice = {
        "en": "If submitted today (29 Sep): reply due by the end of Mon 12 Oct, 13 calendar days",
        "zh-hans": "今天提交（9月29日）：答复期限 10月12日 24:00，共 13 个自然日",
    }[language]
    assert choice in page.part("choices")
    assert {"en": "today (29 Sep)", "zh-hans": "今天（9月29日）"}[language] in page.text


def test_the_work_list_says_what_comes_next(reader: Person, new_driver: Make, language: str) -> None:
    scenarios.waiting(new_driver)
    said = {
        "en": "Next reply due by the end of Thu 22 Oct (138****0002).",
        "zh-hans": "最近一个答复期限：10月22日 24:00（138****0002）。",
    }[language]
    assert said in reader.get("/").text


def test_the_rungs_say_until_when(reader: Person, new_driver: Make, language: str) -> None:
    said = {"en": "answer due by the end of Fri 16 Oct", "zh-hans": "答复期限：10月16日 24:00"}
    over = {"en": "the carrier’s 15 calendar days ended on 8 Oct", "zh-hans": "15 日答复期已于 10月8日届满"}
    assert said[language] in reader.get(path(scenarios.complained(new_driver))).text
    assert over[language] in reader.get(path(scenarios.complaint_old(new_driver))).text


def test_the_sentence_above_the_days_has_no_stray_space(reader: Person, new_driver: Make, language: str) -> None:
    driver = scenarios.overdue(new_driver)
    said = {
        "en": "5 working days, 13 calendar days. Not counted: National Day 7 days, weekend 1 day. Counted although "
        "on a weekend: 10 Oct.",
        "zh-hans": "共 5 个工作日，跨 13 个自然日。不计：国庆节 7 天、周末 1 天。周末调休上班，计入：10月10日。",
    }[language]
    assert said in reader.get(path(driver)).text


def test_the_example_says_which_day_it_is(anybody: Person, language: str) -> None:
    anybody.client.cookies["django_language"] = language
    page = anybody.get("/guide/example/", day="2026-10-14")
    assert {"en": "Today: Wed 14 Oct", "zh-hans": "今天：10月14日 周三"}[language] in page.part("walk")
    said = {
        "en": "This is an example. Everything in it is made up. Nothing here is saved, counted or reminded about.",
        "zh-hans": "这是示例，内容全是虚构的。示例不保存、不统计、不提醒。",
    }[language]
    assert said in page.text


# Links inside their sentences


def test_links_stand_inside_their_sentences(reader: Person, anybody: Person, language: str) -> None:
    anybody.client.cookies["django_language"] = language
    begin = {
        "en": "No list yet? Download a blank template (XLSX).",
        "zh-hans": "还没有表格？下载空白模板（XLSX）。",
    }[language]
    page = reader.get("/cards/import/")
    assert begin in page.text
    template = {"en": "Download a blank template (XLSX)", "zh-hans": "下载空白模板（XLSX）"}[language]
    assert ("/cards/import/template.xlsx", template) in page.links
    delays = anybody.get("/guide/delays/")
    said = {
        "en": "we recommend it once the reply is 11 working days overdue. Call the complaint line",
        "zh-hans": "建议从超期第 11 个工作日起。打投诉电话",
    }[language]
    assert said in delays.text
    link = {"en": "What to say", "zh-hans": "怎么说"}[language]
    assert ("/guide/scripts/#complain", link) in delays.links
    end = {
        "en": "if the 15th is a day off, the next working day is the last one (Civil Code, article 203). What to say",
        "zh-hans": "第 15 日是休息日的，顺延至下一个工作日（《民法典》第二百零三条）。怎么说",
    }[language]
    assert end in delays.text


def test_a_card_that_has_a_case_leads_to_it(reader: Person, new_driver: Make, language: str) -> None:
    driver = scenarios.waiting(new_driver)
    page = reader.post("/cases/new/lookup/", number="13800000002")
    said = {"en": "This card already has an open case: ", "zh-hans": "这张号卡已有未结案件："}[language]
    assert said + driver.case.reference in page.text
    assert (path(driver), driver.case.reference) in page.links


# One word, one place


def test_a_batch_asks_for_the_numbers_of_cards(reader: Person, language: str) -> None:
    page = reader.get("/batches/new/")
    assert {"en": ">Numbers<", "zh-hans": ">号码<"}[language] in page.markup.replace(
        '<span class="asteriskField">*</span>', ""
    )


def test_somebody_is_removed_and_not_deleted(reader: Person, agent: User, language: str) -> None:
    page = reader.follow(reader.get("/teams/"))
    said = {"en": "Remove from team", "zh-hans": "移出团队"}[language]
    link = next(href for href, words in page.links if words == said)
    assert said in reader.get(link).text


@pytest.mark.forged
def test_half_of_a_channels_cases_are_confirmed_within_working_days(
    reader: Person, new_driver: Make, language: str
) -> None:
    for n, day in enumerate((13, 14, 14, 15, 16, None)):
        driver = new_driver(f"1390000000{n}", now="2026-10-12T08:00", submitted="2026-10-12T08:00")
        Case.objects.filter(pk=driver.case.pk).update(channel="branch")
        if day:
            when = f"2026-10-{day}T09:00"
            driver.do(ops.Verify(at(when), "hotline", "cancelled", confirm=True), when)
    said = {
        "en": "Your team, past year: Branch (营业厅): half confirmed within 2 working days (6 cases)",
        "zh-hans": "本团队近一年：营业厅：半数在 2 个工作日内确认（6 个案件）",
    }[language]
    assert said in reader.get("/carriers/china-mobile/").part("scores")
    compared = {"en": "none 2 working days not reached", "zh-hans": "2 个工作日 尚未达到"}[language]
    assert compared in reader.get("/statistics/carriers/").part("china-mobile")


def test_an_email_address_and_a_channel_that_sends_by_email(reader: Person, language: str) -> None:
    address, channel = {"en": ("Email", "Email"), "zh-hans": ("邮箱", "邮件")}[language]
    assert f'<th scope="col">{address}</th>' in reader.follow(reader.get("/teams/")).markup
    assert reader.user
    reader.user.channels.create(kind="email")
    assert f"<h2>{channel}" in reader.get("/me/channels/").markup


def test_an_sms_is_dismissed_by_a_button_and_then_it_is(reader: Person, new_driver: Make, language: str) -> None:
    driver = scenarios.waiting(new_driver)
    message = CarrierMessage.objects.create(
        team=driver.case.team,
        source="pasted",
        sender="10086",
        text="【中国移动】synthetic",
        received_at=NOW,
        stored_at=NOW,
        digest="0" * 64,
        state="unmatched",
    )
    button, state = {"en": ("Dismiss", "Dismissed"), "zh-hans": ("忽略", "已忽略")}[language]
    page = reader.get(f"/messages/{message.pk}/")
    assert f">{button}" in page.markup
    assert f">{state}</span>" not in page.markup
    reader.post(f"/messages/{message.pk}/set-aside/")
    assert f">{state}</span>" in reader.get(f"/messages/{message.pk}/").markup
