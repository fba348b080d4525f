"""What a letter reads of a case, and how it writes days and quotations: always in Chinese."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from cases.domain.business_days import WorkingCalendar, local
from cases.domain.checklist import is_company
from cases.domain.costs import WaitingPeriod, calendar_days_late, delay_cost, is_after_cancellation
from cases.domain.deadlines import Basis, is_overdue, last_day
from cases.domain.letter_grounds import LetterMatter, PassedLimit, letter_matter, passed_limit
from cases.domain.masking import mask_text
from cases.domain.status import Status
from cases.models import Case, Charge, Escalation, Receipt, Refund, WaitingRound
from cases.models.choices import ChargeKind, EntryKind, EscalationKind, FindingKind, FindingState
from cases.models.timeline import EntryContent
from cases.operations.as_recorded import case_as_recorded
from cases.operations.engine.effective_entries import effective_entries
from cases.operations.money_in_dispute import current_escalations
from cases.operations.voided_receipts import voided_hashes
from cases.selectors.costs import Delay

#: Words of a carrier or a colleague that are longer are cut in a letter; the record has them whole.
_MAX_QUOTE_CHARS = 600
#: Quotation marks within a quotation are single ones.
_INNER_QUOTES = str.maketrans("“”", "‘’")


def chinese_day(value: date) -> str:
    """'2026年9月30日'."""
    return f"{value.year}年{value.month}月{value.day}日"


def chinese_moment(value: datetime) -> str:
    """'2026年9月30日15:00', in Shanghai time."""
    return f"{chinese_day(local(value).date())}{local(value):%H:%M}"


def chinese_deadline(value: datetime) -> str:
    """The day that a deadline ends: '2026年10月13日'."""
    return chinese_day(last_day(value))


def quote(text: str) -> str:
    """A person's words within a sentence, on one line, with numbers masked as on every page; empty stays empty."""
    plain = mask_text(" ".join(text.split())).rstrip("。.").translate(_INNER_QUOTES)
    return f"“{plain[:_MAX_QUOTE_CHARS]}{'……' if len(plain) > _MAX_QUOTE_CHARS else ''}”" if plain else ""


@dataclass(frozen=True)
class Voice:
    """Who speaks of whom."""

    us: str
    them: str


_PERSON_VOICE = Voice("本人", "贵公司")
_COMPANY_VOICE = Voice("我单位", "贵公司")
_APPEAL_VOICE = Voice("申诉人", "被申诉人")


@dataclass(frozen=True)
class LetterContext:
    """A case with what hangs on it, read at `now`, for a letter that `signer` signs."""

    case: Case
    now: datetime
    calendar: WorkingCalendar
    signer: str
    entries: list[tuple[str, datetime, EntryContent]]
    rounds: list[WaitingRound]
    escalations: list[Escalation]
    charges: list[Charge]
    receipts: list[Receipt]
    refunds: list[Refund] = field(default_factory=list)
    #: What bills charge for the cancelled number and the carrier was asked to put right: the month, yuan.
    disputed: list[tuple[date, Decimal]] = field(default_factory=list)

    def voice(self, kind: EscalationKind) -> Voice:
        """A complaint is written by a person or a company, an appeal speaks of both sides."""
        if kind == EscalationKind.APPEAL:
            return _APPEAL_VOICE
        return _COMPANY_VOICE if is_company(self.signer) else _PERSON_VOICE

    @property
    def is_cancelled(self) -> bool:
        """Whether the number is: the letter is about money."""
        return self.case.state is Status.CONFIRMED

    @property
    def refund(self) -> Refund | None:
        """The refund that is open."""
        return next((row for row in self.refunds if row.is_open), None)

    @property
    def is_returned(self) -> bool:
        return self.case.state is Status.RETURNED

    @property
    def held_until(self) -> datetime:
        """The moment up to which the carrier held the request: when it returned it or reported it done, or now."""
        return (self.case.returned_at if self.is_returned else None) or self.case.reported_done_at or self.now

    @cached_property
    def current_rounds(self) -> list[WaitingRound]:
        """The waiting rounds of the current submission."""
        return [row for row in self.rounds if row.submission == self.case.submission]

    @cached_property
    def passed_limit(self) -> PassedLimit | None:
        """The time limit that has passed. It is the carrier's own where the directory has for it the very days that the
        case was given when it was submitted. Of a number that is cancelled none matters any more."""
        case = self.case
        if self.is_cancelled or self._is_answer_undated:
            return None
        promises = [row for row in self.current_rounds if row.basis == Basis.PROMISE]
        last = self.current_rounds[-1] if self.current_rounds else None
        return passed_limit(
            case.first_reply_by,
            self.held_until,
            is_published=case.carrier.reply_days == case.reply_days,
            broken_promises=[row.reply_by for row in promises if is_round_late(row, self.now)],
            effective_by=last.reply_by if last and last.basis == Basis.TAKES_EFFECT else None,
        )

    @property
    def _is_answer_undated(self) -> bool:
        """Whether the answer to this submission came before a table brought the case in, which does not say when."""
        return not self.current_rounds and any(
            kind == EntryKind.TAKEN_OVER and not (body.get("returned_on") or body.get("closed_on"))
            for kind, _, body in self.entries
        )

    @property
    def matter(self) -> LetterMatter:
        return letter_matter(
            cancelled=self.is_cancelled,
            returned=self.is_returned,
            reported_done=self.case.reported_done_at is not None,
            late=self.passed_limit is not None,
            in_use=self.case.basis in (Basis.STILL_ALIVE, Basis.REOPENED),
            charged=self.is_charged,
        )

    @property
    def delay(self) -> Delay:
        """The days beyond the time limit that has passed, and what they cost by the card's monthly fee."""
        limit, fee = self.passed_limit, self.case.card.monthly_fee
        if limit is None:
            return Delay(0, None)
        periods = [WaitingPeriod(limit.ended_at, row.started_at, row.ended_at) for row in self.current_rounds]
        return Delay(calendar_days_late(periods, self.now), None if fee is None else delay_cost(fee, periods, self.now))

    @property
    def is_charged(self) -> bool:
        """Whether money is in dispute."""
        return bool(self.unrefunded or self.prepayments)

    @property
    def unrefunded(self) -> list[Charge]:
        """What was charged and did not come back; of a number that is cancelled, what was charged after that."""
        rows = [row for row in self.charges if row.is_open and row.kind != ChargeKind.PREPAYMENT]
        if not self.is_cancelled:
            return rows
        confirmed_at, whole_month = self.case.confirmed_at, self.case.carrier.bills_whole_month
        return [row for row in rows if is_after_cancellation(row.day, confirmed_at, whole_month=whole_month)]

    @property
    def prepayments(self) -> list[Charge]:
        """What the carrier asked to be paid in advance: the record does not say whether it was paid."""
        return [row for row in self.charges if row.is_open and row.kind == ChargeKind.PREPAYMENT]


def is_round_late(row: WaitingRound, now: datetime) -> bool:
    """Whether a round ended late, or runs and is late."""
    return row.late if row.ended_at else is_overdue(row.reply_by, now)


def load_letter_context(case: Case, now: datetime, calendar: WorkingCalendar, *, signer: str = "") -> LetterContext:
    """Read what a letter tells of a case, as it is recorded, in a fixed number of queries. `signer`: the name that was
    typed, if it is not that of the card's holder."""
    recorded = case_as_recorded(case)
    voided = voided_hashes(recorded.entries)
    entries = [
        (entry.kind, _happened_at(body, entry.recorded_at), body)
        for entry in effective_entries(recorded.entries)
        if (body := entry.content.body if getattr(entry, "content", None) else None) is not None  # not erased
    ]
    return LetterContext(
        case=recorded.case,
        now=now,
        calendar=calendar,
        signer=signer.strip() or case.card.holder,
        entries=sorted(entries, key=lambda item: item[1]),
        rounds=recorded.rounds,
        escalations=sorted(
            current_escalations(recorded.escalations, recorded.case.state, recorded.case.confirmed_at),
            key=lambda row: row.lodged_at,
        ),
        charges=[row for row in recorded.charges if row.written_off_on is None],
        receipts=[receipt for receipt in case.receipts.all() if receipt.sha256 not in voided],
        refunds=recorded.refunds,
        disputed=_disputed_bills(recorded.case),
    )


def _disputed_bills(case: Case) -> list[tuple[date, Decimal]]:
    if case.state is not Status.CONFIRMED:
        return []
    kind, state = FindingKind.CHARGED_AFTER_CANCELLATION, FindingState.DISPUTED
    findings = case.bill_findings.filter(kind=kind, state=state)
    rows = findings.order_by("bill__month", "pk").values_list("bill__month", "amount")
    return [(month, amount) for month, amount in rows if amount is not None]


def _happened_at(body: EntryContent, recorded_at: datetime) -> datetime:
    return local(datetime.fromisoformat(body["at"]) if body.get("at") else recorded_at)
