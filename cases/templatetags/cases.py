"""Filters for numbers, moments and counts: thin wrappers of wording, wording.humanize and domain.phones."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases import clock, wording
from cases.domain import masking, phones
from cases.domain.case_standing import StandingKind
from cases.domain.masking import mask_text
from cases.formats.tables.refusals import MAX_ROWS, MAX_TABLE_BYTES, MEGABYTE
from cases.models import AuditEntry, Card, Carrier, Receipt
from cases.selectors.search import MAX_KEYS
from cases.wording import humanize
from cases.wording.audit_log import about_in_words
from cases.wording.stored_sentences import stored_text

register = template.Library()
register.filter("moment", wording.format_moment)
register.filter("moment_in_text", wording.moment_in_text)  # in the middle of a sentence: "failed on …"
register.filter("day", wording.format_day)
register.filter("day_in_text", wording.day_in_text)
register.filter("month", wording.format_month)
register.filter("stored_text", stored_text)
register.filter("masked", masking.mask_number)
register.filter("spaced", phones.format_number)
register.filter("masked_text", mask_text)
register.filter("yuan", wording.format_yuan)


@register.filter
def shown_number(number: str, in_full: bool) -> str:
    """A number in full or masked, as the page's `full_numbers` says."""
    return phones.format_number(number) if in_full else masking.mask_number(number)


@register.filter
def shown_numbers(numbers: Iterable[str], in_full: bool) -> list[str]:
    """Likewise several of them."""
    return [shown_number(number, in_full) for number in numbers]


@register.filter
def shown_text(text: str, in_full: bool) -> str:
    """A text with its numbers in full or masked, as the page's `full_numbers` says."""
    return text if in_full else mask_text(text)


@register.filter
def card_facts(card: Card, columns: str) -> list[str]:
    """What is known of a card in these columns, each with the column's name."""
    values = {column: getattr(card, column) for column in columns.split()}
    return [wording.labelled(str(_CARD_LABELS[column]), value) for column, value in values.items() if value]


register.filter("names", wording.join_names)
register.filter("with_note", wording.with_note)

_CARD_LABELS = {
    "holder": gettext_lazy("Holder"),
    "department": gettext_lazy("Department"),
    "user": pgettext_lazy("of a card", "User"),
}
_TONES = {
    StandingKind.OVERDUE: "late",
    StandingKind.DUE_TODAY: "due",
    StandingKind.TO_VERIFY: "due",
    StandingKind.RETURNED: "due",
    StandingKind.WAITING: "waiting",
    StandingKind.DRAFT: "quiet",
    StandingKind.CONFIRMED: "done",
    StandingKind.WITHDRAWN: "quiet",
}


@register.simple_tag
def table_limits() -> dict[str, str]:
    """How large a table of cards may be: `size` in MB, and `rows`."""
    return {"size": str(MAX_TABLE_BYTES // MEGABYTE), "rows": f"{MAX_ROWS:,}"}


@register.filter
def tone(kind: StandingKind) -> str:
    """The colour of a standing, by meaning: late, due, waiting, done, quiet."""
    return _TONES[kind]


@register.filter
def audit_about(entry: AuditEntry, carrier_names: Mapping[str, str]) -> str:
    """What an entry of the activity log is about."""
    return about_in_words(entry.kind, entry.about, carrier_names)


@register.filter
def when(value: datetime) -> SafeString:
    """A moment in relative words, with the exact one as tooltip; for tables and facts."""
    return _time(value, humanize.natural_moment(value, clock.now()), humanize.exact_moment(value))


@register.filter
def when_in_text(value: datetime) -> SafeString:
    """Likewise in the middle of a sentence: "last SMS …"."""
    return _time(value, humanize.natural_moment_in_text(value, clock.now()), humanize.exact_moment(value))


@register.filter
def due(value: datetime) -> SafeString:
    """A deadline likewise; one at midnight belongs to the day that it ends."""
    text = humanize.natural_moment(value, clock.now(), deadline=True)
    return _time(value, text, humanize.exact_moment(value, deadline=True))


def _time(value: datetime, text: str, exact: str) -> SafeString:
    machine = value.isoformat(timespec="seconds")  # HTML knows three digits after the second, and the database six
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, text)


@register.filter
def tel_link(number: str) -> SafeString:
    """A telephone number that is dialled with one tap; as it stands where it has no digits to dial."""
    if not (target := phones.dialled(number)):
        return format_html("{}", number)
    name = _("Call %(line)s") % {"line": number}
    return format_html('<a class="tel-link numeric" href="tel:{}" aria-label="{}">{}</a>', target, name, number)


@register.filter
def tel_links(text: str, carrier: Carrier | None) -> SafeString:
    """A text in which the carrier's own lines are dialled with one tap; no other number is."""
    lines = {line for line in (carrier.hotline, carrier.complaint_line) if line} if carrier else set()
    if not lines:
        return format_html("{}", text)
    parts = re.split(rf"(?<!\d)({'|'.join(map(re.escape, lines))})(?!\d)", text)
    return format_html_join("", "{}", ((tel_link(part) if part in lines else part,) for part in parts))


@register.filter
def receipt_line(receipt: Receipt) -> str:
    return f"{receipt.get_kind_display()} · {filesizeformat(receipt.size)}"


@register.filter
def capped(count: int) -> str:
    """A count as `selectors.capped_count` gives it, such as '999+'."""
    return f"{MAX_KEYS - 1}+" if count >= MAX_KEYS else str(count)
