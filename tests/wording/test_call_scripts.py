"""What to say on the telephone, word for word: polite, and nothing in it that cannot be said."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils import translation

from cases.domain.case_standing import Standing, StandingKind, Step
from cases.models import Case
from cases.operations import Acknowledged, Promised
from cases.wording import call_scripts
from tests.helpers import CaseDriver, at, on


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(at("2026-10-14T09:00"), tick=False):
        yield


def script(driver: CaseDriver, step: Step, language: str) -> str:
    with translation.override(language):
        return call_scripts.call_script(Standing(StandingKind.OVERDUE, step, late_days=1), driver.fresh())


@pytest.mark.parametrize(
    ("step", "english", "chinese"),
    [
        (
            Step.SUBMIT,
            "“Hello, I’d like to cancel the number 138****8000. Please check whether anything prevents it, such as an "
            "unpaid bill, a contract or a bundle. Then accept the request and tell me the reference number "
            "and the date it will be done.”",
            "“您好，我要注销号码 138****8000。请先帮我查一下有没有欠费、合约、套餐绑定等限制，然后受理我的申请，"
            "并告诉我受理单号和最晚哪天办好。”",
        ),
        (
            Step.ASK_REGISTERED,
            "“Hello, I asked to cancel 138****8000 on 30 Sep and have had no confirmation. Has the request been "
            "accepted, and what is the reference number?”",
            "“您好，我 9月30日申请注销 138****8000，到现在没有收到确认。请帮我查一下受理了没有，受理单号是多少？”",
        ),
        (
            Step.FIRST_CALL,
            "“Hello, I asked to cancel 138****8000 on 30 Sep. How far has it got?”",
            "“您好，我 9月30日申请注销 138****8000。请问办到哪一步了？最晚哪天能办好？”",
        ),
        (
            Step.CHASE,
            "“Hello, I asked to cancel 138****8000 on 30 Sep. A reply was due by 13 Oct and I have had none. Why is "
            "that, who is responsible, and when will it be done? May I have your staff number?”",
            "“您好，我 9月30日申请注销 138****8000。一般最晚 10月13日就该有答复，现在已经过了。"
            "请问为什么还没有结果、由谁负责、最晚哪天能办好？麻烦告诉我您的工号。”",
        ),
        (
            Step.COMPLAIN,
            "“Hello, I want to make a formal complaint. I asked to cancel 138****8000 on 30 Sep, and it has still not "
            "been done. Please give me a complaint reference and answer within 15 days.”",
            "“您好，我要正式投诉：我 9月30日申请注销 138****8000，至今没有办结。请给我投诉单号，并在 15 日内答复。”",
        ),
        (
            Step.VERIFY,
            "“Hello, please tell me whether 138****8000 has been cancelled, and since which date. May I have "
            "your staff number?”",
            "“您好，请帮我查一下 138****8000 是否已经注销，从哪天起注销的？麻烦告诉我您的工号。”",
        ),
    ],
)
def test_while_there_is_no_reference_none_is_read_out(
    submitted: CaseDriver, step: Step, english: str, chinese: str
) -> None:
    assert script(submitted, step, "en") == english
    assert script(submitted, step, "zh-hans") == chinese


def test_one_that_there_is_is_given(submitted: CaseDriver) -> None:
    submitted.do(Acknowledged(at("2026-10-08T10:00"), reference="CM-1"), "2026-10-08T10:00")
    assert script(submitted, Step.CHASE, "en") == (
        "“Hello, I asked to cancel 138****8000 on 30 Sep, reference CM-1. A reply was due by 13 Oct and I have "
        "had none. Why is that, who is responsible, and when will it be done? May I have your staff number?”"
    )
    assert script(submitted, Step.CHASE, "zh-hans") == (
        "“您好，我 9月30日申请注销 138****8000，受理单号 CM-1。一般最晚 10月13日就该有答复，现在已经过了。"
        "请问为什么还没有结果、由谁负责、最晚哪天能办好？麻烦告诉我您的工号。”"
    )
    assert script(submitted, Step.COMPLAIN, "zh-hans") == (
        "“您好，我要正式投诉：我 9月30日申请注销 138****8000（受理单号 CM-1），至今没有办结。"
        "请给我投诉单号，并在 15 日内答复。”"
    )


def test_a_promise_that_was_broken(submitted: CaseDriver) -> None:
    submitted.do(Promised(at("2026-10-08T10:00"), promised_on=on("2026-10-12")), "2026-10-08T10:00")
    assert script(submitted, Step.HOLD_TO_PROMISE, "en") == (
        "“Hello, your colleague promised that 138****8000 would be cancelled by 12 Oct. It has not been. When "
        "will it be done, and who is responsible? May I have your staff number?”"
    )
    assert script(submitted, Step.HOLD_TO_PROMISE, "zh-hans") == (
        "“您好，贵公司工作人员承诺最晚 10月12日注销 138****8000，现在还没有办好。"
        "请问哪天能办好、由谁负责？麻烦告诉我您的工号。”"
    )


def test_a_promise_that_is_too_far_away_is_not_called_broken(submitted: CaseDriver) -> None:
    far = Promised(at("2026-10-08T10:00"), promised_on=on("2026-12-20"), accept_far=True)
    submitted.do(far, "2026-10-08T10:00")
    assert script(submitted, Step.HOLD_TO_PROMISE, "en") == (
        "“Hello, I asked to cancel 138****8000 on 30 Sep. Your colleague promised it for 20 Dec, which is too far "
        "away. Please do it earlier: by which date can it be done, and who is responsible? May I have your "
        "staff number?”"
    )
    assert script(submitted, Step.HOLD_TO_PROMISE, "zh-hans") == (
        "“您好，我 9月30日申请注销 138****8000，之前的客服承诺 12月20日办结，时间太久了。"
        "请提前办理：最晚哪天能办好、由谁负责？麻烦告诉我您的工号。”"
    )


@pytest.mark.forged
def test_a_script_for_the_hotline_is_not_given_where_the_request_goes_elsewhere(submitted: CaseDriver) -> None:
    for channel in ("app", "branch", "agent", "letter"):
        Case.objects.update(channel=channel)
        assert script(submitted, Step.SUBMIT, "en") == ""
        assert script(submitted, Step.CHASE, "en").startswith("“Hello, ")


def test_the_guide_gives_them_with_blanks() -> None:
    with translation.override("zh-hans"):
        words = {example.anchor: example.words for example in call_scripts.script_examples()}
    assert words["first_call"] == (
        "“您好，我〔日期〕申请注销〔号码〕，受理单号〔受理单号〕。请问办到哪一步了？最晚哪天能办好？”"
    )
