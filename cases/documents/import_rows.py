"""The rows of an import before it runs, as values for JSON: for the command, and for the API."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cases.documents.imports import read_columns
from cases.domain import masking
from cases.domain.business_days import local
from cases.formats.tables.readings import Message, ReadCase, ReadRefund
from cases.models import CardImport, Carrier, User
from cases.operations import card_import
from cases.operations.card_import_plan import RowPlan
from cases.operations.cards import CardFacts

#: The facts of a card in the order of the register, by the name that they have in a row.
FACT_NAMES = {
    "holder": "holder",
    "user": "user",
    "department": "department",
    "plan": "plan",
    "monthly_fee": "monthly_fee",
    "purpose": "purpose",
    "iccid": "iccid",
    "opened_on": "opened_on",
    "contract_end": "contract_ends_on",
    "note": "note",
}


def message_text(message: Message) -> str:
    """What is told about a row, in the active language."""
    return _(message.msgid) % message.params


def describe_columns(import_: CardImport) -> list[dict[str, str]]:
    """The columns of the table as it is read: title and field, from the first on."""
    return [{"title": title, "field": field} for _index, title, field in read_columns(import_)]


def describe_plan(plan: RowPlan, *, full_numbers: bool) -> dict[str, Any]:
    """What would become of a card of a row; numbers in every text of it are masked unless they may be seen in full."""
    described: dict[str, Any] = {
        "row": plan.row,
        "outcome": plan.outcome,
        "number": plan.number or None,
        "carrier": plan.carrier.slug if plan.carrier else None,
        "facts": _facts(plan.facts),
        "custom": dict(plan.custom),
        "handler": plan.handler_name or None,
        "case": _case(plan.case) if plan.case else None,
        "warnings": [message_text(message) for message in plan.warnings],
        "reason": message_text(plan.reason) if plan.reason else None,
        "changes": {name: [_plain(before), _plain(after)] for name, (before, after) in plan.changes.items()},
    }
    if plan.carrier is None and plan.carrier_name:
        described["carrier_name"] = plan.carrier_name
    return described if full_numbers else {name: _masked(value) for name, value in described.items()}


def _masked(value: Any) -> Any:
    """With every number masked; unlike `masking.mask_json` whatever the names are, for titles of a table are among
    them."""
    if isinstance(value, dict):
        return {masking.mask_text(name): _masked(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked(item) for item in value]
    return masking.mask_text(value) if isinstance(value, str) else value


def describe_plans(import_: CardImport, *, by: User, now: datetime) -> Iterator[dict[str, Any]]:
    """Every row of the chosen sheet, numbers in full and the purpose as the table writes it; `now` is aware."""
    for plan in card_import.plan_rows(import_, by=by, now=now):
        described = describe_plan(plan, full_numbers=True)
        if plan.purpose_words:
            described["facts"]["purpose"] = plan.purpose_words
        yield described


def _facts(facts: CardFacts) -> dict[str, str]:
    known = facts.known()
    return {name: _plain(known[column]) for column, name in FACT_NAMES.items() if column in known}


def _case(case: ReadCase) -> dict[str, Any]:
    return {
        "status": case.status,
        "submitted_at": _plain(case.submitted_at),
        "closed_on": _plain(case.closed_on),
        "returned_on": _plain(case.returned_on),
        "return_reason": case.return_reason or None,
        "carrier_reference": case.carrier_reference or None,
        "reason": case.reason or None,
        "reason_words": case.reason_words or None,
        "channel": case.channel or None,
        "status_words": case.status_words or None,
        "refund": _refund(case.refund) if case.refund else None,
    }


def _refund(refund: ReadRefund) -> dict[str, Any]:
    return {
        "amount": _plain(refund.amount),
        "due_on": _plain(refund.due_on),
        "received_on": _plain(refund.received_on),
        "received": refund.is_received,
        "received_amount": _plain(refund.received),
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it: days and moments in ISO 8601, moments in Beijing time, yuan with two decimals."""
    if isinstance(value, datetime):
        return local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, Carrier):
        return value.slug
    return value if value is None or isinstance(value, str | int | bool) else str(value)
