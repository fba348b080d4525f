"""What a carrier owes back, in the active language."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from cases.domain.refunds import RefundDueBasis
from cases.formats.sms.refund import RefundMention, RefundMentionKind
from cases.models import Carrier, Case, Refund
from cases.models.choices import RefundWay
from cases.wording.joining import join_sentences, with_note
from cases.wording.moments import day_in_text, format_day, format_yuan

_DUE = {
    RefundDueBasis.CARRIER_WORD: gettext_noop("The carrier said it would pay by %(day)s."),
    RefundDueBasis.CARRIER_TERMS: gettext_noop("By the carrier’s terms it is due by %(day)s."),
    RefundDueBasis.WORKING_DAYS: gettext_noop("The carrier named no date; 15 working days end on %(day)s."),
}


def open_refund_of(case: Case) -> Refund | None:
    """The refund of a case that is open; its refunds are best prefetched."""
    if case.refund_due_on is None:
        return None
    return next((refund for refund in case.refunds.all() if refund.is_open), None)


def refund_in_text(refund: Refund, carrier: Carrier) -> str:
    """Of an open refund who owes how much, and by when that was said: '… owes 36.50 yuan. The carrier said by …'."""
    due = _(_DUE[RefundDueBasis(refund.due_basis)]) % {"day": day_in_text(refund.due_on)}
    sentences = [_owed(refund, carrier), due]
    if refund.put_off_from:
        sentences.append(_("It was first due by %(day)s.") % {"day": day_in_text(refund.put_off_from)})
    return join_sentences(sentences)


def refund_due_day(refund: Refund) -> str:
    """'due 6 Nov', or 'first due 30 Oct, put off to 6 Nov'."""
    days = {"day": day_in_text(refund.due_on), "first": day_in_text(refund.first_due_on)}
    return (_("first due %(first)s, put off to %(day)s") if refund.put_off_from else _("due %(day)s")) % days


def refund_due_days(refund: Refund) -> str:
    """The day as a column of days has it; of one that was put off also the first."""
    day = format_day(refund.due_on)
    first = refund.put_off_from and _("first due %(first)s") % {"first": format_day(refund.put_off_from)}
    return with_note(day, first) if first else day


def _owed(refund: Refund, carrier: Carrier) -> str:
    if refund.amount is None:
        text = _("%(carrier)s owes a refund; the amount is not known.") % {"carrier": carrier}
        if not refund.received:
            return text
        return join_sentences([text, _("%(amount)s was received so far.") % {"amount": format_yuan(refund.received)}])
    left = format_yuan(refund.outstanding or Decimal())
    values = {"carrier": carrier, "left": left, "amount": format_yuan(refund.amount)}
    if refund.received:
        return _("%(carrier)s still owes %(left)s of %(amount)s.") % values
    return _("%(carrier)s owes a refund of %(amount)s.") % values


def refund_method(refund: Refund) -> str:
    """'To a bank card (ending 6217)'; empty where nothing is known of it."""
    return _method(refund.way, refund.account_ending)


def _method(way: str, account_ending: str) -> str:
    label = "" if way == RefundWay.UNKNOWN else str(RefundWay(way).label)
    if not account_ending:
        return label
    ending = _("ending %(ending)s") % {"ending": account_ending}
    return with_note(label, ending) if label else ending


def refund_named_in_text(mention: RefundMention) -> str:
    """What an SMS says of a refund: '36.50 yuan will be paid back · To a bank card (ending 6217) · by 20 Nov'."""
    is_received = mention.kind is RefundMentionKind.RECEIVED
    if mention.amount is None:
        what = _("The balance was paid back") if is_received else _("The balance will be paid back")
    else:
        what = _("%(amount)s was paid back") if is_received else _("%(amount)s will be paid back")
        what %= {"amount": format_yuan(mention.amount)}
    due = _("by %(day)s") % {"day": day_in_text(mention.due_on)} if mention.due_on else ""
    return " · ".join(part for part in (what, _method(mention.way, mention.account_ending), due) if part)


def refund_state(refund: Refund) -> str:
    """Outcome of the claim, in a few words; of an open one what is outstanding."""
    if refund.written_off:
        return _("written off")
    if refund.closed_on is not None:
        return _("received %(day)s") % {"day": day_in_text(refund.closed_on)}
    if refund.outstanding is None:
        return pgettext("a refund", "open")
    return _("%(amount)s outstanding") % {"amount": format_yuan(refund.outstanding)}
