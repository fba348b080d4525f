"""A message as it stands, and the same made plain: full-width, traditional and invisible characters undone.

Every place in the plain text knows its place in the message, so that what decided can be shown as it stands there.
Whatever somebody sends, no more than `MAX_CHARACTERS` characters are looked at, and each step is linear in them.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from opencc import OpenCC

#: No SMS is as long, however many parts it comes in; a longer text is left to a person.
MAX_CHARACTERS = 2000

#: Letters of written Cantonese that no dictionary of characters has a simplified form for.
_CANTONESE = str.maketrans(
    {"咗": "了", "唔": "不", "冇": "没", "嘅": "的", "喺": "在", "嘞": "了", "哋": "们", "係": "是", "覆": "复"}
)
#: What character recognition and hasty typing make of the words that matter, and what was meant; as long as each other.
_MISREAD_WORDS = {
    "消户": "销户",
    "销尸": "销户",
    "注消": "注销",
    "消号": "销号",
    "号吗": "号码",
    "工但": "工单",
    "受里": "受理",
    "処理": "处理",
    "处埋": "处理",
    "处里": "处理",
    "办里": "办理",
    "核买": "核实",
    "侍销": "待销",
    "侍审": "待审",
    "申清": "申请",
    "成工": "成功",
    "状太": "状态",
    "验正码": "验证码",
    "末通过": "未通过",
    "末回复": "未回复",
    "确队": "确认",
    "客尸": "客户",
    "客广": "客户",
    "中囯": "中国",
    "联诵": "联通",
    "曰期": "日期",
    "旳": "的",
    "等侍": "等待",
    "放充": "放弃",
    "诲询": "详询",
}
_MISREAD = re.compile(
    "|".join(_MISREAD_WORDS) + "|[己巳](?=[经受成销注预退停拆审办派登收转进于在被完竣提录生])|(?<=[0-9])曰"
)


@cache
def _simplified_by_traditional() -> dict[int, str]:
    """The table of characters, from OpenCC's dictionaries; read once, when the first message comes."""
    converter = OpenCC("t2s")
    letters = (chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)))
    return {ord(letter): plain for letter in letters if len(plain := converter.convert(letter)) == 1}


#: Other signs by which digits are masked.
_MASK_CHARACTERS = frozenset("●•×○")
_MASKS_ONLY = frozenset("✱∗⁎﹡")
#: Marks before the steps of a list, or instead of an answer: reached, not reached, failed.
_STEP_MARKS = (
    dict.fromkeys("✓✔☑√✅", "√")
    | dict.fromkeys("○◯□☐◌⏳", "○")
    | dict.fromkeys("✗✘❌×❎", "✗")
    | dict.fromkeys("●•◐", ",")
)
#: Marks of direction, joiners, emoji and what modifies them: nobody reads them.
_INVISIBLE_CATEGORIES = frozenset({"Cf", "Mn", "Me", "Cc", "Co", "Cn", "Cs", "So", "Sk"})


@dataclass(frozen=True)
class NormalizedText:
    """`plain` is what the rules look at; `origin` the place in `raw` of each of its characters."""

    raw: str
    plain: str
    origin: tuple[int, ...]
    #: Whether the message goes on after what was looked at.
    is_cut: bool

    def original(self, start: int, end: int) -> str:
        """The part of the message that became plain[start:end]."""
        return self.raw[self.origin[start] : self.origin[end - 1] + 1]


def normalize_text(raw: str) -> NormalizedText:
    """The message made plain.

    A space stays only between two ASCII letters or digits ('138 0013 8000'); a line break becomes a comma.
    """
    head = raw[:MAX_CHARACTERS]
    letters: list[tuple[str, int]] = []
    gap: int | None = None
    for index, char in enumerate(head):
        if char.isspace():
            if char in "\n\r" and letters and letters[-1][0] not in ",。;:":
                letters.append((",", index))
            gap = index
            continue
        characters = (_mark(head, index) if char in _STEP_MARKS else "") or _plain_characters(char)
        if not characters:
            continue
        if gap is not None and letters and _is_word(letters[-1][0]) and _is_word(characters[0]):
            letters.append((" ", gap))
        gap = None
        letters += [(part, index) for part in characters]
    plain = _MISREAD.sub(_read_right, "".join(letter for letter, _ in letters))
    return NormalizedText(raw, plain, tuple(index for _, index in letters), is_cut=bool(raw[MAX_CHARACTERS:].strip()))


def _mark(text: str, index: int) -> str:
    """What a sign stands for: a step's mark, unless it masks a digit ('138●●●●8000')."""
    char = text[index]
    mark = _STEP_MARKS[char]
    beside = text[index - 1 : index] + text[index + 1 : index + 2]
    masks = char in _MASK_CHARACTERS and any(each == char or each in "0123456789*" for each in beside)
    return "*" if masks else mark


def _read_right(match: re.Match[str]) -> str:
    word = match.group()
    return _MISREAD_WORDS.get(word) or ("日" if word == "曰" else "已")


@lru_cache(maxsize=8192)
def _plain_characters(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() else ""
    if char in _MASKS_ONLY:
        return "*"
    category = unicodedata.category(char)
    if category in _INVISIBLE_CATEGORIES:
        return ""
    if category == "No":  # a circled number heads an item of a list, it is no digit of a telephone number
        return ","
    return (
        unicodedata.normalize("NFKC", char)
        .translate(_CANTONESE)
        .translate(_simplified_by_traditional())
        .replace(" ", "")
    )


def _is_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "*")


_MOJIBAKE = ("锟斤拷", "烫烫烫", "ï»¿", "â€", "ã€", "Ã", "æ‚", "çš„")


def is_garbled(raw: str) -> bool:
    """Whether it was decoded by the wrong table on its way, or carries nothing to read."""
    head = raw[:MAX_CHARACTERS]
    visible = [char for char in head if not char.isspace()]
    lost_count = sum(char in "\ufffd\x00□" or "\ue000" <= char <= "\uf8ff" for char in visible)
    question_marks = head.count("??")
    return (
        not visible
        or lost_count * 10 > len(visible)
        or lost_count >= 3
        or question_marks >= 3
        or any(mark in head for mark in _MOJIBAKE)
    )
