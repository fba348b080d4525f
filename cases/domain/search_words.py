"""Filters written as words into a search box: '超期 移动 部门:电销一部', 'overdue carrier:unicom after:2026-09-01'.

Whatever is no such word stays what is searched for; so does everything in quotation marks.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cases.domain.status import Status

#: Words that stand alone: filter and value. Standings are those of `cases.selectors.filters`, carriers their slugs.
_PLAIN: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("standing", "overdue"): ("超期", "逾期", "overdue", "late"),
    ("standing", "due_today"): ("今天到期", "今日到期", "due-today"),
    ("standing", "promised_today"): ("承诺今天", "promised-today"),
    ("standing", "to_verify"): ("待核实", "to-verify"),
    ("standing", "returned"): ("退回", "被退回", "待补充", "returned"),
    ("standing", "refund_open"): ("待退费", "refund", "refund-open"),
    ("standing", "refund_overdue"): ("退费超期", "退费逾期", "refund-overdue"),
    ("standing", "waiting"): ("等待", "等待中", "waiting"),
    ("standing", "draft"): ("草稿", "准备中", "draft"),
    ("standing", "escalated"): ("投诉中", "申诉中", "escalated"),
    ("standing", "no_receipt"): ("无凭证", "缺凭证", "no-receipt"),
    ("standing", "settled"): ("了结", "已了结", "settled"),
    ("standing", "money_open"): ("未了结", "钱款未清", "money-open"),
    ("status", Status.CONFIRMED): ("已确认", "已注销", "confirmed"),
    ("status", Status.WITHDRAWN): ("已撤回", "withdrawn"),
    ("carrier", "china-mobile"): ("移动", "中国移动", "mobile"),
    ("carrier", "china-unicom"): ("联通", "中国联通", "unicom"),
    ("carrier", "china-telecom"): ("电信", "中国电信", "telecom"),
    ("carrier", "china-broadnet"): ("广电", "中国广电", "broadnet"),
}
#: What stands before a colon.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "standing": ("进度", "standing", "is"),
    "status": ("状态", "status"),
    "carrier": ("运营商", "carrier"),
    "department": ("部门", "dept", "department"),
    "user": ("使用人", "user"),
    "holder": ("机主", "户主", "holder"),
    "handler": ("跟进人", "负责人", "处理人", "handler", "assignee"),
    "reason": ("原因", "reason"),
    "after": ("提交不早于", "之后", "自", "after", "since"),
    "before": ("提交早于", "之前", "before"),
}
_REASONS: Mapping[str, tuple[str, ...]] = {
    "cost": ("费用", "节省费用", "cost"),
    "harassment": ("骚扰", "骚扰电话", "harassment"),
    "business": ("业务", "业务调整", "business"),
    "switching": ("转网", "换运营商", "携号转网", "switching"),
    "other": ("其他", "其它", "other"),
}
_PLAIN_WORDS = {word: term for term, words in _PLAIN.items() for word in words}
_KEY_WORDS = {word: key for key, words in _KEYS.items() for word in words}
_REASON_WORDS = {word: reason for reason, words in _REASONS.items() for word in words}
#: Quoted words, and those with a quoted value, are one.
_TOKEN = re.compile(r'(?:[^\s"“”:：]+[:：])?["“][^"“”]*["”]|\S+')
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?)")
#: Words that are looked at; the rest is searched for as it is.
_MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Term:
    """One filter: `key` is one of `standing`, `status`, `carrier`, `department`, `user`, `holder`, `handler`, `reason`,
    `after` and `before` (the day of submission: from it on, earlier than it); `word` is how it was written."""

    key: str
    value: str
    word: str

    @property
    def day(self) -> date:
        """The value of `after` and `before`."""
        return date.fromisoformat(self.value)


@dataclass(frozen=True, slots=True)
class SearchWords:
    """The filters, and the rest of the text, which is searched for; `tokens` are all words as they were written."""

    terms: tuple[Term, ...]
    text: str
    tokens: tuple[str, ...]

    def without(self, term: Term) -> str:
        """The text without this filter."""
        return " ".join(token for token in self.tokens if token != term.word)


def parse(text: str) -> SearchWords:
    """The words of a search box; never raises, whatever the text is."""
    tokens = _TOKEN.findall(text.replace("\0", ""))
    terms, rest = [], []
    for number, token in enumerate(tokens):
        term = _term(token) if number < _MOST_WORDS else None
        if term:
            terms.append(term)
        else:
            rest.append(_unquoted(token))
    if not terms and not any(quote in text for quote in '"“”'):
        return SearchWords((), text.strip(), tuple(tokens))
    return SearchWords(tuple(terms), " ".join(filter(None, rest)), tuple(tokens))


def _term(token: str) -> Term | None:
    if found := _PLAIN_WORDS.get(token.casefold()):
        return Term(*found, token)
    name, colon, value = token.replace("：", ":", 1).partition(":")
    key, value = _KEY_WORDS.get(name.casefold(), ""), _unquoted(value).strip()
    if not (colon and key and value):
        return None
    stored = _value(key, value)
    return Term(key, stored, token) if stored else None


def _value(key: str, value: str) -> str:
    """The value as filters have it; empty where it can be none."""
    if key in ("after", "before"):
        return _day(value)
    if key == "reason":
        return _REASON_WORDS.get(value.casefold(), "")
    if key in ("standing", "status"):
        key_of_word, value_of_word = _PLAIN_WORDS.get(value.casefold(), ("", ""))
        return value_of_word if key_of_word == key else ""
    if key == "carrier":
        key_of_word, value_of_word = _PLAIN_WORDS.get(value.casefold(), ("", ""))
        return value_of_word if key_of_word == key else value
    return value


def _day(value: str) -> str:
    parts = _DAY.fullmatch(value)
    if parts is None:
        return ""
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3] or 1)).isoformat()
    except ValueError:
        return ""


def _unquoted(token: str) -> str:
    return token.strip('"“”') if token[:1] in '"“”' and token[:1] else token
