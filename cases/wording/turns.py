"""Whose turn it is in a case, in words: above its day strip."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from cases.domain.business_days import local
from cases.domain.turns import Side, Turn, Why
from cases.wording.moments import day_in_text, deadline_in_text

_WHY = {
    Why.DRAFT: gettext_noop("The request has not been submitted, so no time limit runs."),
    Why.REQUEST: gettext_noop("The carrier owes a reply by %(until)s."),
    Why.EFFECT: gettext_noop("The carrier has agreed; the cancellation takes effect by %(until)s."),
    Why.EFFECT_PASSED: gettext_noop("The day on which the cancellation takes effect has passed: check that it has."),
    Why.COMPLAINT: gettext_noop("The carrier owes an answer to the complaint by %(until)s."),
    Why.COMPLAINT_UNANSWERED: gettext_noop(
        "The carrier’s time to answer the complaint has ended, so an appeal is possible."
    ),
    Why.APPEAL: gettext_noop("The appeal body owes an answer by %(until)s."),
    Why.RETURNED: gettext_noop(
        "Since %(since)s, when the carrier returned the request. No time limit of the carrier runs until you submit it "
        "again."
    ),
    Why.REPORTED_DONE: gettext_noop(
        "Since %(since)s, when the carrier said that it is done. No time limit of the carrier runs any more; check "
        "that the number is cancelled."
    ),
    Why.BILL: gettext_noop("Confirmed cancelled on %(since)s. Only the last bill remains to be checked."),
    Why.OVER: gettext_noop("The case is closed."),
}
_WHY_LATE = {
    Why.REQUEST: gettext_noop("The carrier’s reply was due by %(until)s and is overdue."),
    Why.APPEAL: gettext_noop("The appeal body’s answer was due by %(until)s and is overdue."),
}


@dataclass(frozen=True)
class TurnText:
    """`whose` is a label, `why` a sentence."""

    side: str
    whose: str
    why: str


def turn_sentence(turn: Turn) -> TurnText:
    """Whose turn it is, since when or until when."""
    whose = {
        Side.CARRIER: pgettext("whose turn it is", "Carrier’s turn"),
        Side.OURS: pgettext("whose turn it is", "Your turn"),
        Side.APPEAL_BODY: pgettext("whose turn it is", "Appeal body’s turn"),
        Side.NOBODY: pgettext("whose turn it is", "Neither side’s turn"),
    }
    values = {
        "since": day_in_text(local(turn.since).date()) if turn.since else "",
        "until": deadline_in_text(turn.until) if turn.until else "",
    }
    reason = _WHY_LATE.get(turn.why, _WHY[turn.why]) if turn.is_late else _WHY[turn.why]
    return TurnText(turn.side.value, whose[turn.side], _(reason) % values)
