"""Monthly fees in cells, in yuan."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from cases.formats.tables.text_cache import cached_by_text

_LARGEST = Decimal(1_000_000)
#: What the arithmetic of a spreadsheet leaves behind the cents.
_SMALLEST_DIFFERENCE = Decimal("0.0001")
_BRACKETED = re.compile(r"[(\[【][^()]*[)\]】]")
_FREE = frozenset({"免费", "免", "免月费", "免月租", "0月租", "零月租", "无月租", "零元", "free"})
_YUAN = r"(?:元整?|块钱?|圆|rmb|cny|yuan|人民币)?"
_MONTH = r"(?:[/每]?个?月|(?:/|per|a)?(?:month|mth|mon|mo)|/m|monthly|p\.?m\.?)?"
_AMOUNT = re.compile(
    rf"(?:每月|月租费?|月费|套餐费?|资费|rmb|cny|"
    rf"人民币)?[:]?[¥￥$]?(?P<amount>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?){_YUAN}{_MONTH}"
    rf"(?:/[张卡户人个])?"
)
#: Words that make an amount another one: about, from, was, a year's, a day's, to be agreed.
_UNCERTAIN = re.compile(
    r"约|左右|起|以上|以内|以下|大概|可能|原|面议|待定|年|季|天|日|折|赠|送|首|次|不|\?|~|-|至|到|或|about|"
    r"from|year|day"
)


@dataclass(frozen=True)
class FeeRead:
    """A fee in yuan a month, and what the text says besides."""

    amount: Decimal
    words: str = ""


@cached_by_text(maxsize=16_384)
def read_fee(text: str) -> FeeRead | None:
    """The fee that a text names, or None; a text of several amounts, or of a year's, names none."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text).lower()).strip("'\"")
    if folded in _FREE:
        return FeeRead(Decimal("0.00"))
    match = _AMOUNT.match(folded)
    if not match:
        return None
    words = folded[match.end() :]
    amount = Decimal(match["amount"].replace(",", ""))
    rounded = amount.quantize(Decimal("0.01"))
    if not _is_beside_the_amount(words) or amount >= _LARGEST or abs(amount - rounded) > _SMALLEST_DIFFERENCE:
        return None
    return FeeRead(rounded, words)


def _is_beside_the_amount(words: str) -> bool:
    """Whether what follows an amount leaves it what it is: nothing, or words in brackets or behind a comma."""
    if not words:
        return True
    if _UNCERTAIN.search(words) or re.search("[元块¥￥]", words):
        return False
    return bool(_BRACKETED.fullmatch(words)) or (words[0] in ",，;。" and not re.search(r"\d", words))
