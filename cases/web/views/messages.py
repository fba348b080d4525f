"""The inbox of carriers' messages, and what is done with a message."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from cases import operations as ops
from cases import selectors, wording
from cases.domain import masking
from cases.domain.business_days import WorkingCalendar
from cases.domain.errors import CaseError, ChangedMeanwhile
from cases.domain.full_numbers import NumberList
from cases.domain.message_meaning import MEANING_LABELS
from cases.domain.roles import Right
from cases.models import CarrierMessage
from cases.models.choices import MessageState
from cases.selectors.messages import MESSAGES_SEARCHED
from cases.web.access import TeamRequest, allow_get_post, get_message, has_right, team_required
from cases.web.case_rows import case_list_rows
from cases.web.forms.messages import MessageForm
from cases.web.full_numbers import list_context
from cases.web.message_display import display_message, display_messages, suggested_cases
from cases.web.refund_proposals import RefundOffer, refund_offer
from cases.web.undo_offer import add_recorded_message
from cases.web.views.case_lists import list_url, needs_masked_redirect

PAGE_SIZE, MAX_MATCHES = 30, 8


@allow_get_post
@team_required
def message_list(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """The team's messages: those that wait for a person, or those of one state; searched. Searches are posted, and
    redirected to a URL in which numbers are masked."""
    if needs_masked_redirect(request):
        return redirect(list_url("message_list", request.POST if request.method == "POST" else request.GET))
    q = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    team_messages = selectors.search_messages(selectors.messages_of(request.team), q, request.team)
    state = request.GET.get("state", "")
    choices = [
        ("", pgettext("messages", "To do")),
        *((s.value, s.label) for s in (MessageState.RECORDED, MessageState.SET_ASIDE, MessageState.NEW)),
        ("all", _("All")),
    ]
    if state not in dict(choices):
        state = ""
    if state == "":
        team_messages = selectors.waiting_messages(team_messages)
    elif state != "all":
        team_messages = team_messages.filter(state=state)
    page = Paginator(team_messages.order_by("-received_at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    numbers = list_context(request, NumberList.MESSAGES, page.object_list)
    context = {
        **numbers,
        "page_obj": page,
        "displays": display_messages(
            page.object_list, request.team, calendar=selectors.working_calendar(), in_full=numbers["full_numbers"]
        ),
        "state": state,
        "has_messages": bool(page.object_list) or selectors.messages_of(request.team).exists(),
        "all_url": list_url("message_list", {"state": "all"}) if state and state != "all" else "",
        "choices": [(value, label, list_url("message_list", {"state": value, "q": q})) for value, label in choices],
        "q": q,
        "searched_count": MESSAGES_SEARCHED,
        "query_string": urlencode({name: value for name, value in (("state", state), ("q", q)) if value}),
    }
    return render(request, "cases/message_list.html", context)


@allow_get_post
@team_required
def message_detail(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """A message, what was read in it, and the form to record it."""
    message = get_message(request, pk)
    case = message.case if message.state == MessageState.PROPOSED else None
    data = request.POST if request.method == "POST" else None
    form = MessageForm(data, message=message, case=case, read_as=_meaning_asked_for(request)) if case else None
    if request.method == "POST":
        if case is None or form is None:
            messages.error(request, _("Choose the case this SMS belongs to, then record it."))
            return redirect("message_detail", pk)
        if form.is_valid():
            try:
                ops.perform_one(form.verb(), case, by=request.user, now=request.now, **form.perform_args())
            except CaseError as error:
                form.add_case_error(error)
                if isinstance(error, ChangedMeanwhile):
                    form.accept_version(get_message(request, pk).case.version)  # type: ignore[union-attr]
            else:
                text = _("SMS recorded on the timeline and saved as a receipt.")
                add_recorded_message(request, case, form.cleaned_data["click"], text)
                return redirect("case_detail", case.reference)
    query = request.GET.get("q", "")
    matches = (
        selectors.search_cases(selectors.cases_of(message.team), query, message.team).order_by("-pk")[:MAX_MATCHES]
        if query
        else []
    )
    is_waiting = message.state != MessageState.RECORDED
    numbers = list_context(request, NumberList.MESSAGES, [message], message.team)
    calendar = selectors.working_calendar()
    display = display_message(message, calendar, form=form, in_full=numbers["full_numbers"])
    context = {
        **numbers,
        "display": display,
        "refund_offer": _refund_offer(message, calendar) if display.refund_text else None,
        "may_work": has_right(request, Right.WORK, message.team_id),
        "rows": case_list_rows([message.case], request.now, calendar) if message.case else [],
        "suggestions": suggested_cases(message) if is_waiting and not case else [],
        "q": query,
        "matches": [(case, "") for case in matches],
        "is_waiting": is_waiting,
    }
    return render(request, "cases/message_detail.html", context)


def _refund_offer(message: CarrierMessage, calendar: WorkingCalendar) -> RefundOffer | None:
    """What the message proposes of the refund of its case, once that is cancelled."""
    case = message.case if message.state in (MessageState.PROPOSED, MessageState.RECORDED) else None
    entries = list(case.entries.select_related("content").order_by("sequence")) if case else []
    return refund_offer(case, entries, calendar, message) if case else None


def _meaning_asked_for(request: TeamRequest) -> str:
    """The reading with which the form is to be filled in (`as` in the query); empty for the stored one."""
    meaning = request.GET.get("as", "")
    return meaning if meaning in MEANING_LABELS else ""


@require_POST
@team_required
def message_assign(request: TeamRequest, pk: int) -> HttpResponseRedirect:
    """Assign a message to a case, where it waits for confirmation."""
    message = get_message(request, pk)
    if "q" in request.POST:  # first looked for: sent, so that no address holds a number in full
        query = urlencode({"q": masking.mask_if_number(request.POST["q"])})
        return redirect(f"{reverse('message_detail', args=[pk])}?{query}")
    case = get_object_or_404(selectors.cases_of(message.team), reference=request.POST.get("case", ""))
    try:
        ops.propose_message(message, case, by=request.user, now=request.now)
    except CaseError as error:
        messages.error(request, wording.error_message(error))
    return redirect("message_detail", pk)


@require_POST
@team_required
def message_set_aside(request: TeamRequest, pk: int) -> HttpResponseRedirect:
    """Set a message aside."""
    message = get_message(request, pk)
    try:
        ops.set_message_aside(message, by=request.user, now=request.now)
    except CaseError as error:
        messages.error(request, wording.error_message(error))
        return redirect("message_detail", pk)
    messages.success(request, _("SMS dismissed. You can still find it under “Dismissed”."))
    return redirect("message_list")
