"""The team's language model for unclear SMS: set up, tried, turned on and off by the team's managers."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from cases.domain.business_days import local
from cases.domain.message_meaning import MEANING_LABELS
from cases.formats.sms.redaction import redact
from cases.inbox.third_reader import SAMPLE, ModelFailed, try_out
from cases.models import LanguageModel
from cases.models.encryption import SecretUnreadable
from cases.operations import language_models as ops
from cases.web.access import TeamRequest, allow_get_post, manager_required
from cases.web.forms.language_models import LanguageModelForm


@allow_get_post
@sensitive_post_parameters("address", "key")
@manager_required
def language_model(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Address, model, key and daily limit, and what came of the last requests; what leaves is shown on a sample."""
    row = ops.language_model_of(request.team)
    form = LanguageModelForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            ops.save_language_model(request.team, form.entered(), by=request.user, now=request.now)
        except SecretUnreadable:
            form.add_error("address", _("The stored address cannot be decrypted. Enter it again."))
        else:
            messages.success(request, _("Saved. Try it before you turn it on.") if row is None else _("Saved."))
            return redirect("language_model")
    is_of_today = row is not None and row.counted_on == local(request.now).date()
    context = {
        "form": form,
        "row": row,
        "requests_today": row.request_count if row and is_of_today else 0,
        "sample": SAMPLE,
        "redacted_sample": redact(SAMPLE),
        "are_private_hosts_allowed": settings.ALLOW_PRIVATE_HOSTS,
    }
    return render(request, "cases/language_model.html", context)


@require_POST
@manager_required
def language_model_action(request: TeamRequest) -> HttpResponseRedirect:
    """Turn it on or off, try it on the sample, or delete it."""
    row = ops.language_model_of(request.team)
    command = request.POST.get("do")
    if row is None:
        messages.error(request, _("Enter the address and the model first."))
    elif command in ("on", "off"):
        ops.switch_language_model(row, on=command == "on", by=request.user, now=request.now)
    elif command == "try":
        _try_out(request, row)
    elif command == "remove":
        ops.remove_language_model(row, by=request.user, now=request.now)
        messages.success(request, _("Deleted."))
    return redirect("language_model")


def _try_out(request: TeamRequest, row: LanguageModel) -> None:
    try:
        reading = try_out(row, request.now)
    except ModelFailed as error:
        messages.error(request, _("No reading of the sample: %(answer)s") % {"answer": error})
    else:
        values = {"meaning": _(MEANING_LABELS[reading.meaning]), "reason": reading.reason}
        messages.success(request, _("The sample was read as: %(meaning)s. “%(reason)s”") % values)
