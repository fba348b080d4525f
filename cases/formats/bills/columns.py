"""What the columns and the kinds of charges of a bill are, by their titles.

Words follow the public price lists and sample bills of the four networks; a title that says none of them and holds
sums is another charge.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Column(StrEnum):
    """`NET` is what is to be paid, `GROSS` the same before reliefs, `LINE` the sum of a line of one kind of charge."""

    NUMBER = "number"
    NAME = "name"
    PERIOD = "period"
    ITEM = "item"
    PLAN_FEE = "plan_fee"
    CHARGE = "charge"
    RELIEF = "relief"
    GROSS = "gross"
    NET = "net"
    USE = "use"
    OTHER = "other"


_PATTERNS: tuple[tuple[Column, str], ...] = (
    (Column.OTHER, "^(序号|编号|no|#)$|账[号户]|帐[号户]|合同|发票|证件|身份证|iccid|imsi|地址|数量$|个数|户数|税率"),
    (
        Column.NUMBER,
        "(手机|用户|业务|服务|设备|接入|成员|计费|电话|移动|物联网?卡?|产品|付费|使用|缴费)(号码?|电话)$|"
        "^(号码|手机|电话|卡号|msisdn|mobile|number|phone|servicenumber)$|(mobile|phone|service|subscriber)(number|no)",
    ),
    (
        Column.USE,
        "时长|分钟|流量[(]|流量$|用量|计费量|业务量|条数|次数|[(](mb|gb|kb|分|秒|条|次|m|g|min|mins|pcs|sec)[)]|minutes|usage",
    ),
    (Column.PERIOD, "账期|帐期|计费月|月份|账单月|出账月|周期|period|billingmonth"),
    (
        Column.ITEM,
        "(费用|收费|账单|帐单|账目|帐目|计费)(项目?|科目|类型|类别|名称|细项)|^(科目|项目|费目|费项|账目|帐目|item|chargetype|description)",
    ),
    (Column.NAME, "姓名|^(使用人|用户名称|用户|客户名称|名称|使用者|name|user)$|用户名$|成员名"),
    (
        Column.RELIEF,
        "优惠|减免|折扣|抵扣|返还|赠(送|费)|调增减|调减|discount|credit|relief|adjustment",
    ),
    (
        Column.PLAN_FEE,
        "套餐(及|和|与)?(固定|月|基本)?(租)?(费|资费|费用|月费|金额)|套餐月基本费|月固定费|固定(月)?费|月租|月基本费|"
        "基本月(租|费)|月使用费|月功能费|基本费$|基本套餐|包月费|月服务费|monthly(fee|rental|charge)|planfee|rental|recurring",
    ),
    (Column.GROSS, "应收|折前|原价|优惠前|减免前|gross|beforediscount"),
    (
        Column.NET,
        "实收|实付|实缴|应付|应缴|总计|合计|总额|总费用|账单(总)?(金额|费用)|本期(费用|金额|消费)|当月(费用|消费)|"
        "消费总|话费总|费用总|net|total|payable|amountdue",
    ),
)
#: Charges that nobody has without use.
_OF_USE = re.compile("语音|通话|上网|流量|短信|彩信|漫游|voice|call|data|sms|roaming")
_COMPILED = tuple((column, re.compile(pattern)) for column, pattern in _PATTERNS)
#: A column of sums under such a title alone is what the line comes to.
_PLAIN_AMOUNT = re.compile("^(金额|费用|话费|消费|费用金额|金额元|amount|charge|charges|fee)([(].*[)])?$")
_UNIT = re.compile(r"[(（\[][^()（）\[\]]*元[^()（）\[\]]*[)）\]]|[/:：*]")


@dataclass(frozen=True)
class Title:
    """A column's title, and what the column is; `is_sum` where its cells are sums of money."""

    text: str
    column: Column


def normalize_title(title: str) -> str:
    """A title without spaces, units of money and case."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return _UNIT.sub("", re.sub(r"\s|_", "", folded))


@lru_cache(maxsize=4096)  # rows are looked at for titles, too, and names repeat
def column_of(title: str, group: str = "") -> Column:
    """What a column is by its title, and by the title above it where it has two; CHARGE for what only may be one."""
    normalized = normalize_title(title)
    for column, pattern in _COMPILED:
        if pattern.search(normalized):
            return column
    if _PLAIN_AMOUNT.search(normalized):
        return Column.NET
    if normalized and group and group != title:
        return column_of(group) if column_of(group) in (Column.RELIEF, Column.USE) else Column.CHARGE
    return Column.CHARGE


def is_charge_of_use(title: str) -> bool:
    """Whether a charge under this title shows that the number was used."""
    return column_of(title) is Column.CHARGE and _OF_USE.search(normalize_title(title)) is not None


def item_of(name: str) -> Column:
    """What kind of charge a line names: PLAN_FEE, RELIEF or CHARGE."""
    column = column_of(name)
    return column if column in (Column.PLAN_FEE, Column.RELIEF) else Column.CHARGE


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row is one of titles: a number's title, and one of sums beside it."""
    columns = {column_of(cell) for cell in cells if cell and not re.fullmatch(r"[-\d.,]+", cell)}
    return Column.NUMBER in columns and bool(columns & {Column.NET, Column.GROSS, Column.PLAN_FEE, Column.RELIEF})
