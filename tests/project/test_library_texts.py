"""What allauth, Django and django-q2 say here: in our words (locale/libraries), and still said by the libraries."""

import re
from pathlib import Path

import polib
import pytest

from tests import ROOT
from tests.project.library_texts import Text, library_texts, lost_words, texts_met

OURS = ROOT / "locale" / "libraries"
NAMES = re.compile(r"Xiaoka|JavaScript|WebAuthn|Forgot Password|Remember Me|User Sessions|[.?!:]\s+[A-Z]")


def entries(path: Path) -> dict[Text, polib.POEntry]:
    return {Text(entry.msgctxt, entry.msgid, entry.msgid_plural): entry for entry in polib.pofile(str(path))}


@pytest.mark.parametrize("path", sorted(OURS.rglob("*.po")), ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_no_text_is_kept_that_no_library_says(path: Path) -> None:
    """After an update of a library: word the new text anew, and delete the old one."""
    assert sorted(entries(path).keys() - library_texts(path.stem).keys(), key=str) == []


def test_what_we_say_too_is_said_in_one_way() -> None:
    """Our own catalogue goes first. A word of ours that a library uses in another sense needs a context."""
    own = entries(ROOT / "locale/zh_Hans/LC_MESSAGES/django.po")
    chinese, english = (entries(OURS / language / "LC_MESSAGES/django.po") for language in ("zh_Hans", "en"))
    differing = {key.text: (own[key].msgstr, chinese[key].msgstr) for key in own.keys() & chinese.keys()}
    assert {text: both for text, both in differing.items() if both[0] != both[1]} == {}
    assert own.keys() & english.keys() == set(), "our English is in the code"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_library_says_a_word_that_lost(language: str) -> None:
    said = {text.said_in(language) for text in texts_met()}
    assert len(said) > 500
    assert {words: lost for words in said if (lost := lost_words(words, language))} == {}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_neither_do_the_scripts_of_the_admin(language: str) -> None:
    said = {text.said_in(language, "djangojs") for text in library_texts("djangojs")}
    assert {words: lost for words in said if (lost := lost_words(words, language))} == {}
    assert ("已选的%s" if language == "zh-hans" else "Chosen %s") in said


def test_english_has_no_capitals_in_the_middle() -> None:
    """allauth writes Titles Like This."""
    titles, apps = re.compile(r"\w+ [A-Z][a-z]+"), re.compile("(templates/)?(account|mfa|usersessions)/")
    said = {text.said_in("en") for text in texts_met() if any(map(apps.match, library_texts()[text]))}
    assert len(said) > 100
    assert [words for words in said if titles.search(NAMES.sub("", words))] == []


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("Email", "邮箱", "Email"),
        ("Email address", "邮箱", "Email address"),
        ("Password Reset", "重置密码", "Reset password"),
        (
            "Forgotten your password? Enter your email address below, and we'll send you an email allowing you to "
            "reset it.",
            "填写你的邮箱，系统会发送重置密码的邮件。",
            "Enter your email. Xiaoka will send you a link to reset your password.",
        ),
        (
            "Please contact us if you have any trouble resetting your password.",
            "无法重置时，请联系系统管理员。",
            "If this does not work, contact your system administrator.",
        ),
        ("Reset My Password", "发送重置邮件", "Send reset email"),
        (
            "We have sent you an email. If you have not received it please check your spam folder. Otherwise contact "
            "us if you do not receive it in a few minutes.",
            "邮件已发送。没有收到的话，请先看垃圾邮件；几分钟后仍未收到，请联系系统管理员。",
            "The email has been sent. If you do not receive it, check your spam folder. If it does not arrive within "
            "a few minutes, contact your system administrator.",
        ),
        ("Confirm Access", "验证身份", "Confirm it is you"),
        ("Enter your password:", "请输入密码：", "Enter your password:"),
        (
            "This account is inactive.",
            "此账号已停用，请联系系统管理员。",
            "This account is inactive. Contact your system administrator.",
        ),
        (
            "We are sorry, but the sign up is currently closed.",
            "目前不开放注册，请联系团队管理员邀请你。",
            "Sign-up is closed. Ask a manager of your team for an invitation.",
        ),
        ("Sessions", "已登录的设备", "Signed-in devices"),
        ("Sign Out Other Sessions", "退出其他设备", "Sign out other devices"),
        ("You have signed out.", "已退出登录。", "Signed out."),
        ("Two-Factor Authentication", "两步验证", "Two-step verification"),
        (
            "You are receiving this mail because the following change was made to your account:",
            "你的销卡账号有以下变动：",
            "The following change was made to your Xiaoka account:",
        ),
        ("Log out", "退出登录", "Sign out"),  # Django's own Chinese is our word for what is done to a number
        ("Select %s to view", "选择要查看的%s", "Select %s to view"),
        ("None available", "暂无", "None available"),
        ("Recent actions", "最近操作", "Recent actions"),
        ("0 of %(cnt)s selected", "已选 0 / %(cnt)s", "0 of %(cnt)s selected"),
        ("Go", "执行", "Go"),
        ("History", "修改记录", "History"),
        ("Result", "结果", "Result"),  # of a job that failed
        ("This field is required.", "此项必填。", "This field is required."),
        ("Enter a valid email address.", "请填写有效的邮箱。", "Enter a valid email address."),
        ("Mon", "周一", "Mon"),
        ("Sun", "周日", "Sun"),
    ],
)
def test_the_words(text: str, chinese: str, english: str) -> None:
    key = Text(None, text, "")
    assert (key.said_in("zh-hans"), key.said_in("en")) == (chinese, english)


def test_of_one_and_of_many() -> None:
    key = Text(None, "%(counter)s result", "%(counter)s results")
    assert (key.said_in("zh-hans"), key.said_in("en")) == ("%(counter)s 条", "%(counter)s results")
