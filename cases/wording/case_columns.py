"""The columns of the list of cases: their titles."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

#: The columns that the list shows until somebody chooses; the number always leads.
USUAL_CASE_COLUMNS = ("number", "reference", "carrier", "standing", "submitted", "reply_by", "handler")


def case_column_titles() -> dict[str, str]:
    """The titles of all columns by name, in their usual order."""
    return {
        "number": _("Number"),
        "reference": _("Case reference"),
        "carrier": _("Carrier"),
        "standing": _("Progress"),
        "submitted": pgettext("when it happened", "Submitted"),
        "reply_by": _("Reply due"),
        "handler": _("Assignee"),
        "department": _("Department"),
        "user": pgettext("of a card", "User"),
        "holder": _("Holder"),
        "reason": _("Reason"),
        "batch": _("Batch"),
        "carrier_reference": _("Carrier reference number"),
    }
