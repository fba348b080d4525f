"""Tables of cards: looked through, brought in whole by the row, stopped, killed and gone on with, twice the same."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from cases import wording
from cases.models import Card, CardImport, Carrier, Case, ImportFailure, Team, TimelineEntry, User
from cases.operations import card_import
from cases.operations.integrity import first_chain_flaw
from tests import ROOT
from tests.helpers import at, local_str, make_user, new_case
from tests.processes import environment

NOW = at("2026-10-16T10:00")
TITLES = "号码,运营商,机主,月租,提交时间,受理单号,处理人"


@pytest.fixture
def bring(team: Team, manager: User, mobile: Carrier, unicom: Carrier) -> Callable[..., CardImport]:
    """Hands a table in, looks through it, and, unless told otherwise, brings it in."""

    def brought(*lines: str, titles: str = TITLES, run: bool = True) -> CardImport:
        data = "\n".join([titles, *lines]).encode()
        made = card_import.upload(team, "cards.csv", data, by=manager, now=NOW)
        card_import.dry_run(made, {int(k): v for k, v in made.columns.items()}, by=manager, now=NOW)
        if run:
            finish(made, manager)
        made.refresh_from_db()
        return made

    return brought


def finish(made: CardImport, by: User) -> None:
    assert card_import.start(made, by=by, now=NOW)
    with override("en"):
        list(card_import.run_chunks(made.pk, NOW, wording.error_messages))
    made.refresh_from_db()


def failures(made: CardImport) -> list[tuple[int, str]]:
    return list(ImportFailure.objects.filter(card_import=made).order_by("row").values_list("row", "why"))


def test_looking_changes_nothing(bring: Callable[..., CardImport]) -> None:
    made = bring("13800138001,移动,,8,2026-09-30 15:00", "bad", run=False)
    assert made.forecast["counts"] == {"new": 1, "case": 1, "wrong": 1}
    assert (Card.objects.count(), Case.objects.count(), made.state) == (0, 0, "new")


def test_a_card_is_registered_and_a_case_logged(bring: Callable[..., CardImport], manager: User) -> None:
    made = bring("13800138001,移动,某某公司,8", "13800138002,移动,某某公司,8,2026-09-30 15:00,SL-1")
    assert (made.state, made.counts, made.cursor, made.percent) == ("done", {"new": 2, "case": 1}, 3, 100)
    first, second = Card.objects.order_by("number")
    assert (first.number, first.holder, str(first.monthly_fee)) == ("13800138001", "某某公司", "8.00")
    case = Case.objects.get()
    assert (case.card, case.status, case.carrier_reference, case.handler) == (second, "submitted", "SL-1", manager)
    assert (local_str(case.submitted_at), local_str(case.reply_by)) == ("2026-09-30 15:00", "2026-10-14 00:00")
    assert [entry.kind for entry in case.entries.order_by("sequence")] == ["logged", "submitted"]
    assert first_chain_flaw(case) is None


def test_the_same_table_again_changes_nothing(bring: Callable[..., CardImport]) -> None:
    lines = ["13800138001,移动,某某公司,8", "13800138002,移动,某某公司,8,2026-09-30,SL-1"]
    bring(*lines)
    made = bring(*lines)
    assert (made.forecast["counts"], made.counts) == ({"same": 2, "case": 0}, {"same": 2})
    assert (Card.objects.count(), Case.objects.count(), TimelineEntry.objects.count()) == (2, 1, 2)


def test_a_card_that_is_there_gets_what_the_table_says_more(bring: Callable[..., CardImport], team: Team) -> None:
    bring("13800138001,移动,某某公司,8")
    made = bring("13800138001,联通,,19.9")
    assert made.counts == {"changed": 1}
    assert made.forecast["rows"]["changed"] == [[2, "138****8001", [], ["carrier", "monthly_fee"], False]]
    card = Card.objects.get()
    assert (card.carrier.slug, card.holder, str(card.monthly_fee)) == ("china-unicom", "某某公司", "19.90")


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
        "13800138004,移动,,,2026-10-17 09:00",
    )
    assert made.counts == {"new": 1, "wrong": 5}
    assert failures(made) == [
        (3, "“12345” is not a mobile number."),
        (4, "Duplicate of row 2."),
        (6, f"This card already has an open case: {open_case.reference}."),
        (7, "No manager or case worker in this team is called “没有这个人”."),
        (8, "The submission time is in the future."),
    ]
    assert Card.objects.filter(number="13800138001").count() == 1


def test_the_handler_is_found_by_name_or_address(bring: Callable[..., CardImport], team: Team, agent: User) -> None:
    make_user("looks@example.com", team, "viewer")
    made = bring(
        "13800138001,移动,,,2026-09-30,,wang.wei@example.com",
        f"13800138002,移动,,,2026-09-30,, {agent.name} ",
        "13800138003,移动,,,2026-09-30,,looks@example.com",
    )
    assert [case.handler for case in Case.objects.order_by("pk")] == [agent, agent]
    assert failures(made)[0][0] == 4


def test_it_is_stopped_between_chunks_and_goes_on_where_it_was(
    bring: Callable[..., CardImport], manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_import, "CHUNK", 2)
    made = bring(*(f"1380013800{n},移动,,,2026-09-30" for n in range(7)), run=False)
    card_import.start(made, by=manager, now=NOW)
    steps = card_import.run_chunks(made.pk, NOW, wording.error_messages)
    next(steps)
    card_import.cancel(made)
    assert list(steps) == []
    made.refresh_from_db()
    assert (made.state, made.cursor, Case.objects.count()) == ("cancelled", 3, 2)
    finish(made, manager)
    assert (made.state, made.counts, Case.objects.count()) == ("done", {"new": 7, "case": 7}, 7)


def test_two_workers_at_one_table_do_each_row_once(
    bring: Callable[..., CardImport], manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_import, "CHUNK", 2)
    made = bring(*(f"1380013800{n},移动,,,2026-09-30" for n in range(6)), run=False)
    card_import.start(made, by=manager, now=NOW)
    one, other = (card_import.run_chunks(made.pk, NOW, wording.error_messages) for _ in range(2))
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
    made = bring("13800138001,移动", "bad")
    never = bring("13800138002,移动", run=False)
    assert card_import.delete_old_tables(NOW) == 0
    assert card_import.delete_old_tables(at("2026-10-17T00:00")) == 2
    made.refresh_from_db()
    assert (made.load_rows(), made.titles, made.forecast, failures(made)) == ([], [], {}, [])
    assert made.counts == {"new": 1, "wrong": 1}
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
from cases import wording
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
    card_import.start(made, by=by, now=now)
if sys.argv[1:]:
    plain, calls = open_cases.perform, []
    def cut(*arguments, **named):
        calls.append(1)
        if len(calls) == 4:
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(*arguments, **named)
    open_cases.perform = cut
list(card_import.run_chunks(CardImport.objects.get().pk, now, wording.error_messages))
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
