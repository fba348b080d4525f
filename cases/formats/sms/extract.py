"""Reference numbers, sums of money and addresses in a plain text."""

import re
from decimal import Decimal

from cases.domain.message_meaning import Meaning

Span = tuple[int, int]

_REFERENCE = re.compile(
    r"(?P<label>(?:工单|受理|订单|业务|流水|服务|投诉|申诉|申请|办理|交易|登记|预约|催单|销户|拆机|注销|单据|单子|回执|查询|凭证|事件|任务|"
    r"客服|报单|序列|工|单)(?:单|流水|编|受理|序列|订单|工单)*(?:编?号|单号|流水号)?|单号|编号)"
    r"(?:为|是)?[:]?[(\[【“\"《<#]?(?:N[oO][.:])?"
    r"(?P<value>[A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9])){3,39})(?![A-Za-z0-9年月元%*]| [0-9])"
)
#: 'YX99001号工单'.
_BEFORE = re.compile(r"(?<![A-Za-z0-9-])(?P<value>[A-Za-z]{0,6}[0-9][A-Za-z0-9-]{4,30})号(?:工单|订单|受理单|投诉单)")
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_AMOUNT = re.compile(
    r"(?:[¥$]|人民币|RMB|CNY)(?P<signed>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.[0-9]{1,4})?)(?![0-9])元?|"
    r"(?<![0-9.,A-Za-z*-])(?P<bare>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.[0-9]{1,4})?)元"
)
_ARREARS = "欠费|欠款|欠缴|补缴|应缴|未缴|待缴|违约金|滞纳金|结清|应付|应补|需缴|须缴|缴纳|缴清|赔付|透支|未付"
_BALANCE = "余额|结余|剩余|预存|退款|退还|退费|可退|余款|退回|结转|转至|转入"
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
_URL = re.compile(
    r"(?<![A-Za-z0-9@.-])(?:https?://)?(?P<host>(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})(?::[0-9]{1,5})?(?:[/?][!-~]*)?"
)


def find_references(plain: str) -> list[tuple[str, Span]]:
    """The reference numbers with their places: what a label introduces and has at least three digits."""
    references = []
    for match in _REFERENCE.finditer(plain):
        value, label = match["value"], match["label"]
        is_number = _MOBILE.fullmatch(value) and not label.endswith(("单号", "流水号", "编号"))
        if sum(char.isdigit() for char in value) >= 3 and not is_number and len(value) >= 4:
            references.append((value, match.span("value")))
    return references or [
        (match["value"], match.span("value"))
        for match in _BEFORE.finditer(plain)
        if not _MOBILE.fullmatch(match["value"])
    ]


def find_amount(plain: str, meaning: Meaning) -> Decimal | None:
    """The sum that matters for this meaning, with two decimals; None where there is none. An offer's is nobody's."""
    if meaning is Meaning.MARKETING:
        return None
    amounts = []
    for match in _AMOUNT.finditer(plain):
        digits = (match["signed"] or match["bare"]).replace(",", "").lstrip("-")
        clause = re.split(r"[,。;!?]", plain[max(0, match.start() - 24) : match.start()])[-1]
        amounts.append((Decimal(digits).quantize(Decimal("0.01")), clause))
    for label in _LABELS.get(meaning, (_BALANCE, _ARREARS)):
        for amount, clause in amounts:
            if re.search(label, clause) and not clause.endswith(_LIMITS):
                return amount
    return amounts[0][0] if amounts else None


def find_links(plain: str) -> list[tuple[str, Span]]:
    """The hosts that a text links to, with the places of the whole addresses."""
    return [(match["host"].lower(), match.span()) for match in _URL.finditer(plain)]
