"""Whatever can be done with a case: each form opened, sent, and refused."""

from typing import Any

import pytest

from cases import operations as ops
from cases.models import Carrier, Case, User
from tests.helpers import CaseDriver, local_str, make_user, on
from tests.moments import NOW
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import STATES, Make, path


def act(me: Person, driver: CaseDriver, action: str, **typed: Any) -> Page:
    return me.fill(path(driver, action), **typed)


# Action, the state it is done from, what is typed, what the page then says, the status after.
DONE: list[tuple[str, str, dict[str, Any], str, str]] = [
    (
        "submit",
        "draft",
        {"already": "on", "reference": "SL-1", "words": "交了"},
        "Reply due Fri 23 Oct, 24:00",
        "submitted",
    ),
    ("submit", "returned", {"already": "on", "happened_at": "2026-10-15T10:00"}, "Submitted again", "submitted"),
    ("reply", "waiting", {"kind": "acknowledged", "reference": "SL-2"}, "Acknowledged Fri 16 Oct, 10:00", "submitted"),
    ("reply", "waiting", {"kind": "under_review"}, "Submitted → Under review", "under_review"),
    (
        "reply",
        "waiting",
        {"kind": "promised", "promised_on": "2026-10-20", "agent": "工号 7"},
        "Promised date Tue 20 Oct",
        "submitted",
    ),
    (
        "reply",
        "waiting",
        {"kind": "takes_effect", "effective_on": "2026-11-20", "words": "预销户"},
        "Takes effect on Fri 20 Nov; it can be revoked until then",
        "submitted",
    ),
    (
        "follow-up",
        "overdue",
        {"way": "call", "kind": "takes_effect", "effective_on": "2026-11-20", "words": "预销户"},
        "Takes effect on Fri 20 Nov",
        "submitted",
    ),
    (
        "reply",
        "waiting",
        {"kind": "returned", "reason": "papers", "words": "缺营业执照"},
        "returned: action needed",
        "returned",
    ),
    ("reply", "waiting", {"kind": "reported_done"}, "Reported done Fri 16 Oct, 10:00", "submitted"),
    ("follow-up", "overdue", {"way": "visit", "words": "去了营业厅", "agent": "李"}, "Visit to a branch", "submitted"),
    ("follow-up", "confirmed", {"words": "问了账单"}, "问了账单", "confirmed"),
    ("verify", "to_verify", {"method": "hotline", "finding": "alive"}, "3 working days left", "submitted"),
    ("verify", "to_verify", {"method": "call", "finding": "inconclusive"}, "Inconclusive", "submitted"),
    ("verify", "to_verify", {"method": "account", "finding": "cancelled"}, "cancelled, confirmed", "confirmed"),
    (
        "verify",
        "to_verify",
        {"method": "account", "finding": "cancelled", "confirm": None},
        "Finding Cancelled",
        "submitted",
    ),
    ("confirm", "verified", {"words": "好"}, "cancelled, confirmed", "confirmed"),
    ("complain", "overdue", {"reference": "TS-9"}, "answer due by the end of Mon 2 Nov", "submitted"),
    ("complaint-answer", "complained", {"satisfied": "no", "words": "不管"}, "Settled no", "submitted"),
    (
        "appeal",
        "complaint_old",
        {"reference": "SS-2"},
        "Appeal in progress; wait for the appeal body’s answer",
        "submitted",
    ),
    ("appeal-decision", "appealed", {"accepted": "yes"}, "Accepted yes", "submitted"),
    ("appeal-decision", "appealed", {"accepted": "no"}, "Accepted no", "submitted"),
    ("appeal-answer", "appeal_decided", {"satisfied": "yes"}, "Settled yes", "submitted"),
    ("snooze", "overdue", {"until": "2026-10-20"}, "Snoozed until Tue 20 Oct", "submitted"),
    ("snooze", "snoozed", {"until": ""}, "Snoozed", "submitted"),
    ("hand-over", "draft", {"handler": ""}, "in preparation", "draft"),
    (
        "correct",
        "waiting",
        {"happened_at": "2026-10-14T16:00", "words": "记错了"},
        "Thu 22 Oct, 24:00 → Wed 21 Oct, 24:00",
        "submitted",
    ),
    ("withdraw", "waiting", {"words": "不销了"}, "不销了", "withdrawn"),
    ("reopen", "confirmed", {"words": "又能打通"}, "Cancelled, confirmed → Under review", "under_review"),
]


@pytest.mark.parametrize(
    ("action", "state", "typed", "said", "status"), DONE, ids=[f"{line[0]}-{n}" for n, line in enumerate(DONE)]
)
def test_done(
    me: Person, new_driver: Make, action: str, state: str, typed: dict[str, Any], said: str, status: str
) -> None:
    driver = STATES[state](new_driver)
    done = act(me, driver, action, **typed)
    assert (done.status, done.location) == (302, path(driver)), done.text
    page = me.follow(done)
    assert "Recorded: " in page.text
    assert said in page.text
    assert driver.status == status
    assert driver.chain_flaw is None


def test_handing_over_to_a_colleague_and_to_nobody_else(
    me: Person, new_driver: Make, agent: User, stranger: User
) -> None:
    driver = scenarios.draft(new_driver)
    page = me.get(path(driver, "hand-over"))
    assert "Wang Wei" in page.text
    assert "Chen Jie" not in page.text
    assert act(me, driver, "hand-over", handler=agent.pk).status == 302
    assert driver.fresh().handler == agent
    assert "Select a valid choice." in act(me, driver, "hand-over", handler=stranger.pk).text
    left = make_user("left@example.com", driver.case.team)
    left.is_active = False
    left.save()
    assert "Select a valid choice." in act(me, driver, "hand-over", handler=left.pk).text
    assert driver.fresh().handler == agent


def test_a_link_chooses_an_answer_beforehand(me: Person, new_driver: Make) -> None:
    page = me.get(path(scenarios.overdue(new_driver), "reply"), kind="promised")
    assert page.form().fields["kind"] == "promised"
    assert me.get(path(scenarios.waiting(new_driver), "reply"), kind="nonsense").status == 200


# Action, state, what is typed, the sentence that helps. What was typed stays.
REFUSED: list[tuple[str, str, dict[str, Any], str]] = [
    ("submit", "draft", {"happened_at": "2026-10-16T10:03"}, "This time is in the future."),
    ("submit", "draft", {"happened_at": "2003-12-31T10:00"}, "2003. Check the date."),
    ("submit", "draft", {"happened_at": "0001-01-01T00:00"}, ""),
    ("submit", "draft", {"happened_at": "9999-12-31T23:59"}, "This time is in the future."),
    ("submit", "draft", {"happened_at": "gestern"}, "Enter a date and time, like 2026-09-30 15:00."),
    (
        "submit",
        "returned",
        {"happened_at": "2026-10-14T09:59"},
        "The carrier returned the request on 14 Oct, 10:00. The resubmission must be later.",
    ),
    ("reply", "waiting", {}, "This field is required."),
    ("reply", "waiting", {"kind": "promised"}, "Enter the promised date."),
    ("reply", "waiting", {"kind": "promised", "promised_on": "soon"}, "Enter a date, like 2026-09-30."),
    (
        "reply",
        "waiting",
        {"kind": "promised", "promised_on": "2026-10-15"},
        "The promised date is before the day the promise was made.",
    ),
    (
        "reply",
        "waiting",
        {"kind": "promised", "promised_on": "2026-11-09"},
        "This date is more than 15 working days away, longer than a cancellation should take. Ask for an earlier "
        "date, or tick the box to accept it. You will still be reminded to complain.",
    ),
    (
        "reply",
        "waiting",
        {"kind": "promised", "promised_on": "9999-12-31", "accept_far": "on"},
        "Check the date.",
    ),
    (
        "reply",
        "waiting",
        {"kind": "takes_effect"},
        "Enter the date on which the cancellation takes effect.",
    ),
    (
        "follow-up",
        "overdue",
        {"kind": "takes_effect", "way": "call"},
        "Enter the date on which the cancellation takes effect.",
    ),
    (
        "reply",
        "waiting",
        {"kind": "takes_effect", "effective_on": "2026-10-15"},
        "The date on which the cancellation takes effect is before the carrier’s reply.",
    ),
    (
        "reply",
        "waiting",
        {"kind": "takes_effect", "effective_on": "9999-12-31"},
        "The working-day calendar covers 2004 to 2027, not 9999.",
    ),
    ("reply", "waiting", {"kind": "returned"}, "Choose the reason for return."),
    ("reply", "waiting", {"kind": "nonsense"}, "Select a valid choice."),
    (
        "reply",
        "waiting",
        {"kind": "acknowledged", "happened_at": "2026-10-15T15:59"},
        "This is before the request was submitted (15 Oct, 16:00). Check the time, or correct the submission time.",
    ),
    ("follow-up", "overdue", {"happened_at": "2026-10-16T10:03"}, "This time is in the future."),
    ("follow-up", "overdue", {"way": "pigeon"}, "Select a valid choice."),
    ("verify", "to_verify", {"method": "call"}, "This field is required."),
    ("complain", "overdue", {"happened_at": "2026-09-29T10:00"}, "This is before the request was submitted"),
    (
        "appeal",
        "complained",
        {},
        "The carrier has 15 calendar days to answer the complaint. You can appeal from 17 Oct, or at once if the "
        "answer does not settle it.",
    ),
    (
        "complaint-answer",
        "complained",
        {"satisfied": "yes", "happened_at": "2026-10-01T09:59"},
        "No complaint or appeal is waiting for an answer.",
    ),
    ("snooze", "overdue", {"until": "2026-10-16"}, "Choose a date after today."),
    ("snooze", "overdue", {"until": "whenever"}, "Enter a date, like 2026-09-30."),
    ("correct", "waiting", {"happened_at": "2026-10-14T16:00", "words": ""}, "This field is required."),
    (
        "correct",
        "under_review",
        {"happened_at": "2026-10-15T10:01", "words": "x"},
        "The carrier had already replied on 15 Oct, 10:00. The submission must be earlier.",
    ),
    ("reopen", "confirmed", {"words": ""}, "This field is required."),
]


@pytest.mark.parametrize(
    ("action", "state", "typed", "sentence"), REFUSED, ids=[f"{line[0]}-{n}" for n, line in enumerate(REFUSED)]
)
def test_refused_in_words_and_what_was_typed_stays(
    me: Person, new_driver: Make, action: str, state: str, typed: dict[str, Any], sentence: str
) -> None:
    driver = STATES[state](new_driver)
    before = (driver.status, driver.kinds)
    typed = {"words": "说明 & <b>原话</b>"} | typed
    page = act(me, driver, action, **typed)
    assert page.status == 200
    assert sentence in page.text
    fields = page.form().fields
    assert {name: fields.get(name, "") for name in typed if name not in ("way", "kind")} == {
        name: value for name, value in typed.items() if name not in ("way", "kind")
    }
    assert (driver.status, driver.kinds) == before


def test_a_far_promise_is_taken_when_it_is_accepted(me: Person, new_driver: Make) -> None:
    driver = scenarios.waiting(new_driver)
    page = act(me, driver, "reply", kind="promised", promised_on="2026-11-09")
    assert me.send(page, path(driver, "reply"), accept_far="on").status == 302
    # Kept as it was said; it buys no more than 15 working days.
    assert (driver.fresh().promised_on, local_str(driver.fresh().reply_by)) == (on("2026-11-09"), "2026-11-07 00:00")


def test_without_a_day_a_cancellation_takes_effect_on_the_carrier_s_usual_one(
    me: Person, new_driver: Make, mobile: Carrier
) -> None:
    mobile.effect_day = 20
    mobile.save()
    assert act(me, scenarios.waiting(new_driver), "reply", kind="takes_effect").status == 302
    assert act(me, scenarios.overdue(new_driver), "reply", kind="takes_effect", roaming="on").status == 302
    days = Case.objects.order_by("pk").values_list("takes_effect_on", flat=True)
    assert list(days) == [on("2026-11-20"), on("2026-12-20")]


def test_the_form_asks_for_the_day_in_both_languages(me: Person, new_driver: Make) -> None:
    driver = scenarios.waiting(new_driver)
    english = me.get(path(driver, "reply")).text
    assert "Takes effect later, can be revoked until then (预销户)" in english
    assert "Takes effect on Leave blank if the carrier named no date: its usual one is taken." in english
    assert "Roaming was used this month Only if no date was named." in english
    me.user.language = "zh-hans"
    me.user.save()
    chinese = me.get(path(driver, "reply")).text
    assert "预销户：到期才注销，此前可撤销" in chinese
    assert "运营商没有说日期时留空，系统按这家运营商通常的日期计算。" in chinese
    assert "本月用过漫游" in chinese


def test_reopening_while_the_card_has_another_open_case(me: Person, new_driver: Make) -> None:
    driver = scenarios.confirmed(new_driver)
    other = scenarios.draft(new_driver, "13800000011").case
    page = act(me, driver, "reopen", words="又能打通")
    assert f"This card already has an open case: {other.reference}." in page.text
    assert page.form().fields["words"] == "又能打通"


def test_an_unknown_action_is_not_found(me: Person, new_driver: Make) -> None:
    driver = scenarios.waiting(new_driver)
    for action in ("nonsense", "checklist2", "SUBMIT", "delete", "\x00"):
        assert me.get(path(driver, action)).status == 404
        assert me.post(path(driver, action)).status == 404


# Twice, and two at once


def test_the_same_click_twice_is_recorded_once(me: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    page = me.get(path(driver, "follow-up"))
    for _ in range(2):
        assert me.send(page, path(driver, "follow-up"), words="催了").location == path(driver)
    assert driver.kinds.count("follow_up") == 1
    page = me.get(path(driver, "withdraw"))
    for _ in range(2):
        assert me.send(page, path(driver, "withdraw")).location == path(driver)
    assert driver.kinds.count("withdrawn") == 1


CHANGED = (
    "Someone changed this case while you had it open. Nothing you entered was saved. Check its current state, then "
    "submit again if it still applies."
)


def test_of_two_at_once_the_second_is_told_and_may_send_again(me: Person, colleague: Person, new_driver: Make) -> None:
    driver = scenarios.waiting(new_driver)
    where = path(driver, "reply")
    mine, theirs = me.get(where), colleague.get(where)
    assert colleague.send(theirs, where, kind="under_review", words="同事记的").status == 302
    page = me.send(mine, where, kind="promised", promised_on="2026-10-20", words="我记的", agent="工号 7")
    assert page.status == 200
    assert CHANGED in page.text
    assert "Recorded since you opened this page: Carrier: under review · Wang Wei 同事记的" in page.text
    assert "Under review" in page.text
    fields = page.form().fields
    assert (fields["kind"], fields["promised_on"]) == ("promised", "2026-10-20")
    assert (fields["words"], fields["agent"]) == ("我记的", "工号 7")
    assert "promised" not in driver.kinds
    assert me.send(page, where).status == 302
    assert driver.kinds[-2:] == ["under_review", "promised"]
    assert driver.chain_flaw is None


def test_the_second_is_told_also_when_it_is_no_longer_possible(me: Person, colleague: Person, new_driver: Make) -> None:
    driver = scenarios.waiting(new_driver)
    mine = me.get(path(driver, "reply"))
    colleague.fill(path(driver, "withdraw"))
    page = me.send(mine, path(driver, "reply"), kind="under_review")
    assert CHANGED in page.text
    assert "withdrawn" in page.text
    again = me.send(page, path(driver, "reply"))
    assert again.status == 200
    assert "This cannot be recorded while the case is “Withdrawn”." in again.text
    assert driver.kinds[-1] == "withdrawn"


def test_what_only_adds_to_the_record_is_never_in_the_way(me: Person, colleague: Person, new_driver: Make) -> None:
    driver = scenarios.overdue(new_driver)
    mine, theirs = me.get(path(driver, "follow-up")), colleague.get(path(driver, "reply"))
    colleague.send(theirs, path(driver, "reply"), kind="under_review")
    assert me.send(mine, path(driver, "follow-up"), words="催了").status == 302
    assert driver.kinds[-2:] == ["under_review", "follow_up"]


def test_a_stale_page_without_its_version_still_obeys_the_rules(me: Person, new_driver: Make) -> None:
    driver = scenarios.waiting(new_driver)
    assert me.post(path(driver, "confirm"), seen="", click="").status == 200
    assert me.post(path(driver, "confirm"), seen="x" * 50, click="not a number").status == 200
    assert me.post(path(driver, "confirm"), seen="9" * 30).status == 200
    page = me.post(path(driver, "confirm"))
    assert "Before you confirm, record a verification that found the number cancelled." in page.text
    assert driver.status == "submitted"


def test_confirming_without_a_check_is_refused_even_after_an_alive_one(me: Person, new_driver: Make) -> None:
    driver = scenarios.verified(new_driver)
    driver.do(ops.Verify(NOW, "call", "alive"), NOW)
    assert "Before you confirm" in me.post(path(driver, "confirm")).text
