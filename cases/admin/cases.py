"""Cases for an operator: every team's, to find what is overdue, to read, and to act on by operations."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, cast

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db import models
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import operations as ops
from cases import selectors, wording
from cases.admin.action_page import action_form_response, action_url, action_view
from cases.admin.actions import OFFERS, offer_title
from cases.admin.base import CappedAdmin, CappedPaginator, request_now, signed_in_user
from cases.admin.case_columns import DEADLINES, EVENTS, LAST_REPLY, REPLY_BY, REQUEST, SUBMITTED
from cases.admin.filters import CarrierFilter, MistakeFilter, StandingFilter, StatusFilter, TeamFilter, WasLateFilter
from cases.admin.inlines import ReceiptInline, RefundInline, RoundInline, TimelineInline
from cases.admin.receipt_download import download_receipt
from cases.admin.typed_admin import Page
from cases.domain import masking
from cases.domain.case_standing import Standing
from cases.domain.deadlines import is_overdue, working_days_late
from cases.models import Case, Receipt
from cases.operations.next_reminder import standing_of


class ListFacts(TypedDict):
    """What the list adds to a case; `how_late` in words, None for one that is not late."""

    receipt_count: int
    how_late: str | None


class PageFacts(TypedDict):
    """What the page of a case adds to it."""

    standing: Standing


if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import WithAnnotations

    ListedCase = WithAnnotations[Case, ListFacts]
    OpenedCase = WithAnnotations[Case, PageFacts]


class OverdueFirstPaginator(CappedPaginator):
    """Overdue first, the longest overdue on top; then the rest, newest first.

    Each part is read by its index, where one order of both would sort all cases.
    """

    object_list: QuerySet[Case]
    #: None: another order was chosen.
    now: datetime | None = None

    def page(self, number: int | str) -> Page[models.Model]:
        if self.now is None:
            return super().page(number)
        number = self.validate_number(number)
        offset = (number - 1) * self.per_page
        cases = self.object_list.order_by()
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
        page: list[ListedCase] = list(self.result_list)
        for case in page:
            case.how_late = None
            if case.reply_by and is_overdue(case.reply_by, now):
                case.how_late = wording.lateness(working_days_late(case.reply_by, now, calendar))
        self.result_list = page


def _list_action(name: str) -> Callable[["CaseAdmin", HttpRequest, QuerySet[Case]], HttpResponseBase]:
    """An action of the registry as the list offers it for the selected cases."""

    @admin.action(description=offer_title(OFFERS[name]), permissions=["action"])
    def show_form(case_admin: "CaseAdmin", request: HttpRequest, cases: QuerySet[Case]) -> HttpResponseBase:
        return action_form_response(name, request, cases)

    show_form.__name__ = name
    return show_form


@admin.register(Case)
class CaseAdmin(CappedAdmin[Case]):
    paginator = OverdueFirstPaginator
    sortable_by = ("submitted_at",)  # which has an index
    list_display = (
        *("reference", "masked_card", "carrier", "status", SUBMITTED, REPLY_BY),
        *("lateness", LAST_REPLY, "receipt_total"),
    )
    list_select_related = ("card", "carrier")
    list_filter = (StandingFilter, StatusFilter, CarrierFilter, TeamFilter, WasLateFilter, MistakeFilter)
    search_fields = ("reference",)  # shows the box; `get_search_results` searches
    search_help_text = _("Number, last four digits, case reference or carrier reference, carrier, holder")
    date_hierarchy = "submitted_at"
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER  # the filters count by themselves
    actions = tuple(_list_action(name) for name in OFFERS)
    fieldsets = (
        (None, {"fields": ("where_it_stands", "what_next")}),
        (_("Request"), {"fields": REQUEST}),
        (_("Deadlines"), {"fields": DEADLINES}),
        (pgettext_lazy("of a case", "History"), {"fields": EVENTS}),
    )
    readonly_fields = flatten_fieldsets(fieldsets)
    inlines = (TimelineInline, ReceiptInline, RoundInline, RefundInline)
    view_on_site = False

    # Nothing is edited, added or deleted by hand: every view of Django's checks these.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return request.user.has_perm("cases.view_case") or self.has_action_permission(request)

    def has_action_permission(self, request: HttpRequest) -> bool:
        """Those who may change cases do it by the operations."""
        return request.user.has_perm("cases.change_case")

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return CaseList

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet[models.Model],
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> CappedPaginator:
        new_paginator = super().get_paginator(request, queryset, per_page, orphans, allow_empty_first_page)
        # The page of a case's changes lists other rows.
        if isinstance(new_paginator, OverdueFirstPaginator) and queryset.model is Case:
            new_paginator.now = None if ORDER_VAR in request.GET else request_now(request)
        return new_paginator

    def get_ordering(self, request: HttpRequest) -> list[OrderBy | str]:  # type: ignore[override]  # the stubs know names alone
        """As `OverdueFirstPaginator`, where all of them are on one page."""
        overdue = models.Case(When(selectors.overdue_q(request_now(request)), then=F("reply_by")))
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
        return masking.mask_number(case.card.number)

    @admin.display(description=_("overdue by"))
    def lateness(self, case: "ListedCase") -> str:
        late = case.how_late
        return format_html('<span class="lateness">{}</span>', late) if late else "-"

    @admin.display(description=_("receipts"))
    def receipt_total(self, case: "ListedCase") -> int:
        return case.receipt_count

    # One case

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> "OpenedCase | None":
        case = cast("OpenedCase | None", super().get_object(request, object_id, from_field))
        if case is not None:
            case.standing = standing_of(case, request_now(request), selectors.working_calendar())
        return case

    @admin.display(description=_("progress"))
    def where_it_stands(self, case: "OpenedCase") -> SafeString:
        return format_html(
            '<strong class="status-badge status-badge--{}">{}</strong>',
            case.standing.kind.value,
            wording.headline(case.standing),
        )

    @admin.display(description=_("next step"))
    def what_next(self, case: "OpenedCase") -> str:
        return wording.next_step(case.standing, case)

    @admin.display(description=_("card"))
    def full_card(self, case: Case) -> SafeString:
        link = reverse("admin:cases_card_change", args=[case.card_id])
        return format_html('<a href="{}">{}</a>', link, masking.mask_number(case.card.number))

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, object],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Case | None = None,
    ) -> HttpResponse:
        """Add the actions that the case allows now, and for members of its team the link to its page."""
        assert obj is not None  # nothing is added here
        possible = ops.possible_actions(obj, obj.escalations.all()) if self.has_action_permission(request) else []
        context["acts"] = [
            (action_url(name, obj, back=request.get_full_path()), offer_title(spec))
            for name, spec in OFFERS.items()
            if spec.key in possible
        ]
        if selectors.is_member(signed_in_user(request), obj.team_id):
            context["product_url"] = reverse("case_detail", args=[obj.reference])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self) -> list[URLPattern]:
        admin_view = self.admin_site.admin_view
        return [
            path("act/<str:name>/", admin_view(action_view), name="cases_case_action"),
            path("receipts/<int:pk>/", admin_view(download_receipt), name="cases_case_receipt"),
            *super().get_urls(),
        ]
