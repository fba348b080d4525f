"""What pages say of carriers, of the law and of Xiaoka itself is no more than is known, in both languages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cases.models import Receipt, User
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path

SignIn = Callable[..., Person]


def guide(anybody: Person, slug: str, language: str) -> str:
    anybody.client.cookies["django_language"] = language
    return anybody.get(f"/guide/{slug}/").text


def test_bills_come_late_and_the_month_of_cancellation_may_be_charged(anybody: Person) -> None:
    assert (
        "Bills can come one to three months later, and the month of cancellation is sometimes charged in full. For any "
        "charge after that, call the carrier with the confirmation and ask for a refund."
    ) in guide(anybody, "questions", "en")
    assert "账单可能晚 1 至 3 个月才出，注销当月有时按整月收费。之后的费用，请拿着注销凭证打电话要求退费。" in guide(
        anybody, "questions", "zh-hans"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "See the bill in the carrier’s app or ask the hotline. The month of cancellation may still be charged, "
            "sometimes in full.",
        ),
        ("zh-hans", "可在运营商 App 或通过客服热线查看账单。注销当月仍可能收费，有的按整月收。"),
    ],
)
def test_the_form_of_the_bill_says_so_too(
    manager: User, sign_in: SignIn, new_driver: Make, language: str, said: str
) -> None:
    driver = scenarios.confirmed(new_driver)
    assert said in sign_in(manager, language).get(path(driver, "bill")).text


def test_another_province_takes_cancellations_and_what_must_end_first_is_named(anybody: Person) -> None:
    english = guide(anybody, "questions", "en")
    assert (
        "Since 2019 the carriers are to accept cancellations in other provinces too; premium numbers, contracts and "
        "bundles must be ended first."
    ) in english
    assert (
        "Say that cancellation in another province has had to be offered since 2019. If they still refuse, ask for "
        "it in writing and complain."
    ) in english
    chinese = guide(anybody, "questions", "zh-hans")
    assert "2019 年起各运营商应支持跨省异地销户；靓号、合约和融合套餐要先解除。" in chinese
    assert "说明 2019 年起应支持跨省异地销户。仍不办理的，要求书面答复，并投诉。" in chinese


def test_the_usual_times_are_called_usual_and_no_law_is_spoken_of(anybody: Person) -> None:
    english = guide(anybody, "waiting", "en")
    assert "These are usual times. If a carrier states its own time limit, that applies." in english
    assert "law" not in english.lower()
    chinese = guide(anybody, "waiting", "zh-hans")
    assert "这些是通常的办理时间。运营商自己承诺时限的，以承诺为准。" in chinese
    assert "法律" not in chinese


@pytest.mark.parametrize(
    ("language", "steps", "papers"),
    [
        (
            "en",
            "Unpaid bills are a common reason for refusal. What to bring",
            "An unpaid bill is a common reason for refusal. Ask how much is due up to the cancellation date.",
        ),
        ("zh-hans", "欠费是常见的退回原因。要带什么", "欠费是常见的退回原因。请问清截至注销当天要缴多少。"),
    ],
)
def test_arrears_are_a_common_reason_and_not_the_most_frequent(
    anybody: Person, language: str, steps: str, papers: str
) -> None:
    assert steps in guide(anybody, "steps", language)
    assert papers in guide(anybody, "papers", language)


@pytest.mark.forged
@pytest.mark.parametrize(
    ("language", "record", "receipt"),
    [
        (
            "en",
            "The stored data was changed outside Xiaoka. Tell the system administrator; the original may still be in a "
            "backup.",
            "The file “申请表.txt” is missing or no longer matches the upload, so it cannot be downloaded. "
            "Tell the system administrator; the original may still be in a backup.",
        ),
        (
            "zh-hans",
            "存储的数据在销卡之外被改动。请联系系统管理员；备份中可能还有原始数据。",
            "“申请表.txt”已丢失或与上传时不一致，不能下载。请联系系统管理员；备份中可能还有原件。",
        ),
    ],
)
def test_nobody_knows_whether_there_is_a_backup(
    manager: User, sign_in: SignIn, new_driver: Make, receipts_folder: Path, language: str, record: str, receipt: str
) -> None:
    driver, me = scenarios.overdue(new_driver), sign_in(manager, language)
    me.fill(path(driver), path(driver, "receipts"), uploads=[SimpleUploadedFile("申请表.txt", b"synthetic")])
    (stored,) = (file for file in receipts_folder.rglob("*") if file.is_file())
    stored.unlink()
    assert receipt in me.get(path(driver, "receipts", str(Receipt.objects.get().pk))).text
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_timelineentry SET kind = 'promised' WHERE sequence = 2")
    assert record in me.get(path(driver, "record")).text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Xiaoka never asks for the password of a carrier account, a verification code from an SMS or an identity "
            "number. Verification codes in forwarded SMS are discarded before anything is stored.",
        ),
        (
            "zh-hans",
            "销卡不会要求填写运营商账户密码、短信验证码和身份证号码。转发来的短信如含验证码，不保存，直接丢弃。",
        ),
    ],
)
def test_xiaoka_asks_for_its_own_password_alone(anybody: Person, language: str, said: str) -> None:
    assert said in guide(anybody, "trust", language)
