"""Entries undone, voided, corrected and moved on the pages; it is Friday 2026-10-16 at 10:00."""

import re
from collections.abc import Callable

import pytest
import time_machine

from cases import operations as ops
from cases.models import Carrier, Case, User
from cases.operations.recorded_states import RecordState
from tests.helpers import CaseDriver, at
from tests.moments import NOW
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make, overdue, path


def entry_path(driver: CaseDriver, sequence: int, name: str) -> str:
    return path(driver, "entries", str(sequence), name)


def entry(page: Page, sequence: int) -> str:
    return page.part(f"entry-{sequence}")


def record_promise(person: Person, driver: CaseDriver, day: str = "2026-10-20") -> Page:
    return person.follow(person.fill(path(driver, "reply"), kind="promised", promised_on=day, words="二十号前"))


def test_what_was_recorded_can_be_undone_by_one_click(me: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    before = driver.reply_by
    page = record_promise(me, driver)
    undo = entry_path(driver, 3, "undo")
    assert "Recorded: Carrier promised a date" in page.text
    assert page.form(undo).fields.keys() == {"csrfmiddlewaretoken"}
    page = me.follow(me.send(page, path(driver), undo))
    assert "Undone: Carrier promised a date" in page.text
    assert driver.reply_by == before
    assert entry(page, 4).startswith("Undid entry 3 (Carrier promised a date)")
    old = entry(page, 3)
    assert "Undone by Li Na, " in old
    assert "二十号前" in old
    assert "<s>Carrier promised a date</s>" in page.html


def test_after_ten_minutes_it_is_refused_in_words(me: Person, new_driver: Make, clock: time_machine.Traveller) -> None:
    driver = overdue(new_driver)
    page = record_promise(me, driver)
    clock.move_to(at("2026-10-16T10:11"))
    page = me.follow(me.send(page, path(driver), entry_path(driver, 3, "undo")))
    assert "More than 10 minutes have passed" in page.text
    assert driver.kinds == ["logged", "submitted", "promised"]
    # The menu of the entry has no 'undo' any more.
    assert [f.action for f in page.forms if f.action.endswith("/undo/")] == []
    assert entry_path(driver, 3, "void") in page.hrefs


def test_only_whoever_did_it_is_offered_to_undo_it(me: Person, colleague: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    record_promise(me, driver)
    page = colleague.get(path(driver))
    assert [f.action for f in page.forms if f.action.endswith("/undo/")] == []
    page = colleague.follow(colleague.post(entry_path(driver, 3, "undo")))
    assert "Only the person who recorded this can undo it." in page.text
    for name in ("void", "amend", "move"):
        assert entry_path(driver, 3, name) not in page.hrefs
        page = colleague.fill(entry_path(driver, 3, "void"), words="记错")
        assert "You can correct your own entries of today." in page.text
        assert page.form().fields["words"] == "记错"


def test_a_manager_voids_yesterdays_promise(
    me: Person, colleague: Person, new_driver: Make, clock: time_machine.Traveller
) -> None:
    driver = overdue(new_driver)
    record_promise(colleague, driver)
    clock.move_to(at("2026-10-17T09:00"))
    assert entry_path(driver, 3, "void") not in colleague.get(path(driver)).hrefs
    assert entry_path(driver, 3, "void") in me.get(path(driver)).hrefs
    page = me.get(entry_path(driver, 3, "void"))
    assert "Void entry 3" in page.text
    assert "二十号前" in page.text
    assert "This field is required." in me.send(page, entry_path(driver, 3, "void"), words="").text
    page = me.follow(me.send(page, entry_path(driver, 3, "void"), words="别的号码"))
    assert driver.reply_by == "2026-10-14 00:00"
    assert "Voided by Li Na" in entry(page, 3)
    assert "别的号码" in entry(page, 3)
    assert entry(page, 4).startswith("Voided entry 3 (Carrier promised a date)")
    chinese = me.in_chinese(path(driver))
    assert entry(chinese, 4).startswith("作废了第 3 条（运营商承诺日期）")


def test_what_stands_in_the_way_is_named(me: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    me.fill(path(driver, "reply"), kind="returned", reason="papers")
    me.fill(path(driver, "submit"), already="True")
    page = me.fill(entry_path(driver, 3, "void"), words="记错")
    assert "Entry 4 (Submitted again, recorded on 16 Oct) rests on this one. Void entry 4 first." in page.text
    assert page.form().fields["words"] == "记错"


def test_parts_of_an_entry_are_corrected(me: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    record_promise(me, driver)
    amend = entry_path(driver, 3, "amend")
    page = me.get(amend)
    assert page.form().fields.keys() - {"csrfmiddlewaretoken", "click", "seen"} == {
        "happened_at", "promised_on", "reference", "entry_words", "words",
    }  # fmt: skip
    assert page.form().fields["promised_on"] == "2026-10-20"
    refused = me.send(page, amend, promised_on="2026-10-01", words="听错")
    assert "The promised date is before the day the promise was made." in refused.text
    assert refused.form().fields["words"] == "听错"
    assert "Nothing was changed." in me.send(page, amend, words="听错").text
    page = me.follow(me.send(page, amend, promised_on="2026-10-21", words="听错"))
    assert driver.reply_by == "2026-10-22 00:00"
    assert "Corrected by Li Na" in entry(page, 3)
    assert re.search(r"Promised date Tue 20 Oct → Wed 21 Oct", entry(page, 3))
    assert entry(page, 4).startswith("Corrected entry 3 (Carrier promised a date)")


def test_the_reason_and_the_channel_of_a_case_are_corrected(me: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    page = me.follow(me.fill(entry_path(driver, 1, "amend"), reason="harassment", channel="app", words="选错"))
    case = driver.fresh()
    assert (case.reason, case.channel) == ("harassment", "app")
    assert "Request channel Hotline → App or website" in entry(page, 1)
    assert entry_path(driver, 1, "void") not in page.hrefs


def test_a_reply_is_moved_to_the_case_of_a_number(me: Person, new_driver: Make) -> None:
    driver, right = overdue(new_driver), overdue(new_driver, "13900139000")
    record_promise(me, driver)
    move = entry_path(driver, 3, "move")
    assert "No other case of this team" in me.fill(move, target="13900139009").text
    assert "No other case of this team" in me.fill(move, target=driver.case.reference).text
    page = me.fill(move, target="139 0013 9000", words="拿错了卡")
    assert page.location == path(right)
    page = me.follow(page)
    assert f"Moved from {driver.case.reference} to this case." in page.text
    assert f"Moved from {driver.case.reference}" in entry(page, 3)
    assert (driver.reply_by, right.reply_by) == ("2026-10-14 00:00", "2026-10-21 00:00")
    old = entry(me.get(path(driver)), 3)
    assert f"Moved to {right.case.reference} by Li Na" in old
    assert "拿错了卡" in old


def test_other_teams_are_not_found(me: Person, outsider: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    record_promise(me, driver)
    for name in ("void", "amend", "move"):
        assert outsider.get(entry_path(driver, 3, name)).status == 404
        assert me.get(entry_path(driver, 9, name)).status == 404
    assert outsider.post(entry_path(driver, 3, "undo")).status == 404
    assert me.post(entry_path(driver, 9, "undo")).status == 404


def test_a_receipt_whose_entry_is_void_is_struck_through(me: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    page = me.follow(
        me.post(
            path(driver, "receipts"), kind="sms", text="受理单号 4711", click="11111111-1111-4111-8111-111111111111"
        )
    )
    assert "1 receipt saved." in page.text
    page = me.follow(me.send(page, path(driver), entry_path(driver, 3, "undo")))
    assert "its entry is void" in page.part("receipts")
    page = me.follow(me.post(path(driver, "receipts"), kind="sms", text="受理单号 4711"))
    assert "its entry is void" not in page.part("receipts")


def test_the_strip_does_not_mark_what_is_void(me: Person, new_driver: Make) -> None:
    driver = overdue(new_driver)
    assert "mark--ours" not in me.get(path(driver)).html
    me.fill(path(driver, "follow-up"), way="call", words="没人接")
    assert "mark--ours" in me.get(path(driver)).html
    me.fill(entry_path(driver, 3, "void"), words="重复")
    assert "mark--ours" not in me.get(path(driver)).html


def test_a_bulk_action_is_undone_as_a_whole(me: Person, new_driver: Make) -> None:
    drivers = [overdue(new_driver, number) for number in ("13800138001", "13800138002", "13800138003")]
    references = " ".join(driver.case.reference for driver in drivers)
    page = me.post("/cases/many/", action="follow-up", references=references)
    page = me.send(page, "/cases/many/", way="call", words="打不通")
    undo = next(form.action for form in page.forms if form.action.startswith("/acts/"))
    drivers[1].do(ops.Acknowledged(at("2026-10-16T10:00")), "2026-10-16T10:01")
    page = me.send(page, "/cases/many/", undo)
    assert "Undone on 2 cases" in page.text
    assert "1 case is left as it is" in page.text
    assert "entry 4 (Acknowledged by the carrier) was recorded on" in page.text
    assert [driver.kinds[-1] for driver in drivers] == ["voided", "acknowledged", "voided"]
    assert "1 case is left as it is" in me.post(undo).text


def test_a_batch_offers_to_undo_it(me: Person, mobile: Carrier) -> None:
    page = me.get("/batches/new/")
    page = me.follow(
        me.send(
            page,
            "/batches/new/",
            carrier=str(mobile.pk),
            numbers="13800138001\n13800138002",
            submitted_at="2026-10-16T09:00",
        )
    )
    assert "2 requests logged." in page.text
    undo = next(form.action for form in page.forms if form.action.startswith("/acts/"))
    page = me.send(page, "/", undo)
    assert "2 cases that were opened by it are withdrawn as logged by mistake." in page.text
    assert {case.status for case in Case.objects.all()} == {"withdrawn"}


def test_a_viewer_is_offered_nothing(
    me: Person, viewer: User, sign_in: Callable[[User], Person], new_driver: Make
) -> None:
    driver = overdue(new_driver)
    record_promise(me, driver)
    reader = sign_in(viewer)
    assert [href for href in reader.get(path(driver)).hrefs if "/entries/" in href] == []
    assert reader.post(entry_path(driver, 3, "undo")).status == 403


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "An upgrade recorded how this case stood. The entries before this one are part of the record;"),
        ("zh-hans", "系统升级时记录了本案件当时的状态。此前的记录仍属于案件记录，但不能作废或更正，"),
    ],
)
def test_nothing_before_the_state_of_an_upgrade_is_offered_to_be_corrected(
    manager: User, sign_in: Callable[..., Person], new_driver: Make, language: str, words: str
) -> None:
    driver = overdue(new_driver)
    driver.do(RecordState(), NOW)
    driver.do(ops.FollowUp(NOW), NOW)
    page = sign_in(manager, language).get(path(driver))
    assert words in page.text
    offered = [href for href, _ in page.links if href.endswith("/void/")]
    assert offered == [f"/cases/{driver.case.reference}/entries/{driver.last_entry.sequence}/void/"]
