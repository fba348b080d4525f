"""The admin's lists: a title that says what is listed."""

from collections.abc import Iterator

from django import template
from django.contrib.admin import ListFilter, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.utils.text import capfirst

from cases import wording

register = template.Library()


@register.simple_tag
def list_title(changelist: ChangeList) -> str:
    """'Overdue cases', 'Cases', 'Reminder messages (Status: Failed)': what the list holds under its filters, and not
    Django's 'Select case to view'."""
    title = str(capfirst(changelist.opts.verbose_name_plural))
    notes = []
    for list_filter in changelist.filter_specs:
        # A filter may know what the list is called that it leaves: `list_titles`, by its value.
        titles = getattr(list_filter, "list_titles", {})
        if isinstance(list_filter, SimpleListFilter) and list_filter.value() in titles:
            title = str(titles[list_filter.value()])
        else:
            notes += [
                wording.labelled(str(capfirst(list_filter.title)), label)
                for label in _chosen_labels(list_filter, changelist)
            ]
    return wording.with_note(title, wording.join_names(notes)) if notes else title


def _chosen_labels(list_filter: ListFilter, changelist: ChangeList) -> Iterator[str]:
    """The choice of a filter that narrows the list; none where it does not."""
    if isinstance(list_filter, SimpleListFilter):  # its choices may count cases
        yield from (str(label) for value, label in list_filter.lookup_choices if str(value) == list_filter.value())
        return
    for place, choice in enumerate(list_filter.choices(changelist)):
        if choice["selected"] and place:  # the first is all
            yield str(choice["display"])
