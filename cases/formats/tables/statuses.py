"""The standing of a cancellation that a cell names. What is in doubt names none."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from cases.formats.tables.choices import read_return_reason
from cases.formats.tables.days import read_day
from cases.formats.tables.readings import CaseStatus
from cases.formats.tables.status_words import (
    CANCEL,
    DENIALS,
    DOUBTS,
    IN_SERVICE,
    MONEY_RETURNED,
    NOT_YET,
    PLAIN_WORDS,
    STANDINGS,
    WITHIN_COMPANY,
)
from cases.formats.tables.text_cache import cached_by_text
from cases.formats.tables.titles import normalize_title
from cases.formats.tables.word_lists import words_of

_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
#: What separates the parts of a text; brackets too.
_MARKS = re.compile(r"[,，。;；:：!！、\n()\[\]【】|]|(?<=[^\x00-\x7f])\s|\s-\s")
_REFUSED = re.compile("不|拒|驳|退回")
_YES = frozenset(words_of("是 要 需要 已 y yes true √ ✓ ✔ 1 对 有 ok"))
_NO = frozenset(words_of("否 未 不要 不需要 不用 n no false × x ✗ 0 无 没有 不是"))


@dataclass(frozen=True)
class StatusRead:
    """The standing that a text names, why the carrier returned it (a choice value or empty), whether that is all,
    and the day that stands beside it."""

    status: CaseStatus
    return_reason: str = ""
    is_whole: bool = True
    day: date | None = None


@cached_by_text(maxsize=4096)
def read_status(text: str, title: str = "") -> StatusRead | None:
    """The standing of a request that a cell names under its title, or None: the card's own state, or words in doubt."""
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    if folded in _YES or folded in _NO:
        return _read_answer(folded, normalize_title(title))
    if not folded or folded.endswith("?") or len(folded) > 60:
        return None
    status = _standing_of(folded)
    return _status_read(status, normalize_title(folded), folded) if status else None


def is_unclear_status(text: str) -> bool:
    """Whether a text that names no standing speaks of a request all the same, so that somebody should look at it."""
    normalized = normalize_title(text)
    if read_status(text) or not normalized or normalized in _NO:
        return False
    return bool(re.search(rf"{CANCEL}|退回|审核|受理|办结|cancel|pending", normalized)) or not IN_SERVICE.search(
        normalized
    )


def _standing_of(folded: str) -> CaseStatus | None:
    """The standing in a text of several parts; what is not done yet, in doubt or within the company counts for none.

    A part that is not done or not sure beside one that is done leaves the whole in doubt.
    """
    if DENIALS.search(normalize_title(folded)):
        return None
    parts = [part for piece in _MARKS.split(folded) if (part := MONEY_RETURNED.sub("", normalize_title(piece)))]
    done = [NOT_YET.sub("", part) for part in parts]
    sure = [part for part in done if part and not DOUBTS.search(part)]
    is_sure = sure == parts
    of_carrier = [part for part in sure if not WITHIN_COMPANY.search(part)]
    texts = ["".join(of_carrier), *of_carrier] if of_carrier else []
    status = next((status for pattern, status in STANDINGS if any(map(pattern.search, texts))), None)
    if status is None:
        own = next((part for part in sure if WITHIN_COMPANY.search(part)), "")
        return "draft" if own and not _REFUSED.search(own) and is_sure else None
    return status if is_sure or status not in ("confirmed", "reported_done") else None


def _status_read(status: CaseStatus, normalized: str, folded: str) -> StatusRead:
    is_whole = bool(PLAIN_WORDS.fullmatch(normalized))
    day = _DAY.search(folded)
    read = read_day(day[0]) if day else None
    if status != "returned":
        return StatusRead(status, "", is_whole, read.day if read else None)
    reason = read_return_reason(normalized)
    value = reason.value if reason and reason.value != "other" else ""
    return StatusRead(status, value, is_whole, read.day if read else None)


def _read_answer(answer: str, title: str) -> StatusRead | None:
    """'是' under '是否已注销'; under '是否注销' it may be a wish or a fact, so it is neither."""
    if answer in _NO or not re.search(CANCEL, title):
        return None
    if "已" in title:
        return StatusRead("confirmed")
    return StatusRead("draft") if re.search("需|要|待|拟|计划", title) else None
