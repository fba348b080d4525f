"""Opening one case: the card registered, the case a draft or submitted already; and what is refused."""

import re
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from cases.domain.business_days import YearNotCovered
from cases.domain.errors import InTheFuture, NotAMember, NumberRefused, OpenCaseExists
from cases.models import Card, Carrier, Case, ChecklistMark, Team, TimelineEntry, User
from cases.operations import CardFacts, NewCase, Submit, Withdraw, open_case, update_card
from tests.helpers import CaseDriver, at, local_str, new_case
from tests.moments import NOW


def test_a_draft(draft: CaseDriver, team: Team, mobile: Carrier, manager: User) -> None:
    case = draft.fresh()
    assert re.fullmatch(r"XK-[2-9A-HJKMNP-Z]{8}", case.reference)
    assert (case.status, case.team, case.carrier, case.card.number) == ("draft", team, mobile, "13800138000")
    assert local_str(case.created_at) == "2026-09-30 15:00"
    assert (case.submission, case.round, case.reply_by, case.next_reminder_at) == (0, 0, None, None)
    assert draft.kinds == ["logged"]
    assert draft.last_content == {
        "by": "Li Na",
        "by_id": manager.pk,
        "number": "13800138000",
        "carrier": "china-mobile",
        "reason": "cost",
        "channel": "hotline",
        "team": team.pk,
        "handler_id": None,
        "card": {"number": "13800138000", "holder": "", "carrier": "china-mobile"},
        "words": "",
        "ready": [],
    }
    entry = draft.last_entry
    assert (entry.status_from, entry.status_to, entry.recorded_by) == ("draft", "draft", manager)
    assert draft.chain_flaw is None


def test_submitted_at_once_is_two_entries_of_one_act(submitted: CaseDriver) -> None:
    case = submitted.fresh()
    assert submitted.kinds == ["logged", "submitted"]
    assert (case.status, case.submission, case.round, case.basis) == ("submitted", 1, 1, "submission")
    assert local_str(case.submitted_at) == "2026-09-30 15:00"
    assert local_str(case.acknowledge_by) == "2026-10-01 15:00"
    assert local_str(case.review_by) == "2026-10-11 00:00"
    assert local_str(case.window_opens) == "2026-10-11 00:00"
    assert local_str(case.reply_by) == local_str(case.first_reply_by) == "2026-10-14 00:00"
    assert case.provisional is False
    assert submitted.rounds == [(1, "submission", "2026-10-14 00:00", None, False)]
    assert submitted.next_reminder == "2026-10-08 09:00"


def test_the_carriers_own_terms_are_copied_and_stay(team: Team, manager: User, unicom: Carrier) -> None:
    case = new_case(team, unicom, manager, submitted="2026-09-30T15:00")
    Carrier.objects.filter(pk=unicom.pk).update(reply_days=3)
    case = Case.objects.get(pk=case.pk)
    assert (case.acknowledge_hours, case.review_days, case.window_days, case.reply_days) == (48, 2, 2, 7)
    assert local_str(case.acknowledge_by) == "2026-10-02 15:00"
    assert local_str(case.review_by) == local_str(case.window_opens) == "2026-10-10 00:00"
    assert local_str(case.reply_by) == "2026-10-16 00:00"


@pytest.mark.parametrize("typed", ["+86 138 0013 8000", "１３８００１３８０００", "0086-138-0013-8000"])
def test_a_number_is_one_number_however_typed(draft: CaseDriver, team: Team, mobile: Carrier, typed: str) -> None:
    with pytest.raises(OpenCaseExists) as caught:
        new_case(team, mobile, draft.by, number=typed)
    assert caught.value.params == {"reference": draft.case.reference}
    assert Card.objects.count() == Case.objects.count() == 1


def test_what_is_known_of_the_card_is_kept_and_emptiness_overwrites_nothing(
    team: Team, manager: User, mobile: Carrier, unicom: Carrier
) -> None:
    facts = CardFacts(
        holder="张三", purpose="marketing", plan="大王卡", monthly_fee=Decimal("19.90"), contract_end=date(2027, 1, 31)
    )
    case = open_case(team, NewCase("13800138000", mobile, "cost", "app", facts=facts), by=manager, now=at("2026-09-01"))
    CaseDriver(case, manager).do(Withdraw(), "2026-09-02")
    new_case(team, unicom, manager)
    card = Card.objects.get()
    assert (card.holder, card.purpose, card.plan) == ("张三", "marketing", "大王卡")
    assert (card.monthly_fee, card.contract_end) == (Decimal("19.90"), date(2027, 1, 31))
    assert card.carrier == unicom


def test_items_that_are_ready_are_ticked_with_the_first_entry(team: Team, manager: User, mobile: Carrier) -> None:
    submit = Submit(at("2026-09-30T14:00"))
    new = NewCase("13800138000", mobile, "cost", "branch", ready=("identity", "card"), submit=submit)
    case = open_case(team, new, by=manager, now=at("2026-09-30T15:00"))
    driver = CaseDriver(case, manager)
    assert sorted(ChecklistMark.objects.values_list("code", "state")) == [("card", "done"), ("identity", "done")]
    assert driver.entries.first().content.body["ready"] == ["identity", "card"]
    assert driver.last_content["not_checked"] == ["account", "arrears", "contract", "contacts", "bindings"]


def test_another_team_may_have_a_case_of_the_same_number(
    draft: CaseDriver, other_team: Team, stranger: User, mobile: Carrier
) -> None:
    other = new_case(other_team, mobile, stranger)
    assert other.card != draft.case.card
    assert other.team == other_team


def test_after_the_end_of_a_case_the_card_may_have_another(draft: CaseDriver, team: Team, mobile: Carrier) -> None:
    draft.do(Withdraw("记错了"), "2026-10-08T10:00")
    again = new_case(team, mobile, draft.by, now="2026-10-08T10:01")
    assert again.card == draft.case.card
    assert again != draft.case


def test_a_handler_belongs_to_the_team(team: Team, manager: User, agent: User, stranger: User, mobile: Carrier) -> None:
    assert new_case(team, mobile, manager, handler=agent).handler == agent
    with pytest.raises(NotAMember):
        new_case(team, mobile, manager, number="13900139000", handler=stranger)
    assert Card.objects.count() == 1


@pytest.mark.parametrize(
    ("submitted", "error"),
    [
        ("2026-09-30T15:03", InTheFuture),
        ("2003-12-31T23:59", YearNotCovered),
    ],
)
def test_a_refused_submission_leaves_nothing_behind(
    team: Team, manager: User, mobile: Carrier, submitted: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        new_case(team, mobile, manager, submitted=submitted)
    assert not Card.objects.exists()
    assert not Case.objects.exists()
    assert not TimelineEntry.objects.exists()


def test_a_number_that_is_none_leaves_nothing_behind(team: Team, manager: User, mobile: Carrier) -> None:
    with pytest.raises(NumberRefused):
        new_case(team, mobile, manager, number="10086")
    assert not Card.objects.exists()


def test_a_submission_may_be_entered_late_and_is_overdue_at_once(team: Team, manager: User, mobile: Carrier) -> None:
    driver = CaseDriver(new_case(team, mobile, manager, now="2026-10-15T10:00", submitted="2026-09-30T15:00"), manager)
    assert driver.reply_by == "2026-10-14 00:00"
    assert driver.next_reminder == "2026-10-16 09:00"  # late day 3; who logged it knows of days 1 and 2
    assert driver.fresh().was_late is False  # the round still runs


def test_the_same_click_is_the_same_case_even_after_it_was_closed(team: Team, manager: User, mobile: Carrier) -> None:
    click = uuid4()
    first = new_case(team, mobile, manager, submitted="2026-09-30T15:00", click=click)
    again = new_case(team, mobile, manager, submitted="2026-09-30T15:00", click=click)
    assert again == first
    CaseDriver(first, manager).do(Withdraw(), "2026-10-08T10:00")
    assert new_case(team, mobile, manager, submitted="2026-09-30T15:00", click=click) == first
    assert Case.objects.count() == 1
    assert TimelineEntry.objects.count() == 3


def test_the_register_can_be_corrected_and_a_negative_fee_cannot(draft: CaseDriver, unicom: Carrier) -> None:
    values = {"holder": "李四", "plan": "", "monthly_fee": Decimal("0.00")}
    card = update_card(draft.case.card, unicom, values, by=draft.by, now=NOW)
    card.refresh_from_db()
    assert (card.holder, card.carrier, card.monthly_fee) == ("李四", unicom, Decimal("0.00"))
    with pytest.raises(ValidationError):
        update_card(card, unicom, {"monthly_fee": Decimal("-0.01")}, by=draft.by, now=NOW)
