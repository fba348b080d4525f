"""What will be stored of a row of an imported table, as the preview shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cases import wording
from cases.documents.import_rows import FACT_NAMES
from cases.formats.tables.readings import ReadCase, ReadRefund
from cases.models.choices import Purpose, Reason, RequestChannel, ReturnReason
from cases.operations.card_import_plan import RowPlan
from cases.web.forms.card_imports import FIELD_LABELS


@dataclass(frozen=True)
class PreviewCell:
    """A value that will be stored; `before` is what the card has now, where that is something else."""

    title: str
    text: str
    before: str | None = None

    @property
    def is_numeric(self) -> bool:
        """Whether it is a number or a day, which is not broken."""
        return bool(self.text) and self.before is None and all(character in "0123456789.-" for character in self.text)


#: A column of the preview: its title, and what it shows of a row, None where that is nothing.
Column = tuple[str, Callable[[RowPlan, str], PreviewCell]]


def columns_of(plans: Sequence[RowPlan]) -> list[Column]:
    """The columns in which any of these rows has something: facts, own columns, the case and who handles it."""
    columns: list[Column] = [(str(FIELD_LABELS["carrier"]), _carrier_cell)]
    facts = [name for name in FACT_NAMES if any(name in plan.facts.known() for plan in plans)]
    columns += [(fact_label(name), _fact_reader(name)) for name in facts if name != "note"]
    own_titles = dict.fromkeys(title for plan in plans for title in plan.custom)
    columns += [(title, _own_reader(title)) for title in own_titles]
    if any(plan.case for plan in plans):
        columns.append((_("Case"), _case_cell))
    if any(plan.handler_name for plan in plans):
        columns.append((str(FIELD_LABELS["handler"]), _handler_cell))
    columns += [(fact_label(name), _fact_reader(name)) for name in facts if name == "note"]
    return columns


def fact_label(name: str) -> str:
    """What a column of the register is called."""
    return str(FIELD_LABELS[FACT_NAMES.get(name, name)])


def _cell(title: str, plan: RowPlan, name: str, value: Any) -> PreviewCell:
    text = value_text(name, value)
    if name not in plan.changes:
        return PreviewCell(title, text)
    before, after = plan.changes[name]
    return PreviewCell(title, value_text(name, after), before=value_text(name, before))


def _fact_reader(name: str) -> Callable[[RowPlan, str], PreviewCell]:
    return lambda plan, title: _cell(title, plan, name, getattr(plan.facts, name))


def _own_reader(own_title: str) -> Callable[[RowPlan, str], PreviewCell]:
    return lambda plan, title: _cell(title, plan, own_title, plan.custom.get(own_title, ""))


def _carrier_cell(plan: RowPlan, title: str) -> PreviewCell:
    if "carrier" in plan.changes:
        return _cell(title, plan, "carrier", plan.carrier)
    if plan.carrier is None:
        return PreviewCell(title, wording.with_note(_("unknown"), plan.carrier_name) if plan.carrier_name else "")
    text = str(plan.carrier)
    return PreviewCell(title, wording.with_note(text, _("guessed from the number")) if plan.carrier_is_guess else text)


def _handler_cell(plan: RowPlan, title: str) -> PreviewCell:
    if plan.handler_name and plan.handler is None:
        return PreviewCell(title, wording.with_note(plan.handler_name, _("not a member yet")))
    return PreviewCell(title, plan.handler_name)


def _case_cell(plan: RowPlan, title: str) -> PreviewCell:
    if plan.case is None:
        return PreviewCell(title, "")
    text = case_text(plan.case)
    return PreviewCell(title, text if plan.opens_case else wording.with_note(text, _("already logged")))


def case_text(case: ReadCase) -> str:
    """The case that a row names: its standing, when it was submitted, and what else is known."""
    parts = [case_status_label(case.status)]
    if case.submitted_at:
        day_or_moment = wording.format_day(case.submitted_at.date()) if case.is_day_only else None
        parts.append(_("submitted %(moment)s") % {"moment": day_or_moment or wording.format_moment(case.submitted_at)})
    if case.closed_on:
        parts.append(_("cancelled %(day)s") % {"day": wording.format_day(case.closed_on)})
    if case.returned_on:
        parts.append(_("returned %(day)s") % {"day": wording.format_day(case.returned_on)})
    if case.return_reason:
        parts.append(str(ReturnReason(case.return_reason).label))
    if case.carrier_reference:
        parts.append(case.carrier_reference)
    if case.channel:
        parts.append(str(RequestChannel(case.channel).label))
    if case.reason_words or case.reason:
        parts.append(case.reason_words or str(Reason(case.reason).label))
    if case.refund:
        parts.append(_refund_text(case.refund))
    return " · ".join(parts)


def _refund_text(refund: ReadRefund) -> str:
    """'refund expected: 36.50 yuan (due Fri 20 Nov)': what a row says is owed back, or that came, and when."""
    amount = _("amount not known") if refund.amount is None else wording.format_yuan(refund.amount)
    text = _("refund received: %(amount)s") if refund.is_received else _("refund expected: %(amount)s")
    if refund.received is not None:
        part = {"received": wording.format_yuan(refund.received), "amount": amount}
        text = _("refund received: %(received)s of %(amount)s") % part
    else:
        text %= {"amount": amount}
    if refund.is_received:
        return wording.with_note(text, wording.format_day(refund.received_on)) if refund.received_on else text
    due = _("due %(day)s") % {"day": wording.format_day(refund.due_on)} if refund.due_on else ""
    return wording.with_note(text, due) if due else text


def case_status_label(status: str) -> str:
    """The state in which a case is logged."""
    return _("Reported done, to be verified") if status == "reported_done" else wording.status_label(status)


def value_text(name: str, value: Any) -> str:
    """A value of a card as a page shows it."""
    if value in ("", None):
        return ""
    if name == "purpose":
        return str(Purpose(value).label)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime):
        return wording.format_moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
