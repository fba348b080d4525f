"""What a letter says of money after the cancellation: the refund that did not come, and what was charged all the same.

A day is called the carrier's where it or its terms named it; nothing else sets one (domain.md, 'Refunds').
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from cases.documents.letter_context import LetterContext, Voice, chinese_day, quote
from cases.domain.business_days import local, start_of_day
from cases.domain.refunds import REFUND_DAYS, RefundDueBasis, is_refund_overdue
from cases.models import Refund
from cases.models.timeline import EntryContent


def confirmed(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    """That the number is cancelled; nothing of a confirmation that a reopening took back."""
    return f"{chinese_day(at.date())}，经核实，上列号码已销户。" if at == context.case.confirmed_at else ""


def refund_expected(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    """How much is owed back, by when, and what that day rests on."""
    due_on = date.fromisoformat(body["due_on"])
    day, unnamed = chinese_day(due_on), f"{voice.them}未告知退还日期"
    by = {
        RefundDueBasis.CARRIER_WORD: f"{voice.them}答复最迟于{day}退还",
        RefundDueBasis.CARRIER_TERMS: f"按{voice.them}的业务规则，最迟应于{day}退还",
        RefundDueBasis.WORKING_DAYS: f"{unnamed}；自销户次日起算，{REFUND_DAYS}个工作日至{day}届满"
        if is_refund_overdue(due_on, context.now)
        else unnamed,
    }[RefundDueBasis(body["due_basis"])]
    amount = f"{body['amount']}元" if body.get("amount") else ""
    return f"销户后，{voice.them}应退还账户余额{amount}，{by}。"


def refund_promised(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    """Another day that the carrier named, and whether it kept to it."""
    promised_on = date.fromisoformat(body["promised_on"])
    agent = f"（客服：{body['agent']}）" if body.get("agent") else ""
    words = quote(body.get("words", ""))
    refund = overdue_refund(context)
    is_broken = refund is not None and refund.due_on == promised_on
    return (
        f"{chinese_day(at.date())}，{voice.them}{agent}承诺最迟于{chinese_day(promised_on)}退还余额。"
        f"{f'答复内容：{words}。' if words else ''}{'该承诺至今未兑现。' if is_broken else ''}"
    )


def refund_received(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    """What came back of it."""
    received_on = chinese_day(date.fromisoformat(body["received_on"]))
    return f"{received_on}，{voice.us}收到退还的余额{body['amount']}元。"


def call_purpose(context: LetterContext) -> str:
    """What a call after the cancellation was about."""
    return "催要应退余额" if context.refund else "询问收费事宜"


def overdue_refund(context: LetterContext) -> Refund | None:
    """The refund whose day is over, once the number is cancelled."""
    refund = context.refund if context.is_cancelled else None
    return refund if refund and is_refund_overdue(refund.due_on, context.now) else None


def disputed_bills(context: LetterContext, voice: Voice) -> Iterator[tuple[datetime, str]]:
    """What the bills of later months charge, each at its month."""
    for month, amount in context.disputed:
        yield start_of_day(month), f"{month.year}年{month.month}月账单仍向上列号码收费{amount:.2f}元。"


def refund_lateness(context: LetterContext) -> Iterator[str]:
    """What is still owed and for how many days, once its day is over."""
    refund = overdue_refund(context)
    if refund is None:
        return
    today = local(context.now).date()
    left = f"余额{refund.outstanding:.2f}元" if refund.outstanding is not None else "余额"
    unpaid, days = f"截至{chinese_day(today)}，{left}仍未退还", (today - refund.due_on).days
    if refund.put_off_from:
        first, day = chinese_day(refund.put_off_from), chinese_day(refund.due_on)
        yield f"{unpaid}：最初最迟应于{first}退还，后推迟至{day}，已超过推迟后的日期{days}天（自然日）。"
    else:
        yield f"{unpaid}，已超过上述日期{days}天（自然日）。"


def after_cancellation(context: LetterContext) -> Decimal:
    """What was charged after the cancellation and did not come back, by the case and by the bills."""
    return sum((row.amount for row in context.unrefunded), Decimal()) + sum((a for _, a in context.disputed), Decimal())


def money_subject(context: LetterContext) -> str:
    """What the letter is about, in a few words."""
    parts = {"余额未退还": overdue_refund(context), "仍被收费": after_cancellation(context)}
    return f"上列号码销户后{'且'.join(part for part, applies in parts.items() if applies) or '的费用结算'}"


def money_requests(context: LetterContext) -> list[str]:
    """What the carrier is asked to pay."""
    return [
        *([_refund_request(refund)] if (refund := overdue_refund(context)) else []),
        *([f"退还销户后收取的费用{total:.2f}元，并停止对该号码计费"] if (total := after_cancellation(context)) else []),
    ]


def money_matters(context: LetterContext) -> list[str]:
    """What the carrier is asked to explain."""
    return [
        *(["余额未退还的原因"] if overdue_refund(context) else []),
        *(["收费依据"] if after_cancellation(context) else []),
    ]


def _refund_request(refund: Refund) -> str:
    left = refund.outstanding
    return f"立即退还账户余额{left:.2f}元" if left is not None else "核算并立即退还账户余额"
