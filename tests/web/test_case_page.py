"""The page of a case: where does it stand, why, and what now?"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from cases import operations as ops
from cases.models import CalendarOverride, Carrier, User
from cases.operations import Action
from cases.operations.follow_up import Snooze
from cases.web.actions import FORMS
from tests.helpers import CaseDriver, at, on
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import STATES, Make, path

#: Pages of a case that are no actions.
PAGES = {"", "record", "dossier", "letters/complaint", "letters/appeal"}


def offered(page: Page, driver: CaseDriver) -> set[str]:
    """The actions that the page has a link for."""
    start = path(driver)
    names = {href.removeprefix(start).strip("/") for href in page.hrefs if href.startswith(start)}
    # Corrections: test_corrections.py; refunds of charges: test_charges.py.
    return {name for name in names if not name.startswith(("entries/", "charges/"))} - PAGES


def test_only_what_is_possible_is_offered_and_all_of_that(me: Person, new_driver: Make) -> None:
    for name, make in STATES.items():
        driver = make(new_driver)
        page = me.get(path(driver))
        possible = {str(a) for a in ops.possible_actions(driver.fresh(), driver.case.escalations.all())}
        assert offered(page, driver) == possible - {Action.CHECKLIST, Action.RECEIPTS}, name
        ticks = any(form.action == path(driver, "checklist") for form in page.forms)
        assert ticks == (Action.CHECKLIST in possible), name
        assert any(form.action == path(driver, "receipts") for form in page.forms), name


def test_what_is_not_possible_says_so_and_shows_no_form(me: Person, new_driver: Make) -> None:
    driver = scenarios.withdrawn(new_driver)
    for action in FORMS.keys() - {Action.KEEP, Action.ERASE}:  # of what is closed
        page = me.get(path(driver, action))
        assert page.status == 200
        assert "This action is not available while the case is “Withdrawn”. Back to the case" in page.text, action
        assert not [form for form in page.forms if form.method == "post" and not form.action]


HEADLINES = {
    "draft": ("in preparation", "Get the documents ready and call 10086 to submit the request"),
    "waiting": ("4 working days left", "No action needed yet: the carrier still has time"),
    "due_today": ("due today", "Make a first call to 10086"),
    "promised_today": ("due today", "Promised for today; wait for the carrier’s reply"),
    "overdue": ("3 working days overdue", "Call 10086 and chase"),
    "promise_broken": ("2 working days overdue", "Call 10086 and ask them to keep the promise"),
    "takes_effect": ("waits to take effect", "Takes effect on Fri 20 Nov; it can be revoked until then"),
    "under_review": ("3 working days left", "No action needed yet: the carrier still has time"),
    "to_verify": ("to verify", "Verify that the number has really been cancelled"),
    "returned": ("returned: action needed", "Pay what is owed and keep the receipt, then submit again"),
    "confirmed": ("cancelled, confirmed", "Check the bill after the cancellation for further charges"),
    "refund_open": ("cancelled, refund open", "Check the bill after the cancellation for further charges"),
    "refund_overdue": ("cancelled, refund open", "Call 10086 and ask for the refund"),
    "withdrawn": ("withdrawn", "No action needed"),
    "complained": ("overdue", "Complaint in progress; wait for the carrier’s answer"),
    "complaint_old": ("overdue", "File an appeal with the appeal body"),
    "appealed": ("overdue", "Appeal in progress; wait for the appeal body’s answer"),
    "found_alive": ("2 working days left", "No action needed yet: the carrier still has time"),
    "reopened": ("2 working days left", "No action needed yet: the carrier still has time"),
}


def test_where_it_stands_and_what_to_do_now(me: Person, new_driver: Make) -> None:
    for name, (headline, step) in HEADLINES.items():
        page = me.get(path(STATES[name](new_driver)))
        assert headline in page.text, name
        assert f"Next step {step}" in page.text, name


def test_until_a_cancellation_takes_effect_its_day_is_shown_in_both_languages(me: Person, new_driver: Make) -> None:
    driver = scenarios.takes_effect(new_driver)
    assert "you can complain now; recommended from 7 Dec" in me.get(path(driver)).text
    english = me.get(path(driver)).text
    assert "Takes effect on Fri 20 Nov" in english
    assert "Carrier: takes effect later" in english  # the timeline
    assert "overdue" not in english.split("Next step")[0].split("138****0026")[-1]
    me.user.language = "zh-hans"
    me.user.save()
    chinese = me.get(path(driver)).text
    assert "预销户，待生效" in chinese
    assert "将于 11月20日 周五 注销，此前可撤销" in chinese
    assert "预销户注销日期 11月20日 周五" in chinese
    assert "运营商称预销户" in chinese


def test_a_snooze_is_shown_until_it_ends(me: Person, new_driver: Make) -> None:
    assert "Snoozed until Tue 20 Oct" in me.get(path(scenarios.snoozed(new_driver))).text
    broken = new_driver("13800000027", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
    broken.do(ops.Promised(at("2026-10-12T15:00"), promised_on=on("2026-10-14")), "2026-10-12T15:00")
    broken.do(Snooze(on("2026-10-20")), "2026-10-13T10:00")
    facts = me.get(path(broken)).text
    assert "Promised date Wed 14 Oct" in facts
    assert facts.count("Snoozed until Tue 20 Oct") == 1  # on the timeline


def test_the_words_for_the_call(me: Person, new_driver: Make) -> None:
    driver = new_driver("13900139000", submitted="2026-09-30T15:00", reference="SL-4711")
    said = (
        "“Hello, I asked to cancel 139****9000 on 30 Sep, reference SL-4711. A reply was due by 13 Oct and I "
        "have had none. Why is that, who is responsible, and when will it be done? May I have your staff number?”"
    )
    assert said in me.get(path(driver)).text
    assert said in me.get(path(driver, "follow-up")).text
    without = (
        "“Hello, I asked to cancel 138****0005 on 30 Sep. A reply was due by 13 Oct and I have had none. Why is that"
    )
    assert without in me.get(path(scenarios.overdue(new_driver))).text
    assert "“Hello, your colleague promised" in me.get(path(scenarios.promise_broken(new_driver))).text


def days(page: Page) -> list[str]:
    """The reasons of the days, from the table under the strip."""
    words = page.text
    table = words[words.index("Day-by-day count") : words.index("Next step")]
    return table.removeprefix("Day-by-day count").strip().split("  ")


def test_the_strip_counts_every_day_and_says_why(me: Person, new_driver: Make) -> None:
    table = days(me.get(path(scenarios.overdue(new_driver))))[0]
    for line in (
        "Wed 30 Sep start day, not counted",
        "Thu 1 Oct off public holiday: National Day",
        "Wed 7 Oct off public holiday: National Day",
        "Thu 8 Oct 1 working day",
        "Fri 9 Oct 2 working day",
        "Sat 10 Oct 3 make-up working day",
        "Sun 11 Oct weekend",
        "Mon 12 Oct 4 working day",
        "Tue 13 Oct 5 working day",
        "Wed 14 Oct 1 1 working day overdue",
        "Fri 16 Oct 3 3 working days overdue",
    ):
        assert line in table, line
    assert table.endswith("3 working days overdue")


TURNS = {
    "draft": "Your turn The request has not been submitted, so no time limit runs.",
    "waiting": "Carrier’s turn The carrier owes a reply by the end of Thu 22 Oct.",
    "overdue": "Carrier’s turn The carrier’s reply was due by the end of Tue 13 Oct and is overdue.",
    "takes_effect": "Carrier’s turn The carrier has agreed; the cancellation takes effect by the end of Fri 20 Nov.",
    "returned": "Your turn Since 14 Oct, when the carrier returned the request.",
    "to_verify": "Your turn Since 15 Oct, when the carrier said that it is done.",
    "complained": "Carrier’s turn The carrier owes an answer to the complaint by the end of Fri 16 Oct.",
    "complaint_old": "Your turn The carrier’s time to answer the complaint has ended, so an appeal is possible.",
    "appealed": "Appeal body’s turn The appeal body owes an answer by the end of Fri 16 Oct.",
    "confirmed": "Still open: the last bill is not checked yet Ended before the deadline",
    "withdrawn": "Neither side’s turn The case is closed.",
}


def test_the_strip_says_whose_turn_it_is_in_every_state(me: Person, new_driver: Make) -> None:
    for name, sentence in TURNS.items():
        assert sentence in me.get(path(STATES[name](new_driver))).text, name


def test_after_a_return_no_day_counts_any_more(me: Person, new_driver: Make) -> None:
    page = me.get(path(scenarios.returned(new_driver)))  # due by 10-19, returned on 10-14
    table = days(page)[0]
    assert "Tue 13 Oct 1 working day" in table
    assert "Wed 14 Oct 2 working day · Returned by the carrier" in table
    assert "15 Oct" not in table
    assert "Ended before the deadline, after 2 working days (2 calendar days)." in page.text
    late = new_driver("13900139000", now="2026-09-18T09:00", submitted="2026-09-18T09:00")  # due by 09-24
    late.do(ops.Returned(at("2026-09-29T10:00"), reason="papers"), "2026-09-29T10:00")
    page = me.get(path(late))
    assert "Ended 2 working days overdue, 5 calendar days after the deadline." in page.text
    assert "30 Sep" not in days(page)[0]


def test_days_entered_by_hand_are_named(me: Person, new_driver: Make) -> None:
    CalendarOverride.objects.create(date=on("2026-10-19"), working=False, name="台风")
    page = me.get(path(scenarios.waiting(new_driver)))
    assert "Mon 19 Oct off day off added manually: 台风" in page.text


def test_a_long_lateness_leaves_days_out(me: Person, new_driver: Make) -> None:
    driver = new_driver("13900139000", now="2026-03-02T10:00", submitted="2026-03-02T10:00")
    page = me.get(path(driver))
    assert page.html.count('class="day day--') == 30
    assert "day-strip__gap" in page.html
    assert "Mon 2 Mar start day, not counted" in page.text
    assert "Fri 16 Oct" in page.text


def test_a_case_that_has_been_late_for_years_still_opens(me: Person, new_driver: Make) -> None:
    driver = new_driver("13900139000", now="2026-10-16T10:00", submitted="2004-01-05T10:00")
    for where in ("/", "/cases/", path(driver)):
        assert "working days overdue" in me.get(where).text


@pytest.mark.parametrize("moment", ["2027-12-30T10:00", "2031-06-01T10:00"])
def test_pages_open_even_when_the_calendar_has_run_out(
    me: Person, new_driver: Make, clock: Any, moment: str, sign_in: Callable[..., Person]
) -> None:
    names = ("draft", "waiting", "promise_broken", "to_verify", "returned", "confirmed", "complaint_old", "appealed")
    drivers = [STATES[name](new_driver) for name in names]
    clock.move_to(at(moment))
    assert me.user
    me.client.force_login(me.user)
    for where in ("/", "/cases/", "/cards/", "/cases/new/", *(path(driver) for driver in drivers)):
        assert me.get(where).status == 200, where


def test_the_timeline_tells_who_when_and_what(me: Person, new_driver: Make, agent: User) -> None:
    driver = new_driver("13900139000", submitted="2026-09-30T15:00")
    late_entry = ops.FollowUp(at("2026-10-09T10:20"), "call", "还在审核\n<b>等</b>", "工号 88", "SL-9")
    driver.do(late_entry, "2026-10-15T09:00", by=agent)
    driver.do(ops.UnderReview(at("2026-10-15T10:00"), "在办"), "2026-10-15T10:00")
    page = me.get(path(driver))
    first = page.part("entry-3") or page.part("entry-2")
    assert "Follow-up Fri 9 Oct, 10:20 · Wang Wei · recorded yesterday 09:00" in first
    assert "还在审核 <b>等</b>" in first
    assert "Carrier representative 工号 88" in first
    assert "Reference SL-9" in first
    assert "<b>等</b>" not in page.html
    assert "Carrier: under review Submitted → Under review" in page.text
    order = [page.html.index(f'id="entry-{n}"') for n in (4, 3, 2, 1)]
    assert order == sorted(order)


def test_a_long_story_is_told_with_the_queries_of_a_short_one(
    me: Person, new_driver: Make, django_assert_num_queries: Any
) -> None:
    driver = scenarios.appeal_answered(new_driver)
    me.get(path(driver))
    for day in range(1, 6):
        driver.do(ops.RecordCharge(ops.NewCharge(Decimal(day), on(f"2026-10-0{day}"))), "2026-10-15T11:00")
        driver.do(ops.FollowUp(at(f"2026-10-15T12:0{day}"), "call", "还在审核"), "2026-10-15T13:00")
        me.post(path(driver, "checklist"), code="identity", state="done" if day % 2 else "")
    for told in (driver, scenarios.waiting(new_driver)):
        with django_assert_num_queries(15):
            assert me.get(path(told)).status == 200


def test_facts_of_the_case(me: Person, new_driver: Make) -> None:
    text = me.get(path(scenarios.returned(new_driver))).text
    assert "Returned Wed 14 Oct, 10:00 Reason for return Unpaid bill" in text
    text = me.get(path(scenarios.promise_broken(new_driver))).text
    assert "Reply due Wed 14 Oct, 24:00 Promised date Wed 14 Oct" in text
    text = me.get(path(scenarios.confirmed(new_driver))).text
    assert "Confirmed cancelled Thu 15 Oct, 11:00" in text
    assert "no receipt yet" in text
    text = me.get(path(scenarios.snoozed(new_driver))).text
    assert "Snoozed until Tue 20 Oct" in text
    assert "3 working days overdue" in text  # quiet, and as late as it is


def test_a_case_that_was_late_stays_known_as_late(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    assert "was overdue" not in me.get(path(driver)).text
    driver.do(ops.Verify(at("2026-10-15T11:00"), "hotline", "cancelled", confirm=True), "2026-10-15T11:00")
    assert "was overdue" in me.get(path(driver)).text
    assert "was overdue" in me.get("/cases/").text


def test_a_provisional_deadline_says_so(me: Person, new_driver: Make, clock: Any) -> None:
    clock.move_to(at("2026-12-28T10:00"))
    assert me.user
    me.client.force_login(me.user)
    driver = new_driver("13900139000", now="2026-12-28T09:00", submitted="2026-12-28T09:00")
    assert "provisional" in me.get(path(driver)).text
    assert "provisional" in me.get("/cases/").text


def test_the_checklist_is_ticked_waived_and_opened_again(me: Person, new_driver: Make) -> None:
    driver = scenarios.draft(new_driver)
    tick = path(driver, "checklist")
    assert me.post(tick, code="identity", state="done").location == f"{path(driver)}#checklist"
    assert "✓Identity document" in me.get(path(driver)).part("checklist")
    assert (
        me.follow(me.post(tick, code="card", state="waived", words="lost")).part("checklist").count("not needed Change")
        == 1
    )
    assert "Enter the reason." in me.follow(me.post(tick, code="account", state="waived")).text
    assert me.follow(me.post(tick, code="identity", state="")).part("checklist").count("✓") == 0
    assert "This item is not on the checklist." in me.follow(me.post(tick, code="nonsense", state="done")).text
    for junk in ({}, {"code": "identity", "state": "nonsense"}, {"code": "\x00", "state": "done"}):
        assert "This item is not on the checklist." in me.follow(me.post(tick, junk)).text
    assert driver.chain_flaw is None


def test_the_checklist_of_a_closed_case_stays_as_it_is(me: Person, new_driver: Make) -> None:
    driver = scenarios.confirmed(new_driver)
    page = me.follow(me.post(path(driver, "checklist"), code="identity", state="done"))
    assert "This cannot be recorded while the case is “Cancelled, confirmed”." in page.text


def test_the_complaint_line_is_named_where_there_is_one(me: Person, new_driver: Make, unicom: Carrier) -> None:
    early = {"now": "2026-09-01T09:00", "submitted": "2026-09-01T09:00"}
    assert "Call 10080 and file a formal complaint" in me.get(path(new_driver("13900000001", **early))).text
    assert (
        "Call 10010 and file a formal complaint"
        in me.get(path(new_driver("18600000001", carrier=unicom, **early))).text
    )


def test_the_ladder_shows_how_far_it_went(me: Person, new_driver: Make) -> None:
    driver = scenarios.complaint_old(new_driver)
    page = me.get(path(driver))
    assert 'class="rung--running"><b>Complaint' in page.markup
    assert "Complaint in progress filed on 20 Sep, 10:00 the carrier’s 15 calendar days ended on 8 Oct" in page.text
    assert 'class="rung--open" aria-current="step"><b>Appeal' in page.markup
    assert "Appeal available you can appeal from 9 Oct file by 8 Sep 2028" in page.text


@pytest.mark.parametrize(
    ("make", "here"),
    [
        (scenarios.waiting, "Follow-up available"),
        (scenarios.overdue, "Follow-up available"),
        (scenarios.complained, "Complaint in progress"),
    ],
)
def test_the_ladder_marks_where_the_case_stands(me: Person, new_driver: Make, make: Make, here: str) -> None:
    page = me.get(path(make(new_driver)))
    marked = re.search(r'aria-current="step"><b>([^<]+)</b><span class="rung__state">([^<]+)<', page.markup)
    assert marked is not None
    assert " ".join(marked.groups()) == here


def test_the_strip_says_in_a_sentence_how_long_and_why(me: Person, new_driver: Make) -> None:
    page = me.get(path(scenarios.overdue(new_driver)))
    assert (
        "5 working days, 13 calendar days. Not counted: National Day 7 days, weekend 1 day. Counted although on a "
        "weekend: 10 Oct. Since then 3 working days overdue, 3 calendar days."
    ) in page.text
    assert page.markup.count(">National Day</span>") == 1  # under the first of its days
    assert ">make-up</span>" in page.markup


def test_the_strip_marks_what_was_said_and_what_was_done(me: Person, new_driver: Make) -> None:
    driver = new_driver("13900139000", submitted="2026-09-30T15:00")
    driver.do(ops.Acknowledged(at("2026-10-01T10:00")), "2026-10-01T10:00")
    driver.do(ops.FollowUp(at("2026-10-09T10:20"), "call", "还在审核"), "2026-10-09T10:20")
    page = me.get(path(driver))
    theirs, ours = page.html.index('<i class="mark--theirs">'), page.html.index('<i class="mark--ours">')
    assert theirs < ours
    assert "your follow-up" in page.text
    assert "carrier’s reply" in page.text


def test_a_round_that_is_over_has_no_today_in_its_strip(me: Person, new_driver: Make) -> None:
    for name in ("to_verify", "returned", "confirmed"):
        page = me.get(path(STATES[name](new_driver)))
        assert "Day-by-day count" in page.text
        assert "day--today" not in page.html, name
        assert "day--last" not in page.html, name  # it ended before
    page = me.get(path(scenarios.overdue(new_driver)))
    assert page.html.count("day--last") == 1
    assert page.html.count("day--today") == 1


def test_a_case_that_was_never_submitted_has_no_strip(me: Person, new_driver: Make) -> None:
    page = me.get(path(scenarios.withdrawn(new_driver)))
    assert page.status == 200
    assert "Day-by-day count" not in page.text  # it was never submitted
