"""Cases that may be due for a call; `cases.domain.calls` decides which of them are."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from cases.domain.business_days import local, start_of_day
from cases.domain.deadlines import Basis
from cases.models import Verification
from cases.models.choices import ReturnReason
from cases.selectors.cases import Cases, overdue, refund_overdue, returned, to_verify, waiting

#: Cases of each kind that are looked at, those that wait longest first: more than anybody can call about on a day.
MAX_CANDIDATES = 1000


def call_candidates(cases: Cases, now: datetime) -> list[Cases]:
    """The cases that `domain.calls.call_purpose` need look at, each of these lists with the longest wait first.

    A superset of what is due, without those followed up since, whose carrier's message waits, or that have time.
    """
    unread = cases.filter(message_at=None)
    today = start_of_day(local(now).date())
    verified = Verification.objects.filter(case=OuterRef("pk"), happened_at__gte=today)
    not_called = Q(last_follow_up_at=None) | Q(last_follow_up_at__lt=today)
    not_today = not_called & ~Exists(verified)
    first_call = Q(basis=Basis.SUBMISSION, window_opens__lte=now) & (
        Q(last_follow_up_at=None) | Q(last_follow_up_at__lt=F("window_opens"))
    )
    unregistered = Q(basis=Basis.SUBMISSION, acknowledge_by__lte=now, acknowledged_at=None) & (
        Q(last_follow_up_at=None) | Q(last_follow_up_at__lt=F("acknowledge_by"))
    )
    not_called_since_return = Q(last_follow_up_at=None) | Q(last_follow_up_at__lt=F("returned_at"))
    arrears = returned(unread).filter(not_called_since_return, return_reason=ReturnReason.ARREARS)
    late_promise = Q(basis=Basis.PROMISE, first_reply_by__lte=now) & not_today
    return [
        overdue(unread, now).filter(not_today).order_by("reply_by", "id")[:MAX_CANDIDATES],
        to_verify(unread).filter(not_today).order_by("reported_done_at", "id")[:MAX_CANDIDATES],
        waiting(unread, now)
        .filter(first_call | unregistered | late_promise)
        .order_by("reply_by", "id")[:MAX_CANDIDATES],
        refund_overdue(unread, now).filter(not_called).order_by("refund_due_on", "id")[:MAX_CANDIDATES],
        arrears.order_by("returned_at", "id")[:MAX_CANDIDATES],
    ]
