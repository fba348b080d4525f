"""The admin's first page: what needs somebody now, one click from its list; and who gets in at all."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import CarrierMessage, Case, Heartbeat, Notice, NotificationChannel, User
from tests.helpers import with_second_factor

INDEX = "/admin/"


def tiles(client: Client) -> list[tuple[str, str, str]]:
    page = client.get(INDEX).content.decode()
    return re.findall(r'<a class="overview__tile [^"]*"\s+href="([^"]+)"><strong>([^<]+)</strong> ([^<]+)</a>', page)


def test_counts_link_to_their_lists(admin_page: Client, landscape: dict[str, Case]) -> None:
    assert tiles(admin_page) == [
        ("/admin/cases/case/?standing=overdue", "2", "Overdue"),
        ("/admin/cases/case/?standing=due_today", "1", "Due today"),
        ("/admin/cases/case/?standing=to_verify", "1", "To verify"),
        ("/admin/cases/carriermessage/?state__exact=unmatched", "0", "SMS without a case"),
    ]
    overdue = admin_page.get(tiles(admin_page)[0][0]).content.decode()
    assert landscape["late_3"].reference in overdue
    assert landscape["waiting"].reference not in overdue


def test_counts_stop_at_999(admin_page: Client, landscape: dict[str, Case], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.templatetags.admin_overview._CAP", 2)
    assert [count for _, count, _ in tiles(admin_page)] == ["1+", "1", "1", "0"]


@pytest.mark.parametrize(
    ("silence", "expected"),
    [
        (None, "Background jobs have never run: reminders and recalculations are not working."),
        (timedelta(minutes=2), "Background jobs last active: 16 Oct, 09:58"),
        (
            timedelta(hours=3),
            "Background jobs have not responded since 16 Oct, 07:00: reminders and recalculations are not working.",
        ),
    ],
)
def test_it_tells_whether_the_worker_works(admin_page: Client, silence: timedelta | None, expected: str) -> None:
    if silence is not None:
        Heartbeat.objects.create(name="worker", at=timezone.now() - silence)
    assert expected in admin_page.get(INDEX).content.decode()


@pytest.mark.parametrize(
    ("silence", "expected"),
    [
        (None, "Reminders are delayed: the check for due reminders has never run."),
        (timedelta(minutes=10), "Reminders last checked: 16 Oct, 09:50"),
        (timedelta(minutes=11), "Reminders are delayed: due reminders were last checked on 16 Oct, 09:49."),
    ],
)
def test_it_tells_whether_reminders_are_looked_for(
    admin_page: Client, silence: timedelta | None, expected: str
) -> None:
    if silence is not None:
        Heartbeat.objects.create(name="sweep", at=timezone.now() - silence)
    assert expected in admin_page.get(INDEX).content.decode()


def test_it_tells_when_a_reminder_was_last_sent_and_how_many_failed(admin_page: Client, manager: User) -> None:
    assert "Failed reminders" not in admin_page.get(INDEX).content.decode()
    now = timezone.now()
    channel = NotificationChannel.objects.create(user=manager, kind="email", last_success_at=now - timedelta(hours=1))
    for _ in range(2):
        Notice.objects.create(channel=channel, made_at=now, next_try_at=now, state="failed", finished_at=now)
    page = admin_page.get(INDEX).content.decode()
    assert "Last reminder sent: 16 Oct, 09:00" in page
    assert "<strong>2</strong> <span>Failed reminders in the past week</span>" in " ".join(page.split())
    address = "/admin/cases/notice/?state__exact=failed"
    assert f'href="{address}"' in page
    response = admin_page.get(address)
    assert response.context["cl"].result_count == 2
    Notice.objects.update(state="sent")
    assert admin_page.get(address).context["cl"].result_count == 0
    assert admin_page.post("/admin/cases/notice/add/", {}).status_code == 403


def test_the_record_and_the_queue_have_no_pages_of_their_own(admin_page: Client) -> None:
    page = admin_page.get(INDEX).content.decode()
    assert set(re.findall(r'href="/admin/(\w+/\w+)/"', page)) == {
        "auth/group",
        "cases/accountmail",
        "cases/appealbody",
        "cases/branch",
        "cases/calendaroverride",
        "cases/card",
        "cases/carrier",
        "cases/case",
        "cases/publishedyear",
        "cases/forwarder",
        "cases/languagemodel",
        "cases/carriermessage",
        "cases/notice",
        "cases/team",
        "cases/user",
        "django_q/failure",
    }


def test_only_staff_gets_in(client: Client, manager: User, landscape: dict[str, Case], clock: Any) -> None:
    client.force_login(manager)
    case = landscape["late_3"]
    for path in (
        INDEX,
        "/admin/cases/case/",
        f"/admin/cases/case/{case.pk}/change/",
        f"/admin/cases/case/act/follow_up/?cases={case.pk}",
        "/admin/cases/case/receipts/1/",
        "/admin/cases/user/",
    ):
        response = client.get(path)
        assert response.status_code == 302, path
        assert response["Location"].startswith("/admin/login/"), path


def test_staff_without_rights_sees_no_case(client: Client, manager: User, landscape: dict[str, Case]) -> None:
    User.objects.filter(pk=manager.pk).update(is_staff=True)
    client.force_login(with_second_factor(manager))
    case = landscape["late_3"]
    assert tiles(client) == []
    for path in (
        "/admin/cases/case/",
        f"/admin/cases/case/{case.pk}/change/",
        f"/admin/cases/case/act/follow_up/?cases={case.pk}",
        "/admin/cases/case/receipts/1/",
    ):
        assert client.get(path).status_code == 403, path


def test_messages_that_fit_no_case_are_counted(admin_page: Client, landscape: dict[str, Case]) -> None:
    team, now = landscape["waiting"].team, timezone.now()
    fields = {"team": team, "source": "pasted", "text": "已销户 (synthetic)", "received_at": now, "stored_at": now}
    for number, state in enumerate(["unmatched", "unmatched", "proposed", "recorded"]):
        CarrierMessage.objects.create(sender=f"1008{number}", digest=str(number), state=state, **fields)
    link, count, _ = tiles(admin_page)[-1]
    assert count == "2"
    page = admin_page.get(link).content.decode()
    assert "10080" in page
    assert "10082" not in page
