"""Tables of cards: looked through, brought in whole by the row, stopped, killed and gone on with, twice the same."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import (
    Card,
    CardColumn,
    CardImport,
    Carrier,
    Case,
    ImportedCard,
    Team,
    TimelineEntry,
    User,
)
from cases.operations import card_import
from cases.operations.card_import import ImportNotNew, ImportOptions
from cases.operations.carrier_names import name_carrier
from cases.operations.integrity import first_chain_flaw
from tests import ROOT
from tests.helpers import at, local_str, make_user, new_case
from tests.operations.importing import NOW, TITLES, failures, finish, plans
from tests.processes import environment


def test_looking_changes_nothing(bring: Callable[..., CardImport]) -> None:
    made = bring("13800138001,移动,,8,2026-09-30 15:00", "12345", run=False)
    assert made.forecast["counts"] == {"new": 1, "case": 1, "wrong": 1}
    assert made.forecast["ranges"] == {"new": [[2, 2]], "case": [[2, 2]], "wrong": [[3, 3]]}
    assert made.forecast["columns"][:2] == [[0, "号码", "number"], [1, "运营商", "carrier"]]
    assert (Card.objects.count(), Case.objects.count(), made.state) == (0, 0, "new")
    assert CardColumn.objects.count() == 0


def test_a_card_is_registered_and_a_case_logged(bring: Callable[..., CardImport], manager: User) -> None:
    made = bring("13800138001,移动,某某公司,8", "13800138002,移动,某某公司,8,2026-09-30 15:00,SL-1")
    assert (made.state, made.counts, made.cursor, made.percent) == ("done", {"new": 2, "case": 1}, 3, 100)
    first, second = Card.objects.order_by("number")
    assert (first.number, first.holder, str(first.monthly_fee)) == ("13800138001", "某某公司", "8.00")
    case = Case.objects.get()
    assert (case.card, case.status, case.carrier_reference, case.handler) == (second, "submitted", "SL-1", manager)
    assert (local_str(case.submitted_at), local_str(case.reply_by)) == ("2026-09-30 15:00", "2026-10-14 00:00")
    assert [entry.kind for entry in case.entries.order_by("sequence")] == ["logged", "taken_over"]
    assert first_chain_flaw(case) is None


def test_the_same_table_again_changes_nothing(bring: Callable[..., CardImport]) -> None:
    titles = TITLES + ",状态,备注,卡槽"
    lines = [
        "13800138001,移动,某某公司,8,,,李雷,,闲置,A1",
        "13800138002,移动,某某公司,8,2026-09-30,SL-1,某人,已提交",
        "13800138003,移动,,,,,,已注销",
        "13800138004,移动,,,2026-10-09,,Li Na,审核中",
        "13800138005,移动,,,,,,待注销",
        "17000000001,某虚拟商",
    ]
    first = bring(*lines, titles=titles)
    assert {"new": 6, "case": 4}.items() <= first.counts.items()
    made = bring(*lines, titles=titles)
    assert {outcome: made.forecast["counts"].get(outcome) for outcome in ("same", "changed", "case")} == {
        "same": 6, "changed": None, "case": None,
    }  # fmt: skip
    assert (Card.objects.count(), Case.objects.count(), TimelineEntry.objects.count()) == (6, 4, 8)


def test_a_card_that_is_there_gets_what_the_table_says_more(bring: Callable[..., CardImport], manager: User) -> None:
    bring("13800138001,移动,某某公司,8")
    made = bring("13800138001,联通,,19.9", run=False)
    (plan,) = plans(made, manager)
    changes = {name: tuple(map(str, pair)) for name, pair in plan.changes.items()}
    assert (plan.outcome, changes) == (
        "changed", {"carrier": ("中国移动", "中国联通"), "monthly_fee": ("8.00", "19.90")}
    )  # fmt: skip
    finish(made, manager)
    assert made.counts == {"changed": 1}
    card = Card.objects.get()
    assert (card.carrier.slug, card.holder, str(card.monthly_fee)) == ("china-unicom", "某某公司", "19.90")


def test_a_guess_replaces_no_carrier_that_somebody_entered(bring: Callable[..., CardImport], team: Team) -> None:
    bring("13800138001,联通")
    made = bring("13800138001,某某公司", titles="号码,机主")
    card = Card.objects.get()
    assert (made.counts, card.carrier.slug, card.holder) == ({"changed": 1}, "china-unicom", "某某公司")


def test_a_note_is_added_and_an_empty_cell_empties_nothing(bring: Callable[..., CardImport]) -> None:
    bring("13800138001,闲置,财务部", titles="号码,备注,部门")
    bring("13800138001,待处理,", titles="号码,备注,部门")
    made = bring("13800138001,闲置,", titles="号码,备注,部门")
    card = Card.objects.get()
    assert (card.note, card.department, made.counts) == ("闲置\n待处理", "财务部", {"same": 1})


def test_own_columns_are_made_once_and_of_their_kind(bring: Callable[..., CardImport], team: Team) -> None:
    bring("13800138001,A1,3,2026-01-02", "13800138002,,12,2026-01-03", titles="号码,卡槽,柜号,盘点日")
    columns = [(column.key, column.title, column.kind) for column in CardColumn.objects.filter(team=team)]
    assert columns == [("c1", "卡槽", "text"), ("c2", "柜号", "number"), ("c3", "盘点日", "date")]
    assert Card.objects.get(number="13800138001").custom == {"c1": "A1", "c2": "3", "c3": "2026-01-02"}
    bring("13800138002,B7,丢了", titles="号码,卡 槽,柜号")
    assert Card.objects.get(number="13800138002").custom == {"c1": "B7", "c2": "丢了", "c3": "2026-01-03"}
    assert CardColumn.objects.get(key="c2").kind == "text"


def test_a_carrier_that_nobody_knows_is_named_once(bring: Callable[..., CardImport], manager: User, team: Team) -> None:
    first = bring("17000000001,阿里通信", titles="号码,运营商")
    assert first.forecast["unknown_carriers"] == [["阿里通信", 1]]
    card = Card.objects.select_related("carrier").get()
    assert (card.carrier.slug, card.note) == ("other-carrier", "阿里通信")
    name_carrier(team, " 阿里通信 ", Carrier.objects.create(slug="ali", name="阿里", name_en="Ali"))
    made = bring("17000000001,阿里通信", "17000000002,阿里通信", titles="号码,运营商")
    assert (made.forecast["unknown_carriers"], made.counts) == ([], {"changed": 1, "new": 1})
    assert {card.carrier.slug for card in Card.objects.select_related("carrier")} == {"ali"}


def test_columns_are_remembered_for_the_same_titles(bring: Callable[..., CardImport], manager: User) -> None:
    titles = "号码,甲,乙"
    made = bring("13800138001,一部,闲置", titles=titles, run=False)
    card_import.set_options(made, ImportOptions(0, columns={0: "number", 1: "department", 2: ""}), now=NOW)
    again = bring("13800138002,二部,在用", titles=titles)
    card = Card.objects.get()
    assert (again.columns, card.department, card.custom) == ({"0": "number", "1": "department", "2": ""}, "二部", {})


def test_a_wrong_cell_is_mended_before_the_import(bring: Callable[..., CardImport], manager: User) -> None:
    made = bring("138001380011,移动", run=False)
    assert made.forecast["counts"] == {"wrong": 1}
    card_import.set_fix(made, 2, 0, "13800138001")
    assert made.forecast == {}
    card_import.dry_run(made, by=manager, now=NOW)
    finish(made, manager)
    assert Card.objects.get().number == "13800138001"
    with pytest.raises(ImportNotNew):
        card_import.set_fix(made, 2, 0, "13800138002")


def test_what_cannot_be_taken_is_told_and_the_rest_taken(
    bring: Callable[..., CardImport], team: Team, mobile: Carrier, manager: User
) -> None:
    open_case = new_case(team, mobile, manager, number="13800138009", submitted="2026-09-30T15:00")
    made = bring(
        "13800138001,移动",
        "12345,移动",
        "138 0013 8001,移动",
        "",
        "13800138009,移动,,,2026-10-12 09:00",
        "13800138003,移动,,,,,没有这个人",
        "13800138001,移动,另一家公司",
    )
    outcomes = [(plan.row, plan.outcome) for plan in plans(made, manager)]
    assert outcomes == [(2, "same"), (3, "wrong"), (4, "same"), (6, "same"), (7, "same"), (8, "wrong")]
    assert made.counts == {"new": 2, "wrong": 2, "same": 2, "warned": 1}
    assert [row for row, _ in failures(made)] == [3, 8]
    assert failures(made)[1][1] == (
        "The number repeats row 2, with other details. Keep one of the rows and delete the other."
    )
    warned = next(plan for plan in plans(made, manager) if plan.row == 6)
    assert [str(message) for message in warned.warnings] == [
        f"This card has an open case: {open_case.reference}. It stays as it is; no other is logged."
    ]
    assert [str(plan.reason) for plan in plans(made, manager) if plan.row == 4] == ["Repeats row 2."]
    assert Card.objects.get(number="13800138003").handler_name == "没有这个人"


def test_the_handler_is_found_by_name_or_address(bring: Callable[..., CardImport], team: Team, agent: User) -> None:
    make_user("looks@example.com", team, "viewer")
    made = bring(
        "13800138001,移动,,,2026-09-30,,wang.wei@example.com",
        f"13800138002,移动,,,2026-09-30,, {agent.name} ",
        "13800138003,移动,,,2026-09-30,,looks@example.com",
    )
    assert [case.handler for case in Case.objects.order_by("pk")] == [agent, agent, None]
    assert made.forecast["new_handlers"] == [["looks@example.com", 1]]
    assert Card.objects.get(number="13800138003").handler_name == "looks@example.com"


def test_it_is_stopped_between_chunks_and_goes_on_where_it_was(
    bring: Callable[..., CardImport], manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_import, "CHUNK", 2)
    made = bring(*(f"1380013800{n},移动,,,2026-09-30" for n in range(7)), run=False)
    card_import.start(made, by=manager, now=NOW)
    steps = card_import.run_chunks(made.pk, NOW)
    next(steps)
    card_import.cancel(made)
    assert list(steps) == []
    made.refresh_from_db()
    assert (made.state, made.cursor, Case.objects.count()) == ("cancelled", 3, 2)
    finish(made, manager)
    assert (made.state, made.counts, Case.objects.count()) == ("done", {"new": 7, "case": 7}, 7)


def test_the_number_of_queries_does_not_grow(bring: Callable[..., CardImport], manager: User) -> None:
    def queries_of(lines: Sequence[str]) -> int:
        made = bring(*lines, titles=TITLES + ",状态", run=False)
        with CaptureQueriesContext(connection) as queries:
            finish(made, manager)
        return len(queries)

    queries_of(["13800138000,移动,,,2026-09-30,,,已注销"])  # the calendar is recorded once
    few = queries_of([f"1380013801{n},移动,,,2026-09-30,,,{word}" for n, word in enumerate(("已提交", "已注销"))])
    many = queries_of([f"138001382{n:02},移动,,,2026-09-30,,,{('已提交', '已注销')[n % 2]}" for n in range(12)])
    assert few == many


def test_two_workers_at_one_table_do_each_row_once(
    bring: Callable[..., CardImport], manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_import, "CHUNK", 2)
    made = bring(*(f"1380013800{n},移动,,,2026-09-30" for n in range(6)), run=False)
    card_import.start(made, by=manager, now=NOW)
    one, other = (card_import.run_chunks(made.pk, NOW) for _ in range(2))
    next(one)
    next(other, None)
    list(one)
    list(other)
    assert (Case.objects.count(), TimelineEntry.objects.count()) == (6, 12)


def test_somebody_quicker_costs_one_row_and_not_the_chunk(
    bring: Callable[..., CardImport], team: Team, mobile: Carrier, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bring("13800138001,移动,,,2026-09-30", "13800138002,移动,,,2026-09-30", run=False)
    plain = card_import.ImportContext.plan_rows

    def beaten(*arguments: Any) -> Any:
        plans = list(plain(*arguments))
        new_case(team, mobile, manager, number="13800138001", now="2026-10-12T09:00", submitted="2026-10-12T09:00")
        return plans

    monkeypatch.setattr(card_import.ImportContext, "plan_rows", beaten)
    finish(made, manager)
    quicker = Case.objects.get(card__number="13800138001")
    assert made.counts == {"new": 1, "case": 1, "wrong": 1}
    assert failures(made) == [(2, f"This card already has an open case: {quicker.reference}.")]


def test_tables_go_after_a_while_and_what_became_of_them_stays(bring: Callable[..., CardImport]) -> None:
    made = bring("13800138001,移动", "12345")
    never = bring("13800138002,移动", run=False)
    assert card_import.delete_old_tables(NOW) == 0
    assert card_import.delete_old_tables(at("2026-10-17T00:00")) == 2
    made.refresh_from_db()
    assert (made.load_rows(), made.titles, made.forecast, failures(made)) == ([], [], {}, [])
    assert made.counts == {"new": 1, "wrong": 1}
    assert not ImportedCard.objects.exists()
    assert not CardImport.objects.filter(pk=never.pk).exists()


def test_the_table_lies_encrypted(bring: Callable[..., CardImport]) -> None:
    made = bring("13800138001,移动,机密公司", run=False)
    assert b"13800138001" not in bytes(made.encrypted)
    assert made.load_rows()[1][:3] == ["13800138001", "移动", "机密公司"]


#: Ends without a word in the middle of the second chunk, when its cards are there and its cases are not.
KILLED = """
import os, signal, sys, django
django.setup()
from django.utils import timezone
from cases.models import CardImport, Carrier, Team, User
from cases.operations import card_import, open_cases
card_import.CHUNK = 4
now = timezone.now()
if not CardImport.objects.exists():
    team = Team.objects.create(name="t")
    by = User.objects.create_user("a@example.com", name="A")
    team.memberships.create(user=by, role="manager")
    Carrier.objects.create(slug="china-mobile", name="中国移动")
    data = "号码,提交时间\\n" + "".join(f"1380013800{n},2026-09-30\\n" for n in range(10))
    made = card_import.upload(team, "t.csv", data.encode(), by=by, now=now)
    card_import.dry_run(made, by=by, now=now)
    card_import.start(made, by=by, now=now)
if sys.argv[1:]:
    plain, calls = open_cases.begin_cases, []
    def cut(*arguments, **named):
        calls.append(1)
        if len(calls) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(*arguments, **named)
    open_cases.begin_cases = cut
list(card_import.run_chunks(CardImport.objects.get().pk, now))
"""


@pytest.mark.drill
def test_killed_in_the_middle_it_goes_on_without_half_a_row(tmp_path: Path) -> None:
    settings = environment(DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="tracker.settings")

    def run(*arguments: str) -> int:
        return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=settings, check=False).returncode

    def counted() -> tuple[Any, ...]:
        with closing(sqlite3.connect(tmp_path / "xiaoka.sqlite3")) as database:
            tables = ("cases_card", "cases_case", "cases_timelineentry", "cases_waitinground")
            return tuple(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)

    assert run("manage.py", "migrate", "-v0") == 0
    assert run("-c", KILLED, "kill") == -signal.SIGKILL
    assert counted() == (4, 4, 8, 4)
    assert run("-c", KILLED) == 0
    assert counted() == (10, 10, 20, 10)
    assert os.path.exists(tmp_path / "xiaoka.sqlite3")
