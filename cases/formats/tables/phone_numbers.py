"""The numbers in a cell, in every way that people type them, or why there is none."""

import re
import unicodedata
from dataclasses import dataclass

from cases.domain.errors import gettext_noop
from cases.formats.tables.readings import Message
from cases.formats.tables.text_cache import cached_by_text

#: Numbers that a range in one cell may stand for.
MAX_RANGE = 1000
_QUOTED_LENGTH = 40

MISSING = gettext_noop("Number missing.")
ROUNDED = gettext_noop(
    "“%(text)s” was rounded by the spreadsheet. Format the column as text and enter the full number again."
)
MASKED = gettext_noop("“%(text)s” hides some of its digits. Enter the full number.")
LANDLINE = gettext_noop("“%(text)s” is a landline number, not a mobile number.")
WRONG_LENGTH = gettext_noop(
    "“%(text)s” has %(count)s digits. A mobile number has 11 digits, an IoT card’s number 13 digits."
)
NOT_A_NUMBER = gettext_noop("“%(text)s” is not a mobile number.")
RANGE_REVERSED = gettext_noop("“%(text)s” is not a range of numbers: its end is not after its beginning.")
RANGE_TOO_LONG = gettext_noop("“%(text)s” is a range of more than %(most)s numbers. Split it, or check its end.")
RANGE_UNCLEAR = gettext_noop("“%(text)s” may be a range or a number with an addition. Enter each number in full.")

#: Mobile numbers, and the 13 digits of IoT cards (domain.phones).
_PLAIN = r"(?:1[3-9]\d{9}|14\d{11}|1064\d{9})"
_PLAIN_NUMBER = re.compile(_PLAIN)
_GAP = r"[ \-.·()]{0,3}"
_EMBEDDED = re.compile(
    rf"(?<![\d*])(?:\(?(?:\+ ?|00)?86\)?[ \-]{{0,2}}|\+?0(?=1))?"
    rf"\(?(1(?:{_GAP}0{_GAP}6{_GAP}4(?:{_GAP}\d){{9}}|{_GAP}4(?:{_GAP}\d){{11}}|"
    rf"{_GAP}[3-9](?:{_GAP}\d){{9}}))(?:\.0+)?(?![\d*])"
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){3,4}(?:\.0+)?")
_HARD_SEPARATORS = re.compile(r"[,，、;/\\|\n\r\t&＆]+")
_ROUNDED = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
_MASK = re.compile(r"1\d{0,6}[*x×•●○?_]{2,}\d{0,6}|(?<!\d)[*x×•●]{3,}\d{4}(?!\d)", re.IGNORECASE)
_LANDLINE = re.compile(r"\(?(?:\+?86[ -]?)?0\d{2,3}\)?[ -]?\d{7,8}(?:[ -转]\d{1,6})?|[48]00[ -]?\d{3,4}[ -]?\d{3,4}")
_RANGE = re.compile(rf"(?:\+?86)?({_PLAIN})(?:-{{1,2}}|~{{1,2}}|至|到)(?:\+?86)?(\d{{1,13}})(\D.*)?", re.DOTALL)
_RANGE_DASHES = str.maketrans("‐‑‒–—―−－～〜∼", "------" + "--" + "~~~")
_QUOTES = "'\"’‘`´“”＇"


@dataclass(frozen=True)
class NumbersRead:
    """The numbers of a cell in their order, each once; the words beside them; why there are none, or not all."""

    numbers: tuple[str, ...] = ()
    words: str = ""
    problem: Message | None = None


@cached_by_text(maxsize=65_536)
def read_numbers(text: str) -> NumbersRead:
    """The numbers in a cell's text. With a `problem` and numbers, a part of the cell was not understood."""
    if _PLAIN_NUMBER.fullmatch(text):
        return NumbersRead((text,))
    cleaned = _clean(text)
    if _PLAIN_NUMBER.fullmatch(cleaned):
        return NumbersRead((cleaned,))
    if not cleaned.strip("-~/\\. "):
        return NumbersRead(problem=Message(MISSING))
    return _read_range(cleaned, text) or _read_several(cleaned, text)


def _clean(text: str) -> str:
    """Half-width, without invisible characters, and without the marks that make a spreadsheet keep a text."""
    folded = unicodedata.normalize("NFKC", text).translate(_RANGE_DASHES)
    if _THOUSANDS.fullmatch(folded.strip()):
        folded = folded.replace(",", "")  # as a spreadsheet shows a large number
    visible = "".join(" " if unicodedata.category(c) == "Zs" else c for c in folded if not _is_invisible(c))
    return visible.strip().removeprefix("=").strip(_QUOTES + " \n\t")


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Cc") and character not in "\n\r\t"


def _read_range(cleaned: str, text: str) -> NumbersRead | None:
    """A range as '13800138000-13800138009' or '13800138000-09'; None where the text is none."""
    match = _RANGE.fullmatch(cleaned.replace(" ", ""))
    if not match:
        return None
    first, end, words = match[1], match[2], (match[3] or "").strip("()[] ")
    if len(end) > len(first) or (len(end) == len(first) and not _PLAIN_NUMBER.fullmatch(end)):
        return None
    if len(end) < 2 and "~" not in cleaned and not re.search("[至到]", cleaned):
        return _problem(RANGE_UNCLEAR, text)  # '-2' may as well be the second SIM of a number
    last = first[: len(first) - len(end)] + end
    count = int(last) - int(first) + 1
    if count < 2:
        return _problem(RANGE_REVERSED, text)
    if count > MAX_RANGE:
        return _problem(RANGE_TOO_LONG, text, most=MAX_RANGE)
    return NumbersRead(tuple(str(int(first) + offset) for offset in range(count)), words)


def _read_several(cleaned: str, text: str) -> NumbersRead:
    numbers: list[str] = []
    words: list[str] = []
    end = 0
    for match in _EMBEDDED.finditer(cleaned):
        words.append(cleaned[end : match.start()])
        numbers.append(re.sub(r"\D", "", match[1]))
        end = match.end()
    words.append(cleaned[end:])
    if not numbers:
        return _why_none(cleaned, text)
    rest = " ".join(filter(None, (_trim_words(piece) for piece in words)))
    problem = next(
        (_why_none(piece, piece).problem for piece in _HARD_SEPARATORS.split(rest) if _is_numeric(piece)), None
    )
    return NumbersRead(tuple(dict.fromkeys(numbers)), rest, problem)


def _trim_words(piece: str) -> str:
    """What stands beside a number, without separators and the brackets around it."""
    trimmed = re.sub(r"\s+", " ", piece).strip(" ,，、;/\\|:&+-~'\"")
    inner = re.fullmatch(r"[(\[【<](.*?)[)\]】>]", trimmed)
    trimmed = (inner[1] if inner else trimmed).strip()
    return "" if trimmed in ("(", ")", "和", "及", "或", "、") else trimmed


def _is_numeric(piece: str) -> bool:
    """Whether a piece of a cell looks like another number, or the end of one, rather than like words."""
    digits = sum(character.isdigit() for character in piece)
    return (digits >= 7 and digits * 2 > len(piece)) or bool(re.fullmatch(r"\d{3,}", piece))


def _why_none(cleaned: str, text: str) -> NumbersRead:
    compact = re.sub(r"[ \-.()]", "", cleaned)
    digits = sum(character.isdigit() for character in compact)
    if _ROUNDED.fullmatch(compact) or _ROUNDED.fullmatch(cleaned):
        return _problem(ROUNDED, text)
    if _MASK.search(compact):
        return _problem(MASKED, text)
    if _LANDLINE.fullmatch(cleaned):
        return _problem(LANDLINE, text)
    if digits >= 5 and digits * 2 > len(compact):
        return _problem(
            WRONG_LENGTH if not re.search("[a-z]", compact, re.IGNORECASE) else NOT_A_NUMBER, text, count=digits
        )
    return _problem(NOT_A_NUMBER, text)


def _problem(msgid: str, text: str, **params: str | int) -> NumbersRead:
    used = {name: value for name, value in params.items() if f"%({name})s" in msgid}
    return NumbersRead(problem=Message(msgid, {"text": text.strip()[:_QUOTED_LENGTH], **used}))
