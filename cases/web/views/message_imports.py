"""Adding carriers' messages by hand: pasted one by one, or from a file that an app exported."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cases import queue, wording
from cases.domain.clock_skew import settle_moment
from cases.domain.errors import CaseError, InTheFuture
from cases.domain.message_disposition import resolve_received_at
from cases.domain.roles import Right
from cases.formats.message_exports import MAX_FILE_BYTES, MessageFile, read_message_file
from cases.formats.sms.types import Sms
from cases.inbox.ingest import Incoming, IngestOutcome, MessageOrigin, ingest
from cases.models import Case
from cases.models.choices import MessageSource
from cases.web.access import TeamRequest, agent_required, allow_get_post, get_case
from cases.web.forms.message_imports import MessageImportForm, MessagePasteForm
from cases.web.forms.receipts import read_uploads
from cases.web.full_numbers import case_context

#: Rows that could not be taken and are told one by one.
ERRORS_SHOWN = 100


@allow_get_post
@agent_required
def message_paste(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Paste one message; `case` in the query is the reference of its case, where known."""
    reference = request.GET.get("case", "")
    case = get_case(request, reference, Right.WORK) if reference else None
    form = MessagePasteForm(request.POST or None, initial={"sender": _usual_sender(case)})
    if request.method == "POST" and form.is_valid() and _save_pasted(request, form, case):
        return redirect("case_detail", case.reference) if case else redirect("message_list")
    numbers = case_context(request, case) if case else {}
    return render(request, "cases/message_paste.html", {**numbers, "form": form, "case": case})


def _usual_sender(case: Case | None) -> str:
    if case is None:
        return ""
    senders = case.carrier.sms_senders
    return str(senders[0]) if senders else case.carrier.hotline


def _save_pasted(request: TeamRequest, form: MessagePasteForm, case: Case | None) -> bool:
    """Whether the message was stored or is there already; if not, the form has the error."""
    data = form.cleaned_data
    received_at = settle_moment(data["received_at"], request.now)
    if received_at > request.now:
        form.add_case_error(InTheFuture())
        return False
    sms = Sms(data["sender"], data["text"], received_at)
    team = case.team if case else request.team
    origin = MessageOrigin(MessageSource.PASTED, case=case)
    (outcome,) = ingest(team, [Incoming(sms)], origin, request.now, on_stored=queue.enqueue_message_processing)
    if outcome is IngestOutcome.CODE:
        form.add_error("text", _("This SMS contains a verification code. Verification codes are never stored."))
    elif outcome is IngestOutcome.UNRELATED:
        form.add_error(
            "text",
            _(
                "Not saved: the sender is not a carrier and the text names none of the team’s cards. To keep it "
                "as evidence, add it to a case as a receipt."
            ),
        )
    elif outcome is IngestOutcome.REPEATED:
        messages.info(request, _("This SMS has already been added."))
    else:
        messages.success(request, _("Saved and being read. Refresh in a moment to see the result."))
    return outcome in (IngestOutcome.STORED, IngestOutcome.REPEATED)


@allow_get_post
@agent_required
def message_import(request: TeamRequest) -> HttpResponse:
    """Import the messages of a file and show the counts and the rows that failed."""
    form = MessageImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            file = _read_file(form.cleaned_data["upload"])
        except CaseError as error:
            form.add_case_error(error)
        else:
            context |= _import_rows(request, file)
    return render(request, "cases/message_import.html", context)


def _read_file(upload: Any) -> MessageFile:
    ((_name, content),) = read_uploads([upload], MAX_FILE_BYTES)
    return read_message_file(content)


def _import_rows(request: TeamRequest, file: MessageFile) -> dict[str, Any]:
    """Ingest the rows, all at once; an old message is only proposed to a person."""
    incoming = []
    for row in file.rows:
        if row.message:
            at, late = resolve_received_at(row.message.received_at, request.now)
            incoming.append(Incoming(Sms(row.message.sender, row.message.text, at), late, row.message.receiver))
    origin = MessageOrigin(MessageSource.IMPORTED)
    counts = Counter(ingest(request.team, incoming, origin, request.now, on_stored=queue.enqueue_message_processing))
    rejected_rows = [row for row in file.rows if row.error]
    return {
        "counts": [
            (_("saved"), counts[IngestOutcome.STORED]),
            (_("duplicates"), counts[IngestOutcome.REPEATED]),
            (_("verification codes (discarded)"), counts[IngestOutcome.CODE]),
            (_("unrelated (discarded)"), counts[IngestOutcome.UNRELATED]),
            (_("sent by the phone (not imported)"), file.sent),
            (_("not imported"), len(rejected_rows)),
        ],
        "errors": [(row.number, wording.error_message(row.error)) for row in rejected_rows[:ERRORS_SHOWN] if row.error],
        "more_errors": len(rejected_rows) - ERRORS_SHOWN,
    }
