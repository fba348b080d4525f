"""The columns of the table of cards: their titles, and what a cell says."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.domain.masking import mask_text
from cases.models import Card, CardColumn
from cases.wording.moments import format_day

#: The columns that the table shows until somebody chooses; the team's own follow, then the cases.
STANDARD = ("number", "carrier", "holder", "user", "department", "plan", "monthly_fee")


def column_titles(columns: Sequence[CardColumn]) -> dict[str, str]:
    """The titles of all columns by name, or by key where they are a team's own, in their usual order."""
    return {
        "number": _("Number"),
        "carrier": _("Carrier"),
        "holder": _("Holder"),
        "user": pgettext("of a card", "User"),
        "department": _("Department"),
        "purpose": _("Used for"),
        "plan": _("Plan"),
        "monthly_fee": _("Monthly fee (yuan)"),
        "iccid": _("ICCID"),
        "opened_on": _("Opened on"),
        "contract_end": _("Contract ends"),
        **{column.key: column.title for column in columns},
        "note": _("Card note"),
        "handler_name": _("Assignee, not yet a member"),
        "cases": _("Cases"),
        "standing": _("Open case"),
        "added": _("Added on"),
    }


def usual_columns(columns: Sequence[CardColumn]) -> list[str]:
    """What the table shows of a team that has these columns, until somebody chooses."""
    return [*STANDARD, *(column.key for column in columns), "cases", "standing"]


def cell_text(card: Card, name: str) -> str:
    """What a cell of the table says of a fact of the card; nothing where it is not known."""
    if name == "carrier":
        return str(card.carrier)
    if name == "purpose":
        return card.get_purpose_display()
    value = getattr(card, name, None) if name in _FACTS else card.custom.get(name)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return "" if value is None else str(value)


def card_facts(card: Card, columns: Sequence[CardColumn]) -> list[tuple[str, str]]:
    """What is known of a card, by title, for its page: days in words, numbers in texts masked. Of the facts that few
    cards have those alone that this one has."""
    titles = column_titles(columns)
    rare = ("iccid", "opened_on", "note", "handler_name")
    names = [name for name in titles if name not in ("number", "carrier", "cases", "standing", "added")]
    facts = []
    for name in names:
        value = getattr(card, name, None)
        text = format_day(value) if isinstance(value, date) else mask_text(cell_text(card, name))
        if text or name not in rare:
            facts.append((titles[name], text))
    return facts


_FACTS = frozenset(
    {
        "holder",
        "user",
        "department",
        "plan",
        "monthly_fee",
        "iccid",
        "opened_on",
        "contract_end",
        "note",
        "handler_name",
    }
)
