"""The cases that filters written as words let through: by day, carrier, names and assignee, of these teams alone."""

import pytest

from cases.domain.search_words import parse
from cases.models import Card, Carrier, Case, Team, User
from cases.selectors import cases_of
from cases.selectors.search_words import filter_by_words, members_named
from tests.helpers import at, make_user, new_case

pytestmark = pytest.mark.django_db
NOW = at("2026-10-16T10:00")


@pytest.fixture
def four(
    team: Team, other_team: Team, manager: User, agent: User, stranger: User, mobile: Carrier, unicom: Carrier
) -> None:
    """Numbers 1 to 3 of the team, handed in on three days, the third never; number 4 is another team's."""
    Carrier.objects.create(slug="mobile-two", name="小移动", name_en="Mobile Two")
    new_case(team, mobile, manager, number="13800000001", now="2026-09-30T00:00", submitted="2026-09-30T00:00")
    new_case(
        team, unicom, manager, number="13800000002", now="2026-10-08T23:59", submitted="2026-10-08T23:59", handler=agent
    )
    new_case(team, Carrier.objects.get(slug="mobile-two"), manager, number="13800000003", handler=manager)
    new_case(other_team, mobile, stranger, number="13800000004", submitted="2026-09-30T15:00", handler=stranger)
    Card.objects.filter(number__in=["13800000001", "13800000004"]).update(
        department="销售一部", user="王芳", holder="Acme"
    )
    Card.objects.filter(number="13800000002").update(department="一部销售", user="芳王", holder="acme Two")


@pytest.mark.usefixtures("four")
@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("", "123"),
        ("after:2026-09-30", "12"),
        ("after:2026-10-01", "2"),
        ("before:2026-10-08", "1"),
        ("before:2026-10-09", "12"),
        ("before:2026-09-30", ""),
        ("carrier:移动", "1"),  # a word for one carrier means that one
        ("carrier:小移", "3"),
        ("carrier:two", "3"),
        ("carrier:mobile-two", "3"),
        ("carrier:nobody", ""),
        ("dept:销售", "1"),
        ("user:王", "1"),
        ("holder:ACME", "12"),
        ("holder:“acme t”", "2"),
        ("handler:wang", "2"),
        ("handler:li", "3"),
        ("handler:chen", ""),
        ("status:confirmed", ""),
        ("reason:cost", "123"),
        ("reason:other", ""),
        ("is:draft", "3"),
        ("overdue carrier:移动 dept:销售 holder:acme", "1"),
        ("overdue carrier:联通", ""),
    ],
)
def test_what_words_let_through(team: Team, words: str, numbers: str) -> None:
    cases = filter_by_words(cases_of(team), NOW, parse(words).terms, team)
    assert "".join(sorted(case.card.number[-1] for case in cases)) == numbers


@pytest.mark.usefixtures("four")
def test_over_several_teams_it_is_each_teams_own(team: Team, other_team: Team) -> None:
    for teams, numbers in (((team,), "1"), ((other_team,), "4"), ((team, other_team), "14")):
        cases = filter_by_words(Case.objects.filter(team__in=teams), NOW, parse("dept:销售").terms, *teams)
        assert "".join(sorted(case.card.number[-1] for case in cases)) == numbers


def test_members_of_several_teams_are_named_once(team: Team, other_team: Team, manager: User, stranger: User) -> None:
    both = make_user("li.ming@example.com", team)
    both.memberships.create(team=other_team, role="agent")
    assert sorted(user.name for user in members_named("li", team, other_team)) == ["Li Ming", "Li Na"]
    assert [user.name for user in members_named("li", other_team)] == ["Li Ming"]
    assert [user.name for user in members_named("na", team)] == []
