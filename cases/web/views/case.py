"""The page of a case, and its actions."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from cases import operations as ops
from cases import selectors, wording
from cases.domain import checklist
from cases.domain.business_days import WorkingCalendar, local
from cases.domain.case_standing import Standing, Step, current_standing
from cases.domain.deadlines import Basis
from cases.domain.errors import CaseError, ChangedMeanwhile
from cases.domain.roles import Right
from cases.domain.settlement import OpenMatter
from cases.domain.status import Status
from cases.domain.turns import whose_turn
from cases.models import CarrierMessage, Case, Escalation, TimelineEntry, WaitingRound
from cases.models.choices import EntryKind, RequestChannel
from cases.operations import ACTIONS, Action
from cases.operations.amount_owed import amount_owed
from cases.operations.audit_log import record_number_shown
from cases.operations.balance_owed import EndOfCancellation, record_end
from cases.operations.engine.effective_entries import effective_entries
from cases.operations.money_in_dispute import days_in_dispute
from cases.operations.next_reminder import reminder_state, snoozed_until, standing_of
from cases.operations.refunds import is_amount_unknown
from cases.operations.voided_receipts import voided_hashes
from cases.selectors import costs
from cases.selectors.bills import billed_after_cancellation
from cases.web import guide
from cases.web.access import TeamRequest, allow_get_post, get_case, has_right, team_required
from cases.web.actions import FORMS, REFUND_ACTIONS, action_buttons, form_for
from cases.web.asked_number import remember_asked
from cases.web.case_costs import case_costs, open_money
from cases.web.day_strip import CARRIER_KINDS, DayStrip, Mark, day_strip
from cases.web.deadline_preview import preview_context
from cases.web.escalation_ladder import Rung, ladder
from cases.web.forms.case_actions import ChecklistItemForm, VerbForm
from cases.web.forms.receipts import ReceiptForm
from cases.web.full_numbers import case_context
from cases.web.message_display import display_messages
from cases.web.refund_proposals import RefundOffer, refund_action_title, refund_offer, refund_offer_asked_for
from cases.web.snooze_note import snooze_note
from cases.web.timeline_items import timeline_items
from cases.web.undo_offer import add_act_message, add_recorded_message, recorded_entry
from cases.wording import call_scripts
from cases.wording.carriers import verification_methods
from cases.wording.closing_documents import closing_documents
from cases.wording.refunds import open_refund_of, refund_due_day, refund_in_text, refund_method, refund_state
from cases.wording.return_advice import facts_for_return, return_advice
from cases.wording.settlement import OpenMoney, money_step, next_month_line, settlement_headline, settlement_line
from cases.wording.timeline import describe_entry
from cases.wording.turns import turn_sentence

#: What the strip marks on its days: what the carrier said, and what was done.
_MARKED_KINDS = CARRIER_KINDS | {EntryKind.FOLLOW_UP, EntryKind.COMPLAINT, EntryKind.VERIFIED, EntryKind.CONFIRMED}


@require_safe
@team_required
def case_detail(request: TeamRequest, reference: str) -> HttpResponse:
    """Where the case stands, why, and what to do now."""
    return case_page(request, get_case(request, reference))


@require_POST
@team_required
def case_number(request: TeamRequest, reference: str) -> HttpResponseRedirect:
    """Show the number in full until the person leaves the case, which is recorded with the card."""
    case = get_case(request, reference, Right.READ)
    if remember_asked(request, case):
        record_number_shown(case.card, by=request.user, now=request.now, case=case)
    return redirect("case_detail", reference)


def case_page(request: TeamRequest, case: Case, *, receipt_form: ReceiptForm | None = None) -> HttpResponse:
    """Render the page of a case that the person may see; a refused `receipt_form` keeps what was typed."""
    calendar = selectors.working_calendar()
    prefetch_related_objects([case], "escalations", "charges", "refunds")  # each is asked for more than once
    escalations = list(case.escalations.all())
    state = reminder_state(case, escalations)
    standing, money = current_standing(case.state, state, request.now, calendar), open_money(case)
    if money and standing.step is Step.CHECK_BILL and OpenMatter.BILL not in money.matters:
        standing = replace(standing, step=Step.NOTHING)  # a bill was brought in, and does not charge the number
    may_work = has_right(request, Right.WORK, case.team_id)
    owed = amount_owed(case)
    numbers = case_context(request, case)
    actions = ops.allowed_actions(case, escalations, request.roles.get(case.team_id))
    # The amount of a refund that is open is entered beside it.
    offered = [action for action in actions if action is not Action.EXPECT_REFUND or case.refund_due_on is None]
    first_actions, more_actions = action_buttons(standing.step, offered)
    entries = list(case.entries.select_related("content", "recorded_by").order_by("-sequence"))
    voided_receipts = voided_hashes(entries)
    lines, rounds, receipts = ops.checklist_of(case), costs.rounds_of(case), list(case.receipts.all())
    documents = closing_documents({receipt.kind for receipt in receipts if receipt.sha256 not in voided_receipts})
    context = {
        "case": case,
        "waiting_messages": display_messages(
            _waiting_messages(case), calendar=calendar, in_full=numbers["full_numbers"]
        ),
        "may_work": may_work,
        "may_manage": has_right(request, Right.MANAGE, case.team_id),
        "standing": standing,
        "headline": settlement_headline(money.matters) if money else wording.headline(standing),
        "settlement": settlement_line(money) if money else "",
        "next_month": next_month_line(money) if money and selectors.has_one_card(case.team) else "",
        "next_step": _next_step(standing, case, money),
        "script": call_scripts.call_script(standing, case, full_number=numbers["full_numbers"], owed=owed),
        **_return_context(case, owed),
        "guide_url": guide.help_url(standing.step),
        **numbers,
        "facts": _facts(case, request.now),
        "turn": turn_sentence(whose_turn(case.state, state, request.now, calendar)),
        "snooze_note": snooze_note(case, entries, request.now),
        "strip": _round_strip(rounds, entries, calendar, request.now),
        "timeline": timeline_items(request, case, entries),
        "voided_receipts": voided_receipts,
        "receipts": receipts,
        "receipt_form": receipt_form or ReceiptForm(version=case.version),
        "checklist": lines,
        "ticked_count": sum(bool(line.state) for line in lines),
        "can_tick": Action.CHECKLIST in actions,
        "first_actions": first_actions,
        "more_actions": more_actions,
        "rungs": _escalation_rungs(case, escalations, request.now, calendar, may_work) if case.submission else [],
        "methods": verification_methods(case.carrier),
        "branches": selectors.branches(case.carrier, case.team) if case.channel == RequestChannel.BRANCH else [],
        "costs": case_costs(case, rounds, request.now),
        **_refund_context(case, actions, refund_offer(case, entries, calendar) if may_work else None),
        "silent_forwarders": selectors.silent_forwarders(case.team, request.now, calendar) if case.reply_by else [],
        "closing_documents": documents,
        "billed": billed_after_cancellation(case) if case.state is Status.CONFIRMED else [],
        "can_reopen": Action.REOPEN in actions,
        "missing_documents": case.erased_at is None and not all(document.is_there for document in documents),
        "missing_receipt": case.state is Status.CONFIRMED and all(r.sha256 in voided_receipts for r in receipts),
    }
    return render(request, "cases/case_detail.html", context)


def _next_step(standing: Standing, case: Case, money: OpenMoney | None) -> str:
    """The one thing to do next; of a case with which nothing else is to be done, to get back what was charged."""
    ask = money_step(money.matters) if money and standing.step is Step.NOTHING else ""
    return ask or wording.next_step(standing, case)


def _return_context(case: Case, owed: Decimal | None) -> dict[str, Any]:
    """What to do about the carrier's return, where the case stands returned."""
    if case.state is not Status.RETURNED:
        return {}
    return {"return_advice": return_advice(case, owed), "return_facts": facts_for_return(case)}


def _waiting_messages(case: Case) -> Iterable[CarrierMessage]:
    """The carrier's messages that wait on a case; `message_at` says whether there are any."""
    if case.message_at is None:
        return []
    return selectors.waiting_messages(selectors.messages_of(case.team)).filter(case=case).order_by("received_at", "pk")


def _facts(case: Case, now: datetime) -> list[tuple[str, str]]:
    """The dates of a case in words, those that are set."""
    facts = [
        (pgettext("when it happened", "Submitted"), case.submitted_at and wording.format_moment(case.submitted_at)),
        (_("Reply due"), case.reply_by and wording.format_deadline(case.reply_by)),
        (_("Promised date"), case.promised_on and wording.format_day(case.promised_on)),
        (_("Takes effect on"), case.takes_effect_on and wording.format_day(case.takes_effect_on)),
        (
            pgettext("when it happened", "Acknowledged"),
            case.acknowledged_at and wording.format_moment(case.acknowledged_at),
        ),
        (
            pgettext("when it happened", "Reported done"),
            case.reported_done_at and wording.format_moment(case.reported_done_at),
        ),
        (pgettext("when it happened", "Returned"), case.returned_at and wording.format_moment(case.returned_at)),
        (_("Reason for return"), case.get_return_reason_display() if case.returned_at else ""),
        (
            pgettext("when it happened", "Confirmed cancelled"),
            case.confirmed_at and wording.format_moment(case.confirmed_at),
        ),
        (_("Refund due"), case.refund_due_on and wording.format_day(case.refund_due_on)),
        (_("Carrier reference number"), case.carrier_reference),
        (_("Snoozed until"), (until := snoozed_until(case, now)) and wording.format_day(until)),
    ]
    return [(label, value) for label, value in facts if value]


def _round_strip(
    rounds: list[WaitingRound], entries: list[TimelineEntry], calendar: WorkingCalendar, now: datetime
) -> DayStrip | None:
    """The strip of the running round, or of the last one; None before the first submission."""
    if not rounds:
        return None
    last_round = rounds[-1]
    items = (describe_entry(entry) for entry in effective_entries(entries) if entry.kind in _MARKED_KINDS)
    marks = [
        Mark(local(item.at).date(), item.title, item.entry.kind in CARRIER_KINDS) for item in items if not item.erased
    ]
    strip = day_strip(
        last_round.started_at,
        last_round.reply_by,
        now=now,
        calendar=calendar,
        ended_at=last_round.ended_at,
        marks=marks,
    )
    return replace(strip, is_submission=last_round.basis == Basis.SUBMISSION)


def _refund_context(case: Case, actions: Collection[Action], offer: RefundOffer | None) -> dict[str, Any]:
    """What is owed back, each with its method and what became of it, what can be recorded of it, and what an SMS
    proposes."""
    refund = open_refund_of(case)
    return {
        "refunds": [(row, refund_method(row), refund_due_day(row), refund_state(row)) for row in case.refunds.all()],
        "refund_words": refund_in_text(refund, case.carrier) if refund else "",
        "refund_actions": [
            (action.value, refund_action_title(action, names_amount=is_amount_unknown(case)))
            for action in REFUND_ACTIONS
            if action in actions and not (offer and offer.action is action)
        ],
        "refund_offer": offer,
    }


def _escalation_rungs(
    case: Case, escalations: list[Escalation], now: datetime, calendar: WorkingCalendar, may_work: bool
) -> list[Rung]:
    return ladder(case, escalations, days_in_dispute(case, now), now, calendar, may_work=may_work)


@allow_get_post
@team_required
def case_action(request: TeamRequest, reference: str, action: str) -> HttpResponse | HttpResponseRedirect:
    """One action of a case: its form, then its operation."""
    if action not in FORMS:
        raise Http404
    spec = ACTIONS[Action(action)]
    case = get_case(request, reference, spec.right)
    members = list(selectors.assignable_users(case.team)) if spec.needs_members else []
    newer_entry = None
    offer = refund_offer_asked_for(request, case, spec.key)
    data = request.POST if request.method == "POST" else None
    form = form_for(spec.key, data, case, members, request.GET, offer.proposal.values if offer else None)
    if request.method == "POST" and form.is_valid():
        try:
            end = EndOfCancellation(form.verb(), form.refund())
            record_end(end, case, by=request.user, now=request.now, **form.perform_args())
        except CaseError as error:
            form.add_case_error(error)
            case = get_case(request, reference)
            if isinstance(error, ChangedMeanwhile):
                form.accept_version(case.version)
                newer_entry = describe_entry(case.entries.select_related("content", "recorded_by").latest("sequence"))
        else:
            _tell_recorded(request, case, form, has_refund=end.refund is not None)
            return redirect("case_detail", reference)
    refund = open_refund_of(case) if spec.key in REFUND_ACTIONS else None
    context = {
        "facts": _facts(case, request.now),
        "newer_entry": newer_entry,
        "action": action,
        "title": refund_action_title(spec.key, names_amount=is_amount_unknown(case)),
        "refund_offer": offer,
        "refund_words": refund_in_text(refund, case.carrier) if refund else "",
        "is_possible": spec.is_possible(case, list(case.escalations.all())),
        "refusal": _refusal(case, spec.statuses),
        **(preview_context(form["happened_at"].value(), case.carrier, request.now) if action == Action.SUBMIT else {}),
    }
    return action_page(request, case, form, context)


def _tell_recorded(request: TeamRequest, case: Case, form: VerbForm, *, has_refund: bool) -> None:
    """Say what a form has recorded, and offer to undo it; with a refund, both of its entries."""
    token, title = form.perform_args()["submit_token"], recorded_title(request, case, form)
    if has_refund:
        both = wording.join_names([title, str(EntryKind.REFUND_EXPECTED.label)])
        add_act_message(request, token, _("Recorded: %(what)s") % {"what": both})
    else:
        add_recorded_message(request, case, token, _("Recorded: %(what)s") % {"what": title})


def _refusal(case: Case, statuses: Collection[Status]) -> str:
    """What stands in the way of an action where it is not the status."""
    is_allowed = case.state in statuses and case.state is not Status.WITHDRAWN
    return _("There is nothing to record here now.") if is_allowed else ""


def recorded_title(request: TeamRequest, case: Case, form: VerbForm) -> str:
    """The name of the entry that a form has made; of what it would have made where all was there already."""
    entry = recorded_entry(request, case, form.perform_args()["submit_token"])
    return entry.get_kind_display() if entry else str(form.verb().kind.label)


def action_page(request: TeamRequest, case: Case, form: VerbForm, context: dict[str, Any]) -> HttpResponse:
    """Render the form of an action under the case's standing; `context` has title, action, facts and is_possible."""
    standing, money = standing_of(case, request.now, selectors.working_calendar()), open_money(case)
    numbers = case_context(request, case)
    context |= numbers | {
        "case": case,
        "form": form,
        "standing": standing,
        "headline": settlement_headline(money.matters) if money else wording.headline(standing),
        "next_step": wording.next_step(standing, case),
        "script": call_scripts.call_script(standing, case, full_number=numbers["full_numbers"], owed=amount_owed(case)),
    }
    return render(request, "cases/case_action.html", context)


@require_POST
@team_required
def checklist_item(request: TeamRequest, reference: str) -> HttpResponse | HttpResponseRedirect:
    """Tick, waive or reopen one item of the checklist."""
    case = get_case(request, reference)
    form = ChecklistItemForm(request.POST, case=case, members=[])
    if form.is_valid() and form.cleaned_data["code"] in checklist.ITEMS_BY_CODE:
        try:
            ops.perform_one(form.verb(), case, by=request.user, now=request.now, **form.perform_args())
        except CaseError as error:
            messages.error(request, wording.error_message(error))
    else:
        messages.error(request, _("This item is not on the checklist."))
    return redirect(f"/cases/{case.reference}/#checklist")
