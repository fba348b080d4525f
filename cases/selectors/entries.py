"""Entries of timelines over many cases."""

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import TimelineEntry
from cases.models.choices import EntryKind


def entries_that_count(entries: QuerySet[TimelineEntry]) -> QuerySet[TimelineEntry]:
    """These entries without those that were voided, and without the corrections that did so."""
    return entries.exclude(kind=EntryKind.VOIDED).filter(~_is_voided())


def entries_that_were_voided(entries: QuerySet[TimelineEntry]) -> QuerySet[TimelineEntry]:
    """Of these entries those that were voided."""
    return entries.filter(_is_voided())


def with_voided(entries: QuerySet[TimelineEntry]) -> QuerySet[TimelineEntry]:
    """The same entries with `is_voided`: whether a correction voids them."""
    return entries.annotate(is_voided=_is_voided())


def _is_voided() -> Exists:
    voiding = TimelineEntry.objects.filter(case=OuterRef("case"), corrects=OuterRef("sequence"), kind=EntryKind.VOIDED)
    return Exists(voiding.order_by())
