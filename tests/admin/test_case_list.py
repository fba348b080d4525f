"""The list of cases: columns, order, filters with counts, search, and how many queries all of it takes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Team
from tests.helpers import CaseDriver

LIST = "/admin/cases/case/"


def references(page: str) -> list[str]:
    """The references in the rows, in their order."""
    return re.findall(r'class="field-reference"><a [^>]*>(XK-\w+)<', page)


def text_of(client: Client, **query: str) -> str:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return response.content.decode()


def names(landscape: dict[str, Case], page: str) -> list[str]:
    by_reference = {case.reference: name for name, case in landscape.items()}
    return [by_reference[reference] for reference in references(page)]


def test_overdue_come_first_then_the_newest(admin_page: Client, landscape: dict[str, Case]) -> None:
    assert names(landscape, text_of(admin_page)) == [
        "late_3",
        "late_1",
        "proven",
        "confirmed",
        "provisional",
        "to_verify",
        "waiting",
        "today",
        "draft",
    ]


def test_a_row_says_what_an_operator_asks(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = text_of(admin_page, q="13900000002")
    row = re.sub(r"<[^>]+>", "|", page[page.index('class="field-reference"') : page.index("</tbody>")])
    cells = [cell.strip() for cell in row.split("|") if cell.strip()][1:]
    assert cells == [
        landscape["late_3"].reference,
        "139****0002",
        "China Mobile",
        "Submitted",
        "Wed 30 Sep, 15:00",
        "Tue 13 Oct, 24:00",
        "3 working days overdue",
        "-",
        "0",
    ]


def test_receipts_are_counted(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = text_of(admin_page, q="13900000009")
    assert re.findall(r'class="field-receipt_total">(\d+)<', page) == ["1"]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("overdue", ["late_3", "late_1"]),
        ("due_today", ["today"]),
        ("waiting", ["provisional", "waiting"]),
        ("to_verify", ["to_verify"]),
        ("provisional", ["provisional"]),
        ("without_receipt", ["confirmed"]),
    ],
)
def test_filter_by_standing(admin_page: Client, landscape: dict[str, Case], choice: str, expected: list[str]) -> None:
    assert names(landscape, text_of(admin_page, standing=choice)) == expected


def choices_of(page: str) -> list[tuple[str, str, int]]:
    """Filter, value and count of each choice beside the list."""
    links = re.findall(r'<a href="\?([^"]*)">[^<]*\((\d+)\)</a>', page)
    return [(*query.split("=", 1), int(count)) for query, count in links]  # type: ignore[misc]


def test_every_count_is_what_its_list_shows(admin_page: Client, landscape: dict[str, Case]) -> None:
    choices = choices_of(text_of(admin_page))
    assert len(choices) == 6 + 6 + 2 + 1 + 2 + 2  # standing, status, carriers, teams, was late, by mistake
    for name, value, count in choices:
        assert len(references(text_of(admin_page, **{name: value}))) == count, (name, value)
    assert ("standing", "overdue", 2) in choices
    assert ("status", "confirmed", 2) in choices
    assert ("was_late", "no", 9) in choices


def test_counts_follow_the_other_filters(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = text_of(admin_page, status="confirmed")
    assert "Confirmed without receipt (1)" in page
    assert "Overdue (0)" in page
    assert "Submitted (6)" in page  # its own filter does not narrow its own counts


def test_counts_stop_at_999(admin_page: Client, landscape: dict[str, Case], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cases.admin.filters.COUNT_CAP", 5)
    monkeypatch.setattr("cases.admin.base.COUNT_CAP", 5)
    page = text_of(admin_page)
    assert "Submitted (4+)" in page
    assert "China Mobile (" not in page  # it has no index of its own, and more than a few cases to choose from
    assert "Overdue (2)" in page


def test_an_unknown_choice_is_not_an_error_page(admin_page: Client, landscape: dict[str, Case]) -> None:
    for query in ({"standing": "1 OR 1"}, {"status": "gone"}, {"team": "x"}):
        response = admin_page.get(LIST, query)
        assert response.status_code == 302
        assert response["Location"] == "/admin/cases/case/?e=1"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("+86 139 0000 0003", ["late_1"]),
        ("0004", ["today"]),
        ("slow", ["provisional"]),
        ("nothing like it", []),
    ],
)
def test_search(admin_page: Client, landscape: dict[str, Case], typed: str, expected: list[str]) -> None:
    assert names(landscape, text_of(admin_page, q=typed)) == expected


def test_search_by_reference(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = text_of(admin_page, q=landscape["waiting"].reference.lower())
    assert names(landscape, page) == ["waiting"]


def test_dates_narrow_by_the_day_of_submission(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = text_of(admin_page, submitted_at__year="2026", submitted_at__month="9")
    assert names(landscape, page) == ["late_3"]


def test_queries_do_not_grow_with_the_cases(
    admin_page: Client, new_driver: Callable[..., CaseDriver], other_team: Team
) -> None:
    def more(first: int, count: int) -> None:
        for n in range(first, first + count):
            submitted = "2026-09-30T15:00" if n % 2 else "2026-10-12T10:00"
            new_driver(f"138{n:08d}", submitted=submitted, now=submitted)

    def queries(**query: Any) -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(admin_page, **query)
        return len(captured)

    text_of(admin_page)  # what is read once in the life of a process
    more(0, 5)
    few = [queries(), queries(standing="overdue"), queries(q="138", status="submitted")]
    more(5, 55)
    Team.objects.bulk_create(Team(name=f"Team {n}") for n in range(20))
    many = [queries(), queries(standing="overdue"), queries(q="138", status="submitted")]
    # More than a page: the overdue and the rest are walked one after the other.
    assert all(n <= least + 1 for n, least in zip(many, few, strict=True))
    assert max(many[:2]) <= 12
    assert many[2] <= 15  # two filters: each is counted under the other


def test_the_overdue_and_the_rest_are_paged_through(
    admin_page: Client, landscape: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = names(landscape, text_of(admin_page))
    for size in (1, 2, 3, 4):
        monkeypatch.setattr("cases.admin.cases.CaseAdmin.list_per_page", size)
        pages = [names(landscape, text_of(admin_page, p=str(n))) for n in range(1, -(-9 // size) + 1)]
        assert [name for page in pages for name in page] == whole
        assert {len(page) for page in pages[:-1]} == {size}


def test_a_long_list_is_counted_to_999(
    admin_page: Client, landscape: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cases.admin.cases.CaseAdmin.list_per_page", 2)
    monkeypatch.setattr("cases.admin.base.COUNT_CAP", 4)
    last = re.findall(r'href="\?p=(\d+)"', text_of(admin_page))[-1]
    assert last == "2"  # four are known of; on the second page there are more
    assert re.findall(r'href="\?p=(\d+)"', text_of(admin_page, p="2"))[-1] == "3"
    assert names(landscape, text_of(admin_page, p="5")) == ["draft"]


def test_months_narrow_by_the_day_of_submission(admin_page: Client, landscape: dict[str, Case]) -> None:
    page = text_of(admin_page)
    assert re.findall(r'href="\?(submitted_at[^"]*)">([^<]*)<', page)[:2] == [
        ("submitted_at__month=10&amp;submitted_at__year=2026", "2026-10"),
        ("submitted_at__month=9&amp;submitted_at__year=2026", "2026-09"),
    ]
    page = text_of(admin_page, submitted_at__year="2026", submitted_at__month="9")
    assert "<strong>2026-09</strong>" in page
