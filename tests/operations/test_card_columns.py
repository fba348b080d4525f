"""The columns that a team adds to its cards, and cells that are changed: one of a card, one value for many."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.domain.card_columns import NotADay, NotAnAmount, UnknownColumn, ValueMissing
from cases.domain.roles import ManagerRequired, OtherTeam, ViewerReadOnly
from cases.models import AuditEntry, Card, CardColumn, Carrier, Team, User
from cases.operations import update_card
from cases.operations.card_cells import CellChanged, change_cell, set_card_values
from cases.operations.card_columns import (
    ChoicesMissing,
    ColumnFacts,
    TitleTaken,
    ValuesDoNotFit,
    add_column,
    change_column,
    count_values,
    delete_column,
    move_column,
    own_columns,
)
from cases.operations.card_views import delete_view, save_view, set_default_view
from tests.helpers import CaseDriver
from tests.moments import NOW


@pytest.fixture
def card(team: Team, mobile: Carrier) -> Card:
    return Card.objects.create(team=team, number="13800138000", carrier=mobile, user="李四", plan="8元")


@pytest.fixture
def extension(team: Team, manager: User) -> CardColumn:
    return add_column(team, ColumnFacts("分机"), by=manager, now=NOW)


def noted() -> list[str]:
    return list(AuditEntry.objects.filter(kind="card_changed").order_by("pk").values_list("about", flat=True))


def test_columns_are_added_moved_and_keep_their_keys(team: Team, manager: User, extension: CardColumn) -> None:
    device = add_column(team, ColumnFacts("设备", "choice", ["手机", " 网关 ", "手机", ""]), by=manager, now=NOW)
    assert (extension.key, device.key, device.choices) == ("c1", "c2", ["手机", "网关"])
    move_column(device, -1, by=manager)
    move_column(device, -1, by=manager)  # it is the first already
    assert [column.title for column in own_columns(team.pk)] == ["设备", "分机"]
    delete_column(extension, by=manager, now=NOW)
    assert add_column(team, ColumnFacts("工位"), by=manager, now=NOW).key == "c3"
    about = AuditEntry.objects.filter(kind="settings_changed").order_by("pk").values_list("about", flat=True)
    assert next(iter(about)) == "card column + 分机 (text)"


def test_who_may_and_what_is_refused(team: Team, manager: User, agent: User, extension: CardColumn) -> None:
    for title in ("分机", " 分机 ", "部门"):
        with pytest.raises(TitleTaken):
            add_column(team, ColumnFacts(title), by=manager, now=NOW)
    with pytest.raises(ChoicesMissing):
        add_column(team, ColumnFacts("设备", "choice", [" "]), by=manager, now=NOW)
    with pytest.raises(ManagerRequired):
        add_column(team, ColumnFacts("设备"), by=agent, now=NOW)
    with pytest.raises(ManagerRequired):
        delete_column(extension, by=agent, now=NOW)
    assert CardColumn.objects.count() == 1


def test_another_kind_reads_the_values_anew_or_is_refused(
    team: Team, manager: User, card: Card, extension: CardColumn, mobile: Carrier
) -> None:
    update_card(card, mobile, {"custom": {"c1": "1,200"}}, by=manager, now=NOW)
    other = Card.objects.create(team=team, number="13800138001", carrier=mobile, custom={"c1": "前台"})
    with pytest.raises(ValuesDoNotFit) as refused:
        change_column(extension, ColumnFacts("分机", "number"), by=manager, now=NOW)
    assert refused.value.params == {"count": 1, "examples": ["前台"]}
    card.refresh_from_db()
    assert (card.custom, own_columns(team.pk)[0].kind) == ({"c1": "1,200"}, "text")
    other.delete()
    assert change_column(extension, ColumnFacts("分机号", "number"), by=manager, now=NOW) == 1
    card.refresh_from_db()
    assert card.custom == {"c1": "1200"}


def test_a_deleted_column_takes_its_values_along(
    team: Team, manager: User, card: Card, extension: CardColumn, mobile: Carrier
) -> None:
    add_column(team, ColumnFacts("设备"), by=manager, now=NOW)
    update_card(card, mobile, {"custom": {"c1": "8021", "c2": "网关"}}, by=manager, now=NOW)
    assert count_values(extension) == 1
    assert delete_column(extension, by=manager, now=NOW) == 1
    card.refresh_from_db()
    assert card.custom == {"c2": "网关"}


def test_a_cell_is_changed_with_one_audit_entry(
    card: Card, agent: User, extension: CardColumn, unicom: Carrier
) -> None:
    for name, shown, typed in (
        ("user", "李四", "王小明"),
        ("monthly_fee", "", "19.9"),
        ("opened_on", "", "2024/3/1"),
        ("purpose", "", "care"),
        ("note", "", "押金三百"),
        ("c1", "", "8021"),
        ("carrier", "china-mobile", "china-unicom"),
        ("plan", "8元", "8元"),
    ):
        change_cell(card, name, typed, shown=shown, by=agent, now=NOW)
    card.refresh_from_db()
    assert (card.user, card.monthly_fee, card.opened_on) == ("王小明", Decimal("19.90"), date(2024, 3, 1))
    assert (card.purpose, card.note, card.custom, card.carrier) == ("care", "押金三百", {"c1": "8021"}, unicom)
    assert noted() == [
        "user: 李* → 王**",
        "monthly_fee: - → 19.90",
        "opened_on: - → 2024-03-01",
        "purpose: - → care",
        "note",
        "分机",
        "carrier: china-mobile → china-unicom",
    ]


def test_a_cell_that_somebody_else_changed_is_not_overwritten(card: Card, agent: User, manager: User) -> None:
    change_cell(card, "plan", "19元", shown="8元", by=manager, now=NOW)
    with pytest.raises(CellChanged) as refused:
        change_cell(card, "plan", "59元", shown="8元", by=agent, now=NOW)
    assert refused.value.params == {"value": "19元"}
    change_cell(card, "plan", "19元", shown="8元", by=agent, now=NOW)  # what is there already
    change_cell(card, "plan", "59元", shown="19元", by=agent, now=NOW)
    card.refresh_from_db()
    assert (card.plan, noted()) == ("59元", ["plan: 8元 → 19元", "plan: 19元 → 59元"])


def test_what_a_cell_refuses(card: Card, agent: User, viewer: User, stranger: User) -> None:
    for name, typed, error in (
        ("monthly_fee", "免费", NotAnAmount),
        ("contract_end", "下月", NotADay),
        ("carrier", "", ValueMissing),
        ("number", "13900139000", UnknownColumn),
        ("c9", "x", UnknownColumn),
    ):
        with pytest.raises(error):
            change_cell(card, name, typed, shown="", by=agent, now=NOW)
    for user, refusal in ((viewer, ViewerReadOnly), (stranger, OtherTeam)):
        with pytest.raises(refusal):
            change_cell(card, "plan", "x", shown="8元", by=user, now=NOW)
        with pytest.raises(refusal):
            set_card_values(card.team, [card.pk], {"plan": "x"}, by=user, now=NOW)
    assert noted() == []


def test_many_cards_get_a_value_in_the_statements_of_one(
    team: Team, other_team: Team, mobile: Carrier, agent: User, extension: CardColumn, submitted: CaseDriver
) -> None:
    cards = [Card.objects.create(team=team, number=f"1380013{n:04}", carrier=mobile) for n in range(41)]
    elsewhere = Card.objects.create(team=other_team, number="13900139000", carrier=mobile)

    def statements(some: list[Card], value: str) -> int:
        keys = [card.pk for card in some]
        with CaptureQueriesContext(connection) as queries:
            changed = set_card_values(
                team, [*keys, elsewhere.pk], {"department": value, "c1": value}, by=agent, now=NOW
            )
        assert [card.pk for card in changed] == keys
        return len(queries)

    assert statements(cards[:1], "一部") == statements(cards[1:], "一部")
    assert set_card_values(team, [card.pk for card in cards], {"department": "一部"}, by=agent, now=NOW) == []
    assert noted() == ["department: - → 一部; 分机"] * 41
    elsewhere.refresh_from_db()
    assert elsewhere.department == ""
    # A holder is on the open case as well.
    set_card_values(team, [submitted.case.card_id], {"holder": "王小明"}, by=agent, now=NOW)
    assert submitted.kinds[-1] == "card_changed"


def test_views_are_ones_own_or_the_teams(team: Team, manager: User, agent: User) -> None:
    mine = save_view(team, "我的", {"sort": "user"}, by=agent, is_default=True)
    again = save_view(team, "我的", {"sort": "plan"}, by=agent)
    assert (again.pk, again.settings, again.is_default) == (mine.pk, {"sort": "plan"}, False)
    with pytest.raises(ManagerRequired):
        save_view(team, "全队", {}, by=agent, for_team=True)
    one = save_view(team, "全队", {}, by=manager, for_team=True, is_default=True)
    two = save_view(team, "第二", {}, by=manager, for_team=True, is_default=True)
    one.refresh_from_db()
    assert (one.is_default, two.is_default, two.owner) == (False, True, None)
    with pytest.raises(ManagerRequired):
        delete_view(one, by=agent)
    set_default_view(one, is_default=True, by=manager)
    delete_view(again, by=agent)
    assert list(team.card_views.order_by("pk").values_list("name", "is_default")) == [("全队", True), ("第二", False)]
