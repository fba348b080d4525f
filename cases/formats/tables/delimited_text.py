"""A table kept or pasted as text: its encoding, what separates its cells, and its rows."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from cases.domain.text_encoding import decode, encodings_of
from cases.formats.tables.refusals import MAX_CELL_LENGTH, TableTooLarge, TableUnreadable

#: What separates cells, the likelier first: what is copied from a spreadsheet comes with tabs, CSV with commas.
_SEPARATORS = "\t,;|，；｜、"
#: The line by which a file tells Excel its separator.
_SEPARATOR_LINE = re.compile(r"\ufeff?\s*[\"']?sep=(.)[\"']?\s*", re.IGNORECASE)
_SPACES = re.compile(r"[ \u3000]{2,}|\u3000|(?<=\d) (?=\D)|(?<=[^\x00-\x7f]) (?=\S)")
#: '="0123"', the way to make a spreadsheet keep digits as they are.
_KEPT_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
#: Lines by which a separator is judged.
_SAMPLE_LINES = 60


def split_rows(text: str, max_rows: int) -> Iterator[list[str]]:
    """The rows of a table of text, a line that names the separator kept as a row; raises TableRefused."""
    if text.count("\n") + text.count("\r") > 2 * max_rows + 2:
        raise TableTooLarge()
    head, _, rest = text.partition("\n")
    named = _SEPARATOR_LINE.fullmatch(head)
    if named:
        yield [head.strip()]
        text = rest
    separator = named[1] if named else _find_separator(text)
    if separator == " ":
        yield from (_SPACES.split(line.strip()) for line in text.splitlines())
        return
    csv.field_size_limit(max(csv.field_size_limit(), 4 * MAX_CELL_LENGTH))
    try:
        for row in csv.reader(
            _rows_of_pipes(text) if separator == "|" else io.StringIO(text, newline=""), delimiter=separator
        ):
            yield [_unwrap(cell) for cell in row]
    except csv.Error:
        raise TableUnreadable() from None


def decode_text(data: bytes) -> str:
    """The text of a file; raises TableUnreadable where it is none, or a page or a program's data without a table."""
    encodings = encodings_of(data)
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and data.count(0) * 5 > len(data):
        # UTF-16 without its mark: the zeros of its Latin characters and digits tell the order of its bytes.
        encodings = ("utf-16-le",) if data[1::2].count(0) >= data[::2].count(0) else ("utf-16-be",)
    text = decode(data, encodings)
    is_other = text is None or "\0" in text or text.startswith("%PDF-") or text.lstrip()[:1] in ("{", "[")
    if text is None or is_other or (text.lstrip()[:1] == "<" and not has_html_table(text)):
        raise TableUnreadable()
    return text.removeprefix("\ufeff")


def has_html_table(text: str) -> bool:
    """Whether a text is a page with a table in it."""
    return text.lstrip("\ufeff \r\n\t").startswith("<") and "<tr" in text.lower()


def _find_separator(text: str) -> str:
    """What separates the cells: what most lines have, and have equally often; a space where only spaces do."""
    lines = [line for line in islice(io.StringIO(text), _SAMPLE_LINES) if line.strip()]
    scores = {separator: _regularity(lines, separator) for separator in _SEPARATORS}
    best = max(scores, key=lambda separator: scores[separator])
    if scores[best] > 0:
        return best
    columns = [len(_SPACES.split(line.strip())) for line in lines]
    most = max(set(columns), key=columns.count, default=1)
    regular = sum(1 for count in columns if 1 < count <= most)
    return " " if most > 1 and regular * 10 >= 7 * len(columns) else ","


def _regularity(lines: list[str], separator: str) -> float:
    """How well a character separates cells: the share of lines that have as many as most, and how many those are."""
    counts = [line.count(separator) for line in lines]
    filled = [count for count in counts if count]
    if not filled:
        return 0
    most = max(set(filled), key=lambda count: (filled.count(count), count))
    share = filled.count(most) / len(lines)
    return share * (1 + min(most, 20) / 100) if len(filled) * 2 >= len(lines) or lines[0].count(separator) else 0


def _rows_of_pipes(text: str) -> Iterator[str]:
    """Lines as '| a | b |' without their outer bars."""
    for line in io.StringIO(text, newline=""):
        inner = line.strip()
        yield inner[1:-1] + "\n" if len(inner) > 1 and inner.startswith("|") and inner.endswith("|") else line


def _unwrap(cell: str) -> str:
    match = _KEPT_AS_TEXT.fullmatch(cell.strip()) if cell.lstrip().startswith("=") else None
    return match[1].replace('""', '"') if match else cell
