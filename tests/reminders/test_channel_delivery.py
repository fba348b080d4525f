"""Reminders over the channels of people and teams, from the sweep to the service, and what a test message tells."""

import logging
from typing import Any

import pytest
from django.core import mail

from cases.formats.channel_urls import parse_address
from cases.models import Carrier, Case, Notice, NotificationChannel, Team, User
from cases.operations.channels import add_channel, switch_channel
from cases.reminders.delivery import deliver_due
from cases.reminders.pipeline import run_sweep
from cases.reminders.test_send import send_test_message
from tests import fake_services
from tests.fake_network import FakeNetwork
from tests.helpers import at, local_str

# Several channels are spoken to from threads of their own, which see only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

WECOM = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
SECRET = "c0ffee-and-nobody-knows"


def sweep_and_deliver(moment: str) -> dict[str, int]:
    run_sweep(at(moment))
    return dict(deliver_due(at(moment)))


def test_a_person_s_channel_gets_it_beside_the_mailbox(overdue: Case, manager: User, network: FakeNetwork) -> None:
    manager.language = "en"
    manager.save()
    receiver = network.connect("qyapi.weixin.qq.com", fake_services.wecom)
    channel = add_channel(manager, "wecombot", parse_address("wecombot", WECOM))
    assert sweep_and_deliver("2026-10-14T09:00") == {"sent": 2}
    assert len(mail.outbox) == 1
    text = receiver.got[0].data["text"]["content"]
    assert text.startswith("Xiaoka: 1 case needs your attention · Overdue\n\n138****8000 · China Mobile")
    channel.refresh_from_db()
    assert local_str(channel.last_success_at) == "2026-10-14 09:00"


def test_a_team_s_channel_gets_it_in_chinese(overdue: Case, manager: User, team: Team, network: FakeNetwork) -> None:
    manager.language = "en"
    manager.save()
    receiver = network.connect("qyapi.weixin.qq.com", fake_services.wecom)
    add_channel(team, "wecombot", parse_address("wecombot", WECOM))
    sweep_and_deliver("2026-10-14T09:00")
    assert "超期" in receiver.got[0].data["text"]["content"]


def test_a_no_with_status_200_is_a_failure_that_is_kept_and_tried_again(
    overdue: Case, team: Team, network: FakeNetwork, caplog: pytest.LogCaptureFixture
) -> None:
    network.connect("qyapi.weixin.qq.com", fake_services.wecom)
    channel = add_channel(team, "wecombot", parse_address("wecombot", SECRET))
    with caplog.at_level(logging.DEBUG):
        assert sweep_and_deliver("2026-10-14T09:00") == {"sent": 1, "failed": 1}
    said = 'HTTP 200 {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1700000000]"}'
    channel.refresh_from_db()
    assert (channel.last_error, local_str(channel.last_failure_at)) == (said, "2026-10-14 09:00")
    notice = Notice.objects.get(channel=channel)
    assert (notice.state, notice.error, local_str(notice.next_try_at)) == ("pending", said, "2026-10-14 09:01")
    assert SECRET not in caplog.text
    channel_now = add_channel(team, "wecombot", parse_address("wecombot", WECOM))
    assert SECRET not in repr(channel) + str(channel) + str(channel.__dict__) + repr(channel_now)


def test_a_channel_whose_key_is_lost_fails_in_words(overdue: Case, manager: User, network: FakeNetwork) -> None:
    channel = add_channel(manager, "wecombot", parse_address("wecombot", WECOM))
    NotificationChannel.objects.filter(pk=channel.pk).update(encrypted="gAAAAA-of-another-installation")
    assert sweep_and_deliver("2026-10-14T09:00") == {"sent": 1, "failed": 1}
    channel.refresh_from_db()
    assert channel.last_error
    assert "gAAAAA" not in channel.last_error


def test_what_waits_for_a_channel_that_is_switched_off_is_not_sent(
    overdue: Case, team: Team, mobile: Carrier, network: FakeNetwork
) -> None:
    receiver = network.connect("qyapi.weixin.qq.com", fake_services.wecom)
    channel = add_channel(team, "wecombot", parse_address("wecombot", WECOM))
    run_sweep(at("2026-10-14T09:00"))
    switch_channel(channel, on=False)
    assert dict(deliver_due(at("2026-10-14T09:00"))) == {"sent": 1, "cancelled": 1}
    assert receiver.got == []


def test_a_test_message_shows_what_the_service_says(team: Team, network: FakeNetwork) -> None:
    receiver = network.connect("qyapi.weixin.qq.com", fake_services.wecom)
    channel = add_channel(team, "wecombot", parse_address("wecombot", WECOM))
    tried = send_test_message(channel, at("2026-10-14T23:00"))
    assert (tried.accepted, tried.response) == (True, 'HTTP 200 {"errcode": 0, "errmsg": "ok"}')
    assert len(receiver.got) == 1
    channel.refresh_from_db()
    assert local_str(channel.last_success_at) == "2026-10-14 23:00"


def test_a_test_message_that_is_refused_is_a_failure(manager: User, network: FakeNetwork) -> None:
    network.connect("www.pushplus.plus", fake_services.pushplus)
    channel = add_channel(manager, "pushplus", parse_address("pushplus", "d" * 32))
    tried = send_test_message(channel, at("2026-10-14T23:00"))
    assert (tried.accepted, tried.response) == (False, 'HTTP 200 {"code": 903, "msg": "无效的用户令牌", "data": null}')
    channel.refresh_from_db()
    assert (channel.last_error, channel.failing) == (tried.response, True)


def test_a_test_message_by_mail(manager: User, settings: Any) -> None:
    manager.language = "en"
    manager.save()
    channel = NotificationChannel.objects.create(user=manager, kind="email")
    assert send_test_message(channel, at("2026-10-14T23:00")).response == "Saved as a file in DATA_DIR/mail."
    settings.EMAIL_HOST = "mail.example"
    assert send_test_message(channel, at("2026-10-14T23:00")).response == "Accepted by the mail server."
    assert [message.subject for message in mail.outbox] == ["Xiaoka: test reminder"] * 2
