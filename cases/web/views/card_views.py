"""Saved views of the table of cards and of the list of cases: one's own, and those of the team."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.domain.errors import CaseError
from cases.domain.roles import Right
from cases.models import CardView
from cases.operations.card_views import delete_view, save_view, set_default_view
from cases.selectors.card_register import card_views_of
from cases.web.access import TeamRequest, allow_get_post, has_right, require_right, team_required
from cases.web.card_table import NO_VIEW, TableSettings
from cases.web.forms.card_register import SaveViewForm

#: What views are of -> the list.
LISTS = {CardView.CARDS: "card_list", CardView.CASES: "case_list"}


@allow_get_post
@team_required
def card_views(request: TeamRequest, shows: str = CardView.CARDS) -> HttpResponse | HttpResponseRedirect:
    """The views that somebody can open, and a form that saves the table as the address describes it."""
    settings, list_name = TableSettings.from_params(request.GET.dict()), LISTS[shows]
    may_manage = has_right(request, Right.MANAGE)
    form = SaveViewForm(request.POST or None, may_manage=may_manage)
    if form.is_valid():
        data = form.cleaned_data
        try:
            view = save_view(
                request.team,
                data["name"],
                {**settings.as_json(), "shows": shows},
                by=request.user,
                for_team=data.get("for_team", False),
                is_default=data["is_default"],
            )
        except CaseError as error:
            form.add_case_error(error)
        else:
            messages.success(request, _("View saved: %(name)s") % {"name": view.name})
            return redirect(settings.url(list_name, view=str(view.pk)))
    views = card_views_of(request.user, request.team, shows)
    context = {
        "form": form,
        "rows": [(view, view.owner_id == request.user.pk or may_manage) for view in views],
        "back_url": settings.url(list_name, view=NO_VIEW),
        "shows": shows,
        "list_url": reverse(list_name),
        "change_url": "case_view_change" if shows == CardView.CASES else "card_view_change",
    }
    return render(request, "cases/card_views.html", context)


@require_POST
@team_required
def card_view_change(request: TeamRequest, pk: int, shows: str = CardView.CARDS) -> HttpResponseRedirect:
    """Delete a view, or let the table open with it or no longer."""
    view = _get_view(request, pk, shows)
    if request.POST.get("press") == "delete":
        delete_view(view, by=request.user)
        messages.success(request, _("View deleted: %(name)s") % {"name": view.name})
    else:
        set_default_view(view, is_default=not view.is_default, by=request.user)
    return redirect("case_views" if shows == CardView.CASES else "card_views")


def _get_view(request: TeamRequest, pk: int, shows: str) -> CardView:
    """A view that somebody may change, or 404; 403 for a team's where they do not manage it."""
    view = next((view for view in card_views_of(request.user, request.team, shows) if view.pk == pk), None)
    if view is None:
        raise Http404
    if view.owner_id != request.user.pk:
        require_right(request, Right.MANAGE, view.team_id)
    return view
