"""The scores of carriers over small made-up histories, counted by hand (docs/statistics.md).

The days: Wednesday 2026-09-30, then seven days off; 10-08 and 10-09 are the first and second working day after it, the
working Saturday 10-10 the third, 10-12 and 10-13 the fourth and fifth. 2026-10-12 is an ordinary Monday.
"""

from collections.abc import Callable
from typing import Any

import pytest

from cases import operations as ops
from cases import selectors
from cases.models import CalendarOverride, Carrier, Case, Team
from cases.operations.erasure import Erase
from cases.selectors.statistics.scoreboard import Scoreboard, Scores, Share, scoreboard
from tests.helpers import CaseDriver, at, on
from tests.moments import NOW

Make = Callable[..., CaseDriver]


def board(team: Team, now: str, since: str | None = None) -> Scoreboard:
    return scoreboard(
        selectors.cases_of(team), at(now), selectors.working_calendar(), since=at(since) if since else None
    )


def scores(team: Team, now: str, since: str | None = None) -> Scores:
    return board(team, now, since).team


def fraction(share: Share) -> tuple[int, int]:
    return share.count, share.of


def steps(its: Scores) -> list[tuple[int, int, int]]:
    """Working day, still open then, confirmed with it."""
    return [(step.time, step.at_risk, step.events) for step in its.to_confirmed.steps]


@pytest.fixture
def make(new_driver: Make) -> Callable[..., CaseDriver]:
    """Cases handed in at a moment, each with a number of its own."""
    made: list[CaseDriver] = []

    def handed_in(when: str, **options: Any) -> CaseDriver:
        made.append(new_driver(f"138000{len(made):05}", now=when, submitted=when, **options))
        return made[-1]

    return handed_in


def confirm(driver: CaseDriver, when: str) -> CaseDriver:
    driver.do(ops.Verify(at(when), "hotline", "cancelled", confirm=True), when)
    return driver


# Days to the confirmation


def test_working_days_from_the_first_submission_to_the_confirmation(team: Team, make: Make) -> None:
    before = "2026-09-30T15:00"
    confirm(make(before), "2026-09-30T17:00")  # the same day: 0
    confirm(make(before), "2026-10-03T12:00")  # in the holiday, which belongs to the first working day
    confirm(make(before), "2026-10-08T09:00")  # the first
    confirm(make(before), "2026-10-10T23:59")  # the working Saturday: the third
    confirm(make(before), "2026-10-11T08:00")  # Sunday after it: the third is over
    its = scores(team, "2026-10-16T10:00")
    assert steps(its) == [(0, 5, 1), (1, 4, 2), (3, 2, 1), (4, 1, 1)]
    assert (its.cases, its.median, its.percentile_90) == (5, 1, 4)


def test_open_and_withdrawn_cases_count_for_as_long_as_they_waited(team: Team, make: Make) -> None:
    monday = "2026-10-12T09:00"
    for when in ("2026-10-13T09:00", "2026-10-14T09:00", "2026-10-16T09:00"):
        confirm(make(monday), when)
    make(monday).do(ops.Withdraw(), "2026-10-14T12:00")
    make("2026-10-15T09:00")
    make(monday)
    its = scores(team, "2026-10-19T10:00")  # the fifth working day, and the second of the later one
    # Six; at day 2 five are left, of whom one is withdrawn and one, handed in later, has not waited longer.
    assert steps(its) == [(1, 6, 1), (2, 5, 1), (4, 2, 1)]
    assert [round(step.survival, 3) for step in its.to_confirmed.steps] == [0.833, 0.667, 0.333]
    assert (its.median, its.percentile_90) == (4, None)


def test_returns_do_not_stop_the_count_and_drafts_are_not_in_it(team: Team, make: Make, new_driver: Make) -> None:
    driver = make("2026-10-12T09:00")
    driver.do(ops.Returned(at("2026-10-13T09:00"), reason="arrears"), "2026-10-13T09:00")
    driver.do(ops.Submit(at("2026-10-16T09:00")), "2026-10-16T09:00")
    confirm(driver, "2026-10-19T09:00")
    new_driver("13900000001", now="2026-10-12T09:00")
    assert steps(scores(team, "2026-10-30T10:00")) == [(5, 1, 1)]


def test_what_was_opened_again_is_open(team: Team, make: Make) -> None:
    driver = confirm(make("2026-10-12T09:00"), "2026-10-13T09:00")
    driver.do(ops.Reopen("it rings"), "2026-10-14T09:00")
    its = scores(team, "2026-10-19T10:00")
    assert (steps(its), its.cases) == ([], 1)


def test_a_corrected_submission_moves_the_figure(team: Team, make: Make) -> None:
    driver = make("2026-10-15T09:00")
    driver.do(ops.CorrectSubmission(at("2026-10-12T09:00"), "typed wrongly"), "2026-10-15T10:00")
    confirm(driver, "2026-10-16T09:00")
    assert steps(scores(team, "2026-10-30T10:00")) == [(4, 1, 1)]


def test_no_figure_from_fewer_than_five(team: Team, make: Make) -> None:
    for _ in range(4):
        confirm(make("2026-10-12T09:00"), "2026-10-13T09:00")
    its = scores(team, "2026-10-30T10:00")
    assert (its.cases, its.has_enough, its.median, its.percentile_90) == (4, False, None, None)
    assert (fraction(its.answered_3_days), its.answered_3_days.percent) == ((4, 4), None)
    make("2026-10-12T09:00")
    its = scores(team, "2026-10-30T10:00")
    assert (its.has_enough, its.median, its.percentile_90, its.answered_3_days.percent) == (True, 1, None, 80)


# Answers


def test_registered_or_answered_within_24_hours(team: Team, make: Make) -> None:
    noon = "2026-10-12T12:00"
    make(noon).do(ops.Acknowledged(at("2026-10-13T12:00")), "2026-10-13T12:00")  # the very moment counts
    make(noon).do(ops.Acknowledged(at("2026-10-13T12:01")), "2026-10-13T12:01")
    make(noon).do(ops.UnderReview(at("2026-10-12T15:00")), "2026-10-12T15:00")
    make(noon).do(ops.Returned(at("2026-10-12T16:00"), reason="papers"), "2026-10-12T16:00")
    make(noon).do(ops.FollowUp(at("2026-10-12T16:00"), "call"), "2026-10-12T16:00")  # we called; it said nothing
    make(noon).do(ops.Withdraw(), "2026-10-12T18:00")  # within the 24 hours: not counted
    make(noon).do(ops.Withdraw(), "2026-10-14T18:00")  # after them
    assert fraction(scores(team, "2026-10-13T11:59").answered_24h) == (0, 0)  # nobody's 24 hours are over
    assert fraction(scores(team, "2026-10-14T20:00").answered_24h) == (3, 6)


def test_of_a_resubmitted_case_only_the_latest_registration_is_known(team: Team, make: Make) -> None:
    driver = make("2026-10-12T09:00")
    driver.do(ops.Acknowledged(at("2026-10-12T10:00")), "2026-10-12T10:00")
    driver.do(ops.Returned(at("2026-10-14T09:00"), reason="papers"), "2026-10-14T09:00")
    driver.do(ops.Submit(at("2026-10-15T09:00")), "2026-10-15T09:00")
    its = scores(team, "2026-10-30T10:00")
    assert fraction(its.answered_24h) == (0, 1)
    assert fraction(its.answered_3_days) == (1, 2)  # both submissions: the first was answered, by a return


def test_answered_within_three_and_five_working_days(team: Team, make: Make) -> None:
    before = "2026-09-30T15:00"
    make(before).do(ops.UnderReview(at("2026-10-10T23:59")), "2026-10-10T23:59")  # the third working day's end
    make(before).do(ops.UnderReview(at("2026-10-11T00:00")), "2026-10-11T00:00")
    make(before).do(ops.Promised(at("2026-10-13T23:59"), promised_on=on("2026-10-14")), "2026-10-13T23:59")
    make(before).do(ops.ReportedDone(at("2026-10-14T00:00")), "2026-10-14T00:00")
    make(before).do(ops.Acknowledged(at("2026-09-30T16:00")), "2026-09-30T16:00")  # registering is no answer
    confirm(make(before), "2026-10-09T09:00")  # it did what was asked
    make(before).do(ops.Withdraw(), "2026-10-12T09:00")  # unanswered for three days; nobody knows of the fifth
    its = scores(team, "2026-10-14T10:00")
    assert fraction(its.answered_3_days) == (2, 7)
    assert fraction(its.answered_5_days) == (4, 6)


def test_what_still_has_time_is_not_counted_answered_or_not(team: Team, make: Make) -> None:
    make("2026-10-12T09:00").do(ops.UnderReview(at("2026-10-12T15:00")), "2026-10-12T15:00")
    make("2026-10-12T09:00")
    assert fraction(scores(team, "2026-10-15T23:59").answered_3_days) == (0, 0)
    assert fraction(scores(team, "2026-10-16T00:00").answered_3_days) == (1, 2)


# Promises


def promise(driver: CaseDriver, day: str, when: str = "2026-10-12T15:00") -> CaseDriver:
    driver.do(ops.Promised(at(when), promised_on=on(day)), when)
    return driver


def test_a_promise_is_kept_when_it_is_done_by_that_day_and_stays_so(team: Team, make: Make) -> None:
    monday = "2026-10-12T09:00"
    promise(make(monday), "2026-10-14").do(ops.ReportedDone(at("2026-10-14T23:59")), "2026-10-14T23:59")
    confirm(promise(make(monday), "2026-10-14"), "2026-10-13T10:00")
    assert fraction(scores(team, "2026-10-15T10:00").promises_kept) == (2, 2)
    promise(make(monday), "2026-10-14").do(ops.ReportedDone(at("2026-10-15T00:00")), "2026-10-15T00:00")
    promise(make(monday), "2026-10-14")  # silence
    again = promise(make(monday), "2026-10-14")
    again.do(ops.ReportedDone(at("2026-10-13T10:00")), "2026-10-13T10:00")
    again.do(ops.Verify(at("2026-10-13T12:00"), "call", "alive"), "2026-10-13T12:00")  # said to be done, and was not
    promise(make(monday), "2026-10-19")  # its day is still to come
    assert fraction(scores(team, "2026-10-15T10:00").promises_kept) == (2, 5)


def test_a_promise_put_off_is_broken_when_its_day_is_over(team: Team, make: Make) -> None:
    driver = promise(promise(make("2026-10-12T09:00"), "2026-10-14"), "2026-10-16", "2026-10-14T10:00")
    assert fraction(scores(team, "2026-10-14T12:00").promises_kept) == (0, 0)
    assert fraction(scores(team, "2026-10-15T12:00").promises_kept) == (0, 1)
    driver.do(ops.ReportedDone(NOW), "2026-10-16T10:00")
    assert fraction(scores(team, "2026-10-16T12:00").promises_kept) == (1, 2)


def test_an_earlier_day_promised_later_does_not_break_the_first_promise(team: Team, make: Make) -> None:
    driver = promise(promise(make("2026-10-12T09:00"), "2026-10-20"), "2026-10-15", "2026-10-13T10:00")
    driver.do(ops.ReportedDone(at("2026-10-15T10:00")), "2026-10-15T10:00")
    assert fraction(scores(team, "2026-10-15T12:00").promises_kept) == (2, 2)


def test_a_promise_is_kept_although_papers_were_asked_for_in_between(team: Team, make: Make) -> None:
    driver = promise(make("2026-10-12T09:00"), "2026-10-20")
    driver.do(ops.Returned(at("2026-10-13T10:00"), reason="papers"), "2026-10-13T10:00")
    driver.do(ops.Submit(at("2026-10-14T10:00")), "2026-10-14T10:00")
    assert fraction(scores(team, "2026-10-19T10:00").promises_kept) == (0, 0)
    driver.do(ops.ReportedDone(at("2026-10-20T10:00")), "2026-10-20T10:00")
    assert fraction(scores(team, "2026-10-30T10:00").promises_kept) == (1, 1)


def test_promises_of_withdrawn_cases_count_when_they_were_broken_before(team: Team, make: Make) -> None:
    promise(make("2026-10-12T09:00"), "2026-10-14").do(ops.Withdraw(), "2026-10-13T10:00")
    promise(make("2026-10-12T09:00"), "2026-10-14").do(ops.Withdraw(), "2026-10-16T10:00")
    assert fraction(scores(team, "2026-10-30T10:00").promises_kept) == (0, 1)


# Returns


def test_why_requests_came_back_the_most_frequent_first(team: Team, make: Make) -> None:
    for reason in ("arrears", "papers", "arrears"):
        make("2026-10-12T09:00").do(ops.Returned(at("2026-10-13T09:00"), reason=reason), "2026-10-13T09:00")
    twice = make("2026-10-12T09:00")
    twice.do(ops.Returned(at("2026-10-13T09:00"), reason="contract"), "2026-10-13T09:00")
    twice.do(ops.Submit(at("2026-10-14T09:00")), "2026-10-14T09:00")
    twice.do(ops.Returned(at("2026-10-15T09:00"), reason="arrears"), "2026-10-15T09:00")
    twice.do(ops.Submit(at("2026-10-16T09:00")), "2026-10-16T09:00")  # the case itself forgets why
    its = scores(team, "2026-10-30T10:00")
    assert (its.returned, its.reasons) == (5, (("arrears", 3), ("contract", 1), ("papers", 1)))


def test_erased_cases_count_with_what_is_left_of_them(team: Team, make: Make) -> None:
    def returned(driver: CaseDriver, reason: str, when: str) -> CaseDriver:
        driver.do(ops.Returned(at(when), reason=reason), when)
        return driver

    withdrawn = returned(make("2026-10-12T09:00"), "papers", "2026-10-13T09:00")
    withdrawn.do(ops.Withdraw(), "2026-10-14T09:00")
    done = returned(make("2026-10-12T09:00"), "arrears", "2026-10-13T09:00")
    done.do(ops.Submit(at("2026-10-14T09:00")), "2026-10-14T09:00")
    confirm(promise(done, "2026-10-16", "2026-10-15T09:00"), "2026-10-16T09:00")
    before = scores(team, "2026-10-30T10:00")
    for driver in (withdrawn, done):
        driver.do(Erase("enough"), "2026-10-20T09:00")
    after = scores(team, "2026-10-30T10:00")
    assert before.reasons == (("arrears", 1), ("papers", 1))
    assert (after.returned, after.reasons) == (2, (("", 1), ("papers", 1)))
    assert steps(after) == steps(before) == [(4, 1, 1)]
    assert fraction(after.promises_kept) == fraction(before.promises_kept) == (1, 1)
    assert fraction(after.answered_3_days) == fraction(before.answered_3_days) == (3, 3)


def test_of_an_erased_case_that_came_back_twice_no_reason_is_left(team: Team, make: Make) -> None:
    driver = make("2026-10-12T09:00")
    driver.do(ops.Returned(at("2026-10-13T09:00"), reason="contract"), "2026-10-13T09:00")
    driver.do(ops.Submit(at("2026-10-14T09:00")), "2026-10-14T09:00")
    driver.do(ops.Returned(at("2026-10-15T09:00"), reason="arrears"), "2026-10-15T09:00")
    driver.do(ops.Withdraw(), "2026-10-16T09:00")
    assert scores(team, "2026-10-30T10:00").reasons == (("arrears", 1), ("contract", 1))
    driver.do(Erase("enough"), "2026-10-20T09:00")
    assert scores(team, "2026-10-30T10:00").reasons == (("", 2),)


# By carrier, channel and period


@pytest.mark.forged
def test_each_carrier_and_channel_has_its_own(team: Team, make: Make, unicom: Carrier) -> None:
    for channel, days in (("branch", (13, 13, 14, 14, 15)), ("hotline", (16, 19, 20, 21, 22, 23))):
        for day in days:
            driver = make("2026-10-12T09:00")
            Case.objects.filter(pk=driver.case.pk).update(channel=channel)
            confirm(driver, f"2026-10-{day}T09:00")
    confirm(make("2026-10-12T09:00", carrier=unicom), "2026-10-13T09:00")
    both = board(team, "2026-10-30T10:00")
    assert [(one.carrier.slug, one.all.cases, one.all.median) for one in both.carriers] == [
        ("china-mobile", 11, 4),
        ("china-unicom", 1, None),
    ]
    channels = both.carriers[0].channels
    assert [(one.channel, one.cases, one.median, one.percentile_90) for one in channels] == [
        ("hotline", 6, 6, 9),
        ("branch", 5, 2, 3),
    ]
    assert (both.team.cases, both.team.median) == (12, 3)


def test_since_a_day_counts_what_began_then(team: Team, make: Make) -> None:
    old, new = make("2026-09-10T09:00"), make("2026-10-12T09:00")
    for driver in (old, new):
        promise(driver, "2026-10-14", "2026-10-13T09:00").do(
            ops.Returned(at("2026-10-15T09:00"), reason="papers"), "2026-10-15T09:00"
        )
    its = scores(team, "2026-10-30T10:00", "2026-10-01T00:00")
    assert (its.cases, fraction(its.answered_5_days)) == (1, (1, 1))
    assert (fraction(its.promises_kept), its.reasons) == ((0, 2), (("papers", 2),))


def test_a_round_begun_anew_by_the_calendar_is_one_request(team: Team, make: Make) -> None:
    driver = make("2026-10-12T09:00")  # due by 10-19, 24:00
    CalendarOverride.objects.create(date=on("2026-10-16"), working=False, name="Typhoon")
    driver.do(ops.Recalculate(), "2026-10-20T09:00", by=None)  # by then late; now due by 10-20
    assert [row[0] for row in driver.rounds] == [1, 2]
    driver.do(ops.UnderReview(at("2026-10-20T10:00")), "2026-10-20T10:00")
    its = scores(team, "2026-10-30T10:00")
    assert (fraction(its.answered_5_days), its.cases) == ((1, 1), 1)


def test_another_teams_cases_are_not_in_it(other_team: Team, make: Make) -> None:
    confirm(make("2026-10-12T09:00"), "2026-10-13T09:00")
    its = board(other_team, "2026-10-30T10:00")
    assert (its.carriers, its.team.cases, its.team.returned) == ((), 0, 0)


def test_five_queries_however_many(team: Team, make: Make, unicom: Carrier, django_assert_num_queries: Any) -> None:
    for carrier in (None, unicom):
        for _ in range(3):
            make("2026-10-12T09:00", **({"carrier": carrier} if carrier else {}))
    calendar = selectors.working_calendar()
    with django_assert_num_queries(5):
        scoreboard(selectors.cases_of(team), at("2026-10-30T10:00"), calendar)


def test_shares_are_rounded_half_up() -> None:
    assert [Share(1, 8).percent, Share(3, 8).percent, Share(2, 3).percent, Share(0, 5).percent] == [13, 38, None, 0]
