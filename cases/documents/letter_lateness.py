"""How late a request is, as sentences of a letter: which time has passed and who set it, and what the delay costs."""

from collections.abc import Iterator
from datetime import date

from cases import wording
from cases.documents.letter_context import LetterContext, Voice, chinese_day, chinese_deadline
from cases.domain.business_days import ONE_DAY, DayKind, days_between, local
from cases.domain.deadlines import Basis, last_day, working_days_late
from cases.domain.letter_grounds import PassedLimit, TimeLimitSource
from cases.models.choices import EntryKind

#: What the passed time is called later on: only what the carrier set itself is a limit (时限).
_LIMIT_WORDS = {
    TimeLimitSource.PROMISE: "时限",
    TimeLimitSource.PUBLISHED: "时限",
    TimeLimitSource.EFFECTIVE_DAY: "日期",
    TimeLimitSource.USUAL: "时间",
}

#: After these nobody may write that the carrier did not answer at all.
_SIGNS_OF_LIFE = (EntryKind.FOLLOW_UP, EntryKind.MESSAGE, EntryKind.COMPLAINT_ANSWERED)


def lateness_facts(context: LetterContext, voice: Voice) -> Iterator[str]:
    """Which time has passed, and by how many working days; nothing while none has."""
    limit = context.passed_limit
    if limit is None:
        return
    yield _passed_limit(context, voice, limit)
    yield from _days_past(context, voice, limit)


def delay_cost_facts(context: LetterContext) -> Iterator[str]:
    """What the delay costs by the monthly fee."""
    limit, delay = context.passed_limit, context.delay
    if limit and delay.days and delay.cost:
        yield (
            f"按月租费{context.case.card.monthly_fee:.2f}元逐日折算，"
            f"超过上述{_LIMIT_WORDS[limit.source]}的{delay.days}天（自然日）折合{delay.cost:.2f}元。"
        )


def _passed_limit(context: LetterContext, voice: Voice, limit: PassedLimit) -> str:
    ended_on = chinese_deadline(limit.ended_at)
    if limit.source is TimeLimitSource.PROMISE:
        return f"按{voice.them}承诺的时限，最迟应于{ended_on}办结。"
    if limit.source is TimeLimitSource.EFFECTIVE_DAY:
        return f"按{voice.them}的答复，上列号码应于{ended_on}销户生效。"
    own_rounds = [row for row in context.current_rounds if row.basis == Basis.SUBMISSION]
    # A case taken over in the middle of a submission had its answer before, in time or not.
    is_answered, was_late = (own_rounds[-1].ended_at is not None, own_rounds[-1].late) if own_rounds else (True, False)
    count = _count(context)
    if is_answered and not was_late:
        outcome = "未在此期间办结"
    elif is_answered:
        outcome = "未在此期间办结或答复"
    else:
        outcome = f"仍未办结，也未答复{'办理结果' if _was_heard_of(context) else ''}"
    if limit.source is TimeLimitSource.USUAL:
        return f"按通常的办理时间（{count}）计算，至{ended_on}已届满，{voice.them}{outcome}。"
    if is_answered and not was_late:  # it answered as it had to
        return f"按{voice.them}公布的办理时限（{count}）计算，至{ended_on}已届满，{voice.them}{outcome}。"
    return f"按{voice.them}公布的办理时限（{count}），最迟应于{ended_on}办结或答复，{voice.them}{outcome}。"


def _was_heard_of(context: LetterContext) -> bool:
    """Whether the carrier said anything on this submission, were it on the phone."""
    submitted_at = context.case.submitted_at
    return context.case.acknowledged_at is not None or any(
        kind in _SIGNS_OF_LIFE and submitted_at is not None and at >= submitted_at for kind, at, _ in context.entries
    )


def _count(context: LetterContext) -> str:
    """How the days of the window are counted: '自提交次日起5个工作日，期间国庆节放假不计，调休上班日计入'."""
    case, calendar = context.case, context.calendar
    assert case.submitted_at is not None
    assert case.first_reply_by is not None
    first, last = local(case.submitted_at).date() + ONE_DAY, last_day(case.first_reply_by)
    submitted = "再次提交" if case.submission > 1 else "提交"
    parts = [f"自{submitted}次日起{case.reply_days}个工作日"]
    if festivals := _festivals(context, first, last):
        parts.append(f"期间{festivals}放假不计")
    if any(calendar.day(day).kind is DayKind.MAKE_UP for day in days_between(first, last)):
        parts.append("调休上班日计入")
    return "，".join(parts)


def _days_past(context: LetterContext, voice: Voice, limit: PassedLimit) -> Iterator[str]:
    until, calendar = context.held_until, context.calendar
    day = f"截至{chinese_day(local(until).date())}"
    if context.is_returned:
        day += f"{voice.them}退回申请时"
    elif context.case.reported_done_at:
        day += f"{voice.them}称已办结时"
    word = _LIMIT_WORDS[limit.source]
    if late := working_days_late(limit.ended_at, until, calendar):
        festivals = _festivals(context, local(limit.ended_at).date(), min(local(until).date(), calendar.last_date))
        deduction = f"（已扣除{festivals}放假）" if festivals else ""
        yield f"{day}，已超过上述{word}{late}个工作日{deduction}。"
    elif limit.source is not TimeLimitSource.USUAL:
        yield f"{day}，上述{word}已过。"


def _festivals(context: LetterContext, first: date, last: date) -> str:
    return wording.join_names(map(wording.festival_name, context.calendar.festivals(first, last)))
