"""An import taken back: as a whole while nothing else was done to its rows, and what has moved on is named."""

from collections.abc import Callable

import pytest
from django.utils.translation import override

from cases.models import AuditEntry, Card, CardImport, Carrier, CarrierMessage, Case, ImportedCard, Team, User
from cases.operations import FollowUp, Recalculate, Withdraw, perform_one, register_card, update_card
from cases.operations.card_changes import card_state
from cases.operations.card_import_undo import (
    NotTakenBack,
    TakenBack,
    can_take_back,
    start_taking_back,
    take_back,
    take_back_chunks,
)
from cases.operations.cards import CardFacts
from tests.helpers import at, make_user, new_case
from tests.operations.importing import failures

NOW, LATER = at("2026-10-16T10:00"), at("2026-11-20T10:00")


def undo(made: CardImport, by: User) -> TakenBack:
    with override("en"):
        outcome = take_back(made, by=by, now=LATER)
    made.refresh_from_db()
    return outcome


def test_new_cards_go_and_nothing_is_left(bring: Callable[..., CardImport], manager: User) -> None:
    made = bring("13800138001,移动,某某公司,8", "13800138002,联通")
    outcome = undo(made, manager)
    assert (outcome.done, outcome.kept, outcome.left) == (2, 0, [])
    assert (Card.objects.count(), ImportedCard.objects.count(), made.state) == (0, 0, "undone")
    assert [entry.about for entry in AuditEntry.objects.filter(kind="import_undone")] == ["cards.csv"]
    assert not can_take_back(made, manager)
    with pytest.raises(NotTakenBack):
        take_back(made, by=manager, now=LATER)


def test_changed_cards_are_as_they_were(
    bring: Callable[..., CardImport],
    manager: User,
    team: Team,
    mobile: object,
) -> None:
    titles = "号码,运营商,机主,月租,部门,卡槽"
    bring("13800138001,移动,甲公司,8,,A1", "13800138002,移动", titles=titles)
    made = bring("13800138001,联通,乙公司,19.9,财务部,B2", "13800138002,,丙公司,,,C3", titles=titles)
    assert made.counts == {"changed": 2}
    assert undo(made, manager).done == 2
    first, second = Card.objects.select_related("carrier").order_by("number")
    assert (first.carrier.slug, first.holder, str(first.monthly_fee), first.department, first.custom) == (
        "china-mobile", "甲公司", "8.00", "", {"c1": "A1"},
    )  # fmt: skip
    assert (second.holder, second.custom) == ("", {})


def test_what_a_card_is_given_back_is_recorded_on_its_open_case_and_in_the_audit_log(
    bring: Callable[..., CardImport], manager: User, team: Team
) -> None:
    titles = "号码,运营商,机主,状态"
    bring("13800138001,移动,甲公司,已提交", titles=titles)
    made = bring("13800138001,移动,乙公司", titles="号码,运营商,机主")
    undo(made, manager)
    case = Case.objects.get(team=team)
    content = case.entries.filter(kind="card_changed").latest("sequence").content.body
    assert (content["before"]["holder"], content["after"]["holder"]) == ("乙公司", "甲公司")
    entries = AuditEntry.objects.filter(kind="card_changed", card=case.card_id, at=LATER)
    assert [entry.by for entry in entries] == [manager]


def test_its_cases_are_withdrawn_and_their_cards_stay(bring: Callable[..., CardImport], manager: User) -> None:
    made = bring("13800138001,移动,已注销", "13800138002,移动,已提交", titles="号码,运营商,状态")
    outcome = undo(made, manager)
    assert (outcome.done, outcome.kept, outcome.left, Card.objects.count()) == (2, 2, [], 2)
    assert {(case.status, case.logged_by_mistake) for case in Case.objects.all()} == {("withdrawn", True)}
    words = [entry.content.body["words"] for entry in Case.objects.earliest("pk").entries.filter(kind="withdrawn")]
    assert words == ["The import that logged this case was taken back: cards.csv"]
    assert made.counts == {"new": 2, "case": 2, "undone": 2, "kept": 2, "left": 0}
    again = bring("13800138001,移动,已注销", "13800138002,移动,已提交", titles="号码,运营商,状态")
    assert again.counts["case"] == 2


def test_what_has_moved_on_is_named_and_stays(
    bring: Callable[..., CardImport],
    manager: User,
    team: Team,
) -> None:
    titles = "号码,运营商,机主,状态"
    made = bring(
        "13800138001,移动,,已提交",
        "13800138002,移动,甲公司",
        "13800138003,移动,乙公司",
        "13800138004,移动",
        titles=titles,
    )
    case = Case.objects.get()
    perform_one(FollowUp(NOW), case, by=manager, now=NOW)
    card = Card.objects.select_related("carrier").get(number="13800138002")
    update_card(card, card.carrier, {"holder": "丙公司"}, by=manager, now=NOW)
    outcome = undo(made, manager)
    assert (outcome.done, outcome.kept, [row.row for row, _ in outcome.left]) == (2, 0, [2, 3])
    assert failures(made) == [
        (2, "Left as it is: entry 3 (Follow-up) was recorded on 16 Oct, after this."),
        (3, "Left as it is: the card’s details were changed after the import."),
    ]
    assert list(Card.objects.order_by("number").values_list("number", flat=True)) == ["13800138001", "13800138002"]
    case.refresh_from_db()
    assert case.status == "submitted"


def test_a_field_that_somebody_changed_since_stays(
    bring: Callable[..., CardImport],
    manager: User,
    team: Team,
    mobile: object,
) -> None:
    bring("13800138001,移动,甲公司,8", titles="号码,运营商,机主,月租")
    made = bring("13800138001,,乙公司,19.9", titles="号码,运营商,机主,月租")
    card = Card.objects.select_related("carrier").get()
    register_card(team, card.number, card.carrier, CardFacts(holder="丙公司"), by=manager, now=NOW)
    assert len(undo(made, manager).left) == 1
    card.refresh_from_db()
    assert (card.holder, str(card.monthly_fee)) == ("丙公司", "8.00")


def test_ended_in_the_middle_it_goes_on(
    bring: Callable[..., CardImport],
    manager: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cases.operations.card_import_undo.CHUNK", 2)
    made = bring(*(f"1380013800{n},移动" for n in range(5)))
    assert start_taking_back(made, by=manager, now=LATER)
    next(take_back_chunks(made.pk, manager, LATER))
    assert Card.objects.count() == 3
    assert sum(chunk.done for chunk in take_back_chunks(made.pk, manager, LATER)) == 3
    assert Card.objects.count() == 0


def test_only_who_imported_it_or_a_manager(bring: Callable[..., CardImport], manager: User, agent: User) -> None:
    outsider = make_user("outsider@example.com", Team.objects.create(name="另一队"), "manager")
    made = bring("13800138001,移动")
    assert [can_take_back(made, user) for user in (manager, agent, outsider)] == [True, False, False]
    made.made_by = agent
    assert can_take_back(made, agent)


@pytest.mark.parametrize(
    ("state", "is_over"), [("new", False), ("running", False), ("done", True), ("cancelled", True), ("undone", False)]
)
def test_only_an_import_that_is_over_is_taken_back(
    bring: Callable[..., CardImport], manager: User, state: str, is_over: bool
) -> None:
    """Whatever the page still shows of it."""
    made = bring("13800138001,移动")
    other = bring("13800138002,移动", name="b.csv")
    CardImport.objects.filter(pk=made.pk).update(state=state)
    assert can_take_back(CardImport.objects.get(pk=made.pk), manager) is is_over
    assert start_taking_back(made, by=manager, now=LATER) is is_over  # as the page still shows it: done
    assert CardImport.objects.get(pk=other.pk).state == "done"
    assert AuditEntry.objects.filter(kind="import_undone").count() == is_over


def test_what_is_not_marked_as_taken_back_is_not_undone(bring: Callable[..., CardImport], manager: User) -> None:
    made = bring("13800138001,移动")
    assert list(take_back_chunks(made.pk, manager, LATER)) == []
    assert Card.objects.count() == 1


def test_another_import_with_the_same_rows_stays_as_it_is(
    bring: Callable[..., CardImport], manager: User, team: Team, mobile: Carrier
) -> None:
    """Its rows, failures and counts; and of the import itself the failures of rows that did not move on."""
    other = bring("13800138001,移动,甲公司", "x,移动", name="a.csv", titles="号码,运营商,机主")
    made = bring("13800138002,移动,甲公司", "13800138003,移动", "y,移动", titles="号码,运营商,机主")
    before = (failures(other), other.counts, ImportedCard.objects.filter(card_import=other).count())
    own = failures(made)
    assert [row for row, _ in own] == [4]
    card = Card.objects.select_related("carrier").get(number="13800138002")
    update_card(card, card.carrier, {"note": "靓号"}, by=manager, now=NOW)
    outcome = undo(made, manager)
    assert (outcome.done, outcome.kept, [row.row for row, _ in outcome.left]) == (1, 0, [2])
    assert failures(made) == [
        (2, "Left as it is: the card’s details were changed after the import."), *own,
    ]  # fmt: skip
    other.refresh_from_db()
    assert (failures(other), other.counts, ImportedCard.objects.filter(card_import=other).count()) == before
    assert set(Card.objects.values_list("number", flat=True)) == {"13800138001", "13800138002"}


def test_messages_lose_the_cards_that_go_and_no_others(
    bring: Callable[..., CardImport], manager: User, team: Team
) -> None:
    bring("13800138009,移动", name="before.csv")
    made = bring("13800138001,移动")
    cards = Card.objects.order_by("number")
    messages = [
        CarrierMessage.objects.create(
            team=team, card=card, source="pasted", text="x", received_at=NOW, stored_at=NOW, digest=card.number * 5
        )
        for card in cards
    ]
    assert undo(made, manager).done == 1
    remaining = [CarrierMessage.objects.get(pk=message.pk).card_id for message in messages]
    assert remaining == [None, Card.objects.get().pk]


def test_a_card_with_a_case_of_somebody_else_stays(
    bring: Callable[..., CardImport], manager: User, team: Team, mobile: Carrier
) -> None:
    made = bring("13800138001,移动,", "13800138002,移动,已注销", titles="号码,运营商,状态")
    later = [new_case(team, mobile, manager, number=number, now="2026-10-17T10:00") for number in
             ("13800138001", "13800138002")]  # fmt: skip
    outcome = undo(made, manager)
    assert (outcome.done, outcome.kept) == (0, 0)
    assert failures(made) == [
        (row, f"Left as it is: the card has a case since the import: {case.reference}.")
        for row, case in zip((2, 3), later, strict=True)
    ]
    assert {Case.objects.get(pk=case.pk).status for case in later} == {"draft"}


def test_a_case_that_was_withdrawn_meanwhile(bring: Callable[..., CardImport], manager: User) -> None:
    """By mistake, that is what the undoing would do; for another reason the case has moved on."""
    made = bring("13800138001,移动,已提交", "13800138002,移动,已提交", titles="号码,运营商,状态")
    first, second = Case.objects.order_by("card__number")
    perform_one(Withdraw("记错了", mistake=True), first, by=manager, now=NOW)
    perform_one(Withdraw("不办了"), second, by=manager, now=NOW)
    outcome = undo(made, manager)
    assert (outcome.done, outcome.kept, [row.row for row, _ in outcome.left]) == (1, 1, [3])
    assert first.entries.filter(kind="withdrawn").count() == 1


def test_what_the_calendar_recalculates_is_no_later_act(bring: Callable[..., CardImport], manager: User) -> None:
    made = bring("13800138001,移动,已提交", titles="号码,运营商,状态")
    perform_one(Recalculate(), Case.objects.get(), by=None, now=NOW)
    assert undo(made, manager).done == 1


def test_every_kind_of_value_is_given_back(bring: Callable[..., CardImport], manager: User, unicom: Carrier) -> None:
    titles = "号码,运营商,机主,月租,开户日期,用途,卡槽,楼层"
    bring("13800138001,移动,甲公司,8,2024-01-02,电销,A1,", "13800138002,移动,,,,,,", titles=titles)
    before = [card_state(card) for card in Card.objects.select_related("carrier").order_by("number")]
    made = bring(
        "13800138001,联通,乙公司,9,2025-01-02,客服,B1,3", "13800138002,联通,丙,9,2025-01-02,客服,B1,4", titles=titles
    )
    assert made.counts == {"changed": 2}
    assert undo(made, manager).left == []
    assert [card_state(card) for card in Card.objects.select_related("carrier").order_by("number")] == before


def test_an_own_column_that_was_changed_since_stays(bring: Callable[..., CardImport], manager: User) -> None:
    titles = "号码,运营商,卡槽,楼层"
    bring("13800138001,移动,A1,1", titles=titles)
    made = bring("13800138001,移动,B1,2", titles=titles)
    card = Card.objects.get()
    card.custom["c1"] = "C1"
    card.save()
    assert len(undo(made, manager).left) == 1
    assert Card.objects.get().custom == {"c1": "C1", "c2": "1"}
    assert not ImportedCard.objects.filter(card_import=made).exists()
