"""The preview of an import: one page of the rows of its table, each with all that will be stored, and what to mend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import wording
from cases.documents.import_rows import message_text
from cases.documents.imports import read_columns
from cases.formats.tables.readings import Message
from cases.models import CardImport, User
from cases.operations import card_import
from cases.operations.card_import import CASE_COUNT, WARNING_COUNT
from cases.operations.card_import_forecast import rows_with
from cases.operations.card_import_plan import CHANGED, NEW, SAME, SKIPPED, TAKEN, WRONG, RowPlan
from cases.web.forms.card_imports import IGNORED, sheet_names
from cases.web.import_cells import Column, PreviewCell, columns_of

PAGE_SIZES = (50, 200)
#: Inputs on one page: a form of Django's takes a thousand fields.
MAX_INPUTS = 800
#: The ways to narrow the rows, in their order; all of them is the empty one.
FILTERS = ("", NEW, CHANGED, SAME, CASE_COUNT, WARNING_COUNT, WRONG, SKIPPED)
_TONES = {NEW: "done", CHANGED: "waiting", SAME: "quiet", WRONG: "late", SKIPPED: "quiet"}
_OUTCOMES = (NEW, CHANGED, SAME, WRONG, SKIPPED)


@dataclass(frozen=True)
class PreviewPlace:
    """Which rows a page shows: the filter, the page (from 1), and how many rows a page has."""

    show: str = ""
    page: int = 1
    size: int = PAGE_SIZES[0]

    @classmethod
    def read(cls, query: QueryDict) -> "PreviewPlace":
        """Of an address or a form; whatever is no such place counts as the first page of all rows."""
        show, page, size = query.get("show", ""), query.get("page", ""), query.get("rows", "")
        return cls(
            show if show in FILTERS else "",
            max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
            next((choice for choice in PAGE_SIZES if str(choice) == size), PAGE_SIZES[0]),
        )

    def query(self, **changes: Any) -> str:
        """The query string of this place, or of another that differs in `changes`."""
        place = {"show": self.show, "page": self.page, "rows": self.size} | changes
        defaults = {"show": "", "page": 1, "rows": PAGE_SIZES[0]}
        return urlencode({name: value for name, value in place.items() if value != defaults[name]})


@dataclass(frozen=True)
class CellInput:
    """A cell of the table that can be mended: the name of its input, its column's title, and what stands in it."""

    name: str
    title: str
    text: str


@dataclass
class RowMessage:
    text: str
    input: CellInput | None = None


@dataclass
class PreviewRow:
    row: int
    outcome: str
    label: str
    tone: str
    number: str
    cells: list[PreviewCell] = field(default_factory=list)
    messages: list[RowMessage] = field(default_factory=list)
    original: str = ""


@dataclass
class Preview:
    """A page of rows; `columns` are the titles of its cells, without those in which no row of it has anything."""

    titles: list[str]
    rows: list[PreviewRow]
    place: PreviewPlace
    count: int
    filters: list[dict[str, Any]]

    @property
    def pages(self) -> int:
        return max(-(-self.count // self.place.size), 1)

    @property
    def previous(self) -> str | None:
        return self.place.query(page=self.place.page - 1) if self.place.page > 1 else None

    @property
    def next(self) -> str | None:
        return self.place.query(page=self.place.page + 1) if self.place.page < self.pages else None

    @property
    def sizes(self) -> list[tuple[int, str]]:
        return [(size, self.place.query(page=1, rows=size)) for size in PAGE_SIZES]

    @property
    def has_inputs(self) -> bool:
        return any(message.input for row in self.rows for message in row.messages)


def load_preview(import_: CardImport, place: PreviewPlace, typed: QueryDict, *, by: User, now: datetime) -> Preview:
    """The rows of a place. `typed`: what was typed into inputs and could not be taken, which they show again."""
    outcomes = [place.show] if place.show else _OUTCOMES
    rows = sorted({row for outcome in outcomes for row in rows_with(import_, outcome)})
    last_page = max(-(-len(rows) // place.size), 1)
    place = PreviewPlace(place.show, min(place.page, last_page), place.size)
    shown = rows[(place.page - 1) * place.size : place.page * place.size]
    plans = list(card_import.plan_rows(import_, by=by, now=now, rows=set(shown))) if shown else []
    titles = {index: title for index, title, _field in read_columns(import_)}
    columns = columns_of(plans)
    inputs = _Inputs(titles, typed)
    preview_rows = [_preview_row(plan, columns, inputs) for plan in plans]
    return Preview([title for title, _read in columns], preview_rows, place, len(rows), _filters(import_, place))


def _filters(import_: CardImport, place: PreviewPlace) -> list[dict[str, Any]]:
    counts = import_.forecast.get("counts", {})
    total = sum(counts.get(outcome, 0) for outcome in _OUTCOMES)
    labels = filter_labels()
    return [
        {
            "key": name,
            "label": labels[name],
            "count": counts.get(name, 0) if name else total,
            "query": place.query(show=name, page=1),
            "is_current": name == place.show,
        }
        for name in FILTERS
        if not name or counts.get(name, 0) or name == place.show
    ]


def filter_labels() -> dict[str, str]:
    """What the outcomes of rows are called, and the other ways to narrow them."""
    return {
        "": _("All rows"),
        NEW: _("New cards"),
        CHANGED: _("Updated cards"),
        SAME: _("Unchanged"),
        CASE_COUNT: _("With a case"),
        WARNING_COUNT: _("With warnings"),
        WRONG: _("Not imported"),
        SKIPPED: _("No card"),
    }


def outcome_labels() -> dict[str, str]:
    """What a row's outcome is called, in a row."""
    return {
        NEW: pgettext("outcome of a row", "New"),
        CHANGED: pgettext("outcome of a row", "Updated"),
        SAME: pgettext("outcome of a row", "Unchanged"),
        WRONG: pgettext("outcome of a row", "Not imported"),
        SKIPPED: pgettext("outcome of a row", "No card"),
    }


# What is stored of a row


class _Inputs:
    """Hands out the inputs for cells that can be mended, each once, and no more than a form takes."""

    def __init__(self, titles: dict[int, str], typed: QueryDict) -> None:
        self.titles, self.typed = titles, typed
        self.names: set[str] = set()

    def for_message(self, plan: RowPlan, message: Message) -> CellInput | None:
        column = message.column
        if column is None or len(self.names) >= MAX_INPUTS:
            return None
        name = f"cell_{plan.row}_{column}"
        if name in self.names:
            return None
        self.names.add(name)
        text = self.typed.get(name, plan.cells[column] if column < len(plan.cells) else "")
        return CellInput(name, self.titles.get(column) or _("Column %(number)s") % {"number": column + 1}, text)


def _preview_row(plan: RowPlan, columns: Sequence[Column], inputs: _Inputs) -> PreviewRow:
    row = PreviewRow(plan.row, plan.outcome, outcome_labels()[plan.outcome], _TONES[plan.outcome], plan.number)
    if plan.outcome in TAKEN:
        row.cells = [read(plan, title) for title, read in columns]
    else:
        row.original = " · ".join(cell for cell in plan.cells if cell)
    told: Iterable[Message] = [*([plan.reason] if plan.reason else []), *plan.warnings]
    row.messages = [RowMessage(message_text(message), inputs.for_message(plan, message)) for message in told]
    return row


def reading_summary(import_: CardImport) -> str:
    """How the table is read, in a few words: its sheet, its row of titles, and the columns that are left out."""
    forecast = import_.forecast
    names = sheet_names(import_)
    parts = [names[import_.sheet][0]] if len(names) > 1 and import_.sheet < len(names) else []
    header_row = forecast.get("header_row")
    if header_row:
        parts.append(_("titles in row %(row)s") % {"row": header_row})
    elif header_row == 0:
        parts.append(_("no titles"))
    if import_.carrier:
        parts.append(_("all rows: %(carrier)s") % {"carrier": import_.carrier})
    left_out = [title for _index, title, field in read_columns(import_) if field in ("", IGNORED) and title]
    if left_out:
        parts.append(_("left out: %(titles)s") % {"titles": wording.join_names(left_out)})
    return " · ".join(parts)
