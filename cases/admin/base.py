"""What the admin's pages share: read-only inlines, and deletions that are refused in words."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar, cast

from django.contrib import messages
from django.contrib.admin.views.main import PAGE_VAR
from django.db import models
from django.db.models import PROTECT, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cases import clock, wording
from cases.admin.typed_admin import ModelAdmin, Paginator, TabularInline
from cases.models import Case, User

M = TypeVar("M", bound=models.Model)

#: Counts go no further than this; see `capped_label`.
COUNT_CAP = 1000


def request_now(request: HttpRequest) -> datetime:
    """The moment of this request, read once: filters, columns and order agree about what is late."""
    return cast(datetime, vars(request).setdefault("now", clock.now()))


def signed_in_user(request: HttpRequest) -> User:
    """Who asks: the admin lets in nobody who is not signed in."""
    assert isinstance(request.user, User)
    return request.user


def capped_label(count: int) -> str:
    """A count that went no further than COUNT_CAP: '12', or '999+'."""
    return str(count) if count < COUNT_CAP else f"{COUNT_CAP - 1}+"


class CappedPaginator(Paginator[models.Model]):
    """Counts no further than COUNT_CAP rows beyond the requested page: a million are not counted for fifty."""

    object_list: QuerySet[models.Model]
    #: From 1.
    requested_page = 1

    @cached_property
    def count(self) -> int:
        limit = (self.requested_page - 1) * self.per_page + COUNT_CAP
        return self.object_list.order_by()[:limit].count()


class CappedAdmin(ModelAdmin[M]):
    """A long list, counted no further than needed; the template says '999+'."""

    paginator = CappedPaginator
    show_full_result_count = False

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet[models.Model],
        per_page: int,
        orphans: int = 0,
        allow_empty_first_page: bool = True,
    ) -> CappedPaginator:
        new_paginator = self.paginator(queryset, per_page, orphans, allow_empty_first_page)
        page = request.GET.get(PAGE_VAR, "")
        new_paginator.requested_page = min(int(page), 10**6) if page.isascii() and page.isdigit() else 1
        return new_paginator


class ProtectedDeleteAdmin(ModelAdmin[M]):
    """A row that others reference is not deleted; the page says which, and how many.

    Django's own page would load and list every case of a team.
    """

    def blockers(self, rows: Iterable[M]) -> list[str]:
        """What keeps these rows from being deleted, such as 'cases: 999+'; empty when nothing does."""
        keys = [row.pk for row in rows]
        labels = []
        for relation in self.model._meta.get_fields(include_hidden=True):
            if isinstance(relation, models.ForeignObjectRel) and relation.on_delete is PROTECT:
                protected_rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys})
                count = protected_rows.order_by()[:COUNT_CAP].count()
                if count:
                    name = str(relation.related_model._meta.verbose_name_plural)
                    labels.append(wording.labelled(name, capped_label(count)))
        return labels

    def get_deleted_objects(
        self, objs: Sequence[M] | QuerySet[M], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        labels = self.blockers(objs)
        if labels:
            return [], {}, set(), labels
        return super().get_deleted_objects(objs, request)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            return self._in_use_response(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except ProtectedError:
            return self._in_use_response(request)

    def _in_use_response(self, request: HttpRequest) -> HttpResponse:
        # Somebody referenced it between the question and the answer.
        messages.error(request, _("Nothing was deleted, because it is now in use."))
        return redirect(request.get_full_path())


class ReadOnlyInline(TabularInline[M, Case]):
    """Rows of the record: seen by whoever may see the case, changed by nobody."""

    template = "admin/cases/readonly_rows.html"
    extra = 0
    max_num = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return request.user.has_perm("cases.view_case") or request.user.has_perm("cases.change_case")

    def has_add_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False
