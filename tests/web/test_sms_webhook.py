"""The door for carriers' messages. Every message here is synthetic."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django_q.models import OrmQ
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.formats.forwarders.signatures import sms_forwarder_sign
from cases.models import Card, Carrier, CarrierMessage, Team
from cases.operations.forwarders import remove_forwarder, replace_address, switch_forwarder
from tests.helpers import at, local_str
from tests.inbox.senders import TEXT, Phone
from tests.moments import NOW
from tests.web.html_client import Page

STAMP = "1792116000000"  # 2026-10-16 10:00, now


@pytest.fixture
def phone(team: Team, mobile: Carrier) -> Phone:
    return Phone(team)


@pytest.fixture
def card(team: Team, mobile: Carrier) -> Card:
    return Card.objects.create(team=team, carrier=mobile, number="13800138000")


def test_a_carrier_s_message_is_stored_as_it_came_and_its_reading_asked_for(phone: Phone, team: Team) -> None:
    answer = phone.post(received_at="2026-10-16T09:58:00+08:00")
    assert (answer.status, answer.response.json()) == (200, {"ok": True, "kept": True, "outcome": "kept"})
    stored = CarrierMessage.objects.get()
    assert (stored.team, stored.forwarder, stored.source, stored.state) == (team, phone.row, "forwarder", "new")
    assert (stored.sender, stored.text, stored.meaning) == ("10086", TEXT, "")
    assert (local_str(stored.received_at), local_str(stored.stored_at)) == ("2026-10-16 09:58", "2026-10-16 10:00")
    assert not stored.late
    assert [task.func() for task in OrmQ.objects.all()] == ["cases.tasks.read_messages"]
    assert phone.counts == (1, 0, 0, 0, 0)
    assert local_str(phone.row.last_seen_at) == "2026-10-16 10:00"


def test_the_form_of_sms_forwarder_with_its_signature(team: Team, mobile: Carrier) -> None:
    phone = Phone(team, "smsforwarder", signed=True)
    sign = sms_forwarder_sign(STAMP, phone.key)
    fields = {"from": "10086", "content": TEXT, "timestamp": STAMP, "sign": quote(sign, safe="")}
    form = "application/x-www-form-urlencoded"
    assert phone.send(urlencode(fields).encode(), form, key="").status == 200
    assert phone.send(urlencode(fields | {"sign": sign, "content": f"{TEXT}2"}).encode(), form, key="").status == 200
    assert phone.send(json.dumps(fields | {"content": f"{TEXT}3"}).encode(), key="").status == 200
    assert phone.counts == (3, 0, 0, 0, 0)


def test_a_signature_that_is_missing_or_wrong_is_refused_and_counted(team: Team, mobile: Carrier) -> None:
    phone = Phone(team, "gateway", signed=True)
    assert phone.post().status == 200
    for key in ("another", ""):
        answer = phone.post(text=f"{TEXT}2", key=key)
        assert (answer.status, answer.response.json()["field"]) == (403, "sign")
    assert phone.counts == (1, 0, 0, 0, 2)
    assert (phone.row.last_refusal, local_str(phone.row.last_refusal_at)) == ("bad_signature", "2026-10-16 10:00")
    assert CarrierMessage.objects.count() == 1


def test_what_comes_again_is_stored_once_and_answered_well(phone: Phone, team: Team) -> None:
    other = Phone(team)
    assert phone.post(timestamp=STAMP).status == 200
    assert phone.post(timestamp=STAMP).response.json() == {"ok": True, "kept": False, "outcome": "repeated"}
    # Another phone with the same SIM's copy, some seconds apart, across the end of a stretch of five minutes.
    assert other.post(sender="+86 10086", text=f"{TEXT}\n", timestamp="1792115998000").status == 200
    assert CarrierMessage.objects.count() == 1
    assert OrmQ.objects.count() == 1
    assert (phone.counts, other.counts) == ((1, 1, 0, 0, 0), (0, 1, 0, 0, 0))


def test_the_same_words_at_another_time_are_another_message(phone: Phone) -> None:
    for moment in ("09:00", "09:05", "09:10"):
        phone.post(received_at=f"2026-10-16 {moment}")
    phone.post(received_at="2026-10-16 09:14")
    assert CarrierMessage.objects.count() == 3
    assert phone.counts == (3, 1, 0, 0, 0)


def test_the_same_message_to_two_teams_is_two(phone: Phone, other_team: Team) -> None:
    phone.post(timestamp=STAMP)
    Phone(other_team).post(timestamp=STAMP)
    assert CarrierMessage.objects.count() == 2


@pytest.mark.parametrize(
    "text", ["【中国移动】验证码123456，您正在办理销户。", "【中国移动】您的号码13800138000的验证码为4711"]
)
def test_a_code_is_never_stored(phone: Phone, card: Card, text: str) -> None:
    assert phone.post(text=text).response.json() == {"ok": True, "kept": False, "outcome": "codes"}
    assert not CarrierMessage.objects.exists()
    assert phone.counts == (0, 0, 1, 0, 0)


def test_what_is_neither_a_carrier_s_nor_about_a_card_is_not_stored(phone: Phone, card: Card) -> None:
    for text in ("晚上一起吃饭吗", "请联系13900139000", "【某某银行】您尾号8001的账户"):
        assert phone.post(sender="13911112222", text=text).response.json()["outcome"] == "strangers"
    assert not CarrierMessage.objects.exists()
    assert not OrmQ.objects.exists()
    assert phone.counts == (0, 0, 0, 3, 0)
    assert local_str(phone.row.last_seen_at) == "2026-10-16 10:00"
    for text in ("13800138000可以销户了", "您138****8000的申请", "尾号8000的卡已处理"):
        assert phone.post(sender="13911112222", text=text).response.json()["outcome"] == "kept"


def test_cards_of_other_teams_are_strangers(phone: Phone, other_team: Team, mobile: Carrier) -> None:
    Card.objects.create(team=other_team, carrier=mobile, number="13800138000")
    assert phone.post(sender="13911112222", text="13800138000").response.json()["outcome"] == "strangers"


def test_an_old_one_is_kept_and_late(team: Team, mobile: Carrier) -> None:
    phone = Phone(team, signed=True)
    phone.post(received_at="2026-10-16 09:00")
    phone.post(text=f"{TEXT}2", received_at="2026-10-16 08:59")
    phone.post(text=f"{TEXT}3", received_at="2026-10-17 09:00")
    phone.post(text=f"{TEXT}4", received_at="2026-10-16 10:02")  # a clock that is ahead a little
    phone.post(text=f"{TEXT}5", received_at="昨天")
    phone.post(text=f"{TEXT}6", received_at="2003-12-31 10:00")
    rows = CarrierMessage.objects.order_by("pk").values_list("received_at", "late")
    assert [(local_str(moment), late) for moment, late in rows] == [
        ("2026-10-16 09:00", False),
        ("2026-10-16 08:59", True),
        ("2026-10-16 10:00", True),
        ("2026-10-16 10:00", False),
        ("2026-10-16 10:00", True),
        ("2026-10-16 10:00", True),
    ]


def test_a_get_leaves_nothing_and_says_why(phone: Phone) -> None:
    for way in ("get", "head", "delete", "options"):
        answer = getattr(phone.client, way)(f"{phone.path}?from=10086&content=x")
        assert (answer.status_code, answer["Allow"]) == (405, "POST, PUT, PATCH"), way
    assert "日志" in phone.client.get(phone.path).json()["error"]
    assert phone.counts == (0, 0, 0, 0, 0)
    assert phone.row.last_seen_at is None


def test_it_needs_no_slash_no_cookie_and_no_token(phone: Phone) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(phone.path.rstrip("/"), {"from": "10086", "content": TEXT})
    assert (answer.status_code, answer.json()["outcome"]) == (200, "kept")  # a form in parts, as Django's client sends
    answer = strict.post(phone.path.rstrip("/"), urlencode({"from": "10086", "content": TEXT}), content_type="a/b")
    assert answer.status_code == 200
    assert not answer.cookies


def test_an_address_that_is_none_was_one_or_is_off(phone: Phone, other_team: Team) -> None:
    other = Phone(other_team)
    for path in ("/in/x/", "/in/" + "x" * 3000 + "/", "/in/%00/", "/in/%ED%A0%80/"):
        assert Page(phone.client.post(path, b"{}", content_type="application/json")).status == 404
    switch_forwarder(phone.row, on=False)
    assert phone.post().status == 410
    assert (phone.row.last_refusal, phone.row.refused) == ("switched_off", 1)
    switch_forwarder(phone.row, on=True)
    replace_address(phone.row, signed=False)
    assert phone.post().status == 404
    remove_forwarder(other.row)
    assert other.post().status == 404
    assert not CarrierMessage.objects.exists()


def test_the_address_decides_whose_message_it_is(phone: Phone, other_team: Team) -> None:
    Phone(other_team).post()
    assert not phone.row.team.messages.exists()
    assert other_team.messages.count() == 1


def test_what_is_wrong_is_told_in_a_sentence_with_its_field(phone: Phone) -> None:
    for body, field in ((b"{", "body"), (b'{"text": "x"}', "from"), (b'{"from": "1"}', "content")):
        answer = phone.send(body)
        assert (answer.status, answer.response.json()["field"]) == (400, field)
        assert answer.response.json()["error"].endswith(("。", "."))
    assert phone.counts == (0, 0, 0, 0, 3)


def test_a_huge_body_is_refused_before_it_is_read(phone: Phone) -> None:
    class Unread:
        def read(self, *size: int) -> bytes:
            raise AssertionError("it was read")

        readline = read

    huge = {"CONTENT_LENGTH": str(70_000), "wsgi.input": Unread()}
    assert phone.client.post(phone.path, b"", content_type="application/json", **huge).status_code == 413  # type: ignore[arg-type]
    assert phone.post(text="长" * 11_000).status == 413  # 66 KB, escaped
    assert phone.send(json.dumps({"from": "10086", "text": "长" * 15_000}, ensure_ascii=False).encode()).status == 200
    assert phone.row.last_refusal == "too_large"


def test_a_flood_is_refused_and_shown_and_other_phones_are_not_touched(
    phone: Phone, other_team: Team, settings: Any
) -> None:
    assert settings.RATE_LIMITS["inbound"] == (1500, 3600)
    settings.RATE_LIMITS = {"inbound": (5, 3600)}
    for count in range(5):
        assert phone.post(text=f"{TEXT}{count}").status == 200
    answer = phone.post(text=f"{TEXT} one more")
    assert answer.status == 429
    assert answer.response.json()["error"].startswith("短信过于频繁，请几分钟后再试。")
    assert phone.row.last_refusal == "too_many"
    assert CarrierMessage.objects.count() == 5
    assert Phone(other_team).post().status == 200


def test_a_missing_key_refuses_and_says_so(phone: Phone) -> None:
    phone.made.encrypted = "x"
    phone.made.save()
    answer = phone.post()
    assert answer.status == 503
    assert phone.row.last_refusal == "key_missing"


def test_nothing_half_stored_when_the_queue_fails(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: str) -> None:
        raise RuntimeError

    monkeypatch.setattr("cases.queue.enqueue", broken)
    phone.client.raise_request_exception = False
    assert phone.post().status == 500
    assert not CarrierMessage.objects.exists()
    assert phone.counts == (0, 0, 0, 0, 0)


TYPES = [
    "application/json",
    "application/x-www-form-urlencoded",
    "x",
    "a;charset=gbk",
    "multipart/form-data; boundary=x",
]
FEW = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
VALUES = st.one_of(
    st.text(max_size=60), st.integers(), st.floats(), st.none(), st.lists(st.text(max_size=5), max_size=2)
)
NAMES = ["from", "sender", "content", "text", "message", "timestamp", "received_at", "sign", "receivedStamp"]


def test_whatever_is_posted_it_is_answered_and_never_with_a_500(phone: Phone) -> None:
    bodies = st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=200).map(lambda body: b'{"from": "10086", "text": "' + body + b'"}'),
        st.dictionaries(st.sampled_from(NAMES), VALUES).map(lambda fields: json.dumps(fields).encode()),
        st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60), min_size=2).map(
            lambda fields: urlencode(fields, encoding="gb18030", errors="replace").encode()
        ),
    )

    @FEW
    @given(bodies, st.sampled_from(TYPES))
    def posted(body: bytes, content_type: str) -> None:
        answer: Any = phone.send(body, content_type)
        assert answer.status in (200, 400), body

    posted()
    assert max([row.received_at for row in CarrierMessage.objects.all()], default=at("2026-10-16")) <= NOW
