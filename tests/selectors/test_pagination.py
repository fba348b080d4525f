"""Pages of any size are slices of one list, forwards and backwards, whatever its order, with few rows or dense ones."""

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.db.models import Q

from cases.models import Card, Carrier, Case, Team
from cases.selectors import pagination
from cases.selectors.pagination import KeysetPage, Order, RowKey, get_page, rows_after
from tests.helpers import at, many_drafts

pytestmark = [pytest.mark.django_db, pytest.mark.forged]

EARLY, LATER = at("2026-10-09T10:00"), at("2026-10-09T10:00") + timedelta(microseconds=1)
#: By name: the order, and the rows in it, counted from 1 as they were added.
LISTS = {
    "newest": (Order(), [7, 6, 5, 4, 3, 2, 1]),
    "moment, or none": (Order("message_at"), [3, 4, 7, 1, 6, 5, 2]),
    "moment, or none, the latest first": (Order("message_at", descending=True), [6, 1, 7, 4, 3, 5, 2]),
    "moment": (Order("created_at", never_null=True), [2, 5, 3, 4, 7, 1, 6]),
    "moment of those that have one": (
        Order("message_at", never_null=True, extra_filter=Q(message_at__isnull=False)), [3, 4, 7, 1, 6],
    ),
    "of another table, turned round": (Order("card__number", descending=True), [5, 3, 6, 2, 7, 1, 4]),
    "of another table": (Order("card__number"), [4, 1, 7, 2, 6, 3, 5]),
}  # fmt: skip


@pytest.fixture
def seven(team: Team, mobile: Carrier) -> list[Case]:
    cases = many_drafts(team, mobile, 7)
    moments = [LATER, None, EARLY, EARLY, None, LATER, EARLY]
    days = [3, 1, 2, 2, 1, 3, 2]
    places = [2, 4, 6, 1, 7, 5, 3]
    for case, moment, day, place in zip(cases, moments, days, places, strict=True):
        case.message_at, case.created_at = moment, at(f"2026-10-0{day}T10:00")
        case.save()
        Card.objects.filter(pk=case.card_id).update(number=f"1380000000{place}")
    return cases


@pytest.fixture(params=["few", "dense"])
def most_keys(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many rows are counted: from there on they are dense, and the index is walked."""
    most = 1000 if request.param == "few" else 3
    monkeypatch.setattr(pagination, "MAX_KEYS", most)
    return most


def places(rows: list[Case], cases: list[Case]) -> list[int]:
    return [1 + [case.pk for case in cases].index(row.pk) for row in rows]


@pytest.mark.parametrize("name", LISTS)
def test_pages_are_slices_of_the_list_there_and_back(name: str, seven: list[Case], most_keys: int) -> None:
    order, expected = LISTS[name]
    visible = Case.objects.select_related("card")
    matches = visible.filter(order.extra_filter)

    def page(query: str, size: int) -> KeysetPage[Case]:
        return get_page(matches, visible, order, dict(parse_qsl(query)), size)

    assert places(list(matches.order_by(*order.order_by())), seven) == expected
    for size in range(1, 9):
        slices = [expected[start : start + size] for start in range(0, len(expected), size)]
        shown = page("", size)
        there = [shown]
        while shown.older:
            shown = page(shown.older, size)
            there.append(shown)
        assert [places(each.rows, seven) for each in there] == slices, size
        assert {each.count for each in there} == {min(most_keys, len(expected))}
        assert [bool(each.newer) for each in there] == [False] + [True] * (len(slices) - 1)
        assert [each.is_part for each in there] == [len(slices) > 1] * len(slices)
        back = [shown]
        while shown.newer:
            shown = page(shown.newer, size)
            back.append(shown)
        # The first page is a whole one, whatever was before the last.
        assert [places(each.rows, seven) for each in back] == slices[::-1], size
        assert [bool(each.older) for each in back] == [False] + [True] * (len(slices) - 1)


@pytest.mark.parametrize("name", LISTS)
def test_the_rows_after_a_row_and_whether_there_are_more(name: str, seven: list[Case], most_keys: int) -> None:
    order, expected = LISTS[name]
    visible = Case.objects.all()
    matches = visible.filter(order.extra_filter)
    for start in range(len(expected) + 1):
        row = Case.objects.select_related("card").get(pk=seven[expected[start - 1] - 1].pk) if start else None
        value = None if row is None or order.is_joined or not order.column else getattr(row, order.column)
        cursor = RowKey(row.pk, value) if row else None
        for size in (1, 2, 7):
            rows, has_more = rows_after(matches, visible, order, cursor, size)
            assert (places(rows, seven), has_more) == (expected[start : start + size], start + size < len(expected))


@pytest.mark.parametrize("place", ["", "x", "1.2.3", "-1", "1.", ".1", "9" * 19, f"{'9' * 18}.1", "1 "])
def test_what_is_no_place_is_the_first_page(place: str, seven: list[Case], most_keys: int) -> None:
    for order, expected in LISTS.values():
        matches = Case.objects.filter(order.extra_filter)
        shown = get_page(matches, Case.objects.all(), order, {"after": place}, 3)
        assert (places(shown.rows, seven), shown.newer) == (expected[:3], "")


def test_past_the_end_the_list_begins_anew(seven: list[Case], most_keys: int) -> None:
    shown = get_page(Case.objects.all(), Case.objects.all(), Order(), {"after": str(seven[0].pk)}, 3)
    assert (places(shown.rows, seven), shown.newer, bool(shown.older)) == ([7, 6, 5], "", True)


def test_a_row_that_matches_no_more_is_a_place_all_the_same(seven: list[Case], most_keys: int) -> None:
    for order, expected in LISTS.values():
        gone = seven[expected[2] - 1]
        matches = Case.objects.filter(order.extra_filter).exclude(pk=gone.pk)
        place = order.cursor_of(Case.objects.get(pk=gone.pk))
        shown = get_page(matches, Case.objects.all(), order, {"after": place}, 2)
        assert places(shown.rows, seven) == expected[3:5]


def test_a_place_that_the_reader_may_not_see_tells_nothing(seven: list[Case], most_keys: int) -> None:
    """By another table's value, which no address holds: it is as if it stood before all."""
    order, expected = LISTS["of another table"]
    hidden = seven[expected[3] - 1]
    visible = Case.objects.exclude(pk=hidden.pk)
    shown = get_page(visible, visible, order, {"after": str(hidden.pk)}, 3)
    assert places(shown.rows, seven) == expected[:3]


def test_the_place_in_an_address(seven: list[Case]) -> None:
    moments = [Order(column).cursor_of(seven[0]) for column in ("", "message_at", "card__number")]
    assert moments == [str(seven[0].pk), f"1791511200000001.{seven[0].pk}", str(seven[0].pk)]
    assert Order("message_at").cursor_of(seven[1]) == str(seven[1].pk)
