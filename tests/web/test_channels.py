"""The pages of channels: added by what is pasted, tried, switched, removed; one's own, or the team's for managers."""

from typing import Any

import pytest

from cases.formats.channel_urls import parse_address
from cases.models import Carrier, Notice, NotificationChannel, Team, User
from cases.models.encryption import decrypt_values
from cases.operations.channels import add_channel
from cases.reminders.delivery import deliver_channel
from cases.reminders.pipeline import run_sweep
from cases.selectors import working_calendar
from tests import fake_services
from tests.fake_network import FakeNetwork
from tests.helpers import at, new_case
from tests.web.html_client import Person

WECOM = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
ADDRESS = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={WECOM}"


@pytest.fixture
def robot(manager: User) -> NotificationChannel:
    return add_channel(manager, "wecombot", parse_address("wecombot", WECOM), name="注销群")


def test_the_mailbox_is_there_by_itself(me: Person) -> None:
    page = me.get("/me/channels/")
    channel = NotificationChannel.objects.get()
    assert (channel.kind, channel.user) == ("email", me.user)
    assert page.part(f"channel-{channel.pk}").startswith("Email on Address li.na@example.com Last success none yet")
    assert "/me/channels/" in me.get("/me/").hrefs
    assert f"/me/channels/{channel.pk}/remove/" not in page.html


@pytest.mark.parametrize(("sender", "is_told"), [("xiaoka@localhost", True), ("sim@company.example", False)])
def test_a_system_administrator_is_told_of_a_sender_that_servers_refuse(
    me: Person, colleague: Person, settings: Any, sender: str, is_told: bool
) -> None:
    assert me.user
    User.objects.filter(pk=me.user.pk).update(is_staff=True)
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example", sender
    words = f"Mail servers may refuse emails from {sender}, or file them as spam. Set EMAIL_FROM"
    assert (words in me.get("/me/channels/").text) is is_told
    assert words not in colleague.get("/me/channels/").text


def test_without_a_mail_server_the_page_says_where_messages_are(me: Person, settings: Any) -> None:
    said = (
        "No mail server is set up, so emails are not sent but saved as files in DATA_DIR/mail. Ask the system "
        "administrator to set EMAIL_URL."
    )
    page = me.get("/me/channels/")
    assert said in page.text
    assert "/me/notices/" in page.hrefs
    settings.EMAIL_HOST = "mail.example"
    assert said not in me.get("/me/channels/").text


def test_a_robot_is_added_and_its_key_never_shown_again(me: Person) -> None:
    page = me.get("/me/channels/new/wecombot/")
    assert "Copy the webhook address (Webhook 地址) and paste it here." in page.text
    added = me.send(page, "/me/channels/new/wecombot/", address=f" {ADDRESS} ", name="注销群")
    assert (added.status, added.location) == (302, "/me/channels/")
    channel = NotificationChannel.objects.get(kind="wecombot")
    assert (channel.user, channel.team, channel.is_on) == (me.user, None, True)
    assert decrypt_values(channel.encrypted) == {"key": WECOM}
    assert WECOM not in channel.encrypted
    page = me.follow(added)
    assert "注销群" in page.text
    assert "••••5aaa" in page.text
    for path in ("/me/channels/", f"/me/channels/{channel.pk}/", "/me/", "/me/notices/"):
        assert WECOM not in me.get(path).html


#: Each kind with the fields that it has beside the address and the name.
KINDS = {
    "wecombot": set(),
    "dingtalk": {"secret"},
    "feishu": {"secret"},
    "bark": {"key"},
    "schan": set(),
    "pushplus": set(),
    "lark": {"secret"},
    "slack": set(),
    "telegram": {"chat"},
    "discord": set(),
    "ntfy": {"token"},
    "gotify": {"token"},
    "matrix": {"room", "token"},
    "webhook": set(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_guide_and_refuses_what_is_not_its_own(me: Person, kind: str) -> None:
    path = f"/me/channels/new/{kind}/"
    assert path in me.get("/me/channels/").hrefs
    page = me.get(path)
    assert page.status == 200
    assert set(page.form().fields) - {"address", "name", "csrfmiddlewaretoken"} == KINDS[kind]
    refused = me.send(page, path, address="https://me:pw@evil.example/x?key=1", name="n")
    assert refused.status == 200
    assert "invalid-feedback" in refused.html
    assert refused.form().fields["name"] == "n"
    assert refused.form().fields["address"] == "https://me:pw@evil.example/x?key=1"
    assert not NotificationChannel.objects.exclude(kind="email").exists()


def test_what_is_no_kind_is_not_there(me: Person) -> None:
    for kind in ("email", "teams", "x"):
        assert me.get(f"/me/channels/new/{kind}/").status == 404


def test_from_the_form_to_the_homeserver(me: Person, network: FakeNetwork, settings: Any) -> None:
    """What a person enters is stored encrypted, shown without its secrets, and sent with them."""
    settings.ALLOW_PRIVATE_HOSTS = True
    homeserver = fake_services.Homeserver()
    receiver = network.connect("push.example", homeserver)
    path, token = "/me/channels/new/matrix/", "syt_eGlhb2th_abcdefghijklmnopqrst_0aBcDe"
    entered = {"address": "https://push.example/", "room": "!AbCdEfGh:example.com", "name": "值班室"}
    missing = me.fill(path, **entered)
    assert "invalid-feedback" in missing.html
    assert missing.form().fields["room"] == "!AbCdEfGh:example.com"
    alias = me.fill(path, **entered | {"room": "#duty:example.com", "token": token})
    assert "Enter the internal ID of the room, like !AbCdEfGh:example.com." in alias.text
    assert not NotificationChannel.objects.filter(kind="matrix").exists()
    me.fill(path, **entered, token=token)
    channel = NotificationChannel.objects.get(kind="matrix")
    assert (channel.label, channel.title) == ("push.example !AbCdEfGh:example.com", "Matrix · 值班室")
    page = me.follow(me.post(f"/me/channels/{channel.pk}/test/"))
    assert 'Test reminder sent: HTTP 200 {"event_id": "$event0"}' in page.text
    assert receiver.got[0].data["body"].startswith("Xiaoka: test reminder")
    for shown in ("/me/channels/", f"/me/channels/{channel.pk}/", "/me/"):
        assert token not in me.get(shown).html
    assert token not in channel.encrypted


def test_which_part_of_an_address_is_the_key_is_asked_where_it_is_not_clear(me: Person) -> None:
    path = "/me/channels/new/bark/"
    page = me.fill(path, address="https://own.example/bark/short-key")
    assert "It is not clear which part of the address is the key. Enter the key here as well." in page.text
    assert page.form().fields["address"] == "https://own.example/bark/short-key"
    me.fill(path, address="https://own.example/bark/short-key", key="short-key")
    channel = NotificationChannel.objects.get(kind="bark")
    assert decrypt_values(channel.encrypted) == {"server": "https://own.example/bark", "key": "short-key"}


def test_readers_of_chinese_see_china_s_services_first(me: Person) -> None:
    def kinds() -> list[str]:
        paths = [path for path in me.get("/me/channels/").hrefs if path.startswith("/me/channels/new/")]
        return [path.split("/")[4] for path in paths]

    in_china = ["wecombot", "dingtalk", "feishu", "bark", "schan", "pushplus"]
    abroad = ["lark", "slack", "telegram", "discord"]
    own = ["ntfy", "gotify", "matrix", "webhook"]
    assert kinds() == abroad + in_china + own
    User.objects.update(language="zh-hans")
    assert kinds() == in_china + abroad + own


def test_a_changed_address_forgets_what_the_old_one_said(me: Person, robot: NotificationChannel) -> None:
    NotificationChannel.objects.update(last_error="HTTP 200 no", last_failure_at=at("2026-10-15T09:00"))
    path = f"/me/channels/{robot.pk}/"
    me.fill(path, name="另一个群")
    robot.refresh_from_db()
    assert (robot.name, robot.last_error, decrypt_values(robot.encrypted)) == (
        "另一个群",
        "HTTP 200 no",
        {"key": WECOM},
    )
    me.fill(path, address="0123456789abcdefXYZ9")
    robot.refresh_from_db()
    assert (robot.last_error, robot.label, decrypt_values(robot.encrypted)) == (
        "",
        "••••XYZ9",
        {"key": "0123456789abcdefXYZ9"},
    )


def test_a_new_secret_alone_is_not_enough(me: Person, manager: User) -> None:
    channel = add_channel(manager, "feishu", parse_address("feishu", WECOM, secret="oldoldold"))
    page = me.fill(f"/me/channels/{channel.pk}/", secret="newnewnew")
    assert "If you change one of the fields below, enter this one again too." in page.text
    channel.refresh_from_db()
    assert decrypt_values(channel.encrypted)["secret"] == "oldoldold"


def test_a_test_message_shows_the_answer(me: Person, robot: NotificationChannel, network: FakeNetwork) -> None:
    receiver = network.connect("qyapi.weixin.qq.com", fake_services.wecom)
    sent = me.post(f"/me/channels/{robot.pk}/test/")
    assert 'Test reminder sent: HTTP 200 {"errcode": 0, "errmsg": "ok"}' in me.follow(sent).text
    assert receiver.got[0].data["text"]["content"].startswith("Xiaoka: test reminder")
    network.connect("qyapi.weixin.qq.com", lambda got: (200, {"errcode": 45009, "errmsg": "api freq out of limit"}))
    page = me.follow(me.post(f"/me/channels/{robot.pk}/test/"))
    assert 'Test reminder failed: HTTP 200 {"errcode": 45009, "errmsg": "api freq out of limit"}' in page.text
    assert "Last failure today 10:00" in page.part(f"channel-{robot.pk}")
    assert "45009" in page.part(f"channel-{robot.pk}")


def test_the_account_says_which_channel_fails(me: Person, robot: NotificationChannel) -> None:
    said = "注销群 failed on 15 Oct, 09:00: HTTP 200 no"
    NotificationChannel.objects.filter(pk=robot.pk).update(
        last_error="HTTP 200 no", last_failure_at=at("2026-10-15T09:00")
    )
    assert said in me.get("/me/").text
    NotificationChannel.objects.filter(pk=robot.pk).update(last_success_at=at("2026-10-15T09:01"))
    assert said not in me.get("/me/").text


def test_what_a_service_says_is_shown_as_text(me: Person, robot: NotificationChannel, network: FakeNetwork) -> None:
    network.connect("qyapi.weixin.qq.com", lambda got: (200, b"<script>alert(1)</script>"))
    page = me.follow(me.post(f"/me/channels/{robot.pk}/test/"))
    assert "<script>alert" not in page.html


def test_on_and_off(me: Person, robot: NotificationChannel) -> None:
    mailbox = NotificationChannel.objects.get(kind="email")
    for channel in (robot, mailbox):
        me.post(f"/me/channels/{channel.pk}/switch/", on="0")
    page = me.get("/me/channels/")
    assert "No reminder channel is turned on, so you will get no reminders." in page.text
    me.post(f"/me/channels/{robot.pk}/switch/", on="1")
    assert "No channel is turned on" not in me.get("/me/channels/").text
    assert list(NotificationChannel.objects.filter(is_on=True)) == [robot]


def test_removed_it_is_gone_and_a_mailbox_is_only_switched_off(me: Person, robot: NotificationChannel) -> None:
    mailbox = NotificationChannel.objects.get(kind="email")
    me.post(f"/me/channels/{robot.pk}/remove/")
    me.post(f"/me/channels/{mailbox.pk}/remove/")
    assert list(NotificationChannel.objects.values_list("kind", "is_on")) == [("email", False)]


def test_nothing_changes_without_a_press(me: Person, robot: NotificationChannel) -> None:
    for what in ("test", "switch", "remove"):
        assert me.get(f"/me/channels/{robot.pk}/{what}/").status == 405


@pytest.mark.parametrize("what", ["", "test/", "switch/", "remove/"])
def test_nobody_reaches_the_channels_of_others(
    colleague: Person, outsider: Person, anybody: Person, me: Person, robot: NotificationChannel, team: Team, what: str
) -> None:
    shared = add_channel(team, "wecombot", parse_address("wecombot", WECOM))
    for person in (colleague, outsider):
        # The team's are refused as such where one does not manage the team, whichever they are.
        for whose, refused in (("me", 404), ("teams", 403 if person is colleague else 404)):
            for channel in (robot, shared):
                assert person.post(f"/{whose}/channels/{channel.pk}/{what}").status == refused
    assert me.post(f"/teams/channels/{robot.pk}/{what}").status == 404
    assert me.post(f"/me/channels/{shared.pk}/{what}").status == 404
    page = anybody.post(f"/me/channels/{robot.pk}/{what}")
    assert page.location.startswith("/sign-in/")
    assert NotificationChannel.objects.filter(pk__in=[robot.pk, shared.pk], is_on=True).count() == 2


def test_the_team_s_channels_are_for_its_managers(me: Person, colleague: Person, team: Team) -> None:
    assert "/teams/channels/" in me.get("/me/").hrefs
    assert "/teams/channels/" not in colleague.get("/me/").hrefs
    for path in ("/teams/channels/", "/teams/channels/new/bark/", "/teams/notices/"):
        assert me.get(path).status == 200
        assert colleague.get(path).status == 403
    me.fill("/teams/channels/new/wecombot/", address=ADDRESS)
    channel = NotificationChannel.objects.get(kind="wecombot")
    assert (channel.team, channel.user) == (team, None)
    assert not NotificationChannel.objects.filter(kind="email").exists()


def test_the_messages_to_a_person_can_be_read_here(
    me: Person, colleague: Person, manager: User, team: Team, mobile: Carrier
) -> None:
    case = new_case(team, mobile, manager, submitted="2026-09-30T15:00", handler=manager)
    run_sweep(at("2026-10-14T09:00"))
    page = me.get("/me/notices/")
    assert "Waiting to be sent" in page.text
    assert "Will be sent on 14 Oct, 09:00." in page.text
    assert f"/cases/{case.reference}/" in page.hrefs
    Notice.objects.update(error="ConnectionRefusedError: no mail server here", attempts=2)
    assert "Tried 2 times. Next try: 14 Oct, 09:00." in me.get("/me/notices/").text
    deliver_channel(Notice.objects.get().channel_id, at("2026-10-14T09:00"), working_calendar())
    page = me.get("/me/notices/")
    assert (
        "Xiaoka: 1 case needs your attention · Overdue Sent Wed 09:00 · Email · 1 case · saved as a file" in page.text
    )
    assert "138****8000 · China Mobile · 1 working day overdue Call 10086 and chase" in page.text
    assert "138****8000" not in colleague.get("/me/notices/").text
