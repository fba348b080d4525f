"""Tables of cards brought in: handed in, looked through, accepted, followed, and what could not be taken."""

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
from cases.documents.imports import failed_rows, sentences
from cases.documents.tables import Format, write_table
from cases.domain.errors import CaseError
from cases.models import CardImport
from cases.models.choices import ImportState
from cases.operations import card_import
from cases.operations.card_import_plan import CHANGED, NEW, SAME, WRONG
from cases.web.access import TeamRequest, agent_page, form_page, get_import, team_required
from cases.web.forms.card_imports import LABELS, ColumnsForm, TableForm

#: Earlier tables that the page lists, and failed rows that are told one by one.
LISTED, TOLD = 10, 50
#: The template's row of titles, and a made-up row that shows what is meant: what is filled in today is Chinese.
TITLES = [
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
EXAMPLE = ["13800000000", "中国移动", "某某公司", "8元保号", "8", "2027-03-31", "电销", "2026-09-30 15:00", "SL-4711",
           "营业厅", "", "示例行，导入前请删除；只登记号卡时，提交时间留空"]  # fmt: skip


@form_page
@agent_page
def import_new(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """Hand a table in, as a file or pasted."""
    posted = request.method == "POST"
    form = TableForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            pasted = form.cleaned_data["pasted"]
            made = imports.take(request.team, upload, pasted, by=request.user, now=request.now)
        except CaseError as error:
            form.add_error("upload" if upload else "pasted", wording.say(error))
        else:
            return redirect("import_detail", made.pk)
    context = {"form": form, "earlier": selectors.imports_of(request.team)[:LISTED]}
    return render(request, "cases/import_new.html", context)


@require_safe
@agent_page
def import_template(request: TeamRequest) -> FileResponse:
    """An empty table with the titles that are known, and one row to show what is meant."""
    file = BytesIO()
    write_table(file, Format.XLSX, TITLES, [EXAMPLE])
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="号卡导入模板.xlsx", content_type=Format.XLSX.content_type)


@require_safe
@team_required
def import_detail(request: TeamRequest, pk: int) -> HttpResponse:
    """One table: its columns and what would become of it, how far it is, or what became of it."""
    return _page(request, get_import(request, pk))


def _page(request: TeamRequest, its: CardImport, form: ColumnsForm | None = None) -> HttpResponse:
    forecast = its.forecast or {}
    failures = its.failures.order_by("row")
    context = {
        "its": its,
        "form": form or ColumnsForm(card_import=its),
        "unknown": [title for at, title in enumerate(its.titles) if title and str(at) not in its.columns],
        "forecast": [(fate, title, forecast["counts"].get(fate, 0)) for fate, title in _fates()] if forecast else [],
        "cases_to_log": forecast.get("counts", {}).get(card_import.CASE_COUNT, 0),
        "samples": [(title, list(_samples(forecast, fate))) for fate, title in _fates()] if forecast else [],
        "became": [(title, its.counts.get(fate, 0)) for fate, title in _fates()],
        "cases_logged": its.counts.get(card_import.CASE_COUNT, 0),
        "failures": failures[:TOLD],
        "failed": its.counts.get(WRONG, 0),
        "kept": selectors.imports_of(its.team).filter(pk=its.pk).exclude(sealed=b"").exists(),
        "running": its.state == ImportState.RUNNING,
    }
    return render(request, "cases/import_detail.html", context)


def _fates() -> list[tuple[str, str]]:
    return [
        (WRONG, _("Cannot be taken")),
        (NEW, _("New cards")),
        (CHANGED, _("Cards that get more or other facts")),
        (SAME, _("Nothing new")),
    ]


def _samples(forecast: dict[str, Any], fate: str) -> Iterator[tuple[int, str, str]]:
    """Row, masked number, and why it cannot be taken, or what changes and whether a case is logged."""
    for row, number, why, changes, *logs_case in forecast["rows"].get(fate, []):
        said = sentences(why)
        said += [str(LABELS[name]) for name in changes]
        said += [_("a case is logged")] if any(logs_case) else []
        yield row, number, " ".join(said) if why else wording.listed(said)


@require_POST
@team_required
def import_do(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Say what the columns are, let it run, stop it, or let it go on."""
    its = get_import(request, pk)
    press = request.POST.get("press")
    if press == "columns" and its.state == ImportState.NEW:
        form = ColumnsForm(request.POST, card_import=its)
        if form.is_valid():
            try:
                card_import.dry_run(its, form.columns(), by=request.user, now=request.now)
            except CaseError as error:
                form.add_error(None, wording.say(error))
        if form.errors:
            return _page(request, its, form)
    elif press == "run":
        if not imports.let_run(its, by=request.user, now=request.now):
            messages.error(request, _("It cannot be brought in as it stands."))
    elif press == "stop":
        card_import.cancel(its)
    return redirect("import_detail", pk)


@require_safe
@team_required
def import_failed(request: TeamRequest, pk: int) -> FileResponse:
    """The rows that could not be taken, as they were, each with why: to be mended and handed in again."""
    failed = failed_rows(get_import(request, pk))
    if failed is None:
        raise Http404
    return failed
