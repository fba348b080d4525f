"""Letters as text and as PDF: the complaint to the carrier (投诉函) and the appeal (申诉书), written from the record.

Sources: Measures on the Handling of Telecom Users' Appeals, articles 10 and 12 (facts.md, 'Rules').
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from cases.documents.letter_context import (
    APPEAL_VOICE,
    COMPLAINT_VOICE,
    LetterContext,
    Voice,
    chinese_day,
    chinese_deadline,
)
from cases.documents.letter_facts import letter_facts
from cases.documents.pdf import render_pdf
from cases.domain.business_days import YearNotCovered, local
from cases.domain.escalation import AppealObstacle, AppealSubject, complaint_last_day
from cases.domain.phones import format_number
from cases.domain.status import Status
from cases.models import Case
from cases.models.choices import EscalationKind
from cases.operations.escalation import appeal_outlook_of

TITLES = {EscalationKind.COMPLAINT: "投诉函", EscalationKind.APPEAL: "申诉书"}
_PARTIES = {EscalationKind.COMPLAINT: ("投诉人", "被投诉人"), EscalationKind.APPEAL: ("申诉人", "被申诉人")}
_HEADING = re.compile(r"^[一二三四五六七八九十]{1,3}、")
#: What stands where a draft still lacks something.
_BLANK = "＿＿＿＿＿＿"


def letter_text(kind: EscalationKind, context: LetterContext) -> str:
    """The text of a letter as the record tells it at the story's moment; a person edits it before it is final.

    The number itself is not in it, for a form shows it; the PDF names it above the text.
    """
    return _appeal_text(context) if kind == EscalationKind.APPEAL else _complaint_text(context)


def letter_file_name(kind: EscalationKind, signed_on: str) -> str:
    """The name of the file: '投诉函 2026-10-16.pdf'."""
    return f"{TITLES[kind]} {signed_on}".strip() + ".pdf"


def letter_pdf(case: Case, kind: EscalationKind, fields: Mapping[str, str], body: str, recipient: str) -> bytes:
    """The letter as PDF; what a draft lacks is left to be filled in by hand."""
    sender_title, recipient_title = _PARTIES[kind]
    values = {key: fields.get(key, "").strip() or _BLANK for key in fields}
    signed_on = fields.get("signed_on", "")
    return render_pdf(
        "letter.typ",
        {
            "title": TITLES[kind],
            "recipient": recipient or _BLANK,
            "salutation": f"{recipient or _BLANK}：",
            "parties": [
                {
                    "title": sender_title,
                    "rows": [
                        ["姓名或名称", values.get("name", _BLANK)],
                        ["通讯地址", values.get("address", _BLANK)],
                        ["邮政编码", values.get("postcode", _BLANK)],
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
                {
                    "title": "涉及号码",
                    "rows": [
                        ["号码", format_number(case.card.number)],
                        *([["受理单号", case.carrier_reference]] if case.carrier_reference else []),
                    ],
                },
            ],
            "body": [
                {"heading": bool(_HEADING.match(line)), "text": line.strip()}
                for line in body.splitlines()
                if line.strip()
            ],
            "signer": f"{sender_title}（签名或盖章）：",
            "name": fields.get("name", "").strip(),
            "date": chinese_day(date.fromisoformat(signed_on)) if signed_on else _BLANK,
            "reference": case.reference,
        },
    )


def _numbered(sentences: Sequence[str]) -> list[str]:
    return [f"{number}. {sentence}" for number, sentence in enumerate(sentences, 1)]


def _refund_requests(context: LetterContext, voice: Voice) -> list[str]:
    """The request for money, where the record has a reason for one."""
    charges = context.unrefunded
    if charges:
        total = sum(charge.amount for charge in charges)
        return [f"退还上述未退费用合计 {total:.2f} 元，并停止对该号码继续计费；"]
    if context.is_late and context.case.first_reply_by:
        return [f"停止对该号码计费，并退还{chinese_deadline(context.case.first_reply_by)}之后收取的费用；"]
    return []


def _complaint_text(context: LetterContext) -> str:
    case, voice = context.case, COMPLAINT_VOICE
    answer_day = _complaint_answer_day(context)
    deadline_clause = f"最迟于{chinese_day(answer_day)}前" if answer_day else ""
    cancellation_request = (
        f"受理并{deadline_clause}办结该号码的销户；如认为仍不具备条件，请一次性书面告知所需的全部材料及依据；"
        if case.state is Status.RETURNED
        else f"立即为上列号码办理销户{f'，{deadline_clause}办结' if deadline_clause else ''}；"
    )
    requests = [
        cancellation_request,
        "办结后以书面或短信形式确认，写明销户生效日期；",
        *_refund_requests(context, voice),
        "就未按期办理的原因作出书面说明，并提供本投诉的受理编号。",
    ]
    return "\n".join(
        [
            f"就上列号码的销户申请迟迟未能办结一事，{voice.us}现正式提出投诉。",
            "一、事实经过",
            *_numbered(letter_facts(context, voice)),
            "二、投诉请求",
            *_numbered(requests),
            "三、说明",
            f"请自收到本函之日起 15 日内答复。逾期未答复，或者答复不能解决问题的，{voice.us}将依据"
            "《电信用户申诉处理办法》第十条，向所在省的电信用户申诉受理机构提出申诉。",
        ]
    )


def _complaint_answer_day(context: LetterContext) -> date | None:
    """The end of the 15 days of a complaint that is lodged now."""
    try:
        return complaint_last_day(context.now, context.calendar)
    except YearNotCovered:
        return None


def _appeal_text(context: LetterContext) -> str:
    voice = APPEAL_VOICE
    requests = [
        f"督促{voice.them}立即为上列号码办理销户，并以书面或短信形式确认销户生效日期；",
        *_refund_requests(context, voice),
        f"要求{voice.them}就未按期办理及处理投诉的情况作出书面说明。",
    ]
    attachments = [receipt.name for receipt in context.receipts]
    return "\n".join(
        [
            "一、申诉请求",
            *_numbered(requests),
            "二、事实经过",
            *_numbered(letter_facts(context, voice)),
            "三、申诉理由",
            *_numbered(_appeal_reasons(context, voice)),
            *(["四、所附材料", *_numbered(attachments)] if attachments else []),
        ]
    )


def _appeal_reasons(context: LetterContext, voice: Voice) -> list[str]:
    """Article 10's conditions, those that the record shows; and article 11's time limit where it is kept."""
    case = context.case
    appeal_outlook = appeal_outlook_of(
        case, context.escalations, [], AppealSubject.OTHER, context.now, context.calendar
    )
    reasons = [f"{voice.us}是上列号码的用户，与申诉事项有直接利害关系；{voice.them}明确，请求具体，并有事实根据。"]
    if appeal_outlook.possible_from and AppealObstacle.FIFTEEN_DAYS not in appeal_outlook.obstacles:
        reasons.append(
            f"{voice.us}已先行向{voice.them}投诉，{voice.them}逾 15 日未答复或者其答复未能解决问题，"
            f"符合《电信用户申诉处理办法》第十条的规定。"
        )
    if appeal_outlook.expires_on and AppealObstacle.EXPIRED not in appeal_outlook.obstacles:
        reasons.append(
            f"申诉事项发生至今未超过该办法第十一条规定的期限（至{chinese_day(appeal_outlook.expires_on)}）。"
        )
    if context.is_late and case.submitted_at:
        submitted_day = chinese_day(local(case.submitted_at).date())
        reasons.append(f"销户申请于{submitted_day}提出，{voice.them}逾期未予办结，{voice.us}因此请求依法处理。")
    return reasons
