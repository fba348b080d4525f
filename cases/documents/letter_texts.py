"""Letters as text and as PDF: the complaint to the carrier (投诉函) and the appeal (申诉书), written from the record.

Sources: Measures on the Handling of Telecom Users' Appeals, articles 9 to 12 (facts.md, 'Rules').
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases.documents.letter_context import LetterContext, Voice, chinese_day, chinese_deadline
from cases.documents.letter_facts import letter_facts
from cases.documents.letter_money import money_matters, money_requests, money_subject, overdue_refund
from cases.documents.pdf import render_pdf
from cases.domain.business_days import YearNotCovered, local
from cases.domain.escalation import (
    AppealObstacle,
    AppealSubject,
    appeal_expires_on,
    complaint_last_day,
    unsettled_complaints,
)
from cases.domain.json_values import JsonObject
from cases.domain.letter_grounds import LetterMatter, TimeLimitSource
from cases.models import Case, Charge
from cases.models.choices import EscalationKind, ReceiptKind
from cases.operations.escalation import appeal_outlook_of, complaints_of
from cases.operations.money_in_dispute import days_in_dispute

TITLES = {EscalationKind.COMPLAINT: "投诉函", EscalationKind.APPEAL: "申诉书"}
_PARTIES = {EscalationKind.COMPLAINT: ("投诉人", "被投诉人"), EscalationKind.APPEAL: ("申诉人", "被申诉人")}
_HEADING = re.compile(r"^[一二三四五六七八九十]{1,3}、")
#: '1．' or '2、', and '3.' as people type it; 1.50 is no item.
_ITEM = re.compile(r"^(\d{1,3}(?:[．、]|\.(?!\d)))\s*(.+)")
_MEASURES = "《电信用户申诉处理办法》"
_ATTACHMENTS = {
    ReceiptKind.FORM: "业务申请表",
    ReceiptKind.SMS: "短信",
    ReceiptKind.SCREENSHOT: "截图或照片",
    ReceiptKind.RECORDING: "通话录音",
    ReceiptKind.LETTER: "函件",
    ReceiptKind.CLOSURE: "销户确认书",
    ReceiptKind.SETTLEMENT: "结清证明",
    ReceiptKind.FINAL_BILL: "末期账单",
    ReceiptKind.OTHER: "其他材料",
}
#: What stands where a draft still lacks something.
_BLANK = "＿＿＿＿＿＿"


def letter_text(kind: EscalationKind, context: LetterContext) -> str:
    """The text of a letter as the record tells it at the story's moment; a person edits it before it is final.

    The number itself is not in it, for a form shows it; the PDF names it above the text.
    """
    return _appeal_text(context) if kind == EscalationKind.APPEAL else _complaint_text(context)


def letter_file_name(kind: EscalationKind, signed_on: str, *, about: str = "") -> str:
    """The name of the file: '投诉函 2026-10-16.pdf'; `about` tells it from another letter of the day."""
    return f"{TITLES[kind]}{f'（{about}）' if about else ''} {signed_on}".strip() + ".pdf"


def letter_pdf(case: Case, kind: EscalationKind, fields: Mapping[str, str], body: str, recipient: str) -> bytes:
    """The letter as PDF; what a draft lacks is left to be filled in by hand."""
    reference = case.carrier_reference
    numbers = [["号码", case.card.number], *([["受理单号", reference]] if reference else [])]
    return render_letter_pdf(
        LetterPaper(kind, fields, body, recipient, numbers, footer=f"案件编号：{case.reference}"),
    )


@dataclass(frozen=True)
class LetterPaper:
    """A letter as it is set: the rows that name its numbers, and the table behind it where it has many."""

    kind: EscalationKind
    fields: Mapping[str, str]
    body: str
    recipient: str
    numbers: Sequence[Sequence[str]]
    footer: str
    annex: JsonObject | None = None


def render_letter_pdf(paper: LetterPaper) -> bytes:
    """The PDF of a letter about one case or many."""
    kind, fields, recipient = paper.kind, paper.fields, paper.recipient
    sender_title, recipient_title = _PARTIES[kind]
    values = {key: fields.get(key, "").strip() or _BLANK for key in fields}
    signed_on = fields.get("signed_on", "")
    return render_pdf(
        "letter.typ",
        {
            "title": TITLES[kind],
            # A letter to a company is addressed above, a petition to an office below; neither twice.
            "salutation": "" if kind == EscalationKind.APPEAL else f"{recipient or _BLANK}：",
            "closing": "此致" if kind == EscalationKind.APPEAL else "特此投诉。",
            "addressee": (recipient or _BLANK) if kind == EscalationKind.APPEAL else "",
            "parties": [
                {
                    "title": sender_title,
                    "rows": [
                        ["姓名或名称", values.get("name", _BLANK)],
                        *_given(fields, "credit_code", "信用代码"),
                        ["通讯地址", values.get("address", _BLANK)],
                        ["邮政编码", values.get("postcode", _BLANK)],
                        *_given(fields, "contact", "联系人"),
                        ["联系电话", values.get("phone", _BLANK)],
                    ],
                },
                {
                    "title": recipient_title,
                    "rows": [
                        ["名称", values.get("carrier_name", _BLANK)],
                        ["地址", values.get("carrier_address", _BLANK)],
                    ],
                },
                {"title": "涉及号码", "rows": [list(row) for row in paper.numbers]},
            ],
            "body": [_line(line.strip()) for line in paper.body.splitlines() if line.strip()],
            "signer": f"{sender_title}（签名或盖章）：",
            "name": fields.get("name", "").strip(),
            "date": chinese_day(date.fromisoformat(signed_on)) if signed_on else _BLANK,
            "reference": paper.footer,
            "annex": paper.annex,
        },
    )


def _given(fields: Mapping[str, str], name: str, label: str) -> list[list[str]]:
    """A row that a letter has only where something is filled in."""
    value = fields.get(name, "").strip()
    return [[label, value]] if value else []


def _line(text: str) -> JsonObject:
    """A line as the template sets it: a heading, an item behind its number, or a paragraph."""
    item = _ITEM.match(text)
    return {
        "heading": bool(_HEADING.match(text)),
        "number": item[1] if item else "",
        "text": item[2] if item else text,
    }


def _numbered(sentences: Sequence[str]) -> list[str]:
    return [f"{number}．{sentence}" for number, sentence in enumerate(sentences, 1)]


def _requests(*sentences: str) -> list[str]:
    """The requests as one list: each but the last ends with a semicolon."""
    return _numbered([*(f"{sentence}；" for sentence in sentences[:-1]), f"{sentences[-1]}。"])


def _money_requests(context: LetterContext, one: str, several: str) -> list[str]:
    """The requests for money, where the record has a reason for them; `one` and `several`: what the charges are called
    in this letter."""
    requests = []
    if charges := context.unrefunded:
        what = one if len(context.charges) == 1 else several
        requests.append(f"退还{what}{_sum(charges)}元，并停止对该号码计费")
    elif limit := context.passed_limit:
        requests.append(f"停止对该号码计费，并退还{chinese_deadline(limit.ended_at)}之后收取的费用")
    if prepayments := context.prepayments:
        requests.append(f"取消预存话费{_sum(prepayments)}元的要求，已经预存的一并退还")
    return requests


def _sum(charges: Sequence[Charge]) -> str:
    return f"{sum(charge.amount for charge in charges):.2f}"


def _matters_to_explain(context: LetterContext, *more: str) -> str:
    """What the carrier is asked to explain in writing: '未办结的原因、收费依据及投诉的处理情况'."""
    matters = {
        LetterMatter.LATE: ["未办结的原因"],
        LetterMatter.STILL_IN_USE: ["仍未销户的原因"],
        LetterMatter.CHARGED: ["办理进度"],
        LetterMatter.CANCELLED: money_matters(context),
        LetterMatter.OTHER: ["办理进度"],
    }.get(context.matter, [])
    is_charged = context.is_charged and not context.is_cancelled
    matters = [*matters, *(["收费依据"] if is_charged else []), *more]
    return "及".join(filter(None, ["、".join(matters[:-1]), *matters[-1:]]))


def _complaint_text(context: LetterContext) -> str:
    voice = context.voice(EscalationKind.COMPLAINT)
    matters = _matters_to_explain(context)
    return "\n".join(
        [
            f"就{_complaint_subject(context, voice)}一事，{voice.us}现正式提出投诉。",
            "一、事实经过",
            *_numbered(letter_facts(context, voice)),
            "二、投诉请求",
            *_requests(
                *_complaint_requests(context),
                f"{f'书面说明{matters}，并' if matters else ''}提供本投诉的投诉单号",
            ),
            "三、说明",
            f"请自收到本函之日起15日内答复。{voice.them}逾期未答复，或者{voice.us}对处理结果不满意的，"
            f"{voice.us}将依据{_MEASURES}第九条、第十条，向{voice.them}所在省的电信用户申诉受理机构提出申诉。",
        ]
    )


def _complaint_requests(context: LetterContext) -> list[str]:
    if context.is_cancelled:
        return money_requests(context)
    return [
        _cancellation_request(context),
        "办结后以书面或短信形式确认，写明销户生效日期",
        *_money_requests(context, "上述费用", "上述未退费用合计"),
    ]


def _complaint_subject(context: LetterContext, voice: Voice) -> str:
    if context.is_cancelled:
        return money_subject(context)
    request, limit = "上列号码的销户申请", context.passed_limit
    if context.matter is LetterMatter.RETURNED:
        return f"{request}被退回"
    if context.matter is LetterMatter.LATE and limit:
        if limit.source is TimeLimitSource.EFFECTIVE_DAY:
            return f"上列号码超过{voice.them}答复的生效日期仍未销户"
        time = {
            TimeLimitSource.PROMISE: f"{voice.them}承诺的时限",
            TimeLimitSource.PUBLISHED: f"{voice.them}公布的办理时限",
            TimeLimitSource.USUAL: "通常办理时间",
        }[limit.source]
        return f"{request}超过{time}仍未办结"
    if context.matter is LetterMatter.STILL_IN_USE:
        return "上列号码仍未销户"
    return "上列号码的收费及销户申请办理" if context.is_charged else f"{request}办理"


def _cancellation_request(context: LetterContext) -> str:
    answer_day = complaint_answer_day(context)
    by = f"最迟于{chinese_day(answer_day)}" if answer_day else ""
    if context.matter is LetterMatter.RETURNED:
        conditions = "如认为不符合条件，请一次性书面告知还需满足的条件、提交的材料及其依据"
        return f"受理申请并{by}办结上列号码的销户；{conditions}"
    until = f"，{by}办结" if by else ""
    if context.matter is LetterMatter.REPORTED_DONE:
        return f"上列号码已销户的，书面确认销户生效日期；尚未销户的，立即办理{until}"
    return f"立即为上列号码办理销户{until}"


def complaint_answer_day(context: LetterContext) -> date | None:
    """The end of the 15 days of a complaint that is made now."""
    try:
        return complaint_last_day(context.now, context.calendar)
    except YearNotCovered:
        return None


def _appeal_text(context: LetterContext) -> str:
    voice = context.voice(EscalationKind.APPEAL)
    attachments = [f"{_ATTACHMENTS[ReceiptKind(receipt.kind)]}（{receipt.name}）" for receipt in context.receipts]
    return "\n".join(
        [
            "一、申诉请求",
            *_requests(
                *_urged_cancellation(context, voice),
                *(f"要求{voice.them}{request}" for request in _urged_payments(context)),
                f"要求{voice.them}书面说明{_matters_to_explain(context, '投诉的处理情况')}",
            ),
            "二、事实经过",
            *_numbered(letter_facts(context, voice)),
            "三、申诉理由",
            *_numbered(_appeal_reasons(context, voice)),
            *(["四、所附材料", *_numbered(attachments)] if attachments else []),
        ]
    )


def _urged_payments(context: LetterContext) -> list[str]:
    return money_requests(context) if context.is_cancelled else _money_requests(context, "所收费用", "未退费用合计")


def _urged_cancellation(context: LetterContext, voice: Voice) -> list[str]:
    if context.is_cancelled:
        return []
    if context.matter is LetterMatter.RETURNED:
        return [
            f"督促{voice.them}受理申请并办结上列号码的销户，或者一次性书面告知还需满足的条件、提交的材料及其依据",
            f"要求{voice.them}办结后以书面或短信形式确认销户生效日期",
        ]
    if context.matter is LetterMatter.REPORTED_DONE:
        return [f"督促{voice.them}书面确认上列号码是否已销户及销户生效日期，尚未销户的立即办理"]
    return [f"督促{voice.them}立即为上列号码办理销户，并以书面或短信形式确认销户生效日期"]


def _appeal_reasons(context: LetterContext, voice: Voice) -> list[str]:
    """Article 10's conditions, those that the record shows; and article 11's time limit where it is kept."""
    subject = context.case.appeal_subject
    days = days_in_dispute(context.case, context.now) if context.is_cancelled else []
    outlook = appeal_outlook_of(context.case, context.escalations, days, subject, context.now, context.calendar)
    complaint_reason = _complaint_reason(context, voice)
    reasons = [
        f"{voice.us}是上列号码的用户，与申诉事项有直接利害关系；{voice.them}明确，请求具体，并有事实根据。",
        *complaint_reason,
    ]
    if outlook.expires_on and AppealObstacle.EXPIRED not in outlook.obstacles:
        measures, expires_on = "该办法" if complaint_reason else _MEASURES, chinese_day(outlook.expires_on)
        limit = "收费争议的五个月" if context.is_cancelled else "二年"
        charges = "" if context.is_cancelled else _charges_in_time(context)
        reasons.append(f"申诉事项发生至今未超过{measures}第十一条规定的{limit}期限（至{expires_on}）{charges}。")
    return [*reasons, *_request_reason(context, voice)]


def _charges_in_time(context: LetterContext) -> str:
    """That the charges are not too old, where none is."""
    days = [charge.day for charge in (*context.unrefunded, *context.prepayments)]
    if not days:
        return ""
    expires_on = appeal_expires_on(min(days), AppealSubject.CHARGES)
    is_in_time = local(context.now).date() <= expires_on
    return f"，其中收费争议未超过五个月期限（至{chinese_day(expires_on)}）" if is_in_time else ""


def _complaint_reason(context: LetterContext, voice: Voice) -> list[str]:
    """That the carrier was complained to first, and which of the two conditions of article 10 this meets."""
    for complaint in reversed(unsettled_complaints(complaints_of(context.case, context.escalations))):
        if complaint.answered_at:
            result = f"对{voice.them}的处理结果不满意"
        elif local(context.now).date() > complaint_last_day(complaint.lodged_at, context.calendar):
            result = f"{voice.them}逾15日未答复"
        else:
            continue  # it may still be answered
        return [f"{voice.us}已先行向{voice.them}投诉，{result}，符合{_MEASURES}第十条的规定。"]
    return []


def _request_reason(context: LetterContext, voice: Voice) -> list[str]:
    """What is asked for help with."""
    case, refund = context.case, overdue_refund(context)
    if context.is_cancelled:
        day = refund and chinese_day(refund.first_due_on)
        owed = f"最迟应于{day}退还的余额至今未退还" if day else "销户后收取的费用至今未退还"
        return [f"{owed}，{voice.us}请求依法处理。"]
    if context.matter is LetterMatter.RETURNED and case.returned_at:
        returned_on = chinese_day(local(case.returned_at).date())
        return [f"{voice.them}于{returned_on}退回销户申请，{voice.us}请求依法处理。"]
    if context.matter is LetterMatter.LATE and case.submitted_at:
        submitted_on, again = chinese_day(local(case.submitted_at).date()), "再次" if case.submission > 1 else ""
        return [f"销户申请于{submitted_on}{again}提出，{voice.them}至今未办结，{voice.us}请求依法处理。"]
    return []
