"""The rows of a case, read-only: timeline, receipts, waiting rounds, refunds."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat, yesno
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import wording
from cases.admin.base import ReadOnlyInline
from cases.domain.deadlines import Basis
from cases.domain.masking import mask_text
from cases.models import Receipt, Refund, TimelineEntry, WaitingRound
from cases.selectors.entries import with_voided
from cases.wording.timeline import describe_entry

if TYPE_CHECKING:  # django-stubs-ext is a tool of development
    from django_stubs_ext import StrPromise

BASIS_LABELS = {
    Basis.SUBMISSION: gettext_lazy("Submission"),
    Basis.UNDER_REVIEW: gettext_lazy("Carrier: under review"),
    Basis.PROMISE: gettext_lazy("Carrier’s promised date"),
    Basis.TAKES_EFFECT: gettext_lazy("Carrier: takes effect later"),
    Basis.STILL_ALIVE: gettext_lazy("Number found still in use"),
    Basis.REOPENED: gettext_lazy("Case reopened"),
}


class TimelineInline(ReadOnlyInline[TimelineEntry]):
    """Newest first."""

    model = TimelineEntry
    verbose_name_plural = gettext_lazy("timeline")
    ordering = ["-sequence"]
    fields = readonly_fields = ("when", "who", "what", "status_change", "details")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TimelineEntry]:
        return with_voided(super().get_queryset(request).select_related("content", "recorded_by"))

    @admin.display(description=gettext_lazy("time"))
    def when(self, entry: TimelineEntry) -> str:
        description = describe_entry(entry)
        if not description.recorded:
            return description.when
        return format_html(
            "{}<br><small>{}</small>", description.when, _("recorded %(moment)s") % {"moment": description.recorded}
        )

    @admin.display(description=gettext_lazy("person"))
    def who(self, entry: TimelineEntry) -> str:
        return describe_entry(entry).signed

    @admin.display(description=gettext_lazy("event"))
    def what(self, entry: TimelineEntry) -> str:
        title = describe_entry(entry).title
        return format_html("<s>{}</s>", title) if getattr(entry, "is_voided", False) else title

    @admin.display(description=gettext_lazy("status"))
    def status_change(self, entry: TimelineEntry) -> str:
        return describe_entry(entry).change

    @admin.display(description=gettext_lazy("details"))
    def details(self, entry: TimelineEntry) -> SafeString:
        description = describe_entry(entry)
        if description.erased:
            return format_html("<em>{}</em>", _("This content was erased."))
        lines = format_html_join(
            "", "<li>{}</li>", ((mask_text(wording.labelled(label, value)),) for label, value in description.lines)
        )
        words = mask_text(description.words)
        return format_html('<div class="entry-text">{}</div><ul class="entry-text">{}</ul>', words, lines)


class ReceiptInline(ReadOnlyInline[Receipt]):
    model = Receipt
    fields = readonly_fields = ("file", "kind", "detected_type", "length", "digest", "added", "added_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Receipt]:
        return super().get_queryset(request).select_related("added_by")

    @admin.display(description=gettext_lazy("file"))
    def file(self, receipt: Receipt) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:cases_case_receipt", args=[receipt.pk]), receipt.name)

    @admin.display(description=gettext_lazy("size"))
    def length(self, receipt: Receipt) -> str:
        return filesizeformat(receipt.size)

    @admin.display(description="SHA-256")
    def digest(self, receipt: Receipt) -> SafeString:
        return format_html('<code title="{}">{}…</code>', receipt.sha256, receipt.sha256[:12])

    @admin.display(description=gettext_lazy("added"))
    def added(self, receipt: Receipt) -> str:
        return wording.format_moment(receipt.added_at)


class RoundInline(ReadOnlyInline[WaitingRound]):
    model = WaitingRound
    fields = readonly_fields = ("number", "rests_on", "started", "due", "ended", "was_late")

    @admin.display(description=gettext_lazy("basis"))
    def rests_on(self, row: WaitingRound) -> "StrPromise":
        return BASIS_LABELS[Basis(row.basis)]

    @admin.display(description=gettext_lazy("started"))
    def started(self, row: WaitingRound) -> str:
        return wording.format_moment(row.started_at)

    @admin.display(description=gettext_lazy("reply due"))
    def due(self, row: WaitingRound) -> str:
        return wording.format_deadline(row.reply_by)

    @admin.display(description=gettext_lazy("ended"))
    def ended(self, row: WaitingRound) -> str:
        return wording.format_moment(row.ended_at) if row.ended_at else _("in progress")

    @admin.display(description=gettext_lazy("overdue"))
    def was_late(self, row: WaitingRound) -> str:
        return str(yesno(row.late))


class RefundInline(ReadOnlyInline[Refund]):
    model = Refund
    fields = readonly_fields = (
        "amount",
        "way",
        "account_ending",
        "due_on",
        "put_off_from",
        "due_basis",
        "received",
        "closed_on",
        "written_off",
    )
