"""The request to cancel that a row names, from the cells that speak of it; where it names none they become columns of
the team's own."""

import re
from dataclasses import replace
from datetime import date, datetime, time

from cases.domain.business_days import FIRST_YEAR, SHANGHAI, local
from cases.domain.errors import gettext_noop
from cases.formats.tables.choices import read_channel, read_reason, read_return_reason
from cases.formats.tables.days import DayRead
from cases.formats.tables.facts import MAX_NOTE, ROUNDED, RowFacts, day_of_cell, is_rounded
from cases.formats.tables.layout import ColumnGuess
from cases.formats.tables.readings import CaseStatus, ReadCase
from cases.formats.tables.row_refund import take_refund
from cases.formats.tables.statuses import StatusRead, is_unclear_status, read_status
from cases.formats.tables.titles import normalize_title

#: Where a table names a day only, the request counts as submitted at the end of that day's office hours.
END_OF_OFFICE = time(18)
MAX_REFERENCE = 60

UNCLEAR_STATUS = gettext_noop(
    "“%(title)s”: “%(text)s” does not say where a request stands, so no case is created. It is kept as it is."
)
IN_THE_FUTURE = gettext_noop("“%(title)s”: “%(text)s” is in the future. It was kept in the note.")
BEFORE_CALENDAR = gettext_noop(
    "“%(title)s”: “%(text)s” is before %(year)s, from when on working days are known. It was kept in the note."
)
DAY_OF_REQUEST = gettext_noop(
    "“%(title)s”: “%(text)s” was taken as the day of the request, because its status is not cancelled."
)
CLOSED_BEFORE = gettext_noop("“%(title)s”: “%(text)s” is after the cancellation. It was kept in the note.")
REFERENCE_TOO_LONG = gettext_noop("“%(title)s”: longer than %(most)s characters (“%(text)s”). It was kept in the note.")

_CANCELLING = re.compile("注销|销户|销号|拆机|离网|退网|cancel|terminat|clos")
_REQUESTING = re.compile("注销|销户|销号|提交|submi|cancel")
_RUNNING: tuple[CaseStatus, ...] = ("submitted", "under_review", "returned")


def read_case(row: RowFacts, now: datetime) -> ReadCase | None:
    """The case of a row, whose cells it uses up; `now` is aware."""
    cells = row.case_cells
    if not cells:
        return None
    status_words = cells["status"][1] if "status" in cells else ""
    status = _standing(row, now)
    case = replace(_build_case(row, status, now), status_words=status_words) if status else None
    for column, text in cells.values():  # whatever no case took
        row.custom[column.title] = text
    cells.clear()
    return case


def _standing(row: RowFacts, now: datetime) -> StatusRead | None:
    """Where the request stands: by its status, or by a day of cancelling or of submitting where there is no status."""
    cells = row.case_cells
    if "status" in cells:
        column, text = cells["status"]
        status = read_status(text, column.title)
        if status is None:
            if is_unclear_status(text):
                row.warn(UNCLEAR_STATUS, column, text)
            return None
        del cells["status"]
        if not status.is_whole:
            row.keep_in_note(column, text)
        return status
    if "cancelled_on" in cells and _is_past_day(cells["cancelled_on"], now):
        title = normalize_title(cells["cancelled_on"][0].title)
        return StatusRead("confirmed" if _CANCELLING.search(title) else "reported_done")
    if "submitted_at" in cells and _names_request(cells["submitted_at"][0], row.case_columns):
        return StatusRead("submitted") if _is_past_day(cells["submitted_at"], now) else None
    return None


def _is_past_day(cell: tuple[ColumnGuess, str], now: datetime) -> bool:
    probe = RowFacts()
    read = day_of_cell(probe, *cell)
    return read is not None and read.day <= local(now).date()


def _names_request(column: ColumnGuess, case_columns: int) -> bool:
    """Whether a day is that of asking for a cancellation: by its title, or by the columns beside it."""
    return case_columns > 1 or bool(_REQUESTING.search(normalize_title(column.title)))


def _build_case(row: RowFacts, status: StatusRead, now: datetime) -> ReadCase:
    reason, reason_words = _take_reason(row)
    channel = _take_channel(row)
    if status.status == "draft":
        return ReadCase("draft", reason=reason, reason_words=reason_words, channel=channel)
    closed_on = _take_closing_day(row, status, now)
    submitted_at, is_day_only = _take_submission(row, status.status, closed_on, now)
    return_reason, returned_on = _take_return(row, status, now)
    return ReadCase(
        status=status.status,
        submitted_at=submitted_at,
        is_day_only=is_day_only,
        closed_on=closed_on,
        returned_on=returned_on,
        carrier_reference=_take_reference(row),
        reason=reason,
        reason_words=reason_words,
        return_reason=return_reason,
        channel=channel,
        refund=None if status.status in _RUNNING else take_refund(row, now),
    )


def _take_reason(row: RowFacts) -> tuple[str, str]:
    if "reason" not in row.case_cells:
        return "", ""
    column, text = row.case_cells.pop("reason")
    choice = read_reason(text)
    if choice is None or len(text) > MAX_NOTE:
        row.keep_in_note(column, text)
        return "", ""
    return choice.value, text


def _take_channel(row: RowFacts) -> str:
    if "channel" not in row.case_cells:
        return ""
    column, text = row.case_cells.pop("channel")
    choice = read_channel(text)
    if choice is None or not choice.is_whole:
        row.keep_in_note(column, text)
    return choice.value if choice else ""


def _take_reference(row: RowFacts) -> str:
    if "carrier_reference" not in row.case_cells:
        return ""
    column, text = row.case_cells.pop("carrier_reference")
    if len(text) > MAX_REFERENCE:
        row.refuse(REFERENCE_TOO_LONG, column, text, most=MAX_REFERENCE)
        return ""
    if is_rounded(text):
        row.refuse(ROUNDED, column, text)
        return ""
    if not any(character.isdigit() for character in text):  # 客服没给
        row.keep_in_note(column, text)
        return ""
    return text


def _take_day(row: RowFacts, name: str, now: datetime) -> DayRead | None:
    """The day of a cell that lies in the past; another is refused."""
    if name not in row.case_cells:
        return None
    column, text = row.case_cells.pop(name)
    read = day_of_cell(row, column, text)
    if read and read.day > local(now).date():
        row.refuse(IN_THE_FUTURE, column, text)
        return None
    return read


def _take_closing_day(row: RowFacts, status: StatusRead, now: datetime) -> date | None:
    if status.status in _RUNNING:
        return None
    read = _take_day(row, "cancelled_on", now)
    if read:
        return read.day
    return status.day if status.day and status.day <= local(now).date() else None


def _take_submission(
    row: RowFacts, status: CaseStatus, closed_on: date | None, now: datetime
) -> tuple[datetime | None, bool]:
    name = "submitted_at"
    if name not in row.case_cells and status in _RUNNING and "cancelled_on" in row.case_cells:
        name = "cancelled_on"
        row.warn(DAY_OF_REQUEST, *row.case_cells[name])
    if name not in row.case_cells:
        return None, False
    column, text = row.case_cells[name]
    read = _take_day(row, name, now)
    if read is None:
        return None, False
    if read.day.year < FIRST_YEAR:
        row.refuse(BEFORE_CALENDAR, column, text, year=FIRST_YEAR)
        return None, False
    if closed_on and read.day > closed_on:
        row.refuse(CLOSED_BEFORE, column, text)
        return None, False
    at = datetime.combine(read.day, read.clock or END_OF_OFFICE, tzinfo=SHANGHAI)
    if at > now and read.clock is None:
        at = now.astimezone(SHANGHAI)
    if at > now:
        row.refuse(IN_THE_FUTURE, column, text)
        return None, False
    return at, read.clock is None


def _take_return(row: RowFacts, status: StatusRead, now: datetime) -> tuple[str, date | None]:
    if status.status != "returned":
        return "", None
    reason = status.return_reason
    if "returned_reason" in row.case_cells:
        column, text = row.case_cells.pop("returned_reason")
        choice = read_return_reason(text)
        reason = choice.value if choice else reason
        if not choice or not choice.is_whole:
            row.keep_in_note(column, text)
    read = _take_day(row, "returned_on", now)
    return reason, read.day if read else status.day
