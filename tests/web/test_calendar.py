"""The calendar that a person subscribes to: dates of their cases under a secret address."""

import logging
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from cases import operations as ops
from cases.models import Batch, CalendarAddress, CalendarOverride, Carrier, Case, Membership, Team, User
from cases.models.encryption import decrypt_values
from tests.helpers import at, new_case, on
from tests.web.html_client import Person
from tracker.logs import HideSecrets


@pytest.fixture
def mine(team: Team, mobile: Carrier, manager: User) -> Case:
    """Due by 2026-10-13 24:00, handled by the owner."""
    case = new_case(team, mobile, manager, submitted="2026-09-30T15:00", handler=manager)
    Case.objects.filter(pk=case.pk).update(reference="XK-23456789")
    case.refresh_from_db()
    return case


@pytest.fixture
def address(me: Person, settings: Any) -> str:
    settings.SITE_URL = "https://xiaoka.example"
    me.fill("/me/", "/me/calendar/", do="make")
    (row,) = re.findall(r"https://xiaoka\.example(/calendar/[\w-]+\.ics)", me.get("/me/").html)
    return str(row)


@pytest.fixture
def fetch(anybody: Person, address: str) -> Callable[[], dict[str, Any]]:
    """The calendar as a program gets it that has not signed in: its events by UID."""

    def fetched() -> dict[str, Any]:
        response = anybody.client.get(address)
        assert response.status_code == 200
        calendar = Calendar.from_ical(response.content)
        assert calendar.errors == []
        return {str(event["uid"]): event for event in calendar.walk("VEVENT")}

    return fetched


def days(events: dict[str, Any]) -> dict[str, tuple[date, str]]:
    return {uid: (event.decoded("dtstart"), str(event["status"])) for uid, event in events.items()}


def test_a_window_ends_on_its_last_day(mine: Case, fetch: Callable[[], dict[str, Any]]) -> None:
    (event,) = fetch().values()
    assert str(event["uid"]) == "XK-23456789.round.1@xiaoka"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 10, 13), date(2026, 10, 14))
    assert str(event["summary"]) == "Reply deadline · 138****8000 China Mobile"
    assert str(event["url"]) == "https://xiaoka.example/cases/XK-23456789/"
    assert (str(event["status"]), str(event["transp"])) == ("CONFIRMED", "TRANSPARENT")
    assert event.decoded("last-modified") == at("2026-09-30T15:00")


def test_it_is_a_calendar_by_the_book_and_nobody_s_but_the_reader_s(mine: Case, anybody: Person, address: str) -> None:
    response = anybody.client.get(address)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    text = response.content.decode()
    lines = text.split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in text.replace("\r\n", "")
    assert "VERSION:2.0" in lines
    assert any(line.startswith("PRODID:") for line in lines)
    assert "13800138000" not in text
    for event in Calendar.from_ical(text).walk("VEVENT"):
        for name in ("uid", "dtstamp", "dtstart"):
            assert name in event


def test_on_a_quiet_day_it_is_still_a_calendar(anybody: Person, address: str) -> None:
    calendar = Calendar.from_ical(anybody.client.get(address).content)
    assert calendar.walk("VEVENT") == []
    assert len(calendar.subcomponents) == 1  # RFC 5545, 3.6: at least one


def test_a_promise_takes_the_window_s_place(mine: Case, manager: User, fetch: Callable[[], dict[str, Any]]) -> None:
    before = fetch()["XK-23456789.round.1@xiaoka"]
    promise = ops.Promised(at("2026-10-12T10:00"), promised_on=on("2026-10-20"))
    ops.perform_one(promise, mine, by=manager, now=at("2026-10-12T10:00"))
    events = fetch()
    assert days(events) == {
        "XK-23456789.round.1@xiaoka": (date(2026, 10, 13), "CANCELLED"),
        "XK-23456789.round.2@xiaoka": (date(2026, 10, 20), "CONFIRMED"),
    }
    assert str(events["XK-23456789.round.2@xiaoka"]["summary"]).startswith("Promised date (carrier)")
    assert events["XK-23456789.round.1@xiaoka"]["sequence"] > before["sequence"]


def test_a_cancellation_that_takes_effect_later_is_a_date_of_its_own(
    mine: Case, manager: User, fetch: Callable[[], dict[str, Any]]
) -> None:
    pending = ops.TakesEffect(at("2026-10-12T10:00"), effective_on=on("2026-11-20"))
    ops.perform_one(pending, mine, by=manager, now=at("2026-10-12T10:00"))
    events = fetch()
    assert days(events) == {
        "XK-23456789.round.1@xiaoka": (date(2026, 10, 13), "CANCELLED"),
        "XK-23456789.round.2@xiaoka": (date(2026, 11, 20), "CONFIRMED"),
    }
    summary = str(events["XK-23456789.round.2@xiaoka"]["summary"])
    assert summary == "Cancellation takes effect · 138****8000 China Mobile"


def test_while_a_complaint_runs_what_is_done_or_returned_has_no_deadline(
    mine: Case, manager: User, fetch: Callable[[], dict[str, Any]]
) -> None:
    ops.perform_one(ops.Complain(at("2026-10-10T10:00")), mine, by=manager, now=at("2026-10-10T10:00"))
    case = Case.objects.get(pk=mine.pk)
    ops.perform_one(ops.ReportedDone(at("2026-10-12T10:00")), case, by=manager, now=at("2026-10-12T10:00"))
    stand = {str(event["summary"]).partition(" · ")[0]: str(event["status"]) for event in fetch().values()}
    assert stand == {"Reply deadline": "CANCELLED", "Complaint answer deadline": "CONFIRMED"}


def test_a_date_that_moves_keeps_its_name(mine: Case, fetch: Callable[[], dict[str, Any]]) -> None:
    before = fetch()["XK-23456789.round.1@xiaoka"]
    CalendarOverride.objects.create(date=on("2026-10-13"), working=False, name="台风停工")
    ops.perform(ops.Recalculate("台风停工"), [mine], by=None, now=at("2026-10-12T09:30"))
    (event,) = fetch().values()
    assert event["uid"] == before["uid"]
    assert event.decoded("dtstart") == date(2026, 10, 14)
    assert event["sequence"] > before["sequence"]
    assert event.decoded("last-modified") == at("2026-10-12T09:30")


def test_what_ended_is_told_as_cancelled_for_thirty_days(
    mine: Case, manager: User, fetch: Callable[[], dict[str, Any]], clock: time_machine.Traveller
) -> None:
    ops.perform_one(ops.Withdraw(), mine, by=manager, now=at("2026-10-12T10:00"))
    assert days(fetch()) == {"XK-23456789.round.1@xiaoka": (date(2026, 10, 13), "CANCELLED")}
    clock.move_to(at("2026-11-11T09:59"))
    assert len(fetch()) == 1
    clock.move_to(at("2026-11-11T10:00"))
    assert fetch() == {}


def test_complaint_and_appeal(mine: Case, manager: User, fetch: Callable[[], dict[str, Any]]) -> None:
    case = ops.perform_one(ops.Complain(at("2026-10-14T10:00")), mine, by=manager, now=at("2026-10-14T10:00"))
    key = case.escalations.get().pk
    assert days(fetch())[f"XK-23456789.complaint.{key}@xiaoka"] == (date(2026, 10, 29), "CONFIRMED")
    ops.perform_one(
        ops.ComplaintAnswered(at("2026-10-15T10:00"), satisfied=False), case, by=manager, now=at("2026-10-15T10:00")
    )
    ops.perform_one(ops.Appeal(at("2026-10-16T09:00")), case, by=manager, now=at("2026-10-16T09:00"))
    events = days(fetch())
    appeal = case.escalations.get(kind="appeal").pk
    assert events[f"XK-23456789.complaint.{key}@xiaoka"][1] == "CANCELLED"
    assert events[f"XK-23456789.appeal.{appeal}.decision@xiaoka"] == (date(2026, 10, 23), "CONFIRMED")
    assert events[f"XK-23456789.appeal.{appeal}@xiaoka"] == (date(2026, 11, 16), "CONFIRMED")


def test_a_provisional_day_is_tentative(
    team: Team, mobile: Carrier, manager: User, fetch: Callable[[], dict[str, Any]], clock: time_machine.Traveller
) -> None:
    clock.move_to(at("2026-12-29T10:00"))
    new_case(team, mobile, manager, now="2026-12-28T10:00", submitted="2026-12-28T10:00", handler=manager)
    assert [status for _, status in days(fetch()).values()] == ["TENTATIVE"]


def test_whose_cases_are_in_it(
    team: Team, other_team: Team, mobile: Carrier, manager: User, agent: User, stranger: User,
    fetch: Callable[[], dict[str, Any]],
) -> None:  # fmt: skip
    def case(number: int, handler: User | None, of: Team = team) -> str:
        options: dict[str, Any] = {"submitted": "2026-09-30T15:00", "handler": handler}
        by = manager if of == team else stranger
        return new_case(of, mobile, by, number=f"1380000000{number}", **options).reference

    gone = User.objects.create_user("gone@example.com", "x", name="Gone")
    handled, nobody_s = case(1, manager), case(2, None)
    case(3, agent)
    case(4, stranger, other_team)
    case(5, None, other_team)
    Membership.objects.create(team=team, user=gone)
    left = case(6, gone)
    Membership.objects.filter(user=gone).delete()
    (event,) = fetch().values()
    assert set(re.findall(r"XK-\w{8}", str(event["description"]))) == {handled, nobody_s, left}


def test_it_speaks_the_person_s_language(
    mine: Case, manager: User, anybody: Person, fetch: Callable[[], dict[str, Any]], address: str
) -> None:
    manager.language = "zh-hans"
    manager.save()
    assert "中国移动" in str(next(iter(fetch().values()))["summary"])
    assert "Reply deadline" not in anybody.client.get(address).content.decode()


# Many cases on one day


@pytest.fixture
def three(team: Team, mobile: Carrier, manager: User) -> list[Case]:
    """Due by 2026-10-13 24:00, handled by the owner, without a batch; in the order of logging."""
    cases = [
        new_case(
            team, mobile, manager, number=f"1380000000{n}", submitted="2026-09-30T15:00", handler=manager,
            reference=f"GD{n}",
        )
        for n in range(3)
    ]  # fmt: skip
    for n, case in enumerate(cases):
        Case.objects.filter(pk=case.pk).update(reference=f"XK-2222222{n + 2}")
        case.refresh_from_db()
    return cases


def test_what_is_due_on_a_day_from_a_carrier_is_one_entry_with_the_numbers_in_its_text(
    three: list[Case], fetch: Callable[[], dict[str, Any]]
) -> None:
    (event,) = fetch().values()
    assert str(event["uid"]) == "XK-22222222.round.1@xiaoka"
    assert str(event["summary"]) == "Reply deadline · 3 cases · China Mobile"
    assert str(event["description"]) == (
        "Call 10086 and chase\n"
        "138****0000 · XK-22222222 · GD0\n138****0001 · XK-22222223 · GD1\n138****0002 · XK-22222224 · GD2\n\n"
        "https://xiaoka.example/cases/?carrier=china-mobile&sort=reply_by"
    )
    assert str(event["url"]) == "https://xiaoka.example/cases/?carrier=china-mobile&sort=reply_by"


@pytest.mark.forged
def test_a_batch_has_an_entry_of_its_own(
    three: list[Case], team: Team, mobile: Carrier, manager: User, fetch: Callable[[], dict[str, Any]]
) -> None:
    batch = Batch.objects.create(
        team=team, carrier=mobile, channel="hotline", reference="GD9", submitted_at=at("2026-09-30T15:00"),
        made_by=manager,
    )  # fmt: skip
    Case.objects.filter(pk__in=[case.pk for case in three[:2]]).update(batch=batch)
    events = fetch()
    assert {str(event["summary"]) for event in events.values()} == {
        "Reply deadline · 2 cases · China Mobile · GD9",
        "Reply deadline · 138****0002 China Mobile",
    }
    assert str(events["XK-22222222.round.1@xiaoka"]["url"]) == f"https://xiaoka.example/batches/{batch.pk}/"


def test_one_that_leaves_and_one_that_comes_change_the_entry_and_add_none(
    three: list[Case], team: Team, mobile: Carrier, manager: User, fetch: Callable[[], dict[str, Any]]
) -> None:
    (before,) = fetch().values()
    ops.perform_one(ops.Withdraw(), three[1], by=manager, now=at("2026-10-12T09:00"))
    (after,) = fetch().values()
    assert str(after["summary"]) == "Reply deadline · 2 cases · China Mobile"
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after.decoded("last-modified") == at("2026-10-12T09:00")
    new_case(team, mobile, manager, now="2026-10-12T09:30", submitted="2026-09-30T16:00", handler=manager)
    (joined,) = fetch().values()
    assert (str(joined["summary"]), joined["uid"]) == ("Reply deadline · 3 cases · China Mobile", before["uid"])
    assert joined["sequence"] > after["sequence"]


def test_one_that_goes_to_somebody_else_changes_the_entry(
    three: list[Case], manager: User, agent: User, fetch: Callable[[], dict[str, Any]]
) -> None:
    (before,) = fetch().values()
    ops.perform_one(ops.HandOver(agent), three[2], by=manager, now=at("2026-10-12T09:00"))
    (after,) = fetch().values()
    assert str(after["summary"]) == "Reply deadline · 2 cases · China Mobile"
    assert after["sequence"] > before["sequence"]


def test_where_the_first_ends_its_entry_is_cancelled_and_the_next_one_s_takes_its_place(
    three: list[Case], manager: User, fetch: Callable[[], dict[str, Any]]
) -> None:
    ops.perform_one(ops.Withdraw(), three[0], by=manager, now=at("2026-10-12T09:00"))
    assert days(fetch()) == {
        "XK-22222222.round.1@xiaoka": (date(2026, 10, 13), "CANCELLED"),
        "XK-22222223.round.1@xiaoka": (date(2026, 10, 13), "CONFIRMED"),
    }


def test_what_ends_together_is_cancelled_as_one(
    three: list[Case], manager: User, fetch: Callable[[], dict[str, Any]]
) -> None:
    ops.perform(ops.Withdraw(), three, by=manager, now=at("2026-10-12T09:00"))
    assert days(fetch()) == {"XK-22222222.round.1@xiaoka": (date(2026, 10, 13), "CANCELLED")}


def test_the_calendar_takes_a_fixed_number_of_queries(
    three: list[Case], anybody: Person, address: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        anybody.client.get(address)


# Refunds


def owed(case: Case, manager: User, amount: str | None = "36.50", due: str = "2026-11-20") -> Case:
    """Confirmed on 2026-10-12 at 09:00; a refund is due by the day."""
    found = ops.Verify(at("2026-10-12T09:00"), "hotline", "cancelled", confirm=True)
    case = ops.perform_one(found, case, by=manager, now=at("2026-10-12T09:00"))
    refund = ops.ExpectRefund(Decimal(amount) if amount else None, due_on=on(due))
    return ops.perform_one(refund, case, by=manager, now=at("2026-10-12T09:10"))


def refund_days(events: dict[str, Any]) -> dict[str, tuple[date, str]]:
    return {uid: stand for uid, stand in days(events).items() if ".refund." in uid}


def test_the_day_of_a_refund_is_a_date_until_the_money_is_there(
    mine: Case, manager: User, fetch: Callable[[], dict[str, Any]], clock: time_machine.Traveller
) -> None:
    case = owed(mine, manager)
    uid = "XK-23456789.refund.4@xiaoka"
    before = fetch()[uid]
    assert refund_days(fetch()) == {uid: (date(2026, 11, 20), "CONFIRMED")}
    assert str(before["summary"]) == "Refund due · 138****8000 China Mobile"
    assert str(before["description"]) == (
        "Check whether the refund has arrived\n138****8000 · XK-23456789 · 36.50 yuan outstanding\n\n"
        "https://xiaoka.example/cases/XK-23456789/"
    )
    clock.move_to(at("2026-11-21T09:00"))
    assert str(fetch()[uid]["description"]).startswith("Call 10086 and ask for the refund\n")
    promise = ops.PromiseRefund(at("2026-11-21T09:00"), on("2026-12-01"), "call")
    case = ops.perform_one(promise, case, by=manager, now=at("2026-11-21T09:00"))
    assert refund_days(fetch()) == {uid: (date(2026, 12, 1), "CONFIRMED")}
    assert fetch()[uid]["sequence"] > before["sequence"]
    clock.move_to(at("2026-11-30T12:00"))
    ops.perform_one(ops.ReceiveRefund(on("2026-11-30")), case, by=manager, now=at("2026-11-30T12:00"))
    assert refund_days(fetch()) == {uid: (date(2026, 12, 1), "CANCELLED")}
    clock.move_to(at("2026-12-30T23:59"))
    assert list(fetch()) == [uid]
    clock.move_to(at("2026-12-31T00:00"))
    assert fetch() == {}


def test_refunds_of_a_day_and_a_carrier_are_one_entry(
    three: list[Case], manager: User, fetch: Callable[[], dict[str, Any]]
) -> None:
    for case, amount in zip(three, ("36.50", None, "8"), strict=True):
        owed(case, manager, amount, "2026-11-21" if amount == "8" else "2026-11-20")
    events = fetch()
    assert refund_days(events) == {
        "XK-22222222.refund.4@xiaoka": (date(2026, 11, 20), "CONFIRMED"),
        "XK-22222224.refund.4@xiaoka": (date(2026, 11, 21), "CONFIRMED"),
    }
    event = events["XK-22222222.refund.4@xiaoka"]
    assert str(event["summary"]) == "Refund due · 2 cases · China Mobile"
    assert str(event["description"]) == (
        "Check whether the refund has arrived\n"
        "138****0000 · XK-22222222 · GD0 · 36.50 yuan outstanding\n138****0001 · XK-22222223 · GD1\n\n"
        "https://xiaoka.example/cases/?carrier=china-mobile&standing=refund_open"
    )


def test_a_refund_of_a_withdrawn_request_has_ended(
    mine: Case, manager: User, fetch: Callable[[], dict[str, Any]]
) -> None:
    done = ops.ReportedDone(at("2026-10-12T09:00"))
    case = ops.perform_one(done, mine, by=manager, now=at("2026-10-12T09:00"))
    case = ops.perform_one(ops.ExpectRefund(due_on=on("2026-11-20")), case, by=manager, now=at("2026-10-12T09:10"))
    assert [status for _, status in refund_days(fetch()).values()] == ["CONFIRMED"]
    ops.perform_one(ops.Withdraw(), case, by=manager, now=at("2026-10-12T09:30"))
    assert [status for _, status in refund_days(fetch()).values()] == ["CANCELLED"]


# The address


def test_the_address_is_secret_kept_encrypted_and_shown_again(me: Person, address: str) -> None:
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) == 43  # 256 bits in Base64
    row = CalendarAddress.objects.get()
    assert secret not in row.encrypted + row.digest
    assert decrypt_values(row.encrypted) == {"secret": secret}
    assert address in me.get("/me/").html


@pytest.mark.parametrize("path", ["/calendar/x.ics", "/calendar/.ics", f"/calendar/{'a' * 43}.ics"])
def test_every_other_address_is_not_there(anybody: Person, address: str, path: str) -> None:
    assert anybody.get(path).status == 404


def test_the_digest_is_no_address(anybody: Person, address: str) -> None:
    assert anybody.get(f"/calendar/{CalendarAddress.objects.get().digest}.ics").status == 404


def test_a_new_address_ends_the_old_one(me: Person, anybody: Person, address: str) -> None:
    me.fill("/me/", "/me/calendar/", do="make")
    assert anybody.get(address).status == 404
    assert address not in me.get("/me/").html


def test_revoked_it_opens_nothing(me: Person, anybody: Person, address: str) -> None:
    me.fill("/me/", "/me/calendar/", do="revoke")
    assert anybody.get(address).status == 404
    assert "Create the address" in me.get("/me/").html
    assert not CalendarAddress.objects.exists()


def test_a_closed_account_has_no_calendar(manager: User, anybody: Person, address: str) -> None:
    manager.is_active = False
    manager.save()
    assert anybody.get(address).status == 404


def test_it_is_read_and_not_written_to(anybody: Person, address: str) -> None:
    assert anybody.post(address).status == 405
    assert anybody.client.head(address).status_code == 200


def test_the_log_never_holds_it(anybody: Person, me: Person, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    me.fill("/me/", "/me/calendar/", do="revoke")
    handler = logging.getLogger("django").handlers[0]
    assert any(isinstance(f, HideSecrets) for f in handler.filters)
    lines: list[str] = []
    anybody.client.raise_request_exception = False

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    kept = Kept()
    kept.addFilter(HideSecrets())
    logging.getLogger("django").addHandler(kept)
    try:
        anybody.get(address)
        anybody.post(address)
        logging.getLogger("django.server").warning('"GET %s HTTP/1.1" 404', address)
    finally:
        logging.getLogger("django").removeHandler(kept)
    assert "Not Found: /calendar/••••" in lines
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    assert not [line for line in lines if secret in line]
