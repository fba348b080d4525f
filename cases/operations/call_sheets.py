"""Call sheets: what is due for a call, by carrier and purpose, and the answers of a call recorded in one act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects

from cases.domain.business_days import WorkingCalendar, end_of_day, local
from cases.domain.calls import CallOutcome, CallPurpose, call_purpose
from cases.domain.case_standing import Standing, StandingKind, Step
from cases.domain.clock_skew import settle_moment
from cases.domain.errors import PromisedDayMissing
from cases.models import Batch, Carrier, Case, User
from cases.models.choices import Finding, FollowUpWay, Method, ReturnReason
from cases.operations.amount_owed import amounts_owed
from cases.operations.engine.perform import VerbOutcome, perform
from cases.operations.engine.verb import Verb
from cases.operations.escalation import Complain
from cases.operations.follow_up import FollowUp
from cases.operations.next_reminder import reminder_state, standing_of
from cases.operations.refunds import PromiseRefund, ReceiveRefund
from cases.operations.replies import make_reply
from cases.operations.verification import Verify
from cases.selectors import Cases
from cases.selectors.calls import call_candidates

#: What a sheet shows of its cases, or takes their standing from.
_PREFETCHED = ("escalations", "batch", "refunds")


@dataclass(frozen=True)
class CallRow:
    """A case on a call sheet, with where it stands; `owed` (yuan): what it was returned for, where that is known."""

    case: Case
    standing: Standing
    owed: Decimal | None = None

    @property
    def is_late(self) -> bool:
        return self.standing.kind is StandingKind.OVERDUE or self.standing.step is Step.ASK_REFUND


@dataclass(frozen=True)
class CallSheet:
    """What one call to a carrier is about; the rows with the longest wait come first."""

    carrier: Carrier
    purpose: CallPurpose
    rows: list[CallRow]

    @property
    def line(self) -> str:
        """The number to call; empty of a carrier that nobody has entered one of."""
        complaints = self.carrier.complaint_line if self.purpose is CallPurpose.COMPLAIN else ""
        return complaints or self.carrier.hotline

    @property
    def late_count(self) -> int:
        return sum(row.is_late for row in self.rows)

    @property
    def cases(self) -> list[Case]:
        return [row.case for row in self.rows]

    def by_batch(self) -> list[tuple[Batch | None, list[CallRow]]]:
        """The rows, those of a batch together where its first one stands; None: on their own, one after the other."""
        sizes: dict[int, int] = {}
        for row in self.rows:
            sizes[row.case.batch_id or 0] = sizes.get(row.case.batch_id or 0, 0) + 1
        parts: list[tuple[Batch | None, list[CallRow]]] = []
        places: dict[int, int] = {}
        for row in self.rows:
            key = row.case.batch_id or 0
            if not key or sizes[key] == 1:
                if parts and parts[-1][0] is None:
                    parts[-1][1].append(row)
                else:
                    parts.append((None, [row]))
            elif key in places:
                parts[places[key]][1].append(row)
            else:
                places[key] = len(parts)
                parts.append((row.case.batch, [row]))
        return parts


def call_sheets(cases: Cases, now: datetime, calendar: WorkingCalendar) -> list[CallSheet]:
    """The calls that are due at `now` (aware) about these cases, the sheet with the longest wait first."""
    sheets: dict[tuple[int, CallPurpose], CallSheet] = {}
    for row, purpose in _due_rows(cases, now, calendar):
        carrier = row.case.carrier
        sheet = sheets.setdefault((carrier.pk, purpose), CallSheet(carrier, purpose, []))
        sheet.rows.append(row)
    for sheet in sheets.values():
        sheet.rows.sort(key=_longest_wait_first)
    return sorted(sheets.values(), key=lambda sheet: _longest_wait_first(sheet.rows[0]))


def call_sheet(
    cases: Cases, carrier: Carrier, purpose: CallPurpose, now: datetime, calendar: WorkingCalendar
) -> CallSheet:
    """The call to one carrier for one purpose; without rows where none is due."""
    sheets = call_sheets(cases.filter(carrier=carrier), now, calendar)
    return next((sheet for sheet in sheets if sheet.purpose is purpose), CallSheet(carrier, purpose, []))


def sheet_of_cases(
    cases: Iterable[Case], carrier: Carrier, purpose: CallPurpose, now: datetime, calendar: WorkingCalendar
) -> CallSheet:
    """The sheet over these cases, due or not: what was asked about stays as it was asked."""
    cases = list(cases)
    prefetch_related_objects(cases, *_PREFETCHED)
    owed = amounts_owed(cases)
    rows = [CallRow(case, standing_of(case, now, calendar), owed.get(case.pk)) for case in cases]
    return CallSheet(carrier, purpose, rows)


def _due_rows(cases: Cases, now: datetime, calendar: WorkingCalendar) -> Iterable[tuple[CallRow, CallPurpose]]:
    candidates = {case.pk: case for part in call_candidates(cases, now) for case in part}
    cases_to_call = list(candidates.values())
    prefetch_related_objects(cases_to_call, *_PREFETCHED)
    owed = amounts_owed(cases_to_call)
    for case in cases_to_call:
        standing = standing_of(case, now, calendar)
        state = reminder_state(case, list(case.escalations.all()))
        is_for_arrears = case.return_reason == ReturnReason.ARREARS
        purpose = call_purpose(standing, state, case.last_follow_up_at, now, is_for_arrears=is_for_arrears)
        if purpose:
            yield CallRow(case, standing, owed.get(case.pk)), purpose


def _longest_wait_first(row: CallRow) -> tuple[bool, datetime, int]:
    case = row.case
    since = case.reported_done_at or case.reply_by or case.returned_at or case.created_at
    if row.standing.step is Step.ASK_REFUND and case.refund_due_on:
        since = end_of_day(case.refund_due_on)
    return (not row.is_late, since, case.pk)


@dataclass(frozen=True)
class CallAnswer:
    """What was said of one number. `day`: the promised one, or that on which a refund came; `reason`: of the return;
    `accept_far`: the day is good although it is far away; `amount` (yuan): what came, None: all that is outstanding;
    `is_all`: nothing more is owed of a refund of which nobody knew the sum."""

    outcome: CallOutcome
    day: date | None = None
    reason: str = ""
    reference: str = ""
    accept_far: bool = False
    amount: Decimal | None = None
    is_all: bool = False


@dataclass(frozen=True)
class Call:
    """One call: when (aware), who answered, and what was said in general. `note`: the same with the name of who
    answered, for what has no place for that."""

    at: datetime
    agent: str = ""
    words: str = ""
    note: str = ""


def answer_verb(call: Call, answer: CallAnswer) -> Verb | None:
    """The verb that records an answer; None where nothing is to be recorded.

    Raises PromisedDayMissing, ReturnReasonMissing.
    """
    outcome = answer.outcome
    if outcome is CallOutcome.NOT_ASKED:
        return None
    if outcome in (CallOutcome.NO_REPLY, CallOutcome.NO_ANSWER, CallOutcome.EXPLAINED):
        return FollowUp(call.at, FollowUpWay.CALL, call.words, call.agent, answer.reference)
    if outcome is CallOutcome.COMPLAINED:
        return Complain(call.at, answer.reference, call.note)
    if outcome in (CallOutcome.CANCELLED, CallOutcome.ALIVE):
        finding = Finding.CANCELLED if outcome is CallOutcome.CANCELLED else Finding.ALIVE
        return Verify(call.at, Method.HOTLINE, finding, call.note, confirm=True)
    if outcome is CallOutcome.REFUND_PROMISED:
        if answer.day is None:
            raise PromisedDayMissing()
        return PromiseRefund(call.at, answer.day, FollowUpWay.CALL.value, call.agent, call.words)
    if outcome is CallOutcome.REFUND_RECEIVED:
        return ReceiveRefund(answer.day or local(call.at).date(), answer.amount, answer.is_all, call.note)
    return make_reply(
        outcome.value,
        at=call.at,
        words=call.words,
        agent=call.agent,
        reference=answer.reference,
        way=FollowUpWay.CALL.value,
        promised_on=answer.day,
        accept_far=answer.accept_far,
        reason=answer.reason,
    )


def record_call(
    call: Call,
    answers: Mapping[Case, CallAnswer],
    *,
    unanswered_words: str,
    by: User,
    now: datetime,
    submit_token: UUID | None,
) -> VerbOutcome:
    """Record the answers of a call, one entry on each case; all of it is one act and one transaction.

    `answers`: cases that the caller has selected by `selectors.cases_of`. `unanswered_words`: what is noted where
    nobody answered. A case that its verb refuses is named with the reason, and the others go on. The same
    `submit_token` again records nothing more. Raises PromisedDayMissing, ReturnReasonMissing.
    """
    call = Call(settle_moment(call.at, now), call.agent, call.words, call.note)
    silent = Call(call.at, call.agent, call.words or unanswered_words, call.note)
    cases_by_verb: dict[Verb, list[Case]] = {}
    for case, answer in answers.items():
        verb = answer_verb(silent if answer.outcome is CallOutcome.NO_ANSWER else call, answer)
        if verb is not None:
            cases_by_verb.setdefault(verb, []).append(case)
    outcome = VerbOutcome()
    with transaction.atomic():
        for verb, cases in cases_by_verb.items():
            outcome.add(perform(verb, cases, by=by, now=now, submit_token=submit_token))
    return outcome
