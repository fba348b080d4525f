"""The balance that is owed back, asked for beside what ends a cancellation; folded, and never required."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import wording
from cases.domain import refunds
from cases.domain.costs import AmountRefused
from cases.domain.errors import CaseError
from cases.models.choices import RefundWay
from cases.operations import ACTIONS, Action, ExpectRefund
from cases.operations.balance_owed import offers_balance
from cases.web.forms.base import DayField
from cases.web.forms.case_actions import VerbForm, amount_field
from cases.web.middleware.storage_status import note_error

_INPUTS = {item.name: item for item in ACTIONS[Action.EXPECT_REFUND].inputs}
_FIELDS = ("owes_balance", "balance_amount", "balance_way", "balance_ending", "balance_due_on")
#: Where what refuses the refund is shown.
_ERROR_FIELDS: dict[type[CaseError], str] = {
    AmountRefused: "balance_amount",
    refunds.AccountNumberRefused: "balance_ending",
    refunds.RefundDueBeforeCancellation: "balance_due_on",
    refunds.NotCancelledYet: "owes_balance",
    refunds.RefundStillOpen: "owes_balance",
}


class BalanceForm(VerbForm):
    """An action's form with a fold for the balance; what is not ticked and not typed records none."""

    part: ClassVar[str] = "cases/parts/form_with_balance.html"
    owes_balance = forms.BooleanField(
        label=_("A balance is owed back"),
        required=False,
        help_text=_("Tick this even if you know nothing more: a reminder comes when the refund is due."),
    )
    balance_amount = amount_field(required=False)
    balance_way = forms.ChoiceField(
        label=_INPUTS["way"].label, choices=RefundWay.choices, required=False, initial=RefundWay.UNKNOWN
    )
    balance_ending = forms.CharField(
        label=_INPUTS["account_ending"].label,
        help_text=_INPUTS["account_ending"].help_text,
        max_length=60,
        required=False,
    )
    balance_due_on = DayField(label=_INPUTS["due_on"].label, help_text=_INPUTS["due_on"].help_text, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["balance_amount"].help_text = _INPUTS["amount"].help_text
        if not offers_balance(self.case):
            self.leave_out_balance()

    def leave_out_balance(self) -> None:
        """Ask nothing about a balance: a refund is recorded already, or the form is about many cases."""
        for name in _FIELDS:
            self.fields.pop(name, None)

    @property
    def has_balance(self) -> bool:
        return "owes_balance" in self.fields

    @property
    def is_balance_open(self) -> bool:
        """Whether the fold stands open: something was entered in it."""
        return self.has_balance and any(
            self[name].errors or (self[name].value() or "") not in ("", RefundWay.UNKNOWN) for name in _FIELDS
        )

    def main_fields(self) -> Iterator[forms.BoundField]:
        """What is asked beside the balance, in order."""
        return (field for field in self.visible_fields() if field.name not in _FIELDS)

    def balance_fields(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in _FIELDS if name in self.fields)

    def concerns_balance(self) -> bool:
        """Whether the cleaned data are about the end of a cancellation, so that a balance may be owed."""
        raise NotImplementedError(type(self).__name__)

    def refund(self) -> ExpectRefund | None:
        """The refund that the cleaned data mean; None without one."""
        data = self.cleaned_data
        amount, way = data.get("balance_amount"), data.get("balance_way") or RefundWay.UNKNOWN
        ending, due_on = data.get("balance_ending", ""), data.get("balance_due_on")
        is_named = amount is not None or way != RefundWay.UNKNOWN or ending or due_on
        if not self.concerns_balance() or not (data.get("owes_balance") or is_named):
            return None
        return ExpectRefund(amount, str(way), ending, due_on)

    def add_case_error(self, error: CaseError) -> None:
        name = _ERROR_FIELDS.get(type(error), "")
        if name in self.fields and self.concerns_balance():
            note_error(error)
            self.add_error(name, wording.error_message(error))
        else:
            super().add_case_error(error)
