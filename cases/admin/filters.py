"""Filters of the case list; each choice shows how many cases it would list, counting no further than 999.

What 'overdue' and the like mean is defined in `cases.queries` and nowhere else.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import IntegerField, Model, OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases import queries
from cases.admin.base import CAP, now_of, shown
from cases.domain.status import Status
from cases.models import Carrier, Team
from cases.models.choices import STATUS_CHOICES
from cases.queries import Cases

#: How a case stands: the value in the address, its label, the query behind it.
STANDINGS: dict[str, tuple[Any, Callable[[Cases, datetime], Cases]]] = {
    "overdue": (_("Overdue"), queries.overdue),
    "due_today": (_("Due today"), queries.due_today),
    "waiting": (_("Waiting"), queries.waiting),
    "to_verify": (_("To verify"), lambda cases, now: queries.to_verify(cases)),
    "provisional": (_("Provisional"), lambda cases, now: queries.provisional(cases)),
    "without_receipt": (
        _("Confirmed without receipt"),
        lambda cases, now: queries.confirmed_without_receipt(cases),
    ),
}


class _CappedCount(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


class CountedFilter(SimpleListFilter):
    """A filter whose choices carry their counts, under the other filters and the search that are active."""

    def narrow(self, cases: Cases, value: str) -> Cases:
        """The cases of one choice."""
        raise NotImplementedError(type(self).__name__)

    def counts(self, cases: Cases) -> dict[str, int]:
        """How many cases each choice has among these, no further than CAP."""
        return {value: queries.capped_count(self.narrow(cases, value), CAP) for value, _ in self.lookup_choices}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        if value is None:
            return queryset
        if value not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        return self.narrow(queryset, value)

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:  # type: ignore[override]
        others = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters())
        counts = self.counts(others)
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[str(self.parameter_name)]),
            "display": _("All"),
        }
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({str(self.parameter_name): value}),
                "display": f"{label} ({shown(counts.get(value, 0))})",
            }


class StandingFilter(CountedFilter):
    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, (label, _) in STANDINGS.items()]

    def narrow(self, cases: Cases, value: str) -> Cases:
        return STANDINGS[value][1](cases, now_of(self.request))


class StatusFilter(CountedFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STATUS_CHOICES)

    def narrow(self, cases: Cases, value: str) -> Cases:
        return queries.with_status(cases, Status(value))


class WasLateFilter(CountedFilter):
    title = _("was late")
    parameter_name = "was_late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def narrow(self, cases: Cases, value: str) -> Cases:
        return cases.filter(was_late=value == "yes")


class RelatedFilter(CountedFilter):
    """One choice for each row of a register; all their counts come in one query."""

    model: ClassVar[type[Model]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(row.pk), str(row)) for row in self.model._default_manager.all()]

    def narrow(self, cases: Cases, value: str) -> Cases:
        return cases.filter(**{str(self.parameter_name): value})

    def counts(self, cases: Cases) -> dict[str, int]:
        own = cases.filter(**{str(self.parameter_name): OuterRef("pk")}).order_by().values("pk")[:CAP]
        counted = self.model._default_manager.annotate(counted=_CappedCount(own)).values_list("pk", "counted")
        return {str(pk): count for pk, count in counted}


class CarrierFilter(RelatedFilter):
    title = _("carrier")
    parameter_name = "carrier"
    model = Carrier


class TeamFilter(RelatedFilter):
    title = _("team")
    parameter_name = "team"
    model = Team
