"""Whether a cancelled number is settled, and what is still open of it, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from cases.domain.settlement import OpenMatter
from cases.wording.joining import join_names, join_sentences, labelled
from cases.wording.moments import day_in_text, format_month, format_yuan


@dataclass(frozen=True)
class OpenMoney:
    """What is open of a confirmed case: the matters, and their sums in yuan and days (Shanghai).

    `bill_month` is the month (its first day) whose bill may be the last, `bill_by` until when to look at it.
    """

    matters: Sequence[OpenMatter]
    bill_month: date
    bill_by: date
    charged: Decimal = Decimal()
    in_question: Decimal = Decimal()
    #: Of the refund: what is outstanding (None: not known), and by when it is due.
    refund: Decimal | None = None
    refund_by: date | None = None


_HEADLINES = {
    OpenMatter.CHARGE: gettext_noop("cancelled, charged afterwards"),
    OpenMatter.FINDING: gettext_noop("cancelled, bill in question"),
    OpenMatter.REFUND: gettext_noop("cancelled, refund open"),
    OpenMatter.BILL: gettext_noop("cancelled, confirmed"),
}


def settlement_headline(matters: Sequence[OpenMatter]) -> str:
    """Where a confirmed case stands, in a few words: settled, or what is most pressing."""
    return _(_HEADLINES[matters[0]]) if matters else _("cancelled, settled")


def settlement_cell(matters: Sequence[OpenMatter]) -> str:
    """'yes', or what is open: for a column 'Settled'."""
    labels = {
        OpenMatter.CHARGE: pgettext("still open of a case", "charge"),
        OpenMatter.FINDING: pgettext("still open of a case", "bill in question"),
        OpenMatter.REFUND: pgettext("still open of a case", "refund"),
        OpenMatter.BILL: pgettext("still open of a case", "last bill"),
    }
    return labelled(_("no"), join_names(labels[matter] for matter in matters)) if matters else _("yes")


def settlement_line(money: OpenMoney) -> str:
    """All that is open, with its sums, in one line."""
    if not money.matters:
        return _("Settled: the last bill was checked, and nothing is owed to you.")
    return labelled(_("Still open"), join_names(_matter(matter, money) for matter in money.matters))


def _matter(matter: OpenMatter, money: OpenMoney) -> str:
    if matter is OpenMatter.CHARGE:
        return _("%(amount)s charged after the cancellation") % {"amount": format_yuan(money.charged)}
    if matter is OpenMatter.FINDING:
        return _("%(amount)s in question on a bill") % {"amount": format_yuan(money.in_question)}
    if matter is OpenMatter.REFUND and money.refund_by:
        values = {"amount": format_yuan(money.refund or Decimal()), "day": day_in_text(money.refund_by)}
        if money.refund is None:
            return _("refund due on %(day)s") % values
        return _("refund of %(amount)s due on %(day)s") % values
    return _("the last bill is not checked yet")


def money_step(matters: Sequence[OpenMatter]) -> str:
    """What to do about money that the carrier took; empty where it took none."""
    if OpenMatter.CHARGE in matters or OpenMatter.FINDING in matters:
        return _("Ask the carrier to pay back what it should not have charged")
    return ""


def next_month_line(money: OpenMoney) -> str:
    """What somebody with one card looks for, and until when; empty where there is nothing to look for."""
    sentences = []
    if OpenMatter.BILL in money.matters:
        sentences.append(
            _("Look at the bill for %(month)s by %(day)s: is anything charged after the cancellation, and if so what.")
            % {"month": format_month(money.bill_month), "day": day_in_text(money.bill_by)}
        )
    if OpenMatter.REFUND in money.matters and money.refund_by:
        sentences.append(_("Check that the refund arrives by %(day)s.") % {"day": day_in_text(money.refund_by)})
    return join_sentences(sentences)
