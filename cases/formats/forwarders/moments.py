"""Moments as phones and their programs write them, in Chinese and English.

From the sources of the programs (Unix time, ISO 8601, '2026-10-09 10:20:00', '2013. 7.15  9:32') and from the formats
that phones show (CLDR: '2026年11月29日 下午9:20', 'Nov 29, 2026 at 9:20 PM'), which iOS Shortcuts passes on as text.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

from cases.domain.business_days import SHANGHAI
from cases.formats.forwarders.refusals import TimestampInvalid

#: Before this no carrier's message can be about a case.
_EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)
_MAX_LENGTH = 60
#: A Unix time that is larger is in milliseconds.
_MILLISECONDS_FROM = 1e11

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4}) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2})(?!\d) ?日?",
        rf"\b{_MONTH} {_DAY},? (?P<year>\d{{4}})(?!\d)",
        rf"(?<!\d){_DAY}[ -]{_MONTH},?[ -](?P<year>\d{{4}})(?!\d)",
        # As Java prints a date: 'Sun Nov 29 21:20:00 GMT+08:00 2026'.
        rf"\b{_MONTH} {_DAY} (?=.* (?P<year>\d{{4}})$)",
        r"(?<!\d)(?P<first>\d{1,2})(?P<separator>[/.-])(?P<second>\d{1,2})[/.-](?P<year>\d{4}|\d{2})(?!\d)",
    )
)
_BEFORE_NOON, _NOON, _AFTER_NOON = "上午|凌晨|清晨|早上|早晨|am|a.m.", "中午", "下午|傍晚|晚上|pm|p.m."
_HALF = "|".join((_BEFORE_NOON, _NOON, _AFTER_NOON)).replace(".", r"\.")
_TIME = re.compile(
    rf"(?P<before>{_HALF})? ?(?<!\d)(?P<hour>\d{{1,2}}) ?[:时時点點] ?(?P<minute>\d{{1,2}})"
    rf"(?: ?[:分] ?(?P<second>\d{{1,2}})(?:[.,]\d+)?)?(?!\d) ?[分秒]? ?(?P<after>{_HALF})?",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:\b(?:GMT|UTC))?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?!\d)|\b(?P<utc>GMT|UTC|Z)\b"
)
_SHANGHAI_NAMES = re.compile(r"中国标准时间|北京时间|China Standard Time|\bCST\b", re.IGNORECASE)
_WEEKDAY = r"星期[一二三四五六日天]|周[一二三四五六日]|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?"
#: What may stand beside date and time and says nothing more.
_FILLERS = re.compile(rf"(?:[ ,;()]|\bat\b|{_WEEKDAY})*", re.IGNORECASE)


def parse_moment(value: object, *, is_day_first: bool = False) -> datetime:
    """An aware moment in UTC out of a number or a text; by the clock of Shanghai unless it carries its own offset.

    Unix time in seconds or milliseconds, ISO 8601, and dates with or without a time of day as phones write them. Of
    '11/29/2026' the month is first, unless there is no such month or `is_day_first`; of '29.11.2026' the day. Raises
    TimestampInvalid for anything else, and for what lies before 2004.
    """
    text = (
        ""
        if isinstance(value, bool)
        else " ".join(unicodedata.normalize("NFKC", str(value)[: 2 * _MAX_LENGTH]).split())
    )
    try:
        if len(text) > _MAX_LENGTH:
            raise ValueError(text)
        moment = _parse_unix_time(text) or _parse_iso(text) or _parse_words(text, is_day_first=is_day_first)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise TimestampInvalid from None
    if moment < _EARLIEST:
        raise TimestampInvalid
    return moment


def _parse_unix_time(text: str) -> datetime | None:
    if not re.fullmatch(r"[0-9]{9,13}(\.[0-9]*)?", text):
        return None
    number = float(text)
    return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS_FROM else number, UTC)


def _parse_iso(text: str) -> datetime | None:
    if re.fullmatch(r"[0-9]{14}", text):
        text = f"{text[:8]}T{text[8:]}"
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None


def _parse_words(text: str, *, is_day_first: bool) -> datetime:
    """Date, time of day and offset, wherever they stand; nothing else may be there. Raises ValueError."""
    date = next((match for pattern in _DATES if (match := pattern.search(text))), None)
    if date is None:
        raise ValueError(text)
    year, month, day = _year_month_day(date, is_day_first=is_day_first)
    rest = _without(text, date)
    if date["year"] not in date.group():  # it stood at the end
        rest = rest.removesuffix(date["year"])
    time = _TIME.search(rest)
    rest = _without(rest, time) if time else rest
    rest, names = _SHANGHAI_NAMES.subn(" ", rest)
    offset = None if names else _OFFSET.search(rest)
    rest = _without(rest, offset) if offset else rest
    if not _FILLERS.fullmatch(rest):
        raise ValueError(text)
    moment = datetime(year, month, day, *(_time_of_day(time) if time else ()))
    return moment.replace(tzinfo=_zone(offset)) if offset else moment


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}".strip()


def _year_month_day(date: re.Match[str], *, is_day_first: bool) -> tuple[int, int, int]:
    parts = date.groupdict()
    year = int(parts["year"]) + (2000 if len(parts["year"]) == 2 else 0)
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        swapped = first > 12 or (second <= 12 and (is_day_first or parts["separator"] == "."))
        return (year, second, first) if swapped else (year, first, second)
    month = _MONTHS.index(parts["name"].lower()) + 1 if "name" in parts else int(parts["month"])
    return year, month, int(parts["day"])


def _time_of_day(time: re.Match[str]) -> tuple[int, int, int]:
    hour, half = int(time["hour"]), (time["before"] or time["after"] or "").lower()
    if half == "晚上" and hour == 12:
        raise ValueError(half)  # at this day's end or at its beginning
    if (half in _AFTER_NOON.split("|") and hour < 12) or (half == _NOON and hour < 3):
        hour += 12
    elif half in _BEFORE_NOON.split("|") and hour == 12:
        hour = 0
    return hour, int(time["minute"]), int(time["second"] or 0)


def _zone(offset: re.Match[str]) -> timezone:
    if offset["utc"]:
        return UTC
    distance = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    return timezone(-distance if offset["sign"] == "-" else distance)
