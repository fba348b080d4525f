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
_HAN = "〇零一二两俩三四五六七八九十廿"
_N = rf"(?:[0-9]{{1,3}}|[{_HAN}]{{1,3}})"
_ENGLISH_N = "one|two|three|four|five|six|seven|eight|nine|ten|fifteen|thirty"
_MONTH = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
_DAY = rf"(?:[0-9]{{1,2}}|[{_HAN}]{{1,3}})"
#: 'By that day', and not 前往 (go to) or 前台 (desk).
_CLOCK = (
    r"(?:\(?(?:周|星期)[一二三四五六日天]\)?)?(?:上午|下午|晚上?|中午)?"
    r"(?:[0-9]{1,2}(?:[:点时](?:[0-9]{2}(?::[0-9]{2})?分?)?)(?:整|许)?)?"
)
_BY = r"(?P<by>(?:之?前|以前|止|内)(?![往台来期述款提]))?"

_FORMS = tuple(
    (
        name,
        re.compile(pattern if name in ("term", "span") or "english" in name else pattern + _CLOCK + _BY, re.IGNORECASE),
    )
    for name, pattern in (
        (
            "term",
            rf"(?P<n>{_N})(?:[-~至到—](?P<m>{_N}))?个?(?P<unit>工作日|自然日|小时|h|日|天|周|星期|礼拜|(?<=个)月)"
            r"(?:[之以]?[内后]|里头|里(?!面)|(?<![0-9〇零一二两三四五六七八九十]日)(?=[就给能会]?(?:给|帮)?[您你]?(?:销|拆|注销|搞定|弄|退)))",
        ),
        (
            "term",
            rf"(?:within|in at most|in) (?P<n>[0-9]{{1,3}}|{_ENGLISH_N})(?P<m>) ?"
            r"(?P<unit>(?:working|business) days?|hours?|days?|weeks?|months?)(?![a-z])",
        ),
        (
            "span",
            rf"(?P<n>(?<![0-9]){_N})(?P<m>)个?(?P<unit>工作日|自然日|天|周(?![一二三四五六日])|星期|(?<=个)月)(?![内后前])|"
            rf"(?P<kept>保留期?|锁定|冷静期|可恢复期|公示期|等待期|犹豫期)[^0-9{_HAN},。;]{{0,3}}(?P<n2>{_N})日(?!前)",
        ),
        ("span", r"(?P<n>[0-9]{1,3})(?P<m>)[- ]?(?P<unit>days?|weeks?|months?)(?![a-z])(?P<kept>)(?P<n2>)"),
        ("full", r"(?P<y>20[0-9]{2})[-/.年](?P<mo>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})(?![0-9])[日号]?"),
        (
            "compact",
            r"(?<![0-9A-Za-z-])(?P<y>20[2-9][0-9])(?P<mo>[01][0-9])(?P<d>[0-3][0-9])"
            r"(?:[0-2][0-9][0-5][0-9](?:[0-5][0-9])?)?(?![0-9A-Za-z-])日?",
        ),
        ("full", r"(?<![0-9/])(?P<d>[0-3]?[0-9])/(?P<mo>[01]?[0-9])/(?P<y>20[0-9]{2})(?![0-9])"),
        (
            "english",
            rf"(?<![0-9A-Za-z])(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)? (?P<mo>{_MONTH})[a-z]*"
            r",?(?: ?(?P<y>20[0-9]{2}))?(?![0-9a-z])",
        ),
        (
            "english",
            rf"(?<![A-Za-z])(?P<mo>{_MONTH})[a-z]*\.? (?:the )?(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?"
            r"(?:, ?(?P<y>20[0-9]{2}))?(?![0-9])",
        ),
        ("english_week", r"(?<![A-Za-z])(?P<d>mon|tues|wednes|thurs|fri|satur|sun)day(?![a-z])"),
        ("month_day", rf"(?P<mo>(?<![0-9])[0-9]{{1,2}}|(?<![{_HAN}])[{_HAN}]{{1,3}})月(?:份)?(?P<d>{_DAY})[日号]"),
        (
            "month_day",
            r"(?<![0-9/.-])(?<![第共(\[])(?P<mo>1[0-2]|0?[1-9])/(?P<d>[0-3]?[0-9])(?![0-9/.元])(?!步|[)\]](?![前日]))[日号]?",
        ),
        (
            "month_day",
            r"(?<![0-9/.-])(?P<mo>1[0-2]|0?[1-9])\.(?P<d>[0-3]?[0-9])(?=之?前|以前|号|日|[销拆]|完成|办结)[日号]?",
        ),
        (
            "month_day",
            r"(?<![0-9/.-])(?P<mo>1[0-2]|0[1-9])-(?P<d>[0-3][0-9])(?![0-9/-]|[个天元]|小时|工作|日内)[日号]?",
        ),
        ("of_month", rf"(?P<which>本月|当月|这个?月|下下月|下个?月|次月)(?P<d>{_DAY})[日号]"),
        (
            "month_end",
            r"(?P<which>本月|当月|这个月|下个?月|次月|今年|年|(?<![0-9])(?:1[0-2]|[1-9])月(?:账期)?)?(?:月?底|月?末|最后一[天日]|(?:(?<=月)|月)内(?=[完销拆办注退]))(?![^,。;]{0,1}[号码位四])",
        ),
        (
            "word",
            r"(?P<word>昨日|昨天|前天|今日|今天|今晚|今早|今朝|当日内?|当天|明日|明天|明早|明晚|次日|后天|后日|大后天|明朝|tomorrow|today|tonight)",
        ),
        ("week", r"(?P<which>上|本|这|下)?个?(?:周|星期|礼拜)(?P<d>[一二三四五六日天])"),
        ("day", rf"(?<![0-9{_HAN}月/.-])(?P<d>{_DAY})[日号](?!线|楼|卡|码|厅|段|起|内|院|,?[0-9]{{5}})"),
    )
)
_ENGLISH_NUMBERS: dict[str, int] = dict(zip(_ENGLISH_N.split("|"), (*range(1, 11), 15, 30), strict=True))
#: 'Two or three' is at most three.
_ABOUT: dict[str, int] = {"一两": 2, "两三": 3, "三四": 4, "三五": 5, "四五": 5, "五六": 6, "七八": 8}
_WORDS = {"前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "次": 1, "后": 2, "大": 3, "t": 0}
_MONTH_END = re.compile(r"^(?:本月|当月|这个月|下个?月|次月|今年)|月底|月末|期末|年底|年末|^(?:月|[0-9])")


@dataclass(frozen=True)
class DateMention:
    """A day in the text: `by` when it says 'before' it, `term` when it is a number of days or hours from now."""

    start: int
    end: int
    day: date
    is_deadline: bool
    is_term: bool
    #: A length of time that begins today ('a cooling-off period of 7 days'), no time limit.
    is_span: bool = False


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
                mentions.append(
                    DateMention(
                        match.start(),
                        match.end(),
                        day,
                        is_deadline=name == "term" or _is_deadline(plain, match),
                        is_term=name == "term",
                        is_span=name == "span",
                    )
                )
    return sorted(mentions, key=lambda mention: mention.start)


def _is_deadline(plain: str, match: re.Match[str]) -> bool:
    before = plain[max(0, match.start() - 16) : match.start()].lower()
    return (
        bool(match.groupdict().get("by"))
        or re.search(r"(?:by|before|until|later than|by this)[ ]?$", before) is not None
    )


def parse_number(text: str) -> int:
    """A number up to 99 in digits, in Chinese or an English word; ValueError for anything else."""
    if text.isdigit():
        return int(text)
    if text.lower() in _ENGLISH_NUMBERS:
        return _ENGLISH_NUMBERS[text.lower()]
    text = text.replace("廿", "二十")
    if len(text) == 2 and text in _ABOUT:
        return _ABOUT[text]
    digits = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "俩": 2}
    tens, ten, ones = text.rpartition("十")
    if not ten and len(text) == 1:
        return digits[text]
    if not ten or len(tens) > 1 or len(ones) > 1:
        raise ValueError(text)
    return (digits[tens] if tens else 1) * 10 + (digits[ones] if ones else 0)


def _read_term(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    groups = match.groupdict()
    count, unit = parse_number(groups["m"] or groups["n"] or groups["n2"]), (groups["unit"] or "日").lower()
    if not 0 < count <= _MAX_TERM:
        raise ValueError(count)
    if unit == "工作日" or unit.startswith(("working", "business")):
        return calendar.nth_working_day(today, count)
    if unit.startswith(("小时", "h")):
        return (local(received_at) + timedelta(hours=count)).date()
    if unit.startswith(("月", "month")):
        return add_months(today, count)
    return today + timedelta(days=count * (7 if unit.startswith(("周", "星期", "礼拜", "week")) else 1))


def _read_english_date(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    month = "janfebmaraprmayjunjulaugsepoctnovdec".index(match["mo"].lower()[:3]) // 3 + 1
    if match["y"]:
        return date(int(match["y"]), month, int(match["d"]))
    return _next_such_day(today, month, int(match["d"]))


def _read_english_weekday(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    weekday = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun").index(match["d"].lower())
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _read_full_date(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    return date(int(match["y"]), int(match["mo"]), int(match["d"]))


def _read_month_day(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    """The first such day that lies no more than two months back: 5 January received on 28 December is next year's."""
    return _next_such_day(today, parse_number(match["mo"]), parse_number(match["d"]))


def _next_such_day(today: date, month: int, day: int) -> date:
    for year in range(today.year - 1, today.year + 5):  # 29 February comes every fourth year
        if month == 2 and day == 29 and monthrange(year, 2)[1] < 29:
            continue
        if date(year, month, day) >= today - _MAX_BACK:
            return date(year, month, day)
    raise ValueError(month, day)


def _read_day_of_month(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    return _first_of_month(today, _months_ahead(match["which"])).replace(day=parse_number(match["d"]))


def _read_month_end(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date | None:
    if not _MONTH_END.search(match.group()):
        return None
    which = match["which"] or "本月"
    if which in ("今年", "年"):
        return date(today.year, 12, 31)
    if which[0].isdigit():
        month = int(which.partition("月")[0])
        first = date(today.year + (month < today.month), month, 1)
    else:
        first = _first_of_month(today, _months_ahead(which))
    return first.replace(day=monthrange(first.year, first.month)[1])


def _read_relative_day(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    word = match["word"].lower()
    return today + timedelta(days=1 if word == "tomorrow" else _WORDS[word[0]])


def _read_weekday(match: re.Match[str], received_at: datetime, today: date, calendar: WorkingCalendar) -> date:
    weekday = "一二三四五六日天".index(match["d"]) % 7 if match["d"] != "天" else 6
    monday = today - timedelta(days=today.weekday())
    if match["which"]:
        return monday + timedelta(days=weekday + {"下": 7, "上": -7}.get(match["which"], 0))
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
    return {"本": 0, "当": 0, "这": 0}.get(which[0], 2 if which == "下下月" else 1)


def _first_of_month(day: date, months: int) -> date:
    """The first of the month N months later."""
    return add_months(day.replace(day=1), months)


_READERS: dict[str, Callable[[re.Match[str], datetime, date, WorkingCalendar], date | None]] = {
    "term": _read_term,
    "span": _read_term,
    "english": _read_english_date,
    "english_week": _read_english_weekday,
    "full": _read_full_date,
    "compact": _read_full_date,
    "month_day": _read_month_day,
    "of_month": _read_day_of_month,
    "month_end": _read_month_end,
    "word": _read_relative_day,
    "week": _read_weekday,
    "day": _read_day,
}
