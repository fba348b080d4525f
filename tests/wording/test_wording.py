"""How the product says things, in English here; the catalogue's completeness is another test's."""

import inspect
import string
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.utils import translation

from cases import wording
from cases.domain import errors
from cases.domain.business_days import Override, WorkingCalendar, YearNotCovered
from cases.domain.case_standing import Standing, StandingKind, Step, current_standing
from cases.domain.deadlines import explain_days
from cases.domain.errors import CaseError
from cases.domain.status import Status
from cases.models import Carrier, Case, Team, User
from cases.operations import Acknowledged, Promised
from cases.operations.next_reminder import reminder_state
from cases.wording import call_scripts
from tests.helpers import CaseDriver, at, new_case, on


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"), time_machine.travel(at("2026-10-14T09:00"), tick=False):
        yield


class TestMoments:
    def test_a_day_of_this_year_and_of_another(self) -> None:
        assert wording.format_day(on("2026-10-13")) == "Tue 13 Oct"
        assert wording.format_day(on("2027-01-05")) == "Tue 5 Jan 2027"

    def test_the_year_is_that_of_beijing(self) -> None:
        with time_machine.travel(at("2027-01-01T00:30"), tick=False):  # still 2026 in UTC
            assert wording.format_day(on("2027-01-05")) == "Tue 5 Jan"

    def test_a_moment_is_told_by_the_clock_of_beijing(self) -> None:
        assert wording.format_moment(at("2026-10-13T15:00").astimezone()) == "Tue 13 Oct, 15:00"

    def test_a_deadline_at_midnight_belongs_to_the_day_that_it_ends(self) -> None:
        assert wording.format_deadline(at("2026-10-14")) == "Tue 13 Oct, 24:00"
        assert wording.format_deadline(at("2026-10-14T15:00")) == "Wed 14 Oct, 15:00"
        assert wording.format_deadline(at("2027-01-01")) == "Thu 31 Dec, 24:00"


def test_every_day_says_why_it_counts_or_not() -> None:
    overrides = {on("2026-10-12"): Override(False, "台风"), on("2026-10-11"): Override(True, "赶工")}
    days = explain_days(at("2026-09-30T15:00"), on("2026-10-17"), WorkingCalendar(overrides))
    by_name = {f"{each.day.date:%m-%d}": wording.day_reason(each) for each in days}
    assert by_name["09-30"] == "start day, not counted"
    assert by_name["10-01"] == by_name["10-07"] == "public holiday: National Day"
    assert by_name["10-08"] == "working day"
    assert by_name["10-10"] == "make-up working day"
    assert by_name["10-11"] == "working day added manually: 赶工"
    assert by_name["10-12"] == "day off added manually: 台风"
    assert by_name["10-17"] == "weekend"


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        (Standing(StandingKind.OVERDUE, Step.CHASE, late_days=1), "1 working day overdue"),
        (Standing(StandingKind.OVERDUE, Step.CHASE, late_days=3), "3 working days overdue"),
        (Standing(StandingKind.OVERDUE, Step.CHASE), "overdue (today is a day off)"),
        (Standing(StandingKind.WAITING, Step.WAIT, days_left=1), "1 working day left"),
        (Standing(StandingKind.WAITING, Step.WAIT, days_left=4), "4 working days left"),
        (Standing(StandingKind.WAITING, Step.WAIT_EFFECT, days_left=4), "waits to take effect"),
        (Standing(StandingKind.DUE_TODAY, Step.WAIT_EFFECT), "waits to take effect"),
        (Standing(StandingKind.DUE_TODAY, Step.WAIT), "due today"),
        (Standing(StandingKind.TO_VERIFY, Step.VERIFY), "to verify"),
        (Standing(StandingKind.RETURNED, Step.RESUBMIT), "returned: action needed"),
        (Standing(StandingKind.DRAFT, Step.SUBMIT), "in preparation"),
        (Standing(StandingKind.CONFIRMED, Step.CHECK_BILL), "cancelled, confirmed"),
        (Standing(StandingKind.WITHDRAWN, Step.NOTHING), "withdrawn"),
    ],
)
def test_where_a_case_stands(stands: Standing, said: str) -> None:
    assert wording.headline(stands) == said


class TestNextStep:
    def test_each_step_has_its_words(self, submitted: CaseDriver) -> None:
        submitted.case.takes_effect_on = on("2026-11-20")
        by_name = {step: wording.next_step(Standing(StandingKind.WAITING, step), submitted.case) for step in Step}
        assert all(by_name.values())
        assert by_name[Step.CHASE] == "Call 10086 and chase"
        assert by_name[Step.WAIT_EFFECT] == "Takes effect on Fri 20 Nov; it can be revoked until then"
        assert by_name[Step.ASK_APPEAL_BODY] == "Ask the appeal body about your appeal"
        assert by_name[Step.COMPLAIN] == "Call 10080 and file a formal complaint"

    def test_without_a_complaint_line_the_hotline_takes_it(self, team: Team, manager: User, unicom: Carrier) -> None:
        case = new_case(team, unicom, manager)
        assert (
            wording.next_step(Standing(StandingKind.OVERDUE, Step.COMPLAIN), case)
            == "Call 10010 and file a formal complaint"
        )

    def test_what_to_say_to_a_late_carrier(self, submitted: CaseDriver) -> None:
        submitted.do(Acknowledged(at("2026-10-08T10:00"), reference="CM-1"), "2026-10-08T10:00")
        case = submitted.fresh()
        stands = current_standing(case.state, reminder_state(case, []), at("2026-10-14T09:00"), WorkingCalendar())
        assert "“Hello, I asked to cancel 138****8000 on 30 Sep, reference CM-1." in call_scripts.call_script(
            stands, case
        )
        assert call_scripts.call_script(stands, case, full_number=True) == (
            "“Hello, I asked to cancel 13800138000 on 30 Sep, reference CM-1. A reply was due by 13 Oct and "
            "I have had none. Why is that, who is responsible, and when will it be done? May I have your staff "
            "number?”"
        )

    def test_what_to_say_after_a_broken_promise(self, submitted: CaseDriver) -> None:
        submitted.do(Promised(at("2026-10-08T10:00"), promised_on=on("2026-10-12")), "2026-10-08T10:00")
        said = call_scripts.call_script(
            Standing(StandingKind.OVERDUE, Step.HOLD_TO_PROMISE, late_days=1), submitted.fresh()
        )
        assert said == (
            "“Hello, your colleague promised that 138****8000 would be cancelled by 12 Oct. It has not been. When will "
            "it be done, and who is responsible? May I have your staff number?”"
        )

    def test_a_script_for_each_call_and_none_where_nobody_is_called(self, submitted: CaseDriver) -> None:
        calls = {
            step for step in Step if call_scripts.call_script(Standing(StandingKind.WAITING, step), submitted.fresh())
        }
        assert calls == {
            Step.SUBMIT,
            Step.ASK_REGISTERED,
            Step.FIRST_CALL,
            Step.CHASE,
            Step.HOLD_TO_PROMISE,
            Step.COMPLAIN,
            Step.VERIFY,
            Step.RESUBMIT,
            Step.ASK_REFUND,
        }

    def test_a_draft_is_told_without_a_date(self, draft: CaseDriver) -> None:
        assert wording.next_step(Standing(StandingKind.DRAFT, Step.SUBMIT), draft.fresh()) == (
            "Get the documents ready and call 10086 to submit the request"
        )


def every_error() -> list[type[CaseError]]:
    rows = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, CaseError)]
    return [*rows, YearNotCovered]


@pytest.mark.parametrize("error", every_error())
def test_every_error_is_a_sentence_whose_places_can_be_filled(error: type[CaseError]) -> None:
    class Anything(dict[str, object]):
        def __missing__(self, key: str) -> object:
            return at("2026-10-13T15:00")

    sentence = error.message % Anything()
    assert sentence[0] in string.ascii_uppercase + "“"
    assert sentence.endswith(".")


def test_no_two_errors_share_a_code() -> None:
    codes = [error.code for error in every_error()]
    assert sorted(set(codes)) == sorted(codes)


class TestErrorsInWords:
    def test_statuses_and_moments_are_spoken(self) -> None:
        wrong = errors.WrongTransition(from_status=Status.DRAFT, to_status=Status.CONFIRMED)
        assert wording.error_message(wrong) == "A case cannot change from “In preparation” to “Cancelled, confirmed”."
        before = errors.BeforeSubmission(submitted_at=at("2026-09-30T15:00"))
        assert wording.error_message(before) == (
            "This is before the request was submitted (30 Sep, 15:00). Check the time, or correct the submission time."
        )
        early = errors.AppealTooEarly(possible_from=on("2026-10-09"))
        assert "You can appeal from 9 Oct," in wording.error_message(early)

    def test_what_a_person_typed_is_repeated_as_it_is(self) -> None:
        said = wording.error_message(errors.NumberRefused(typed="100% %(x)s {} %s"))
        assert said.startswith("“100% %(x)s {} %s” is not a mobile number.")

    def test_a_year_is_no_thousand(self) -> None:
        said = wording.error_message(YearNotCovered(first=2004, last=2027, year=2062))
        assert "covers 2004 to 2027, not 2062." in said

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_of_every_refusal_in_both_languages(self, language: str, draft: CaseDriver) -> None:
        with translation.override(language), pytest.raises(errors.OpenCaseExists) as caught:
            new_case(draft.case.team, draft.case.carrier, draft.by)
        with translation.override(language):
            assert draft.case.reference in wording.error_message(caught.value)


def test_the_name_of_a_carrier_is_in_the_language(draft: CaseDriver) -> None:
    case: Callable[[], Case] = draft.fresh
    assert str(case().carrier) == "China Mobile"
    with translation.override("zh-hans"):
        assert str(case().carrier) == "中国移动"
