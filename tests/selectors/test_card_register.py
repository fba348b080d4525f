"""The register of cards below the page: each order there and back in pages of any size, and what may be suggested."""

from datetime import date
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from cases.models import Card, CardColumn, CardView, Carrier, Case, Team, User
from cases.operations import Withdraw
from cases.selectors import card_register, search
from cases.selectors.card_register import (
    CardFilter,
    card_sort,
    card_views_of,
    matching_cards,
    open_cases_of,
    register_page,
    suggestions,
)
from tests.helpers import CaseDriver, at, new_case

pytestmark = pytest.mark.django_db
NOW = at("2026-10-16T10:00")

#: By column: the cards in its order, and in the opposite one; those that have nothing follow, the newest first.
ORDERS = {
    "number": ([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]),
    "added": ([1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]),
    "carrier": ([1, 2, 4, 6, 3, 5], [5, 3, 6, 4, 2, 1]),
    "holder": ([3, 6, 1, 4, 5, 2], [4, 1, 6, 3, 5, 2]),
    "monthly_fee": ([2, 5, 1, 6, 4, 3], [6, 1, 5, 2, 4, 3]),
    "opened_on": ([4, 6, 5, 3, 2, 1], [6, 4, 5, 3, 2, 1]),
    "purpose": ([2, 3, 1, 6, 5, 4], [6, 1, 3, 2, 5, 4]),
    "c1": ([5, 1, 2, 6, 4, 3], [2, 1, 5, 6, 4, 3]),
    "c2": ([1, 4, 2, 6, 5, 3], [2, 4, 1, 6, 5, 3]),
    "cases": ([1, 2, 5, 6, 3, 4], [4, 3, 6, 5, 2, 1]),
}


@pytest.fixture
def columns(team: Team) -> list[CardColumn]:
    kinds = (("c1", "text"), ("c2", "number"))
    return [
        CardColumn.objects.create(team=team, key=key, title=key, kind=kind, position=number)
        for number, (key, kind) in enumerate(kinds)
    ]


@pytest.fixture
def six(team: Team, other_team: Team, mobile: Carrier, unicom: Carrier, manager: User, stranger: User) -> list[Card]:
    """Equal values, values that differ in capitals only, and cards without any; another team has the same."""
    facts: list[dict[str, object]] = [
        {"holder": "b", "monthly_fee": Decimal(9), "purpose": "care", "custom": {"c1": "y", "c2": "9"}},
        {"monthly_fee": Decimal(8), "purpose": "marketing", "custom": {"c1": "z", "c2": "100"}},
        {"carrier": unicom, "holder": "A", "purpose": "marketing"},
        {"holder": "B", "opened_on": date(2020, 1, 1), "custom": {"c2": "9"}},
        {"carrier": unicom, "monthly_fee": Decimal(8), "custom": {"c1": "x", "c2": ""}},
        {"holder": "a", "monthly_fee": Decimal(9), "opened_on": date(2020, 1, 1), "purpose": "care", "custom": {}},
    ]
    for of in (other_team, team):
        cards = [
            Card.objects.create(team=of, number=f"1380000000{n}", **{"carrier": mobile, **fact})
            for n, fact in enumerate(facts, 1)
        ]
    new_case(other_team, mobile, stranger, number="13800000001")
    new_case(team, unicom, manager, number="13800000003")
    driver = CaseDriver(new_case(team, mobile, manager, number="13800000004"), manager)
    driver.do(Withdraw("x"), "2026-10-01T10:00")
    new_case(team, mobile, manager, number="13800000004", now="2026-10-02T10:00")
    mistaken = CaseDriver(new_case(team, mobile, manager, number="13800000002"), manager)
    mistaken.do(Withdraw("x", mistake=True), "2026-10-01T10:00")
    return cards


@pytest.fixture(params=["few", "dense"])
def _most_keys(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "dense":
        monkeypatch.setattr(card_register, "MAX_KEYS", 4)
        monkeypatch.setattr(search, "MAX_KEYS", 4)


def digits(cards: list[Card]) -> list[int]:
    return [int(card.number[-1]) for card in cards]


@pytest.mark.usefixtures("_most_keys")
@pytest.mark.parametrize("way", ["", "-"])
@pytest.mark.parametrize("column", ORDERS)
def test_every_order_there_and_back(
    team: Team, six: list[Card], columns: list[CardColumn], column: str, way: str
) -> None:
    expected = ORDERS[column][bool(way)]
    sort = card_sort(way + column, columns)
    matches = matching_cards(team, CardFilter(), columns, NOW)
    assert digits(list(matches.order_by(*sort.order_by()))) == expected
    for size in (1, 2, 3, 4, 6):
        slices = [expected[start : start + size] for start in range(0, 6, size)]
        page = register_page(matches, team, sort, {}, size)
        there = [digits(page.rows)]
        assert page.newer == ""
        while page.older:
            page = register_page(matches, team, sort, dict(parse_qsl(page.older)), size)
            there.append(digits(page.rows))
        assert there == slices, size
        back = [digits(page.rows)]
        while page.newer:
            page = register_page(matches, team, sort, dict(parse_qsl(page.newer)), size)
            back.append(digits(page.rows))
        assert back == slices[::-1], size


def test_a_card_of_another_team_is_no_place(
    team: Team, other_team: Team, six: list[Card], columns: list[CardColumn]
) -> None:
    theirs = Card.objects.get(team=other_team, number="13800000006")
    matches = matching_cards(team, CardFilter(), columns, NOW)
    for place in (str(theirs.pk), "0", "x", "9" * 19, ""):
        page = register_page(matches, team, card_sort("holder", columns), {"after": place}, 2)
        assert (digits(page.rows), page.newer, page.count) == ([3, 6], "", 6)


def test_the_standing_of_the_open_case_orders_cards(
    team: Team, six: list[Card], manager: User, mobile: Carrier
) -> None:
    for number, moment in ((1, "2026-10-12T09:00"), (5, "2026-10-09T09:00")):
        new_case(team, mobile, manager, number=f"1380000000{number}", now=moment, submitted=moment)
    matches = matching_cards(team, CardFilter(cases="open"), [], NOW)
    assert digits(list(matches.order_by(*card_sort("standing", []).order_by()))) == [5, 1, 4, 3]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (CardFilter(cases="any"), [2, 3, 4]),
        (CardFilter(cases="none"), [1, 5, 6]),
        (CardFilter(cases="open"), [3, 4]),
        (CardFilter(cases="not_open"), [1, 2, 5, 6]),
        (CardFilter(standing="draft"), [3, 4]),
        (CardFilter(standing="no_receipt"), [1, 2, 3, 4, 5, 6]),  # of closed cases: no standing of a card
        (CardFilter(texts={"holder": "="}), [2, 5]),
        (CardFilter(texts={"holder": "=b"}), [1, 4]),
        (CardFilter(texts={"c1": "="}), [3, 4, 6]),
        (CardFilter(texts={"c1": "=X"}), [5]),
        (CardFilter(texts={"note": "=x"}), []),
        (CardFilter(values={"purpose": "="}), [4, 5]),
        (CardFilter(values={"purpose": "care"}), [1, 6]),
        (CardFilter(lowest={"c2": Decimal(9)}, highest={"c2": Decimal(9)}), [1, 4]),
        (CardFilter(lowest={"c2": Decimal("9.01")}), [2]),
        (CardFilter(lowest={"monthly_fee": Decimal(8)}, highest={"monthly_fee": Decimal(8)}), [2, 5]),
        (CardFilter(lowest={"opened_on": date(2020, 1, 1)}, highest={"opened_on": date(2020, 1, 1)}), [4, 6]),
        (CardFilter(highest={"opened_on": date(2019, 12, 31)}), []),
    ],
)
def test_what_a_filter_asks_for(
    team: Team, six: list[Card], columns: list[CardColumn], asked: CardFilter, found: list[int]
) -> None:
    assert sorted(digits(list(matching_cards(team, asked, columns, NOW)))) == found


def test_suggestions_are_the_teams_most_frequent_first(team: Team, other_team: Team, mobile: Carrier) -> None:
    for number, (department, plan) in enumerate((("一部", ""), ("二部", "8元"), ("二部", ""), ("", "59元"))):
        Card.objects.create(team=team, carrier=mobile, number=f"1390000000{number}", department=department, plan=plan)
    Card.objects.create(team=other_team, carrier=mobile, number="13900000009", department="三部", plan="9元")
    assert suggestions(team) == {"department": ["二部", "一部"], "plan": ["59元", "8元"]}


def test_the_newest_thousand_cards_suggest(team: Team, mobile: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_register, "_SAMPLE", 2)
    for number, department in enumerate(("一部", "二部", "三部")):
        Card.objects.create(team=team, carrier=mobile, number=f"1390000000{number}", department=department)
    assert sorted(suggestions(team)["department"]) == ["三部", "二部"]


def test_views_of_a_person_then_of_the_team_by_name(team: Team, other_team: Team, manager: User, agent: User) -> None:
    for of, owner, name, shows in (
        (team, manager, "b", "cards"), (team, None, "a", "cards"), (team, manager, "a", "cards"),
        (team, agent, "c", "cards"), (other_team, manager, "d", "cards"), (other_team, None, "e", "cards"),
        (team, manager, "f", "cases"),
    ):  # fmt: skip
        CardView.objects.create(team=of, owner=owner, name=name, shows=shows, settings={})
    assert [(view.name, view.owner) for view in card_views_of(manager, team)] == [
        ("a", manager), ("b", manager), ("a", None),
    ]  # fmt: skip
    assert [view.name for view in card_views_of(manager, team, "cases")] == ["f"]


def test_the_open_cases_of_chosen_cards(team: Team, six: list[Card]) -> None:
    found = open_cases_of(team, [six[1], six[2], six[3]])
    assert sorted(case.card.number[-1] for case in found) == ["3", "4"]
    assert list(open_cases_of(team, [six[2]])) == [Case.objects.get(team=team, card=six[2])]
