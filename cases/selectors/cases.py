"""What is overdue, due, waiting: each defined once, for lists, admin, API and worker alike.

Every function narrows cases that somebody may see (`cases_of`) or all of them (admin, worker); none widens
them. `now` is an aware moment, read once by the caller.
"""

from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery

from cases.domain.business_days import end_of_day, local, start_of_day
from cases.domain.deadlines import Basis
from cases.domain.status import STATUSES_WITH_CARRIER, Status
from cases.models import Case, Receipt, TimelineEntry
from cases.models.choices import EntryKind
from cases.selectors.entries import entries_that_count
from cases.selectors.search import MAX_KEYS

Cases = QuerySet[Case]


def listed(cases: Cases, text: str = "") -> Cases:
    """Cases that lists, counts and statistics show: not those logged by mistake, unless `text` is the reference."""
    condition = Q(logged_by_mistake=False)
    return cases.filter(condition | Q(reference=text.strip().upper()) if text.strip() else condition)


def waiting_for_carrier_at(cases: Cases, carrier: str, moment: datetime) -> Cases:
    """Cases that were with this carrier (its slug) at a moment, and owe an answer still."""
    return cases.filter(carrier__slug=carrier, status__in=STATUSES_WITH_CARRIER, submitted_at__lte=moment)


def waiting(cases: Cases, now: datetime) -> Cases:
    """The carrier owes an answer and still has time."""
    return cases.filter(reply_by__gt=now)


def waiting_beyond_today(cases: Cases, now: datetime) -> Cases:
    """The same without what is due today, which lists have on its own."""
    return waiting(cases, end_of_day(local(now).date()))


def overdue_q(now: datetime, prefix: str = "") -> Q:
    """`domain.deadlines.is_overdue` as a condition on a case or a round, which is at `prefix` ('cases__')."""
    return Q(**{f"{prefix}reply_by__lte": now})


def overdue(cases: Cases, now: datetime) -> Cases:
    """The carrier's time is over."""
    return cases.filter(overdue_q(now))


def due_today(cases: Cases, now: datetime) -> Cases:
    """The last day is today: today 00:00 < reply_by <= tomorrow 00:00, in Shanghai."""
    today = local(now).date()
    return cases.filter(reply_by__gt=start_of_day(today), reply_by__lte=end_of_day(today))


def promised_today(cases: Cases, now: datetime) -> Cases:
    """Due today because the carrier promised so."""
    return due_today(cases, now).filter(basis=Basis.PROMISE)


def to_verify(cases: Cases) -> Cases:
    """The carrier says it is done; we have to make sure."""
    # What is closed is not with the carrier; the condition is repeated because the index holds what is not closed.
    return cases.filter(status__in=STATUSES_WITH_CARRIER, reported_done_at__isnull=False, closed_at__isnull=True)


def returned(cases: Cases) -> Cases:
    """The carrier handed the request back: it is our turn."""
    return cases.filter(status=Status.RETURNED, returned_at__isnull=False, closed_at__isnull=True)


def refund_open(cases: Cases) -> Cases:
    """The carrier owes a balance back, whether or not it is due; of a withdrawn request nobody does."""
    return cases.filter(refund_due_on__isnull=False).exclude(status=Status.WITHDRAWN)


def refund_overdue(cases: Cases, now: datetime) -> Cases:
    """The day is over by which the carrier of a confirmed case owed it back (`domain.refunds.is_refund_overdue`)."""
    return cases.filter(refund_due_on__lt=local(now).date(), status=Status.CONFIRMED)


def with_status(cases: Cases, status: Status) -> Cases:
    return cases.filter(status=status)


def provisional(cases: Cases) -> Cases:
    """Waiting for a deadline that the next year's schedule may still move."""
    return cases.filter(reply_by__isnull=False, provisional=True)


def confirmed_without_receipt(cases: Cases) -> Cases:
    """Confirmed, and no receipt counts: there is none, or every entry that names one was voided."""
    # A subquery for each row: with a join, PostgreSQL reads all receipts first.
    receipt = Receipt.objects.filter(case=OuterRef("pk")).order_by().values("pk")[:1]
    entries = TimelineEntry.objects.filter(case=OuterRef("pk")).order_by()
    # Contents are read only of a case with a voided entry; of an erased one nobody knows any more.
    has_voided = Exists(entries.filter(kind=EntryKind.VOIDED, content__isnull=False))
    names_receipt = Exists(entries_that_count(entries).filter(content__body__receipts__0__isnull=False))
    without_receipt = Q(receipt__isnull=True) | (Q(has_voided) & ~Q(names_receipt))
    return cases.alias(receipt=Subquery(receipt)).filter(without_receipt, status=Status.CONFIRMED)


def due_for_reminder(cases: Cases, now: datetime) -> Cases:
    """The hint says that a reminder may be due; the sweep computes again before it sends."""
    return cases.filter(next_reminder_at__lte=now)


def capped_count(rows: QuerySet[Model], cap: int = MAX_KEYS) -> int:
    """How many there are, counting no further than `cap`."""
    return rows.order_by()[:cap].count()
