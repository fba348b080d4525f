"""Dates and terms in a message, counted from the day on which it was received."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.domain.business_days import WorkingCalendar, YearNotCovered, add_months, local

#: A day without a year lies at most so far back, or else it is next year's.
_MAX_BACK = timedelta(days=60)
_MAX_TERM = 400
_HAN = "〇零一二两三四五六七八九十"
_N = rf"(?:[0-9]{{1,3}}|[{_HAN}]{{1,3}})"
_DAY = rf"(?:[0-9]{{1,2}}|[{_HAN}]{{1,3}})"
#: 'By that day', and not 前往 (go to) or 前台 (desk).
_CLOCK = (
    r"(?:\(?(?:周|星期)[一二三四五六日天]\)?)?(?:上午|下午|晚上?|中午)?"
    r"(?:[0-9]{1,2}(?:[:点时](?:[0-9]{2}(?::[0-9]{2})?分?)?)(?:整|许)?)?"
)
_BY = r"(?P<by>(?:之?前|以前|止|内)(?![往台来期述款提]))?"

_FORMS = tuple(
    (name, re.compile(pattern + _CLOCK + _BY if name != "term" else pattern))
    for name, pattern in (
        (
            "term",
            rf"(?P<n>{_N})(?:[-~至到—](?P<m>{_N}))?个?(?P<unit>工作日|自然日|小时|日|天|周|星期)[之以]?[内后]",
        ),
        ("full", r"(?P<y>20[0-9]{2})[-/.年](?P<mo>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})(?![0-9])[日号]?"),
        ("compact", r"(?<![0-9A-Za-z-])(?P<y>20[2-9][0-9])(?P<mo>[01][0-9])(?P<d>[0-3][0-9])(?![0-9A-Za-z-])日?"),
        ("month_day", rf"(?<![0-9{_HAN}])(?P<mo>{_DAY})月(?:份)?(?P<d>{_DAY})[日号]"),
        ("month_day", r"(?<![0-9/.-])(?P<mo>1[0-2]|0?[1-9])/(?P<d>[0-3]?[0-9])(?![0-9/.元])[日号]?"),
        (
            "month_day",
            r"(?<![0-9/.-])(?P<mo>1[0-2]|0[1-9])-(?P<d>[0-3][0-9])(?![0-9/-]|[个天元]|小时|工作|日内)[日号]?",
        ),
        ("of_month", rf"(?P<which>本月|当月|下个?月|次月|下下月)(?P<d>{_DAY})[日号]"),
        ("month_end", r"(?P<which>本月|当月|下个?月|次月)?(?:月?底|月?末|最后一[天日])(?![^,。;]{0,1}[号码位四])"),
        ("word", r"(?P<word>昨日|昨天|前天|今日|今天|今晚|当日内?|当天|明日|明天|明早|明晚|次日|后天|后日|大后天)"),
        ("week", r"(?P<which>本|这|下)?个?(?:周|星期|礼拜)(?P<d>[一二三四五六日天])"),
        ("day", rf"(?<![0-9{_HAN}月/.-])(?P<d>{_DAY})[日号](?!线|楼|卡|码|厅|段|起|内|院|,?[0-9]{{5}})"),
    )
)
_WORDS = {"前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "次": 1, "后": 2, "大": 3}
_MONTH_END = re.compile(r"^(?:本月|当月|下个?月|次月)|月底|月末|^(?:月)")


@dataclass(frozen=True)
class DateMention:
    """A day in the text: `by` when it says 'before' it, `term` when it is a number of days or hours from now."""

    start: int
    end: int
    day: date
    is_deadline: bool
    is_term: bool


def find_dates(plain: str, received_at: datetime, calendar: WorkingCalendar) -> list[DateMention]:
    """Every day and term in a plain text, in order; what is no day of the calendar is passed over."""
    today = local(received_at).date()
    mentions: list[DateMention] = []
    for name, form in _FORMS:
        for match in form.finditer(plain):
            if any(match.start() < other.end and other.start < match.end() for other in mentions):
                continue
            try:
                day = _READERS[name](match, received_at, today, calendar)
            except (ValueError, OverflowError, YearNotCovered, KeyError):
                continue
            if day is not None and 2000 <= day.year <= 2100:
                is_deadline = name == "term" or bool(match.group("by"))
                mentions.append(DateMention(match.start(), match.end(), day, is_deadline, name == "term"))
    return sorted(mentions, key=lambda mention: mention.start)


def parse_number(text: str) -> int:
    """A number up to 99 in digits or in Chinese; ValueError for anything else."""
    if text.isdigit():
        return int(text)
    digits = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
    tens, ten, ones = text.rpartition("十")
    if not ten and len(text) == 1:
        return digits[text]
    if not ten or len(tens) > 1 or len(ones) > 1:
        raise ValueError(text)
    return (digits[tens] if tens else 1) * 10 + (digits[ones] if ones else 0)


def _read_term(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    count, unit = parse_number(match["m"] or match["n"]), match["unit"]
    if not 0 < count <= _MAX_TERM:
        raise ValueError(count)
    if unit == "工作日":
        return calendar.nth_working_day(today, count)
    if unit == "小时":
        return (local(received_at) + timedelta(hours=count)).date()
    return today + timedelta(days=count * (7 if unit in ("周", "星期") else 1))


def _read_full_date(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    return date(int(match["y"]), int(match["mo"]), int(match["d"]))


def _read_month_day(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    """The first such day that lies no more than two months back: 5 January received on 28 December is next year's."""
    month, day = parse_number(match["mo"]), parse_number(match["d"])
    for year in range(today.year - 1, today.year + 5):  # 29 February comes every fourth year
        if month == 2 and day == 29 and monthrange(year, 2)[1] < 29:
            continue
        if date(year, month, day) >= today - _MAX_BACK:
            return date(year, month, day)
    raise ValueError(match.group())


def _read_day_of_month(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    return _first_of_month(today, _months_ahead(match["which"])).replace(day=parse_number(match["d"]))


def _read_month_end(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date | None:
    if not _MONTH_END.search(match.group()):
        return None
    first = _first_of_month(today, _months_ahead(match["which"] or "本月"))
    return first.replace(day=monthrange(first.year, first.month)[1])


def _read_relative_day(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    return today + timedelta(days=_WORDS[match["word"][0]])


def _read_weekday(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    weekday = "一二三四五六日天".index(match["d"]) % 7 if match["d"] != "天" else 6
    monday = today - timedelta(days=today.weekday())
    if match["which"]:
        return monday + timedelta(days=weekday + (7 if match["which"] == "下" else 0))
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _read_day(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    """This month's, or the next month's that has it when this month's is past."""
    day = parse_number(match["d"])
    for ahead in range(3):
        first = _first_of_month(today, ahead)
        if 1 <= day <= monthrange(first.year, first.month)[1] and first.replace(day=day) >= today:
            return first.replace(day=day)
    raise ValueError(day)


def _months_ahead(which: str) -> int:
    return {"本": 0, "当": 0}.get(which[0], 2 if which == "下下月" else 1)


def _first_of_month(day: date, months: int) -> date:
    """The first of the month N months later."""
    return add_months(day.replace(day=1), months)


_READERS: dict[str, Callable[[re.Match[str], datetime, date, WorkingCalendar], date | None]] = {
    "term": _read_term,
    "full": _read_full_date,
    "compact": _read_full_date,
    "month_day": _read_month_day,
    "of_month": _read_day_of_month,
    "month_end": _read_month_end,
    "word": _read_relative_day,
    "week": _read_weekday,
    "day": _read_day,
}
