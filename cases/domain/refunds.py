"""What a carrier owes back after a cancellation: by when, and whether what came settles it.

Moments that come in are aware; days are days in Asia/Shanghai; money is yuan, as Decimal. Rules: domain.md, 'Refunds';
Civil Code, articles 201 and 203; facts.md, 'After the cancellation' (China Unicom, cancelled in its app).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from cases.domain.business_days import WorkingCalendar, local
from cases.domain.costs import FEN, AmountRefused
from cases.domain.deadlines import effective_day
from cases.domain.errors import CaseError, gettext_noop

#: Working days that a carrier gets where neither it nor its terms name a day.
REFUND_DAYS = 15
#: Of an account only so much of its number is stored.
ACCOUNT_ENDING_LENGTH = 4
#: What the column holds.
AMOUNT_LIMIT = Decimal(10) ** 8


class RefundDueBasis(StrEnum):
    """What the day rests on by which a refund is due."""

    CARRIER_WORD = "carrier_word"
    CARRIER_TERMS = "carrier_terms"
    WORKING_DAYS = "working_days"


DUE_BASIS_LABELS: dict[str, str] = {
    RefundDueBasis.CARRIER_WORD: gettext_noop("The carrier said so"),
    RefundDueBasis.CARRIER_TERMS: gettext_noop("The carrier’s terms"),
    RefundDueBasis.WORKING_DAYS: gettext_noop("15 working days"),
}


class RefundStillOpen(CaseError):
    code = "refund_open"
    message = gettext_noop("A refund is still open. Record that it was received, or write it off, first.")


class NoOpenRefund(CaseError):
    code = "no_open_refund"
    message = gettext_noop("This case has no open refund.")


class NotCancelledYet(CaseError):
    code = "not_cancelled_yet"
    message = gettext_noop(
        "A refund can be recorded once the carrier has reported the cancellation done, or it is confirmed."
    )


class RefundDueBeforeCancellation(CaseError):
    """Params: day."""

    code = "refund_due_before_cancellation"
    message = gettext_noop("This is before the day of the cancellation (%(day)s).")


class AccountNumberRefused(CaseError):
    code = "account_number_refused"
    message = gettext_noop("Enter at most the last 4 digits or letters. Xiaoka does not store account numbers.")


class ReceivedBeforeRequest(CaseError):
    """Params: day."""

    code = "received_before_request"
    message = gettext_noop("This is before the request was submitted (%(day)s).")


class NotTheWholeRefund(CaseError):
    """Params: outstanding, in yuan."""

    code = "not_the_whole_refund"
    message = gettext_noop(
        "%(outstanding)s yuan are outstanding, so this is a part. Record it as a part; if no more will come, write off "
        "the rest."
    )


@dataclass(frozen=True, slots=True)
class RefundTerms:
    """What is known of when a carrier refunds: `day_of_month` (1 to 28), up to which day of the month after a request
    in its app it does (None: not known), and whether roaming was used, which puts that off by a month."""

    requested_at: datetime | None = None
    day_of_month: int | None = None
    roaming: bool = False


@dataclass(frozen=True, slots=True)
class RefundDue:
    """The last day on which a refund is in time, and what that rests on."""

    day: date
    basis: RefundDueBasis


def refund_due(
    cancelled_at: datetime, terms: RefundTerms, calendar: WorkingCalendar, *, named_day: date | None = None
) -> RefundDue:
    """By when the balance is due of a number that was cancelled at a moment ('done', or confirmed without it).

    `named_day`: what the carrier said. Without it its terms, unless their day is over by then; else the
    REFUND_DAYS-th working day after the day of the cancellation, which does not count. Raises
    RefundDueBeforeCancellation, YearNotCovered.
    """
    cancelled_on = local(cancelled_at).date()
    if named_day is not None:
        if calendar.day(named_day).date < cancelled_on:
            raise RefundDueBeforeCancellation(day=cancelled_on)
        return RefundDue(named_day, RefundDueBasis.CARRIER_WORD)
    if terms.requested_at is not None and terms.day_of_month is not None:
        day = effective_day(local(terms.requested_at).date(), terms.day_of_month, roaming=terms.roaming)
        if day >= cancelled_on:
            return RefundDue(calendar.day(day).date, RefundDueBasis.CARRIER_TERMS)
    return RefundDue(calendar.nth_working_day(cancelled_on, REFUND_DAYS), RefundDueBasis.WORKING_DAYS)


def put_off_from(first_due_on: date, due_on: date) -> date | None:
    """The day that the carrier put off by naming `due_on`, of a refund that was first due on `first_due_on`; None where
    it put nothing off. A dispute arises on the first of them (Measures, article 11)."""
    return first_due_on if first_due_on < due_on else None


def is_refund_overdue(due_on: date | None, now: datetime) -> bool:
    """Whether the day is over by which a refund was due; None: none is open."""
    return due_on is not None and local(now).date() > due_on


def outstanding(amount: Decimal | None, received: Decimal) -> Decimal | None:
    """What is still owed, never below zero; None where nobody knows how much it is."""
    return None if amount is None else max(amount - received, Decimal("0.00"))


def is_settled(amount: Decimal | None, received: Decimal) -> bool:
    """Whether as much or more has come as was owed."""
    return amount is not None and received >= amount


def check_amount(amount: Decimal) -> Decimal:
    """The amount to the fen; AmountRefused unless it is above zero, with no fraction of a fen, and can be stored."""
    if not 0 < amount < AMOUNT_LIMIT or amount != amount.quantize(FEN):
        raise AmountRefused()
    return amount.quantize(FEN)


def check_account_ending(ending: str) -> str:
    """The last digits or letters of an account, at most ACCOUNT_ENDING_LENGTH, or ''; raises AccountNumberRefused."""
    ending = ending.strip()
    if ending and not re.fullmatch(rf"[0-9A-Za-z]{{1,{ACCOUNT_ENDING_LENGTH}}}", ending):
        raise AccountNumberRefused()
    return ending
