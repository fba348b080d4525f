"""How an entry of the timeline reads: its content as labelled lines, in the active language."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases import wording
from cases.domain import checklist
from cases.domain.business_days import local
from cases.domain.escalation import AppealSubject
from cases.models import TimelineEntry
from cases.models.choices import (
    ChargeKind,
    EscalationKind,
    Finding,
    FollowUpWay,
    ItemState,
    Method,
    Reason,
    RequestChannel,
    ReturnReason,
)


@dataclass(frozen=True)
class EntryDescription:
    """An entry as a page shows it: `at` and `when` it happened, `recorded` when that was told later."""

    entry: TimelineEntry
    title: str
    by: str
    at: datetime
    when: str
    recorded: str
    change: str
    words: str
    lines: list[tuple[str, str]]
    erased: bool


def describe_entry(entry: TimelineEntry) -> EntryDescription:
    """The entry in words; one whose content was erased keeps what the chain holds."""
    stored = getattr(entry, "content", None)
    body: dict[str, Any] = stored.body if stored else {}
    happened_at = datetime.fromisoformat(body["at"]) if body.get("at") else None
    recorded_later = happened_at is not None and abs((entry.recorded_at - happened_at).total_seconds()) >= 60
    changed = entry.status_from and entry.status_from != entry.status_to
    at = happened_at or entry.recorded_at
    return EntryDescription(
        entry=entry,
        title=entry.get_kind_display(),
        by=body.get("by") or (_("the product itself") if entry.recorded_by_id is None else ""),
        at=at,
        when=wording.format_moment(at),
        recorded=wording.format_moment(entry.recorded_at) if recorded_later else "",
        change=f"{wording.status_label(entry.status_from)} → {wording.status_label(entry.status_to)}"
        if changed
        else "",
        words=body.get("words", ""),
        lines=list(_lines(body)),
        erased=stored is None,
    )


def _lines(body: dict[str, Any]) -> list[tuple[str, str]]:
    lines = []
    for name, (label, format_value) in _content_fields().items():
        if body.get(name) not in (None, "", [], {}) and (text := format_value(body[name])):
            lines.append((label, text))
    return lines


def _content_fields() -> dict[str, tuple[str, Callable[[Any], str]]]:
    """The parts of a content that are shown, in this order: label, and how the value is said."""
    return {
        "way": (_("How"), _choice_label(FollowUpWay)),
        "method": (_("How"), _choice_label(Method)),
        "finding": (_("Finding"), _choice_label(Finding)),
        "reason": (_("Reason"), lambda value: _choice_label(ReturnReason)(value) or _choice_label(Reason)(value)),
        "channel": (_("Asked for by"), _choice_label(RequestChannel)),
        "sender": (_("SMS from"), str),
        "agent": (_("Spoken to"), str),
        "reference": (pgettext("given by the carrier", "Reference"), str),
        "promised_on": (_("Promised day"), _format_day),
        "about": (_("About"), lambda value: _("charges") if value == AppealSubject.CHARGES else ""),
        "letter": (_("Letter"), _choice_label(EscalationKind)),
        "satisfied": (_("Settles it"), _yes_no),
        "accepted": (_("Taken up"), _yes_no),
        "until": (_("Quiet until"), _format_day),
        "kept": (_("Kept for good"), _yes_no),
        "from": (pgettext("handed over", "From"), str),
        "to": (pgettext("handed over", "To"), str),
        "item": (_("Item"), _item_label),
        "state": (_("State"), _choice_label(ItemState)),
        "ready": (_("Ready"), _item_labels),
        "waived": (_("Waived"), _waived_items),
        "not_checked": (_("Not checked"), _item_labels),
        "before": (pgettext("the correction", "Before"), _format_moment),
        "receipts": (
            _("Receipts"),
            lambda value: "\n".join(f"{r['name']} · SHA-256 {r['sha256'][:16]}…" for r in value),
        ),
        "bill": (_("The bill shows"), _bill_result),
        "charged_for": (_("What for"), _choice_label(ChargeKind)),
        "amount": (_("Amount"), _format_yuan),
        "day": (_("Day of the charge"), _format_day),
        "after_cancellation": (_("After the cancellation"), _yes_no),
        "refunded_on": (_("Refunded on"), _format_day),
        "reply_by": (_("Answer due by"), _deadline_change),
    }


def _choice_label(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label) if value in choices.values else ""


def _format_day(value: str) -> str:
    return wording.format_day(date.fromisoformat(value))


def _format_moment(value: str) -> str:
    return wording.format_moment(datetime.fromisoformat(value))


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _bill_result(result: str) -> str:
    return _("a charge") if result == "charge" else _("nothing was charged")


def _format_yuan(amount: str) -> str:
    return wording.format_yuan(Decimal(amount))


def _item_label(code: str) -> str:
    return _(checklist.ITEMS_BY_CODE[code].label) if code in checklist.ITEMS_BY_CODE else code


def _item_labels(codes: list[str]) -> str:
    return "\n".join(map(_item_label, codes))


def _waived_items(reasons: dict[str, str]) -> str:
    return "\n".join(f"{_item_label(code)}: {reason}" for code, reason in reasons.items())


def _deadline_change(value: list[str | None]) -> str:
    before, after = (wording.format_deadline(local(datetime.fromisoformat(v))) if v else "" for v in value)
    if before and after:
        return f"{before} → {after}"
    return after or _("%(deadline)s (no longer running)") % {"deadline": before}
