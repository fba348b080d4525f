"""Days as numbers, and how many working days lie between two of them, counted by the database.

A day's number is how many days after 1970-01-01 it is, in Shanghai, where no clock has been moved since 1991. The
database gets the calendar as one value: how many working days there were up to each day. So a hundred thousand cases
come back as a few hundred rows, and not one by one.
"""

from datetime import date, datetime
from itertools import accumulate
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, IntegerField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

from cases.domain.business_days import WorkingCalendar, days_between, local

_EPOCH = date(1970, 1, 1).toordinal()
_SECONDS_PER_DAY, _UTC_OFFSET_SECONDS = 24 * 3600, 8 * 3600
_WIDTH = 5  # digits


class Seconds(Func):
    """A moment as whole seconds since 1970; on SQLite without a call into Python for each row, as Django's own are."""

    output_field = IntegerField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: str
    ) -> tuple[str, tuple[str | int, ...]]:
        # Twice doubled: for this template, and for the statement, which takes parameters.
        return self.as_sql(
            compiler, connection, template="CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)", **extra
        )

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template)


class MonthOrdinal(Func):
    """The ordinal (`domain.statement_months.Month`) of the month in which a moment of a column lies."""

    output_field = IntegerField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: str
    ) -> tuple[str, tuple[str | int, ...]]:
        year, month = (
            f"CAST(strftime('%%%%{part}', %(expressions)s, '+{_UTC_OFFSET_SECONDS} seconds') AS INTEGER)"
            for part in "Ym"
        )
        return self.as_sql(compiler, connection, template=f"({year} * 12 + {month} - 1)", **extra)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        year, month = (
            f"EXTRACT({part} FROM %(expressions)s AT TIME ZONE 'Asia/Shanghai')::int" for part in ("YEAR", "MONTH")
        )
        return self.as_sql(compiler, connection, template=f"({year} * 12 + {month} - 1)")


def day_number_of(moment: str | Func, *, ended: bool = False) -> Combinable:
    """The number of the day in which a moment lies; with `ended`, of the day that ends with it if it is midnight."""
    expression = F(moment) if isinstance(moment, str) else moment
    return (Seconds(expression) + Value(_UTC_OFFSET_SECONDS - ended)) / Value(_SECONDS_PER_DAY)


def day_number(day: date) -> int:
    """The number of a day."""
    return day.toordinal() - _EPOCH


def date_of(number: int) -> date:
    """The day that has this number."""
    return date.fromordinal(number + _EPOCH)


class WorkingDays:
    """How many working days something takes; `now` is an aware moment."""

    def __init__(self, calendar: WorkingCalendar, now: datetime) -> None:
        first, today = date(calendar.first_year, 1, 1), local(now).date()
        cumulative = list(accumulate(int(calendar.is_working(day)) for day in days_between(first, calendar.last_date)))
        # Beyond the calendar no day counts as a working day.
        self.cumulative = cumulative + cumulative[-1:] * max(0, (today - calendar.last_date).days)
        self.first = day_number(first)
        self.until_yesterday = self.cumulative[day_number(today) - 1 - self.first]

    def since(self, start: str | Func, end: str | Func | None = None) -> Combinable:
        """With which working day after `start` a moment falls (article 201); until now where there is no `end`.

        A day off belongs to the next working day: so what took at most n came before the end of the n-th.
        """
        until_end: Combinable = Value(self.until_yesterday)
        if end is not None:
            until_end = Coalesce(_WorkingDaysUpTo(day_number_of(end) - Value(1), self), until_end)
        return until_end - _WorkingDaysUpTo(day_number_of(start), self) + Value(1)


class _WorkingDaysUpTo(Func):
    """How many working days there were up to a day of the calendar's years, looked up in the table."""

    output_field = IntegerField()

    def __init__(self, day: Combinable, days: WorkingDays) -> None:
        super().__init__(day)
        self.days = days

    # Any: the stubs know parameters as tuples of texts and numbers, and these are lists with bytes and a list.

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: str) -> Any:
        day, day_params = compiler.compile(self.source_expressions[0])
        table = "".join(f"{count:0{_WIDTH}}" for count in self.days.cumulative).encode()
        position = f"({day} - {self.days.first}) * {_WIDTH} + 1"
        return f"CAST(substr(%s, {position}, {_WIDTH}) AS INTEGER)", [table, *day_params]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[object]]:
        day, day_params = compiler.compile(self.source_expressions[0])
        return f"(%s::int[])[{day} - {self.days.first} + 1]", [self.days.cumulative, *day_params]
