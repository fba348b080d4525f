"""A letter about the money of many cancelled numbers of one carrier: its text, and its table of what is owed for each.

Always Chinese, as every letter. Sources: Measures on the Handling of Telecom Users' Appeals, articles 9 to 12.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from cases.documents.letter_context import LetterContext, Voice, chinese_day
from cases.documents.letter_money import after_cancellation, overdue_refund
from cases.documents.shared_letter_parts import (
    AnnexColumn,
    annex_of,
    complaints,
    follow_up_moments,
    follow_ups,
    holders,
    numbered,
    of_all,
    request_list,
)
from cases.domain.bill_comparison import month_bounds
from cases.domain.business_days import local
from cases.domain.escalation import AppealSubject, appeal_expires_on
from cases.domain.json_values import JsonObject
from cases.models.choices import EscalationKind

_MEASURES = "《电信用户申诉处理办法》"


def money_letter_text(kind: EscalationKind, contexts: Sequence[LetterContext]) -> str:
    """The text of a letter about what is owed for all of these cancelled numbers."""
    return _appeal_text(contexts) if kind == EscalationKind.APPEAL else _complaint_text(contexts)


def money_annex(kind: EscalationKind, contexts: Sequence[LetterContext], writer: str) -> JsonObject:
    """One row a number: the refund with its days, and what was charged after the cancellation."""
    columns = [
        AnnexColumn("序号", 3, [str(place) for place in range(1, len(contexts) + 1)]),
        AnnexColumn("号码", 8, [context.case.card.number for context in contexts]),
        AnnexColumn("机主", 8, holders(contexts, writer)),
        AnnexColumn("核实销户日期", 8, [_cancelled_day(context) for context in contexts]),
        AnnexColumn("受理单号", 9, [context.case.carrier_reference for context in contexts]),
        AnnexColumn("未退余额（元）", 6, [_refund_amount(context) for context in contexts]),
        AnnexColumn("应退日期", 10, [_refund_days(context) for context in contexts]),
        AnnexColumn("销户后收费（元）", 6, [_charged_amount(context) for context in contexts]),
        AnnexColumn("收费日期或账单月份", 9, [_charged_when(context) for context in contexts]),
        AnnexColumn("催办", 8, [follow_ups(context) for context in contexts]),
        AnnexColumn("投诉", 9, [complaints(context) for context in contexts] if kind == EscalationKind.APPEAL else []),
        AnnexColumn("案件编号", 9, [context.case.reference for context in contexts]),
    ]
    return annex_of(columns, len(contexts))


def _cancelled_day(context: LetterContext) -> str:
    return chinese_day(local(context.case.confirmed_at).date()) if context.case.confirmed_at else ""


def _refund_amount(context: LetterContext) -> str:
    refund = overdue_refund(context)
    if refund is None:
        return ""
    return "金额待核算" if refund.outstanding is None else f"{refund.outstanding:.2f}"


def _refund_days(context: LetterContext) -> str:
    refund = overdue_refund(context)
    if refund is None:
        return ""
    day = chinese_day(refund.due_on)
    return f"最初{chinese_day(refund.put_off_from)}，后推迟至{day}" if refund.put_off_from else day


def _charged_amount(context: LetterContext) -> str:
    total = after_cancellation(context)
    return f"{total:.2f}" if total else ""


def _charged_when(context: LetterContext) -> str:
    days = [chinese_day(charge.day) for charge in context.unrefunded]
    bills = [f"{month.year}年{month.month}月账单" for month, _ in context.disputed]
    return "、".join([*days, *bills])


def _facts(contexts: Sequence[LetterContext], voice: Voice) -> list[str]:
    """What holds of all of them, in sums; what is each one's own stands in the table."""
    count = len(contexts)
    today = chinese_day(local(contexts[0].now).date())
    facts = [
        f"{voice.us}向{voice.them}提出附表所列{count}个号码的销户申请，经核实均已销户，各号码的核实销户日期、受理单号等见附表。"
    ]
    owed = [(context, refund) for context in contexts if (refund := overdue_refund(context))]
    if owed:
        known = sum((refund.outstanding for _, refund in owed if refund.outstanding is not None), Decimal())
        total = f"，其中金额已知的合计{known:.2f}元" if known else ""
        which = of_all([context for context, _ in owed], count)
        facts.append(f"截至{today}，{which}的余额已超过应退日期仍未退还{total}，各号码的金额和日期见附表。")
    if put_off := [context for context, refund in owed if refund.put_off_from]:
        facts.append(f"{voice.them}推迟过{of_all(put_off, count)}的退还日期，推迟后仍未退还。")
    if charged := [context for context in contexts if after_cancellation(context)]:
        total = f"{sum(map(after_cancellation, charged), Decimal()):.2f}"
        facts.append(f"{of_all(charged, count)}销户后仍被收费，至今未退还的合计{total}元，各号码的金额见附表。")
    calls = sum(len(follow_up_moments(context)) for context in contexts)
    if calls:
        facts.append(f"{voice.us}就上述号码向{voice.them}催办或询问，附表共记录{calls}次。")
    return facts


def _subject(contexts: Sequence[LetterContext]) -> str:
    return "或".join(_for_what_is_owed(contexts, "余额未退还", "仍被收费")) or "的费用结算"


def _requests(contexts: Sequence[LetterContext]) -> list[str]:
    refunds = [refund for context in contexts if (refund := overdue_refund(context))]
    is_unknown = any(refund.outstanding is None for refund in refunds)
    requests = [f"立即退还附表所列未退余额{'，金额待核算的核算后退还' if is_unknown else ''}"] if refunds else []
    if any(map(after_cancellation, contexts)):
        requests.append("退还附表所列销户后收取的费用，并停止对上述号码计费")
    return requests


def _matters(contexts: Sequence[LetterContext]) -> str:
    """What the carrier is asked to explain in writing."""
    return "、".join(_for_what_is_owed(contexts, "余额未退还的原因", "收费依据")) or "结算情况"


def _for_what_is_owed(contexts: Sequence[LetterContext], refund: str, charge: str) -> Iterator[str]:
    """The words for refunds, and those for charges, where one of the numbers has such."""
    if any(map(overdue_refund, contexts)):
        yield refund
    if any(map(after_cancellation, contexts)):
        yield charge


def _complaint_text(contexts: Sequence[LetterContext]) -> str:
    voice = contexts[0].voice(EscalationKind.COMPLAINT)
    explanation = f"书面说明{_matters(contexts)}，并逐个号码提供本投诉的投诉单号"
    return "\n".join(
        [
            f"就附表所列{len(contexts)}个号码销户后{_subject(contexts)}一事，{voice.us}现正式提出投诉。",
            "一、事实经过",
            *numbered(_facts(contexts, voice)),
            "二、投诉请求",
            *request_list([*_requests(contexts), explanation]),
            "三、说明",
            f"请自收到本函之日起15日内答复。{voice.them}逾期未答复，或者{voice.us}对处理结果不满意的，"
            f"{voice.us}将依据{_MEASURES}第九条、第十条，向{voice.them}所在省的电信用户申诉受理机构提出申诉。",
        ]
    )


def _appeal_text(contexts: Sequence[LetterContext]) -> str:
    voice = contexts[0].voice(EscalationKind.APPEAL)
    explanation = f"书面说明{_matters(contexts)}及投诉的处理情况"
    return "\n".join(
        [
            "一、申诉请求",
            *request_list([f"要求{voice.them}{request}" for request in [*_requests(contexts), explanation]]),
            "二、事实经过",
            *numbered(
                [
                    *_facts(contexts, voice),
                    f"{voice.us}已就上述号码先行向{voice.them}提出投诉，各号码的投诉日期和投诉单号见附表。",
                ]
            ),
            "三、申诉理由",
            *numbered(
                [
                    f"{voice.us}是附表所列号码的用户，与申诉事项有直接利害关系；"
                    f"{voice.them}明确，请求具体，并有事实根据。",
                    f"{voice.us}已先行向{voice.them}投诉，{voice.them}逾15日未答复，或者{voice.us}对处理结果不满意，"
                    f"符合{_MEASURES}第十条的规定。",
                    *_in_time(contexts),
                ]
            ),
        ]
    )


def _in_time(contexts: Sequence[LetterContext]) -> list[str]:
    """That nothing is too old by article 11, where nothing is."""
    days = [day for context in contexts for day in _days_of(context)]
    expires_on = appeal_expires_on(min(days), AppealSubject.CHARGES) if days else None
    if expires_on is None or local(contexts[0].now).date() > expires_on:
        return []
    return [
        f"各号码的申诉事项发生至今均未超过该办法第十一条规定的收费争议的五个月期限（最早的至{chinese_day(expires_on)}）。"
    ]


def _days_of(context: LetterContext) -> list[date]:
    """The days on which what is in dispute arose (`operations.money_in_dispute`)."""
    refund = overdue_refund(context)
    return [
        *([refund.first_due_on] if refund else []),
        *(charge.day for charge in context.unrefunded),
        *(month_bounds(month.year, month.month)[1] for month, _ in context.disputed),
    ]
