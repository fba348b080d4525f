"""A refund that a carrier's SMS names, offered on pages: what it says, and the form that it fills in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from cases import selectors
from cases.domain.business_days import WorkingCalendar, local
from cases.models import CarrierMessage, Case, TimelineEntry
from cases.models.choices import MessageState
from cases.operations import ACTIONS, Action
from cases.operations.proposed_refunds import RefundProposal, proposed_refund, refund_in
from cases.operations.refunds import cancelled_at, is_amount_unknown
from cases.web.access import TeamRequest
from cases.web.actions import REFUND_ACTIONS
from cases.wording.moments import day_in_text
from cases.wording.refunds import refund_named_in_text

#: Where a message of a case may speak for it: it waits there, or is recorded there.
_STATES = (MessageState.PROPOSED, MessageState.RECORDED)


def refund_action_title(action: Action, *, names_amount: bool) -> str:
    """The title of an action about a refund; of an open one of which nobody knew the amount, that is entered."""
    is_amount = names_amount and action is Action.EXPECT_REFUND
    return gettext("Enter the amount of the refund") if is_amount else str(ACTIONS[action].title)


@dataclass(frozen=True)
class RefundOffer:
    """A proposal for a template."""

    proposal: RefundProposal
    #: The case has an open refund, of which the SMS names the amount.
    names_amount: bool = False

    @property
    def action(self) -> Action:
        return self.proposal.action

    @property
    def title(self) -> str:
        return refund_action_title(self.proposal.action, names_amount=self.names_amount)

    @property
    def day(self) -> str:
        """When the SMS came."""
        return day_in_text(local(self.proposal.message.received_at).date())

    @property
    def text(self) -> str:
        """What it says of the refund."""
        return refund_named_in_text(self.proposal.mention)


def refund_offer(
    case: Case, entries: Sequence[TimelineEntry], calendar: WorkingCalendar, message: CarrierMessage | None = None
) -> RefundOffer | None:
    """What the SMS of a case, or the one given, propose of its refund; None where there is nothing to propose.

    `entries`: the case's, with their contents.
    """
    if cancelled_at(case) is None:
        return None
    messages = [message] if message else list(case.messages.filter(state__in=_STATES))
    proposal = proposed_refund(messages, case, entries, calendar)
    is_possible = proposal is not None and ACTIONS[proposal.action].is_possible(case, [])
    return RefundOffer(proposal, is_amount_unknown(case)) if proposal and is_possible else None


def refund_offer_asked_for(request: TeamRequest, case: Case, action: Action) -> RefundOffer | None:
    """The proposal with which the form of an action is to be filled in (`message` in the query); None without one."""
    key = request.GET.get("message", "")
    if action not in REFUND_ACTIONS or not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    message = selectors.messages_of(case.team).filter(case=case, pk=int(key), state__in=_STATES).first()
    mention = refund_in(message, selectors.working_calendar()) if message else None
    return (
        RefundOffer(RefundProposal(message, mention, action), is_amount_unknown(case)) if message and mention else None
    )
