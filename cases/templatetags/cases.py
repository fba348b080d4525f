"""How templates say numbers and moments; thin doors to cases.words and cases.domain.phones."""

from datetime import datetime

from django import template
from django.template.defaultfilters import filesizeformat

from cases import words
from cases.domain import phones
from cases.domain.masking import masked_text
from cases.domain.standing import Kind
from cases.models import Receipt

register = template.Library()
register.filter("moment", words.moment)
register.filter("day", words.day)
register.filter("deadline", words.deadline)
register.filter("masked", phones.masked)
register.filter("spaced", phones.spaced)
register.filter("masked_text", masked_text)
register.filter("yuan", words.yuan)

_TONES = {
    Kind.OVERDUE: "late",
    Kind.DUE_TODAY: "due",
    Kind.TO_VERIFY: "due",
    Kind.RETURNED: "due",
    Kind.WAITING: "waiting",
    Kind.DRAFT: "quiet",
    Kind.CONFIRMED: "done",
    Kind.WITHDRAWN: "quiet",
}


@register.filter
def tone(kind: Kind) -> str:
    """The colour that a standing has, by its meaning: late, due, waiting, done, quiet."""
    return _TONES[kind]


@register.filter
def iso(value: datetime) -> str:
    """For <time datetime>."""
    return value.isoformat()


@register.filter
def receipt_line(receipt: Receipt) -> str:
    return f"{receipt.get_kind_display()} · {filesizeformat(receipt.size)} · {words.moment(receipt.added_at)}"


@register.filter
def capped(count: int) -> str:
    """A count that stopped at 1,000."""
    return "999+" if count >= 1000 else str(count)
