"""Columns and lines of the admin's cases: moments and flags in the product's words."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.template.defaultfilters import yesno
from django.utils.translation import gettext_lazy as _

from cases import clock, wording
from cases.models import Case
from cases.operations.next_reminder import snoozed_until

if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import StrPromise

# Any: the stubs know fieldsets of names alone, and Django takes these columns there, too.


def _moment_column(name: str, label: "StrPromise", *, deadline: bool = False) -> Any:
    """A column or line with the moment in this field, as the product words moments."""

    @admin.display(description=label, ordering=name)
    def column(case: Case) -> str:
        value: datetime | None = getattr(case, name)
        if value is None:
            return "-"
        return wording.format_deadline(value) if deadline else wording.format_moment(value)

    column.__name__ = name
    return column


def _flag_column(name: str, label: "StrPromise") -> Any:
    """Yes or no in words: a green tick would praise a case for being late."""

    @admin.display(description=label)
    def column(case: Case) -> str:
        return str(yesno(getattr(case, name)))

    column.__name__ = name
    return column


@admin.display(description=_("snoozed until"))
def _snoozed_until(case: Case) -> str:
    """Until when reminders are held back; a snooze that is over is not told."""
    until = snoozed_until(case, clock.now())
    return wording.format_day(until) if until else "-"


_snoozed_until.__name__ = "snoozed_until"
SUBMITTED = _moment_column("submitted_at", _("submitted"))
REPLY_BY = _moment_column("reply_by", _("reply due"), deadline=True)
LAST_REPLY = _moment_column("last_reply_at", _("last reply"))
REQUEST = (
    *("reference", "team", "full_card", "carrier", "handler", "status", "reason", "channel", "carrier_reference"),
    _moment_column("created_at", _("logged")),
)
DEADLINES = (
    SUBMITTED,
    _moment_column("acknowledge_by", _("acknowledge by"), deadline=True),
    _moment_column("window_opens", _("first call from")),
    _moment_column("review_by", _("review by"), deadline=True),
    REPLY_BY,
    "promised_on",
    "takes_effect_on",
    *(_flag_column("provisional", _("provisional")), _flag_column("was_late", _("was overdue"))),
    _flag_column("logged_by_mistake", _("logged by mistake")),
)
EVENTS: tuple[Any, ...] = (
    _moment_column("acknowledged_at", _("acknowledged")),
    LAST_REPLY,
    _moment_column("last_follow_up_at", _("last follow-up")),
    _moment_column("reported_done_at", _("reported done")),
    _moment_column("returned_at", _("returned")),
    *("return_reason", "verification"),
    _moment_column("confirmed_at", _("confirmed")),
    _moment_column("closed_at", _("closed")),
    _snoozed_until,
    _moment_column("next_reminder_at", _("next reminder")),
)
