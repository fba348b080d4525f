"""The columns that a team adds to its cards: for its managers."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cases.domain.card_columns import MOST_COLUMNS
from cases.domain.errors import CaseError
from cases.models import CardColumn
from cases.operations import card_columns as ops
from cases.web.access import TeamRequest, allow_get_post, manager_required
from cases.web.forms.card_register import ColumnForm


def get_column(request: TeamRequest, pk: int) -> CardColumn:
    """A column of the team that one is in, or 404."""
    column = next((column for column in ops.own_columns(request.team.pk) if column.pk == pk), None)
    if column is None:
        raise Http404
    return column


@allow_get_post
@manager_required
def card_columns(request: TeamRequest) -> HttpResponse | HttpResponseRedirect:
    """The team's own columns, and a form for another."""
    form = ColumnForm(request.POST or None)
    if form.is_valid():
        try:
            column = ops.add_column(request.team, form.facts(), by=request.user, now=request.now)
        except CaseError as error:
            form.add_case_error(error)
        else:
            messages.success(request, _("Column added: %(title)s") % {"title": column.title})
            return redirect("card_columns")
    columns = ops.own_columns(request.team.pk)
    context = {"form": form, "columns": columns, "is_full": len(columns) >= MOST_COLUMNS}
    return render(request, "cases/card_columns.html", context)


@allow_get_post
@manager_required
def card_column_edit(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Rename a column, or make it another kind."""
    column = get_column(request, pk)
    initial = {"title": column.title, "kind": column.kind, "choices": "\n".join(column.choices)}
    form = ColumnForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            ops.change_column(column, form.facts(), by=request.user, now=request.now)
        except CaseError as error:
            form.add_case_error(error)
        else:
            messages.success(request, _("Column saved."))
            return redirect("card_columns")
    return render(request, "cases/card_column_form.html", {"form": form, "column": column})


@require_POST
@manager_required
def card_column_move(request: TeamRequest, pk: int) -> HttpResponseRedirect:
    """Move a column before or behind its neighbour."""
    ops.move_column(get_column(request, pk), -1 if request.POST.get("to") == "up" else 1, by=request.user)
    return redirect("card_columns")


@allow_get_post
@manager_required
def card_column_delete(request: TeamRequest, pk: int) -> HttpResponse | HttpResponseRedirect:
    """Say how many values go with a column, then delete it."""
    column = get_column(request, pk)
    if request.method == "POST":
        count = ops.delete_column(column, by=request.user, now=request.now)
        text = ngettext(
            "Column deleted: %(title)s, with %(count)s value.",
            "Column deleted: %(title)s, with %(count)s values.",
            count,
        )
        messages.success(request, text % {"title": column.title, "count": count})
        return redirect("card_columns")
    return render(request, "cases/card_column_delete.html", {"column": column, "count": ops.count_values(column)})
