"""Letters as text and as PDF: the complaint to the carrier (投诉函) and the appeal (申诉书), written from the record.

Sources: Measures on the Handling of Telecom Users' Appeals, articles 10 and 12 (facts.md, 'Rules').
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from cases.documents.letter_context import APPEALING, COMPLAINING, Story, Voice, day, deadline
from cases.documents.letter_facts import facts
from cases.documents.pdf import pdf
from cases.domain.business_days import YearNotCovered, local
from cases.domain.escalation import AppealObstacle, AppealSubject, complaint_last_day
from cases.domain.phones import format_number
from cases.domain.status import Status
from cases.models import Case
from cases.models.choices import EscalationKind
from cases.operations.escalation import appeal_outlook_of

TITLES = {EscalationKind.COMPLAINT: "投诉函", EscalationKind.APPEAL: "申诉书"}
_WRITERS = {EscalationKind.COMPLAINT: ("投诉人", "被投诉人"), EscalationKind.APPEAL: ("申诉人", "被申诉人")}
_HEADING = re.compile(r"^[一二三四五六七八九十]{1,3}、")
#: What stands where a draft still lacks something.
_BLANK = "＿＿＿＿＿＿"


def text(kind: EscalationKind, story: Story) -> str:
    """The text of a letter as the record tells it at the story's moment; a person edits it before it is final.

    The number itself is not in it, for a form shows it; the PDF names it above the text.
    """
    return _appeal(story) if kind == EscalationKind.APPEAL else _complaint(story)


def name(kind: EscalationKind, signed_on: str) -> str:
    """The name of the file: '投诉函 2026-10-16.pdf'."""
    return f"{TITLES[kind]} {signed_on}".strip() + ".pdf"


def letter_pdf(case: Case, kind: EscalationKind, fields: Mapping[str, str], body: str, recipient: str) -> bytes:
    """The letter as PDF; what a draft lacks is left to be filled in by hand."""
    writer, carrier = _WRITERS[kind]
    given = {key: fields.get(key, "").strip() or _BLANK for key in fields}
    signed_on = fields.get("signed_on", "")
    return pdf(
        "letter.typ",
        {
            "title": TITLES[kind],
            "recipient": recipient or _BLANK,
            "salutation": f"{recipient or _BLANK}：",
            "parties": [
                {
                    "title": writer,
                    "rows": [
                        ["姓名或名称", given.get("name", _BLANK)],
                        ["通讯地址", given.get("address", _BLANK)],
                        ["邮政编码", given.get("postcode", _BLANK)],
                        ["联系电话", given.get("phone", _BLANK)],
                    ],
                },
                {
                    "title": carrier,
                    "rows": [
                        ["名称", given.get("carrier_name", _BLANK)],
                        ["地址", given.get("carrier_address", _BLANK)],
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
            "signer": f"{writer}（签名或盖章）：",
            "name": fields.get("name", "").strip(),
            "date": day(date.fromisoformat(signed_on)) if signed_on else _BLANK,
            "reference": case.reference,
        },
    )


def _numbered(sentences: Sequence[str]) -> list[str]:
    return [f"{number}. {sentence}" for number, sentence in enumerate(sentences, 1)]


def _money_back(story: Story, voice: Voice) -> list[str]:
    """The request for money, where the record has a reason for one."""
    charges = story.unrefunded
    if charges:
        total = sum(charge.amount for charge in charges)
        return [f"退还上述未退费用合计 {total:.2f} 元，并停止对该号码继续计费；"]
    if story.is_late and story.case.first_reply_by:
        return [f"停止对该号码计费，并退还{deadline(story.case.first_reply_by)}之后收取的费用；"]
    return []


def _complaint(story: Story) -> str:
    case, voice = story.case, COMPLAINING
    by = _answer_day(story)
    until = f"最迟于{day(by)}前" if by else ""
    done = (
        f"受理并{until}办结该号码的销户；如认为仍不具备条件，请一次性书面告知所需的全部材料及依据；"
        if case.state is Status.RETURNED
        else f"立即为上列号码办理销户{f'，{until}办结' if until else ''}；"
    )
    requests = [
        done,
        "办结后以书面或短信形式确认，写明销户生效日期；",
        *_money_back(story, voice),
        "就未按期办理的原因作出书面说明，并提供本投诉的受理编号。",
    ]
    return "\n".join(
        [
            f"就上列号码的销户申请迟迟未能办结一事，{voice.us}现正式提出投诉。",
            "一、事实经过",
            *_numbered(facts(story, voice)),
            "二、投诉请求",
            *_numbered(requests),
            "三、说明",
            f"请自收到本函之日起 15 日内答复。逾期未答复，或者答复不能解决问题的，{voice.us}将依据"
            "《电信用户申诉处理办法》第十条，向所在省的电信用户申诉受理机构提出申诉。",
        ]
    )


def _answer_day(story: Story) -> date | None:
    """The end of the 15 days of a complaint that is lodged now."""
    try:
        return complaint_last_day(story.now, story.calendar)
    except YearNotCovered:
        return None


def _appeal(story: Story) -> str:
    voice = APPEALING
    requests = [
        f"督促{voice.them}立即为上列号码办理销户，并以书面或短信形式确认销户生效日期；",
        *_money_back(story, voice),
        f"要求{voice.them}就未按期办理及处理投诉的情况作出书面说明。",
    ]
    papers = [receipt.name for receipt in story.receipts]
    return "\n".join(
        [
            "一、申诉请求",
            *_numbered(requests),
            "二、事实经过",
            *_numbered(facts(story, voice)),
            "三、申诉理由",
            *_numbered(_reasons(story, voice)),
            *(["四、所附材料", *_numbered(papers)] if papers else []),
        ]
    )


def _reasons(story: Story, voice: Voice) -> list[str]:
    """Article 10's conditions, those that the record shows; and article 11's time limit where it is kept."""
    case = story.case
    its = appeal_outlook_of(case, story.escalations, [], AppealSubject.OTHER, story.now, story.calendar)
    reasons = [f"{voice.us}是上列号码的用户，与申诉事项有直接利害关系；{voice.them}明确，请求具体，并有事实根据。"]
    if its.possible_from and AppealObstacle.FIFTEEN_DAYS not in its.obstacles:
        reasons.append(
            f"{voice.us}已先行向{voice.them}投诉，{voice.them}逾 15 日未答复或者其答复未能解决问题，"
            f"符合《电信用户申诉处理办法》第十条的规定。"
        )
    if its.expires_on and AppealObstacle.EXPIRED not in its.obstacles:
        reasons.append(f"申诉事项发生至今未超过该办法第十一条规定的期限（至{day(its.expires_on)}）。")
    if story.is_late and case.submitted_at:
        started = day(local(case.submitted_at).date())
        reasons.append(f"销户申请于{started}提出，{voice.them}逾期未予办结，{voice.us}因此请求依法处理。")
    return reasons
