"""What happened in a case, as sentences of a letter: one for each event that matters, in order of time.

Always Chinese, whatever language the pages speak: carriers and appeal bodies read it. Everything comes from the record;
deadlines and lateness are those of `cases.domain`.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from operator import itemgetter

from django.utils import translation

from cases import wording
from cases.documents.letter_context import LetterContext, Voice, chinese_day, chinese_deadline, chinese_moment, quote
from cases.domain.business_days import end_of_day, local, start_of_day
from cases.domain.deadlines import Basis, is_overdue, working_days_late
from cases.domain.masking import mask_text
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

_CHARGE_LABELS = {
    ChargeKind.FEE: "月租费",
    ChargeKind.ARREARS: "欠费",
    ChargeKind.PENALTY: "违约金",
    ChargeKind.PREPAYMENT: "预存款",
    ChargeKind.OTHER: "其他费用",
}


def letter_facts(context: LetterContext, voice: Voice) -> list[str]:
    """The sentences in order of time, silences and charges among them; then how late it is, and what is owed back."""
    with translation.override("zh-hans"):
        sentences = [
            (at, sentence)
            for kind, at, body in context.entries
            if kind in _SENTENCES and (sentence := _SENTENCES[EntryKind(kind)](context, voice, at, body))
        ]
        in_order = sorted([*sentences, *_missed_answers(context, voice), *_charges(context, voice)], key=itemgetter(0))
        return [*(sentence for _, sentence in in_order), *_lateness(context, voice), *_amounts_owed(context, voice)]


def _reference(body: EntryContent, label: str = "受理单号") -> str:
    return f"，{label} {body['reference']}" if body.get("reference") else ""


def _agent(body: EntryContent) -> str:
    return f"（接待人员：{body['agent']}）" if body.get("agent") else ""


def _quoted_words(body: EntryContent) -> str:
    text = quote(body.get("words", ""))
    return f"：{text}" if text else ""


def _submitted(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    channel = str(RequestChannel(body["channel"]).label) if body.get("channel") in RequestChannel.values else ""
    channel_phrase = f"通过{channel}" if channel else ""
    return f"{chinese_moment(at)}，{voice.us}{channel_phrase}向{voice.them}提出上列号码的销户申请{_reference(body)}。"


def _resubmitted(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    return f"{chinese_moment(at)}，{voice.us}按{voice.them}要求办理后，再次提交销户申请{_reference(body)}。"


def _acknowledged(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    agent = f"{voice.them}{_agent(body)}"
    return f"{chinese_day(at.date())}，{agent}确认已登记受理该申请{_reference(body)}{_quoted_words(body)}。"


def _under_review(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    return (
        f"{chinese_day(at.date())}，{voice.them}{_agent(body)}答复申请正在审核{_reference(body)}{_quoted_words(body)}。"
    )


def _promised(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    promised_on = date.fromisoformat(body["promised_on"])
    promise = f"{voice.them}{_agent(body)}承诺于{chinese_day(promised_on)}前办结"
    sentence = f"{chinese_day(at.date())}，{promise}{_reference(body)}{_quoted_words(body)}。"
    return sentence + _promise_outcome(context, promised_on)


def _promise_outcome(context: LetterContext, promised_on: date) -> str:
    """What became of a promise."""
    rounds = [row for row in context.rounds if row.basis == Basis.PROMISE and row.named_day == promised_on]
    if not rounds:
        return ""
    last_round = rounds[-1]
    if not is_overdue(end_of_day(promised_on), last_round.ended_at or context.now):
        return ""  # one that is far away: its round may be over before its day is
    if last_round.ended_at is None:
        return "该承诺至今未兑现。" if is_overdue(last_round.reply_by, context.now) else ""
    return "该承诺未按期兑现。" if last_round.late else ""


def _takes_effect(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    effective_on = chinese_day(date.fromisoformat(body["effective_on"]))
    answer = f"{voice.them}{_agent(body)}答复该号码已预约销户，将于{effective_on}生效"
    return f"{chinese_day(at.date())}，{answer}{_reference(body)}{_quoted_words(body)}。"


def _returned(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    reason = str(ReturnReason(body["reason"]).label) if body.get("reason") in ReturnReason.values else ""
    reason_phrase = f"，理由为“{reason}”" if reason else ""
    return f"{chinese_day(at.date())}，{voice.them}{_agent(body)}退回该申请{reason_phrase}{_quoted_words(body)}。"


def _reported_done(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    return f"{chinese_day(at.date())}，{voice.them}{_agent(body)}称已办结销户{_quoted_words(body)}。"


def _followed_up(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    actions: dict[str | None, str] = {
        FollowUpWay.CALL: f"致电{voice.them}",
        FollowUpWay.VISIT: f"到{voice.them}营业厅",
        FollowUpWay.APP: f"通过{voice.them}的客户端或在线客服",
    }
    action = actions.get(body.get("way"), f"向{voice.them}")
    conversation = quote(body.get("words", ""))
    return (
        f"{chinese_day(at.date())}，{voice.us}{action}催办{_agent(body)}{_reference(body, '单号')}。"
        f"{f'沟通情况：{conversation}。' if conversation else ''}"
    )


def _verified(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    if body.get("finding") != "alive":
        return ""
    method = str(Method(body["method"]).label) if body.get("method") in Method.values else ""
    return f"{chinese_day(at.date())}，经核实（{method}），该号码仍未销户{_quoted_words(body)}。"


def _reopened(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    return (
        f"{chinese_day(at.date())}，{voice.us}发现该号码并未真正销户，要求{voice.them}继续办理{_quoted_words(body)}。"
    )


def _complained(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    return f"{chinese_day(at.date())}，{voice.us}就此向{voice.them}提出正式投诉{_reference(body, '投诉单号')}。"


def _complaint_answered(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    verdict = "问题已解决" if body.get("satisfied") else "问题未得到解决"
    return f"{chinese_day(at.date())}，{voice.them}对投诉作出答复{_quoted_words(body)}，{verdict}。"


def _appealed(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    return f"{chinese_day(at.date())}，{voice.us}已就此提出申诉{_reference(body, '申诉编号')}。"


def _carrier_message(context: LetterContext, voice: Voice, at: datetime, body: EntryContent) -> str:
    text = quote(body.get("text", "") or body.get("words", ""))
    return f"{chinese_day(at.date())}，{voice.them}发来信息：{text}。" if text else ""


_SENTENCES: dict[EntryKind, Callable[[LetterContext, Voice, datetime, EntryContent], str]] = {
    EntryKind.SUBMITTED: _submitted,
    EntryKind.RESUBMITTED: _resubmitted,
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


def _missed_answers(context: LetterContext, voice: Voice) -> Iterator[tuple[datetime, str]]:
    """Answers that never came, at the moment when they were owed: to the request, and to a complaint."""
    case = context.case
    answered = case.acknowledged_at or case.last_reply_at
    if case.acknowledge_by and case.acknowledge_by <= context.now and (not answered or answered > case.acknowledge_by):
        due_at = case.acknowledge_by
        yield (
            due_at,
            f"截至{chinese_moment(due_at)}（提交后 {case.acknowledge_hours} 小时），"
            f"{voice.us}未收到{voice.them}的任何受理确认。",
        )
    for row in context.escalations:
        if row.kind == EscalationKind.COMPLAINT and row.answered_at is None and is_overdue(row.answer_by, context.now):
            yield row.answer_by, f"{chinese_deadline(row.answer_by)}，投诉的 15 日答复期届满，{voice.them}未作答复。"


def _lateness(context: LetterContext, voice: Voice) -> Iterator[str]:
    """When the answer was due, which holidays are in the count, and how late it is."""
    case, window = context.case, context.window
    if window is None or case.first_reply_by is None or not context.is_late:
        return
    festivals_in_window = wording.join_names(map(wording.festival_name, window.stretched_by))
    exclusion = f"其间{festivals_in_window}放假不计" if festivals_in_window else "休息日不计"
    yield (
        f"自提交次日起计算工作日（{exclusion}，调休上班日计入），"
        f"第 {case.reply_days} 个工作日为{chinese_deadline(case.first_reply_by)}，"
        f"{voice.them}应于该日 24 时前办结或答复。"
    )
    late_until = context.late_until
    late = working_days_late(case.first_reply_by, late_until, context.calendar)
    festivals_since = context.calendar.festivals(
        local(case.first_reply_by).date(), min(local(late_until).date(), context.calendar.last_date)
    )
    deduction = (
        f"（已扣除{wording.join_names(map(wording.festival_name, festivals_since))}放假）" if festivals_since else ""
    )
    yield (
        f"截至{chinese_day(local(late_until).date())}，已超期 {late} 个工作日{deduction}。" if late else "该期限已过。"
    )


def _charges(context: LetterContext, voice: Voice) -> Iterator[tuple[datetime, str]]:
    """What was charged, each at its day."""
    for charge in context.charges:
        label = _CHARGE_LABELS[ChargeKind(charge.kind)]
        note = f"（{mask_text(charge.words)}）" if charge.words else ""
        refund = f"，已于{chinese_day(charge.refunded_on)}退还" if charge.refunded_on else ""
        sentence = f"{chinese_day(charge.day)}，{voice.them}收取{label} {charge.amount:.2f} 元{note}{refund}。"
        yield start_of_day(charge.day), sentence


def _amounts_owed(context: LetterContext, voice: Voice) -> Iterator[str]:
    """What of it is not refunded, and what the delay costs by the monthly fee."""
    if context.unrefunded:
        yield f"以上未退还的费用合计 {sum(charge.amount for charge in context.unrefunded):.2f} 元。"
    if context.delay.days and context.delay.cost:
        yield (
            f"按月租费 {context.case.card.monthly_fee:.2f} 元逐日折算，"
            f"{voice.them}超期的 {context.delay.days} 天（自然日）"
            f"相当于 {context.delay.cost:.2f} 元。"
        )
