"""How somebody looks at the table of cards: which columns, in which order, which cards, how many on a page.

All of it is in the address, so that it can be bookmarked, sent, exported and saved as a view; no address holds a number
in full.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from cases import wording
from cases.domain import masking
from cases.domain.business_days import local
from cases.domain.card_columns import ColumnRule
from cases.models import CardColumn, CardView
from cases.operations.card_cells import cell_value
from cases.selectors import CountedCard
from cases.web.case_rows import CaseListRow
from cases.wording.card_columns import cell_text, column_titles, usual_columns

#: Cards of a page.
SIZES = (50, 200)
#: The view of an address that opens the table as it is without any.
NO_VIEW = "0"
#: What an address says beside the filters.
_LAYOUT = ("columns", "sort", "rows")
#: Where a page begins, which view was opened: neither is part of a view.
_PLACES = ("before", "after", "view", "csrfmiddlewaretoken")
_SORT = re.compile(r"-?[a-z][a-z0-9_]{0,20}")
#: The longest text that is looked for in a column.
MOST_LETTERS = 80


@dataclass(frozen=True)
class TableSettings:
    """What the address of the table says: no `columns` where nobody chose; `filters` are by the names of fields."""

    columns: tuple[str, ...] = ()
    sort: str = ""
    rows: int = SIZES[0]
    filters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> "TableSettings":
        """What an address or a form says; numbers in full are masked, and what is nothing is left out."""
        clean = {
            name: masking.mask_if_number(masking.mask_text(value.replace("\0", "").strip()[:MOST_LETTERS]))
            for name, value in params.items()
            if name not in (*_PLACES, "columns") and len(name) <= 30
        }
        columns = tuple(dict.fromkeys(filter(None, params.get("columns", "")[:600].split(","))))
        sort = clean.get("sort", "")
        return cls(
            columns,
            sort if _SORT.fullmatch(sort) else "",
            SIZES[1] if clean.get("rows") == str(SIZES[1]) else SIZES[0],
            {name: value for name, value in clean.items() if value and name not in _LAYOUT},
        )

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "TableSettings":
        """The settings of a saved view."""
        params = {str(name): str(value) for name, value in dict(stored.get("filters") or {}).items()}
        columns = ",".join(map(str, stored.get("columns") or ()))
        layout = {"columns": columns, "sort": str(stored.get("sort") or ""), "rows": str(stored.get("rows") or "")}
        return cls.from_params(params | layout)

    def as_json(self) -> dict[str, Any]:
        """As a saved view has them."""
        return {
            "columns": list(self.columns),
            "sort": self.sort,
            "filters": dict(self.filters),
            "rows": self.rows,
        }

    def query(self, **more: str) -> str:
        """The query of the address, without a question mark."""
        layout = {
            "columns": ",".join(self.columns),
            "sort": self.sort,
            "rows": str(self.rows) if self.rows != SIZES[0] else "",
        }
        params = {name: value for name, value in {**self.filters, **layout, **more}.items() if value}
        if len(params) > 1 and params.get("view") == NO_VIEW:
            del params["view"]  # an address that says anything opens no other view
        return urlencode(params)

    def url(self, name: str = "card_list", **more: str) -> str:
        """The address of a page of the table."""
        query = self.query(**more)
        return f"{reverse(name)}?{query}" if query else reverse(name)

    def with_filters(self, filters: Mapping[str, str]) -> "TableSettings":
        return replace(self, filters=filters)

    def shown(self, columns: Sequence[CardColumn]) -> list[str]:
        """The columns that are shown, the number first: those that were chosen and still exist, or the usual ones."""
        titles = column_titles(columns)
        chosen = [name for name in self.columns if name in titles] or usual_columns(columns)
        return ["number", *(name for name in chosen if name != "number")]


def wanted_view(request: HttpRequest, views: Sequence[CardView]) -> CardView | None:
    """The view that the address names and nothing else, or, of an address without anything, the one that opens."""
    if not request.GET:
        return next((view for view in views if view.is_default), None)
    if set(request.GET) == {"view"}:
        return next((view for view in views if str(view.pk) == request.GET["view"]), None)
    return None


def moved_columns(order: list[str], data: Mapping[str, str]) -> list[str]:
    """The order with the column moved whose button was pressed; the number stays first."""
    order = ["number", *(name for name in order if name != "number")]
    for button, step in (("up", -1), ("down", 1)):
        name = data.get(button)
        if name in order[1:]:
            at = order.index(name)
            to = min(max(at + step, 1), len(order) - 1)
            order.insert(to, order.pop(at))
    return order


@dataclass(frozen=True)
class Head:
    """The head of a column; `sorted` is 'ascending', 'descending' or empty, `href` sorts by it, or the other way."""

    name: str
    title: str
    href: str
    sorted: str
    rule: ColumnRule | None

    @property
    def options(self) -> list[tuple[str, str]] | None:
        """What can be chosen in a cell: stored value and name."""
        if self.rule is None or self.rule.kind != "choice":
            return None
        return [*([] if self.rule.is_required else [("", "–")]), *(self.rule.choices or {}).items()]

    @property
    def options_json(self) -> str:
        """The same for the script that edits cells."""
        return json.dumps(self.options, ensure_ascii=False)


@dataclass(frozen=True)
class Cell:
    """A cell: what it says, and, where it can be changed, what it holds as it is typed."""

    name: str
    title: str
    text: str
    value: str | None = None

    @property
    def classes(self) -> str:
        """The words of its class."""
        is_numeric = self.name in ("monthly_fee", "opened_on", "contract_end", "iccid")
        empty = "" if self.text else " card-table__cell--empty"
        return f"card-table__cell card-table__cell--{self.name}{' numeric' if is_numeric else ''}{empty}"


@dataclass(frozen=True)
class TableRow:
    card: CountedCard
    cells: list[Cell]
    open_case: CaseListRow | None


@dataclass(frozen=True)
class CardTable:
    """The table as a page shows it."""

    heads: list[Head]
    rows: list[TableRow]


def card_table(
    settings: TableSettings,
    columns: Sequence[CardColumn],
    cards: Iterable[CountedCard],
    open_cases: Mapping[int, CaseListRow],
    rules: Mapping[str, ColumnRule],
) -> CardTable:
    """The table of these cards in their order; `open_cases` are by the keys of the cards, `rules` as of `rules_of`."""
    titles, shown = column_titles(columns), settings.shown(columns)
    heads = [_head(settings, name, titles[name], rules.get(name)) for name in shown]
    rows = [
        TableRow(card, [_cell(card, head, open_cases.get(card.pk)) for head in heads], open_cases.get(card.pk))
        for card in cards
    ]
    return CardTable(heads, rows)


def _head(settings: TableSettings, name: str, title: str, rule: ColumnRule | None) -> Head:
    is_sorted = settings.sort.removeprefix("-") == name
    descending = settings.sort.startswith("-")
    turned = f"-{name}" if is_sorted and not descending else name
    direction = ("descending" if descending else "ascending") if is_sorted else ""
    return Head(name, title, replace(settings, sort=turned).url(view=NO_VIEW), direction, rule)


def _cell(card: CountedCard, head: Head, open_case: CaseListRow | None) -> Cell:
    if head.name == "number":
        return Cell(head.name, head.title, masking.mask_number(card.number))
    if head.name == "cases":
        return Cell(head.name, head.title, str(card.case_count))
    if head.name == "standing":
        return Cell(head.name, head.title, open_case.headline if open_case else "")
    if head.name == "added":
        return Cell(head.name, head.title, wording.format_day(local(card.created_at)))
    if head.rule is None:
        return Cell(head.name, head.title, masking.mask_text(cell_text(card, head.name)))
    text, value = cell_text(card, head.name), cell_value(card, head.name)
    # What holds a number in full is shown masked, and is changed on the card's own page.
    is_masked = masking.mask_text(value) != value
    return Cell(head.name, head.title, masking.mask_text(text), None if is_masked else value)
