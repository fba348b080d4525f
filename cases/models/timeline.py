"""The record of a case: an append-only, chained timeline (domain.md, 'The record')."""

from typing import TypedDict

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.append_only import AppendOnlyModel
from cases.models.cases import Case
from cases.models.choices import STATUS_CHOICES, EntryKind
from cases.models.people import User


class TimelineEntry(AppendOnlyModel):
    """One thing that happened: who, when recorded, what, from which status to which. Words are in its content."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(_("event"), max_length=24, choices=EntryKind.choices)
    status_from = models.CharField(max_length=12, choices=STATUS_CHOICES, blank=True)
    status_to = models.CharField(max_length=12, choices=STATUS_CHOICES)
    round = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField(_("recorded"))
    # Empty for what the product did by itself. Accounts are deactivated, not deleted, once they have a record.
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    content_digest = models.CharField(max_length=64)
    entry_hash = models.CharField(max_length=64)
    # Of a correction: the entry of the same case that it voids or amends.
    corrects = models.PositiveIntegerField(null=True, blank=True)
    # The form's submit token: the same form sent twice is one entry.
    click = models.UUIDField(null=True, blank=True)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        ordering = ["case_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="entry_sequence"),
            models.UniqueConstraint(
                fields=["recorded_by", "click", "case"], condition=Q(click__isnull=False), name="one_entry_per_click"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.sequence} {self.kind}"


class EntryContent(TypedDict, total=False):
    """What pages and letters read of an entry's content; which names an entry has depends on its kind."""

    at: str
    by: str
    words: str
    agent: str
    channel: str
    finding: str
    method: str
    promised_on: str
    effective_on: str
    submitted_at: str | None
    returned_on: str | None
    closed_on: str | None
    return_reason: str
    status: str
    roaming: bool
    reason: str
    reference: str
    satisfied: bool
    text: str
    way: str
    amount: str | None
    due_on: str
    due_basis: str
    received_on: str


class TimelineContent(AppendOnlyModel):
    """The content of an entry (words, names, numbers, happened_at, receipts' SHA-256), in a row of its own.

    Deleting the row erases the content; the chain still verifies by the digest in the entry.
    """

    entry = models.OneToOneField(TimelineEntry, models.PROTECT, primary_key=True, related_name="content")
    salt = models.BinaryField(max_length=32)
    body = models.JSONField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("timeline content")
        verbose_name_plural = _("timeline contents")

    def __str__(self) -> str:
        return str(self.entry_id)
