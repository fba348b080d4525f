"""Days and moments in cells, in every unambiguous way that they are written; without a time zone."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cases.domain.business_days import SHANGHAI
from cases.formats.tables.text_cache import cached_by_text
from cases.formats.tables.word_lists import words_of

#: Spreadsheets keep a day as the number of days since this one (with their leap day of 1900, which never was).
_SERIAL_EPOCH = datetime(1899, 12, 30)
#: Serials that are taken for days: 1990 to 2069. Other numbers of five digits are something else.
_SERIALS = range(32_874, 62_093)
_YEARS = range(1980, 2100)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_DAY = re.compile(r"(\d{4})\s?([-/.年])\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)\s?[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_SHORT_YEAR = re.compile(r"['’]?(\d\d)\s?([-/.年])\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)\s?[日号]?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_MONTHS = {name: month for month, name in enumerate(words_of("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
_MONTH_NAMED = re.compile(
    r"(?:(?P<first>\d{1,2})[ -]+(?P<a>[a-z]{3})[a-z]*\.?[ ,-]+(?P<y1>\d{4})|"
    r"(?P<b>[a-z]{3})[a-z]*\.? +(?P<second>\d{1,2})(?:st|nd|rd|th)?,? +(?P<y2>\d{4}))"
)
_WITH_ZONE = re.compile(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d{3,6})?)?(?:z|[+-]\d\d:?\d\d)")
_TIME = re.compile(
    r"(?:t|(?:星期|周|礼拜)[一二三四五六日天])?\s?(?P<half>上午|下午|早上|凌晨|中午|晚上|am|"
    r"pm)?\s?(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?"
    r"(?:[:分](?P<second>\d{1,2})(?:\.\d+)?)?[分秒]?\s?(?P<after>am|pm)?(?:z|\+0?8:?(?:00)?)?",
)
_BRACKETED = re.compile(r"[(\[【][^\d()]*[)\]】]")
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?|\(?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\)?")


@dataclass(frozen=True)
class DayRead:
    """A day, with its time of day where the text has one; `is_short`: its year is written with two digits.

    `words` are what stands behind it in brackets.
    """

    day: date
    clock: time | None = None
    is_short: bool = False
    words: str = ""


def moment_from_serial(number: float) -> datetime:
    """The moment that a spreadsheet keeps as this number, without a time zone."""
    return (_SERIAL_EPOCH + timedelta(days=number)).replace(microsecond=0)


@cached_by_text(maxsize=65_536)
def read_day(text: str) -> DayRead | None:
    """The day that a text names whole, or None; what may be one of two days is none."""
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        return _read_with_zone(folded) or _read_serial(folded) or _read_compact(folded) or _read_day_first(folded)
    except (ValueError, OverflowError):
        return None


def _read_with_zone(text: str) -> DayRead | None:
    """A moment as programs write it, in the office's own zone."""
    if not _WITH_ZONE.fullmatch(text):
        return None
    moment = datetime.fromisoformat(text.upper()).astimezone(SHANGHAI)
    return DayRead(moment.date(), moment.time().replace(microsecond=0)) if moment.year in _YEARS else None


def _read_serial(text: str) -> DayRead | None:
    match = _SERIAL.fullmatch(text)
    if not match or int(match[1]) not in _SERIALS:
        return None
    moment = moment_from_serial(float(text))
    return DayRead(moment.date(), moment.time() if "." in text else None)


def _read_compact(text: str) -> DayRead | None:
    match = _COMPACT.fullmatch(text)
    if not match or int(match[1]) not in _YEARS:
        return None
    clock = time(int(match[4]), int(match[5]), int(match[6] or 0)) if match[4] else None
    return DayRead(date(int(match[1]), int(match[2]), int(match[3])), clock)


def _read_day_first(text: str) -> DayRead | None:
    day, rest, is_short = _split_day(text)
    if day is None or day.year not in _YEARS:
        return None
    rest = _WEEKDAY.sub("", rest).strip(" ,")
    if not rest:
        return DayRead(day, None, is_short)
    if _BRACKETED.fullmatch(rest):
        return DayRead(day, None, is_short, rest)
    match = _TIME.fullmatch(rest)
    return DayRead(day, _clock(match), is_short) if match else None


def _split_day(text: str) -> tuple[date | None, str, bool]:
    """The day that a text begins with, the rest of the text, and whether its year has two digits."""
    if match := _DAY.match(text):
        return date(int(match[1]), int(match[3]), int(match[4])), text[match.end() :], False
    if match := _SHORT_YEAR.match(text):
        year = int(match[1])
        # '24.3.5' is year first, as it is written in China; what may also be a day first is left alone.
        if match[2] == "年" or year > 12:
            return date(2000 + year, int(match[3]), int(match[4])), text[match.end() :], True
    if match := _YEAR_LAST.match(text):
        first, second = int(match[1]), int(match[2])
        if first > 12 or second > 12 or first == second:
            month, day = (second, first) if first > 12 else (first, second)
            return date(int(match[3]), month, day), text[match.end() :], False
    if match := _MONTH_NAMED.match(text):
        month_name = match["a"] or match["b"]
        if month_name in _MONTHS:
            year = int(match["y1"] or match["y2"])
            return date(year, _MONTHS[month_name], int(match["first"] or match["second"])), text[match.end() :], False
    return None, text, False


def _clock(match: "re.Match[str]") -> time:
    half, hour = match["half"] or match["after"] or "", int(match["hour"])
    if half in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    elif half in ("上午", "早上", "凌晨", "am") and hour == 12:
        hour = 0  # '上午12:30' and '12:30 AM' are half past midnight, as phones and spreadsheets write it
    elif half == "晚上" and hour == 12:
        raise ValueError(half)  # of this day's end or of its beginning
    return time(hour, int(match["minute"] or 0), int(match["second"] or 0))
