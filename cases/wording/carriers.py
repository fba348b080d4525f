"""What pages say of a carrier: its terms in one line, and the three ways to check that a number is cancelled."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.domain.deadlines import Terms
from cases.models import Carrier
from cases.models.choices import Method


def terms_sentence(terms: Terms) -> str:
    """What a carrier owes, in one line."""
    return _(
        "Registers a request within %(hours)s hours, reviews it in %(review)s working days, answers within %(reply)s; "
        "a first call is reasonable after %(window)s."
    ) % {
        "hours": terms.acknowledge_hours,
        "review": terms.review_days,
        "reply": terms.reply_days,
        "window": terms.window_days,
    }


@dataclass(frozen=True)
class VerificationMethod:
    """One of the ways to make sure that a number is cancelled: how to go it, and what it proves or does not."""

    method: str
    label: str
    how: str
    proves: str


def verification_methods(carrier: Carrier) -> list[VerificationMethod]:
    """The source article's three ways, the weakest last."""
    texts = {
        Method.HOTLINE: (
            _("Call %(hotline)s and ask whether the number is cancelled, and since which day. Note the staff number.")
            % {"hotline": carrier.hotline},
            _("Good proof: the carrier itself says so, with a day and a name. A recording or an SMS makes it better."),
        ),
        Method.ACCOUNT: (
            _("Look into the carrier's app or web site whether the account shows 已关闭 (closed). Keep a screenshot."),
            _("Good proof with a screenshot. That one cannot sign in any more proves nothing by itself."),
        ),
        Method.CALL: (
            _("Call somebody from the number, and the number from another telephone: both must fail."),
            _(
                "Weak proof: a number suspended for arrears fails in the same way and goes on costing. "
                "Check another way too."
            ),
        ),
    }
    return [VerificationMethod(method.value, str(method.label), how, proves) for method, (how, proves) in texts.items()]
