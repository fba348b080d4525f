"""The form that hands a draft in: what is open stands there, with its help, and holds it back; the holiday ahead."""

from typing import Any

import pytest

from cases.models import ChecklistMark
from tests.helpers import at
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make, path

EVERYTHING = ("identity", "card", "account", "arrears", "contract", "contacts", "bindings")


def ticks(*codes: str) -> dict[str, str]:
    return {f"ready-{code}": "on" for code in codes}


def test_what_is_open_is_asked_there_and_explains_itself(me: Person, new_driver: Make) -> None:
    driver = scenarios.draft(new_driver)
    me.post(path(driver, "checklist"), code="identity", state="done")
    asked = me.get(path(driver, "submit")).part("preflight")
    assert "Identity document" not in asked
    assert (
        "You can sign in to the carrier account Only tick that you can sign in. Never enter the password here. "
        "If you have forgotten it, reset it in the carrier’s app or through the hotline" in asked
    )
    assert "Business licence if it applies" in asked


def test_a_reseller_gets_a_copy_once_the_hotline_confirmed_it(me: Person, new_driver: Make) -> None:
    address = path(scenarios.draft(new_driver), "submit")
    english = (
        "It must be the registered holder’s own. Show it at the branch; do not upload it here. A reseller gets a copy "
        "only after the carrier’s hotline has confirmed that cancellation goes through it; write the purpose on the "
        "copy."
    )
    assert english in me.get(address).part("preflight")
    assert "It is frozen for at least 90 days, then given to someone else." in me.get(address).part("preflight")
    chinese = (
        "须为机主本人证件，在柜台出示即可，不要上传到这里。"
        "代理商要复印件的，先打运营商客服热线确认要经它办理，并在复印件上写明用途。"
    )
    assert chinese in me.in_chinese(address).part("preflight")


def test_held_back_it_says_what_is_missing_and_keeps_what_was_typed(me: Person, new_driver: Make) -> None:
    driver = scenarios.draft(new_driver)
    given: dict[str, Any] = ticks(*EVERYTHING[:5]) | {"reference": "SL-9", "words": "明天去", "waive-contacts": "新卡"}
    page = me.fill(path(driver, "submit"), **given)
    assert page.status == 200
    assert "Before you submit, complete: Bank, WeChat, Alipay and other accounts moved off this number." in page.text
    fields = page.form().fields
    assert {name: fields[name] for name in given} == given
    assert "ready-bindings" not in fields
    assert (driver.status, ChecklistMark.objects.count()) == ("draft", 0)
    page = me.follow(me.send(page, path(driver, "submit"), **{"waive-bindings": "没有绑定"}))
    assert "Reply due Fri 23 Oct, 24:00" in page.text
    assert "Bank, WeChat, Alipay and other accounts moved off this number: 没有绑定" in page.text
    assert ChecklistMark.objects.filter(state="waived").count() == 2
    assert driver.kinds == ["logged", "submitted"]


def test_what_was_handed_in_already_is_recorded_as_not_checked(me: Person, new_driver: Make) -> None:
    driver = scenarios.draft(new_driver)
    page = me.get(path(driver, "submit"))
    assert "Already submitted" in page.text
    page = me.follow(me.send(page, path(driver, "submit"), already="on", **ticks(*EVERYTHING[1:])))
    assert "Not checked Identity document (original and copy)" in page.text


def test_when_all_is_settled_there_is_one_button(me: Person, new_driver: Make) -> None:
    driver = scenarios.draft(new_driver)
    for code in EVERYTHING:
        me.post(path(driver, "checklist"), code=code, state="done")
    page = me.get(path(driver, "submit"))
    assert "Already submitted" not in page.text
    assert me.send(page, path(driver, "submit")).status == 302


@pytest.mark.forged
def test_after_a_return_for_arrears_those_are_open_again(me: Person, new_driver: Make) -> None:
    driver = scenarios.returned(new_driver)
    for code in EVERYTHING:
        me.post(path(driver, "checklist"), code=code, state="done")
    assert me.get(path(driver, "submit")).part("preflight").startswith("Also worth checking")
    other = scenarios.returned(new_driver, "13900000001")
    ChecklistMark.objects.bulk_create(
        ChecklistMark(case=other.case, code=code, state="done", at=at("2026-10-13T10:00")) for code in EVERYTHING
    )
    assert "Arrears and fees paid" in me.get(path(other, "submit")).part("preflight")
    assert "○Arrears and fees paid" in me.get(path(other)).part("checklist")


def test_no_password_goes_anywhere_and_long_reasons_are_refused(me: Person, new_driver: Make) -> None:
    driver = scenarios.draft(new_driver)
    page = me.fill(path(driver, "submit"), **{"waive-card": "x" * 501})
    assert "at most 500 characters" in page.text
    assert "Do not upload identity documents." in me.get(path(driver)).part("receipts")
    assert 'type="password"' not in page.html


class TestTheHolidayAhead:
    def test_three_answers_on_the_submit_form(self, me: Person, new_driver: Make, clock: Any) -> None:
        clock.move_to(at("2026-09-30T15:00"))
        assert me.user
        me.client.force_login(me.user)
        driver = new_driver("13900139000", now="2026-09-30T14:00")
        choices = me.get(path(driver, "submit")).part("choices")
        assert choices.startswith("Submitting before or after the holiday (National Day)")
        assert "If submitted today (30 Sep): reply due by the end of Tue 13 Oct, 13 calendar days" in choices
        assert "If submitted tomorrow (1 Oct): reply due by the end of Tue 13 Oct, 12 calendar days" in choices
        assert "If submitted after the holiday (8 Oct): reply due by the end of Wed 14 Oct, 6 calendar days" in choices

    def test_on_the_log_form_and_its_preview_too(self, me: Person, clock: Any) -> None:
        clock.move_to(at("2026-12-29T10:00"))
        assert me.user
        me.client.force_login(me.user)
        page = me.get("/cases/new/")
        assert "Submitting before or after the holiday (New Year’s Day)" in page.part("choices")
        assert page.part("choices").count("provisional") == 3
        preview = me.post("/cases/new/deadlines/", happened_at="2026-12-29T09:00")
        assert "If submitted after the holiday (4 Jan 2027): reply due by the end of Mon 11 Jan 2027" in preview.part(
            "choices"
        )

    def test_not_for_what_was_handed_in_on_another_day_nor_without_a_holiday(self, me: Person, clock: Any) -> None:
        assert me.post("/cases/new/deadlines/", submitted_at="2026-10-16T09:00").part("choices") == ""
        assert me.post("/cases/new/deadlines/", submitted_at="2026-09-30T15:00").part("choices") == ""
