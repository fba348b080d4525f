"""Correcting how an SMS was read once it is recorded, and this installation's figures of how messages were read."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import wording
from cases.domain.corrections import NoSuchEntry
from cases.domain.errors import CaseError, ChangedMeanwhile
from cases.domain.message_meaning import MEANING_LABELS
from cases.domain.roles import Right
from cases.operations.corrected_readings import correct_reading, recorded_message
from cases.operations.corrections import load_entry
from cases.selectors.message_figures import model_figures, reading_figures
from cases.web.access import TeamRequest, allow_get_post, get_case, team_required
from cases.web.forms.messages import ReadingForm
from cases.web.full_numbers import case_context
from cases.web.undo_offer import add_recorded_message
from cases.wording.timeline import describe_entries


@allow_get_post
@team_required
def entry_reading(request: TeamRequest, reference: str, sequence: int) -> HttpResponse | HttpResponseRedirect:
    """Say what an SMS that is recorded really says: its entry is voided, and it is recorded again."""
    case = get_case(request, reference, Right.WORK)
    try:
        entry, message = load_entry(case, sequence), recorded_message(case, sequence)
    except NoSuchEntry as error:
        raise Http404 from error
    except CaseError as error:
        messages.error(request, wording.error_message(error))
        return redirect("case_detail", reference)
    data = request.POST if request.method == "POST" else None
    form = ReadingForm(data, message=message, case=case, entry=entry)
    if request.method == "POST" and form.is_valid():
        try:
            correct_reading(case, form.correction(), by=request.user, now=request.now, **form.perform_args())
        except CaseError as error:
            form.add_case_error(error)
            if isinstance(error, ChangedMeanwhile):
                form.accept_version(get_case(request, reference).version)
        else:
            add_recorded_message(request, case, form.cleaned_data["click"], _("Reading corrected."))
            return redirect("case_detail", reference)
    rows = list(case.entries.select_related("content", "recorded_by").order_by("sequence"))
    context = {
        **case_context(request, case),
        "case": case,
        "form": form,
        "item": next(item for item in describe_entries(rows) if item.entry.sequence == sequence),
        "title": _("What the SMS says"),
        "kind": "reading",
    }
    return render(request, "cases/entry_correction.html", context)


@require_safe
@team_required
def message_figures(request: TeamRequest) -> HttpResponse:
    """How the team's messages were read, and what people decided about it."""
    rows = [
        (
            _(MEANING_LABELS[row.meaning]),
            row,
            wording.join_names(
                wording.labelled(_(MEANING_LABELS[meaning]), str(count))
                for meaning, count in row.corrected_to.most_common()
            ),
        )
        for row in reading_figures(request.team)
    ]
    return render(request, "cases/message_figures.html", {"rows": rows, "model": model_figures(request.team)})
