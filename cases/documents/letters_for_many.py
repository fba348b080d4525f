"""A letter about many numbers of one carrier: its text and its table, from the records of the cases.

Always Chinese, as every letter. Sources: Measures on the Handling of Telecom Users' Appeals, articles 9 to 12.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cases.documents.letter_context import LetterContext, Voice, chinese_day, chinese_deadline, load_letter_context
from cases.documents.letter_texts import LetterPaper, complaint_answer_day, letter_file_name, render_letter_pdf
from cases.documents.letters_for_many_money import money_annex, money_letter_text
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
from cases.domain.business_days import WorkingCalendar, local
from cases.domain.deadlines import Basis, working_days_late
from cases.domain.json_values import JsonObject
from cases.domain.letter_grounds import LetterMatter, TimeLimitSource
from cases.models import Case
from cases.models.choices import EscalationKind
from cases.operations.letters import recipient_of

_MEASURES = "《电信用户申诉处理办法》"
#: A name of a person and one of a company: the two voices of a complaint.
_WRITERS = ("某人", "某某公司")
#: On what a time limit rests, behind its day in the table.
_LIMIT_SOURCES = {
    TimeLimitSource.PROMISE: "承诺",
    TimeLimitSource.PUBLISHED: "公布时限",
    TimeLimitSource.EFFECTIVE_DAY: "答复的生效日期",
    TimeLimitSource.USUAL: "通常办理时间",
}


def load_contexts(cases: Sequence[Case], now: datetime, calendar: WorkingCalendar, signer: str) -> list[LetterContext]:
    """What the letter reads of each case, those that waited longest first."""
    contexts = [load_letter_context(case, now, calendar, signer=signer) for case in cases]
    return sorted(contexts, key=lambda context: (context.case.submitted_at or now, context.case.pk))


def shared_letter_text(kind: EscalationKind, contexts: Sequence[LetterContext]) -> str:
    """The text of a letter about all of them as their records tell it; a person edits it before it is final. Either all
    of the numbers are cancelled, and it is about money, or none is."""
    if contexts[0].is_cancelled:
        return money_letter_text(kind, contexts)
    return _appeal_text(contexts) if kind == EscalationKind.APPEAL else _complaint_text(contexts)


def in_writers_voice(kind: EscalationKind, contexts: Sequence[LetterContext], body: str) -> str:
    """The text as it is, or, where nobody changed it since it was drafted for another writer, as who writes says it:
    a company does not call itself 本人."""
    drafts = [
        shared_letter_text(kind, [replace(context, signer=signer) for context in contexts]) for signer in _WRITERS
    ]
    return shared_letter_text(kind, contexts) if body.strip() in drafts else body


def shared_letter_pdf(
    kind: EscalationKind, contexts: Sequence[LetterContext], fields: Mapping[str, str], body: str
) -> tuple[str, bytes]:
    """The letter's name and its PDF with the table, which shows every number: the caller notes that."""
    count, is_money = len(contexts), contexts[0].is_cancelled
    pdf = render_letter_pdf(
        LetterPaper(
            kind,
            fields,
            body,
            recipient_of(kind, fields),
            [["号码", f"共{count}个，见附表"]],
            footer=f"附表：涉及号码{count}个",
            annex=(money_annex if is_money else _annex)(kind, contexts, fields.get("name", "").strip()),
        )
    )
    return letter_file_name(kind, fields.get("signed_on", ""), about="费用" if is_money else ""), pdf


def _annex(kind: EscalationKind, contexts: Sequence[LetterContext], writer: str) -> JsonObject:
    """One row a number; who holds it where that is another than who writes, and money where some is owed."""
    columns = [
        AnnexColumn("序号", 3, [str(place) for place in range(1, len(contexts) + 1)]),
        AnnexColumn("号码", 8, [context.case.card.number for context in contexts]),
        AnnexColumn("机主", 8, holders(contexts, writer)),
        AnnexColumn("提交日期", 8, [_submitted_day(context) for context in contexts]),
        AnnexColumn("受理单号", 9, [context.case.carrier_reference for context in contexts]),
        AnnexColumn("应办结日期及依据", 10, [_limit(context) for context in contexts]),
        AnnexColumn("超期（工作日）", 5, [_days_late(context) for context in contexts]),
        AnnexColumn("催办", 8, [follow_ups(context) for context in contexts]),
        AnnexColumn("承诺日期", 9, [_promises(context) for context in contexts]),
        AnnexColumn("投诉", 9, [complaints(context) for context in contexts] if kind == EscalationKind.APPEAL else []),
        AnnexColumn("未退费用（元）", 6, [_owed(context) for context in contexts]),
        AnnexColumn("案件编号", 9, [context.case.reference for context in contexts]),
    ]
    return annex_of(columns, len(contexts))


def _submitted_day(context: LetterContext) -> str:
    submitted_at = context.case.submitted_at
    return chinese_day(local(submitted_at).date()) if submitted_at else ""


def _limit(context: LetterContext) -> str:
    limit = context.passed_limit
    return f"{chinese_deadline(limit.ended_at)}（{_LIMIT_SOURCES[limit.source]}）" if limit else ""


def _late(context: LetterContext) -> int:
    limit = context.passed_limit
    return working_days_late(limit.ended_at, context.held_until, context.calendar) if limit else 0


def _days_late(context: LetterContext) -> str:
    return str(_late(context)) if context.passed_limit else ""


def _promises(context: LetterContext) -> str:
    days = [row.named_day for row in context.current_rounds if row.basis == Basis.PROMISE and row.named_day]
    return "、".join(chinese_day(day) for day in days)


def _owed(context: LetterContext) -> str:
    return f"{sum(charge.amount for charge in context.unrefunded):.2f}" if context.unrefunded else ""


def _facts(contexts: Sequence[LetterContext], voice: Voice) -> list[str]:
    """What holds of all of them, in sums; what is each one's own stands in the table."""
    count, now = len(contexts), contexts[0].now
    days = sorted({local(c.case.submitted_at).date() for c in contexts if c.case.submitted_at})
    when = f"{chinese_day(days[0])}" if len(days) == 1 else f"{chinese_day(days[0])}至{chinese_day(days[-1])}"
    facts = [
        f"{when}，{voice.us}向{voice.them}提出附表所列{count}个号码的销户申请，各号码的提交日期、受理单号等见附表。"
    ]
    late = [context for context in contexts if context.passed_limit]
    if late:
        most = max(map(_late, late))
        longest = f"，最长的已超过{most}个工作日" if most else ""
        facts.append(
            f"截至{chinese_day(local(now).date())}，{of_all(late, count)}已超过附表所列日期{longest}，仍未办结。"
        )
    matters = {
        LetterMatter.RETURNED: f"的申请被{voice.them}退回",
        LetterMatter.REPORTED_DONE: f"，{voice.them}称已办结，{voice.us}尚未核实",
    }
    for matter, what in matters.items():
        if rows := [context for context in contexts if context.matter is matter]:
            facts.append(f"{of_all(rows, count)}{what}。")
    calls = sum(len(follow_up_moments(context)) for context in contexts)
    if calls:
        facts.append(f"{voice.us}就上述号码向{voice.them}催办或询问，附表共记录{calls}次。")
    if broken := [c for c in contexts if c.passed_limit and c.passed_limit.source is TimeLimitSource.PROMISE]:
        facts.append(f"{voice.them}就{of_all(broken, count)}作出的办结承诺未兑现。")
    owed = [charge.amount for context in contexts for charge in context.unrefunded]
    if owed:
        facts.append(f"{voice.them}收取的费用尚未退还的合计{sum(owed):.2f}元，各号码的金额见附表。")
    return facts


def _money(contexts: Sequence[LetterContext]) -> list[str]:
    if any(context.unrefunded for context in contexts):
        return ["退还附表所列未退费用，并停止对上述号码计费"]
    if any(context.passed_limit for context in contexts):
        return ["停止对上述号码计费，并退还附表所列日期之后收取的费用"]
    return []


def _complaint_text(contexts: Sequence[LetterContext]) -> str:
    voice = contexts[0].voice(EscalationKind.COMPLAINT)
    count = len(contexts)
    answer_day = complaint_answer_day(contexts[0])
    by = f"，最迟于{chinese_day(answer_day)}办结" if answer_day else ""
    is_late = all(context.matter is LetterMatter.LATE for context in contexts)
    return "\n".join(
        [
            f"就附表所列{count}个号码的销户申请{'逾期未办结' if is_late else '办理'}一事，{voice.us}现正式提出投诉。",
            "一、事实经过",
            *numbered(_facts(contexts, voice)),
            "二、投诉请求",
            *request_list(
                [
                    f"立即为附表所列号码办理销户{by}",
                    "办结后逐个号码以书面或短信形式确认，写明销户生效日期；不能办理的，逐个号码书面告知原因及依据",
                    *_money(contexts),
                    "书面说明未办结的原因，并逐个号码提供本投诉的投诉单号",
                ]
            ),
            "三、说明",
            f"请自收到本函之日起15日内答复。{voice.them}逾期未答复，或者{voice.us}对处理结果不满意的，"
            f"{voice.us}将依据{_MEASURES}第九条、第十条，向{voice.them}所在省的电信用户申诉受理机构提出申诉。",
        ]
    )


def _appeal_text(contexts: Sequence[LetterContext]) -> str:
    voice = contexts[0].voice(EscalationKind.APPEAL)
    return "\n".join(
        [
            "一、申诉请求",
            *request_list(
                [
                    f"督促{voice.them}立即为附表所列号码办理销户，并逐个号码以书面或短信形式确认销户生效日期",
                    *(f"要求{voice.them}{request}" for request in _money(contexts)),
                    f"要求{voice.them}书面说明未办结的原因及投诉的处理情况",
                ]
            ),
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
                ]
            ),
        ]
    )
