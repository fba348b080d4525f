"""The bodies that hear appeals against carriers, one for each province; their facts are edited here."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cases.admin.typed_admin import ModelAdmin
from cases.models import AppealBody


@admin.register(AppealBody)
class AppealBodyAdmin(ModelAdmin[AppealBody]):
    list_display = ("province", "name", "phone", "confidence")
    list_filter = ("confidence",)
    search_fields = ("province", "name")
    fieldsets = (
        (None, {"fields": ("province", "name", "address", "phone", "channels", "channels_en")}),
        (_("Confidence"), {"fields": ("source", "source_en", "confidence")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: AppealBody | None = None) -> tuple[str, ...]:
        # Every start adds missing bodies by their province; renamed, this one would be added again.
        return ("province",) if obj else ()
