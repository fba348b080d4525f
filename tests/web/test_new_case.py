"""Logging a case: one screen, one minute."""

from decimal import Decimal
from typing import Any

import pytest

from cases import operations as ops
from cases.models import Card, Carrier, Case, ChecklistMark
from tests.helpers import at, local_str, on
from tests.moments import NOW
from tests.web import scenarios
from tests.web.html_client import Page, Person
from tests.web.scenarios import Make

NEW = "/cases/new/"


def form_values(carrier: Carrier, **more: Any) -> dict[str, Any]:
    return {"number": "138 0013 8000", "carrier": carrier.pk, "submitted_at": "2026-09-30T15:00", **more}


def test_a_draft(me: Person, mobile: Carrier) -> None:
    response = me.fill(
        NEW, press="draft", **form_values(mobile, reason="harassment", channel="branch", words="客户要求")
    )
    case = Case.objects.get()
    assert (response.status, response.location) == (302, f"/cases/{case.reference}/")
    assert (case.status, case.reason, case.channel, case.handler) == ("draft", "harassment", "branch", me.user)
    assert case.submitted_at is None
    assert case.reply_by is None
    assert case.card.number == "13800138000"
    page = me.follow(response)
    assert "in preparation" in page.text
    assert "Get the documents ready and submit the request at a branch" in page.text
    assert "客户要求" in page.text


def test_submitted_already(me: Person, mobile: Carrier) -> None:
    response = me.fill(NEW, press="submit", **form_values(mobile, reference="SL-4711"))
    case = Case.objects.get()
    assert case.status == "submitted"
    assert local_str(case.submitted_at) == "2026-09-30 15:00"
    assert local_str(case.acknowledge_by) == "2026-10-01 15:00"
    assert local_str(case.reply_by) == "2026-10-14 00:00"
    assert case.carrier_reference == "SL-4711"
    page = me.follow(response)
    assert "3 working days overdue" in page.text
    assert "Tue 13 Oct, 24:00" in page.text
    assert "SL-4711" in page.text


def test_the_page_opens_with_this_minute_and_its_deadline(me: Person) -> None:
    page = me.get(NEW)
    assert page.form().fields["submitted_at"] == "2026-10-16T10:00"
    assert "Submitted at this time, the reply is due by the end of Fri 23 Oct." in page.part("preview")
    assert "Acknowledgement due by 17 Oct, 10:00. You can make a first call after the end of Wed 21 Oct." in page.part(
        "preview"
    )


@pytest.mark.parametrize(
    ("number", "slug"),
    [("139 1234 5678", "china-mobile"), ("18612345678", "china-unicom"), ("+86 19812345678", "china-mobile")],
)
def test_an_empty_carrier_is_guessed_shown_and_asked_back(
    me: Person, mobile: Carrier, unicom: Carrier, number: str, slug: str
) -> None:
    page = me.fill(NEW, press="submit", number=number, submitted_at="2026-10-15T09:00", words="kept")
    assert page.status == 200
    assert (
        "The carrier was filled in from the number’s prefix. Numbers can be ported, so check it, then submit again."
        in page.text
    )
    fields = page.form().fields
    assert fields["carrier"] == str(Carrier.objects.get(slug=slug).pk)
    assert (fields["number"], fields["submitted_at"], fields["words"]) == (number, "2026-10-15T09:00", "kept")
    assert not Case.objects.exists()
    assert me.send(page, NEW, press="submit").status == 302
    assert Case.objects.get().carrier.slug == slug


@pytest.mark.parametrize("number", ["17012345678", "16212345678", "16512345678", "16712345678", "17112345678"])
def test_of_a_virtual_operators_number_no_carrier_is_guessed(
    me: Person, mobile: Carrier, virtual: Carrier, number: str
) -> None:
    page = me.fill(NEW, press="draft", number=number)
    assert "Choose the carrier. It cannot be worked out from the number." in page.text
    assert page.form().fields["carrier"] == ""
    assert me.send(page, NEW, press="draft", carrier=virtual.pk).status == 302


def test_the_carrier_that_a_person_chose_is_not_guessed_away(me: Person, mobile: Carrier, unicom: Carrier) -> None:
    me.fill(NEW, press="draft", number="13800138000", carrier=unicom.pk)  # ported
    assert Case.objects.get().carrier == unicom


def test_a_card_is_remembered(me: Person, mobile: Carrier, unicom: Carrier) -> None:
    facts = {"holder": "上海某某", "purpose": "marketing", "plan": "外呼 39", "monthly_fee": "39.00"}
    me.fill(NEW, press="draft", **form_values(unicom, contract_end="2027-03-31", **facts))
    case = Case.objects.get()
    ops.perform_one(ops.Withdraw(), case, by=me.user, now=NOW)
    page = me.get(f"{NEW}?card={case.card.pk}")
    wanted = {"number": "138 0013 8000", "carrier": str(unicom.pk), "contract_end": "2027-03-31", **facts}
    assert {name: page.form().fields[name] for name in wanted} == wanted
    # And where the card's number is only typed: what stays empty does not empty the register.
    me.fill(NEW, press="draft", **form_values(unicom))
    card = Card.objects.get()
    assert (card.holder, card.monthly_fee, card.contract_end) == ("上海某某", Decimal("39.00"), on("2027-03-31"))
    assert card.cases.count() == 2


def test_another_teams_card_is_not_given_away(me: Person, outsider: Person, mobile: Carrier) -> None:
    outsider.fill(NEW, press="draft", **form_values(mobile, holder="秘密公司"))
    card = Card.objects.get()
    assert me.get(f"{NEW}?card={card.pk}").status == 404
    looked = me.post("/cases/new/lookup/", number="13800138000")
    assert "秘密公司" not in looked.text
    assert "open case" not in looked.text
    assert me.fill(NEW, press="draft", **form_values(mobile)).status == 302  # their own card with this number


@pytest.mark.parametrize("junk", ["x", "-1", "²", "٣", "9" * 30, "9" * 5000, "\x00", ""])
def test_junk_for_a_card_in_the_address(me: Person, junk: str) -> None:
    assert me.get(NEW, card=junk).status in (200, 404)
    assert me.post("/cases/new/deadlines/", carrier=junk, submitted_at=junk, number=junk).status == 200
    assert me.post("/cases/new/lookup/", carrier=junk, number=junk).status == 200
    assert me.post(NEW, carrier=junk, number="13800138000", press="draft").status == 200


def test_what_is_ready_is_ticked(me: Person, mobile: Carrier) -> None:
    me.fill(NEW, press="draft", **form_values(mobile, ready=["identity", "card"]))
    assert set(ChecklistMark.objects.values_list("code", "state")) == {("identity", "done"), ("card", "done")}
    page = me.get(f"/cases/{Case.objects.get().reference}/")
    assert page.part("checklist").startswith(
        "Documents and checklist 2 / 13 ✓Identity document (original and copy) Change"
    )


def test_ticks_and_folded_fields_survive_an_error(me: Person, mobile: Carrier) -> None:
    given = form_values(
        mobile, ready=["identity", "arrears"], holder="张三", plan="外呼", monthly_fee="12.50", reference="R1"
    )
    page = me.fill(NEW, press="submit", **{**given, "number": "12345"})
    assert page.status == 200
    fields = page.form().fields
    for name in ("holder", "plan", "monthly_fee", "reference", "ready", "submitted_at"):
        assert fields[name] == given[name], name
    assert fields["number"] == "12345"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("monthly_fee", "-1", "Ensure this value is greater than or equal to 0."),
        ("monthly_fee", "cheap", "Enter a number."),
        ("monthly_fee", "1e400", "Ensure that there are no more than"),
        ("monthly_fee", "NaN", "Enter a number."),
        ("contract_end", "31.12.2026", "Enter a date, like 2026-09-30."),
        ("reason", "boredom", "Select a valid choice."),
        ("channel", "pigeon", "Select a valid choice."),
        ("carrier", "999999", "Select a valid choice."),
        ("ready", "identity-theft", "Select a valid choice."),
        ("submitted_at", "yesterday", "Enter a date and time, like 2026-09-30 15:00."),
        ("submitted_at", "", "Enter the submission time, or save the case as a draft."),
        ("number", "", "This field is required."),
    ],
)
def test_a_field_that_does_not_fit_says_so(me: Person, mobile: Carrier, name: str, value: str, sentence: str) -> None:
    page = me.fill(NEW, press="submit", **{**form_values(mobile), name: value})
    assert page.status == 200
    assert sentence in page.text
    assert not Case.objects.exists()
    assert not Card.objects.exists()


def test_a_draft_needs_no_moment_of_submission(me: Person, mobile: Carrier) -> None:
    assert me.fill(NEW, press="draft", **form_values(mobile, submitted_at="")).status == 302


def test_a_press_of_no_button_saves_nothing(me: Person, mobile: Carrier) -> None:
    for press in ("preview", "", "nonsense", None):
        page = me.fill(NEW, press=press, **form_values(mobile))
        assert page.status == 200
        assert "Submitted at this time, the reply is due by the end of Tue 13 Oct." in page.part("preview")
    assert not Case.objects.exists()


# The preview


def preview(me: Person, moment: str, carrier: Any = "", **more: str) -> Page:
    return me.post("/cases/new/deadlines/", submitted_at=moment, carrier=carrier, **more)


def test_the_preview_warns_of_a_holiday_in_the_window(me: Person) -> None:
    assert (
        "A public holiday falls in this period (National Day): 5 working days take 13 calendar days."
        in preview(me, "2026-09-30T15:00").text
    )
    assert "public holiday" not in preview(me, "2026-10-12T15:00").text


def test_the_preview_goes_by_the_carriers_own_terms(me: Person, mobile: Carrier, unicom: Carrier) -> None:
    assert "due by the end of Mon 19 Oct" in preview(me, "2026-10-12T15:00", mobile.pk).text
    own = preview(me, "2026-10-12T15:00", unicom.pk).text
    assert "due by the end of Wed 21 Oct" in own
    assert "Acknowledgement due by 14 Oct, 15:00" in own
    guessed = preview(me, "2026-10-12T15:00", number="18612345678").text
    assert "due by the end of Wed 21 Oct" in guessed


def test_the_preview_says_what_is_provisional(me: Person, clock: Any) -> None:
    clock.move_to(at("2026-12-28T10:00"))
    assert me.user
    me.client.force_login(me.user)
    assert (
        "Provisional: next year’s holiday schedule has not been published. The deadline will be recalculated when it "
        "is." in preview(me, "2026-12-28T09:00").text
    )


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2026-10-16T10:03", "This time is in the future. Enter when it actually happened."),
        ("9999-12-31T23:59", "This time is in the future. Enter when it actually happened."),
        ("2003-12-31T10:00", "2003"),
        ("0001-01-01T00:00", "0001"),
        ("soon", "Enter a date and time, like 2026-09-30 15:00."),
    ],
)
def test_the_preview_says_why_there_is_none(me: Person, moment: str, sentence: str) -> None:
    page = preview(me, moment)
    assert page.status == 200
    assert "due by" not in page.text
    if moment != "0001-01-01T00:00":
        assert sentence in page.text
    assert me.fill(NEW, press="preview", number="13800138000", submitted_at=moment).status == 200


# What a number tells while it is typed (htmx asks this address)


def test_the_lookup_names_the_guessed_carrier(me: Person, mobile: Carrier) -> None:
    page = me.post("/cases/new/lookup/", number="138 1234 5678", carrier="")
    assert "Filled in from the number’s prefix. Numbers can be ported, so check it." in page.text
    assert f'<option value="{mobile.pk}" selected>China Mobile</option>' in page.html
    chosen = me.post("/cases/new/lookup/", number="138 1234 5678", carrier="1")
    assert "<select" not in chosen.html


def test_the_lookup_asks_back_for_a_virtual_number(me: Person) -> None:
    assert "This prefix belongs to a virtual operator, but does not tell which one. Check the card or a bill." in (
        me.post("/cases/new/lookup/", number="17012345678").text
    )


def test_the_lookup_shows_card_and_open_case(me: Person, new_driver: Make) -> None:
    case = scenarios.overdue(new_driver).case
    page = me.post("/cases/new/lookup/", number="13800000005")
    assert f"/cases/{case.reference}/" in page.hrefs
    assert "This card already has an open case:" in page.text
    assert "This card has already been added: 138****0005" in page.text


def test_the_lookup_warns_where_the_chosen_carrier_is_not_the_prefixs(
    me: Person, mobile: Carrier, unicom: Carrier, virtual: Carrier
) -> None:
    warning = "By its prefix this number belongs to China Unicom. If it has not been ported, change the carrier."
    asked = {"number": "18612345678"}
    assert warning in me.post("/cases/new/lookup/", carrier=mobile.pk, **asked).text
    assert warning not in me.post("/cases/new/lookup/", carrier=unicom.pk, **asked).text
    assert warning not in me.post("/cases/new/lookup/", carrier="", **asked).text
    assert "By its prefix" not in me.post("/cases/new/lookup/", carrier=mobile.pk, number="17012345678").text
    me.fill("/cards/new/", number="18612345678", carrier=mobile.pk)  # ported, as the register knows
    page = me.post("/cases/new/lookup/", carrier=mobile.pk, **asked)
    assert "By its prefix" not in page.text
    assert "Filled in from the number’s prefix" not in me.post("/cases/new/lookup/", carrier="", **asked).text


def test_the_lookup_is_silent_while_a_number_is_not_yet_whole(me: Person) -> None:
    assert me.post("/cases/new/lookup/", number="138").text == ""
    assert "is not a mobile number" in me.post("/cases/new/lookup/", number="23800138000").text


def test_the_same_click_twice_logs_one_case(me: Person, mobile: Carrier) -> None:
    page = me.get(NEW)
    first = me.send(page, NEW, press="submit", **form_values(mobile))
    again = me.send(page, NEW, press="submit", **form_values(mobile))
    assert (again.status, again.location) == (302, first.location)
    assert Case.objects.count() == 1
