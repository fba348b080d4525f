"""The list of cases as a table: its columns, and what each of their heads sorts by."""

from dataclasses import dataclass, replace

from cases.web.card_table import NO_VIEW, TableSettings
from cases.wording.case_columns import USUAL_CASE_COLUMNS, case_column_titles

#: Columns that the list can be sorted by: `cases.selectors.filters.ORDERS` has these names, with a minus for the
#: other way.
SORTED = ("number", "submitted", "reply_by")


@dataclass(frozen=True)
class Head:
    """The head of a column; `href` sorts by it, or the other way; empty where it sorts by nothing. `sorted` is
    'ascending', 'descending' or empty."""

    name: str
    title: str
    href: str = ""
    sorted: str = ""

    @property
    def is_wide(self) -> bool:
        return self.name in ("standing", "submitted", "reply_by")


def shown_columns(settings: TableSettings) -> list[str]:
    """The columns that are shown, the number first: those that were chosen and exist, or the usual ones."""
    titles = case_column_titles()
    chosen = [name for name in settings.columns if name in titles] or list(USUAL_CASE_COLUMNS)
    return ["number", *(name for name in chosen if name != "number")]


def heads(settings: TableSettings) -> list[Head]:
    """The heads of the columns that are shown."""
    titles = case_column_titles()
    return [_head(settings, name, titles[name]) for name in shown_columns(settings)]


def _head(settings: TableSettings, name: str, title: str) -> Head:
    if name not in SORTED:
        return Head(name, title)
    direction = {name: "ascending", f"-{name}": "descending"}.get(settings.sort, "")
    turned = replace(settings, sort=f"-{name}" if direction == "ascending" else name)
    return Head(name, title, turned.url("case_list", view=NO_VIEW), direction)
