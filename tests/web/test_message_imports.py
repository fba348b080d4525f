"""Carriers' messages by hand: pasted, or from a file. Every message here is synthetic."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_q.models import OrmQ

from cases.models import CarrierMessage
from cases.web.views import message_imports
from tests.helpers import CaseDriver, local_str
from tests.inbox.senders import TEXT
from tests.web.html_client import Page, Person


def test_a_pasted_message_is_stored_and_its_reading_asked_for(me: Person) -> None:
    pasted = me.fill("/messages/paste/", text=TEXT, sender="10086", received_at="2026-10-15T09:00")
    assert pasted.status == 302
    assert "Saved and being read." in me.follow(pasted).text
    stored = CarrierMessage.objects.get()
    assert (stored.source, stored.text, stored.case, stored.late) == ("pasted", TEXT, None, False)
    assert local_str(stored.received_at) == "2026-10-15 09:00"
    assert OrmQ.objects.count() == 1
    assert me.user
    assert stored.team == me.user.teams.get()


def test_pasted_on_a_case_it_is_about_that_case(me: Person, submitted: CaseDriver) -> None:
    address = f"/messages/paste/?case={submitted.case.reference}"
    assert me.get(address).form().fields["sender"] == "10086"
    pasted = me.fill(address, text="您的业务已受理")
    assert pasted.location == f"/cases/{submitted.case.reference}/"
    stored = CarrierMessage.objects.get()
    assert (stored.case, stored.card) == (submitted.case, submitted.case.card)


def test_pasted_twice_it_is_there_once(me: Person) -> None:
    for said in ("Saved and being read.", "This SMS has already been added."):
        pasted = me.fill("/messages/paste/", text=TEXT, sender="10086", received_at="2026-10-15T09:00")
        assert said in me.follow(pasted).text
    assert CarrierMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": "验证码 123456"}, "Verification codes are never stored."),
        (
            {"sender": "13911112222", "text": "吃饭吗"},
            "Not saved: the sender is not a carrier and the text names none of the team’s cards.",
        ),
        ({"text": " "}, "This field is required."),
        ({"text": "\0"}, "Null characters are not allowed."),
        ({"sender": ""}, "This field is required."),
        ({"received_at": "2026-10-16T10:03"}, "This time is in the future."),
        ({"received_at": "x"}, "Enter a date and time"),
        ({"sender": "1" * 41}, "at most 40 characters"),
    ],
)
def test_what_is_not_kept_stays_in_the_form_and_is_told(me: Person, typed: dict[str, str], said: str) -> None:
    given = {"text": TEXT, "sender": "10086", "received_at": "2026-10-16T09:00"} | typed
    page = me.fill("/messages/paste/", **given)
    assert (page.status, said in page.text) == (200, True), page.text
    if "\0" not in given["text"]:
        assert {name: page.form().fields[name] for name in given} == given
    assert not CarrierMessage.objects.exists()


def test_cases_of_others_are_not_pasted_on(outsider: Person, anybody: Person, submitted: CaseDriver) -> None:
    address = f"/messages/paste/?case={submitted.case.reference}"
    assert outsider.get(address).status == 404
    assert outsider.post(address, text=TEXT, sender="10086", received_at="2026-10-16T09:00").status == 404
    assert anybody.get("/messages/paste/").location.startswith("/sign-in/")
    assert not CarrierMessage.objects.exists()


def hand_in(person: Person, data: bytes, name: str = "sms.json") -> Page:
    return person.fill("/messages/import/", upload=SimpleUploadedFile(name, data))


def test_a_file_is_taken_and_told_row_by_row(me: Person, submitted: CaseDriver) -> None:
    rows: list[Any] = [
        {"from": "10086", "text": TEXT, "timestamp": "2026-10-16 09:30"},
        {"from": "10086", "text": TEXT, "timestamp": "2026-10-16 09:31"},
        {"from": "10086", "text": "您好", "timestamp": "2026-10-01 09:00"},
        {"from": "10086", "text": "验证码 123456", "timestamp": "2026-10-01 09:00"},
        {"from": "13911112222", "text": "吃饭吗", "timestamp": "2026-10-01 09:00"},
        {"from": "10086", "text": "", "timestamp": "2026-10-01 09:00"},
        {"from": "10086", "text": "QXXH", "timestamp": "2026-10-01 09:00", "type": "2"},
    ]
    page = hand_in(me, json.dumps(rows).encode())
    assert page.part("counts").startswith(
        "Import results saved 2 duplicates 1 verification codes (discarded) 1 unrelated (discarded) 1 "
        "sent by the phone (not imported) 1 not imported 1 SMS 6 Text missing: set “content”, “text” or “message”."
    )
    stored = CarrierMessage.objects.order_by("received_at").values_list("text", "source", "late")
    assert list(stored) == [("您好", "imported", True), (TEXT, "imported", False)]
    assert OrmQ.objects.count() == 1
    page = hand_in(me, json.dumps(rows).encode())
    assert "saved 0 duplicates 3" in page.part("counts")
    assert OrmQ.objects.count() == 1


def test_many_wrong_rows_are_counted_on(me: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_imports, "ERRORS_SHOWN", 2)
    assert "and 3 more" in hand_in(me, b"[1, 2, 3, 4, 5]").text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"hello", "This file format is not supported."),
        (b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_such_file(me: Person, data: bytes, said: str) -> None:
    page = hand_in(me, data)
    assert (page.status, said in page.text) == (200, True)


def test_a_file_that_is_too_large_is_not_read(me: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_imports, "MAX_FILE_BYTES", 3)
    assert "“sms.json” is larger than" in hand_in(me, b"[{}]").text


def test_a_large_file_takes_few_queries(me: Person, django_assert_max_num_queries: Any) -> None:
    rows = [{"from": "10086", "text": f"您好{n}", "timestamp": "2026-10-01 09:00"} for n in range(1000)]
    with django_assert_max_num_queries(48):
        hand_in(me, json.dumps(rows).encode())
    assert CarrierMessage.objects.count() == 1000
