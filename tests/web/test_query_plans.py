"""How the databases go about each hot query: by which index, never through all there is, sorting no more than a page's
worth. On 20,000 cases of 200 teams, of which the reader's has two thousand."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import page_dataset
from cases.models import Card, Case
from tests.helpers import with_second_factor

pytestmark = pytest.mark.django_db

#: Address -> the indexes that the page goes by, each of which serves one of its queries.
BY_TEAM: dict[str, set[str]] = {
    "/": {"case_team_deadline", "case_team_verify", "case_team_returned", "case_team_status", "case_team_message"},
    "/?mine=yes": {"case_team_deadline"},
    "/?department=法务部": {"card_department"},
    "/cases/?standing=to_chase&sort=reply_by": {"case_team_deadline"},
    "/cases/?standing=to_call&sort=reply_by": {"case_team_deadline"},
    "/cases/?standing=escalated&sort=reply_by": {"one_running_escalation"},
    "/cases/?standing=only_waiting&sort=reply_by": {"case_team_deadline"},
    "/cases/?standing=message": {"case_team_message"},
    "/cases/?q=超期 部门:法务部": {"card_department"},
    "/cases/?q=overdue after:2026-01-01": {"case_team_deadline"},
    "/cases/": {"case_team_newest"},
    "/cases/?after={deep}": {"case_team_newest"},
    "/cases/?before={deep}": {"case_team_newest"},
    "/cases/?sort=reply_by": {"case_team_deadline"},
    "/cases/?sort=submitted": {"case_team_submitted"},
    "/cases/?sort=-reply_by": {"case_team_deadline"},
    "/cases/?sort=-submitted": {"case_team_submitted"},
    "/cases/?sort=-submitted&after={submitted_place}": {"case_team_submitted"},
    "/cases/?sort=-submitted&before={submitted_place}": {"case_team_submitted"},
    "/cases/?sort=-reply_by&after={due_place}": {"case_team_deadline"},
    "/cases/?sort=-reply_by&before={due_place}": {"case_team_deadline"},
    "/cases/?standing=overdue&sort=-reply_by": {"case_team_deadline"},
    "/cases/?sort=-number": {"one_card_per_number"},
    "/cases/?sort=-number&after={deep}": {"one_card_per_number"},
    "/cases/?sort=-number&before={deep}": {"one_card_per_number"},
    "/cases/?sort=number": {"one_card_per_number"},
    "/cases/?sort=number&after={deep}": {"one_card_per_number"},
    "/cases/?standing=due_today": {"case_team_deadline"},
    "/cases/?standing=to_verify": {"case_team_verify"},
    "/cases/?standing=returned": {"case_team_returned"},
    "/cases/?standing=overdue&sort=reply_by": {"case_team_deadline"},
    "/cases/?standing=waiting&sort=reply_by": {"case_team_deadline"},
    "/cases/?status=withdrawn": {"case_team_status"},
    # So many are confirmed that the newest may be walked as well: the planner is free.
    "/cases/?status=confirmed": set(),
    "/cases/?carrier={rare}": {"case_team_carrier"},
    "/cases/?reason=harassment": {"case_team_reason"},
    "/cases/?handler={handler}": set(),  # all of the team's
    "/cases/?department=销售一部": {"card_department", "case_team_newest"},
    "/cases/?department=法务部": {"card_department"},
    "/cases/?department=销售一部&sort=number": {"card_department", "one_card_per_number"},
    "/cases/?user={user}": {"card_user"},
    "/cases/?q={masked}": {"card_tail"},
    "/cases/?q={tail}": {"card_tail", "one_card_per_number", "card_holder", "card_user", "case_carrier_reference"},
    "/cases/?q=1301234": {"one_card_per_number", "card_holder", "case_carrier_reference"},
    "/cases/?q={carrier_reference}": {"case_carrier_reference", "card_holder"},
    "/cases/?q=王某": {"card_holder"},
    "/cases/?q=王小": {"card_user"},
    "/cases/?q=法务": {"card_department"},
    "/cases/?q=销售": {"card_department", "case_team_newest"},
    "/cards/": {"card_team_newest"},
    "/cards/?after={deep}": {"card_team_newest"},
    "/cards/?sort=number": {"one_card_per_number"},
    "/cards/?sort=-number&after={deep}": {"one_card_per_number"},
    "/cards/?sort=holder": {"card_holder"},
    "/cards/?sort=-holder&after={deep}": {"card_holder"},
    "/cards/?sort=holder&before={deep}": {"card_holder"},
    "/cards/?sort=user": {"card_user"},
    "/cards/?sort=-department": {"card_department"},
    "/cards/?sort=-monthly_fee": {"card_fee"},
    "/cards/?sort=monthly_fee&after={deep}": {"card_fee"},
    "/cards/?sort=contract_end": {"card_contract_end"},
    "/cards/?department==客服部": {"card_department"},
    "/cards/?standing=overdue": {"case_team_deadline"},
    "/cards/?q={tail}": {"card_tail"},
    "/cards/?q=王某": {"card_holder"},
}
#: A tenth of all cards are the team's: PostgreSQL may as well walk the newest cards of all, or put two thousand in
#: order. With more it takes the index; on SQLite, which has no choice by cost, each of these goes by its own.
#: A section of the work list puts a status' few hundred cases in order rather than walk to them.
OPEN_ON_POSTGRESQL = re.compile(r"/$|/cards/|/cases/\?(standing=escalated&sort|sort=-reply_by)|.*sort=-?number")
OF_ALL = {
    "/admin/cases/case/": {"case_deadline", "case_status"},
    "/admin/cases/case/?standing=overdue": {"case_deadline"},
    "/admin/cases/case/?q={number}": {"one_card_per_number"},
    "/admin/cases/case/?q={tail}": {"card_tail"},
    "/admin/": {"case_deadline"},
}


@pytest.fixture(autouse=True)
def many(receipts_folder: Any) -> None:
    call_command("load_carriers", verbosity=0)
    page_dataset.people()
    page_dataset.cases(20_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(with_second_factor(page_dataset.manager()))
    return client


def queries_of(client: Client, address: str) -> list[str]:
    """What a page asks of cases and cards."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return [query["sql"] for query in captured if re.search(r'FROM "cases_(case|card)"', query["sql"])]


def test_a_teams_pages_search_in_indexes_that_begin_with_the_team(client: Client) -> None:
    wrong: list[tuple[str, str, str]] = []
    for address, expected in BY_TEAM.items():
        used: set[str] = set()
        is_open = connection.vendor == "postgresql" and OPEN_ON_POSTGRESQL.match(address) is not None
        for statement in queries_of(client, address.format(**examples())):
            its = plan(statement)
            # The names that a filter offers are those of the newest cards: here half of all that the team has.
            is_sample = connection.vendor == "postgresql" and statement.endswith("LIMIT 1000")
            # The work list puts in order the few with an overdue refund, or with a complaint about money that runs.
            is_sample = is_sample or (address.partition("?")[0] == "/" and "refund_due_on" in statement)
            # The complaints and appeals that run are the few of all teams, by an index of those alone.
            wrong += [(address, found, statement) for found in its.whole if "one_running_escalation" not in found]
            wrong += [(address, found, statement) for found in its.sorts if not (is_open or is_sample)]
            used |= its.indexes
        wrong += [(address, name, str(used)) for name in expected - used if not is_open]
    assert not wrong


def test_the_operators_lists_are_walked_by_an_index(client: Client) -> None:
    if connection.vendor == "postgresql":
        # 20,000 cards are read as quickly as 200 teams are looked up; a million are not.
        connection.cursor().execute("SET LOCAL enable_seqscan = off")
    wrong: list[tuple[str, str, str]] = []
    for address, expected in OF_ALL.items():
        used: set[str] = set()
        for statement in queries_of(client, address.format(**examples())):
            its = plan(statement)
            # What a search finds is counted first: less than a page of it is put in order by whoever has it.
            wrong += [(address, found, statement) for found in its.sorts if "?q=" not in address]
            used |= its.indexes
        wrong += [(address, name, str(used)) for name in expected - used]
    assert not wrong


def examples() -> dict[str, Any]:
    mine = Case.objects.filter(team__name="bench 000", submitted_at__isnull=False)
    deep = mine.select_related("card").order_by("pk")[1000]
    number = deep.card.number
    waiting = mine.filter(reply_by__isnull=False).order_by("reply_by")[20]
    rare = Case.objects.filter(team=deep.team_id).exclude(carrier__in=[1, 2, 3, 4]).select_related("carrier")[0]
    return {
        "deep": deep.pk,
        "submitted_place": f"{int(deep.submitted_at.timestamp() * 1_000_000)}.{deep.pk}",
        "due_place": f"{int(waiting.reply_by.timestamp() * 1_000_000)}.{waiting.pk}",
        "number": number,
        "masked": f"{number[:3]}****{number[-4:]}",
        "tail": number[-4:],
        "carrier_reference": deep.carrier_reference,
        "rare": rare.carrier.slug,
        "handler": deep.handler_id,
        "user": Card.objects.filter(team=deep.team_id).exclude(user="")[0].user,
    }


#: What SQLite calls the index of a constraint; and an index by which it goes as well, which has the key in it there.
_NAMES = {
    "sqlite_autoindex_cases_card_1": "one_card_per_number",
    "cases_card_team_id_70cd5bb3": "card_team_newest",
}


class Plan:
    """Which indexes are used, which tables are gone through as a whole, what is sorted."""

    def __init__(self) -> None:
        self.indexes: set[str] = set()
        self.whole: list[str] = []
        self.sorts: list[str] = []


def plan(statement: str) -> Plan:
    return _of_postgresql(statement) if connection.vendor == "postgresql" else _of_sqlite(statement)


def _of_sqlite(statement: str) -> Plan:
    its = Plan()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        for *_, detail in cursor.fetchall():
            its.indexes |= {_NAMES.get(name, name) for name in re.findall(r"USING (?:COVERING )?INDEX (\w+)", detail)}
            if re.match(r"SCAN (cases_case|cases_card|[UVW]\d)\b", detail):
                its.whole.append(detail)
            if detail == "USE TEMP B-TREE FOR ORDER BY":
                its.sorts.append(detail)
    return its


def _of_postgresql(statement: str) -> Plan:
    its = Plan()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        found = cursor.fetchone()[0]
    for node in _nodes((json.loads(found) if isinstance(found, str) else found)[0]["Plan"]):
        if name := node.get("Index Name"):
            its.indexes.add(name)
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in ("cases_case", "cases_card"):
            its.whole.append(node["Relation Name"])
        if node["Node Type"] == "Sort" and node["Plan Rows"] > page_dataset.PATTERNS:
            its.sorts.append(f"{node['Sort Key']} of {node['Plan Rows']} rows")
    return its


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
