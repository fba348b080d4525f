"""What a dry run found, as it is stored with the import: counts, and which rows they are."""

from collections import Counter
from collections.abc import Iterable, Sequence

from cases.domain.json_values import Json, JsonObject
from cases.formats.tables.readings import ReadColumn
from cases.models import CardImport
from cases.operations.card_import_plan import ImportContext, RowPlan
from cases.operations.card_import_repeats import Repeat, Repeats

#: Counted beside the outcomes of the rows: the cases that are opened, and the rows with warnings.
CASE_COUNT, WARNING_COUNT = "case", "warned"
#: Names of carriers and people that a page offers to explain.
_MOST_NAMES = 50
#: Repeats that are stored, so that a page of a long table need not look for them in all of it.
_MOST_REPEATS = 5000


class Forecast:
    """Adds up the plans of a table.

    As JSON: "counts" by outcome, CASE_COUNT and WARNING_COUNT; "ranges": of each of these, which rows they are
    ([[first, last], ...], counted from 1); "header_row"; "columns": [[index from 0, title, field], ...] as read;
    "unknown_carriers": [[name as written, how many cards], ...]; "new_columns": titles that become columns of the
    team's own; "new_handlers": [[name, how many cards], ...] of people who are no members yet;
    "repeats": [[row, card of the row from 0, row that it repeats, whether it says more], ...], null where there are
    very many.
    """

    def __init__(self, header_row: int, columns: Sequence[ReadColumn]) -> None:
        self._header_row, self._columns = header_row, columns
        self._counts: Counter[str] = Counter()
        self._ranges: dict[str, list[list[int]]] = {}
        self._carriers: Counter[str] = Counter()
        self._handlers: Counter[str] = Counter()
        self._titles: dict[str, None] = {}

    def add(self, plans: Iterable[RowPlan]) -> None:
        """Count plans; they come in the order of their rows."""
        for plan in plans:
            marks: list[str] = [plan.outcome]
            if plan.warnings:
                marks.append(WARNING_COUNT)
            if plan.opens_case:
                marks.append(CASE_COUNT)
            for mark in marks:
                self._counts[mark] += 1
                self._add_to_ranges(self._ranges.setdefault(mark, []), plan.row)
            if plan.carrier is None and plan.carrier_name:
                self._carriers[plan.carrier_name] += 1
            if plan.facts.handler_name or (plan.handler is None and plan.opens_case):
                self._handlers[plan.handler_name] += 1
            self._titles.update(dict.fromkeys(plan.custom))

    @staticmethod
    def _add_to_ranges(ranges: list[list[int]], row: int) -> None:
        if ranges and ranges[-1][1] >= row - 1:
            ranges[-1][1] = row
        else:
            ranges.append([row, row])

    def as_json(self, context: ImportContext) -> JsonObject:
        """What is stored; `context`: by which it is known who is a member, and which columns are there."""
        handlers: list[Json] = [
            [name, count] for name, count in self._handlers.most_common(_MOST_NAMES) if context.handler_of(name) is None
        ]
        return {
            "counts": dict(self._counts),
            "ranges": dict(self._ranges),
            "header_row": self._header_row,
            "columns": [[column.index, column.title, column.field] for column in self._columns],
            "unknown_carriers": [[name, count] for name, count in self._carriers.most_common(_MOST_NAMES)],
            "new_columns": list(context.columns.missing(self._titles)),
            "new_handlers": handlers,
            "repeats": _repeats_as_json(context.repeats),
        }


def _repeats_as_json(repeats: Repeats) -> Json:
    if len(repeats) > _MOST_REPEATS:
        return None
    return [[row, place, repeat.first_row, repeat.says_more] for (row, place), repeat in repeats.items()]


def forecast_repeats(card_import: CardImport) -> Repeats | None:
    """The repeats of a table as the dry run found them; None where they are not stored."""
    stored = card_import.forecast.get("repeats")
    if stored is None:
        return None
    return {(row, place): Repeat(first_row, says_more) for row, place, first_row, says_more in stored}


def rows_with(card_import: CardImport, outcome: str) -> list[int]:
    """The rows (counted from 1) that the dry run forecast this outcome for, or CASE_COUNT or WARNING_COUNT of."""
    ranges = card_import.forecast.get("ranges", {}).get(outcome, [])
    return [row for first, last in ranges for row in range(first, last + 1)]
