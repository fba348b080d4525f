"""Importing tables of cards: upload, preview, what is mended in it, start, progress, failed rows, taking back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cases import selectors, wording
from cases.documents import imports
from cases.documents.imports import failed_rows_response
from cases.documents.tables import Format, Table, workbook
from cases.domain.errors import CaseError
from cases.models import CardImport, Carrier
from cases.models.choices import ImportState
from cases.operations import card_import
from cases.operations.audit_log import record_list_in_full
from cases.operations.card_import_plan import CHANGED, NEW, SAME, WRONG
from cases.operations.card_import_undo import can_take_back
from cases.operations.carrier_names import name_carrier
from cases.web.access import TeamRequest, agent_required, allow_get_post, get_import, team_required
from cases.web.forms.card_imports import CardTableForm, CarrierNameForm, ReadingForm
from cases.web.import_preview import PreviewPlace, load_preview, reading_summary
from cases.web.import_template import TEMPLATE_ROWS, TEMPLATE_TITLES

#: Earlier tables that the page lists, and failed rows that are told one by one.
IMPORTS_SHOWN, FAILURES_SHOWN = 10, 50


@allow_get_post
@agent_required
def card_import_new(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Upload a table, as a file or pasted."""
    is_posted = request.method == "POST"
    form = CardTableForm(request.POST if is_posted else None, request.FILES if is_posted else None)
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            pasted_text = form.cleaned_data["pasted"]
            import_ = imports.upload_table(request.team, upload, pasted_text, by=request.user, now=request.now)
        except CaseError as error:
            form.add_error("upload" if upload else "pasted", wording.error_message(error))
        else:
            return redirect("card_import_detail", import_.pk)
    context = {"form": form, "earlier_imports": selectors.imports_of(request.team)[:IMPORTS_SHOWN]}
    return render(request, "cases/card_import_new.html", context)


@require_safe
@agent_required
def card_import_template(request: TeamRequest) -> FileResponse:
    """An empty table with the known titles and example rows."""
    file = workbook(Table("号卡", TEMPLATE_TITLES, TEMPLATE_ROWS))
    return FileResponse(file, as_attachment=True, filename="号卡导入模板.xlsx", content_type=Format.XLSX.content_type)


@require_safe
@team_required
def card_import_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """One import: the preview of its rows, its progress, or its result."""
    return _import_page(request, get_import(request, pk))


def _import_page(request: TeamRequest, import_: CardImport, form: ReadingForm | None = None) -> HttpResponse:
    if import_.state == ImportState.NEW:
        return _preview_page(request, import_, form)
    is_running = import_.state == ImportState.RUNNING
    context = {
        "card_import": import_,
        "row_counts": [(title, import_.counts.get(status, 0)) for status, title in _row_statuses()],
        "cases_logged": import_.counts.get(card_import.CASE_COUNT, 0),
        "failures": import_.failures.order_by("row")[:FAILURES_SHOWN],
        "failed_count": import_.failures.count(),
        "has_rows": _has_rows(import_),
        "can_take_back": not is_running and can_take_back(import_, request.user),
        "is_running": is_running or imports.is_being_taken_back(import_),
    }
    return render(request, "cases/card_import_detail.html", context)


def _preview_page(request: TeamRequest, import_: CardImport, form: ReadingForm | None) -> HttpResponse:
    """The rows as they would be stored, with numbers in full: whoever imports them has to check them."""
    place = PreviewPlace.read(request.POST if request.method == "POST" else request.GET)
    has_rows = _has_rows(import_)
    preview = None
    if has_rows and import_.forecast:
        typed = request.POST if request.method == "POST" else QueryDict()
        preview = load_preview(import_, place, typed, by=request.user, now=request.now)
        record_list_in_full(import_.team, f"{import_.name} · {import_.pk}", by=request.user, now=request.now)
    counts = import_.forecast.get("counts", {})
    context = {
        "card_import": import_,
        "form": form or ReadingForm(card_import=import_),
        "preview": preview,
        "has_rows": has_rows,
        "taken_count": sum(counts.get(outcome, 0) for outcome in (NEW, CHANGED)),
        "cases_to_log": counts.get(card_import.CASE_COUNT, 0),
        "unknown_carriers": import_.forecast.get("unknown_carriers", []),
        "carriers": Carrier.objects.all(),
        "new_columns": import_.forecast.get("new_columns", []),
        "new_handlers": [name for name, _count in import_.forecast.get("new_handlers", [])],
        "reading_words": reading_summary(import_),
        "is_stale": imports.is_stale(import_),
    }
    return render(request, "cases/card_import_preview.html", context)


def _has_rows(import_: CardImport) -> bool:
    return selectors.imports_of(import_.team).filter(pk=import_.pk).exclude(encrypted=b"").exists()


def _row_statuses() -> list[tuple[str, str]]:
    return [
        (NEW, _("New cards")),
        (CHANGED, _("Updated cards")),
        (SAME, _("Unchanged")),
        (WRONG, _("Not imported")),
    ]


@require_POST
@team_required
def card_import_action(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Read the table in another way, mend its cells, name a carrier, start, stop or resume the import."""
    import_ = get_import(request, pk)
    press = _PRESSES.get(request.POST.get("press", ""))
    try:
        response = press(request, import_) if press else None
    except CaseError as error:
        messages.error(request, wording.error_message(error))
        response = None
    return response or _back_to(import_, PreviewPlace.read(request.POST))


def _back_to(import_: CardImport, place: PreviewPlace) -> HttpResponseRedirect:
    query = place.query()
    return redirect(reverse("card_import_detail", args=[import_.pk]) + (f"?{query}#rows" if query else ""))


def _read_anew(request: TeamRequest, import_: CardImport) -> HttpResponse | None:
    form = ReadingForm(request.POST, card_import=import_)
    if not form.is_valid():
        return _import_page(request, import_, form)
    card_import.set_options(import_, form.options(), now=request.now)
    _preview_again(request, import_)
    return redirect("card_import_detail", import_.pk)


def _mend(request: TeamRequest, import_: CardImport) -> None:
    """Take the inputs that hold something else than the table."""
    mended = imports.mend_cells(import_, _cells(request.POST), by=request.user, now=request.now)
    if mended:
        text = ngettext("%(count)s cell changed.", "%(count)s cells changed.", mended)
        messages.success(request, text % {"count": mended})


def _cells(posted: QueryDict) -> dict[tuple[int, int], str]:
    """What was typed, by row and column; whatever is no such input is passed over."""
    cells = {}
    for name, text in posted.items():
        prefix, _sep, place = name.partition("_")
        row, _sep, column = place.partition("_")
        if prefix == "cell" and all(part.isascii() and part.isdigit() and len(part) < 9 for part in (row, column)):
            cells[int(row), int(column)] = str(text)
    return cells


def _name_carrier(request: TeamRequest, import_: CardImport) -> None:
    form = CarrierNameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the carrier."))
        return
    name_carrier(import_.team, form.cleaned_data["name"], form.cleaned_data["carrier"])
    _preview_again(request, import_)


def _preview_again(request: TeamRequest, import_: CardImport) -> None:
    imports.preview_again(import_, by=request.user, now=request.now)


def _run(request: TeamRequest, import_: CardImport) -> HttpResponse | None:
    if not imports.start_import(import_, by=request.user, now=request.now):
        messages.error(request, _("This import cannot start yet. Check the column settings and preview again."))
        return None
    return redirect("card_import_detail", import_.pk)


def _stop(request: TeamRequest, import_: CardImport) -> None:
    card_import.cancel(import_)


_PRESSES: dict[str, Callable[[TeamRequest, CardImport], HttpResponse | None]] = {
    "columns": _read_anew,
    "fix": _mend,
    "carrier": _name_carrier,
    "count": _preview_again,
    "run": _run,
    "stop": _stop,
}


@allow_get_post
@team_required
def card_import_undo(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Ask whether to take back all that an import has done, then have it done."""
    import_ = get_import(request, pk)
    if not can_take_back(import_, request.user):
        messages.error(request, _("This import cannot be taken back any more."))
        return redirect("card_import_detail", pk)
    if request.method == "POST":
        imports.take_back_import(import_, by=request.user, now=request.now)
        return redirect("card_import_detail", pk)
    context: dict[str, Any] = {
        "card_import": import_,
        "new_count": import_.counts.get(NEW, 0),
        "changed_count": import_.counts.get(CHANGED, 0),
        "cases_logged": import_.counts.get(card_import.CASE_COUNT, 0),
    }
    return render(request, "cases/card_import_undo.html", context)


@require_safe
@team_required
def card_import_failed(request: TeamRequest, pk: int) -> FileResponse:
    """The rows that failed, as they were, each with the reason: to be corrected and uploaded again."""
    response = failed_rows_response(get_import(request, pk), request.now)
    if response is None:
        raise Http404
    return response
