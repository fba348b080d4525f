"""What a person, a team, a channel sees, with that beside it which is others': a second team and one who is in both."""

import pytest

from cases import selectors
from cases.models import AuditEntry, Carrier, Case, Membership, Notice, NotificationChannel, Team, User
from cases.operations.audit_log import record_list_in_full, record_number_in_full
from cases.operations.erasure import set_retention
from cases.reminders.pipeline import count_pending, count_recently_failed
from tests.bystanders import Bystanders
from tests.helpers import at, make_user, new_case

NOW = at("2026-10-16T10:00")
SUBMITTED = "2026-09-30T15:00"


def references(cases: object) -> set[str]:
    return {case.reference for case in cases}  # type: ignore[attr-defined]


# Audit


def test_a_team_reads_its_own_entries_and_the_sign_ins_of_its_members(
    bystanders: Bystanders, team: Team, other_team: Team, manager: User, stranger: User
) -> None:
    set_retention(team, 6, by=manager, now=NOW)
    set_retention(other_team, 6, by=stranger, now=NOW)
    bystanders.may_change(Team, "keep_months")
    set_retention(bystanders.second_team, 12, by=bystanders.agent, now=NOW)  # by one who is in both
    AuditEntry.objects.create(at=NOW, kind="signed_in", by=stranger)
    AuditEntry.objects.create(at=NOW, kind="signed_in", by=manager)
    AuditEntry.objects.create(at=NOW, kind="sign_in_failed", by=None, about="nobody@example.com")
    found = [(e.kind, e.by, e.team) for e in selectors.audit_entries_of(team)]
    both = bystanders.agent
    assert found == [
        ("signed_in", manager, None),
        ("settings_changed", manager, team),
        ("number_shown", both, team),
        ("signed_in", both, None),
    ]  # fmt: skip


def test_a_number_in_full_is_noted_once_a_day_for_person_and_card(
    bystanders: Bystanders, team: Team, manager: User, agent: User, mobile: Carrier
) -> None:
    card = new_case(team, mobile, manager, number="13800000001").card
    other = new_case(team, mobile, manager, number="13800000002").card
    for moment in ("2026-10-16T00:00", "2026-10-16T23:59"):
        record_number_in_full(card, by=manager, now=at(moment))
    record_number_in_full(card, by=agent, now=at("2026-10-16T12:00"))
    record_number_in_full(other, by=manager, now=at("2026-10-16T12:00"))
    record_number_in_full(card, by=manager, now=at("2026-10-17T00:00"))
    rows = AuditEntry.objects.filter(card__in=[card, other]).order_by("pk").values_list("card", "by")
    assert list(rows) == [
        (card.pk, manager.pk), (card.pk, agent.pk), (other.pk, manager.pk), (card.pk, manager.pk),
    ]  # fmt: skip


def test_a_list_in_full_is_noted_once_a_day_for_person_team_and_list(bystanders: Bystanders, team: Team) -> None:
    both, second = bystanders.agent, bystanders.second_team
    for of, about in ((team, "cases"), (team, "cases"), (second, "cases"), (team, "cards")):
        record_list_in_full(of, about, by=both, now=NOW)
    rows = AuditEntry.objects.filter(kind="numbers_shown").order_by("pk").values_list("team", "about")
    assert list(rows) == [(team.pk, "cases"), (second.pk, "cases"), (team.pk, "cards")]


# Reminders and the calendar feed


def test_an_agent_gets_what_they_handle_and_nothing_that_nobody_does(
    bystanders: Bystanders, team: Team, manager: User, mobile: Carrier
) -> None:
    agent = make_user("qian.tao@example.com", team)
    mine = new_case(team, mobile, manager, number="13800000001", submitted=SUBMITTED, handler=agent)
    new_case(team, mobile, manager, number="13800000002", submitted=SUBMITTED, handler=manager)
    new_case(team, mobile, manager, number="13800000003", submitted=SUBMITTED)  # nobody's: the managers'
    assert references(selectors.reminder_cases_of(agent)) == {mine.reference}


def test_one_who_works_in_one_team_and_manages_another(bystanders: Bystanders, team: Team, mobile: Carrier) -> None:
    both, second = bystanders.agent, bystanders.second_team
    bystanders.may_change(Membership, "role")
    Membership.objects.filter(user=both, team=second).update(role="manager")
    own = {case.reference for case in bystanders.rows(Case) if case.handler_id == both.pk}
    nobodys = {c.reference for c in bystanders.rows(Case) if c.team == second and c.handler_id is None}
    assert (len(own), len(nobodys)) == (2, 1)
    assert references(selectors.reminder_cases_of(both)) == own | nobodys


def test_a_case_whose_handler_may_only_look_goes_to_the_managers(
    bystanders: Bystanders, team: Team, manager: User, mobile: Carrier
) -> None:
    former = make_user("qian.tao@example.com", team)
    case = new_case(team, mobile, manager, number="13800000001", submitted=SUBMITTED, handler=former)
    assert case.reference not in references(selectors.reminder_cases_of(manager))
    Membership.objects.filter(user=former).update(role="viewer")
    assert case.reference in references(selectors.reminder_cases_of(manager))
    assert references(selectors.reminder_cases_of(former)) == set()


def test_a_case_whose_handler_works_in_another_team_goes_to_the_managers(
    bystanders: Bystanders, team: Team, other_team: Team, manager: User, mobile: Carrier
) -> None:
    moved = make_user("qian.tao@example.com", team)
    case = new_case(team, mobile, manager, number="13800000001", submitted=SUBMITTED, handler=moved)
    Membership.objects.filter(user=moved).update(team=other_team)
    assert case.reference in references(selectors.reminder_cases_of(manager))


def test_a_case_whose_handler_has_no_account_any_more_goes_to_the_managers(
    bystanders: Bystanders, team: Team, manager: User, mobile: Carrier
) -> None:
    gone = make_user("qian.tao@example.com", team)
    case = new_case(team, mobile, manager, number="13800000001", submitted=SUBMITTED, handler=gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert case.reference in references(selectors.reminder_cases_of(manager))


# Counting


@pytest.fixture
def channel(bystanders: Bystanders, manager: User) -> NotificationChannel:
    return NotificationChannel.objects.create(user=manager, kind="webhook", name="own")


def test_a_notice_that_failed_counts_for_a_week_from_then(channel: NotificationChannel) -> None:
    for state, finished_at in (
        ("failed", "2026-10-09T10:00"),  # a week ago to the moment
        ("failed", "2026-10-09T10:01"),
        ("failed", "2026-10-16T09:00"),
        ("cancelled", "2026-10-16T09:00"),
        ("sent", "2026-10-16T09:00"),
    ):
        Notice.objects.create(channel=channel, made_at=NOW, next_try_at=NOW, state=state, finished_at=at(finished_at))
    Notice.objects.create(channel=channel, made_at=NOW, next_try_at=NOW, state="pending")
    assert count_recently_failed(NOW) == 2
    assert count_pending() == 3  # two of the bystanders


def test_the_notices_of_a_person_are_not_those_of_a_team(
    bystanders: Bystanders, channel: NotificationChannel, team: Team, manager: User
) -> None:
    mine = Notice.objects.create(channel=channel, made_at=NOW, next_try_at=NOW)
    assert list(selectors.notices_of(manager)) == [mine]
    own = [notice for notice in bystanders.rows(Notice) if notice.channel.team_id == team.pk]
    assert set(selectors.notices_of(team)) == set(own)
    assert len(own) == 3
    assert [reminder.case.team for reminder in selectors.reminders_in(own[0])] == [team]
    assert list(selectors.reminders_in(mine)) == []


# What a team has


def test_a_team_sees_its_own_rows_of_each_kind(bystanders: Bystanders, team: Team) -> None:
    seen = {
        "cases": selectors.cases_of(team),
        "cards": selectors.cards_of(team),
        "batches": selectors.batches_of(team),
        "imports": selectors.imports_of(team),
        "messages": selectors.messages_of(team),
    }
    assert {name: {row.team for row in rows} for name, rows in seen.items()} == {name: {team} for name in seen}
    assert {name: len(rows) for name, rows in seen.items()} == {
        "cases": 3, "cards": 4, "batches": 1, "imports": 3, "messages": 3,
    }  # fmt: skip
    both = selectors.batches_of(team, bystanders.second_team)
    assert {batch.team for batch in both} == {team, bystanders.second_team}
