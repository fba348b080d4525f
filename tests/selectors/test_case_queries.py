"""Overdue, waiting, due: one definition in two forms, and they agree at every moment. And finding things."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from cases import selectors
from cases.domain.case_standing import StandingKind, current_standing
from cases.models import CalendarOverride, Card, Carrier, Case, PublishedYear, Team, User, Verification
from cases.operations import Promised, Recalculate, ReportedDone, Returned, UnderReview, Verify, Withdraw, perform
from cases.operations.next_reminder import reminder_state
from tests.helpers import CaseDriver, at, local_str, many_drafts, new_case, on
from tests.moments import CALENDAR

FIRST = at("2026-09-21")


class TestOneDefinitionTwoForms:
    """A population with its deadlines around a few days, looked at from every side of every boundary."""

    days = st.integers(1, 40).map(lambda n: FIRST + timedelta(days=n))
    states = st.sampled_from(
        ["draft", "submitted", "under_review", "done", "done under review", "returned", "confirmed", "withdrawn"]
    )
    nudges = st.sampled_from([timedelta(0), timedelta(microseconds=-1), timedelta(microseconds=1), timedelta(hours=9)])

    @staticmethod
    def row(team: Team, carrier: Carrier, number: int, state: str, reply_by: datetime) -> Case:
        card = Card.objects.create(team=team, carrier=carrier, number=f"139{number:08}")
        case = Case(team=team, card=card, carrier=carrier, reason="cost", channel="app", created_at=FIRST)
        if state in ("draft", "withdrawn"):
            case.status = state
            case.save()
            return case
        case.submitted_at = case.acknowledge_by = case.review_by = case.window_opens = FIRST
        case.first_reply_by = reply_by
        case.status = {"done": "submitted", "done under review": "under_review"}.get(state, state)
        if state in ("submitted", "under_review"):
            case.reply_by = reply_by
            case.basis = "promise" if number % 2 else "submission"
        elif state.startswith("done"):
            case.reported_done_at = FIRST
        elif state == "returned":
            case.returned_at = FIRST
        else:
            case.status = "draft"
            case.save()
            case.verification = Verification.objects.create(
                case=case, submission=1, method="call", finding="cancelled", happened_at=FIRST, recorded_at=FIRST
            )
            case.status, case.confirmed_at = "confirmed", FIRST
        case.save()
        return case

    @settings(max_examples=25, deadline=None, derandomize=True)
    @given(
        population=st.lists(st.tuples(states, days), min_size=4, max_size=9),
        looked=st.lists(days, max_size=3),
        by=nudges,
    )
    def check(
        self,
        team: Team,
        mobile: Carrier,
        population: list[tuple[str, datetime]],
        looked: list[datetime],
        by: timedelta,
    ) -> None:
        with transaction.atomic():
            for number, (state, reply_by) in enumerate(population):
                self.row(team, mobile, number, state, reply_by)
            for moment in {*looked, *(reply_by for _, reply_by in population)}:
                self.agree(moment + by)
            transaction.set_rollback(True)

    @staticmethod
    def agree(now: datetime) -> None:
        cases = Case.objects.all()
        said: dict[str, set[int]] = {kind.value: set() for kind in StandingKind}
        for case in cases:
            said[current_standing(case.state, reminder_state(case, []), now, CALENDAR).kind.value].add(case.pk)

        def found(rows: selectors.Cases) -> set[int]:
            return set(rows.values_list("pk", flat=True))

        assert found(selectors.overdue(cases, now)) == said["overdue"]
        assert found(selectors.due_today(cases, now)) == said["due_today"]
        assert found(selectors.waiting(cases, now)) == said["waiting"] | said["due_today"]
        assert found(selectors.to_verify(cases)) == said["to_verify"]
        promises = {case.pk for case in cases if case.basis == "promise"}
        assert found(selectors.promised_today(cases, now)) == said["due_today"] & promises
        for status in ("draft", "returned", "confirmed", "withdrawn"):
            assert found(selectors.with_status(cases, status)) == said[status]  # type: ignore[arg-type]

    def test_they_agree(self, team: Team, mobile: Carrier) -> None:
        self.check(team, mobile)


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2026-10-12T23:59:59.999999", {"waiting"}),
        ("2026-10-13T00:00", {"waiting", "due_today"}),
        ("2026-10-13T23:59:59.999999", {"waiting", "due_today"}),
        ("2026-10-14T00:00", {"overdue"}),
        ("2027-10-14T00:00", {"overdue"}),
    ],
)
def test_at_the_boundaries(submitted: CaseDriver, now: str, found: set[str]) -> None:
    cases = Case.objects.all()
    forms = {"waiting": selectors.waiting, "due_today": selectors.due_today, "overdue": selectors.overdue}
    assert {name for name, query in forms.items() if query(cases, at(now)).exists()} == found


def test_from_another_time_zone_it_is_the_same_day(submitted: CaseDriver) -> None:
    late_on_the_12th_in_utc = datetime.fromisoformat("2026-10-12T16:30:00+00:00")
    assert selectors.due_today(Case.objects.all(), late_on_the_12th_in_utc).exists()


def test_promised_today(submitted: CaseDriver) -> None:
    submitted.do(Promised(at("2026-10-09T10:00"), promised_on=on("2026-10-12")), "2026-10-09T10:00")
    assert selectors.promised_today(Case.objects.all(), at("2026-10-12T09:00")).exists()
    assert not selectors.promised_today(Case.objects.all(), at("2026-10-13T09:00")).exists()


def test_due_for_reminder(submitted: CaseDriver) -> None:
    assert not selectors.due_for_reminder(Case.objects.all(), at("2026-10-08T08:59")).exists()
    assert selectors.due_for_reminder(Case.objects.all(), at("2026-10-08T09:00")).exists()


def test_provisional(draft: CaseDriver, new_driver: Callable[..., CaseDriver]) -> None:
    new_driver("13900139000", now="2026-12-25T10:00", submitted="2026-12-25T10:00")
    assert [local_str(case.reply_by) for case in selectors.provisional(Case.objects.all())] == ["2027-01-05 00:00"]


class TestTouchedByTheCalendar:
    def test_whoever_is_not_touched_by_a_day_keeps_every_deadline(self, new_driver: Callable[..., CaseDriver]) -> None:
        """Submitted on every other day from 2026-11-02 on, and replied to in different ways."""
        moment, now = at("2026-12-01T17:00"), "2026-12-01T18:00"
        for n in range(15):
            text = f"{at('2026-11-02T10:00') + timedelta(days=2 * n):%Y-%m-%dT%H:%M}"
            driver = new_driver(f"139{n:08}", now=text, submitted=text)
            if n % 5 == 1:
                driver.do(UnderReview(moment), now)
            if n % 5 == 2:
                driver.do(ReportedDone(moment), now)
            if n % 5 == 3:
                driver.do(Promised(moment, promised_on=on("2026-12-10")), now)
        for day in ("2026-11-11", "2026-11-14", "2026-11-27", "2026-12-02", "2026-12-05", "2026-12-31"):
            self.check(on(day))

    @staticmethod
    def check(day: date) -> None:
        cases = Case.objects.all()
        touched = {case.pk for case in selectors.with_window_on_day(cases, day)}
        before = dict(cases.values_list("pk", "reply_by"))
        with transaction.atomic():
            CalendarOverride.objects.create(date=day, working=day.weekday() >= 5, name="x")
            perform(Recalculate(), cases, by=None, now=at("2026-12-01T19:00"))
            moved = {pk for pk, reply_by in cases.values_list("pk", "reply_by") if reply_by != before[pk]}
            transaction.set_rollback(True)
        assert moved <= touched, day
        assert bool(moved) == (day != date(2026, 12, 31)), day

    def test_a_window_contains_its_last_day_and_not_its_first(self, submitted: CaseDriver) -> None:
        cases = Case.objects.all()
        touched = [day for day in range(1, 31) if selectors.with_window_on_day(cases, date(2026, 10, day)).exists()]
        assert touched == list(range(1, 14))
        assert not selectors.with_window_on_day(cases, on("2026-09-30")).exists()

    def test_a_year_touches_what_reaches_into_it_or_into_the_week_before(
        self, new_driver: Callable[..., CaseDriver]
    ) -> None:
        for day in ("15", "18", "28"):
            moment = f"2026-12-{day}T10:00"
            new_driver(f"139000000{day}", now=moment, submitted=moment)
        found = selectors.with_window_in_year(Case.objects.all(), 2027)
        assert {case.card.number for case in found} == {"13900000018", "13900000028"}


class TestFinding:
    @pytest.fixture
    def register(self, team: Team, manager: User, mobile: Carrier, unicom: Carrier) -> dict[str, Case]:
        a = new_case(team, mobile, manager, number="13800138000", submitted="2026-09-30T15:00", reference="CM-77-2026")
        b = new_case(team, unicom, manager, number="18612348000")
        c = new_case(team, unicom, manager, number="1410000012345")
        Card.objects.filter(pk=b.card_id).update(holder="张三丰")
        return {"a": a, "b": b, "c": c}

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("13800138000", "a"),
            ("138 0013 8000", "a"),
            ("+86 138-0013-8000", "a"),
            ("１３８００１３８０００", "a"),
            ("1410000012345", "c"),
            ("8000", "ab"),
            ("2345", "c"),
            ("1861", "b"),  # four digits may be a beginning as well as an end
            ("138", "a"),
            ("138 0013", "a"),
            ("138-0013", "a"),
            ("1", "abc"),
            ("CM-77-2026", "a"),
            ("cm-77-2026", "a"),
            ("CM-77", ""),
            ("中国联通", "bc"),
            ("联通", "bc"),
            ("china mobile", "a"),
            ("张三", "b"),
            ("三丰", ""),
            ("13900139000", ""),
            ("%", ""),
            ("_", ""),
            ("nothing of the kind", ""),
            ("138\x000013", "a"),
            ("\x00", "abc"),
            ("", "abc"),
            ("   ", "abc"),
            ("x" * 3000, ""),
        ],
    )
    def test_search(self, register: dict[str, Case], text: str, found: str) -> None:
        rows = selectors.search_cases(Case.objects.all(), text)
        assert {name for name, case in register.items() if case in rows} == set(found)

    def test_by_our_reference_in_any_case(self, register: dict[str, Case]) -> None:
        case = register["b"]
        assert list(selectors.search_cases(Case.objects.all(), f" {case.reference.lower()} ")) == [case]

    def test_it_never_leaves_the_cases_that_it_was_given(
        self, register: dict[str, Case], other_team: Team, stranger: User
    ) -> None:
        assert not selectors.search_cases(selectors.cases_of(other_team), "13800138000").exists()

    def test_cards(self, register: dict[str, Case], team: Team) -> None:
        def found(text: str) -> set[str]:
            return {card.number for card in selectors.search_cards(selectors.cards_of(team), text)}

        assert found("8000") == {"13800138000", "18612348000"}
        assert found("张三") == {"18612348000"}
        assert found("联通") == {"18612348000", "1410000012345"}
        assert found("138\x000013") == {"13800138000"}
        assert len(found("")) == 3


def test_who_sees_what(
    team: Team, other_team: Team, manager: User, agent: User, viewer: User, stranger: User, draft: CaseDriver
) -> None:
    assert list(selectors.teams_of(manager)) == [team]
    assert list(selectors.assignable_users(team)) == [manager, agent]
    assert selectors.role_of(viewer, team.pk) == "viewer"
    assert selectors.role_of(stranger, team.pk) is None
    assert selectors.is_member(agent, team.pk)
    assert not selectors.is_member(stranger, team.pk)
    assert list(selectors.cases_of(team)) == [draft.case]
    assert not selectors.cases_of(other_team).exists()
    assert not selectors.cases_of().exists()
    assert not selectors.cards_of(other_team).exists()
    assert list(selectors.cases_of(other_team, team)) == [draft.case]


def test_counting_stops_at_the_cap(team: Team, mobile: Carrier) -> None:
    many_drafts(team, mobile, 12)
    rows = Case.objects.order_by("card__number")
    assert [selectors.capped_count(rows, cap) for cap in (1, 11, 12, 13)] == [1, 11, 12, 12]
    with CaptureQueriesContext(connection) as captured:
        selectors.capped_count(rows, 10)
    assert "LIMIT 10" in captured[0]["sql"]
    assert "ORDER BY" not in captured[0]["sql"]


def test_the_calendar_with_what_was_entered_by_hand(db: None) -> None:
    CalendarOverride.objects.create(date=on("2026-11-24"), working=False, name="台风")
    PublishedYear.objects.create(year=2027)
    calendar = selectors.working_calendar()
    assert not calendar.is_working(on("2026-11-24"))
    assert calendar.day(on("2026-11-24")).name == "台风"
    assert calendar.is_published(2027)


def test_closed_cases_are_neither_overdue_nor_waiting(new_driver: Callable[..., CaseDriver]) -> None:
    moment, now = at("2026-10-20T10:00"), "2026-10-20T10:00"
    for n, verb in enumerate(
        [Withdraw(), Returned(moment, reason="other"), Verify(moment, "call", "cancelled", confirm=True)]
    ):
        new_driver(f"1390000000{n}", submitted="2026-09-30T15:00").do(verb, now)
    assert not selectors.overdue(Case.objects.all(), at("2027-01-01")).exists()
    assert not selectors.waiting(Case.objects.all(), at("2026-10-01")).exists()
    assert not selectors.due_today(Case.objects.all(), at("2026-10-13T10:00")).exists()
