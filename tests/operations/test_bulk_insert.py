"""Rows written many at once, from plain values: every kind of value, keys in order, conflicts left out."""

from datetime import date
from decimal import Decimal

import pytest

from cases.models import Card, Carrier, Team, User
from cases.operations import CardFacts, cards
from cases.operations.cards import NewCard, register_cards
from cases.operations.engine.bulk_insert import insert_rows
from tests.helpers import at

NOW = at("2026-10-16T10:00")
FACTS = CardFacts(
    holder="某公司", monthly_fee=Decimal("8.00"), opened_on=date(2024, 3, 5), custom={"c1": "A1"}, note="一\n二"
)


def test_more_rows_than_a_statement_takes(team: Team, mobile: Carrier) -> None:
    columns = ("team_id", "number", "carrier_id", "created_at", "holder", "purpose", "plan")
    rows = [(team.pk, f"138{n:08d}", mobile.pk, NOW, "", "", "") for n in range(700)]
    keys = insert_rows(Card, columns, rows)
    assert list(Card.objects.order_by("pk").values_list("pk", "number")) == [
        (key, row[1]) for key, row in zip(keys, rows, strict=True)
    ]


def test_a_registered_card_has_what_it_was_registered_with(team: Team, manager: User, mobile: Carrier) -> None:
    (card,) = register_cards(team, [NewCard("13800138000", mobile, facts=FACTS)], by=manager, now=NOW).values()
    stored = Card.objects.get()
    assert card == stored
    assert {name: getattr(stored, name) for name in vars(FACTS)} == vars(FACTS)
    assert (stored.carrier, stored.created_at, stored.tail) == (mobile, NOW, "8000")


def test_somebody_registers_one_of_them_first(
    team: Team, manager: User, mobile: Carrier, unicom: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = insert_rows

    def beaten(*arguments: object, **options: bool) -> list[int]:
        Card.objects.create(team=team, number="13800138001", carrier=unicom, holder="先到")
        return plain(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(cards, "insert_rows", beaten)
    new_cards = [NewCard(f"1380013800{n}", mobile, facts=CardFacts(plan="8元")) for n in range(3)]
    registered = register_cards(team, new_cards, by=manager, now=NOW)
    assert [(card.number, card.carrier.slug, card.holder, card.plan) for _, card in sorted(registered.items())] == [
        ("13800138000", "china-mobile", "", "8元"),
        ("13800138001", "china-mobile", "先到", "8元"),
        ("13800138002", "china-mobile", "", "8元"),
    ]
    assert Card.objects.filter(carrier=mobile, plan="8元").count() == 3
