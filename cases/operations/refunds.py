"""What the carrier owes back after the cancellation: expected, promised for a day, received, written off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from cases.domain import refunds as rules
from cases.domain.business_days import local, local_iso
from cases.domain.costs import AmountRefused
from cases.domain.errors import DayInTheFuture, PromisedDayMissing, PromiseInThePast
from cases.domain.json_values import JsonObject
from cases.domain.refunds import RefundDueBasis, RefundTerms
from cases.domain.status import STATUSES_WITH_CARRIER, Status
from cases.models import Case, Refund
from cases.models.choices import EntryKind, RefundWay, RequestChannel
from cases.operations.engine.decoding import decode
from cases.operations.engine.verb import Verb, Work


def cancelled_at(case: Case) -> datetime | None:
    """Since when the balance is owed: the carrier's 'done', or the confirmation without one; None: neither is there."""
    return case.reported_done_at or case.confirmed_at


@dataclass(frozen=True)
class ExpectRefund(Verb):
    """A balance is owed back; `amount` None: not known. `way` is a RefundWay, `account_ending` at most four characters.

    `due_on`: the day that the carrier named; None: by its terms (`roaming`: whether roaming was used), or else 15
    working days. Once the carrier reported the cancellation done, or it is confirmed, and while no refund is open.

    Of one that is open and of which nobody knew the amount, it names the amount: what is recorded of the method and the
    account stays, and the day too, unless the carrier named one.
    """

    amount: Decimal | None = None
    way: str = RefundWay.UNKNOWN
    account_ending: str = ""
    due_on: date | None = None
    roaming: bool = False
    words: str = ""
    #: Of the carrier's terms, as recorded; None: as they are now.
    refund_day: int | None = None
    kind: ClassVar[EntryKind] = EntryKind.REFUND_EXPECTED

    @classmethod
    def from_content(cls, content: JsonObject) -> "ExpectRefund":
        """A day that nobody named is counted again: the moment of the cancellation may have been corrected."""
        is_named = content["due_basis"] == RefundDueBasis.CARRIER_WORD and not content.get("day_stays")
        return decode(cls, content if is_named else {**content, "due_on": None})

    def apply(self, work: Work) -> None:
        case = work.case
        work.require_status(*STATUSES_WITH_CARRIER, Status.CONFIRMED)
        since = cancelled_at(case)
        if since is None:
            raise rules.NotCancelledYet()
        amount = None if self.amount is None else rules.check_amount(self.amount)
        ending = rules.check_account_ending(self.account_ending)
        if case.refund_due_on is not None:
            if amount is None or (refund := open_refund(work)).amount is not None:
                raise rules.RefundStillOpen()
            self._name_amount(work, refund, amount, ending)
            return
        refund_day = self.refund_day or case.carrier.refund_day
        # The terms are those of a cancellation in the carrier's app.
        is_in_app = case.channel == RequestChannel.APP
        terms = RefundTerms(case.submitted_at, refund_day, self.roaming) if is_in_app else RefundTerms()
        due = rules.refund_due(since, terms, work.calendar, named_day=self.due_on)
        refund = Refund(
            case=case,
            amount=amount,
            way=self.way,
            account_ending=ending,
            due_on=due.day,
            due_basis=due.basis,
            received=Decimal("0.00"),
            words=self.words[:500],
            recorded_at=work.now,
            sequence=work.sequence,
        )
        work.add(refund)
        _set_due(work, refund, due.day, due.basis)
        work.content |= {
            "amount": None if amount is None else str(amount),
            "way": str(self.way),
            "account_ending": ending,
            "due_on": due.day.isoformat(),
            "due_basis": due.basis.value,
            "words": self.words,
        }
        if self.due_on is None and is_in_app and refund_day:
            work.content |= {"roaming": self.roaming, "refund_day": refund_day}

    def _name_amount(self, work: Work, refund: Refund, amount: Decimal, ending: str) -> None:
        refund.amount = amount
        if refund.way == RefundWay.UNKNOWN:
            refund.way = self.way
        refund.account_ending = refund.account_ending or ending
        if self.due_on is not None:
            since = cancelled_at(work.case)
            assert since is not None  # `apply` has checked it
            due = rules.refund_due(since, RefundTerms(), work.calendar, named_day=self.due_on)
            refund.put_off_from = rules.put_off_from(refund.first_due_on, due.day)
            _set_due(work, refund, due.day, due.basis)
        else:
            work.changed_rows.append(refund)
        if rules.is_settled(amount, refund.received):
            _close(work, refund, refund.received_on or local(work.now).date())
        work.content |= {
            "amount": str(amount),
            "way": str(refund.way),
            "account_ending": refund.account_ending,
            "due_on": refund.due_on.isoformat(),
            "due_basis": str(refund.due_basis),
            "day_stays": self.due_on is None,
            "words": self.words,
        }


@dataclass(frozen=True)
class PromiseRefund(Verb):
    """The carrier said at a moment that the refund comes by a day; `way` is set when it was asked for it (FollowUpWay).

    Raises NoOpenRefund, PromisedDayMissing, PromiseInThePast.
    """

    at: datetime
    promised_on: date | None = None
    way: str = ""
    agent: str = ""
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.REFUND_PROMISED

    def apply(self, work: Work) -> None:
        refund = open_refund(work)
        work.check_moment(self.at)
        if self.promised_on is None:
            raise PromisedDayMissing()
        if work.calendar.day(self.promised_on).date < local(self.at).date():
            raise PromiseInThePast()
        refund.put_off_from = rules.put_off_from(refund.first_due_on, self.promised_on)
        _set_due(work, refund, self.promised_on, RefundDueBasis.CARRIER_WORD)
        if self.way:
            work.record_follow_up(self.at)
        work.content |= {
            "at": local_iso(self.at),
            "promised_on": self.promised_on.isoformat(),
            "way": str(self.way),
            "agent": self.agent,
            "words": self.words,
        }


@dataclass(frozen=True)
class ReceiveRefund(Verb):
    """Money came back on a day: a part, the whole, or more. `amount` None: what is outstanding, where that is known.

    `is_all`: no more is owed, of a refund of which nobody knew the sum; of one that is known it must be the whole.
    Raises NoOpenRefund, AmountRefused, NotTheWholeRefund, DayInTheFuture, ReceivedBeforeRequest.
    """

    on: date
    amount: Decimal | None = None
    is_all: bool = False
    words: str = ""
    kind: ClassVar[EntryKind] = EntryKind.REFUND_RECEIVED
    content_names: ClassVar[Mapping[str, str]] = {"on": "received_on", "is_all": "all"}

    def apply(self, work: Work) -> None:
        refund, case = open_refund(work), work.case
        amount = refund.outstanding if self.amount is None else self.amount
        if amount is None:
            raise AmountRefused()
        amount = rules.check_amount(amount)
        if self.on > local(work.now).date():
            raise DayInTheFuture()
        if case.submitted_at and self.on < (day := local(case.submitted_at).date()):
            raise rules.ReceivedBeforeRequest(day=day)
        received = refund.received + amount
        rules.check_amount(received)
        if self.is_all and refund.amount is not None and received < refund.amount:
            raise rules.NotTheWholeRefund(outstanding=refund.outstanding)
        refund.received, refund.received_on = received, max(self.on, refund.received_on or self.on)
        if self.is_all or rules.is_settled(refund.amount, received):
            _close(work, refund, self.on)
        work.changed_rows.append(refund)
        work.content |= {
            "amount": str(amount),
            "received_on": self.on.isoformat(),
            "all": self.is_all,
            "outstanding": None if refund.outstanding is None else str(refund.outstanding),
            "words": self.words,
        }


@dataclass(frozen=True)
class WriteOffRefund(Verb):
    """What is outstanding of the refund is not expected any more, for a reason; raises NoOpenRefund, ReasonMissing."""

    words: str
    kind: ClassVar[EntryKind] = EntryKind.REFUND_WRITTEN_OFF

    def apply(self, work: Work) -> None:
        refund = open_refund(work)
        work.require_reason(self.words)
        left = refund.outstanding
        refund.written_off = True
        _close(work, refund, local(work.now).date())
        work.changed_rows.append(refund)
        work.content |= {"amount": None if left is None else str(left), "words": self.words}


def open_refund(work: Work) -> Refund:
    """The refund that is open; raises NoOpenRefund."""
    refund = next((row for row in work.refunds if row.is_open), None)
    if refund is None:
        raise rules.NoOpenRefund()
    return refund


def is_amount_unknown(case: Case) -> bool:
    """Whether a refund of the case is open of which nobody knows the amount; its refunds are best prefetched."""
    if case.refund_due_on is None:
        return False
    return any(refund.is_open and refund.amount is None for refund in case.refunds.all())


def _set_due(work: Work, refund: Refund, day: date, basis: RefundDueBasis) -> None:
    refund.due_on, refund.due_basis = day, basis
    work.case.refund_due_on, work.case.refund_no = day, work.sequence
    work.changed_rows.append(refund)


def _close(work: Work, refund: Refund, day: date) -> None:
    refund.closed_on = day
    work.case.refund_due_on, work.case.refund_no = None, 0
