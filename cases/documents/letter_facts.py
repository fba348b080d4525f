"""What happened in a case, told for a letter: one sentence for each thing that counts, in order of time.

Always Chinese, whatever language the pages speak: carriers and appeal bodies read it. Everything comes from the record;
deadlines and lateness are those of `cases.domain`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django.utils import translation

from cases import wording
from cases.documents.letter_context import Story, Voice, day, deadline, moment, quoted
from cases.domain.business_days import local, start_of_day
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

_CHARGES = {
    ChargeKind.FEE: "月租费",
    ChargeKind.ARREARS: "欠费",
    ChargeKind.PENALTY: "违约金",
    ChargeKind.PREPAYMENT: "预存款",
    ChargeKind.OTHER: "其他费用",
}


def facts(story: Story, voice: Voice) -> list[str]:
    """The sentences in order of time, silences and charges among them; then how late it is, and what is owed back."""
    with translation.override("zh-hans"):
        told = [
            (at, said)
            for kind, at, body in story.entries
            if kind in _TELLERS and (said := _TELLERS[EntryKind(kind)](story, voice, at, body))
        ]
        in_order = sorted([*told, *_silences(story, voice), *_charges(story, voice)], key=itemgetter(0))
        return [*(said for _, said in in_order), *_lateness(story, voice), *_owed_back(story, voice)]


_Body = Mapping[str, Any]


def _reference(body: _Body, label: str = "受理单号") -> str:
    return f"，{label} {body['reference']}" if body.get("reference") else ""


def _agent(body: _Body) -> str:
    return f"（接待人员：{body['agent']}）" if body.get("agent") else ""


def _said(body: _Body) -> str:
    words_said = quoted(body.get("words", ""))
    return f"：{words_said}" if words_said else ""


def _submitted(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    by = str(RequestChannel(body["channel"]).label) if body.get("channel") in RequestChannel.values else ""
    way = f"通过{by}" if by else ""
    return f"{moment(at)}，{voice.us}{way}向{voice.them}提出上列号码的销户申请{_reference(body)}。"


def _resubmitted(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    return f"{moment(at)}，{voice.us}按{voice.them}要求办理后，再次提交销户申请{_reference(body)}。"


def _acknowledged(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    return f"{day(at.date())}，{voice.them}{_agent(body)}确认已登记受理该申请{_reference(body)}{_said(body)}。"


def _under_review(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    return f"{day(at.date())}，{voice.them}{_agent(body)}答复申请正在审核{_reference(body)}{_said(body)}。"


def _promised(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    promised = date.fromisoformat(body["promised_on"])
    said = f"{day(at.date())}，{voice.them}{_agent(body)}承诺于{day(promised)}前办结{_reference(body)}{_said(body)}。"
    return said + _kept(story, promised)


def _kept(story: Story, promised: date) -> str:
    """What became of a promise."""
    rounds = [row for row in story.rounds if row.basis == Basis.PROMISE and row.promised_on == promised]
    if not rounds:
        return ""
    if rounds[-1].ended_at is None:
        return "该承诺至今未兑现。" if is_overdue(rounds[-1].reply_by, story.now) else ""
    return "该承诺未按期兑现。" if rounds[-1].late else ""


def _returned(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    reason = str(ReturnReason(body["reason"]).label) if body.get("reason") in ReturnReason.values else ""
    why = f"，理由为“{reason}”" if reason else ""
    return f"{day(at.date())}，{voice.them}{_agent(body)}退回该申请{why}{_said(body)}。"


def _reported_done(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    return f"{day(at.date())}，{voice.them}{_agent(body)}称已办结销户{_said(body)}。"


def _followed_up(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    ways: dict[str | None, str] = {
        FollowUpWay.CALL: f"致电{voice.them}",
        FollowUpWay.VISIT: f"到{voice.them}营业厅",
        FollowUpWay.APP: f"通过{voice.them}的客户端或在线客服",
    }
    way = ways.get(body.get("way"), f"向{voice.them}")
    said = quoted(body.get("words", ""))
    return (
        f"{day(at.date())}，{voice.us}{way}催办{_agent(body)}{_reference(body, '单号')}。"
        f"{f'沟通情况：{said}。' if said else ''}"
    )


def _verified(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    if body.get("finding") != "alive":
        return ""
    how = str(Method(body["method"]).label) if body.get("method") in Method.values else ""
    return f"{day(at.date())}，经核实（{how}），该号码仍未销户{_said(body)}。"


def _reopened(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    return f"{day(at.date())}，{voice.us}发现该号码并未真正销户，要求{voice.them}继续办理{_said(body)}。"


def _complained(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    return f"{day(at.date())}，{voice.us}就此向{voice.them}提出正式投诉{_reference(body, '投诉单号')}。"


def _complaint_answered(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    verdict = "问题已解决" if body.get("satisfied") else "问题未得到解决"
    return f"{day(at.date())}，{voice.them}对投诉作出答复{_said(body)}，{verdict}。"


def _appealed(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    return f"{day(at.date())}，{voice.us}已就此提出申诉{_reference(body, '申诉编号')}。"


def _wrote(story: Story, voice: Voice, at: datetime, body: _Body) -> str:
    said = quoted(body.get("text", "") or body.get("words", ""))
    return f"{day(at.date())}，{voice.them}发来信息：{said}。" if said else ""


_TELLERS: dict[EntryKind, Callable[[Story, Voice, datetime, _Body], str]] = {
    EntryKind.SUBMITTED: _submitted,
    EntryKind.RESUBMITTED: _resubmitted,
    EntryKind.ACKNOWLEDGED: _acknowledged,
    EntryKind.UNDER_REVIEW: _under_review,
    EntryKind.PROMISED: _promised,
    EntryKind.RETURNED: _returned,
    EntryKind.REPORTED_DONE: _reported_done,
    EntryKind.FOLLOW_UP: _followed_up,
    EntryKind.VERIFIED: _verified,
    EntryKind.REOPENED: _reopened,
    EntryKind.COMPLAINT: _complained,
    EntryKind.COMPLAINT_ANSWERED: _complaint_answered,
    EntryKind.APPEAL: _appealed,
    EntryKind.MESSAGE: _wrote,
}


def _silences(story: Story, voice: Voice) -> Iterator[tuple[datetime, str]]:
    """Answers that never came, at the moment when they were owed: to the request, and to a complaint."""
    case = story.case
    answered = case.acknowledged_at or case.last_reply_at
    if case.acknowledge_by and case.acknowledge_by <= story.now and (not answered or answered > case.acknowledge_by):
        by = case.acknowledge_by
        yield (
            by,
            f"截至{moment(by)}（提交后 {case.acknowledge_hours} 小时），{voice.us}未收到{voice.them}的任何受理确认。",
        )
    for row in story.escalations:
        if row.kind == EscalationKind.COMPLAINT and row.answered_at is None and is_overdue(row.answer_by, story.now):
            yield row.answer_by, f"{deadline(row.answer_by)}，投诉的 15 日答复期届满，{voice.them}未作答复。"


def _lateness(story: Story, voice: Voice) -> Iterator[str]:
    """When the answer was due, which holidays are in the count, and how late it is."""
    case, window = story.case, story.window
    if window is None or case.first_reply_by is None or not story.is_late:
        return
    off = wording.listed(map(wording.festival, window.stretched_by))
    without = f"其间{off}放假不计" if off else "休息日不计"
    yield (
        f"自提交次日起计算工作日（{without}，调休上班日计入），"
        f"第 {case.reply_days} 个工作日为{deadline(case.first_reply_by)}，{voice.them}应于该日 24 时前办结或答复。"
    )
    until = story.late_until
    late = working_days_late(case.first_reply_by, until, story.calendar)
    since = story.calendar.festivals(
        local(case.first_reply_by).date(), min(local(until).date(), story.calendar.last_date)
    )
    taken = f"（已扣除{wording.listed(map(wording.festival, since))}放假）" if since else ""
    yield f"截至{day(local(until).date())}，已超期 {late} 个工作日{taken}。" if late else "该期限已过。"


def _charges(story: Story, voice: Voice) -> Iterator[tuple[datetime, str]]:
    """What was charged, each at its day."""
    for charge in story.charges:
        what = _CHARGES[ChargeKind(charge.kind)]
        note = f"（{mask_text(charge.words)}）" if charge.words else ""
        back = f"，已于{day(charge.refunded_on)}退还" if charge.refunded_on else ""
        said = f"{day(charge.day)}，{voice.them}收取{what} {charge.amount:.2f} 元{note}{back}。"
        yield start_of_day(charge.day), said


def _owed_back(story: Story, voice: Voice) -> Iterator[str]:
    """What of it is not refunded, and what the delay costs by the monthly fee."""
    if story.unrefunded:
        yield f"以上未退还的费用合计 {sum(charge.amount for charge in story.unrefunded):.2f} 元。"
    if story.delay.days and story.delay.cost:
        yield (
            f"按月租费 {story.case.card.monthly_fee:.2f} 元逐日折算，{voice.them}超期的 {story.delay.days} 天（自然日）"
            f"相当于 {story.delay.cost:.2f} 元。"
        )
