"""What a list is narrowed by, as chips that can be taken off one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from cases import wording
from cases.domain.search_words import SearchWords, Term
from cases.models import Carrier
from cases.models.choices import STATUS_CHOICES, Reason
from cases.web.forms.filters import STANDING_LABELS, CaseFilterForm

_LABELS: dict[str, Any] = {
    "standing": gettext_lazy("Progress"),
    "status": gettext_lazy("Status"),
    "carrier": gettext_lazy("Carrier"),
    "department": gettext_lazy("Department"),
    "user": pgettext_lazy("of a card", "User"),
    "holder": gettext_lazy("Holder"),
    "handler": gettext_lazy("Assignee"),
    "reason": gettext_lazy("Reason"),
    "after": gettext_lazy("Submitted on or after"),
    "before": gettext_lazy("Submitted before"),
    "batch": gettext_lazy("Batch"),
}
#: Filters of the form that no field shows, which a link has set.
_HIDDEN = ("batch", "handler")


@dataclass(frozen=True)
class Chip:
    """What it says, and the filters without it."""

    label: str
    params: dict[str, str]


def chips(form: CaseFilterForm, params: Mapping[str, str], names: Mapping[str, str]) -> list[Chip]:
    """The words of the search box that are filters, and the hidden filters; `names` words the values of those."""
    words = form.words
    search_chips = [
        Chip(_term_label(term, form.carriers), {**params, "q": words.without(term)}) for term in words.terms
    ]
    for name in _HIDDEN:
        if params.get(name) and name in names:
            rest = {key: value for key, value in params.items() if key != name}
            search_chips.append(Chip(wording.labelled(str(_LABELS[name]), names[name]), rest))
    return search_chips


def is_filter(words: SearchWords) -> bool:
    """Whether the text asks for a filtered list; the name of a carrier alone may be a search, too."""
    return bool(words.terms) and (len(words.tokens) > 1 or words.terms[0].key != "carrier")


def _term_label(term: Term, carriers: Mapping[str, Carrier]) -> str:
    values: dict[str, Mapping[str, Any]] = {
        "standing": STANDING_LABELS,
        "status": dict(STATUS_CHOICES),
        "reason": dict(Reason.choices),
        "carrier": carriers,
    }
    value = str(values.get(term.key, {}).get(term.value, term.value))
    return wording.labelled(str(_LABELS[term.key]), value)
