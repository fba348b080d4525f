"""What cells of free words choose: why a card is cancelled, how, why that was returned, and what the card is for."""

import re
from dataclasses import dataclass

from cases.formats.tables.text_cache import cached_by_text
from cases.formats.tables.titles import normalize_title
from cases.formats.tables.word_lists import words_of


@dataclass(frozen=True)
class ChoiceRead:
    """The choice's value, and whether the words say nothing else."""

    value: str
    is_whole: bool


#: For each choice: the words that are it, and a pattern of words that tell it among others. The first that fits counts.
_Rules = tuple[tuple[str, str, str], ...]
_REASONS: _Rules = (
    ("switching", "换运营商 携号转网 更换运营商 转网 携转 换卡 更换号码 switching", r"换.{0,2}运营商|转网|携转|携号"),
    ("harassment", "骚扰 骚扰电话 骚扰多 骚扰电话多 投诉 被投诉 harassment", r"骚扰|被?标记|投诉"),
    (
        "cost",
        "费用 成本 月租 闲置 不用 不用了 不再使用 降本 费用高 费用太高 月租高 月租太高 资费高 太贵 节约成本 "
        "长期不用 闲置不用 cost idle unused",
        r"费用|成本|月租|资费|闲置|贵|不用|停用|未使用|低使用|cost|unused|expensive",
    ),
    (
        "business",
        "业务调整 业务变化 业务变更 业务缩减 业务停止 项目结束 部门撤销 团队解散 business",
        r"业务|项目|部门|团队|架构|撤|解散|缩编|business",
    ),
    ("other", "其他 其它 other", r"(?!)"),
)
_CHANNELS: _Rules = (
    (
        "branch",
        "营业厅 厅 厅店 柜台 线下 现场 门店 线下营业厅 营业网点 branch shop store",
        r"营业厅|柜台|网点|厅(台|内|办)|线下",
    ),
    (
        "app",
        "app 线上 网厅 网上营业厅 掌厅 手机营业厅 小程序 网站 官网 公众号 online website apporwebsite",
        r"app|网厅|掌厅|小程序|线上|官网|网上|公众号|online",
    ),
    (
        "hotline",
        "热线 电话 客服 客服热线 客服电话 人工客服 10086 10010 10000 10099 hotline phone call",
        r"热线|客服|10086|10010|10000|10099|致电|拨打",
    ),
    ("agent", "代理商 代理 渠道商 经销商 agent dealer", r"代理|渠道商|经销商|卡商|供应商"),
    ("letter", "函 公函 信函 书面 邮寄 快递 letter mail", r"函|书面|邮寄|快递"),
)
#: What a card is for is told by a usual name alone: '会员回访' among other words may be anything.
_PURPOSES: _Rules = (
    ("care", "客服 客户服务 回访 客户回访 售后 售后服务 care customercare customerservice", r"(?!)"),
    ("data", "采集 数据采集 数据收集 信息采集 data datacollection", r"(?!)"),
    (
        "marketing",
        "营销 电销 电话营销 销售 外呼 电话销售 推广 电话推广 marketing sales telesales telemarketing",
        r"(?!)",
    ),
    ("other", "其他 其它 other", r"(?!)"),
)
_RETURN_REASONS: _Rules = (
    ("arrears", "欠费 未缴清 有欠费 arrears", r"欠费|未缴|欠款|结清|arrears|unpaid"),
    ("contract", "合约 合约未到期 合约期内 套餐未到期 contract", r"合约|合同|协议|在网|未到期|捆绑|融合|宽带|contract"),
    (
        "papers",
        "资料不全 材料不全 缺资料 缺材料 papers",
        r"资料|材料|证件|证明|授权|公章|盖章|委托|身份证|营业执照|document|paper",
    ),
    ("special", "靓号 主副卡 special", r"靓号|吉祥号|主卡|副卡|主副|premium"),
    ("home", "归属地 异地 home", r"归属|异地|本地|本省|属地|跨省|原.{0,4}厅"),
    ("other", "其他 其它 other", r"(?!)"),
)


def _read(text: str, rules: _Rules) -> ChoiceRead | None:
    normalized = normalize_title(text)
    if not normalized:
        return None
    for value, names, _ in rules:
        if normalized == value or normalized in words_of(names):
            return ChoiceRead(value, is_whole=True)
    if re.match(r"不是|并非|非|无", normalized):
        return ChoiceRead("other", is_whole=False)
    for value, _, pattern in rules:
        if re.search(pattern, normalized):
            return ChoiceRead(value, is_whole=False)
    return ChoiceRead("other", is_whole=False)


@cached_by_text(maxsize=4096)
def read_reason(text: str) -> ChoiceRead | None:
    """Why the card is to be cancelled; None for an empty text, 'other' for words that tell none of the reasons."""
    return _read(text, _REASONS)


@cached_by_text(maxsize=4096)
def read_channel(text: str) -> ChoiceRead | None:
    """How the request is made; None where the words tell none of the ways."""
    choice = _read(text, _CHANNELS)
    return choice if choice and choice.value != "other" else None


@cached_by_text(maxsize=4096)
def read_purpose(text: str) -> ChoiceRead | None:
    """What the card is used for; 'other' for words that tell none of the purposes."""
    return _read(text, _PURPOSES)


@cached_by_text(maxsize=4096)
def read_return_reason(text: str) -> ChoiceRead | None:
    """Why the carrier returned the request; 'other' for words that tell none of the reasons."""
    return _read(text, _RETURN_REASONS)
