"""A message as it stands, and the same made plain: full-width, traditional and invisible characters undone.

Every place in the plain text knows its place in the message, so that what decided can be shown as it stands there.
Whatever somebody sends, no more than `MAX_CHARACTERS` characters are looked at, and each step is linear in them.
"""

import unicodedata
from dataclasses import dataclass

#: No SMS is as long, however many parts it comes in; a longer text is left to a person.
MAX_CHARACTERS = 2000

_TRADITIONAL = "戶戸銷號碼註冊機審請業務辦處單訂預約補傳資費餘額電話聯動廣國賬帳驗證態優獎贈續複復覆達將為爲於後無當現過還結繳開關閉時間內個會則經幫給們條滿終應實體屬寬帶網線護檢異對從來員進執權長點擊領該營廳確認納違靚變轉錄歸檔稱門説說題釋鑒鑑圖錯誤熱絡發準備撥聽絕駁這簽訊兩頭價購訖綁漁團誠諾遲"  # noqa: E501
_SIMPLIFIED = "户户销号码注册机审请业务办处单订预约补传资费余额电话联动广国账账验证态优奖赠续复复复达将为为于后无当现过还结缴开关闭时间内个会则经帮给们条满终应实体属宽带网线护检异对从来员进执权长点击领该营厅确认纳违靓变转录归档称门说说题释鉴鉴图错误热络发准备拨听绝驳这签讯两头价购讫绑渔团诚诺迟"  # noqa: E501
_PLAIN = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
#: Other signs by which digits are masked.
_MASK_CHARACTERS = frozenset("●•×✱∗⁎﹡○")
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
        characters = _plain_characters(char)
        if not characters:
            continue
        if gap is not None and letters and _is_word(letters[-1][0]) and _is_word(characters[0]):
            letters.append((" ", gap))
        gap = None
        letters += [(part, index) for part in characters]
    plain = "".join(letter for letter, _ in letters)
    return NormalizedText(raw, plain, tuple(index for _, index in letters), is_cut=bool(raw[MAX_CHARACTERS:].strip()))


def _plain_characters(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() else ""
    if char in _MASK_CHARACTERS:
        return "*"
    category = unicodedata.category(char)
    if category in _INVISIBLE_CATEGORIES:
        return ""
    if category == "No":  # a circled number heads an item of a list, it is no digit of a telephone number
        return ","
    return unicodedata.normalize("NFKC", char).translate(_PLAIN).replace(" ", "")


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
