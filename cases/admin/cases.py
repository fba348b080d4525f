"""Cases as an operator sees them: every team's, to find what is overdue, to look at, and to act on by operations."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db import models
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.defaultfilters import yesno
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cases import operations as ops
from cases import selectors, wording
from cases.admin.action_page import action_form_response, action_url, action_view
from cases.admin.actions import OFFERS, offer_title
from cases.admin.base import CappedAdmin, CappedPaginator, request_now
from cases.admin.filters import CarrierFilter, StandingFilter, StatusFilter, TeamFilter, WasLateFilter
from cases.admin.inlines import ReceiptInline, RoundInline, TimelineInline
from cases.admin.receipt_download import download_receipt
from cases.admin.typed_admin import Page, Paginator
from cases.domain import phones
from cases.domain.case_standing import current_standing
from cases.domain.deadlines import is_overdue, working_days_late
from cases.models import Case, Receipt
from cases.operations.next_reminder import reminder_state


class OverdueFirstPaginator(CappedPaginator):
    """Overdue first, the longest overdue on top; then the rest, newest first.

    Each stretch is walked by its index, where one order of both would be a sort of all there is.
    """

    now: datetime | None = None

    def page(self, number: int | str) -> Page[Case]:
        if self.now is None:  # another order was chosen
            return super().page(number)
        number = self.validate_number(number)
        offset = (number - 1) * self.per_page
        cases: QuerySet[Case] = self.object_list.order_by()  # type: ignore[attr-defined]
        late = selectors.overdue(cases, self.now)
        rows = list(late.order_by("reply_by", "pk")[offset : offset + self.per_page])
        remaining = min(self.per_page, self.count - offset) - len(rows)
        if remaining > 0:
            overdue_count = 0 if rows or not offset else late.count()
            rest = cases.filter(Q(reply_by__isnull=True) | Q(reply_by__gt=self.now)).order_by("-pk")
            rows += rest[max(0, offset - overdue_count) :][:remaining]
        return Page(rows, number, self)


class CaseList(ChangeList):
    """One page of cases, with what needs the calendar or another table, in a fixed number of queries."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        now, calendar = request_now(request), selectors.working_calendar()
        page = list(self.result_list)
        for case in page:
            late = case.reply_by is not None and is_overdue(case.reply_by, now)
            case.how_late = wording.lateness(working_days_late(case.reply_by, now, calendar)) if late else None
        self.result_list = page


def _moment_column(name: str, label: Any, *, deadline: bool = False) -> Any:
    """A column or line with the moment in this field, said as the product says moments."""

    @admin.display(description=label, ordering=name)
    def column(case: Case) -> str:
        value: datetime | None = getattr(case, name)
        if value is None:
            return "-"
        return wording.format_deadline(value) if deadline else wording.format_moment(value)

    column.__name__ = name
    return column


def _flag_column(name: str, label: Any) -> Any:
    """Yes or no in words: a green tick would praise a case for being late."""

    @admin.display(description=label)
    def column(case: Case) -> str:
        return str(yesno(getattr(case, name)))

    column.__name__ = name
    return column


_SUBMITTED = _moment_column("submitted_at", _("submitted"))
_REPLY_BY = _moment_column("reply_by", _("answer due by"), deadline=True)
_LAST_REPLY = _moment_column("last_reply_at", _("last reply"))
_REQUEST = (
    *("reference", "team", "full_card", "carrier", "handler", "status", "reason", "channel", "carrier_reference"),
    _moment_column("created_at", _("logged")),
)
_DEADLINES = (
    _SUBMITTED,
    _moment_column("acknowledge_by", _("acknowledge by"), deadline=True),
    _moment_column("window_opens", _("first call from")),
    _moment_column("review_by", _("review by"), deadline=True),
    _REPLY_BY,
    "promised_on",
    *(_flag_column("provisional", _("provisional")), _flag_column("was_late", _("was late"))),
)
_EVENTS = (
    _moment_column("acknowledged_at", _("registered")),
    _LAST_REPLY,
    _moment_column("last_follow_up_at", _("last follow-up")),
    _moment_column("reported_done_at", _("said to be done")),
    _moment_column("returned_at", _("returned")),
    *("return_reason", "verification"),
    _moment_column("confirmed_at", _("confirmed")),
    _moment_column("closed_at", _("closed")),
    "snoozed_until",
    _moment_column("next_reminder_at", _("next reminder")),
)


def _list_action(name: str) -> Any:
    """An action of the registry as the list offers it for the cases that are ticked."""

    @admin.action(description=offer_title(OFFERS[name]), permissions=["action"])
    def ask(case_admin: Any, request: HttpRequest, cases: QuerySet[Case]) -> HttpResponseBase:
        return action_form_response(name, request, cases)

    ask.__name__ = name
    return ask


@admin.register(Case)
class CaseAdmin(CappedAdmin[Case]):
    paginator = OverdueFirstPaginator
    sortable_by = ("submitted_at",)  # which has an index
    list_display = (
        *("reference", "masked_card", "carrier", "status", _SUBMITTED, _REPLY_BY),
        *("lateness", _LAST_REPLY, "receipt_total"),
    )
    list_select_related = ("card", "carrier")
    list_filter = (StandingFilter, StatusFilter, CarrierFilter, TeamFilter, WasLateFilter)
    search_fields = ("reference",)  # shows the box; what is searched is `queries.search`
    search_help_text = _("Number, its last four digits, our reference or the carrier's, carrier, holder")
    date_hierarchy = "submitted_at"
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER  # the filters count by themselves
    actions = tuple(_list_action(name) for name in OFFERS)
    fieldsets = (
        (None, {"fields": ("where_it_stands", "what_next")}),
        (_("Request"), {"fields": _REQUEST}),
        (_("Deadlines"), {"fields": _DEADLINES}),
        (_("What happened"), {"fields": _EVENTS}),
    )
    readonly_fields = flatten_fieldsets(fieldsets)
    inlines = (TimelineInline, ReceiptInline, RoundInline)
    view_on_site = False

    # Nothing is edited, added or deleted by hand: every door of Django's asks these.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return request.user.has_perm("cases.view_case") or self.has_action_permission(request)

    def has_action_permission(self, request: HttpRequest) -> bool:
        """Whoever may change cases does it by the operations."""
        return request.user.has_perm("cases.change_case")

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CaseList

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Paginator[Case]:
        new_paginator = super().get_paginator(request, *args, **kwargs)
        lists_cases = new_paginator.object_list.model is Case  # type: ignore[attr-defined]  # its page of changes lists others
        new_paginator.now = request_now(request) if lists_cases and ORDER_VAR not in request.GET else None  # type: ignore[attr-defined]
        return new_paginator

    def get_ordering(self, request: HttpRequest) -> list[OrderBy | str]:  # type: ignore[override]
        """As `OverdueFirst`, where all of them are on one page."""
        overdue = models.Case(When(reply_by__lte=request_now(request), then=F("reply_by")))
        return [overdue.asc(nulls_last=True), "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        receipt_counts = (
            Receipt.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(count=Count("pk"))
        )
        return (
            super().get_queryset(request).annotate(receipt_count=Coalesce(Subquery(receipt_counts.values("count")), 0))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Case], search_term: str
    ) -> tuple[QuerySet[Case], bool]:
        return selectors.search_cases(queryset, search_term), False

    @admin.display(description=_("card"))
    def masked_card(self, case: Case) -> str:
        return phones.mask_number(case.card.number)

    @admin.display(description=_("how late"))
    def lateness(self, case: Case) -> str:
        late = case.how_late  # type: ignore[attr-defined]
        return format_html('<span class="lateness">{}</span>', late) if late else "-"

    @admin.display(description=_("receipts"))
    def receipt_total(self, case: Case) -> int:
        total: int = case.receipt_count  # type: ignore[attr-defined]
        return total

    # One case

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Case | None:
        case = super().get_object(request, object_id, from_field)
        if case is not None:
            state = reminder_state(case, list(case.escalations.all()))
            now, calendar = request_now(request), selectors.working_calendar()
            case.stands = current_standing(case.state, state, now, calendar)  # type: ignore[attr-defined]
        return case

    @admin.display(description=_("where it stands"))
    def where_it_stands(self, case: Case) -> SafeString:
        case_standing = case.stands  # type: ignore[attr-defined]
        return format_html(
            '<strong class="status-badge status-badge--{}">{}</strong>',
            case_standing.kind.value,
            wording.headline(case_standing),
        )

    @admin.display(description=_("what next"))
    def what_next(self, case: Case) -> str:
        return wording.next_step(case.stands, case)  # type: ignore[attr-defined]

    @admin.display(description=_("card"))
    def full_card(self, case: Case) -> SafeString:
        link = reverse("admin:cases_card_change", args=[case.card_id])
        return format_html('<a href="{}">{}</a>', link, phones.mask_number(case.card.number))

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Case | None = None,
    ) -> HttpResponse:
        """Adds the acts that the case allows now, and the way to its page for members of its team."""
        assert obj is not None  # nothing is added here
        possible = ops.possible_actions(obj, obj.escalations.all()) if self.has_action_permission(request) else []
        context["acts"] = [
            (action_url(name, obj, back=request.get_full_path()), offer_title(spec))
            for name, spec in OFFERS.items()
            if spec.key in possible
        ]
        if selectors.is_member(request.user, obj.team_id):  # type: ignore[arg-type]
            context["product_url"] = reverse("case_detail", args=[obj.reference])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self) -> list[URLPattern]:
        admin_view = self.admin_site.admin_view
        return [
            path("act/<str:name>/", admin_view(action_view), name="cases_case_action"),
            path("receipts/<int:pk>/", admin_view(download_receipt), name="cases_case_receipt"),
            *super().get_urls(),
        ]
