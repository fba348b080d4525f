"""What pages say of a carrier: its terms in one line, and the three ways to check that a number is cancelled."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cases.models import Carrier
from cases.models.choices import Method
from cases.wording.moments import join_names

#: How a time limit is named in a sentence.
_TERM_NAMES = {
    "acknowledge_hours": pgettext_lazy("a time limit", "acknowledgement"),
    "review_days": pgettext_lazy("a time limit", "review"),
    "window_days": pgettext_lazy("a time limit", "a first call"),
    "reply_days": pgettext_lazy("a time limit", "reply"),
}


def terms_sentence(carrier: Carrier) -> str:
    """A carrier's time limits in one line; the defaults are called that, for the carrier never stated them."""
    terms, defaults = carrier.terms(), carrier.default_terms()
    if not defaults:
        sentence = _(
            "Acknowledges requests within %(hours)s hours, reviews them in %(review)s working days and replies within "
            "%(reply)s. Make a first call after %(window)s."
        )
    elif len(defaults) == len(_TERM_NAMES):
        sentence = _(
            "Default time limits (this carrier has published none): acknowledgement within %(hours)s hours, review "
            "within %(review)s working days, reply within %(reply)s working days; make a first call after %(window)s "
            "working days."
        )
    else:
        sentence = _(
            "Time limits, some of them defaults (this carrier has published none for %(defaults)s): acknowledgement "
            "within %(hours)s hours, review within %(review)s working days, reply within %(reply)s working days; make "
            "a first call after %(window)s working days."
        )
    return sentence % {
        "hours": terms.acknowledge_hours,
        "review": terms.review_days,
        "reply": terms.reply_days,
        "window": terms.window_days,
        "defaults": join_names(str(_TERM_NAMES[name]) for name in defaults),
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
                "Weak evidence: a number suspended for unpaid bills also fails, and may still be charged. "
                "Use another method as well."
            ),
        ),
    }
    return [VerificationMethod(method.value, str(method.label), how, proves) for method, (how, proves) in texts.items()]
