"""What was saved and what is still open of a cancellation, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.domain.savings import Period
from cases.models import Carrier
from cases.models.choices import Reason

DIMENSION_LABELS = {
    "carrier": gettext_lazy("Carrier"),
    "department": gettext_lazy("Department"),
    "reason": gettext_lazy("Reason"),
}
#: The first is what pages show until somebody chooses.
PERIOD_LABELS = {
    Period.YEAR: gettext_lazy("This year"),
    Period.MONTH: gettext_lazy("This month"),
    Period.ALL: gettext_lazy("Since the start"),
}


def savings_line_name(dimension: str, key: object, carriers: Mapping[int, Carrier]) -> str:
    """What a line of savings is called; `key`: a carrier's key, a department or a reason."""
    if dimension == "carrier":
        return str(carriers[int(str(key))])
    if dimension == "reason":
        return str(Reason(str(key)).label)
    return str(key) or _("No department")


def cards_without_fee(count: int) -> str:
    """A note that `count` cancelled cards are in no sum."""
    template = ngettext(
        "%(count)s cancelled card is not counted because it has no monthly fee.",
        "%(count)s cancelled cards are not counted because they have no monthly fee.",
        count,
    )
    return template % {"count": f"{count:,}"}


def savings_rules() -> list[str]:
    """How the figures are counted, in two sentences."""
    return [
        _(
            "Fees no longer paid: the monthly fee of each cancelled card, from the month after its cancellation was "
            "confirmed. A card whose number is in use again counts for nothing, and no card counts twice."
        ),
        _("Money back: refunds received, and charges that were paid back."),
    ]
