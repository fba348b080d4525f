"""Importing tables of cards: upload, dry run, start, progress, and the rows that failed."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import selectors, wording
from cases.documents import imports
from cases.documents.imports import failed_rows_response, failure_messages
from cases.documents.tables import Format, write_table
from cases.domain.errors import CaseError
from cases.models import CardImport
from cases.models.choices import ImportState
from cases.operations import card_import
from cases.operations.act_undo import can_undo_act
from cases.operations.card_import_plan import CHANGED, NEW, SAME, WRONG
from cases.operations.engine.act_tokens import import_token
from cases.web.access import TeamRequest, agent_required, allow_get_post, get_import, team_required
from cases.web.forms.card_imports import FIELD_LABELS, CardTableForm, ColumnsForm

#: Earlier tables that the page lists, and failed rows that are told one by one.
IMPORTS_SHOWN, FAILURES_SHOWN = 10, 50
#: The template's row of titles, and a made-up row that shows what is meant: what is filled in today is Chinese.
TEMPLATE_TITLES = [
    "号码",
    "运营商",
    "机主",
    "套餐",
    "月租",
    "合约到期",
    "用途",
    "提交时间",
    "受理单号",
    "办理方式",
    "处理人",
    "备注",
]
TEMPLATE_ROW = [
    *("13800000000", "中国移动", "某某公司", "8元保号", "8", "2027-03-31", "电销", "2026-09-30 15:00", "SL-4711"),
    *("营业厅", "", "示例行，导入前请删除；只登记号卡时，提交时间留空"),
]


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
    """An empty table with the known titles and an example row."""
    file = BytesIO()
    write_table(file, Format.XLSX, TEMPLATE_TITLES, [TEMPLATE_ROW])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="号卡导入模板.xlsx", content_type=Format.XLSX.content_type)


@require_safe
@team_required
def card_import_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """One import: its columns and forecast, its progress, or its result."""
    return _import_page(request, get_import(request, pk))


def _import_page(request: TeamRequest, import_: CardImport, form: ColumnsForm | None = None) -> HttpResponse:
    forecast = import_.forecast or {}
    failures = import_.failures.order_by("row")
    is_running = import_.state == ImportState.RUNNING
    token = import_token(import_.pk)
    can_undo = not is_running and import_.made_by == request.user and can_undo_act(token, request.user, request.now)
    context = {
        "card_import": import_,
        "undo_token": token if can_undo else None,
        "form": form or ColumnsForm(card_import=import_),
        "unknown_columns": [
            title for index, title in enumerate(import_.titles) if title and str(index) not in import_.columns
        ],
        "forecast": [(status, title, forecast["counts"].get(status, 0)) for status, title in _row_statuses()]
        if forecast
        else [],
        "cases_to_log": forecast.get("counts", {}).get(card_import.CASE_COUNT, 0),
        "samples": [(title, list(_samples(forecast, status))) for status, title in _row_statuses()] if forecast else [],
        "row_counts": [(title, import_.counts.get(status, 0)) for status, title in _row_statuses()],
        "cases_logged": import_.counts.get(card_import.CASE_COUNT, 0),
        "failures": failures[:FAILURES_SHOWN],
        "failed_count": import_.counts.get(WRONG, 0),
        "has_rows": selectors.imports_of(import_.team).filter(pk=import_.pk).exclude(encrypted=b"").exists(),
        "is_running": is_running,
    }
    return render(request, "cases/card_import_detail.html", context)


def _row_statuses() -> list[tuple[str, str]]:
    return [
        (WRONG, _("Not imported")),
        (NEW, _("New cards")),
        (CHANGED, _("Updated cards")),
        (SAME, _("Unchanged")),
    ]


def _samples(forecast: dict[str, Any], status: str) -> Iterator[tuple[int, str, str]]:
    """Row, masked number, and why it cannot be taken, or what changes and whether a case is opened."""
    for row, number, errors, changes, *logs_case in forecast["rows"].get(status, []):
        texts = failure_messages(errors)
        texts += [str(FIELD_LABELS[name]) for name in changes]
        texts += [_("case logged")] if any(logs_case) else []
        yield row, number, wording.join_sentences(texts) if errors else wording.join_names(texts)


@require_POST
@team_required
def card_import_action(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Set the columns, start, stop or resume the import."""
    import_ = get_import(request, pk)
    press = request.POST.get("press")
    if press == "columns" and import_.state == ImportState.NEW:
        form = ColumnsForm(request.POST, card_import=import_)
        if form.is_valid():
            try:
                card_import.dry_run(import_, form.columns(), by=request.user, now=request.now)
            except CaseError as error:
                form.add_error(None, wording.error_message(error))
        if form.errors:
            return _import_page(request, import_, form)
    elif press == "run":
        if not imports.start_import(import_, by=request.user, now=request.now):
            messages.error(request, _("This import cannot start yet. Check the column settings and preview again."))
    elif press == "stop":
        card_import.cancel(import_)
    return redirect("card_import_detail", pk)


@require_safe
@team_required
def card_import_failed(request: TeamRequest, pk: int) -> FileResponse:
    """The rows that failed, as they were, each with the reason: to be corrected and uploaded again."""
    response = failed_rows_response(get_import(request, pk))
    if response is None:
        raise Http404
    return response
