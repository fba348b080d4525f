"""Every page, notice and email of allauth, and the admin's own pages, read in both languages: no word that lost."""

import functools
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import polib
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django_q.models import Failure

from cases.models import User
from tests import ROOT
from tests.helpers import sent_mails, with_second_factor
from tests.project.library_texts import lost_words
from tests.web.html_client import Page, Person
from tests.web.test_signing_in import NEW, code, confirm, link_in, sign_in

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
#: What Django's own templates of the admin write themselves; only copies of them could mend it (decision 36).
DJANGOS_MARKS = re.compile(
    r" \((?=显示全部|共 \d+ 条)|(?<=[\d条])\)"  # (Show all)
    r"|(?<=权限组):|(?<=任务):"  # Summary of what is deleted: Groups: 1
    r"|(?<=。) (?=可以在下面)"  # two sentences of ours, joined by a space
)
#: The name of a permission, which Django stores in English: cases | API token | Can add API token.
PERMISSION = re.compile(r" \| Can (add|change|delete|view) ")
#: Within a line; all other tags begin a new one.
INLINE = re.compile(r"</?(?:a|b|em|i|small|span|strong|time)\b[^>]*>")
#: The site that an email is of.
HOST = re.compile(r"（127\.0\.0\.1）| \(127\.0\.0\.1\)")
#: The flash messages of a page.
NOTICE = re.compile(r'<div class="callout.*?</div>', re.DOTALL)


def lines(html: str) -> list[str]:
    """What is read: the lines, and what is written into fields or told to screen readers."""
    html = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    told = re.findall(r'\b(?:placeholder|title|alt|aria-label)="([^"]*)"|<input type="submit" value="([^"]*)"', html)
    html = re.sub(r"<a\b[^>]*class=.*?</a>", r"<p>\g<0><p>", re.sub(r"\s+", " ", html))  # buttons stand for themselves
    words = re.sub(r"<[^>]*>", "\n", INLINE.sub("", html))
    return [unescape(line).strip() for line in [*words.split("\n"), *map("".join, told)] if line.strip()]


class Reader(Person):
    """Somebody who keeps every line that is read on the way."""

    def __init__(self, client: Client, language: str) -> None:
        super().__init__(client)
        cache.clear()  # how often somebody may try is not asked here
        self.language, self.read = language, set[str]()
        super().post("/language/", language=language)

    def keep(self, page: Page) -> Page:
        """A library's page within our frame, the admin's whole; of our own pages what the library says at the top."""
        html = page.html if "html" in page.response.headers.get("Content-Type", "") else ""
        module = page.response.resolver_match.func.__module__  # type: ignore[attr-defined]
        if module.startswith(("allauth.", "cases.web.second_factor")):
            parts = re.findall("<main.*</main>", html, re.DOTALL)
        else:
            parts = [html] if module.startswith("django.") else NOTICE.findall(html)
        self.read.update(line for part in parts for line in lines(part))
        for message in sent_mails():
            self.read.update([HOST.sub("", message.subject), *HOST.sub("", message.body).splitlines()])
        return page

    def get(self, path: str, **asked: Any) -> Page:
        return self.keep(super().get(path, **asked))

    def post(self, path: str, data: Any = None, **more: Any) -> Page:
        page = self.keep(super().post(path, data, **more))
        return self.follow(page) if page.status == 302 else page

    @property
    def lost(self) -> dict[str, str]:
        """What was read that lost, with the word; our own texts have tests of their own."""
        read = {DJANGOS_MARKS.sub("", line) for line in self.read if not PERMISSION.search(line)}
        read -= own_texts() | {"中文"}  # a choice of language
        return {line: lost for line in read if (lost := lost_words(line, self.language))}


@functools.cache
def own_texts() -> set[str]:
    """Those without a place for something else, as a text and as the label of a field."""
    catalogue = polib.pofile(str(ROOT / "locale/zh_Hans/LC_MESSAGES/django.po"))
    return {text + end for entry in catalogue for text in (entry.msgid, entry.msgstr) for end in ("", ":", "：")}


@pytest.fixture
def manager(transactional_db: None, manager: User) -> User:
    """allauth tells of some changes only after the transaction."""
    return manager


@LANGUAGES
def test_before_signing_in(language: str, manager: User, agent: User, settings: Any) -> None:
    User.objects.update(language=language)
    visitor = Reader(Client(), language)
    for page in ("sign-in/inactive/", "sign-up/", "password/sent/", "password/done/", "me/email/sent/"):
        visitor.get(f"/{page}")
    for page in ("me/email/confirm/nothing/", "password/Mw-abc/"):
        visitor.get(f"/{page}")
    sign_in(visitor, "wrong")
    visitor.fill("/sign-in/")
    visitor.fill("/sign-in/", login="nobody", password="x")
    User.objects.filter(pk=agent.pk).update(is_active=False)
    sign_in(visitor, login="wang.wei@example.com")

    visitor.fill("/password/", "/password/", email="nobody")
    visitor.fill("/password/", "/password/", email="nobody@example.com")
    visitor.fill("/password/", "/password/", email="li.na@example.com")
    there = Person(visitor.client).get(link_in(sent_mails()[-1].body)).location
    for password in ("123", "qazwsxedcrfv"):
        visitor.fill(there, there, password1=password, password2=password)
    visitor.fill(there, there, password1=NEW, password2="other")
    visitor.fill(there, there, password1=NEW, password2=NEW)

    settings.SIGNUP = "open"
    visitor.fill("/password/", "/password/", email="nobody@example.com")
    visitor.fill("/sign-up/", "/sign-up/", name="", email="x", password1="x")
    visitor.fill("/sign-up/", "/sign-up/", name="x", email="li.na@example.com", password1=NEW)
    visitor.fill("/sign-up/", "/sign-up/", name="Li Si", email="li.si@example.com", password1=NEW)
    visitor.post("/sign-out/")

    assert visitor.lost == {}
    assert len(sent_mails()) == 5
    expected = {
        "zh-hans": {
            "目前不开放注册，请联系团队管理员邀请你。",
            "此账号已停用，请联系系统管理员。",
            "销卡：重置密码",
            "有人为邮箱 li.na@example.com 的销卡账号申请了重置密码。如果是你本人操作，请在 72 小时内打开以下链接。"
            "链接只能用一次：",
            "销卡：密码已重置",
            "你的销卡账号有以下变动：",
            "如果不是你本人操作，请立即修改密码，并联系系统管理员。变动来自：",
            "- 时间：2026年10月16日 10:00",
            "已退出登录。",
        },
        "en": {
            "Sign-up is closed. Ask a manager of your team for an invitation.",
            "This account is inactive. Contact your system administrator.",
            "Xiaoka: Reset your password",
            "Xiaoka: Your password has been reset",
            "The following change was made to your Xiaoka account:",
            "- Time: 16 Oct 2026, 10:00",
            "Signed out.",
        },
    }
    assert expected[language] - visitor.read == set()


@LANGUAGES
def test_password_email_and_devices(language: str, manager: User, agent: User) -> None:
    User.objects.update(language=language)
    me = Reader(Client(), language)
    sign_in(me)
    for page in ("password/", "password/sent/", "me/password/", "me/confirm/"):
        me.get(f"/{page}")
    me.fill("/me/confirm/", "/me/confirm/", password="x")
    me.fill("/me/password/", "/me/password/")
    me.fill("/me/password/", "/me/password/", oldpassword="x", password1="a", password2="b")
    me.fill("/me/password/", "/me/password/", oldpassword="correct horse", password1=NEW, password2=NEW)

    for email in ("x", "li.na@example.com", "wang.wei@example.com", "new@example.com"):
        me.fill("/me/email/", "/me/email/", email=email, action_add="")
    me.post("/me/email/", email="new@example.com", action_send="")
    me.fill(link := link_in(sent_mails()[-1].body), link)
    me.get(link)
    me.fill("/me/email/", "/me/email/", email="third@example.com", action_add="")
    me.post("/me/email/", email="third@example.com", action_remove="")
    me.post("/me/email/", email="new@example.com", action_remove="")

    elsewhere = Reader(Client(), language)
    sign_in(elsewhere, NEW, "new@example.com")
    elsewhere.get("/me/sessions/")
    me.fill("/me/sessions/", "/me/sessions/")
    manager.refresh_from_db()
    manager.set_unusable_password()
    manager.save()
    me.client.force_login(manager)
    me.get("/me/password/set/")
    me.fill("/me/password/set/", "/me/password/set/", password1="x", password2="y")
    me.fill("/me/password/set/", "/me/password/set/", password1=NEW, password2=NEW)

    assert (me.lost, elsewhere.lost) == ({}, {})
    expected = {
        "zh-hans": {
            "当前邮箱",
            "待验证的新邮箱",
            "新邮箱",
            "更换邮箱",
            "邮箱尚未验证，请查收验证邮件。",
            "销卡：邮箱已更换",
        }
        | {
            "验证身份",
            "请输入密码：",
            "已登录的设备",
            "IP 地址",
            "已退出其他设备。",
            "销卡：密码已设置",
            "销卡 · http://127.0.0.1:8000",
        },
        "en": {"Current email", "New email, not verified yet", "Change email", "Xiaoka: Email changed"}
        | {
            "Signed-in devices",
            "Signed out of all other devices.",
            "Xiaoka: Password set",
            "Xiaoka · http://127.0.0.1:8000",
        },
    }
    assert expected[language] - me.read == set()


@LANGUAGES
def test_second_factors(language: str, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])  # those below are empty
    User.objects.update(language=language)
    me = Reader(Client(), language)
    sign_in(me)
    me.get("/second-factor/")
    confirm(me)
    there = "/second-factor/totp/activate/"
    page = me.fill(there, there, code="000000")
    (secret,) = re.findall(r'value="([A-Z2-7]{32})"', page.html)
    me.send(page, there, there, code=code(secret=secret))
    me.fill(codes := "/second-factor/recovery-codes/generate/", codes)
    me.get("/second-factor/")

    keys = "/second-factor/webauthn/"
    me.get(keys)
    me.fill(f"{keys}add/", f"{keys}add/", name="", credential="")
    for name, used in (("x", None), ("y", timezone.now())):
        Authenticator.objects.create(
            user=manager, type="webauthn", data={"name": name, "credential": {}}, last_used_at=used
        )
    key = Authenticator.objects.filter(type="webauthn").first()
    assert key
    me.get("/second-factor/")
    me.get(keys)
    me.fill(f"{keys}keys/{key.pk}/edit/", name="")
    me.fill(f"{keys}keys/{key.pk}/remove/", f"{keys}keys/{key.pk}/remove/")
    me.get(f"{keys}reauthenticate/")
    me.fill("/second-factor/reauthenticate/", "/second-factor/reauthenticate/", code="1")

    again = Reader(Client(), language)
    sign_in(again)
    again.fill("/second-factor/authenticate/", "/second-factor/authenticate/", code="1")
    again.post("/second-factor/webauthn/login/", credential="{}")
    me.fill("/second-factor/totp/deactivate/", "/second-factor/totp/deactivate/")

    assert (me.lost, again.lost) == ({}, {})
    expected = {
        "zh-hans": {
            "用身份验证器应用扫描二维码，再输入应用生成的验证码。",
            "销卡：身份验证器应用已启用",
            "销卡：新的恢复码已生成",
            "销卡：密钥已删除",
            "销卡：身份验证器应用已停用",
            "共 10 个恢复码，还有 10 个没有用过。",
            "密钥名称",
        },
        "en": {
            "Scan the QR code with your authenticator app, then enter the code that the app shows.",
            "Xiaoka: New recovery codes generated",
            "10 of 10 recovery codes are unused.",
            "Key name",
        },
    }
    assert expected[language] - me.read == set()
    assert again.read > (
        {"两步验证", "请输入身份验证器应用中的验证码，或一个恢复码：", "验证未通过，请重试。"}
        if language == "zh-hans"
        else {"Two-step verification", "Verification failed. Try again."}
    )


SUBJECTS = {
    "mfa/email/webauthn_added": ("销卡：密钥已添加", "Xiaoka: Key added"),
    "account/email/account_already_exists": ("销卡：账号已存在", "Xiaoka: Account already exists"),
    "account/email/email_confirm": ("销卡：邮箱已验证", "Xiaoka: Email verified"),
}


@LANGUAGES
@pytest.mark.parametrize("prefix", SUBJECTS)
def test_emails_that_no_page_sends_here(language: str, prefix: str, db: None) -> None:
    """Nobody has a key here to add, and two people would have to sign up with one email at the same moment."""
    request = RequestFactory().get("/")
    values = {"ip": "127.0.0.1", "user_agent": "Firefox", "timestamp": timezone.now(), "email": "li@example.com"}
    User.objects.create(email="li@example.com", name="Li", language=language)
    with context.request_context(request), translation.override(language):
        get_adapter().send_mail(prefix, "li@example.com", values | {"password_reset_url": "/password/"})
    (message,) = sent_mails()
    assert [lost for line in message.body.splitlines() if (lost := lost_words(line, language))] == []
    assert HOST.sub("", message.subject) == SUBJECTS[prefix][language == "en"]


@pytest.fixture
def operator(db: None) -> User:
    return with_second_factor(User.objects.create_superuser("op@example.com", "correct horse", name="Olga"))


@LANGUAGES
def test_the_admins_own_pages(language: str, operator: User, agent: User, sign_in: Callable[..., Person]) -> None:
    User.objects.update(language=language)
    reader = Reader(sign_in(operator, language).client, language)
    Failure.objects.create(
        id="f" * 32,
        name="x",
        func="cases.tasks.sweep",
        started=timezone.now(),
        stopped=timezone.now(),
        success=False,
        result="boom",
    )
    groups, failures = "/admin/auth/group/", "/admin/django_q/failure/"
    for name in ("north", "south"):
        reader.post(f"{groups}add/", name=name, _continue="1")
    north, south = Group.objects.order_by("name")
    for page in ("", "?q=zz", f"{north.pk}/change/", f"{north.pk}/history/", f"{north.pk}/delete/", "99/change/"):
        reader.get(groups + page)
    reader.post(f"{groups}add/", name="")
    reader.post(f"{groups}{north.pk}/change/", name="west")
    reader.post(groups, action="delete_selected", index="0")
    reader.post(groups, action="", index="0", _selected_action=south.pk)
    reader.post(groups, action="delete_selected", _selected_action=south.pk)
    reader.post(groups, action="delete_selected", _selected_action=south.pk, post="yes")
    reader.get(f"{groups}{north.pk}/history/")
    reader.post(f"{groups}{north.pk}/delete/", post="yes")
    for page in ("", f"{'f' * 32}/change/", f"{'f' * 32}/delete/"):
        reader.get(failures + page)
    reader.post(failures, action="resubmit_task", _selected_action="f" * 32)
    reader.get("/admin/password_change/done/")
    reader.post("/admin/password_change/", old_password="x", new_password1="a", new_password2="b")
    for person in (operator, agent):
        reader.get(f"/admin/cases/user/{person.pk}/password/")
    reader.post(f"/admin/cases/user/{agent.pk}/password/", password1="a", password2="b", usable_password="true")
    reader.post(f"/admin/cases/user/{agent.pk}/password/", usable_password="false")
    reader.get(f"/admin/cases/user/{agent.pk}/password/")
    reader.post("/admin/cases/user/add/", email="x")
    reader.get("/admin/")

    assert reader.lost == {}
    expected = {
        "zh-hans": {
            "添加权限组",
            "删除所选权限组",
            "已选 0 / 2",
            "最近操作",
            "我的操作",
            "修改记录",
        }
        | {
            "已修改权限组“west”。",
            "确认删除",
            "没有保存。请改正下面的错误。",
            "当前密码不正确，请重新输入。",
            "名称：",
            "退出登录",
        }
        | {
            "停用后，现在的密码作废，这个用户只能用通行密钥登录。",
            "重新执行所选任务",
            "请先勾选要操作的项目。没有改动。",
        },
        "en": {"Sign out", "The group “west” was changed.", "Your current password is incorrect. Enter it again."}
        | {"If disabled, the present password is lost, and the user can sign in only with a passkey."},
    }
    assert expected[language] - reader.read == set()


def test_who_may_not_enter_the_admin_is_told_so(agent: User, sign_in: Callable[..., Person]) -> None:
    page = sign_in(agent, "zh-hans").get("/admin/login/")
    assert (page.status, [line for line in lines(page.html) if lost_words(line, "zh-hans")]) == (403, [])
