"""The balance that a carrier's SMS says it pays back, or has paid back: how much, how, and by when.

Read beside the meaning of the message and without a share in it. What is denied, conditional, about other services or
behind a link is no refund. Of an account only its last four digits leave this module.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cases.domain.business_days import WorkingCalendar, local
from cases.domain.json_values import Json
from cases.domain.message_meaning import Meaning
from cases.formats.sms.dates import DateMention, find_dates
from cases.formats.sms.extract import find_amount
from cases.formats.sms.normalize import normalize_text
from cases.formats.sms.types import Reading, Sms

#: Beside these no refund is believed; beside all else it is only proposed, and a person decides.
MEANINGS_WITHOUT_REFUND = frozenset({Meaning.CODE, Meaning.MARKETING, Meaning.REFUSED})


class RefundMentionKind(StrEnum):
    """Whether the money is still to come, or came."""

    EXPECTED = "expected"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class RefundMention:
    """A refund as an SMS names it: `amount` in yuan, None: not named; `way` as in RefundWay; at most four characters of
    the account; the day in Shanghai by which it comes, None: not named, or it came."""

    kind: RefundMentionKind
    amount: Decimal | None
    way: str
    account_ending: str
    due_on: date | None

    def to_json(self) -> dict[str, Json]:
        """For programs: the amount with two decimals, the day in ISO 8601; null for what is not named."""
        return {
            "kind": self.kind.value,
            "amount": None if self.amount is None else f"{self.amount:.2f}",
            "way": self.way,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "account_ending": self.account_ending or None,
        }


_CLAUSE_END = re.compile(r"([。!?;]|\.(?=[A-Z])|\.$|,(?![0-9]{3}(?:\.[0-9]|元|块)))")
_BALANCE = r"余额|余款|余费|结余|话费|预存|剩余|退费|退款|应退|可退|待退|balance|refund|credit"
_MONEY = re.compile(rf"{_BALANCE}|押金|保证金|账户[^,;]{{0,4}}[0-9.]+元", re.IGNORECASE)
_OWN_BALANCE = re.compile(r"余额|余款|余费|结余|话费|预存|balance", re.IGNORECASE)
#: 退 as in paying back, not 退网, 退订 or 退单.
_BACK = r"退(?![网订出单机租保货役])"
_PAID_BACK = re.compile(
    rf"{_BACK}|返还|返回|返至|转[入至到存给账移]|划[转至到入拨]|存入|充入|打[款到入至]|汇[入至款]|到账|入账|领取|提取|支取|原路|"
    r"refund|paid back|credited|returned|transferred",
    re.IGNORECASE,
)
_NO_REFUND = re.compile(
    r"[不未没][予可能再会得]?(?:给|办理|支持)?[退返转领]|无法[^,;]{0,4}[退返转领]|不符合|赠送|无需|不支持|(?<!到账)失败|放弃|作废|清零|"
    r"余额(?:为|是)?:?(?:零|0(?:\.0+)?(?:元|$))|"
    r"结转[至到]?[下次本]|充值|扣费|[多误错重]复?[收扣]|点击|点开|戳|链接|https?:|验证码|"
    r"not (?:be )?refund|non-?refundable|no refund",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"如(?![下期数约])|若|倘|的话(?!费)|是否|吗|要是|(?<![a-z])(?:if|unless|in case)(?![a-z])", re.IGNORECASE
)
_OTHER_SUBJECT = re.compile(r"申请[^,;]{0,4}退回|工单|资料|材料|设备|附件|单子")
#: Things of other services that are given back, and other shops' refunds.
_OTHER_SERVICE = re.compile(r"宽带|固话|光猫|机顶盒|电视|i?tv|水表|燃气|退货|包裹|保单", re.IGNORECASE)
_SHOP = re.compile(r"订单|商品|购物|商城|店铺|押金")
_TAIL = re.compile(
    r"金额|到账|查收|预计|最[迟晚]|工作日|原路|尾号|末四位|[日号天周月]之?[前内]|(?:退|转|存|划)[至入到]|零钱|微信|支付宝|方式|ending|within|before",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"[详咨]询|致电|拨打|客服|评价|满意|感谢|期待|公众号|关注|下载|登录")
_PENDING = re.compile(
    r"(?<!已)(?<!已经)(?<!已为您)将|预计|即将|会[在于]|待[退领审处]|等待|稍后|届时|随后|正在|处理中|审核中|受理(?![号单编])|"
    r"已(?:经|为您)?(?:提交|登记|申请|发起|安排|生成)|工作日|自然日|[日号天周月时底](?:之?[内前])[到退原返转划存]|后[退返转到]|最[迟晚]|"
    r"领取|[提支]取|请[^,;]{0,16}办理|will|shall|within|pending|expected|processing",
    re.IGNORECASE,
)
_PAID = re.compile(
    rf"已[^,;未销拆注网受提申登]{{0,14}}?(?:{_BACK}|转[入至到存给]|划[转至到入拨]|返[还回至]|存入|充入|到账|入账)|"
    rf"已(?:成功|经|为您)?(?:打款|汇款|付款|转账|提现|完成[^,;]{{0,6}}(?:转账|打款|汇款|付款|{_BACK}))|"
    rf"(?:返还|{_BACK})[^,;]{{0,10}}处理成功|收到[^,;]{{0,24}}转入|"
    rf"{_BACK}[款费还回]?[^,;]{{0,4}}(?:成功|完成|完毕|办结)|到账成功|查收|到账(?![时日后以期周])|"
    r"(?:has|have|had) been (?:refunded|paid|credited|returned|transferred)|was (?:refunded|paid|credited|returned)",
    re.IGNORECASE,
)
#: In this order: 'the way it was paid' counts before the name of a wallet or bank beside it.
_WAYS = (
    ("original", re.compile(r"原路|原(?:支付|付款|缴费|充值|来)?(?:渠道|方式|账户|路径)|original", re.IGNORECASE)),
    (
        "wallet",
        re.compile(
            r"微信(?!公众|小程序|客服)|支付宝(?!小程序)|零钱|钱包|和包|翼支付|沃支付|wechat|alipay|wallet",
            re.IGNORECASE,
        ),
    ),
    (
        "bank_card",
        re.compile(
            r"银行[^,;]{0,4}卡|(?<![以各由按])银行(?!到|处|入|系|工|清|为|时|审|实|原|转|节)|储蓄卡|借记卡|信用卡|转账|"
            r"尾号[^,;]{0,6}[^机话S]卡|bank|card|对公账?户",
            re.IGNORECASE,
        ),
    ),
    (
        "another_number",
        re.compile(
            r"(?:退|转|充|存|划|返)[^,;]{0,14}?(?:号码|手机|(?<![0-9])1[3-9][0-9](?:[0-9]{8}|\*+[0-9]{4}))|"
            r"(?:to|another) (?:the |your )?(?:phone |mobile )?number",
            re.IGNORECASE,
        ),
    ),
    (
        "cash",
        re.compile(
            r"现金|柜台|到厅|(?<![上机掌子络])(?:营业厅|服务厅)(?!app|客户端|公众号)|网点|门店|"
            r"in cash|branch|(?:at|in) [a-z ]{0,12}store",
            re.IGNORECASE,
        ),
    ),
)
_DESTINATION = re.compile(
    r"退[款费][至到入往给账]|退[还回至到入往给]|转[入至到存给账移]|划[转至到入拨]|打[款到入至]|汇[入至款]|存入|充入|返[还回至]|"
    r"refunded|paid|credited|returned|transferred",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"(?:尾号|末四位|后四位|尾数)(?:为|是)?[:(]?\**(?P<tail>[0-9]{4})(?![0-9])|"
    r"\*{2,}(?P<masked>[0-9]{4})(?![0-9])|"
    r"(?<![0-9A-Za-z.])(?:[0-9][ -]?){7,17}(?P<full>[0-9]{4})(?![0-9.])|"
    r"(?:卡|银行|账户|账号)\(?(?P<bare>[0-9]{4})(?![0-9.元年 -])|"
    r"ending (?:in |with |on )?(?P<english>[0-9]{4})(?![0-9])",
    re.IGNORECASE,
)
_BANK_ENDING = re.compile(r"尾号(?:为|是)?[:(]?\**(?P<tail>[0-9]{4})\)?的?[^,;0-9]{0,8}(?:银行|储蓄|借记|信用)")
_REFERENCE = re.compile(r"(?:单号|流水号?|编号|工单)[:为]?[A-Za-z0-9-]+")
#: '36元5角'.
_JIAO = re.compile(r"([0-9]+)[元块]([0-9])角(?:([0-9])分)?")
_REFUNDED_SUM = re.compile(
    r"(?:可退|应退|实退|退款|退费|退还|待退)(?:金额|总额|款项|余额)?(?:为|共|计|是)?:?(?=[¥0-9人])"
)
#: Of 'from the 1st to the 5th' the last day counts.
_FIRST_OF_RANGE = re.compile(r"[0-9]{1,2}[日号]?[至到~—-](?=[0-9]{1,2}[日号])")
_RANGE = re.compile(r"至|到(?!账)|[~—-]")
#: Before a day by which the customer is to do something.
_CUSTOMERS_DAY = re.compile(r"(?:请|可|需|须)[^,;]{0,6}$")


def read_refund(sms: Sms, reading: Reading, calendar: WorkingCalendar | None = None) -> RefundMention | None:
    """The refund that a message names which was read so; None where it names none, or none is to be believed.

    None is believed where it, or one of its two readings, is among MEANINGS_WITHOUT_REFUND.

    Pure, without an error. '15 working days' are counted in `calendar` (by default the published one) from the day on
    which the message was received, which does not count.
    """
    text = normalize_text(sms.text)
    plain = _JIAO.sub(lambda match: f"{match[1]}.{match[2]}{match[3] or ''}元", text.plain)
    if text.is_cut or not MEANINGS_WITHOUT_REFUND.isdisjoint((reading.meaning, *reading.candidates)):
        return None
    if reading.meaning is not Meaning.DONE and _is_of_another(plain):
        return None
    passage = _passage(plain)
    if not passage:
        return None
    amount = _amount(passage)
    if amount == 0:
        return None
    kind = (
        RefundMentionKind.RECEIVED
        if _PAID.search(passage) and not _PENDING.search(passage)
        else RefundMentionKind.EXPECTED
    )
    way = next((name for name, form in _WAYS if form.search(passage)), "unknown")
    due_on = _due_on(passage, sms, calendar or WorkingCalendar()) if kind is RefundMentionKind.EXPECTED else None
    return RefundMention(kind, amount, way, _account_ending(passage), due_on)


def _is_of_another(plain: str) -> bool:
    """Whether a message that may say nothing of a cancellation is about money of something else than the number."""
    return bool(_OTHER_SERVICE.search(plain) or (_SHOP.search(plain) and not _OWN_BALANCE.search(plain)))


def _passage(plain: str) -> str:
    """The clauses that speak of the refund, joined by commas; empty where none does."""
    parts = _CLAUSE_END.split(plain)
    clauses, ends = parts[::2], [*parts[1::2], ""]
    indexes: set[int] = set()
    for index, clause in enumerate(clauses):
        if not _PAID_BACK.search(clause) or _ASIDE.search(clause):
            continue
        money_index = _money_index(clauses, index)
        if money_index is None:
            continue
        first = money_index - (0 < money_index == index and ends[index - 1] == ",")
        about = ",".join(clauses[money_index : index + 1])
        if _CONDITION.search(clauses[first]) and _MONEY.search(clauses[first]):
            continue
        if _NO_REFUND.search(about) or _CONDITION.search(about) or _OTHER_SERVICE.search(about):
            continue
        indexes |= {money_index, index}
        following = index + 1
        while following < len(clauses) and ends[following - 1] != "。" and _is_tail(clauses[following]):
            indexes.add(following)
            following += 1
    return ",".join(clauses[index] for index in sorted(indexes))


def _money_index(clauses: list[str], index: int) -> int | None:
    """The clause that says which money is paid back in a clause: that one, or one of the two before it."""
    if _MONEY.search(clauses[index]):
        has_sum = re.search(r"[0-9][元块]|[¥] ?[0-9]|[0-9]\.[0-9]", clauses[index])
        earlier = index - 1
        is_sum_before = earlier >= 0 and re.search(r"(?:余额|余款|结余|话费|预存)[^,;]*[0-9]", clauses[earlier])
        return earlier if is_sum_before and not has_sum and not _CONDITION.search(clauses[earlier]) else index
    if _OTHER_SUBJECT.search(clauses[index]):
        return None
    return next((before for before in (index - 1, index - 2) if before >= 0 and _MONEY.search(clauses[before])), None)


def _is_tail(clause: str) -> bool:
    return bool(_TAIL.search(clause)) and not (_ASIDE.search(clause) or _CONDITION.search(clause))


def _amount(passage: str) -> Decimal | None:
    """The sum that is paid back: what is said to be refunded, before the balance of which it may be a part."""
    refunded = _REFUNDED_SUM.search(passage)
    amount = find_amount(passage[refunded.start() :], Meaning.DONE) if refunded else None
    return amount if amount is not None else find_amount(passage, Meaning.DONE)


def _account_ending(passage: str) -> str:
    """The last four digits of the account that the money goes to; '' where they are not named."""
    passage = _REFERENCE.sub("", passage)
    ends = [verb.end() for verb in _DESTINATION.finditer(passage)]
    after = (_ENDING.search(passage, end) for end in reversed(ends))
    match = next((match for match in after if match), None) or _BANK_ENDING.search(passage)
    return next((digits for digits in match.groupdict().values() if digits), "") if match else ""


def _due_on(passage: str, sms: Sms, calendar: WorkingCalendar) -> date | None:
    """The day by which the carrier says that it pays: a limit before a mere day, and none that the customer is set."""
    passage, today = _FIRST_OF_RANGE.sub("", passage), local(sms.received_at).date()
    days = [
        mention
        for mention in find_dates(passage, sms.received_at, calendar)
        if not _CUSTOMERS_DAY.search(passage[: mention.start])
        and not _RANGE.match(passage, mention.end)
        and _is_to_come(mention, passage, today)
    ]
    limits = [mention for mention in days if mention.is_deadline or mention.is_term or mention.is_span]
    return (limits or days)[0].day if days else None


def _is_to_come(mention: DateMention, passage: str, today: date) -> bool:
    is_limit = mention.is_deadline or mention.is_term or passage[mention.start] == "今"
    return mention.day >= today if is_limit else mention.day > today
