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
class Told:
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


def tell(entry: TimelineEntry) -> Told:
    """The entry in words; one whose content was erased keeps what the chain holds."""
    stored = getattr(entry, "content", None)
    body: dict[str, Any] = stored.body if stored else {}
    happened = datetime.fromisoformat(body["at"]) if body.get("at") else None
    told_later = happened is not None and abs((entry.recorded_at - happened).total_seconds()) >= 60
    changed = entry.status_from and entry.status_from != entry.status_to
    at = happened or entry.recorded_at
    return Told(
        entry=entry,
        title=entry.get_kind_display(),
        by=body.get("by") or (_("the product itself") if entry.recorded_by_id is None else ""),
        at=at,
        when=wording.moment(at),
        recorded=wording.moment(entry.recorded_at) if told_later else "",
        change=f"{wording.status(entry.status_from)} → {wording.status(entry.status_to)}" if changed else "",
        words=body.get("words", ""),
        lines=list(_lines(body)),
        erased=stored is None,
    )


def _lines(body: dict[str, Any]) -> list[tuple[str, str]]:
    lines = []
    for name, (label, say) in _parts().items():
        if body.get(name) not in (None, "", [], {}) and (said := say(body[name])):
            lines.append((label, said))
    return lines


def _parts() -> dict[str, tuple[str, Callable[[Any], str]]]:
    """The parts of a content that are shown, in this order: label, and how the value is said."""
    return {
        "way": (_("How"), _label(FollowUpWay)),
        "method": (_("How"), _label(Method)),
        "finding": (_("Finding"), _label(Finding)),
        "reason": (_("Reason"), lambda value: _label(ReturnReason)(value) or _label(Reason)(value)),
        "channel": (_("Asked for by"), _label(RequestChannel)),
        "sender": (_("SMS from"), str),
        "agent": (_("Spoken to"), str),
        "reference": (pgettext("given by the carrier", "Reference"), str),
        "promised_on": (_("Promised day"), _day),
        "about": (_("About"), lambda value: _("charges") if value == AppealSubject.CHARGES else ""),
        "letter": (_("Letter"), _label(EscalationKind)),
        "satisfied": (_("Settles it"), _yes_no),
        "accepted": (_("Taken up"), _yes_no),
        "until": (_("Quiet until"), _day),
        "kept": (_("Kept for good"), _yes_no),
        "from": (pgettext("handed over", "From"), str),
        "to": (pgettext("handed over", "To"), str),
        "item": (_("Item"), _item),
        "state": (_("State"), _label(ItemState)),
        "ready": (_("Ready"), _items),
        "waived": (_("Waived"), _waived),
        "not_checked": (_("Not checked"), _items),
        "before": (pgettext("the correction", "Before"), _moment),
        "receipts": (
            _("Receipts"),
            lambda value: "\n".join(f"{r['name']} · SHA-256 {r['sha256'][:16]}…" for r in value),
        ),
        "bill": (_("The bill shows"), _bill),
        "charged_for": (_("What for"), _label(ChargeKind)),
        "amount": (_("Amount"), _yuan),
        "day": (_("Day of the charge"), _day),
        "after_cancellation": (_("After the cancellation"), _yes_no),
        "refunded_on": (_("Refunded on"), _day),
        "reply_by": (_("Answer due by"), _moved),
    }


def _label(choices: Any) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label) if value in choices.values else ""


def _day(value: str) -> str:
    return wording.day(date.fromisoformat(value))


def _moment(value: str) -> str:
    return wording.moment(datetime.fromisoformat(value))


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


def _bill(found: str) -> str:
    return _("a charge") if found == "charge" else _("nothing was charged")


def _yuan(amount: str) -> str:
    return wording.yuan(Decimal(amount))


def _item(code: str) -> str:
    return _(checklist.ITEMS_BY_CODE[code].label) if code in checklist.ITEMS_BY_CODE else code


def _items(codes: list[str]) -> str:
    return "\n".join(map(_item, codes))


def _waived(reasons: dict[str, str]) -> str:
    return "\n".join(f"{_item(code)}: {reason}" for code, reason in reasons.items())


def _moved(value: list[str | None]) -> str:
    before, after = (wording.deadline(local(datetime.fromisoformat(v))) if v else "" for v in value)
    if before and after:
        return f"{before} → {after}"
    return after or _("%(deadline)s (no longer running)") % {"deadline": before}
