"""The own columns that an import finds, makes, and fits to what its table has."""

import pytest

from cases.models import CardColumn, Team
from cases.operations.imported_columns import TeamColumns, kind_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-2.5", "0"], "number"),
        (["2026-10-01", "2026-02-28"], "date"),
        (["2026-10-01", "3"], "text"),
        (["2026-02-30"], "text"),
        (["007"], "text"),
        (["1.1234567"], "text"),
        (["1", "x"], "text"),
        ([], "text"),
    ],
)
def test_the_kind_that_all_values_have(values: list[str], kind: str) -> None:
    assert kind_of(values) == kind


@pytest.fixture
def columns(team: Team, other_team: Team) -> TeamColumns:
    """Of a team with a column of each kind; another team has others."""
    CardColumn.objects.create(team=other_team, key="c9", title="楼层", kind="text", position=9)
    for number, (title, kind, choices) in enumerate(
        (("分机", "text", []), ("积分", "number", []), ("盘点", "date", []), ("设备", "choice", ["手机"])), 1
    ):
        CardColumn.objects.create(
            team=team, key=f"c{number}", title=title, kind=kind, choices=choices, position=number + 2
        )
    return TeamColumns(team)


def test_columns_are_found_by_their_titles_in_their_team(columns: TeamColumns) -> None:
    assert [columns.key_of(title) for title in ("分机", " 分 机 ", "楼层")] == ["c1", "c1", None]
    assert columns.missing(["分机", "楼层", "房间", "楼层"]) == ["楼层", "房间"]
    assert columns.values_by_key({"分机": "1", "楼层": "3", "分 机": "2", "积分": "9"}) == {"c1": "1；2", "c2": "9"}


def test_a_missing_column_follows_the_others_in_key_and_place(columns: TeamColumns, team: Team) -> None:
    columns.add({"楼层": ["1", "2"], "入职": ["2026-10-01"], "房" * 61: ["x"]})
    made = CardColumn.objects.filter(team=team, position__gt=6).order_by("position")
    assert [(c.key, c.title, c.kind, c.position) for c in made] == [
        ("c5", "楼层", "number", 7), ("c6", "入职", "date", 8), ("c7", "房" * 60, "text", 9),
    ]  # fmt: skip
    assert columns.key_of("楼层") == "c5"
    assert columns.missing(["房" * 61]) == []
    columns.add({"楼层": ["3"]})
    assert CardColumn.objects.filter(team=team).count() == 7


@pytest.mark.parametrize(
    ("title", "values", "kind", "choices"),
    [
        ("分机", ["1"], "text", []),
        ("积分", ["1", "2.5"], "number", []),
        ("积分", ["1", "无"], "text", []),
        ("盘点", ["2026-10-01"], "date", []),
        ("盘点", ["20261001"], "text", []),
        ("设备", ["网关", "手机", "网关"], "choice", ["手机", "网关"]),
    ],
)
def test_a_column_fits_what_comes(
    columns: TeamColumns, team: Team, title: str, values: list[str], kind: str, choices: list[str]
) -> None:
    others = list(CardColumn.objects.exclude(team=team, title=title).order_by("pk").values())
    columns.add({title: values})
    column = CardColumn.objects.get(team=team, title=title)
    assert (column.kind, column.choices) == (kind, choices)
    assert list(CardColumn.objects.exclude(team=team, title=title).order_by("pk").values()) == others


def test_a_team_without_columns_begins_with_the_first(other_team: Team, team: Team) -> None:
    TeamColumns(team).add({"楼层": ["x"]})
    assert list(CardColumn.objects.filter(team=team).values_list("key", "position")) == [("c1", 1)]
