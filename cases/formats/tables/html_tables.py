"""Tables of a web page: what many portals hand out under the name of an Excel file."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Rows and columns that a cell may span; what says more is wrong.
_MOST_SPANNED = 500
#: Cells that spanning ones may cover in all, about.
_MOST_COVERED = 1_000_000
_BLOCKS = frozenset({"br", "p", "div", "li"})


@dataclass
class HtmlTable:
    """A table: rows of texts, and merged ranges (first row, first column, last row, last column; from 0)."""

    rows: list[list[str]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


class _TableParser(HTMLParser):
    """Collects the rows of all tables of a page into one, in their order."""

    def __init__(self, max_rows: int) -> None:
        super().__init__(convert_charrefs=True)
        self.table, self._max_rows = HtmlTable(), max_rows
        self._cell: list[str] | None = None
        self._column = 0
        self._covered: set[tuple[int, int]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._close_cell()
            if len(self.table.rows) <= self._max_rows:
                self.table.rows.append([])
            self._column = 0
        elif tag in ("td", "th") and self.table.rows:
            self._close_cell()
            self._open_cell(dict(attrs))
        elif tag in _BLOCKS and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _open_cell(self, attributes: dict[str, str | None]) -> None:
        row = len(self.table.rows) - 1
        while (row, self._column) in self._covered:
            self.table.rows[row].append("")
            self._column += 1
        last_row, last = row + _span(attributes, "rowspan") - 1, self._column + _span(attributes, "colspan") - 1
        if (last_row, last) != (row, self._column) and len(self._covered) < _MOST_COVERED:
            self.table.merges.append((row, self._column, last_row, last))
            self._covered |= {(y, x) for y in range(row, last_row + 1) for x in range(self._column, last + 1)}
        self._column += 1
        self._cell = []

    def _close_cell(self) -> None:
        if self._cell is not None:
            lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
            self.table.rows[-1].append("\n".join(filter(None, lines)))
            self._cell = None


def _span(attributes: dict[str, str | None], name: str) -> int:
    value = (attributes.get(name) or "1").strip()
    return int(value) if value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= _MOST_SPANNED else 1


def read_html_table(text: str, max_rows: int) -> HtmlTable:
    """The tables of a page as one; without rows where there are none."""
    parser = _TableParser(max_rows)
    parser.feed(text)
    parser.close()
    return parser.table
