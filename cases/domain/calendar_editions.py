"""Editions of the working calendar: all that counting depended on when something was recorded, as JSON.

The record of a case names the edition of each entry by its digest, so that its deadlines can be computed again after
the calendar has changed (domain.md, 'The record').
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, cast

from cases.domain.business_days import FIRST_YEAR, WorkingCalendar, days_between
from cases.domain.hash_chain import canonical_json
from cases.domain.json_values import JsonObject

_SATURDAY = 5


class Edition(NamedTuple):
    """`body` is JSON; `digest` the hex SHA-256 of its canonical form, the same for calendars that count alike."""

    digest: str
    body: JsonObject


def edition_of(calendar: WorkingCalendar) -> Edition:
    """The edition of a calendar: weekdays that are off, weekend days that work, the published years, the last year."""
    key = (*calendar.corrections, calendar.last_year)
    if key not in _editions:
        if len(_editions) >= _MAX_EDITIONS:
            _editions.clear()
        _editions[key] = _build(calendar)
    return _editions[key]


#: Editions that this process has met; a calendar is read anew with each request, and its edition seldom changes.
_editions: dict[object, Edition] = {}
_MAX_EDITIONS = 16


def _build(calendar: WorkingCalendar) -> Edition:
    working = frozenset(calendar.working_dates)
    days = list(days_between(date(FIRST_YEAR, 1, 1), calendar.last_date))
    body: JsonObject = {
        "off": [day.isoformat() for day in days if day.weekday() < _SATURDAY and day not in working],
        "worked": [day.isoformat() for day in days if day.weekday() >= _SATURDAY and day in working],
        "published": sorted(calendar.corrections[1]),
        "last_year": calendar.last_year,
    }
    return Edition(digest_of(body), body)


def digest_of(body: JsonObject) -> str:
    """The name of an edition: hex SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical_json(body)).hexdigest()


def calendar_of(body: JsonObject) -> WorkingCalendar:
    """The calendar that an edition was made of; its days have no names. ValueError, KeyError or TypeError when the
    body is no edition."""
    off, worked = (frozenset(map(date.fromisoformat, cast(Sequence[str], body[name]))) for name in ("off", "worked"))
    last_year, published = cast(int, body["last_year"]), cast(Sequence[int], body["published"])
    every_day = days_between(date(FIRST_YEAR, 1, 1), date(last_year, 12, 31))
    working_dates = [day for day in every_day if day in worked or (day.weekday() < _SATURDAY and day not in off)]
    return WorkingCalendar.of_dates(working_dates, published, last_year)
