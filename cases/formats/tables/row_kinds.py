"""Rows of a table that are no cards: titles again, totals, notes, signatures, examples."""

import re
import unicodedata
from collections.abc import Collection, Sequence

from cases.domain.errors import gettext_noop
from cases.formats.tables.readings import Message
from cases.formats.tables.text_cache import cached_by_text
from cases.formats.tables.titles import normalize_title

TITLES_AGAIN = Message(gettext_noop("Column titles, not a card."))
TOTAL = Message(gettext_noop("A total, not a card."))
EXAMPLE = Message(gettext_noop("An example row, not a card."))
NOTE = Message(gettext_noop("No number in this row: a heading or note, not a card."))
OUTSIDE = Message(gettext_noop("Above the column titles, not a card."))
NO_NUMBERS = Message(gettext_noop("This sheet has no column of numbers."))

_TOTAL = re.compile(
    r"(本?(页|部门|月|组|表))?(合计|小计|总计|共计|总数|汇总|累计|总和|总额|sum|(sub|grand)?total)(\(?(张|"
    r"个|元|人|数|金额|数量)?\)?)?[:]?"
    r"[\d,.]*(张|个|元|条|人|户|部|枚)?|共\d+(张|个|条|户|部).{0,6}",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"[(\[【<]?(填写)?(示例|样例|范例|举例|例子|填写说明|example|sample)(行|数据|row|"
    r"data)?[)\]】>]?([:,.;].*)?|例[:].*|.*导入前请?删除.*",
    re.IGNORECASE | re.DOTALL,
)
_EXAMPLE_IN_ENGLISH = re.compile("example|sample", re.IGNORECASE)
_LABEL = re.compile(
    r"(制表|审核|填表|填报|复核|编制|审批|批准|制单|主管|部门?负责人|负责人|经办人?|统计人?|日期|时间|更新|"
    r"制表日期|填表日期|签字|签名|盖章|单位|部门|"
    r"备注|注|说明|附注|注意|声明|联系人|联系电话|电话|preparedby|approvedby|checkedby|note|date|updated)[:]",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"(制表|审核|填表|复核|编制|审批|批准)人?|(制表|填表|填报)?日期|签字|签名|盖章|（?公章）?")
_HINT = re.compile(
    r"[(]?(必填|选填|非必填|文本|数字|格式|请?填写?|11位|1[13]位)(项|格式|数字|号码|手机号码?)?[)]?|required|optional|text",
    re.I,
)
#: What a row under the titles says of how its columns are written: units, and how many digits there are.
_UNIT = re.compile(
    r"[(]?(单位[:]?)?(\d{1,2}([/、~-]\d{1,2})?位(数字?)?|[\u00a5￥]?元?(人民币)?/?(每)?(年|月|季|天|张|户|次|分钟)|元|张|个|户|条|部|"
    r"[kmg]b?(/?[月天])?|分钟?|yyyy.{0,6}|年.?月.?日|(yuan|cny|rmb|digits?)(/(month|year|mo))?|"
    r"(必填|选填|非必填|文本|数字|格式|下拉|可选|required|optional|text)(项|格式)?)[)]?",
    re.IGNORECASE,
)
#: The line over what somebody wrote in a chat: a name and a moment.
_WHO_WROTE = re.compile(r".{1,20}\s\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+\d{1,2}:\d\d(:\d\d)?")
_SENTENCE = re.compile(
    r"如有|请(及时|联系|勿|注意|填|将)|咨询|联系|注[:]|备注[:]|说明[:]|以上|以下|please|contact", re.IGNORECASE
)


@cached_by_text(maxsize=16_384)
def is_total(cell: str) -> bool:
    """Whether a cell says that its row adds up others."""
    return len(cell) <= 20 and bool(_TOTAL.fullmatch(_folded(cell)))


def is_example(cell: str) -> bool:
    """Whether a cell marks its row as an example of how to fill the table in."""
    if not ("例" in cell or "导入" in cell or "填写" in cell or _EXAMPLE_IN_ENGLISH.search(cell)):
        return False
    return bool(_EXAMPLE.fullmatch(_folded(cell)))


@cached_by_text(maxsize=16_384)
def is_label(cell: str) -> bool:
    """Whether a cell is of the lines around a table: 'prepared by: …', 'note: …'."""
    folded = _folded(cell)
    return bool(_LABEL.match(folded) or _SIGNATURE.fullmatch(folded))


def is_sentence(cell: str) -> bool:
    """Whether a cell with a number in it is a remark to the reader rather than a card."""
    return len(cell) > 18 and bool(_SENTENCE.search(_folded(cell)))


def repeats_titles(cells: Collection[str], titles: Collection[str]) -> bool:
    """Whether at least half of a row's cells, and two, are titles of its table."""
    same = sum(1 for cell in cells if normalize_title(cell) in titles)
    return same >= 2 and same * 2 >= len(cells)


def why_no_card(
    own: Sequence[str], number_cells: Sequence[str], titles: Collection[str], *, is_counted: bool
) -> Message | None:
    """Why a row without a readable number is none of a card's, or None where it is a card's with a wrong number.

    `own` are the row's filled cells, without what it has from merged cells; `number_cells` those under numbers;
    `is_counted`: the row has a number of its own among the cards.
    """
    if repeats_titles(own, titles) or (len(own) == 1 and normalize_title(own[0]) in titles):
        return TITLES_AGAIN
    if any(is_total(cell) for cell in own):
        return TOTAL
    if any(is_example(cell) for cell in own):
        return EXAMPLE
    digits = max((sum(c.isdigit() for c in cell) for cell in number_cells), default=0)
    if any(_HINT.fullmatch(_folded(cell)) for cell in number_cells):
        return NOTE
    if digits < 5 and not number_cells and sum(1 for cell in own if _UNIT.fullmatch(_folded(cell))) * 2 > len(own):
        return NOTE
    if any(_WHO_WROTE.fullmatch(cell.strip()) for cell in own) and (digits < 5 or len(own) == 1):
        return NOTE
    if len(set(own)) == 1 and not is_counted and not _is_broken_number(number_cells):
        return NOTE
    if digits < 5 and any(is_label(cell) for cell in own):
        return NOTE
    return None


def _is_broken_number(number_cells: Sequence[str]) -> bool:
    """Whether what stands alone under numbers is one with digits missing rather than a heading."""
    return any(
        len(cell) <= 40 and (sum(c.isdigit() for c in cell) >= 5 or cell.strip("'").isdigit()) for cell in number_cells
    )


def _folded(cell: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", cell))
