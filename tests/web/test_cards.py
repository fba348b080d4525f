"""The card register."""

from decimal import Decimal

from cases.models import Card, Carrier
from tests.helpers import on
from tests.web import scenarios
from tests.web.html_client import Person
from tests.web.scenarios import Make

FACTS = {
    "holder": "上海某某有限公司",
    "purpose": "marketing",
    "plan": "外呼 39",
    "monthly_fee": "39.50",
    "contract_end": "2027-03-31",
}


def test_a_card_is_registered_shown_and_changed(me: Person, mobile: Carrier, unicom: Carrier) -> None:
    response = me.fill("/cards/new/", number="+86 138-0013-8000", carrier=mobile.pk, **FACTS)
    card = Card.objects.get()
    assert response.location == f"/cards/{card.pk}/"
    assert card.number == "13800138000"
    page = me.follow(response)
    assert "138****8000" in page.text
    for shown in ("上海某某有限公司", "外呼 39", "39.50", "Wed 31 Mar 2027", "No case for this card yet."):
        assert shown in page.text
    assert f"/cases/new/?card={card.pk}" in page.hrefs

    form = me.get(f"/cards/{card.pk}/change/").form()
    assert {name: form.fields[name] for name in FACTS} == FACTS
    assert "number" not in form.fields
    assert me.fill(f"/cards/{card.pk}/change/", carrier=unicom.pk, holder="", monthly_fee="").status == 302
    card.refresh_from_db()
    assert (card.carrier, card.holder, card.monthly_fee, card.plan) == (unicom, "", None, "外呼 39")
    assert me.fill(f"/cards/{card.pk}/change/", number="13999999999", monthly_fee="0").status == 302
    card.refresh_from_db()
    assert (card.number, card.monthly_fee) == ("13800138000", Decimal(0))


def test_a_card_that_is_registered_already(me: Person, mobile: Carrier) -> None:
    me.fill("/cards/new/", number="13800138000", carrier=mobile.pk, holder="原来的")
    page = me.fill("/cards/new/", number="138 0013 8000", carrier=mobile.pk, holder="别的")
    assert "This card has already been added." in page.text
    assert f"/cards/{Card.objects.get().pk}/" in page.hrefs
    assert page.form().fields["holder"] == "别的"
    assert Card.objects.get().holder == "原来的"


def test_what_does_not_fit_is_told_and_what_was_typed_stays(me: Person, mobile: Carrier) -> None:
    page = me.fill("/cards/new/", **FACTS | {"number": "1380013800", "carrier": "", "monthly_fee": "-1"})
    assert "“1380013800” is not a mobile number." in page.text
    assert page.text.count("This field is required.") == 1
    assert "Ensure this value is greater than or equal to 0." in page.text
    fields = page.form().fields
    assert (fields["number"], fields["monthly_fee"], fields["plan"]) == ("1380013800", "-1", "外呼 39")
    for fee in ("1234567.00", "0.001", "NaN", "Infinity", "1e9", "-0.01"):
        assert me.fill("/cards/new/", number="13800138000", carrier=mobile.pk, monthly_fee=fee).status == 200, fee
    assert not Card.objects.exists()


def test_a_card_shows_its_cases_and_offers_a_new_one_only_without_an_open_one(me: Person, new_driver: Make) -> None:
    old = scenarios.withdrawn(new_driver, "13800138000").case
    card = f"/cards/{old.card_id}/"
    page = me.get(card)
    assert f"/cases/{old.reference}/" in page.hrefs
    assert f"/cases/new/?card={old.card_id}" in page.hrefs
    new = scenarios.overdue(new_driver, "13800138000").case
    page = me.get(card)
    assert {f"/cases/{old.reference}/", f"/cases/{new.reference}/"} <= set(page.hrefs)
    assert f"/cases/new/?card={old.card_id}" not in page.hrefs
    assert "3 working days overdue" in page.text
    listed = me.get("/cards/")
    assert "1 card" in listed.text
    assert "2 · open" in listed.text
    assert (f"/cases/{new.reference}/", "open") in listed.links


def test_cards_are_found_by_number_carrier_and_holder(me: Person, mobile: Carrier, unicom: Carrier) -> None:
    me.fill("/cards/new/", number="13800138000", carrier=mobile.pk, holder="上海某某有限公司")
    me.fill("/cards/new/", number="18600000001", carrier=unicom.pk, holder="张三")
    for q, found in (
        ("138 0013 8000", "138****8000"),
        ("8000", "138****8000"),
        ("上海", "138****8000"),
        ("移动", "138****8000"),
        ("china unicom", "186****0001"),
        ("1860", "186****0001"),
        ("张三", "186****0001"),
    ):
        page = me.follow(me.post("/cards/", q=q))
        assert "1 card " in page.text, q
        assert found in page.text, q
    assert "No cards found" in me.get("/cards/", q="李四").text
    assert "No cards found" in me.get("/cards/", q="%").text


def test_the_list_of_cards_has_pages(me: Person, manager: object, team: object, mobile: Carrier) -> None:
    Card.objects.bulk_create(Card(team=team, number=f"1380013{n:04}", carrier=mobile) for n in range(51))
    first = me.get("/cards/", q="1380013")
    assert "51 cards" in first.text
    assert first.text.count("138****") == 50
    href = next(href for href, said in first.links if said == "Older")
    assert href.startswith("?q=1380013&after=")
    assert me.get(f"/cards/{href}").text.count("138****") == 1
    assert Card.objects.filter(contract_end=on("2027-03-31")).count() == 0
