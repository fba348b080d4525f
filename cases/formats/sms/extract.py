"""Reference numbers, sums of money and addresses in a plain text."""

import re
from decimal import Decimal

from cases.domain.message_meaning import Meaning

Span = tuple[int, int]

#: What a request is called by; the number is what follows. 工号 (an employee's) and 预约号 (a place in a queue) are
#: none.
_NOUN = (
    "服务请求|服务单|服务工单|业务工单|工单|受理单|受理|订单|业务单|业务受理|投诉单|投诉|申诉单|申诉|申请单|申请|登记单|登记|催单|催办|预约单|"
    "注销单|销户单|拆机单|退网单|销号单|单据|单子|单|案件|批次|批|回执|流水|凭证|凭条|信件|收件|事件|任务|查询|报单|序列|交易|办理|业务|客服|服务|"
    "销户|拆机|注销|退网|收据|档案|受理业务"
)
_VALUE = r"[A-Za-z0-9](?:[A-Za-z0-9]|[-_/#](?=[A-Za-z0-9])(?!1[3-9][0-9]{9})){3,39}"
_REFERENCE = re.compile(
    rf"(?P<label>(?:{_NOUN})(?P<no>编号|单号|流水号|号码?|号单号)?|(?P<bare>编号|单号|流水号))"
    r"(?:为|是|给你|给您)?[:,]?[ ]?[(\[【“\"《<#]?(?:N[oO][.:])?"
    rf"(?P<value>{_VALUE})(?![A-Za-z0-9年月元%*]|[-_/][0-9]|[ ][0-9])"
)
_ENGLISH_REFERENCE = re.compile(
    r"(?<![A-Za-z])(?:ticket|order|case|ref(?:erence)?|request|file|under|on|re|no|req)\.?[ ]?"
    r"(?:no|number|id)?[.:#]{0,2}[ ]?"
    rf"(?P<value>(?=[A-Za-z-]{{0,12}}[0-9]){_VALUE})(?![A-Za-z0-9*]|[ ][0-9])",
    re.IGNORECASE,
)
#: 'YX99001号工单', 'FX/KF/1012-06号'.
_BEFORE = re.compile(
    rf"(?<![A-Za-z0-9-])(?P<value>{_VALUE})号?(?:的)?(?:注销|销户|拆机|退网)?(?:工单|订单|受理单|投诉单|注销单|销户单|来函|案|(?<=号)单)"
)
#: A number of letters and digits without a word before it: letters first, or groups with hyphens.
_BARE = re.compile(
    r"(?<![A-Za-z0-9@/_*#-])(?P<value>(?=[A-Z0-9#/-]{0,24}[A-Z])(?:[A-Z]{2,}|[A-Z](?=[0-9]{6})|[0-9]{2,}(?=-[A-Z]))"
    r"[A-Z0-9]*(?:[-/#][A-Z0-9]+)*)"
    r"(?![A-Za-z0-9@*]|[.][A-Za-z0-9])"
)
#: Before a number that is no request's: an employee, an account, a device, an error, a place in a queue, a secret.
_NO_REFERENCE = re.compile(
    r"(?:工号|代表|坐席|账号|账户|帐号|宽带|错误码|代码|原因|串号|序列号|SN|ICCID|IMEI|型号|预约号|排队号|"
    r"叫号|密码|口令|[验确校授认]\S{1,2}码|回复|发送|编辑|PIN|agent|输入)"
    r"[^,。;]{0,4}$",
    re.IGNORECASE,
)
_DAY_LIKE = re.compile(
    r"(?:20)?2[0-9][-/](?:0?[1-9]|1[0-2])[-/][0-3]?[0-9]|20[0-9]{2}-[0-9]{2}|[01]?[0-9][-/][0-3]?[0-9]"
)
#: The carriers' lines, and those of the authorities.
_HOTLINE = re.compile(
    r"1008[0-9]{1,3}|100[0-9]{2}|10099[0-9]{0,2}|12[0-9]{3}|95[0-9]{3,4}|96[0-9]{3,4}|1[01]0|"
    r"400[0-9]{7}|400-[0-9-]{8,}|0[0-9]{2,3}-[0-9]{7,8}"
)
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_SUM = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.[0-9]{1,4})?"
_AMOUNT = re.compile(
    rf"(?:[¥$]|人民币|RMB|CNY) ?(?P<signed>-?{_SUM})(?![0-9])元?(?![/每])|"
    rf"(?<![0-9.,A-Za-z*-])(?P<bare>-?{_SUM})(?:元|块钱?|蚊|圆| ?yuan)(?![/每])|"
    # Without a unit only with two decimals, and right behind a word for money.
    r"(?:欠费?|余额?|违约金|话费|退费?款?|押金|应缴|尾款|结余|余款|剩)(?:还有|共|为|是|有)?[:]?"
    r"(?P<plain>[0-9]{1,6}\.[0-9]{1,2})(?![0-9.])"
)
_ARREARS = "outstanding|penalty|欠|补缴|应缴|未缴|待缴|违约金|滞纳金|结清|应付|应补|需缴|须缴|缴纳|缴清|赔付|透支|未付"
_BALANCE = "refund|paid back|余|剩余|预存|退款|退还|退费|可退|余款|退回|结转|转至|转入"
_TOTAL = "合计|支出|共计|总计|账单|消费|费用|话费"
_BILL_FIRST = (_ARREARS, _TOTAL, _BALANCE)
#: Whose sum matters, by what the message says: what to pay when refused, what comes back when done.
_LABELS: dict[Meaning, tuple[str, ...]] = {
    Meaning.REFUSED: (_ARREARS, _BALANCE),
    Meaning.MORE_PAPERS: (_ARREARS, _BALANCE),
    Meaning.UNRELATED: _BILL_FIRST,
}
#: Before a sum that is a limit and not anybody's money: '余额不足10元'.
_LIMITS = ("不足", "低于", "少于", "满", "超过", "高于", "大于", "小于")
_TOP_LEVEL = (
    "com|cn|net|org|xyz|top|cc|me|io|info|vip|shop|site|online|link|club|app|co|tv|biz|hk|tw|example|test|wang|ltd|ren|"
    "fun|icu|live|store|win|pro|asia|mobi|wo|ly|gl|to|us|tk|ru"
)
_URL = re.compile(
    rf"(?<![A-Za-z0-9@.-])(?:https?://)?(?P<host>(?:[A-Za-z0-9-]{{1,63}}\.){{1,8}}(?:{_TOP_LEVEL}))(?![A-Za-z])"
    r"(?::[0-9]{1,5})?(?:[/?][!-~]*)?"
)


def find_references(plain: str) -> list[tuple[str, Span]]:
    """The reference numbers with their places: what a label introduces, or else what has the shape of one."""
    references: list[tuple[str, Span]] = []
    for pattern in (_REFERENCE, _ENGLISH_REFERENCE):
        for match in pattern.finditer(plain):
            if _is_reference(plain, match):
                references.append((match["value"], match.span("value")))
    if not references:
        references = [
            (match["value"], match.span("value"))
            for pattern in (_BEFORE, _BARE)
            for match in pattern.finditer(plain)
            if _is_reference(plain, match)
        ]
    return sorted(references, key=lambda reference: reference[1])


def _is_reference(plain: str, match: re.Match[str]) -> bool:
    value, groups = match["value"], match.groupdict()
    digits = sum(char.isdigit() for char in value)
    has_letters = any(char.isalpha() for char in value)
    says_number = bool(groups.get("no") or groups.get("bare"))
    if re.fullmatch(r"1[0-9]{0,6}[xX*]{2,9}[0-9]{2,8}", value):
        return False
    if digits < 3 or _HOTLINE.fullmatch(value) or _DAY_LIKE.fullmatch(value):
        return False
    if _NO_REFERENCE.search(plain[max(0, match.start() - 12) : match.start("value")]):
        return False
    if _MOBILE.fullmatch(value.replace("-", "").replace(" ", "")):
        return (groups.get("label") or "").endswith(("单号", "流水号", "编号"))
    return says_number or digits >= 8 or (has_letters and digits >= 3)


def find_amount(plain: str, meaning: Meaning) -> Decimal | None:
    """The sum that matters for this meaning, with two decimals; None where there is none. An offer's is nobody's."""
    if meaning is Meaning.MARKETING:
        return None
    amounts = []
    for match in _AMOUNT.finditer(plain):
        digits = (match["signed"] or match["bare"] or match["plain"]).replace(",", "").lstrip("-")
        clause = re.split(r"[,。;!?]", plain[max(0, match.start() - 24) : match.start()])[-1]
        amounts.append((Decimal(digits).quantize(Decimal("0.01")), clause + (match.group() if match["plain"] else "")))
    for label in _LABELS.get(meaning, (_BALANCE, _ARREARS)):
        for amount, clause in amounts:
            if re.search(label, clause) and not clause.endswith(_LIMITS):
                return amount
    return amounts[0][0] if amounts else None


def find_links(plain: str) -> list[tuple[str, Span]]:
    """The hosts that a text links to, with the places of the whole addresses."""
    return [(match["host"].lower(), match.span()) for match in _URL.finditer(plain)]
