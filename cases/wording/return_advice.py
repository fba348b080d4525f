"""What to do about a request that the carrier returned: for each reason what, where, and what to bring.

What one carrier wants is a fact with its source (`CarrierFact`, edited in the admin) and stands beside it.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.models import CarrierFact, Case
from cases.models.choices import ReturnReason, Topic
from cases.wording.joining import join_sentences
from cases.wording.moments import format_yuan

_WHAT = {
    ReturnReason.ARREARS: gettext_noop(
        "Ask how much is due up to the cancellation date and what it is for. Pay it, keep the receipt and add it to "
        "this case, then submit again."
    ),
    ReturnReason.CONTRACT: gettext_noop(
        "Ask which contract or bundle it is, how long it runs and what it costs to end it. Ask to see the clause "
        "before you agree to anything. End it, then submit again."
    ),
    ReturnReason.PAPERS: gettext_noop(
        "Ask for the full list at once. Provide everything within the time stated, often only two days, then submit "
        "again."
    ),
    ReturnReason.SPECIAL: gettext_noop(
        "Ask whether it is a premium number with a minimum term or spend, or which numbers are linked to it as primary "
        "and secondary SIMs. Ask for the agreement. End it or have the SIMs separated, then submit again."
    ),
    ReturnReason.HOME: gettext_noop(
        "Ask why it cannot be cancelled here. If they still refuse, ask for the refusal in writing: with it you can "
        "complain. Or submit again at the home branch."
    ),
    ReturnReason.OTHER: gettext_noop(
        "Ask the carrier what exactly is missing and add its answer to this case. Do that, then submit again."
    ),
}
_WHERE = {
    ReturnReason.ARREARS: gettext_noop("The carrier’s app, a branch, or %(hotline)s."),
    ReturnReason.CONTRACT: gettext_noop("Call %(hotline)s first; many contracts can only be ended at a branch."),
    ReturnReason.PAPERS: gettext_noop("Where you submitted the request; %(hotline)s says where else."),
    ReturnReason.SPECIAL: gettext_noop("Call %(hotline)s first, then go to a branch."),
    ReturnReason.HOME: gettext_noop("Call %(hotline)s first: it can name the branches that take cancellations."),
    ReturnReason.OTHER: gettext_noop("Call %(hotline)s, or ask where you submitted the request."),
}
_BRING = {
    ReturnReason.ARREARS: gettext_noop("The receipt of the payment, and the documents of the first request."),
    ReturnReason.CONTRACT: gettext_noop(
        "The contract if you have it, the holder’s identity document, and the equipment that belongs to it."
    ),
    ReturnReason.PAPERS: gettext_noop("What the carrier named, as originals and copies; see the checklist."),
    ReturnReason.SPECIAL: gettext_noop("The holder’s identity document, and all SIMs that are linked."),
    ReturnReason.HOME: gettext_noop("The holder’s identity document and the SIM."),
    ReturnReason.OTHER: gettext_noop("What the carrier named, and the documents of the first request."),
}
_TOPICS = {
    ReturnReason.ARREARS: Topic.PAYMENT,
    ReturnReason.CONTRACT: Topic.CONTRACT,
    ReturnReason.PAPERS: Topic.PAPERS,
    ReturnReason.SPECIAL: Topic.NUMBERS,
    ReturnReason.HOME: Topic.BRANCHES,
}


@dataclass(frozen=True)
class ReturnAdvice:
    """Sentences, in the active language. `owed` and `how_to_pay` are empty where no money is owed."""

    what: str
    where: str
    bring: str
    owed: str
    how_to_pay: str

    @property
    def in_short(self) -> str:
        """What a message has room for: the sum, what to do, and how to pay."""
        return join_sentences((self.owed, self.what, self.how_to_pay))


def return_advice(case: Case, owed: Decimal | None) -> ReturnAdvice:
    """What to do about the return of a case; `owed` (yuan): the sum that is owed, None where it is not known."""
    reason = _reason(case)
    values = {"hotline": case.carrier.hotline or _("the carrier")}
    owed_text = how_to_pay = ""
    if owed is not None:
        owed_text = _("Amount owed: %(amount)s.") % {"amount": format_yuan(owed)}
    elif reason is ReturnReason.ARREARS:
        owed_text = _("The amount owed is not known: call %(hotline)s.") % values
    if owed_text:
        template = _(
            "Pay only in the carrier’s own app, at a branch or as %(hotline)s tells you, never into a private account."
        )
        how_to_pay = template % values
    return ReturnAdvice(
        _(_WHAT[reason]) % values, _(_WHERE[reason]) % values, _(_BRING[reason]) % values, owed_text, how_to_pay
    )


def facts_for_return(case: Case) -> list[CarrierFact]:
    """What is known of the carrier about this reason of return."""
    topic = _TOPICS.get(_reason(case))
    return [fact for fact in case.carrier.facts.all() if fact.topic == topic] if topic else []


def _reason(case: Case) -> ReturnReason:
    return ReturnReason(case.return_reason or ReturnReason.OTHER)
