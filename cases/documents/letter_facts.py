"""What happened in a case, as sentences of a letter: one for each event that matters, in order of time.

Always Chinese, whatever language the pages speak: carriers and appeal bodies read it. Everything comes from the record;
deadlines and lateness are those of `cases.domain`.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from operator import itemgetter

from django.utils import translation

from cases.documents import letter_money
from cases.documents.letter_context import (
    LetterContext,
    Voice,
    chinese_day,
    chinese_deadline,
    chinese_moment,
    is_round_late,
    quote,
)
from cases.documents.letter_lateness import delay_cost_facts, lateness_facts
from cases.domain.business_days import end_of_day, local, start_of_day
from cases.domain.deadlines import Basis, is_overdue
from cases.domain.masking import mask_text
from cases.models import Escalation
from cases.models.choices import (
    ChargeKind,
    EntryKind,
    EscalationKind,
    FollowUpWay,
    Method,
    RequestChannel,
    ReturnReason,
)
from cases.models.timeline import EntryContent

# A letter has its own words: the labels of pages are made for pages.
_CHARGES = {
    ChargeKind.FEE: "收取月租费",
    ChargeKind.ARREARS: "收取欠费",
    ChargeKind.PENALTY: "收取违约金",
    ChargeKind.PREPAYMENT: "要求预存话费",
    ChargeKind.OTHER: "收取其他费用",
}
_RETURN_REASONS: dict[str | None, str] = {
    ReturnReason.ARREARS: "有欠费未结清",
    ReturnReason.CONTRACT: "合约或套餐未到期",
    ReturnReason.PAPERS: "材料不全",
    ReturnReason.SPECIAL: "靓号或主副卡限制",
    ReturnReason.HOME: "须在归属地办理",
}
_METHODS: dict[str | None, str] = {
    Method.HOTLINE: "拨打客服热线查询",
    Method.ACCOUNT: "查看账户状态",
    Method.CALL: "拨打测试",
    Method.COUNT: "“一证通查”查询",
}
#: What the carrier had answered to a request that was taken over from a table, by its status there.
_TAKEN_OVER: dict[str | None, str] = {
    "submitted": "",
    "under_review": "答复称申请正在审核",
    "returned": "退回该申请",
    "reported_done": "称已办结销户",
}


def letter_facts(context: LetterContext, voice: Voice) -> list[str]:
    """The sentences in order of time, silences and charges among them; then how late it is, and what is owed back."""
    with translation.override("zh-hans"):  # the names of festivals
        sentences = [
            (at, sentence)
            for kind, at, body in context.entries
            if (tell := _sentence_of(context, kind, at)) and (sentence := tell(context, voice, at, body))
        ]
        of_money = [*_charges(context, voice), *letter_money.disputed_bills(context, voice)]
        in_order = sorted([*sentences, *_missed_answers(context, voice), *of_money], key=itemgetter(0))
        return [
            *(sentence for _, sentence in in_order),
            *lateness_facts(context, voice),
            *letter_money.refund_lateness(context),
            *_sum_owed(context),
            *delay_cost_facts(context),
        ]


def _reference(body: EntryContent, label: str = "受理单号") -> str:
    return f"，{label}：{body['reference']}" if body.get("reference") else ""


def _agent(body: EntryContent) -> str:
    return f"（客服：{body['agent']}）" if body.get("agent") else ""


def _quotation(body: EntryContent, label: str) -> str:
    """What was said, as a sentence of its own after the one that tells of it."""
    words = quote(body.get("words", ""))
    return f"{label}：{words}。" if words else ""


def _answer(body: EntryContent) -> str:
    return _quotation(body, "答复内容")


def _submitted(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    them = voice.them
    channels: dict[str | None, str] = {
        RequestChannel.HOTLINE: f"致电{them}客服热线，",
        RequestChannel.BRANCH: f"到{them}营业厅",
        RequestChannel.APP: f"通过{them}线上渠道",
        RequestChannel.AGENT: f"经{them}代理商",
        RequestChannel.LETTER: f"以书面形式向{them}",
    }
    channel = channels.get(body.get("channel"), f"向{them}")
    return f"{chinese_moment(at)}，{voice.us}{channel}提出上列号码的销户申请{_reference(body)}。"


def _resubmitted(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    return f"{chinese_moment(at)}，{voice.us}再次提交销户申请{_reference(body)}。"


def _taken_over(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    """What was so when the case was taken over from a table; a moment that is not known is not given."""
    if body.get("status") not in _TAKEN_OVER:
        return ""
    submitted_at, returned_on, reported_on = (body.get(name) for name in ("submitted_at", "returned_on", "closed_on"))
    when = f"{chinese_moment(datetime.fromisoformat(str(submitted_at)))}，" if submitted_at else ""
    sentence = f"{when}{voice.us}向{voice.them}提出上列号码的销户申请{_reference(body)}。"
    day = {"returned": returned_on, "reported_done": reported_on}.get(body["status"])
    reason = _RETURN_REASONS.get(body.get("return_reason"), "") if body["status"] == "returned" else ""
    answer = f"{voice.them}{_TAKEN_OVER[body['status']]}" if _TAKEN_OVER[body["status"]] else ""
    if not answer:
        return sentence
    day_phrase = f"{chinese_day(date.fromisoformat(str(day)))}，" if day else ""
    return f"{sentence}{day_phrase}{answer}{f'，理由：{reason}' if reason else ''}。"


def _acknowledged(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    carrier = f"{voice.them}{_agent(body)}"
    return f"{chinese_day(at.date())}，{carrier}确认已受理该申请{_reference(body)}。{_answer(body)}"


def _under_review(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    carrier = f"{voice.them}{_agent(body)}"
    return f"{chinese_day(at.date())}，{carrier}答复称申请正在审核{_reference(body)}。{_answer(body)}"


def _promised(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    promised_on = date.fromisoformat(body["promised_on"])
    promise = f"{voice.them}{_agent(body)}承诺最迟于{chinese_day(promised_on)}办结"
    sentence = f"{chinese_day(at.date())}，{promise}{_reference(body)}。{_answer(body)}"
    return sentence + _promise_outcome(context, promised_on)


def _promise_outcome(context: LetterContext, promised_on: date) -> str:
    """What became of a promise."""
    rounds = [row for row in context.rounds if row.basis == Basis.PROMISE and row.named_day == promised_on]
    if not rounds:
        return ""
    last_round = rounds[-1]
    if not is_overdue(end_of_day(promised_on), last_round.ended_at or context.now):
        return ""  # one that is far away: its round may be over before its day is
    if not is_round_late(last_round, context.now):
        return ""
    return "该承诺未按期兑现。" if last_round.ended_at else "该承诺至今未兑现。"


def _takes_effect(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    effective_on = chinese_day(date.fromisoformat(body["effective_on"]))
    answer = f"{voice.them}{_agent(body)}答复该号码已预约销户，将于{effective_on}生效"
    return f"{chinese_day(at.date())}，{answer}{_reference(body)}。{_answer(body)}"


def _returned(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    reason = _RETURN_REASONS.get(body.get("reason"), "")
    reason_phrase = f"，理由：{reason}" if reason else ""
    return f"{chinese_day(at.date())}，{voice.them}{_agent(body)}退回该申请{reason_phrase}。{_answer(body)}"


def _reported_done(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    return f"{chinese_day(at.date())}，{voice.them}{_agent(body)}称已办结销户。{_answer(body)}"


def _followed_up(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    ways: dict[str | None, str] = {
        FollowUpWay.CALL: f"致电{voice.them}",
        FollowUpWay.VISIT: f"到{voice.them}营业厅",
        FollowUpWay.APP: f"通过{voice.them}线上渠道",
    }
    way = ways.get(body.get("way"), f"向{voice.them}")
    is_late = any(
        row.started_at <= at and (row.ended_at is None or at <= row.ended_at) and is_overdue(row.reply_by, at)
        for row in context.rounds
    )
    purpose = "催办" if is_late else "询问办理进度"
    if context.is_cancelled:
        purpose = letter_money.call_purpose(context)
    return (
        f"{chinese_day(at.date())}，{voice.us}{way}{purpose}"
        f"{_agent(body)}{_reference(body, '单号')}。{_quotation(body, '沟通情况')}"
    )


def _verified(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    if body.get("finding") != "alive":
        return ""
    method = _METHODS.get(body.get("method"), "")
    return f"{chinese_day(at.date())}，经{method}核实，该号码仍未销户。{_quotation(body, '核实情况')}"


def _reopened(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    return f"{chinese_day(at.date())}，{voice.us}发现该号码仍未销户。{_quotation(body, '具体情况')}"


def _complained(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    is_appeal = voice == context.voice(EscalationKind.APPEAL)
    running = _running(context, EscalationKind.COMPLAINT, at)
    if running and not is_appeal and not is_overdue(running.answer_by, context.now):
        return ""  # this letter is that complaint
    return f"{chinese_day(at.date())}，{voice.us}就此向{voice.them}提出正式投诉{_reference(body, '投诉单号')}。"


def _complaint_answered(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    verdict = "问题已解决" if body.get("satisfied") else "问题未得到解决"
    return f"{chinese_day(at.date())}，{voice.them}答复投诉，{verdict}。{_answer(body)}"


def _appealed(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    if _running(context, EscalationKind.APPEAL, at):
        return ""  # the appeal that runs is this letter, or comes after the complaint that it is
    return f"{chinese_day(at.date())}，{voice.us}已就此提出申诉{_reference(body, '申诉编号')}。"


def _running(context: LetterContext, kind: EscalationKind, at: datetime) -> Escalation | None:
    """The complaint or appeal that was filed on the day of a moment, while it has no answer."""
    filed = [row for row in context.escalations if row.kind == kind and local(row.lodged_at).date() == at.date()]
    return next((row for row in filed if row.answered_at is None), None)


def _carrier_message(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    text = quote(body.get("text", "") or body.get("words", ""))
    return f"{chinese_day(at.date())}，{voice.them}发来短信：{text}。" if text else ""


_Tell = Callable[[LetterContext, Voice, datetime, EntryContent], str]
_SENTENCES: dict[EntryKind, _Tell] = {
    EntryKind.SUBMITTED: _submitted,
    EntryKind.RESUBMITTED: _resubmitted,
    EntryKind.TAKEN_OVER: _taken_over,
    EntryKind.ACKNOWLEDGED: _acknowledged,
    EntryKind.UNDER_REVIEW: _under_review,
    EntryKind.PROMISED: _promised,
    EntryKind.TAKES_EFFECT: _takes_effect,
    EntryKind.RETURNED: _returned,
    EntryKind.REPORTED_DONE: _reported_done,
    EntryKind.FOLLOW_UP: _followed_up,
    EntryKind.VERIFIED: _verified,
    EntryKind.REOPENED: _reopened,
    EntryKind.COMPLAINT: _complained,
    EntryKind.COMPLAINT_ANSWERED: _complaint_answered,
    EntryKind.APPEAL: _appealed,
    EntryKind.MESSAGE: _carrier_message,
}


#: Of a number that is cancelled besides; and of the request for it no more than that it was made.
_MONEY_SENTENCES: dict[EntryKind, _Tell] = {
    EntryKind.CONFIRMED: letter_money.confirmed,
    EntryKind.REFUND_EXPECTED: letter_money.refund_expected,
    EntryKind.REFUND_PROMISED: letter_money.refund_promised,
    EntryKind.REFUND_RECEIVED: letter_money.refund_received,
}
_REQUEST_KINDS = (EntryKind.SUBMITTED, EntryKind.RESUBMITTED, EntryKind.TAKEN_OVER)


def _sentence_of(context: LetterContext, kind: str, at: datetime) -> _Tell | None:
    """How an entry of this kind and moment is told in this letter; None: it is left out."""
    if not context.is_cancelled:
        return _SENTENCES.get(EntryKind(kind))
    is_after = context.case.confirmed_at is not None and at >= context.case.confirmed_at
    tell = _SENTENCES.get(EntryKind(kind)) if is_after or kind in _REQUEST_KINDS else None
    return _MONEY_SENTENCES.get(EntryKind(kind), tell)


def _missed_answers(context: LetterContext, voice: Voice) -> Iterator[tuple[datetime, str]]:
    """Answers that never came, at the moment when they were expected: to the request, and to a complaint."""
    case = context.case
    answered = case.acknowledged_at or case.last_reply_at
    # What the carrier said before a case was taken over from a table is not known.
    is_known = case.submission > 1 or all(kind != EntryKind.TAKEN_OVER for kind, *_ in context.entries)
    if (
        is_known
        and not context.is_cancelled
        and case.acknowledge_by
        and case.acknowledge_by <= context.now
        and (not answered or answered > case.acknowledge_by)
    ):
        due_at = case.acknowledge_by
        submitted = "再次提交" if case.submission > 1 else "提交"
        yield (
            due_at,
            f"截至{chinese_moment(due_at)}（{submitted}后{case.acknowledge_hours}小时），"
            f"{voice.us}未收到{voice.them}的受理确认。",
        )
    for row in context.escalations:
        if row.kind == EscalationKind.COMPLAINT and row.answered_at is None and is_overdue(row.answer_by, context.now):
            yield row.answer_by, f"{chinese_deadline(row.answer_by)}，投诉的15日答复期届满，{voice.them}未作答复。"


def _charges(context: LetterContext, voice: Voice) -> Iterator[tuple[datetime, str]]:
    """What was charged, each at its day."""
    for charge in context.unrefunded if context.is_cancelled else context.charges:
        note = f"（{mask_text(charge.words)}）" if charge.words else ""
        refund = f"，已于{chinese_day(charge.refunded_on)}退还" if charge.refunded_on else ""
        what = f"{_CHARGES[ChargeKind(charge.kind)]}{charge.amount:.2f}元"
        yield start_of_day(charge.day), f"{chinese_day(charge.day)}，{voice.them}{what}{note}{refund}。"


def _sum_owed(context: LetterContext) -> Iterator[str]:
    """What of several charges is not refunded; of a single one its own sentence says all."""
    if context.is_cancelled:
        if context.disputed or len(context.unrefunded) > 1:
            yield f"销户后收取的费用合计{letter_money.after_cancellation(context):.2f}元。"
    elif context.unrefunded and len(context.charges) > 1:
        yield f"以上未退费用合计{sum(charge.amount for charge in context.unrefunded):.2f}元。"
