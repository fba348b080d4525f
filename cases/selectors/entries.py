"""Entries of timelines over many cases."""

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import TimelineEntry
from cases.models.choices import EntryKind


def entries_that_count(entries: QuerySet[TimelineEntry]) -> QuerySet[TimelineEntry]:
    """These entries without those that were voided, and without the corrections that did so."""
    voiding = TimelineEntry.objects.filter(
        case=OuterRef("case"), corrects=OuterRef("sequence"), kind=EntryKind.VOIDED
    ).order_by()
    return entries.exclude(kind=EntryKind.VOIDED).filter(~Exists(voiding))
