"""Filters of the case list; each choice shows how many cases it would list, counting no further than 999.

What 'overdue' and the like mean is defined in `cases.selectors` and nowhere else.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypedDict

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases import selectors, wording
from cases.admin.base import COUNT_CAP, capped_label, request_now
from cases.admin.typed_admin import ModelAdmin
from cases.domain.status import Status
from cases.models import Carrier, Case, Team
from cases.models.choices import STATUS_CHOICES
from cases.selectors import Cases
from cases.selectors.search import RowCount, fetch_together

if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import StrOrPromise, StrPromise

#: How a case stands: the value in the address, its label, the query behind it.
STANDINGS: dict[str, tuple["StrPromise", Callable[[Cases, datetime], Cases]]] = {
    "overdue": (_("Overdue"), selectors.overdue),
    "due_today": (_("Due today"), selectors.due_today),
    "waiting": (_("Waiting"), selectors.waiting_beyond_today),
    "to_verify": (_("To verify"), lambda cases, now: selectors.to_verify(cases)),
    "provisional": (_("Provisional"), lambda cases, now: selectors.provisional(cases)),
    "without_receipt": (
        _("Confirmed without receipt"),
        lambda cases, now: selectors.confirmed_without_receipt(cases),
    ),
}


#: So rare, and without an index, that counting them could scan all cases.
_UNINDEXED = ("provisional", "without_receipt")


class FilterChoice(TypedDict):
    """A link of a filter, as Django's template reads it."""

    selected: bool
    query_string: str
    display: "StrOrPromise"


class CountedCase(NamedTuple):
    """What the filters count of a case."""

    pk: int
    status: str
    carrier: int
    team: int
    was_late: bool
    logged_by_mistake: bool


class CountedFilter(SimpleListFilter):
    """A filter whose choices carry their counts, under the other filters and the search that are active.

    Where the others leave fewer than COUNT_CAP cases these are counted one by one. More are not counted, which could
    be a scan of all; except by an index of their own, while nothing else narrows the list.
    """

    def narrow(self, cases: Cases, value: str) -> Cases:
        """The cases of one choice."""
        raise NotImplementedError(type(self).__name__)

    def counts(self, counted_cases: Sequence[CountedCase]) -> dict[str, int]:
        """How many of these few cases each choice has."""
        return Counter(str(getattr(case, str(self.parameter_name))) for case in counted_cases)

    def counts_by_index(self) -> dict[str, int]:
        """How many of all cases each choice has, no further than COUNT_CAP: of the choices that have an index."""
        return {}

    def queryset(self, request: HttpRequest, queryset: Cases) -> Cases:
        value = self.value()
        if value is None:
            return queryset
        if value not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        return self.narrow(queryset, value)

    def choices(self, changelist: ChangeList) -> Iterator[FilterChoice]:
        counted_cases = self._counted_cases(changelist)
        is_only_filter = not changelist.query and not changelist.get_filters_params()
        counts = (
            self.counts(counted_cases)
            if counted_cases is not None
            else self.counts_by_index()
            if is_only_filter
            else None
        )
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[str(self.parameter_name)]),
            "display": _("All"),
        }
        for value, label in self.lookup_choices:
            count = counts.get(value, 0 if counted_cases is not None else None) if counts is not None else None
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({str(self.parameter_name): value}),
                "display": label if count is None else wording.with_note(str(label), capped_label(count)),
            }

    def _counted_cases(self, changelist: ChangeList) -> list[CountedCase] | None:
        """The cases under the other filters, where they are fewer than COUNT_CAP; one query for a request."""
        others = changelist.queryset
        cache = vars(self.request).setdefault("few_cases", {})
        is_active = self.value() is not None
        if is_active:
            others = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters())
        key = self.parameter_name if is_active else ""
        if key not in cache:
            cache[key] = [CountedCase(*row) for row in others.order_by().values_list(*CountedCase._fields)[:COUNT_CAP]]
        return cache[key] if len(cache[key]) < COUNT_CAP else None


class StandingFilter(CountedFilter):
    title = _("progress")
    parameter_name = "standing"
    #: What the list is called under each choice.
    list_titles: ClassVar[dict[str, "StrPromise"]] = {
        "overdue": _("Overdue cases"),
        "due_today": _("Cases due today"),
        "waiting": _("Waiting cases"),
        "to_verify": _("Cases to verify"),
        "provisional": _("Cases with a provisional deadline"),
        "without_receipt": _("Cases confirmed without receipt"),
    }

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Case]) -> list[tuple[str, "StrOrPromise"]]:
        return [(value, label) for value, (label, _) in STANDINGS.items()]

    def narrow(self, cases: Cases, value: str) -> Cases:
        return STANDINGS[value][1](cases, request_now(self.request))

    def counts(self, counted_cases: Sequence[CountedCase]) -> dict[str, int]:
        return self._count_by_value(Case.objects.filter(pk__in=[case.pk for case in counted_cases]), list(STANDINGS))

    def counts_by_index(self) -> dict[str, int]:
        return self._count_by_value(Case.objects.all(), [value for value in STANDINGS if value not in _UNINDEXED])

    def _count_by_value(self, cases: Cases, values: Sequence[str]) -> dict[str, int]:
        results = fetch_together(*(RowCount(self.narrow(cases, value), COUNT_CAP) for value in values))
        return {value: count for value, (count,) in zip(values, results, strict=True)}


class StatusFilter(CountedFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Case]) -> list[tuple[str, "StrOrPromise"]]:
        return list(STATUS_CHOICES)

    def narrow(self, cases: Cases, value: str) -> Cases:
        return selectors.with_status(cases, Status(value))

    def counts_by_index(self) -> dict[str, int]:
        results = fetch_together(
            *(RowCount(self.narrow(Case.objects.all(), value), COUNT_CAP) for value, _ in STATUS_CHOICES)
        )
        return {value: count for (value, _), (count,) in zip(STATUS_CHOICES, results, strict=True)}


class WasLateFilter(CountedFilter):
    title = _("was overdue")
    parameter_name = "was_late"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Case]) -> list[tuple[str, "StrOrPromise"]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def narrow(self, cases: Cases, value: str) -> Cases:
        return cases.filter(was_late=value == "yes")

    def counts(self, counted_cases: Sequence[CountedCase]) -> dict[str, int]:
        return Counter("yes" if case.was_late else "no" for case in counted_cases)


class MistakeFilter(CountedFilter):
    title = _("logged by mistake")
    parameter_name = "logged_by_mistake"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Case]) -> list[tuple[str, "StrOrPromise"]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def narrow(self, cases: Cases, value: str) -> Cases:
        return cases.filter(logged_by_mistake=value == "yes")

    def counts(self, counted_cases: Sequence[CountedCase]) -> dict[str, int]:
        return Counter("yes" if case.logged_by_mistake else "no" for case in counted_cases)


class RelatedFilter(CountedFilter):
    """One choice for each row of a register."""

    model: ClassVar[type[Model]]

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Case]) -> list[tuple[str, "StrOrPromise"]]:
        # Django makes a new filter for each count; the register is read once.
        cache = vars(request).setdefault("registers", {})
        if self.model not in cache:
            cache[self.model] = [(str(row.pk), str(row)) for row in self.model._default_manager.all()]
        return list(cache[self.model])

    def narrow(self, cases: Cases, value: str) -> Cases:
        return cases.filter(**{str(self.parameter_name): value})


class CarrierFilter(RelatedFilter):
    title = _("carrier")
    parameter_name = "carrier"
    model = Carrier


class TeamFilter(RelatedFilter):
    title = _("team")
    parameter_name = "team"
    model = Team
