"""What a letter reads of a case, and how it writes days and quotations: always in Chinese."""

from dataclasses import dataclass
from datetime import date, datetime

from cases.domain.business_days import WorkingCalendar, local
from cases.domain.deadlines import Deadlines, deadlines_of, is_overdue, last_day
from cases.domain.masking import mask_text
from cases.domain.status import Status
from cases.models import Case, Charge, Escalation, Receipt, WaitingRound
from cases.models.timeline import EntryContent
from cases.selectors.costs import Delay, delay_of, rounds_of

#: Words of a carrier or a colleague that are longer are cut in a letter; the record has them whole.
_MAX_QUOTE_CHARS = 600


def chinese_day(value: date) -> str:
    """'2026年9月30日'."""
    return f"{value.year}年{value.month}月{value.day}日"


def chinese_moment(value: datetime) -> str:
    """'2026年9月30日 15:00', in Shanghai time."""
    return f"{chinese_day(local(value).date())} {local(value):%H:%M}"


def chinese_deadline(value: datetime) -> str:
    """The day that a deadline ends: '2026年10月13日'."""
    return chinese_day(last_day(value))


def quote(text: str) -> str:
    """A person's words within a sentence, on one line, with numbers masked as on every page; empty stays empty."""
    plain = mask_text(" ".join(text.split())).rstrip("。.")
    return f"“{plain[:_MAX_QUOTE_CHARS]}{'……' if len(plain) > _MAX_QUOTE_CHARS else ''}”" if plain else ""


@dataclass(frozen=True)
class Voice:
    """Who speaks of whom: a complaint says 我方 and 贵公司, an appeal 申诉人 and 被申诉人."""

    us: str
    them: str


COMPLAINT_VOICE = Voice("我方", "贵公司")
APPEAL_VOICE = Voice("申诉人", "被申诉人")


@dataclass(frozen=True)
class LetterContext:
    """A case with what hangs on it, read at `now`."""

    case: Case
    now: datetime
    calendar: WorkingCalendar
    entries: list[tuple[str, datetime, EntryContent]]
    rounds: list[WaitingRound]
    escalations: list[Escalation]
    charges: list[Charge]
    receipts: list[Receipt]
    #: What the delay has cost so far, by the card's monthly fee.
    delay: Delay

    @property
    def window(self) -> Deadlines | None:
        """The deadlines of the current submission, as they are counted today."""
        if self.case.submitted_at is None:
            return None
        return deadlines_of(self.case.submitted_at, self.case.terms(), self.calendar)

    @property
    def late_until(self) -> datetime:
        """The moment up to which lateness is counted: when the carrier returned it or reported it done, or now."""
        case = self.case
        returned_at = case.returned_at if case.state is Status.RETURNED else None
        return returned_at or case.reported_done_at or self.now

    @property
    def is_late(self) -> bool:
        first = self.case.first_reply_by
        return first is not None and is_overdue(first, self.late_until)

    @property
    def unrefunded(self) -> list[Charge]:
        return [charge for charge in self.charges if charge.refunded_on is None]


def load_letter_context(case: Case, now: datetime, calendar: WorkingCalendar) -> LetterContext:
    """Read what a letter tells of a case, in a fixed number of queries."""
    entries = [
        (entry.kind, _happened_at(entry.content.body, entry.recorded_at), entry.content.body)
        for entry in case.entries.select_related("content").order_by("sequence")
        if getattr(entry, "content", None)  # erased content is left out
    ]
    rounds = rounds_of(case)
    return LetterContext(
        case=case,
        now=now,
        calendar=calendar,
        entries=sorted(entries, key=lambda item: item[1]),
        rounds=rounds,
        escalations=list(case.escalations.order_by("lodged_at", "id")),
        charges=list(case.charges.all()),
        receipts=list(case.receipts.all()),
        delay=delay_of(case, rounds, now),
    )


def _happened_at(body: EntryContent, recorded_at: datetime) -> datetime:
    return local(datetime.fromisoformat(body["at"]) if body.get("at") else recorded_at)
