"""Every component in every state, from made-up data; for development only, without a write."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.messages import constants
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import clock, selectors, wording
from cases.domain.business_days import ONE_DAY, SHANGHAI
from cases.domain.case_standing import Standing, StandingKind, Step
from cases.models import Receipt
from cases.models.choices import ReceiptKind
from cases.operations import Action
from cases.web.actions import titled
from cases.web.guide_example import FIRST_DAY, LATE_DAY, example_context

COLOURS = ("late", "due", "waiting", "done", "quiet")
#: Days of the example on which its strip and its ladder look different.
_EXAMPLE_DAYS = (FIRST_DAY, date(2026, 10, 12), LATE_DAY, date(2026, 10, 19), date(2026, 10, 29), date(2026, 11, 3))


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """What docs/design.md shows; 404 unless DEBUG."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "cases/styleguide.html", _sample_context(clock.now()))


def _sample_context(now: datetime) -> dict[str, Any]:
    calendar = selectors.working_calendar()
    late = Standing(StandingKind.OVERDUE, Step.CHASE, late_days=3)
    standings = [
        late,
        *(Standing(kind, Step.WAIT, days_left=2) for kind in StandingKind if kind is not StandingKind.OVERDUE),
    ]
    return {
        "colours": COLOURS,
        "levels": ("info", *(constants.DEFAULT_TAGS[level] for level in (constants.SUCCESS, 30, 40))),
        "standings": [(standing, wording.headline(standing)) for standing in standings],
        "moments": [now + timedelta(days=days) for days in (0, -1, -4, -30, 1, 4)],
        "midnight": datetime.combine(now.date() + 2 * ONE_DAY, datetime.min.time(), SHANGHAI),
        "examples": [example_context(day, calendar) for day in _EXAMPLE_DAYS],
        "receipts": [
            Receipt(name="受理短信.txt", kind=ReceiptKind.SMS, size=412, detected_type="text/plain", added_at=now),
            Receipt(
                name="申请表.pdf", kind=ReceiptKind.FORM, size=210_344, detected_type="application/pdf", added_at=now
            ),
        ],
        "first_actions": titled([Action.FOLLOW_UP, Action.REPLY]),
        "more_actions": titled([Action.HAND_OVER, Action.WITHDRAW]),
    }
