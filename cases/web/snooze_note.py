"""Why a snooze ended before its day: the carrier moved, and what was muted was the waiting for that."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases import wording
from cases.domain.business_days import local
from cases.models import Case, TimelineEntry
from cases.models.choices import EntryKind
from cases.operations.engine.effective_entries import effective_entries
from cases.operations.next_reminder import is_snoozed

#: What a verb ends a snooze with; a message and a promise that breaks have no entry that does.
_ENDED_BY: dict[str, str] = {
    EntryKind.RETURNED: gettext_noop("The snooze until %(day)s has ended: the carrier returned the request."),
    EntryKind.REPORTED_DONE: gettext_noop("The snooze until %(day)s has ended: the carrier said that it is done."),
    EntryKind.CONFIRMED: gettext_noop("The snooze until %(day)s has ended: the cancellation is confirmed."),
}


def snooze_note(case: Case, entries: Sequence[TimelineEntry], now: datetime) -> str:
    """A sentence about the last snooze of the case, where something ended it early and its day has not come; else
    empty. `entries`: all of the case, with their contents, in any order."""
    in_order = sorted(effective_entries(entries), key=lambda entry: entry.sequence)
    snoozes = [entry for entry in in_order if entry.kind == EntryKind.SNOOZED and hasattr(entry, "content")]
    until = snoozes[-1].content.body.get("until") if snoozes else None
    if not until or date.fromisoformat(until) <= local(now).date() or is_snoozed(case, now):
        return ""
    values = {"day": wording.day_in_text(date.fromisoformat(until))}
    if case.snoozed_until:  # a promise that breaks ends it without a change of the row
        return _("The snooze until %(day)s has ended: the promised date passed without a reply.") % values
    ending = next((e.kind for e in in_order if e.sequence > snoozes[-1].sequence and e.kind in _ENDED_BY), None)
    if ending:
        return _(_ENDED_BY[ending]) % values
    return _("The snooze until %(day)s has ended: an SMS from the carrier arrived.") % values
