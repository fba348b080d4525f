"""Whose bill it is and of which month, by the words around its lines and the file's name."""

import re
import unicodedata
from collections.abc import Sequence

from cases.formats.bills.types import BillMonth

_PERIODS = (
    re.compile(r"(20\d\d)\s?年\s?(\d{1,2})\s?月"),
    re.compile(r"(20\d\d)[-/.](\d{1,2})(?:[-/.]\d{1,2})?"),
    re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d{2}\D?\d)"),
)
_PERIOD_LABEL = re.compile(r"账期|帐期|周期|计费|月份|账单|帐单|billing|period", re.IGNORECASE)
_CARRIERS = (
    ("china-mobile", re.compile("中国移动|移动通信集团|china ?mobile|cmcc", re.IGNORECASE)),
    ("china-unicom", re.compile("中国联通|联合网络通信|china ?unicom", re.IGNORECASE)),
    ("china-telecom", re.compile("中国电信|电信股份|china ?telecom", re.IGNORECASE)),
    ("china-broadnet", re.compile("中国广电|广电网络", re.IGNORECASE)),
)


def month_of(texts: Sequence[str], periods: Sequence[str]) -> BillMonth | None:
    """The month that the bill names: beside the word for it first, then in its lines, then in the file's name."""
    labelled = [text for text in texts if _PERIOD_LABEL.search(text)]
    for text in [*labelled, *periods[:1], *texts[:2]]:
        after = _PERIOD_LABEL.split(text)[-1] if _PERIOD_LABEL.search(text) else text
        for source in (after, text):
            for pattern in _PERIODS:
                if (match := pattern.search(unicodedata.normalize("NFKC", source))) and 1 <= int(match[2]) <= 12:
                    return BillMonth(int(match[1]), int(match[2]))
    return None


def carrier_of(texts: Sequence[str]) -> str | None:
    """The only carrier that file, banners or sheets name."""
    named = {slug for slug, pattern in _CARRIERS if any(pattern.search(text) for text in texts)}
    if not named:
        short = (
            ("china-mobile", "移动"),
            ("china-unicom", "联通"),
            ("china-telecom", "电信"),
            ("china-broadnet", "广电"),
        )
        named = {slug for slug, word in short if any(word in text for text in texts)}
    return named.pop() if len(named) == 1 else None
