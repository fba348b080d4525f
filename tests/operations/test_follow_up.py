"""What we do while a case is open: the checklist, quiet for a while, another handler."""

import pytest

from cases.domain.errors import NotAMember, ReasonMissing, SnoozeInThePast
from cases.models import ChecklistMark, User
from cases.operations import (
    Confirm,
    FollowUp,
    HandOver,
    MarkItem,
    Promised,
    ReportedDone,
    Returned,
    TakesEffect,
    UnderReview,
    Verify,
)
from cases.operations.engine.verb import Verb
from cases.operations.follow_up import Snooze
from cases.operations.next_reminder import snoozed_until
from tests.helpers import CaseDriver, at, local_str, on


def marks() -> dict[str, str]:
    return dict(ChecklistMark.objects.values_list("code", "state"))


class TestChecklist:
    def test_tick_waive_and_open_again(self, draft: CaseDriver) -> None:
        draft.do(MarkItem("card"), "2026-09-30T15:10")
        draft.do(MarkItem("contract", "waived", "没有合约"), "2026-09-30T15:11")
        assert marks() == {"card": "done", "contract": "waived"}
        assert draft.last_content["state"] == "waived"
        draft.do(MarkItem("contract", "done"), "2026-09-30T15:12")
        draft.do(MarkItem("card", ""), "2026-09-30T15:13")
        assert marks() == {"contract": "done"}
        assert draft.kinds == ["logged", *["checklist"] * 4]
        assert (draft.last_content["item"], draft.last_content["state"]) == ("card", "")
        assert local_str(ChecklistMark.objects.get().at) == "2026-09-30 15:12"

    def test_waiving_needs_a_reason(self, draft: CaseDriver) -> None:
        with pytest.raises(ReasonMissing):
            draft.do(MarkItem("contract", "waived", " "), "2026-09-30T15:11")
        assert marks() == {}

    @pytest.mark.parametrize("state", ["done", ""])
    def test_what_is_so_already_is_not_recorded_again(self, draft: CaseDriver, state: str) -> None:
        draft.do(MarkItem("card", state), "2026-09-30T15:10")
        entries = draft.fresh().entry_count
        draft.do(MarkItem("card", state), "2026-09-30T15:11")
        assert draft.fresh().entry_count == entries


class TestSnooze:
    def test_quiet_and_still_overdue(self, submitted: CaseDriver) -> None:
        submitted.do(Snooze(on("2026-10-21"), "对方承诺了"), "2026-10-13T10:00")
        case = submitted.fresh()
        assert (case.snoozed_until, local_str(case.reply_by)) == (on("2026-10-21"), "2026-10-14 00:00")
        assert submitted.next_reminder == "2026-10-21 09:00"
        assert (submitted.last_content["until"], submitted.last_content["words"]) == ("2026-10-21", "对方承诺了")

    def test_a_follow_up_does_not_wake_it(self, submitted: CaseDriver) -> None:
        submitted.do(Snooze(on("2026-10-21")), "2026-10-13T10:00")
        submitted.do(FollowUp(at("2026-10-15T10:00")), "2026-10-15T10:00")
        assert submitted.next_reminder == "2026-10-21 09:00"

    def test_the_quiet_can_be_ended(self, submitted: CaseDriver) -> None:
        submitted.do(Snooze(on("2026-10-21")), "2026-10-13T10:00")
        submitted.do(Snooze(None), "2026-10-13T11:00")
        assert submitted.fresh().snoozed_until is None
        assert submitted.next_reminder == "2026-10-14 09:00"
        assert submitted.last_content["until"] is None

    @pytest.mark.parametrize("day", ["2026-10-13", "2026-10-12", "2020-01-01"])
    def test_only_until_a_day_that_comes(self, submitted: CaseDriver, day: str) -> None:
        with pytest.raises(SnoozeInThePast):
            submitted.do(Snooze(on(day)), "2026-10-13T23:59")
        submitted.do(Snooze(on("2026-10-14")), "2026-10-13T23:59")
        assert submitted.fresh().snoozed_until == on("2026-10-14")

    def test_the_day_is_that_of_beijing(self, submitted: CaseDriver) -> None:
        with pytest.raises(SnoozeInThePast):
            submitted.do(Snooze(on("2026-10-14")), "2026-10-14T00:30")  # still the 13th in UTC

    def test_the_same_day_again_is_not_recorded_again(self, submitted: CaseDriver) -> None:
        submitted.do(Snooze(on("2026-10-21")), "2026-10-13T10:00")
        submitted.do(Snooze(on("2026-10-21")), "2026-10-13T11:00")
        assert submitted.kinds == ["logged", "submitted", "snoozed"]

    def test_a_return_ends_it(self, submitted: CaseDriver) -> None:
        submitted.do(Snooze(on("2026-12-31")), "2026-10-13T10:00")
        submitted.do(Returned(at("2026-10-13T11:00"), reason="papers"), "2026-10-13T11:00")
        assert (submitted.fresh().snoozed_until, submitted.fresh().snoozed_at) == (None, None)
        assert submitted.next_reminder == "2026-10-16 09:00"

    def test_done_ends_it(self, submitted: CaseDriver) -> None:
        submitted.do(Snooze(on("2026-12-31")), "2026-10-13T10:00")
        submitted.do(ReportedDone(at("2026-10-13T11:00")), "2026-10-13T11:00")
        assert submitted.fresh().snoozed_until is None
        assert submitted.next_reminder == "2026-10-14 09:00"

    @pytest.mark.parametrize(
        "reply",
        [
            UnderReview(at("2026-10-13T11:00")),
            Promised(at("2026-10-13T11:00"), promised_on=on("2026-10-30")),
            TakesEffect(at("2026-10-13T11:00"), effective_on=on("2026-10-30")),
        ],
        ids=lambda reply: type(reply).__name__,
    )
    def test_another_reply_does_not(self, submitted: CaseDriver, reply: Verb) -> None:
        submitted.do(Snooze(on("2026-11-30")), "2026-10-13T10:00")
        submitted.do(reply, "2026-10-13T11:00")
        assert submitted.fresh().snoozed_until == on("2026-11-30")

    def test_a_promise_that_breaks_ends_it(self, submitted: CaseDriver) -> None:
        submitted.do(Promised(at("2026-10-13T11:00"), promised_on=on("2026-10-16")), "2026-10-13T11:00")
        submitted.do(Snooze(on("2026-10-27")), "2026-10-13T12:00")
        assert submitted.next_reminder == "2026-10-19 09:00"  # the Monday after its day
        case = submitted.fresh()
        assert snoozed_until(case, at("2026-10-16T23:59")) == on("2026-10-27")
        assert snoozed_until(case, at("2026-10-17T00:00")) is None
        # Whoever wants quiet again says so again, even until the same day.
        submitted.do(Snooze(on("2026-10-27")), "2026-10-19T10:00")
        assert submitted.kinds[-2:] == ["snoozed", "snoozed"]
        assert submitted.next_reminder == "2026-10-27 09:00"
        assert snoozed_until(submitted.fresh(), at("2026-10-26T23:59")) == on("2026-10-27")

    def test_it_is_over_with_its_day(self, submitted: CaseDriver) -> None:
        submitted.do(Snooze(on("2026-10-21")), "2026-10-13T10:00")
        assert snoozed_until(submitted.fresh(), at("2026-10-20T23:59")) == on("2026-10-21")
        assert snoozed_until(submitted.fresh(), at("2026-10-21T00:00")) is None

    def test_a_confirmed_case_is_not_quiet_about_its_last_bill(self, submitted: CaseDriver) -> None:
        submitted.do(Snooze(on("2026-12-31")), "2026-10-13T10:00")
        submitted.do(Verify(at("2026-10-13T11:00"), "call", "cancelled"), "2026-10-13T11:00")
        submitted.do(Confirm(), "2026-10-13T12:00")
        assert submitted.fresh().snoozed_until is None
        assert submitted.next_reminder == "2026-11-05 09:00"


class TestHandOver:
    def test_to_a_teammate_whose_hours_then_count(self, submitted: CaseDriver, agent: User) -> None:
        User.objects.filter(pk=agent.pk).update(remind_from="07:30", remind_on_days_off=True)
        agent.refresh_from_db()
        submitted.do(HandOver(agent, "你更熟"), "2026-09-30T16:00")
        case = submitted.fresh()
        assert case.handler == agent
        assert submitted.next_reminder == "2026-10-01 15:00"  # a day off, as they want it
        assert (submitted.last_content["from"], submitted.last_content["to"], submitted.last_content["words"]) == (
            "",
            "Wang Wei",
            "你更熟",
        )

    def test_to_nobody(self, submitted: CaseDriver, agent: User) -> None:
        submitted.do(HandOver(agent), "2026-09-30T16:00")
        submitted.do(HandOver(None), "2026-09-30T16:01")
        assert submitted.fresh().handler is None
        assert (submitted.last_content["from"], submitted.last_content["to"]) == ("Wang Wei", "")
        assert submitted.next_reminder == "2026-10-08 09:00"

    def test_not_to_a_stranger(self, submitted: CaseDriver, stranger: User) -> None:
        with pytest.raises(NotAMember):
            submitted.do(HandOver(stranger), "2026-09-30T16:00")
        assert submitted.fresh().handler is None

    def test_not_to_an_account_that_was_closed(self, submitted: CaseDriver, agent: User) -> None:
        agent.is_active = False
        agent.save()
        with pytest.raises(NotAMember):
            submitted.do(HandOver(agent), "2026-09-30T16:00")

    def test_whoever_has_it_already_gets_no_second_entry(self, submitted: CaseDriver, agent: User) -> None:
        submitted.do(HandOver(agent), "2026-09-30T16:00")
        submitted.do(HandOver(agent), "2026-09-30T16:01")
        assert submitted.kinds == ["logged", "submitted", "handed_over"]


class TestFollowUp:
    def test_the_latest_of_several_counts(self, submitted: CaseDriver) -> None:
        submitted.do(FollowUp(at("2026-10-12T10:00"), "call", reference="CM-9"), "2026-10-12T10:00")
        submitted.do(FollowUp(at("2026-10-09T10:00"), "app"), "2026-10-12T11:00")
        case = submitted.fresh()
        assert local_str(case.last_follow_up_at) == "2026-10-12 10:00"
        assert case.carrier_reference == "CM-9"
