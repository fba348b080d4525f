"""What a column is about, by its title: Chinese and English, in the many words that offices have for the same thing."""

import re
import unicodedata
from dataclasses import dataclass

from cases.formats.tables.text_cache import cached_by_text
from cases.formats.tables.title_names import FIELDS, TITLE_NAMES, Field
from cases.formats.tables.word_lists import words_of

_FIELD_OF: dict[str, Field] = {title: field for field, titles in TITLE_NAMES.items() for title in words_of(titles)}

#: Titles that hold one of these words are columns of the team's own, whatever else they hold.
_OWN = re.compile(
    r"审批|^oa|钉钉|飞书|企微|发起(人|时间|日期|部门)|流程|内部审核|"
    r"身份证|证件|银行|imsi|imei|密码|工号|余额|欠费|押金|预存|充值|归属地|归属省|归属市|省份|城市|地区|"
    r"地址|部位|类型|类别|品牌|型号|设备|"
    r"(部门|项目|团队|区域|片区)负责|减免|折扣|合计|实付|首月|上月|本月|月均|套餐外|超出|年费|答卷|填写|次数|天数|数量|流量|时长|创建|录入|登记时|登记日|修改|更新|附件|图片|照片|标签|微信|邮箱|email|"
    r"qq|传真|座机|password|balance|address|city|province"
)
#: Titles of telephone numbers that are somebody's to be reached at, and the card's only where no other column is.
_CONTACT = re.compile(
    r"人.{0,3}(电话|手机|号码|手机号码?)$|联系(电话|方式|号码|手机|人电话)|紧急|客服|客户电话|客户号码|"
    r"家庭|家属|私人|个人(手机|电话|号码)|对方|原号|旧号|新号|绑定|contact|"
    r"(owner|holder|manager|emergency|home|office).*(phone|mobile|tel)"
)
#: What a title is about by the words in it, the surer first.
_PATTERNS: tuple[tuple[str, Field], ...] = (
    # As people ask: 一个月多少钱, 什么时候办的, 谁在用, 哪家的, 办到哪一步了.
    (
        r"(^|每个?|一个?|按)月.{0,3}(多少|花|交|扣|付|费|钱)|多少钱.*月|^(每|一个?)月$|月.{0,2}功能费|(月|基本|固定)功能费",
        "monthly_fee",
    ),
    (r"(什么时候|何时|哪天|哪年|啥时候?|几时|几号).{0,3}(办|开|买|入网|激活)", "opened_on"),
    (
        r"^(谁|哪(个|位)人?|什么人|何人)(在|的)?(使?用|拿着?|保管|持有|手里|的)(着)?$|^(现在|目前|平时)?谁(在用|拿着|用)",
        "user",
    ),
    (r"^(是)?(哪|什么|啥)(一?家|个公司|个网)(公司|运营商|网络)?(的)?$|^(移动|联通|电信)(还是|或|/)", "carrier"),
    (r"(干|做|办)(什么|啥|嘛)(用|的|使)?(途|的)?$|用来(干|做)|^(什么|啥)用(途|处)?$|^派.{0,2}用场$", "purpose"),
    (
        r"(办|弄|走|做|进行|处理)(得|到|的)?(哪|什么|啥|怎么?样?|如何)(一?步|程度|阶段|里|样)?了?|(进展|进度|结果)(如何|怎么?样)|"
        r"^(销|退|注销)(了|掉|好)?(没|没有|吗|不)$|^(办|弄)(好|完|成)了?(没|没有|吗)$",
        "status",
    ),
    (r"iccid|^(卡|sim卡?|u?sim|号卡|卡片)?串号$|sim卡?序列", "iccid"),
    (r"(退回|驳回|退单|拒绝|未通过|不通过|失败).*(原因|理由)", "returned_reason"),
    (r"(退回|驳回|退单).*(日|时间)", "returned_on"),
    (r"(注销|销户|销号|停用|申请|取消).*(原因|理由|事由)", "reason"),
    (r"(受理|工单|流水|回执|业务|申请).*(单号|编号|流水号)$|工单", "carrier_reference"),
    (r"(申请|提交|递交|报送|上报).*(日期?|时间)$", "submitted_at"),
    (r"(注销|销户|销号|拆机|离网|办结).*(日期?|时间)$", "cancelled_on"),
    (
        r"(合约|合同|协议|套餐|优惠|服务).*(到期|截止|结束|终止|期至)|^(合约|合同|协议)(期)?到$|到期(日|时)|"
        r"有效期至?$",
        "contract_ends_on",
    ),
    (
        r"(开卡|开户|入网|激活|开通|办卡|开号).*(日期?|时间|年月日)$|^(开卡|开户|入网|办卡|开通|激活)(于|在)?$",
        "opened_on",
    ),
    (
        r"(是否|要不要|需不需要).*(注销|销户|销号)|(注销|销户|办理|申请|处理|受理).*(状态|进度|进展|情况|结果)$|"
        r"^(目前|当前|最新|现在|现阶段)(的)?(状态|进度|进展|情况)$|^(运营商|移动|联通|电信|广电|营业厅|客服|代理商?)(的|侧)?"
        r"(办理|处理|受理|审核)?(状态|进度|进展|情况|结果|反馈|答复|回复)$|(card|line|current)status$",
        "status",
    ),
    (
        r"月租|月费|月资费|月消费|月套餐费|套餐费|月基本费|月固定费|monthly(fee|cost|rent|charge)|fee/?mo|/month",
        "monthly_fee",
    ),
    (r"套餐(名称?|类型|资费|费?内容|档次|档位|详情|信息|明细)?$|资费(方案|计划|名称)$", "plan"),
    (
        r"运营商(名称|公司)?$|^运营商(网络|归属|品牌|信息)$|(mobile|current|phone|sim)(carrier|operator)(name)?$|carriername",
        "carrier",
    ),
    (
        r"(机主|户主|开户|实名|产权|号主|入网)(人|者|方|单位|公司|主体|名|姓名|名称|客户)?(姓名|名称|全称)?$",
        "holder",
    ),
    (
        r"(使用|领用|保管|持有|持卡)(人|者|员工|人员)(姓名|名称|名)?$|^(员工|坐席|座席|话务员|业务员|"
        r"用户|销售)(姓名|名称|名)$",
        "user",
    ),
    (r"(部门|事业部|科室|班组|小组|团队)(名称|组别?|小组|团队)?$", "department"),
    (r"客户(名称|姓名)$", "holder"),
    (r"用途|使用场景", "purpose"),
    (r"(处理|经办|跟进|办理|负责|责任|对接|承办|经手)(人|者|人员)(姓名)?$", "handler"),
    (r"(办理|申请|提交|注销|销户|受理)(方式|渠道|途径)$", "channel"),
    (r"^(备注|说明|附注)|(备注|说明)$|remarks?$|notes?$|comments?$", "note"),
    (
        r"(手机|电话|号卡|电销|物联|sim|副卡|主卡|卡片|外呼|线路|工作|公司|业务|用户|接入|备用|"
        r"注销)?.{0,4}(手机号码?|电话号码?|号码|卡号)\d?$",
        "number",
    ),
    (
        r"^(手机|电话|号码|卡号|副卡|主卡|号卡|电销卡|备用号?)[号卡]?[一二三四五六\d①②③④]$|"
        r"^第[一二三四]个?(号码|手机号|卡号)",
        "number",
    ),
    (r"(phone|mobile|cell|msisdn)(no|number|num)?\d?$", "number"),
)
_RULES = tuple((re.compile(pattern), field) for pattern, field in _PATTERNS)
#: What '月租/元' and '运营商2' have behind their titles.
_UNIT = re.compile("(?<=..)(元|元月|元每月|月|rmb|cny|yuan)$")
_ORDINAL = re.compile(r"(?<=..)[\d一二三四①②③④]$")
#: What '2、您的手机号码' has before its title.
_QUESTION = re.compile(r"^\d{0,2}(请?(您|你|本人)的?|请(填写|输入|选择)(您|你)?的?)?(?=..)")
#: What people call a cancellation besides 注销.
_CANCELLING = re.compile("销卡|销号|退卡|拆机|退网")
_NOT_A_MONTH = re.compile("年|季|半年|year|annual|quarter")
_IS_QUESTION = re.compile("是否|要不要|需不需要")
_BRACKETS = re.compile(r"[(（\[【<《].*?[)）\]】>》]")
#: Titles that are kept for anything, so that others name the same field better.
_VAGUE = frozenset(
    words_of(
        "公司 公司名称 单位 单位名称 企业 企业名称 客户 客户名称 客户姓名 主体 姓名 名字 人员 name person 电话 "
        "电话号码 费用 资费 cost price 用户 销售 网络 到期 截止日期 "
        "有效期 方式 原因 状态 说明 申请人 负责人 责任人 编号 卡号 sim卡 sim卡号 simnumber number line cell "
        "单号 group unit use 使用状态 号码状态 卡状态 完成时间 完成日期 "
        "受理时间 受理日期 注 办理时间 办理日期 服务商 通信商 provider network"
    )
)


__all__ = ["FIELDS", "Field", "TitleMeaning", "base_title", "is_own_title", "normalize_title", "title_meaning"]


@dataclass(frozen=True)
class TitleMeaning:
    """The field that a title names; `strength` says how surely: 3 outright, 2 vaguely, 1 by the words in it, 0: a
    number that somebody can be reached at, which is the card's only where no other column holds numbers."""

    field: Field
    strength: int


def normalize_title(title: str) -> str:
    """A title as it is compared: half-width, small, without spaces, brackets and marks."""
    folded = unicodedata.normalize("NFKC", title).lower()
    return "".join(character for character in folded if character.isalnum() or character == "#")


def base_title(title: str) -> str:
    """A title as it is compared, without the ordinal behind it: '号码1' and '号码2' are the same."""
    return _ORDINAL.sub("", normalize_title(title))


@cached_by_text(maxsize=8192)
def title_meaning(title: str) -> TitleMeaning | None:
    """What a title names, or None where it is a column of the team's own or no title at all."""
    if len(title) > 40:
        return None
    whole, bare = normalize_title(title), normalize_title(_BRACKETS.sub("", title))
    inner = "".join(_BRACKETS.findall(unicodedata.normalize("NFKC", title))).lower()
    bare = bare.rstrip("#") or bare
    plain = _ORDINAL.sub("", _UNIT.sub("", _QUESTION.sub("", bare)))
    plain = _CANCELLING.sub("注销", plain)
    name = next((name for name in (whole, bare, plain) if name in _FIELD_OF), None)
    meaning = TitleMeaning(_FIELD_OF[name], _strength(name)) if name else None
    meaning = meaning or _meaning_of_words(plain or bare)
    if meaning and meaning.field == "monthly_fee" and _NOT_A_MONTH.search(inner):
        return None  # '费用(元/年)'
    if meaning and meaning.field == "number" and "iccid" in inner:
        return TitleMeaning("iccid", 3)
    if meaning and meaning.field == "plan" and re.search("元|¥|yuan|rmb|cny", inner):
        return TitleMeaning("monthly_fee", 2)  # '套餐(元)' is a fee, by its unit
    return meaning


def is_own_title(title: str) -> bool:
    """Whether a title says outright that its column is none of the fields that contents might suggest."""
    return bool(_OWN.search(normalize_title(title)))


def _strength(name: str) -> int:
    return 2 if name in _VAGUE else 3


def _meaning_of_words(bare: str) -> TitleMeaning | None:
    if not bare or len(bare) > 20 or _OWN.search(bare):
        return None
    if _CONTACT.search(bare):
        return TitleMeaning("number", 0) if re.search("电话|号码|手机|方式|phone|mobile|contact", bare) else None
    field = next((field for pattern, field in _RULES if pattern.search(bare)), None)
    is_sure = field == "status" and "注销" in bare and not _IS_QUESTION.search(bare)
    return TitleMeaning(field, 3 if is_sure else 1) if field else None
