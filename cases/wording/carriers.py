"""What pages say of a carrier: its terms in one line, and the ways to check that a number is cancelled."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from cases.models import Carrier
from cases.models.choices import Method
from cases.wording.joining import join_names, join_sentences

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
            "%(reply)s working days. Make a first call after %(window)s working days."
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
    """One of the ways to make sure that a number is cancelled: how to go it, and what it proves or does not.

    `source`: where that is said, of a way whose limits are not plain from itself.
    """

    method: str
    label: str
    how: str
    proves: str
    source: str = ""

    @property
    def limits(self) -> str:
        """What it proves or does not, with its source."""
        return join_sentences((self.proves, self.source))

    @property
    def in_full(self) -> str:
        """All of it, as one text."""
        return join_sentences((self.how, self.proves, self.source))


def verification_methods(carrier: Carrier) -> list[VerificationMethod]:
    """The source article's three ways, and 一证通查 (facts.md, 'After the cancellation'); the weak ones last."""
    texts = {
        Method.HOTLINE: (
            _("Call %(hotline)s. Ask whether the number is cancelled and since when, and note the staff number.")
            % {"hotline": carrier.hotline or _("the carrier")},
            _(
                "Strong evidence: the carrier itself confirms it, with a date and a staff number. A recording or "
                "an SMS makes it stronger."
            ),
        ),
        Method.ACCOUNT: (
            _(
                "Check in the carrier’s app or website whether the account shows 已销户 (cancelled), "
                "and keep a screenshot."
            ),
            _("Strong evidence with a screenshot. Not being able to sign in proves nothing by itself."),
        ),
        Method.CALL: (
            _("Make a call from the number, then call it from another phone. Both calls should fail."),
            _(
                "Weak evidence: a number suspended for unpaid bills also fails, and may still be charged. "
                "Use another method as well."
            ),
        ),
        Method.COUNT: (
            _(
                "Look up in 一证通查 (in WeChat or Alipay, or on the ministry’s website) how many numbers the "
                "ID document has at this carrier, before and after the cancellation."
            ),
            _(
                "Weak evidence: it shows that the count changed, never which number is gone. Use another method as "
                "well."
            ),
            _("Source: public page of the service, not re-checked (confidence: medium)."),
        ),
    }
    return [VerificationMethod(method.value, str(method.label), *parts) for method, parts in texts.items()]
